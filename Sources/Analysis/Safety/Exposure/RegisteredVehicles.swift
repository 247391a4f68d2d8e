import Chronology
import Registers

/// How many vehicles there were, by the register: the denominator "vehicles" of a year, by days, so that a truck of
/// half a year is half a truck.
enum RegisteredVehicles {
    /// The days on which each of some vehicles was registered, read once for all stretches that are asked about.
    ///
    /// A plate counts once a day, however many of its rows hold; a row counts for a day on whose noon it held.
    struct Days: Sendable {
        /// Of each plate the days, in ranges that touch no day twice.
        private var ranges: [ClosedRange<Int>] = []

        init(_ vehicles: some Sequence<Vehicle>, from: CivilDate, to: CivilDate) {
            guard from <= to else { return }
            var days: [String: [ClosedRange<Int>]] = [:]
            for vehicle in vehicles {
                guard let range = RegisteredVehicles.days(of: vehicle.period, from: from, to: to) else { continue }
                days[vehicle.plate, default: []].append(range)
            }
            self.ranges.reserveCapacity(days.count)
            for ranges in days.values {
                if ranges.count == 1 { self.ranges.append(ranges[0]) } else { self.add(unionOf: ranges) }
            }
        }

        /// Vehicle-days from the first to the last day, both included.
        func count(from: CivilDate, to: CivilDate) -> Int {
            let (first, last) = (from.daysSince1970, to.daysSince1970)
            return self.ranges.reduce(0) { sum, range in
                sum + max(0, min(range.upperBound, last) - max(range.lowerBound, first) + 1)
            }
        }

        private mutating func add(unionOf ranges: [ClosedRange<Int>]) {
            var covered = Int.min
            for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
                let first = max(range.lowerBound, covered == .min ? range.lowerBound : covered + 1)
                guard first <= range.upperBound else { continue }
                self.ranges.append(first...range.upperBound)
                covered = range.upperBound
            }
        }
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
}
