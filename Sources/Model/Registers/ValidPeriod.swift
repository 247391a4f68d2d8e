package import Chronology

/// When a register row holds in the law's time: from `from` up to, not including, `to`; `nil` is open.
/// The register's dates are inclusive days in Asia/Shanghai: `valid_to` 2026-03-31 ends at 2026-04-01T00:00+08:00.
package struct ValidPeriod: Hashable, Sendable, Codable {
    package var from: Instant
    package var to: Instant?

    package init(from: Instant, to: Instant?) {
        self.from = from
        self.to = to
    }

    package init(from: CivilDate, through last: CivilDate?) {
        self.from = Instant(startOf: from, at: .shanghai)
        self.to = last.map { Instant(startOf: CivilDate(daysSince1970: $0.daysSince1970 + 1), at: .shanghai) }
    }

    package func contains(_ instant: Instant) -> Bool {
        instant >= self.from && self.to.map { instant < $0 } ?? true
    }

    package static let always = ValidPeriod(from: .distantPast, to: nil)

    /// How a period stands at a time: it holds, is over, or has not begun.
    package enum Standing: String, Sendable { case valid, expired, notYet = "not_yet" }

    package func standing(at instant: Instant) -> Standing {
        if self.contains(instant) { return .valid }
        return instant < self.from ? .notYet : .expired
    }

    /// Of each thing the rows that hold at `instant`; of one without such a row the last that ended before, or else the
    /// first to come: what is there and may not supply has a name and a fence all the same.
    package static func standing<Row>(
        of rows: [Row], at instant: Instant, id: (Row) -> String, period: (Row) -> ValidPeriod
    ) -> [Row] {
        Dictionary(grouping: rows, by: id).values.flatMap { rows -> [Row] in
            let holding = rows.filter { period($0).contains(instant) }
            guard holding.isEmpty else { return holding }
            let over = rows.filter { period($0).standing(at: instant) == .expired }
            let nearest =
                over.max { (period($0).to ?? .distantFuture) < (period($1).to ?? .distantFuture) }
                ?? rows.min { period($0).from < period($1).from }
            return nearest.map { [$0] } ?? []
        }
    }
}
