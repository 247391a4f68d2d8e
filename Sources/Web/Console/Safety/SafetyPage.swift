import Chronology
package import Safety

/// The safety page, and the same as a file of its own to print or to send: every figure with its interval, and
/// under each
/// chart a sentence in plain words.
package struct SafetyPage {
    let overview: SafetyOverview
    /// A file of its own carries its style; a page of the console fetches it and has links.
    let isStandalone: Bool
    /// A file of its own is for everybody.
    let reader: Bilingual.Reader
    /// `nil`: all sections.
    let report: SafetyReport?

    /// A page of the console, in one language.
    package init(_ overview: SafetyOverview, isEnglish: Bool = false) {
        self.overview = overview
        self.isStandalone = false
        self.reader = isEnglish ? .en : .zh
        self.report = nil
    }

    package init(_ overview: SafetyOverview, report: SafetyReport) {
        self.overview = overview
        self.isStandalone = true
        self.reader = .everybody
        self.report = report
    }

    package var html: String {
        var page = Markup()
        page.raw("<!doctype html>\n")
        page.element("html", self.reader == .en ? " lang=\"en\"" : " lang=\"zh-CN\"") { html in
            html.element("head") { self.head(&$0) }
            html.element("body", " class=\"safety\"") { body in
                body.element("header", " class=\"bar\"") { self.bar(&$0) }
                body.element("main") { main in
                    if !self.isStandalone { self.choices(&main) }
                    if let part = self.overview.part {
                        main.element("div", " class=\"caution\"") { $0.both(part.zh, part.en) }
                    }
                    main.element("div", " class=\"grid\"") { self.sections(&$0) }
                }
            }
        }
        // Paper cannot be unfolded. Names come escaped, so that this element is always our own.
        let text = self.isStandalone ? page.text.replacing("<details>", with: "<details open=\"\">") : page.text
        return Bilingual.words(of: self.reader, in: text) + "\n"
    }

    private func head(_ head: inout Markup) {
        head.raw("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        head.element(
            "title",
            Bilingual.inline("安全", "Safety") + " \(self.overview.question.year) · " + Bilingual.inline("砼行", "Tongxing")
        )
        if self.isStandalone {
            let styles = [PackageResources.base_css, PackageResources.layout_css, PackageResources.safety_css]
            // The program's own style sheets: they hold nothing that would end the element.
            var style = ""
            for bytes in styles { style += String(decoding: bytes, as: UTF8.self) }
            head.element("style") { $0.append(style: style) }
        } else {
            head.raw(
                """
                <link rel="icon" href="/app/icon.svg"><link rel="stylesheet" href="/app/base.css">\
                <link rel="stylesheet" href="/app/layout.css"><link rel="stylesheet" href="/app/safety.css">\
                <script type="module" src="/app/safety.js"></script>
                """)
        }
    }

    private func bar(_ bar: inout Markup) {
        bar.element("h1", " class=\"brand\"") { title in
            let month = Self.text(self.overview.monthFrom)
            let words = self.report?.title
            title.words(Bilingual.inline("砼行 \(words?.zh ?? "安全")", "Tongxing \(words?.en ?? "Safety")"))
            if self.report != nil { title.words(" \(month)") }
        }
        guard !self.isStandalone else { return }
        bar.element("div", " class=\"bar-end\"") { end in
            // Until `safety.js` knows who is here, and what leads somewhere for him.
            end.element("nav", " class=\"nav\" id=\"nav\"") {
                $0.element("a", " href=\"/\"", Bilingual.inline("← 实时地图", "Live map"))
            }
            end.element("div", " class=\"who\" id=\"who\"") { _ in }
            end.element("button", " type=\"button\" class=\"language\" id=\"language\"") { _ in }
        }
    }

    // MARK: - Choices

    private func choices(_ main: inout Markup) {
        let question = self.overview.question
        main.element("nav", " class=\"choices\" aria-label=\"" + Bilingual.inline("选择", "Choices") + "\"") { nav in
            let known = self.overview.years.map(\.periodFrom.year)
            let years = Set(known + [question.year, question.year - 1, question.today.year]).filter { $0 > 1950 }
            Self.choice(&nav, Bilingual.inline("年", "Year"), years.sorted().map { ($0, String($0)) }, question.year) {
                year in
                self.address {
                    $0.year = year
                    // No year is its own baseline.
                    if $0.isItsOwnBaseline { $0.baselineYear = nil }
                }
            }
            let baselines: [(Int?, String)] =
                [(nil, Bilingual.inline("无", "none"))]
                + Set(known + [question.baselineYear].compactMap { $0 }).filter { $0 != question.year }.sorted()
                .map { ($0, String($0)) }
            Self.choice(&nav, Bilingual.inline("基准", "Baseline"), baselines, question.baselineYear) { year in
                self.address { $0.baselineYear = year }
            }
            Self.choice(
                &nav, Bilingual.inline("分子", "Counted"), DefinitionCard.Numerator.allCases.map { ($0, Self.name($0)) },
                question.numerator
            ) { numerator in self.address { $0.numerator = numerator } }
            Self.choice(
                &nav, Bilingual.inline("分母", "Per"),
                DefinitionCard.Denominator.allCases.map { ($0, Bilingual.inline($0.words.zh, $0.words.en)) },
                question.denominator
            ) { denominator in self.address { $0.denominator = denominator } }
            let month = self.overview.monthFrom
            let months = [-1, 0, 1].compactMap { Self.month(month, plus: $0) }.filter { $0 <= question.today }
            Self.choice(&nav, Bilingual.inline("月", "Month"), months.map { ($0, Self.text($0)) }, month) { month in
                self.address(month: month) { _ in }
            }
            self.reports(&nav)
        }
    }

    /// The month's reports, made now.
    private func reports(_ nav: inout Markup) {
        // The month says the year.
        let asked = self.address {
            if $0.baselineYear == self.overview.monthFrom.year { $0.baselineYear = nil }
        }
        let question = String(asked.drop { $0 != "&" }.dropFirst())
        nav.element("div") { group in
            group.element("b", Bilingual.inline("月报", "Monthly report"))
            for report in SafetyReport.allCases {
                for format in SafetyReport.Format.allCases {
                    let address = "/api/v1/safety/report?kind=\(report.rawValue)&format=\(format.rawValue)&" + question
                    let name = report == .safety ? Bilingual.inline("安全", "safety") : Bilingual.inline("摄像头", "cameras")
                    let form = format == .xlsx ? "XLSX" : Bilingual.inline("打印", "print")
                    group.element(
                        "a", " class=\"file\" download href=\"\(Markup.escaped(address))\"", "\(name) \(form)")
                }
            }
        }
    }

    private static func choice<Value: Equatable>(
        _ nav: inout Markup, _ title: String, _ values: [(Value, String)], _ current: Value,
        address: (Value) -> String
    ) {
        nav.element("div") { group in
            group.element("b", title)
            for (value, text) in values {
                let here = value == current ? " aria-current=\"true\"" : ""
                group.element("a", " href=\"\(Markup.escaped(address(value)))\"" + here, text)
            }
        }
    }

    private func address(month: CivilDate? = nil, _ change: (inout RateQuestion) -> Void) -> String {
        var question = self.overview.question
        change(&question)
        var parts = ["year=\(question.year)"]
        if let baseline = question.baselineYear { parts.append("baseline=\(baseline)") }
        parts.append("numerator=\(question.numerator.rawValue)")
        parts.append("per=\(question.denominator.rawValue)")
        parts.append("exposure=\(question.exposure.rawValue)")
        parts.append("month=" + Self.text(month ?? self.overview.monthFrom))
        return "/safety?" + parts.joined(separator: "&")
    }

    static func text(_ month: CivilDate) -> String { String(month.description.prefix(7)) }

    private static func month(_ month: CivilDate, plus count: Int) -> CivilDate? {
        let number = month.year * 12 + month.month - 1 + count
        return CivilDate(year: number / 12, month: number % 12 + 1, day: 1)
    }

    static func name(_ numerator: DefinitionCard.Numerator) -> String {
        let words = Self.words(numerator)
        return Bilingual.inline(words.zh, words.en)
    }

    static func words(_ numerator: DefinitionCard.Numerator) -> (zh: String, en: String) {
        switch numerator {
        case .accidents: ("事故", "accidents")
        case .fatalAccidents: ("死亡事故", "fatal accidents")
        case .deaths7Days: ("7 日死亡", "deaths in 7 d")
        case .deaths30Days: ("30 日死亡", "deaths in 30 d")
        }
    }
}

extension SafetyOverview {
    /// Said above figures that are not all of the city's.
    var part: SafetyStatement? {
        self.district.map { code in
            let name = self.districtNames[code].map { "\($0) \(code)" } ?? code
            return SafetyStatement(
                zh: "本账号限于辖区 \(name)：以下“全市”均指该辖区，只含其企业的车辆与其登记的事故。",
                en: "This account is for \(name): what is called the city below is that district alone, "
                    + "the trucks of its companies and the accidents registered for it.")
        }
    }
}
