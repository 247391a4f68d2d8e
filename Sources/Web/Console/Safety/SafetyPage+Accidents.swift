import Chronology
import Registers
import Safety

/// The year's accidents one by one, the control charts, and companies before and after.
extension SafetyPage {
    /// Rows of the list that are shown.
    private static let shown = 50

    func accidents(_ grid: inout Markup) {
        let list = self.overview.accidents
        grid.element("section", " class=\"wide\"") { section in
            section.both("事故登记 \(self.overview.question.year)", "Accidents", "h2")
            let said = self.accidentsSaid
            section.both(said.zh, said.en)
            if !self.isStandalone {
                section.element("p") { links in
                    links.element(
                        "a", " href=\"/registers/accidents?add\"", Bilingual.inline("登记事故", "Register an accident"))
                    links.words(" · ")
                    links.element("a", " href=\"/registers/baselines\"", Bilingual.inline("基准年数据", "Baselines"))
                }
            }
            guard !list.isEmpty else { return }
            if let deaths = RateSentences.deaths(list) { section.both(deaths.zh, deaths.en) }
            self.accidentTable(&section)
            if let turns = RateSentences.rightTurns(list) { section.both(turns.zh, turns.en) }
            section.both(
                "摄像头为事故当分钟的状态，仅为关联，不说明原因。事故前后各一日的原始记录已自动保全，到期清理不删除。",
                "The camera's condition is that of the accident's minute: an association, not a cause. The log of the day and "
                    + "of those beside it is under a legal hold, which retention does not touch.")
        }
    }

    /// How many there are, or why there are none.
    private var accidentsSaid: SafetyStatement {
        let (year, count) = (self.overview.question.year, self.overview.accidents.count)
        if self.overview.question.isYetToCome(year) {
            return SafetyStatement(zh: "\(year) 年尚未开始。", en: "\(year) has not begun.")
        }
        return count == 0
            ? SafetyStatement(
                zh: "本年没有登记的事故：登记表为空不等于没有事故。",
                en: "No accident of this year is registered, which does not mean that there was none.")
            : SafetyStatement(zh: "登记 \(count) 起，最近的在前。", en: "\(count) registered, the latest first.")
    }

    private func accidentTable(_ section: inout Markup) {
        let columns: [(zh: String, en: String)] = [
            ("事故", "accident"), ("时间", "time"), ("车牌", "plate"), ("企业", "company"), ("等级", "severity"),
            ("死亡 7/30 日", "deaths 7/30 d"), ("右转", "right turn"), ("当时摄像头", "camera then"), ("保全", "legal hold"),
        ]
        section.element(
            "div",
            " class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + Bilingual.inline("事故", "accidents") + "\""
        ) {
            $0.element("table") { table in
                table.element("thead") { head in
                    head.element("tr") { row in
                        for column in columns {
                            row.both(column.zh, column.en, "th", " scope=\"col\"")
                        }
                    }
                }
                table.element("tbody") { body in
                    for moment in self.overview.accidents.reversed().prefix(Self.shown) {
                        body.element("tr") { self.row(&$0, moment) }
                    }
                }
            }
        }
    }

    private func row(_ row: inout Markup, _ moment: AccidentMoment) {
        let accident = moment.accident
        row.element("th", " scope=\"row\"") { cell in
            guard !self.isStandalone else { return cell.words(accident.accidentID) }
            let address = "/registers/accidents/" + Self.encoded(accident.accidentID)
            cell.element("a", " href=\"\(Markup.escaped(address))\"", accident.accidentID)
        }
        let deaths = [accident.deathsWithin7Days, accident.deathsWithin30Days].map { count -> String in
            count.map { String($0) } ?? "?"
        }
        let camera = moment.camera.map { Bilingual.inline($0.words.zh, $0.words.en) }
        let holds = moment.holds.map { "#\($0)" }.joined(separator: " ")
        let turn: String? = accident.isRightTurn.map { $0 ? Bilingual.inline("是", "yes") : Bilingual.inline("否", "no") }
        let cells: [String] = [
            String(accident.occurredAt.formatted(at: .shanghai).prefix(16)).replacing("T", with: " "),
            accident.plate ?? "—", accident.company ?? "—", accident.severity.map(Self.words) ?? "—",
            deaths.joined(separator: " / "), turn ?? "—", camera ?? Bilingual.inline("车辆不明", "truck unknown"),
            holds.isEmpty ? Bilingual.inline("已解除", "released") : holds,
        ]
        for cell in cells { row.element("td", "", cell) }
    }

