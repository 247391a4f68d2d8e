import Registers

/// Delivery notes, and what is wrong with some.
extension DayBuilder {
    mutating func issueTicket(from plant: Int, to site: Int, _ trip: Trip) {
        guard let load = self.loads.last else { return }
        let isMixer = self.truck.kind == .mixer
        let products = isMixer ? ["C25", "C30", "C35", "C40"] : ["DP M10", "DM M10"]
        var ticket = PlannedTicket(
            id: self.name("T", self.loads.count), loadID: load.id, plantID: self.facilities[plant].id,
            siteID: self.facilities[site].id, plate: self.truck.plate, product: self.random.pick(products) ?? "C30",
            volume: (load.kilograms / (isMixer ? 235 : 190)).rounded() / 10,
            issuedAt: self.clock - self.random.integer(30...120))
        if trip.noteFault == .none { self.issuePrimingTicket(beside: &ticket, load) }
        self.spoil(&ticket, trip.noteFault, load)
        self.tickets.append(ticket)
    }

    /// In a city with an everyday life every fourth load begins a pumped pour: a cubic metre of it is the mortar that
    /// primes the pump, and that has a note of its own. Nothing is drawn, so that all else of the day stays as it is.
    private mutating func issuePrimingTicket(beside ticket: inout PlannedTicket, _ load: Load) {
        guard self.livesEveryday, ticket.volume >= 4,
            (self.loads.count + self.truck.number + self.day).isMultiple(of: 4)
        else { return }
        var priming = ticket
        priming.id += "-P"
        priming.product = self.truck.number.isMultiple(of: 2) ? "润泵砂浆" : "同配比砂浆"
        priming.volume = 1
        priming.issuedAt = max(load.start, ticket.issuedAt - 120)
        ticket.volume = ((ticket.volume - priming.volume) * 10).rounded() / 10
        self.tickets.append(priming)
    }

    private mutating func spoil(_ ticket: inout PlannedTicket, _ fault: Trip.NoteFault, _ load: Load) {
        switch fault {
        case .none: break
        case .otherTruck:
            let others = self.city.trucks.filter { $0.kind == .mixer && $0.number != self.truck.number }
            guard let other = self.random.pick(others) else { return }
            ticket.plate = other.plate
            self.add("ticket-truck-mismatch")
        case .otherTime:
            ticket.issuedAt = max(0, load.start - self.random.integer(22 * 60...28 * 60))
            self.add("ticket-time-mismatch")
        case .tooMuch:
            ticket.volume = self.truck.capacity + 1.5
            self.add("ticket-volume-mismatch")
        case .usedBefore:
            guard let earlier = self.tickets.last(where: { $0.plantID == ticket.plantID }) else { return }
            ticket.id = earlier.id
            self.add("duplicate-ticket")
            for index in self.drops.indices where self.drops[index].loadID == earlier.loadID {
                self.drops[index].expect("duplicate-ticket")
            }
        }
    }

    private mutating func add(_ rule: String) { self.loads[self.loads.count - 1].rules.append(rule) }

    /// What is wrong with the load itself and with its note.
    mutating func noteRulesOfLoad(_ trip: Trip) {
        guard let load = self.loads.last else { return }
        let origin = self.facilities[trip.origin]
        switch origin.kind {
        case .hiddenPlant: self.add("unlicensed-origin")
        case .mortarPlant where self.truck.kind == .mixer: self.add("licence-scope")
        default: if !origin.maySupply { self.add("licence-invalid") }
        }
        if trip.ticketPlant != nil { self.add("name-lending") }
        if trip.ticketSite == nil, load.originKind == .plant, self.truck.kind != .bulkCement {
            self.add("ticket-missing")
        }
        let notes = self.tickets.suffix(2).filter { $0.loadID == load.id }
        let tonnes = notes.reduce(0) { $0 + $1.volume * ($1.product.hasSuffix("砂浆") ? 1.9 : 2.35) }
        if !notes.isEmpty, self.truck.kind == .mixer,
            tonnes + self.truck.tareTonnes > 1.05 * self.truck.grossLimitTonnes
        {
            self.add("overload")
        }
    }
}
