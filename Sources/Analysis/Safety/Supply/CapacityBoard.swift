import Chronology
package import Registers

/// What plants were licensed to make and what was seen to leave them, beside the plan.
package struct CapacityBoard: Sendable {
    /// One licensed plant.
    package struct PlantRow: Hashable, Sendable {
        package var plantID: String
        package var name: String
        package var district: String?
        /// Licensed m³ a year.
        package var capacity: Double?
        /// m³ that loads seen there carried, by ticket or by full drums, and the loads.
        package var observed: Double
        package var loads: Int64
        /// Loads of which nobody knows the volume: the truth is higher.
        package var unmeasured: Int64
        /// What was observed on days of a known capacity ÷ the capacity of the days observed, by the licence of each;
        /// `nil` without a capacity or a day.
        package var utilisation: Double?
        /// The two of these, m³.
        var licensed: Double
        var allowed: Double
        /// Above its licence over at least four weeks; in a shorter time a good week proves nothing.
        package var isAboveCapacity: Bool
    }

    /// One district: the sum of its plants beside the rows of the plan.
    package struct DistrictRow: Hashable, Sendable {
        package var district: String
        package var name: String
        package var plants: Int
        package var capacity: Double?
        package var observed: Double
        /// Of the plants whose capacity is known; `nil` without one or a day.
        package var utilisation: Double?
        package var plans: [Plan]
    }

    package let year: Int
    /// Days of the year of which there is something, at least: silent ones prove nothing of a plant.
    package let days: Int
    package let plants: [PlantRow]
    package let districts: [DistrictRow]
    /// Share of the three plants with the most volume; `nil` where nothing was seen.
    package let topThreeShare: Double?

    /// Fewer days are no proof of anything.
    private static let provingDays = 28

    package init(year: Int, ledger: SafetyLedger, roster: SafetyRoster) {
        self.year = year
        let days = Int(ledger.daysHeard)
        self.days = days
        var sums: [String: SafetyLedger.DeliverySums] = [:]
        for entry in ledger.entries {
            if let plant = entry.deliveries.plant {
                sums[plant, default: SafetyLedger.DeliverySums()] += entry.deliveries
            }
        }
        let loads = Dictionary(grouping: ledger.entries.filter { $0.deliveries.plant != nil }) {
            $0.deliveries.plant ?? ""
        }
        let rows = Self.valid(roster, ledger).map { licences -> PlantRow in
            let plant = licences.last
            let seen = sums[plant.plantID] ?? SafetyLedger.DeliverySums()
            // Each day by the licence that held on it: a plant that was licensed in July may make nothing before.
            let daily = ledger.heard.compactMap { Self.capacity(licences.rows, on: $0) }
            let allowed = daily.reduce(0, +)
            let licensed = (loads[plant.plantID] ?? []).reduce(0) { sum, entry in
                sum + (Self.capacity(licences.rows, on: entry.from) == nil ? 0 : entry.deliveries.cubicMetres)
            }
            let utilisation = allowed > 0 ? licensed / allowed : nil
            return PlantRow(
                plantID: plant.plantID, name: plant.name, district: roster.code(ofDistrict: plant.district),
                capacity: Self.capacity(plant), observed: seen.cubicMetres, loads: seen.loads,
                unmeasured: seen.unmeasured, utilisation: utilisation, licensed: licensed, allowed: allowed,
                isAboveCapacity: daily.count >= Self.provingDays && utilisation.map { $0 > 1 } ?? false)
        }
        self.plants = rows
        self.districts = Self.districts(rows, roster)
        let total = rows.reduce(0) { $0 + $1.observed }
        let top = rows.map(\.observed).sorted(by: >).prefix(3).reduce(0, +)
        self.topThreeShare = total > 0 ? top / total : nil
    }

    /// m³ a year; `nil` where nobody knows.
    private static func capacity(_ plant: Plant) -> Double? {
        plant.capacityPerYear.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    /// m³ that may be made on a day, by the licence that held at its noon; `nil` where none did, or nobody knows.
    private static func capacity(_ licences: [Plant], on date: CivilDate) -> Double? {
        let noon = SafetyRoster.noon(date)
        let days = 337 + CivilDate.days(inMonth: 2, of: date.year)
        return licences.last { $0.period.contains(noon) }.flatMap { Self.capacity($0) }.map { $0 / Double(days) }
    }

    /// A plant's rows that held in the period, in their order, by the order of the ids; and the last of them.
    private static func valid(
        _ roster: SafetyRoster, _ ledger: SafetyLedger
    ) -> [(rows: [Plant], last: Plant)] {
        let (start, end) = (SafetyRoster.noon(ledger.from), SafetyRoster.noon(ledger.to))
        let held = roster.registers.plants.filter { $0.period.from <= end && $0.period.to.map { $0 > start } ?? true }
        return Dictionary(grouping: held, by: \.plantID).sorted { $0.key < $1.key }
            .compactMap { group -> (rows: [Plant], last: Plant)? in
                let rows = group.value.sorted { $0.period.from < $1.period.from }
                return rows.last.map { (rows: rows, last: $0) }
            }
    }

    private static func districts(_ rows: [PlantRow], _ roster: SafetyRoster) -> [DistrictRow] {
        let plans = Dictionary(grouping: roster.registers.plans) { roster.code(ofDistrict: $0.district) ?? "" }
        let plants = Dictionary(grouping: rows) { $0.district ?? "" }
        let named = Set(plans.keys).union(plants.keys).filter { $0.isEmpty || roster.isInReach(.district($0)) }
        return named.sorted().map { district in
            let own = plants[district] ?? []
            let capacities = own.compactMap(\.capacity)
            let capacity = capacities.isEmpty ? nil : capacities.reduce(0, +)
            let observed = own.reduce(0) { $0 + $1.observed }
            // What plants without a known capacity made is no part of what the others may make.
            let (licensed, allowed) = own.reduce((0.0, 0.0)) { ($0.0 + $1.licensed, $0.1 + $1.allowed) }
            return DistrictRow(
                district: district, name: roster.name(ofDistrict: district), plants: own.count, capacity: capacity,
                observed: observed, utilisation: allowed > 0 ? licensed / allowed : nil,
                plans: (plans[district] ?? []).sorted { ($0.year, $0.product ?? "") < ($1.year, $1.product ?? "") })
        }
    }
}

extension CapacityBoard {
    /// How much was seen, who has most of it, and which plants were above their licence; after a few days nothing is
    /// said of that.
    package var sentence: SafetyStatement {
        let top = self.topThreeShare.map(FigureText.percent) ?? "—"
        let seen = SafetyStatement(
            zh: "观测 \(self.days) 天；前三家占 \(top)。", en: "\(self.days) days observed; the three largest have \(top). ")
        let above = self.plants.filter(\.isAboveCapacity).map(\.name)
        if !above.isEmpty {
            return SafetyStatement(
                zh: seen.zh + "超出核定产能：\(above.joined(separator: "、"))，请核实是否有他人产品借名销售。",
                en: seen.en + "Above licensed capacity: \(above.joined(separator: ", ")); "
                    + "check whether somebody else's product is sold under its name.")
        }
        guard self.days >= Self.provingDays else {
            return SafetyStatement(
                zh: seen.zh + "不足四周，不能判断是否超出核定产能。",
                en: seen.en + "That is less than four weeks: nothing can be said of capacity.")
        }
        guard self.plants.contains(where: { $0.capacity != nil }) else {
            return SafetyStatement(
                zh: seen.zh + "登记表没有核定产能，无法判断是否超出。",
                en: seen.en + "No licensed capacity is registered: nothing can be said of it.")
        }
        return SafetyStatement(
            zh: seen.zh + "没有搅拌站持续超出核定产能。",
            en: seen.en + "No plant was above its licensed capacity.")
    }
}

extension Plan {
    /// 达产率: supply ÷ capacity, in whatever unit both are; `nil` where there is nothing to divide by.
    package var utilisation: Double? {
        guard let capacity = self.capacity, let supply = self.supply, capacity > 0, supply >= 0, supply.isFinite else {
            return nil
        }
        return supply / capacity
    }
}