    private static func words(_ severity: Accident.Severity) -> String {
        switch severity {
        case .property: Bilingual.inline("财产损失", "property")
        case .injury: Bilingual.inline("伤人", "injury")
        case .fatal: Bilingual.inline("死亡", "fatal")
        case .ordinary: Bilingual.inline("一般", "ordinary")
        case .larger: Bilingual.inline("较大", "larger")
        case .major: Bilingual.inline("重大", "major")
        case .extraordinary: Bilingual.inline("特别重大", "extraordinary")
        }
    }

    /// An id as a part of a path.
    private static func encoded(_ id: String) -> String {
        var path = ""
        for byte in id.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            if isPlain || byte == 0x2d || byte == 0x5f {
                path.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                path += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return path
    }

    // MARK: - Charts of change

    func control(_ grid: inout Markup) {
        Self.section(&grid, "月度控制图", "Control charts") { section in
            let control = self.overview.control
            Self.chart(
                &section, control.flatMap(SafetyCharts.cumulativeSum), ControlSeries.missing.zh,
                ControlSeries.missing.en)
            if let control {
                if let chart = SafetyCharts.movingAverage(control) { section.append(chart) }
                section.both(control.sentence.zh, control.sentence.en)
                if self.overview.question.numerator.isDeaths {
                    section.both(
                        "死亡人数成簇出现，控制图以死亡事故数计。", "Deaths come in clusters: the charts count fatal accidents.")
                }
            }
        }
    }

    func beforeAfter(_ grid: inout Markup) {
        Self.section(&grid, "前后对比（扣除回归均值）", "Before and after, regression to the mean taken off") { section in
            guard let table = self.overview.beforeAfter, let year = self.overview.question.baselineYear else {
                return Self.chart(
                    &section, nil, BeforeAfterTable.missing.zh, BeforeAfterTable.missing.en)
            }
            let names = SafetyCharts.numbered(table)
            let sentence = table.sentence(before: year, after: self.overview.question.year)
            Self.chart(&section, SafetyCharts.effects(table), "没有可以计算的效应。", "No effect can be worked out.")
            let most = SafetyCharts.mostCompanies
            if table.rows.count(where: { $0.effect != nil }) > most {
                section.both(
                    "图中只画按名称的前 \(most) 家，全部见“数字”。",
                    "The chart has the first \(most) by name; all of them are under “Figures”.")
            }
            section.both(sentence.zh, sentence.en)
            section.both(
                "因事故多而被整治的企业，次年本来就会回落；效应以全部企业为同类估计应有的数量（经验贝叶斯，Hauer 1997）；区间取其与精确泊松区间中较宽者。对照组为其余企业，区间取对数正态与精确条件区间中较宽者；简单比的区间为条件二项精确区间。",
                "A company picked for its many accidents would have had fewer anyway; what was to be expected is worked out from "
                    + "all companies (empirical Bayes, Hauer 1997); the interval is the wider of his and the exact Poisson one. The comparison "
                    + "group is all others, its interval the wider of the log-normal and the exact conditional one; that of the plain "
                    + "ratio is the conditional binomial's.")
            section.element("details") { details in
                details.element("summary", Bilingual.inline("数字", "Figures"))
                details.table(
                    Bilingual.inline("按企业名称排列", "in the order of names"),
                    [
                        ("企业", "company"), ("前", "before"), ("后", "after"), ("简单比", "naive"),
                        ("95% 区间", "95 % interval"), ("效应", "effect"), ("95% 区间", "95 % interval"),
                        ("对照组比", "by comparison"), ("95% 区间", "95 % interval"),
                    ],
                    zip(names, table.rows).map { name, row in
                        [
                            name, String(row.before), String(row.after), Self.figure(row.effect?.naiveRatio),
                            Self.limits(row.naiveInterval), Self.figure(row.effect?.effect),
                            Self.limits(row.effectInterval), Self.figure(row.comparison?.ratio),
                            Self.limits(row.comparisonInterval),
                        ]
                    })
            }
        }
    }

    static func limits(_ interval: Interval?) -> String {
        interval.map { "\(FigureText.figure($0.low))–\(FigureText.figure($0.high))" } ?? "—"
    }
}
