import Chronology
import Registers

/// Exposure from the terminals and the register of vehicles.
package enum LedgerExposure {
    /// In the denominator's unit, with the share of it that was seen. `nil` where nothing is known, which is not 0.
    package static func observed(
        _ denominator: DefinitionCard.Denominator, in scope: RateScope, ledger: SafetyLedger, roster: SafetyRoster
    ) -> (exposure: Double, coverage: Double)? {
        let vehicles = RegisteredVehicles.Days(roster.vehicles(in: scope), from: ledger.from, to: ledger.to)
        var sums = Sums(vehicles, from: ledger.from, to: ledger.to)
        sums.daysHeard = ledger.daysHeard
        for entry in ledger.entries(in: scope) { sums.add(entry) }
        return sums.observed(denominator)
    }

    /// Month by month, by `CivilDate.monthNumber`; without a ledger, what the register of vehicles alone tells.
    static func months(
        _ months: ClosedRange<Int>, in scope: RateScope, ledger: SafetyLedger?, roster: SafetyRoster
    ) -> [Int: Sums] {
        var sums: [Int: Sums] = [:]
        guard let (start, _) = CivilDate.days(ofMonthNumber: months.lowerBound),
            let (_, end) = CivilDate.days(ofMonthNumber: months.upperBound)
        else { return sums }
        let vehicles = RegisteredVehicles.Days(roster.vehicles(in: scope), from: start, to: end)
        for month in months {
            guard let (first, last) = CivilDate.days(ofMonthNumber: month) else { continue }
            sums[month] = Sums(vehicles, from: first, to: last)
        }
        /// One terminal in one month.
        struct Key: Hashable {
            var month: Int
            var terminal: String
        }
        var heard: [Key: Int64] = [:]
        for entry in ledger?.entries(in: scope) ?? [] {
            let month = entry.from.monthNumber
            sums[month]?.add(entry)
            heard[Key(month: month, terminal: entry.terminal), default: 0] += Int64(entry.sums.exposure.days)
        }
        // On as many days as the busiest terminal was heard, at least.
        for (key, days) in heard where days > sums[key.month]?.daysHeard ?? .max { sums[key.month]?.daysHeard = days }
        return sums
    }

    /// What is known of one scope in a stretch of days of one year. Stretches can be added up.
    struct Sums: Sendable {
        private var driven = ExposureAmounts()
        private var litres: Int64 = 0
        private var vehicleYears = 0.0
        /// Days of the registered vehicles, and of them those on which the terminal was heard of. A day without a word
        /// may have been one of rest; nobody knows, so it is not called seen.
        private var registeredDays: Int64 = 0
        private var registeredDaysHeard: Int64 = 0
        private var days: Int64 = 0
        /// On how many days any terminal was heard: where there is no registered vehicle.
        var daysHeard: Int64 = 0

        /// Neither a registered vehicle nor a word of any terminal.
        var isBlank: Bool { self.registeredDays == 0 && self.daysHeard == 0 }

        init() {}

        init(_ vehicles: RegisteredVehicles.Days, from: CivilDate, to: CivilDate) {
            let vehicleDays = vehicles.count(from: from, to: to)
            self.registeredDays = Int64(vehicleDays)
            self.vehicleYears = Double(vehicleDays) / LedgerExposure.daysOfYear(from.year)
            self.days = Int64(to.daysSince1970 - from.daysSince1970 + 1)
        }

        mutating func add(_ entry: SafetyLedger.Entry) {
            self.driven += entry.sums.exposure
            self.litres &+= entry.deliveries.ticketLitres &+ entry.deliveries.assumedLitres
            if entry.vehicle != nil { self.registeredDaysHeard &+= Int64(entry.sums.exposure.days) }
        }

        static func += (sum: inout Self, other: Self) {
            sum.driven += other.driven
            sum.litres &+= other.litres
            sum.vehicleYears += other.vehicleYears
            sum.registeredDays &+= other.registeredDays
            sum.registeredDaysHeard &+= other.registeredDaysHeard
            sum.days &+= other.days
            sum.daysHeard &+= other.daysHeard
        }

        /// In the denominator's unit, with the share of it that was seen; `nil` where nothing is known.
        func observed(_ denominator: DefinitionCard.Denominator) -> (exposure: Double, coverage: Double)? {
            let coverage = (self.driven.coverage ?? 1) * self.shareHeard
            switch denominator {
            case .vehicles: return self.registeredDays > 0 ? (self.vehicleYears, 1) : nil
            case .vehicleKilometres: return self.driven.kilometres > 0 ? (self.driven.kilometres, coverage) : nil
            case .volume: return self.litres > 0 ? (Double(self.litres) / 1000, coverage) : nil
            }
        }

        private var shareHeard: Double {
            self.registeredDays > 0
                ? min(1, Double(self.registeredDaysHeard) / Double(self.registeredDays))
                : min(1, Double(self.daysHeard) / Double(max(1, self.days)))
        }
    }

    private static func daysOfYear(_ year: Int) -> Double {
        guard let first = CivilDate(year: year, month: 1, day: 1),
            let next = CivilDate(year: year + 1, month: 1, day: 1)
        else { return 365 }
        return Double(next.daysSince1970 - first.daysSince1970)
    }
}

extension CivilDate {
    /// Months counted through.
    var monthNumber: Int { self.year * 12 + self.month - 1 }

    /// The first and the last day of a month; `nil` beyond the calendar.
    static func days(ofMonthNumber number: Int) -> (first: CivilDate, last: CivilDate)? {
        let (year, month) = (number / 12, number % 12 + 1)
        guard let first = CivilDate(year: year, month: month, day: 1),
            let last = CivilDate(year: year, month: month, day: CivilDate.days(inMonth: month, of: year))
        else { return nil }
        return (first, last)
    }
}
