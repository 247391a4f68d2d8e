import Chronology
import Safety

/// The definition card of the page's figures, and the register of all of them.
extension SafetyPage {
    /// What the figures mean, frozen with them.
    func card(_ grid: inout Markup) {
        let current = self.overview.current
        grid.element("section", " class=\"wide\"") { section in
            section.both("口径", "Definition card", "h2")
            section.element("p") { $0.element("code", "", current.definition) }
            let window = current.card.deathWindowDays
            let source = current.card.source.isEmpty ? "—" : current.card.source
            section.both(
                "分子：\(Self.words(current.card.numerator).zh)" + (window > 0 ? "（\(window) 日内）" : "")
                    + "；分母：\(current.card.denominator.words.zh)；基准来源：\(source)；目标比值 \(FigureText.figure(current.card.target))。"
                    + "口径变更即为另一版本。",
                "Counted: \(Self.words(current.card.numerator).en)" + (window > 0 ? " (within \(window) days)" : "")
                    + "; against: \(current.card.denominator.words.en); source of the baseline: \(source); ratio aimed at "
                    + "\(FigureText.figure(current.card.target)). A changed definition is another version.")
            if let entry = DefinitionRegister.entry(of: current.definition) { Self.clauses(&section, entry) }
            if let rolling = self.overview.rolling.rows.last {
                section.element("p") {
                    $0.words(Bilingual.inline("36 个月滚动率：", "Rolling rate: "))
                    $0.element("code", "", rolling.definition)
                }
                if let entry = DefinitionRegister.entry(of: rolling.definition) { Self.clauses(&section, entry) }
            }
            // A report carries its own card; the others are on the page.
            if !self.isStandalone { Self.register(&section) }
            let rules = self.overview.rulesVersion ?? "—"
            section.both(
                "推导参数版本 \(rules)；生成时间 \(self.overview.at.formatted(at: .shanghai).prefix(16).replacing("T", with: " "))。",
                "Derived by the parameters \(rules); read at \(self.overview.at).")
        }
    }

    /// What the card's words mean.
    private static func clauses(_ section: inout Markup, _ entry: DefinitionRegister.Entry) {
        section.element("details") { details in
            let (version, fingerprint) = (entry.text.version, entry.text.fingerprint)
            details.element("summary", Bilingual.inline("口径全文", "Full text") + " v\(version) · \(fingerprint)")
            for clause in entry.clauses { details.both(clause.words.zh, clause.words.en) }
        }
    }

    /// Every version of the text and every card.
    private static func register(_ section: inout Markup) {
        section.element("details") { details in
            details.element("summary", Bilingual.inline("口径登记", "Register of definitions"))
            details.both(
                "已发布的文本不再改动：有改动即为新版本，指纹随文字而变。命令：tongxing definitions。",
                "A text that was published is not edited: a change is a new version, and the fingerprint is that of its words. "
                    + "Command: tongxing definitions.")
            details.table(
                Bilingual.inline("版本", "versions"),
                [("版本", "version"), ("期间", "period"), ("始于", "since"), ("指纹", "fingerprint"), ("条款", "clauses")],
                DefinitionRegister.texts.map { text in
                    [
                        "v\(text.version)",
                        text.period == .year
                            ? Bilingual.inline("年", "a year") : Bilingual.inline("36 个月", "36 months"),
                        "Tongxing \(text.since)", text.fingerprint, String(text.clauses.count),
                    ]
                })
            details.table(
                Bilingual.inline("口径", "cards"), [("口径", "definition"), ("分子", "counted"), ("分母", "per")],
                DefinitionRegister.entries.map { entry in
                    [
                        entry.card.identifier, Self.name(entry.card.numerator),
                        Bilingual.inline(entry.card.denominator.words.perZH, entry.card.denominator.words.perEN),
                    ]
                })
        }
    }
}
