import Chronology
package import Exchange
import Registers
package import Safety

/// A report as a workbook: a sheet for each section of the page, its sentences above its figures.
struct SafetyWorkbook {
    let overview: SafetyOverview
    let report: SafetyReport

    init(_ overview: SafetyOverview, _ report: SafetyReport) {
        self.overview = overview
        self.report = report
    }

    var sheets: [WorkbookSheet] {
        switch self.report {
        case .safety:
            [
                self.summary, self.rates, self.rolling, self.kinds, self.accidents, self.exposure, self.funnel,
                self.control,
                self.beforeAfter,
                self.quality,
                self.plants, self.districts, self.card,
            ].compactMap { $0 }
        case .cameras:
            [
                self.summary, self.cameras("企业 companies", self.overview.companies),
                self.cameras("区县 districts", self.overview.cameraDistricts),
                self.cameras("车辆 trucks", self.overview.cameraTrucks),
                self.cameras("逐日 days", self.overview.cameraDays), self.toMend, self.turns, self.card,
            ]
        }
    }

    static func lines(_ statements: [SafetyStatement?]) -> [String] {
        statements.compactMap { $0 }.flatMap { [$0.zh, $0.en] }
    }

    /// A heading, and the sentences under it.
    static func lead(_ zh: String, _ en: String, _ statements: [SafetyStatement?] = []) -> [String] {
        ["\(zh) \(en)"] + Self.lines(statements)
    }

    /// The findings in words, as whoever reads one page only should have them.
    private var summary: WorkbookSheet {
        let month = SafetyPage.text(self.overview.monthFrom)
        let (title, current) = (self.report.title, self.overview.current)
        var findings: [SafetyStatement?] = [self.overview.part]
        if self.report == .safety {
            findings += [RateSentences.finding(current), RateSentences.sensitivity(current)]
            for caution in RateSentences.cautions(current) { findings.append(caution) }
            findings.append(self.overview.rolling.sentence)
            findings.append(RateSentences.progress(current))
            findings.append(RateSentences.allowance(current))
            findings.append(RateSentences.finish(current))
            findings += [self.overview.power, self.overview.quiet.sentence]
            findings.append(RateSentences.deaths(self.overview.accidents))
            findings.append(RateSentences.rightTurns(self.overview.accidents))
            findings.append(self.overview.control?.sentence)
        }
        findings.append(self.overview.city.sentence)
        let at = self.overview.at.formatted(at: .shanghai).prefix(16).replacing("T", with: " ")
        return WorkbookSheet(
            "摘要 summary",
            lead: Self.lead("\(title.zh) \(month)", title.en, findings) + [
                "生成时间 read at \(at)（之后到达的数据与死亡登记不在内 later reports and deaths are not in it）"
            ], columns: [], rows: [])
    }

    private var rates: WorkbookSheet {
        WorkbookSheet(
            "事故率 rates",
            lead: Self.lead(
                "逐年事故率", "rates by year",
                [RateSentences.finding(self.overview.current)] + RateSentences.cautions(self.overview.current)
                    + RateSentences.series(self.overview.years, beside: self.overview.current)),
            columns: AccidentRate.columns, styles: [], rows: self.overview.years.map { $0.cells.map(TableCell.init) })
    }

    private var rolling: WorkbookSheet {
        let rolling = self.overview.rolling
        return WorkbookSheet(
            "36个月 rolling",
            lead: Self.lead("36 个月滚动事故率", "rolling rate over 36 months", [rolling.sentence] + rolling.cautions),
            columns: AccidentRate.columns, styles: [], rows: rolling.rows.map { $0.cells.map(TableCell.init) })
    }

