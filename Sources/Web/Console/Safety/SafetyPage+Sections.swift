import Chronology
import Foundation
import Geodesy
import Safety

/// The page's sections, in the order in which they should be read.
extension SafetyPage {
    func sections(_ grid: inout Markup) {
        if self.report != .cameras {
            self.rates(&grid)
            self.allowance(&grid)
            self.rolling(&grid)
            self.accidents(&grid)
            self.exposure(&grid)
            self.control(&grid)
            self.beforeAfter(&grid)
            self.funnel(&grid)
        }
        self.cameras(&grid)
        if self.report != .safety {
            self.companies(&grid)
            self.toMend(&grid)
            self.rightTurns(&grid)
        }
        if self.report == .cameras { self.trucks(&grid) }
        if self.report != .cameras {
            self.quality(&grid)
            self.capacity(&grid)
        }
        self.card(&grid)
    }

    static func section(
        _ grid: inout Markup, _ zh: String, _ en: String, _ content: (inout Markup) -> Void
    ) {
        grid.element("section") { section in
            section.both(zh, en, "h2")
            content(&section)
        }
    }

    static func chart(_ section: inout Markup, _ chart: Markup?, _ zh: String, _ en: String) {
        if let chart {
            section.append(chart)
        } else {
            section.element("div", " class=\"empty\"") { $0.both(zh, en) }
        }
    }

    private func rates(_ grid: inout Markup) {
        Self.section(&grid, "事故率", "Accident rate") { section in
            let current = self.overview.current
            let finding = RateSentences.finding(current)
            section.element("div", " class=\"lead\"") { $0.both(finding.zh, finding.en) }
            if let error = RateSentences.sensitivity(current) { section.both(error.zh, error.en) }
            Self.chart(
                &section, SafetyCharts.intervals(self.overview.years, baseline: current), "还没有可以计算的率。",
                "No rate can be worked out yet.")
            section.both(
                "点为率，色带为精确 95% 区间；空心点为上报数据；虚线为目标。",
                "Dots are rates, bands exact 95 % intervals; hollow dots are reported figures; the dashed line is the target."
            )
            for caution in RateSentences.cautions(current) + RateSentences.series(self.overview.years, beside: current)
            {
                section.element("div", " class=\"caution\"") { $0.both(caution.zh, caution.en) }
            }
            Self.rateTable(&section, self.overview.years)
            self.kinds(&section)
        }
    }

    /// The year by kinds of trucks, as far as anything is known of one: reported, or measured.
    private func kinds(_ section: inout Markup) {
        let rows = self.overview.kinds.filter { $0.isCounted || $0.baseline != nil }
        guard !rows.isEmpty else { return }
        section.element("details") { details in
            details.element("summary", Bilingual.inline("各车型", "Kinds of trucks"))
            details.table(
                Bilingual.inline("按车型", "by kind"),
                [
                    ("车型", "kind"), ("数量", "count"), ("暴露量", "exposure"), ("率", "rate"), ("95% 区间", "95 % interval"),
                    ("观测份额", "coverage"), ("基准率", "baseline rate"), ("比值", "ratio"), ("95% 区间", "95 % interval"),
                ],
                rows.map { row in
                    [
                        self.name(of: row.scope), row.isCounted ? String(row.count) : "—", Self.figure(row.exposure),
                        Self.figure(row.rate), Self.limits(row.interval), row.coverage.map(FigureText.percent) ?? "—",
                        Self.figure(row.baselineRate), Self.figure(row.isComparable ? row.ratio : nil),
                        Self.limits(row.isComparable ? row.ratioInterval : nil),
                    ]
                })
            if rows.contains(where: { !$0.isComparable && $0.ratioInterval != nil }) {
                details.both(
                    "暴露量观测不足一半，或事故登记不足一半的不作比较：比值记“—”。",
                    "Where less than half of the exposure was seen, or of the time registered, nothing is compared: the "
                        + "ratio is “—”.")
            }
            details.both(
                "登记事故按其车牌当时登记的车型；车牌不明的事故不属任何车型，各车型之和可小于全市。上报数取该车型的行（导入 baselines 的 vehicle_kind）。",
                "Registered accidents are of the kind that their plate was registered as then; one without a known plate is of no "
                    + "kind, so the kinds may add up to less than the city. Reported figures are the rows of the kind (vehicle_kind "
                    + "in `import baselines`).")
        }
    }

