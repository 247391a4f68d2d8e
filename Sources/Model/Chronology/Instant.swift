/// A moment on the UTC time line: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted
/// (the resolution and the scale of PostgreSQL's `timestamptz`).
package struct Instant: Hashable, Sendable, Codable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(milliseconds: Int64) {
        self.microseconds = milliseconds.saturatingTimes(1000)
    }

    package init(seconds: Int64) {
        self.microseconds = seconds.saturatingTimes(1_000_000)
    }

    package init(from decoder: any Decoder) throws {
        self.microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.microseconds)
    }

    /// The span from `other` to `self` in seconds; negative when `self` is earlier.
    package func seconds(since other: Instant) -> Double {
        Double(self.microseconds.saturatingMinus(other.microseconds)) / 1_000_000
    }

    /// This moment moved by `seconds`, to the nearest microsecond; saturates at the ends of the time line.
    package func advanced(bySeconds seconds: Double) -> Instant {
        let offset = (seconds * 1_000_000).rounded()
        guard offset.magnitude < 9e18 else { return seconds < 0 ? .distantPast : .distantFuture }
        return Instant(microseconds: self.microseconds.saturatingPlus(Int64(offset)))
    }

    package static let distantPast = Instant(microseconds: .min)
    package static let distantFuture = Instant(microseconds: .max)

    /// The times that can be asked for, from 1900 to the end of 9999: what has a year of four digits in UTC. Nothing
    /// here is older, and what lies outside no database and no other clock need know.
    package static let askable = Instant(seconds: -2_208_988_800)...Instant(seconds: 253_402_300_799)
}

extension Instant: Comparable {
    package static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.microseconds < rhs.microseconds }
}

extension Int64 {
    /// The product, or the end of the range it ran past.
    fileprivate func saturatingTimes(_ factor: Int64) -> Int64 {
        let (product, overflow) = self.multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0) == (factor < 0) ? .max : .min : product
    }

    fileprivate func saturatingPlus(_ other: Int64) -> Int64 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? other < 0 ? .min : .max : sum
    }

    fileprivate func saturatingMinus(_ other: Int64) -> Int64 {
        let (difference, overflow) = self.subtractingReportingOverflow(other)
        return overflow ? other < 0 ? .max : .min : difference
    }
}
