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
}
