import Chronology
import Registers

/// What really happened, as it is written down.
extension DayBuilder {
    func truth(of load: Load, to facility: Facility, _ trip: Trip) -> TruthDelivery {
        let isRegistered = facility.kind.isRegistered
        var rules = load.rules
        if !isRegistered {
            rules.append("unregistered-destination")
            if self.truck.kind == .bulkCement { rules.append("cement-to-unregistered") }
            if trip.destinations.count > 1 {
                rules.append("partial-diversion")
            } else if trip.ticketSite != nil {
                rules.append("diversion")
            }
        }
        let list = facility.approvedPlants
        if load.originKind == .plant, !list.isEmpty, !list.contains(load.originID) {
            rules.append("supplier-not-approved")
        }
        if self.truck.kind != .bulkCement, self.arrival - load.end > (self.truck.kind == .mixer ? 90 : 150) * 60 {
            rules.append("over-age")
        }
        let kind: TruthDelivery.DestinationKind =
            switch facility.kind {
            case .site: .site
            case .unregisteredSite, .hiddenPlant: .unregistered
            default: .plant
            }
        return TruthDelivery(
            truthID: self.name("D", self.drops.count + 1), loadID: load.id, plate: self.truck.plate,
            terminal: self.truck.terminal, originKind: load.originKind, originID: load.originID,
            originCoordinate: Plane.coordinate(load.berth.point), loadStart: self.instant(load.start),
            loadEnd: self.instant(load.end), destinationKind: kind, destinationID: facility.id,
            destinationCoordinate: Plane.coordinate(self.berth.point), unloadStart: self.instant(self.arrival),
            unloadEnd: self.instant(self.arrival),
            isBlackSupply: rules.contains(where: TruthDelivery.decidingRules.contains), expectedRules: rules,
            edgeCases: self.edgeCases(of: load, to: facility))
    }

    private func edgeCases(of load: Load, to facility: Facility) -> [EdgeCase] {
        var found = load.edgeCases.union(self.crossings)
        if let plant = facility.neighbour, self.facilities[plant].id == load.originID { found.insert(.siteBesidePlant) }
        let border = CityNames.districts.count - 1
        if (self.facilities[load.berth.facility].district == border) != (facility.district == border) {
            found.insert(.neighbourCity)
        }
        if self.truck.habits.clockOffset != 0 { found.insert(.clockOffset) }
        return found.sorted { $0.rawValue < $1.rawValue }
    }

    mutating func addIncident(_ edgeCase: EdgeCase, from start: Int, to end: Int) {
        self.incidents.append(
            TruthIncident(
                edgeCase: edgeCase, plate: self.truck.plate, terminal: self.truck.terminal, start: self.instant(start),
                end: self.instant(end)))
    }
}

extension TruthDelivery {
    /// Adds a rule that ought to hit, once.
    mutating func expect(_ rule: String) {
        guard !self.expectedRules.contains(rule) else { return }
        self.expectedRules.append(rule)
        if Self.decidingRules.contains(rule) { self.isBlackSupply = true }
    }

    /// A pour between 22 and 6 o'clock, known when it has ended.
    mutating func expectNightPour() {
        let day = Instant(startOf: self.unloadStart.date(at: .shanghai), at: .shanghai)
        let (from, to) = (self.unloadStart.seconds(since: day) / 3600, self.unloadEnd.seconds(since: day) / 3600)
        if from < 6 || to > 22 { self.expect("night-pour") }
    }
}
