package import Chronology

/// Days since the last of some rare events, and how often chance alone makes a quiet time as long: with a steady rate
/// the time between events is exponential, P(gap ≥ d) = e^(−λd).
package enum TimeSinceEvent {
    /// The days of a year that rates per year are told for.
    package static let daysOfYear = 365.0

    /// Whole days in China's calendar from the latest event up to `date`; `nil` where there was none by then.
    package static func days(since events: some Sequence<Instant>, at date: CivilDate) -> Int? {
        let last = events.map { $0.date(at: .shanghai) }.filter { $0 <= date }.max()
        return last.map { date.daysSince1970 - $0.daysSince1970 }
    }

    /// Events a year from the first one up to `date`; the first, with which the time begins, is not one of it. `nil`
    /// for less than a quarter of a year, and without a second event.
    package static func perYear(_ events: some Sequence<Instant>, until date: CivilDate) -> Double? {
        let dates = events.map { $0.date(at: .shanghai) }.filter { $0 <= date }
        guard let first = dates.min(), dates.count > 1 else { return nil }
        let years = Double(date.daysSince1970 - first.daysSince1970) / Self.daysOfYear
        return years >= 0.25 ? Double(dates.count - 1) / years : nil
    }

    /// P(no event in `days`) at `perYear` events a year.
    package static func probability(ofQuiet days: Double, perYear: Double) -> Double? {
        guard days.isFinite, days >= 0, perYear.isFinite, perYear >= 0 else { return nil }
        return Exponential.exp(-perYear * days / Self.daysOfYear).ifDefined
    }
}