    private static func rateTable(_ section: inout Markup, _ years: [AccidentRate]) {
        section.element("details") { details in
            details.element("summary", Bilingual.inline("数字", "Figures"))
            details.table(
                Bilingual.inline("逐年事故率", "rates by year"),
                [
                    ("年", "year"), ("数量", "count"), ("暴露量", "exposure"), ("率", "rate"), ("95% 区间", "95 % interval"),
                    ("观测份额", "coverage"),
                ],
                years.map { row in
                    [
                        String(row.periodFrom.year), row.isCounted ? String(row.count) : "—", Self.figure(row.exposure),
                        Self.figure(row.rate),
                        row.interval.map { "\(FigureText.figure($0.low))–\(FigureText.figure($0.high))" } ?? "—",
                        row.coverage.map(FigureText.percent) ?? "—",
                    ]
                })
        }
    }

    static func figure(_ number: Double?) -> String { number.map(FigureText.figure) ?? "—" }

    private func allowance(_ grid: inout Markup) {
        Self.section(&grid, "目标之下还可容许多少", "What the target still allows") { section in
            let current = self.overview.current
            Self.chart(
                &section, SafetyCharts.cumulative(self.overview), "没有基准年、逐起登记或足够的观测，无法与上限比较。",
                "Without a baseline year, single accidents and enough exposure seen there is no limit to compare with.")
            if let progress = RateSentences.progress(current) { section.both(progress.zh, progress.en) }
            if let allowance = RateSentences.allowance(current) { section.both(allowance.zh, allowance.en) }
            if let finish = RateSentences.finish(current) { section.both(finish.zh, finish.en) }
            for statement in [self.overview.power, self.overview.quiet.sentence] {
                section.both(statement.zh, statement.en)
            }
        }
    }

    private func funnel(_ grid: inout Markup) {
        Self.section(&grid, "企业漏斗图", "Companies in the funnel") { section in
            let funnel = self.overview.funnel
            let chart = SafetyCharts.funnel(funnel)
            Self.chart(
                &section, chart, "没有一家企业的暴露量观测过半，无法比较。",
                "No company's exposure was seen to half or more: nothing can be compared.")
            if chart != nil { Self.funnelKey(&section) }
            let sentence = funnel.sentence
            section.both(sentence.zh, sentence.en)
            self.funnelTable(&section, funnel)
        }
    }

    /// What the lines of the funnel are, and that they are no judgement.
    private static func funnelKey(_ section: inout Markup) {
        Self.key(
            &section,
            [
                (" class=\"k-usual\"", Bilingual.inline("圆点：随机范围内", "dot: within chance")),
                (" class=\"k-above\"", Bilingual.inline("上三角：偏多", "triangle upwards: many")),
                (" class=\"k-below\"", Bilingual.inline("下三角：偏少", "triangle downwards: few")),
                (" class=\"k-inner\"", Bilingual.inline("实线之内：95% 概率限", "within the solid line: 95 % limits")),
                (" class=\"k-outer\"", Bilingual.inline("虚线之内：99.8% 概率限", "within the dashed line: 99.8 % limits")),
            ])
        section.both(
            "线在整数之间插值，只供目视；位置按精确尾概率判断：点可在线外而仍属随机范围内，以“数字”中的位置为准。",
            "The lines are interpolated between whole counts and are for the eye; the place is judged by exact tails, so that "
                + "a dot may lie outside a line and still be within chance: the place under “Figures” holds.")
    }

    private func funnelTable(_ section: inout Markup, _ funnel: CompanyFunnel) {
        guard !funnel.points.isEmpty else { return }
        let words = self.overview.question.denominator.words
        let unit = self.overview.question.denominator.unitSize
        section.element("details") { details in
            details.element("summary", Bilingual.inline("数字", "Figures"))
            details.table(
                Bilingual.inline("按企业名称排列，不排名", "in the order of names, no ranking"),
                [
                    ("企业", "company"), ("数量", "count"), ("期望", "expected"), ("位置", "place"), ("观测份额", "coverage"),
                    ("收缩率（每\(words.perZH)）", "shrunk rate per \(words.perEN)"),
                ],
                funnel.points.map { point in
                    [
                        point.name, point.count.map { String($0) } ?? "—", Self.figure(point.expected),
                        Self.place(point), Self.share(point.observed.coverage),
                        Self.figure(point.shrunkRate.map { $0 * unit }),
                    ]
                })
            details.both(
                "观测份额 = 有定位为证的里程份额 × 有上报的登记车日份额；不足一半的企业不计入合计率，没有期望、位置与收缩率。",
                "Coverage is the share of kilometres that fixes show × of registered vehicle-days with a report; a company below one "
                    + "half is no part of the rate of all, and has no expectation, place or shrunk rate.")
            details.both(
                "收缩率为经验贝叶斯估计（Marshall 1991）：数量越少，越靠近全市的率。",
                "The shrunk rate is the empirical-Bayes estimate (Marshall 1991): the fewer the accidents, the nearer to the "
                    + "rate of all.")
        }
    }

