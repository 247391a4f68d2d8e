package import Chronology

/// An alert as the product raised it, as far as a score needs it.
package struct FoundAlert: Hashable, Sendable {
    package var rule: String
    package var plate: String
    package var from: Instant
    /// `nil`: it stands open.
    package var to: Instant?
    /// Told, and taken back by the product itself since.
    package var isWithdrawn: Bool

    package init(rule: String, plate: String, from: Instant, to: Instant?, isWithdrawn: Bool = false) {
        self.rule = rule
        self.plate = plate
        self.from = from
        self.to = to
        self.isWithdrawn = isWithdrawn
    }
}

extension Score {
    /// Seconds that may lie between an alert and what it tells of.
    private static let alertTolerance = 900.0

    /// Compares alerts with what they ought to tell of, rule by rule, as they stand at the end: those withdrawn tell
    /// nothing, and are counted by themselves. Several about one thing count once; one about something that need not be
    /// told counts neither way.
    package static func compare(
        alerts truth: [TruthAlert], found: [FoundAlert]
    ) -> [String: ScoreTable.Rule] {
        var rules = Dictionary(uniqueKeysWithValues: TruthAlert.knownRules.map { ($0, ScoreTable.Rule()) })
        let truthOfRule = Dictionary(grouping: truth, by: \.rule)
        let foundOfRule = Dictionary(grouping: found.filter { !$0.isWithdrawn }, by: \.rule)
        for code in TruthAlert.knownRules {
            let (things, alerts) = (truthOfRule[code] ?? [], foundOfRule[code] ?? [])
            var rule = ScoreTable.Rule()
            rule.expected = things.count { $0.isCertain }
            rule.right = things.count { thing in thing.isCertain && alerts.contains { Self.tells($0, of: thing) } }
            let wrong = alerts.filter { alert in !things.contains { Self.tells(alert, of: $0) } }
            rule.hits = rule.right + wrong.count
            rule.withdrawn = found.count { $0.rule == code && $0.isWithdrawn }
            rule.wronged = Set(wrong.map(\.plate)).subtracting(things.map(\.plate)).count
            rules[code] = rule
        }
        return rules
    }

    private static func tells(_ alert: FoundAlert, of thing: TruthAlert) -> Bool {
        // A note is of one moment, however long its alert stands.
        let end = alert.rule == "ghost-ticket" ? alert.from : alert.to
        return alert.plate == thing.plate && alert.from <= thing.end.advanced(bySeconds: Self.alertTolerance)
            && end.map { $0 >= thing.start.advanced(bySeconds: -Self.alertTolerance) } ?? true
    }
}
