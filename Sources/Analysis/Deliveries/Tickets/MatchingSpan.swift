package import Chronology

/// Half a day by the calendar, and the time around it from which loads and notes are matched.
///
/// Which half day a load belongs to is a fact of the load. So what is found of it follows from what is stored, and not
/// from what else was judged with it.
package struct MatchingSpan: Hashable, Sendable {
    /// Half days since 1970.
    private let number: Int64

    private static let seconds = 43_200.0
    /// Seconds before and after it in which loads and notes are looked at.
    private static let around = 43_200.0
    /// A clock may be a whole day beside the time: how much farther the other side of a truck's pairs is looked for.
    private static let clockReach = 86_400.0

    /// The half day in which a load was carried, or a note issued.
    package init(of time: Instant) {
        let length = Int64(Self.seconds) * 1_000_000
        let quotient = time.microseconds / length
        self.number = time.microseconds % length < 0 ? quotient - 1 : quotient
    }

    /// The half day of a delivery.
    package init(of delivery: Delivery) {
        self.init(of: delivery.loadEnd ?? delivery.unloadStart)
    }

    package var start: Instant { Instant(microseconds: self.number * Int64(Self.seconds) * 1_000_000) }
    package var end: Instant { self.start.advanced(bySeconds: Self.seconds) }

    /// From when to when loads and notes are matched.
    package var matched: ClosedRange<Instant> {
        self.start.advanced(bySeconds: -Self.around)...self.end.advanced(bySeconds: Self.around)
    }

    /// From when to when a truck's own notes, or loads, are looked at, to find that its clock is beside the time.
    package var clocked: ClosedRange<Instant> {
        let reach = Self.around + Self.clockReach
        return self.start.advanced(bySeconds: -reach)...self.end.advanced(bySeconds: reach)
    }
}
