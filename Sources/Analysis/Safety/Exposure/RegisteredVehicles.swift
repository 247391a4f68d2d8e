package import Chronology
package import Registers

/// How many vehicles there were, by the register: the denominator "vehicles" of a year, by days, so that a truck of
/// half a year is half a truck.
package enum RegisteredVehicles {
    /// Vehicle-days from the first to the last day, both included. A plate counts once a day, however many of its rows
    /// hold; a row counts for a day on whose noon it held.
    package static func vehicleDays(
        _ vehicles: some Sequence<Vehicle>, from: CivilDate, to: CivilDate,
        where belongs: (Vehicle) -> Bool = { _ in true }
    ) -> Int {
        guard from <= to else { return 0 }
        var days: [String: [ClosedRange<Int>]] = [:]
        for vehicle in vehicles where belongs(vehicle) {
            guard let range = Self.days(of: vehicle.period, from: from, to: to) else { continue }
            days[vehicle.plate, default: []].append(range)
        }
        return days.values.reduce(0) { $0 + Self.length(ofUnion: $1) }
    }

    /// Vehicles on average over the period.
    package static func average(
        _ vehicles: some Sequence<Vehicle>, from: CivilDate, to: CivilDate,
        where belongs: (Vehicle) -> Bool = { _ in true }
    ) -> Double? {
        guard from <= to else { return nil }
        let days = Self.vehicleDays(vehicles, from: from, to: to, where: belongs)
        return Double(days) / Double(to.daysSince1970 - from.daysSince1970 + 1)
    }

    private static func days(of period: ValidPeriod, from: CivilDate, to: CivilDate) -> ClosedRange<Int>? {
        var (first, last) = (from.daysSince1970, to.daysSince1970)
        let noon = 43200.0
        if period.from > Instant(startOf: from, at: .shanghai) {
            // The first day whose noon is not before the start.
            first = max(first, period.from.advanced(bySeconds: noon - 0.000_001).date(at: .shanghai).daysSince1970)
        }
        if let end = period.to, end < DayPart.end(of: to) {
            // The last day whose noon is before the end.
            last = min(last, end.advanced(bySeconds: -noon - 0.000_001).date(at: .shanghai).daysSince1970)
        }
        return first <= last ? first...last : nil
    }

    private static func length(ofUnion ranges: [ClosedRange<Int>]) -> Int {
        var (length, covered) = (0, Int.min)
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let first = max(range.lowerBound, covered == .min ? range.lowerBound : covered + 1)
            guard first <= range.upperBound else { continue }
            length += range.upperBound - first + 1
            covered = range.upperBound
        }
        return length
    }
}
