/// A fixed distance from UTC. China has had one, without daylight saving, since 1991.
package struct TimeZoneOffset: Hashable, Sendable {
    package var seconds: Int

    package init(hours: Int) { self.seconds = hours * 3600 }

    package static let utc = TimeZoneOffset(hours: 0)
    package static let shanghai = TimeZoneOffset(hours: 8)
}

extension Instant {
    /// The first moment of `date` where clocks stand `offset` ahead of UTC.
    package init(startOf date: CivilDate, at offset: TimeZoneOffset) {
        self.init(seconds: Int64(date.daysSince1970) * 86400 - Int64(offset.seconds))
    }

    /// The day that clocks `offset` ahead of UTC show at this moment.
    package func date(at offset: TimeZoneOffset) -> CivilDate {
        let second = self.microseconds.flooredQuotient(1_000_000) + Int64(offset.seconds)
        // The ends of the time line lie outside the calendar's four-digit years; keep the arithmetic in range.
        return CivilDate(daysSince1970: Int(second.flooredQuotient(86400)))
    }
}

extension Int64 {
    /// Division that rounds towards negative infinity; `divisor` is positive.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
