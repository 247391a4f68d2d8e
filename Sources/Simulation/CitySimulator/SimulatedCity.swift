package import Chronology
package import Registers

/// A city that exists only here: its registers, its traffic, and the truth about every drop. Everything follows from
/// the plan; nothing is read from a clock. Its map is invented and lies near Jiaxing; no name in it is a real firm's.
package struct SimulatedCity: Sendable {
    package let plan: CityPlan
    let city: City

    /// Builds roads, places and trucks; a day is planned only when it is asked for.
    package init(_ plan: CityPlan) {
        self.plan = plan
        self.city = City(plan: plan)
    }

    package var companies: [Company] { self.city.companies }
    package var districts: [District] { self.city.districts }

    /// All messages in the order of sending, from `start` on (from the first when it is left out). Endless when the
    /// plan is. An odometer knows all days before, so a start months after the plan's costs a moment.
    package func traffic(from start: Instant = .distantPast) -> CityTraffic {
        CityTraffic(city: self.city, from: start)
    }

    /// The drops of day `day`, counted from 0, in the order of unloading; none after the plan's last day.
    package func truth(ofDay day: Int) -> [TruthDelivery] { self.truth(ofDays: day..<day + 1) }

    /// The drops of several days at once, which spares planning the days before again for each.
    package func truth(ofDays range: Range<Int>) -> [TruthDelivery] {
        let days = (0..<max(0, range.upperBound)).flatMap(self.days)
        let volumes = days.reduce(into: [String: Double]()) { $0.merge($1.volumes) { $1 } }
        let history = TruthHistory(days, volumes: volumes, in: self.city)
        let wanted = Set(days.filter { range.contains($0.day) }.flatMap(\.drops).map(\.truthID))
        return history.told.filter { wanted.contains($0.truthID) }
    }

    /// The delivery notes of the licensed loads of day `day`, counted from 0, in the order of issue; none after the
    /// plan's last day.
    package func tickets(ofDay day: Int) -> [Ticket] {
        self.days(day).flatMap { $0.tickets + (self.ghostNote($0).map { [$0] } ?? []) }
            .sorted { ($0.issuedAt, $0.ticketID) < ($1.issuedAt, $1.ticketID) }
    }

    /// What happened on day `day`, counted from 0, and led to no drop.
    package func incidents(ofDay day: Int) -> [TruthIncident] { self.days(day).flatMap(\.incidents) }

    /// The plants that no register knows, with what `truth` says of their use.
    package func hiddenPlants(used truth: [TruthDelivery]) -> [TruthHiddenPlant] {
        self.city.facilities.filter { $0.kind == .hiddenPlant }.map { facility in
            let loads = truth.filter { $0.originKind == .hiddenPlant && $0.originID == facility.id }
            return TruthHiddenPlant(
                hiddenPlantID: facility.id, coordinate: Plane.coordinate(facility.yard.centre),
                radiusMetres: facility.yard.radius.rounded(.up), loads: Set(loads.map(\.loadID)).count,
                firstLoad: loads.map(\.loadStart).min(), lastLoad: loads.map(\.loadStart).max())
        }
    }

    /// The note of a delivery that never was, for this truck on this day.
    func ghostNote(_ truckDay: TruckDay) -> Ticket? {
        GhostNote.note(for: truckDay, of: self.city.trucks[truckDay.truck], in: self.city)
    }

    func days(_ day: Int) -> [TruckDay] {
        guard day >= 0, self.plan.days.map({ day < $0 }) ?? true else { return [] }
        return self.city.trucks.map { DayBuilder.plan($0, day: day, in: self.city) }
    }
}