    /// Its place, or why it has none.
    private static func place(_ point: CompanyFunnel.Point) -> String {
        let (place, reason) = (point.place.words, point.reason)
        guard let reason else { return Bilingual.inline(place.zh, place.en) }
        return Bilingual.inline("\(place.zh)：\(reason.zh)", "\(place.en): \(reason.en)")
    }

    private func cameras(_ grid: inout Markup) {
        let month = Self.text(self.overview.monthFrom)
        Self.section(&grid, "盲区摄像头 \(month)", "Blind-spot cameras") { section in
            let sentence = self.overview.city.sentence
            section.element("div", " class=\"lead\"") { $0.both(sentence.zh, sentence.en) }
            Self.chart(
                &section, SafetyCharts.cameraDays(self.overview.cameraDays), "本月没有行驶记录。",
                "Nothing moved in this month.")
            Self.key(
                &section,
                [
                    (" class=\"k-ok\"", Bilingual.inline("正常", "ok")),
                    (" class=\"k-unknown\"", Bilingual.inline("未知", "unknown")),
                    (" class=\"k-broken\"", Bilingual.inline("丢失、遮挡、故障", "lost, occluded, faulty")),
                ])
        }
    }

    /// What the colours of a chart mean; `styles` are attributes.
    private static func key(_ section: inout Markup, _ styles: [(String, String)]) {
        section.element("div", " class=\"key\"") { key in
            for (style, words) in styles {
                key.element("span") { label in
                    label.element("i", style, "")
                    label.words(words)
                }
            }
        }
    }

    /// The worst cells as a list that can be driven to.
    private func spots(_ section: inout Markup) {
        let worst = self.overview.cells.filter { $0.blind > 0 || $0.alarms > 0 }.prefix(10)
        guard !worst.isEmpty else { return }
        section.element("details") { details in
            details.element("summary", Bilingual.inline("黑点", "Black spots"))
            details.table(
                Bilingual.inline("无有效画面的右转多者在前", "most turns without a working camera first"),
                [
                    ("位置", "place (lat, lon)"), ("右转", "turns"), ("无有效画面", "no camera"), ("其中未知", "unknown"),
                    ("超速", "too fast"), ("盲区报警", "BSD alarms"),
                ],
                worst.map { cell in
                    [
                        String(format: "%.4f, %.4f", cell.coordinate.latitude, cell.coordinate.longitude),
                        String(cell.turns), String(cell.blind), String(cell.unknown), String(cell.fast),
                        String(cell.alarms),
                    ]
                })
        }
    }

    private func companies(_ grid: inout Markup) {
        grid.element("section", " class=\"wide\"") { section in
            section.both("各企业摄像头", "Cameras by company", "h2")
            Self.rateTable(
                &section, Bilingual.inline("按企业名称排列", "in the order of names"), ("企业", "company"),
                self.overview.companies)
            if !self.overview.cameraDistricts.isEmpty {
                let named = self.overview.cameraDistricts.map { row -> CameraRate in
                    var named = row
                    named.scope = self.overview.districtNames[row.scope] ?? row.scope
                    return named
                }
                Self.rateTable(&section, Bilingual.inline("按区县", "by district"), ("区县", "district"), named)
            }
            section.both(
                "有效率 = 摄像头确知正常的行驶时间 ÷ 全部行驶时间；“—” 表示没有行驶，无法计算，不是 0。",
                "Effective: moving time with the camera known ok ÷ all; “—” is undefined (nothing moved), not 0.")
        }
    }

    private static func rateTable(
        _ section: inout Markup, _ caption: String, _ whose: (zh: String, en: String), _ rows: [CameraRate]
    ) {
        section.table(
            caption,
            [
                whose, ("车辆", "trucks"), ("装机率", "installed"), ("在线率", "online"), ("有效率", "effective"),
                ("未知", "unknown"), ("右转", "right turns"), ("右转有效", "right turns ok"),
                ("右转未知", "turns unknown"), ("右转可见", "turns seen"),
            ],
            rows.map { row in
                [
                    row.scope, String(row.trucks), Self.share(row.installedRate), Self.share(row.onlineRate),
                    Self.share(row.tally.effectiveRate), Self.share(row.tally.unknownShare),
                    String(row.tally.turns.total), Self.share(row.tally.effectiveTurnRate),
                    Self.share(row.tally.unknownTurnShare), Self.share(row.tally.turnCoverage),
                ]
            })
    }

