import Chronology

/// The days of China's calendar that a stretch of time lies in.
enum DayPart {
    /// The microseconds of each day, in order; together exactly the stretch. A stretch of more than a year, which no
    /// terminal drives without a break, has none.
    static func parts(from: Instant, to: Instant) -> [(date: CivilDate, microseconds: Int64)] {
        guard to > from, to.seconds(since: from) < 400 * 86_400 else { return [] }
        var parts: [(date: CivilDate, microseconds: Int64)] = []
        var start = from
        while start < to {
            let date = start.date(at: .shanghai)
            let end = min(to, self.end(of: date))
            parts.append((date, end.microseconds - start.microseconds))
            start = end
        }
        return parts
    }

    /// The first moment after the day.
    static func end(of date: CivilDate) -> Instant {
        Instant(startOf: CivilDate(daysSince1970: date.daysSince1970 + 1), at: .shanghai)
    }
}