    private var accidents: WorkbookSheet {
        WorkbookSheet(
            "事故 accidents",
            lead: Self.lead(
                "本年事故", "accidents of the year",
                [
                    RateSentences.deaths(self.overview.accidents),
                    SafetyStatement(
                        zh: "摄像头状态为事故当时的状态，仅为关联，不说明原因。",
                        en: "The camera's condition is that of the moment: an association, not a cause."),
                ]),
            columns: [
                "事故 accident_id", "时间 occurred_at", "车牌 plate", "企业 company", "区县 district", "等级 severity",
                "7日死亡 deaths_within_7_days", "30日死亡 deaths_within_30_days", "受伤 injuries", "右转 right_turn",
                "当时摄像头 camera", "保全 legal_hold", "来源 source",
            ],
            rows: self.overview.accidents.map { moment in
                let accident = moment.accident
                return [
                    .text(accident.accidentID), .time(accident.occurredAt), .text(accident.plate),
                    .text(accident.company), .text(accident.district), .text(accident.severity?.rawValue),
                    .integer(accident.deathsWithin7Days), .integer(accident.deathsWithin30Days),
                    .integer(accident.injuries), .boolean(accident.isRightTurn), .text(moment.camera?.rawValue),
                    .text(moment.holds.map { String($0) }.joined(separator: ";")), .text(accident.source),
                ]
            })
    }

    private var funnel: WorkbookSheet {
        let unit = self.overview.question.denominator.unitSize
        return WorkbookSheet(
            "企业 companies",
            lead: Self.lead(
                "企业漏斗", "companies in the funnel",
                [
                    SafetyStatement(
                        zh: "按企业名称排列，不按率排名：彼此的差别多为偶然。",
                        en: "In the order of names, never of rates: chance makes most of their differences."),
                    self.overview.funnel.sentence,
                ]),
            columns: [
                "企业 company", "数量 count", "暴露量 exposure", "观测份额 coverage", "期望 expected", "位置 place",
                "95% 下限 low_95", "95% 上限 high_95", "99.8% 下限 low_998", "99.8% 上限 high_998",
                "收缩率 shrunk_rate", "无法判断的原因 reason",
            ], styles: [.plain, .plain, .two, .percent, .two, .plain, .two, .two, .two, .two, .two, .plain],
            rows: self.overview.funnel.points.map { point in
                [
                    .text(point.name), .integer(point.count), .number(point.observed.exposure),
                    .number(point.observed.coverage), .number(point.expected), .text(point.place.rawValue),
                    .number(point.warning?.low),
                    .number(point.warning?.high), .number(point.action?.low), .number(point.action?.high),
                    .number(point.shrunkRate.map { $0 * unit }),
                    .text(point.reason.map { "\($0.zh) \($0.en)" }),
                ]
            })
    }

    private var control: WorkbookSheet? {
        self.overview.control.map { control in
            WorkbookSheet(
                "控制图 control", lead: Self.lead("月度控制图", "control charts", [control.sentence]),
                columns: [
                    "月 month", "数量 count", "累积和 cusum", "警戒线 threshold", "加权均值 ewma", "上限 limit",
                ], styles: [.plain, .plain, .two, .two, .two, .two],
                rows: control.months.map { month in
                    [
                        .text(SafetyPage.text(month.month)), .integer(month.count), .number(month.sum),
                        .number(control.threshold), .number(month.average), .number(month.averageLimit),
                    ]
                })
        }
    }

    private var beforeAfter: WorkbookSheet? {
        guard let table = self.overview.beforeAfter, let year = self.overview.question.baselineYear else { return nil }
        return WorkbookSheet(
            "前后对比 before-after",
            lead: Self.lead(
                "前后对比", "before and after", [table.sentence(before: year, after: self.overview.question.year)]),
            columns: [
                "企业 company", "前 before", "后 after", "暴露比 exposure_ratio", "简单比 naive",
                "95% 下限 naive_low", "95% 上限 naive_high", "效应 effect", "95% 下限 effect_low",
                "95% 上限 effect_high", "对照组 comparison", "95% 下限 comparison_low", "95% 上限 comparison_high",
            ],
            styles: [WorkbookSheet.Style](repeating: .plain, count: 3)
                + [WorkbookSheet.Style](repeating: .two, count: 10),
            rows: table.rows.map { row in
                [
                    .text(row.name), .integer(row.before), .integer(row.after), .number(row.exposureRatio),
                    .number(row.effect?.naiveRatio), .number(row.naiveInterval?.low),
                    .number(row.naiveInterval?.high), .number(row.effect?.effect), .number(row.effectInterval?.low),
                    .number(row.effectInterval?.high), .number(row.comparison?.ratio),
                    .number(row.comparisonInterval?.low), .number(row.comparisonInterval?.high),
                ]
            })
    }
}

extension TableCell {
    /// A cell of the safety tables.
    package init(_ cell: RateCell) {
        switch cell {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        }
    }
}