    /// Truck by truck, in the report alone.
    private func trucks(_ grid: inout Markup) {
        grid.element("section", " class=\"wide\"") { section in
            section.both("各车摄像头", "Cameras by truck", "h2")
            Self.rateTable(
                &section, Bilingual.inline("按车牌", "in the order of plates"), ("车牌", "plate"), self.overview.cameraTrucks
            )
        }
    }

    static func share(_ value: Double?) -> String { value.map(FigureText.percent) ?? "—" }

    private func toMend(_ grid: inout Markup) {
        let list = self.overview.toMend
        Self.section(&grid, "待修摄像头", "Cameras to mend") { section in
            section.both(
                "共 \(list.count) 台，故障最久的在前。", "\(list.count) cameras, the oldest fault first.")
            guard !list.isEmpty else { return }
            // Paper cannot be unfolded.
            let shown = self.isStandalone ? list.count : min(20, list.count)
            self.mendTable(
                &section,
                shown < list.count
                    ? Bilingual.inline("前 \(shown) 台", "the first \(shown)") : Bilingual.inline("全部", "all"),
                list.prefix(shown))
            guard shown < list.count else { return }
            section.element("details") { details in
                details.element("summary", Bilingual.inline("其余 \(list.count - shown) 台", "The others"))
                self.mendTable(&details, Bilingual.inline("其余", "the others"), list.dropFirst(shown))
            }
        }
    }

    private func mendTable(_ section: inout Markup, _ caption: String, _ list: ArraySlice<CameraToMend>) {
        section.table(
            caption, [("车牌", "plate"), ("企业", "company"), ("状态", "condition"), ("天数", "days"), ("自", "since")],
            list.map { camera in
                [
                    camera.plate ?? camera.terminal, camera.company ?? "—",
                    Bilingual.inline(camera.condition.words.zh, camera.condition.words.en),
                    String(camera.ageDays(at: self.overview.at)), camera.since.date(at: .shanghai).description,
                ]
            }, named: "mend")
    }

    private func rightTurns(_ grid: inout Markup) {
        Self.section(&grid, "右转热点", "Right turns") { section in
            let chart = SafetyCharts.turns(self.overview.cells)
            Self.chart(
                &section, chart, "没有观测到右转：30 秒一报的轨迹看不出右转，不等于没有。",
                "No right turn was seen: reports every 30 s cannot show one, which does not mean there was none.")
            let signs = [
                (" class=\"k-seen\"", Bilingual.inline("圆：右转", "circle: right turns")),
                (" class=\"k-blind\"", Bilingual.inline("三角：多数无有效画面", "triangle: most without a camera")),
                (" class=\"k-alarm\"", Bilingual.inline("方框：盲区报警", "square: blind-spot alarms")),
            ]
            if chart != nil { Self.key(&section, signs) }
            let seen = self.overview.cells.reduce(0) { $0 + $1.turns }
            let alarms = self.overview.cells.reduce(0) { $0 + $1.alarms }
            let coverage = Self.share(self.overview.turnCoverage)
            section.both(
                "全年观测到右转 \(seen) 次、盲区报警 \(alarms) 次（前 200 格，每格约 100 米）；全年行驶时间中上报足够密、看得出右转的占 \(coverage)。"
                    + "报警多说明路口复杂，不说明司机不好。",
                "\(seen) right turns and \(alarms) blind-spot alarms were seen this year (in the first 200 cells of about "
                    + "100 m); \(coverage) of the year's moving time was reported closely enough to show a turn. Many "
                    + "alarms tell of a difficult junction, not of a bad driver.")
            section.both(
                "右转预警：行驶中右摄像头失效、行驶中右摄像头遮挡、右转无有效画面、右转超速、摄像头状态未知（目录 S01–S04、S07）。"
                    + "S05 右转未停车不判：没有“右转必停”路口登记；S06 盲区报警多发不预警：只作本图黑点。",
                "Alerts of right turns and cameras: right camera lost while driving, right camera covered while driving, right "
                    + "turn without a picture, fast right turn, camera silent (catalogue S01–S04, S07). S05, no stop before a right turn, is not judged: "
                    + "there is no register of junctions where one has to stop. S06, many blind-spot alarms, raises no alert: "
                    + "they are the black spots here.")
            if !self.isStandalone {
                // A year that goes on ends today.
                let days = self.overview.question.period(of: self.overview.question.year)
                let address = "/safety/map?from=\(days.from)&to=\(days.to)"
                section.element("p") {
                    $0.element(
                        "a", " href=\"\(Markup.escaped(address))\"",
                        Bilingual.inline("在地图上看热点", "See the black spots on the map"))
                }
            }
            self.spots(&section)
        }
    }
}
