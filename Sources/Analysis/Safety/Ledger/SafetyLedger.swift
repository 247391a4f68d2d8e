package import Chronology
package import Registers

/// What the trucks did in a period, each stretch with the truck, company and district that it belonged to by the
/// register at noon of its days.
package struct SafetyLedger: Sendable {
    /// A stretch of one terminal.
    package struct Entry: Sendable {
        package var terminal: String
        /// `nil`: a terminal that no register knows.
        package var vehicle: Vehicle?
        package var district: String?
        package var from: CivilDate
        package var to: CivilDate
        package var sums: SafetyDay
        package var deliveries = DeliverySums()
        /// A load whose terminal no register knows and whose driving nobody heard of: who reads for one district hears
        /// of loads to and from it that other districts' trucks carried, and of nothing else of theirs.
        package fileprivate(set) var isStranger = false

        /// A stranger is in no scope, not even in the one called the city: what it carried was driven elsewhere.
        package func isIn(_ scope: RateScope) -> Bool {
            !self.isStranger
                && scope.contains(district: self.district, company: self.vehicle?.company, kind: self.vehicle?.kind)
        }
    }

    /// What was carried, and what of it tickets say.
    package struct DeliverySums: Hashable, Sendable {
        package var plant: String?
        package var deliveries: Int64 = 0
        package var ticketed: Int64 = 0
        package var loads: Int64 = 0
        /// Loads whose volume nobody knows: neither a ticket nor the drum's size.
        package var unmeasured: Int64 = 0
        package var ticketLitres: Int64 = 0
        /// Full drums, where no ticket says otherwise.
        package var assumedLitres: Int64 = 0

        package init() {}

        package var cubicMetres: Double { Double(self.ticketLitres &+ self.assumedLitres) / 1000 }

        package static func += (sum: inout Self, other: Self) {
            sum.deliveries &+= other.deliveries
            sum.ticketed &+= other.ticketed
            sum.loads &+= other.loads
            sum.unmeasured &+= other.unmeasured
            sum.ticketLitres &+= other.ticketLitres
            sum.assumedLitres &+= other.assumedLitres
        }
    }

    package let from: CivilDate
    package let to: CivilDate
    package private(set) var entries: [Entry]
    /// Days of the period of which there is something, whichever terminal it comes from, each once.
    package let heard: [CivilDate]

    package var daysHeard: Int64 { Int64(self.heard.count) }

    /// - Parameters:
    ///   - months: sums a terminal and month, as far as the terminal stays in one truck.
    ///   - days: the days of the terminals that do not.
    ///   - loads: what was carried.
    ///   - heard: the days on which any terminal was heard; `nil`: as many as the busiest of each month, at least, from
    ///     the first of its days on.
    package init(
        from: CivilDate, to: CivilDate, months: [TerminalStretch], days: [TerminalStretch] = [],
        loads: [LoadCount] = [], heard: [CivilDate]? = nil, roster: SafetyRoster
    ) {
        self.from = from
        self.to = to
        self.heard = heard ?? Self.fewestDays(months)
        let changing = roster.changingTerminals(from: from, to: to)
        let steady = months.filter { !changing.contains(TerminalNames.stripped($0.terminal)) }
        let moved = days.filter { changing.contains(TerminalNames.stripped($0.terminal)) }
        self.entries = (steady + moved).map { stretch in
            let vehicle = roster.vehicle(terminal: stretch.terminal, on: stretch.from)
            return Entry(
                terminal: stretch.terminal, vehicle: vehicle, district: roster.district(ofCompany: vehicle?.company),
                from: stretch.from, to: stretch.to, sums: stretch.sums)
        }
        let unregistered = Set(self.entries.filter { $0.vehicle == nil && $0.sums != SafetyDay() }.map(\.terminal))
        self.entries += loads.map { load in
            var entry = Self.entry(of: load, roster)
            entry.isStranger = entry.vehicle == nil && !unregistered.contains(load.terminal)
            return entry
        }
    }

    private static func entry(of load: LoadCount, _ roster: SafetyRoster) -> Entry {
        let vehicle = roster.vehicle(terminal: load.terminal, on: load.date)
        var entry = Entry(
            terminal: load.terminal, vehicle: vehicle, district: roster.district(ofCompany: vehicle?.company),
            from: load.date, to: load.date, sums: SafetyDay())
        entry.deliveries.plant = load.plant
        entry.deliveries.deliveries = load.deliveries
        entry.deliveries.ticketed = load.ticketedDeliveries
        entry.deliveries.loads = load.loads
        // Cement goes by tonnes; m³ are those of concrete and mortar.
        guard vehicle?.kind != .bulkCement else { return entry }
        entry.deliveries.ticketLitres = load.ticketLitres
        let open = max(0, load.loads &- load.ticketedLoads)
        if let capacity = vehicle?.capacityCubicMetres, capacity > 0, capacity < 1000 {
            entry.deliveries.assumedLitres = Int64((Double(min(open, 1_000_000)) * capacity * 1000).rounded())
        } else {
            entry.deliveries.unmeasured = open
        }
        return entry
    }

    /// Month by month the days of the terminal that was heard of on most, one after the other from its first on.
    private static func fewestDays(_ stretches: [TerminalStretch]) -> [CivilDate] {
        /// One terminal in one month.
        struct Key: Hashable {
            var month: Int
            var terminal: String
        }
        var days: [Key: (first: Int, count: Int)] = [:]
        for stretch in stretches {
            let key = Key(month: stretch.from.year * 12 + stretch.from.month, terminal: stretch.terminal)
            let known = days[key] ?? (stretch.from.daysSince1970, 0)
            days[key] = (
                min(known.first, stretch.from.daysSince1970), known.count + Int(stretch.sums.exposure.days)
            )
        }
        var months: [Int: (first: Int, count: Int)] = [:]
        for (key, run) in days {
            let known = months[key.month] ?? (run.first, -1)
            // Of equally busy ones the first to be heard.
            if (run.count, -run.first) > (known.count, -known.first) { months[key.month] = run }
        }
        return months.sorted { $0.key < $1.key }.flatMap { month in
            (0..<max(0, month.value.count)).map { CivilDate(daysSince1970: month.value.first + $0) }
        }
    }

    package func entries(in scope: RateScope) -> [Entry] { self.entries.filter { $0.isIn(scope) } }

    package func sums(in scope: RateScope) -> SafetyDay {
        self.entries(in: scope).reduce(into: SafetyDay()) { $0 += $1.sums }
    }

    package func deliveries(in scope: RateScope) -> DeliverySums {
        self.entries(in: scope).reduce(into: DeliverySums()) { $0 += $1.deliveries }
    }
}

extension SafetyDay {
    /// Sums; turns and edges are those of single days and stay out.
    package static func += (sum: inout Self, other: Self) {
        sum.exposure += other.exposure
        sum.camera += other.camera
        sum.track += other.track
    }
}
