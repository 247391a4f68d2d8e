package import Chronology
package import Registers
package import Tracks

/// Which delivery note belongs to which load.
///
/// One to one, by the cheapest assignment over all loads and notes at once: a load takes the note that fits it, not
/// the one that comes first. A note belongs to a load; a second drop needs none of its own. Several notes that were
/// written for one load (`SameLoadNotes`) go together. What fits nothing stays unmatched, and that is a result, too.
///
/// Give it the deliveries and notes of any stretch of time. A pair is decided by what is tied to it through possible
/// pairs, hardly ever more than the loads of a few hours: if the stretch begins and ends in a quiet hour, or a few
/// hours before and after the loads that are asked for, a longer one gives the same answer. That a clock is off shows
/// only where its loads and the notes so far beside them are both in it: `AnalysisParameters.Tickets.reach` on both
/// sides.
package struct TicketMatching: Sendable {
    /// Loads with their notes, by the note's time.
    package let matches: [TicketMatch]
    package let unmatchedTickets: [Ticket]
    package let unmatchedLoads: [CarriedLoad]
    /// For which plants and days there are notes at all.
    package let coverage: TicketCoverage
    /// Trucks whose loads and notes are left out, as their clock does not fit.
    private let clocks: TicketClocks
    private let byLoad: [String: TicketMatch]
    /// What the truck of a load is, where the register knows it.
    private let kinds: [String: Vehicle.Kind]
    private let repeated: RepeatedNumbers

    package init(_ deliveries: [Delivery], _ tickets: [Ticket], in world: World) {
        let tickets = tickets.sorted(by: Ticket.isOrdered)
        let all = CarriedLoad.loads(of: deliveries)
        let clocks = TicketClocks(all, tickets, in: world)
        let loads = all.filter { load in load.plate.map { clocks.shifts[$0] == nil } ?? true }
        let table = TicketTable(loads, tickets, in: world)
        self.clocks = clocks
        let groups = SameLoadNotes(table, tickets, in: world).groups
        let chosen = (groups.count == tickets.count ? table : table.grouped(groups)).assigned()
        var matches: [TicketMatch] = []
        var taken = Set<Int>()
        for (index, load) in loads.enumerated() {
            guard let group = chosen[index] else { continue }
            taken.formUnion(groups[group])
            if let match = TicketMatch(groups[group].map { tickets[$0] }, of: load, in: world) { matches.append(match) }
        }
        Self.doubtWhatNoDrumHolds(&matches, in: world)
        self.matches = matches.sorted {
            Ticket.isOrdered($0.ticket, $1.ticket)
                || $0.ticket == $1.ticket && $0.load.loadID < $1.load.loadID
        }
        self.unmatchedTickets = tickets.indices.filter { !taken.contains($0) }.map { tickets[$0] }
        self.unmatchedLoads = loads.indices.filter { chosen[$0] == nil }.map { loads[$0] }
        self.coverage = TicketCoverage(tickets, in: world)
        let kinds = all.compactMap { load in
            world.vehicle(load.first.terminal, at: load.loadEnd ?? load.first.unloadStart)
                .map { (load.loadID, $0.kind) }
        }
        self.kinds = Dictionary(kinds, uniquingKeysWith: { first, _ in first })
        self.byLoad = Dictionary(matches.map { ($0.load.loadID, $0) }, uniquingKeysWith: { first, _ in first })
        self.repeated = RepeatedNumbers(tickets)
    }

    /// A rest of the load before, by its note, which one drum cannot have held with what was dropped first, is left
    /// open: a plant that lends its name writes a second full note at once.
    private static func doubtWhatNoDrumHolds(_ matches: inout [TicketMatch], in world: World) {
        for index in matches.indices {
            let match = matches[index]
            guard match.agreement.isOfEarlierLoad, match.load.origin.kind != .plant,
                let earlier = match.load.first.haul?.earlier
            else { continue }
            let parts = matches.filter {
                $0.load.first.terminal == match.load.first.terminal
                    && ($0.load.loadEnd == earlier.end
                        || $0.agreement.isOfEarlierLoad && $0.load.first.haul?.earlier == earlier)
            }
            let volume = Ticket.cubicMetres(of: parts.flatMap(\.notes))
            let vehicle = world.vehicle(match.load.first.terminal, at: earlier.end)
            if TicketAgreement.exceeds(volume, vehicle, world.parameters.volumes) {
                matches[index].agreement.doubtEarlierLoad()
            }
        }
    }

    /// The match of the load to which a delivery belongs.
    package func match(of delivery: Delivery) -> TicketMatch? { self.byLoad[delivery.loadID] }

    /// Whether a source of notes covers the plant of a load at that time, for what such a truck carries.
    package func covers(_ delivery: Delivery, plant: String, at loadEnd: Instant) -> Bool {
        self.coverage.covers(plant: plant, at: loadEnd, by: self.kinds[delivery.loadID])
    }

    /// Whether the truck's clock does not fit its notes, so that no time of theirs can be compared.
    package func isClockInDoubt(plate: String?) -> Bool { self.clockShift(plate: plate) != nil }

    /// By how many seconds the truck's loads would have to be later to fit its notes; `nil`: its clock is not in doubt.
    package func clockShift(plate: String?) -> Double? { plate.flatMap { self.clocks.shifts[$0] } }

    /// The other notes of the same plant with the same number.
    package func repetitions(of ticket: Ticket) -> [Ticket] { self.repeated.others(of: ticket) }

    /// The same of all notes of a load.
    package func repetitions(of match: TicketMatch) -> [Ticket] { match.notes.flatMap { self.repetitions(of: $0) } }
}

/// A load and the note that was written for it, or the notes.
package struct TicketMatch: Hashable, Sendable {
    /// The note by which the load is judged: of several the largest.
    package var ticket: Ticket
    /// All of them, in their order.
    package var notes: [Ticket]
    /// The one whose time fits best.
    package var nearest: Ticket
    package var load: CarriedLoad
    /// Of the nearest one; of the volume of all.
    package var agreement: TicketAgreement

    /// Notes in their order; `nil` without one.
    init?(_ notes: [Ticket], of load: CarriedLoad, in world: World) {
        let rules = world.parameters.tickets
        let fits = notes.map { (note: $0, agreement: TicketAgreement(load, $0, in: world)) }
        let possible = fits.filter { $0.agreement.isPossible(rules) }
        guard let largest = Ticket.largest(of: notes, rules),
            let best = (possible.isEmpty ? fits : possible)
                .min(by: { $0.agreement.cost(rules) < $1.agreement.cost(rules) })
        else { return nil }
        (self.ticket, self.notes, self.nearest, self.load) = (largest, notes, best.note, load)
        self.agreement = best.agreement
        guard notes.count > 1 else { return }
        let vehicle = world.vehicle(load.first.terminal, at: load.loadEnd ?? load.first.unloadStart)
        self.agreement.exceedsDrum = TicketAgreement.exceeds(self.cubicMetres, vehicle, world.parameters.volumes)
    }

    /// What all notes say together; `nil` where none says it.
    package var cubicMetres: Double? { Ticket.cubicMetres(of: self.notes) }

    /// The numbers of the other notes, each once, in the order of their time.
    package var otherNumbers: [String] {
        self.notes.reduce(into: []) { numbers, note in
            if note.ticketID != self.ticket.ticketID, !numbers.contains(note.ticketID) { numbers.append(note.ticketID) }
        }
    }

    /// In what the two do not fit.
    package enum Difference: String, Hashable, Sendable, Codable, CaseIterable { case truck, plant, site, time, volume }

    /// The differences, by the thresholds of the rules that report them.
    package func differences(_ parameters: AnalysisParameters) -> [Difference] {
        var found: [Difference] = []
        if self.agreement.truck == .different { found.append(.truck) }
        if self.agreement.plant == .different { found.append(.plant) }
        if self.agreement.site == .different { found.append(.site) }
        if let seconds = self.agreement.seconds, seconds.magnitude > parameters.tickets.timeDifference {
            found.append(.time)
        }
        if self.agreement.exceedsDrum { found.append(.volume) }
        return found
    }
}

/// For which plants, days and products there is a source of notes: a plant that issued one on a day is covered on that
/// day for trucks that carry such.
package struct TicketCoverage: Hashable, Sendable {
    private var days: Set<PlantDay>

    /// A plant and a day in China, and what its note is of; `nil`: neither the note nor the register of vehicles says.
    private struct PlantDay: Hashable {
        var plant: String
        var day: CivilDate
        var product: ProductKind?
    }

    package init(_ tickets: [Ticket] = [], in world: World) {
        self.days = Set(
            tickets.map { note in
                let truck = world.index.vehicle(plate: note.plate, at: note.issuedAt)
                return PlantDay(
                    plant: note.plantID, day: note.issuedAt.date(at: .shanghai),
                    product: note.product.flatMap(ProductKind.init(product:))
                        ?? (truck?.kind).flatMap { Self.products(of: $0).first })
            })
    }

    /// A note of concrete says nothing of a tanker's cement, nor the other way round.
    /// - Parameter kind: of the truck that was loaded; `nil`: not known, any note covers it.
    package func covers(plant: String, at instant: Instant, by kind: Vehicle.Kind? = nil) -> Bool {
        let day = instant.date(at: .shanghai)
        let products: [ProductKind?] = [nil] + (kind.map(Self.products) ?? ProductKind.allCases)
        return products.contains { self.days.contains(PlantDay(plant: plant, day: day, product: $0)) }
    }

    /// What such a truck carries, first what it is built for.
    private static func products(of kind: Vehicle.Kind) -> [ProductKind] {
        switch kind {
        case .mixer: [.concrete, .mortar]
        case .bulkCement: [.cement, .mortar]
        case .mortar: [.mortar]
        }
    }

    /// Whether any plant is covered on that day.
    package func covers(_ instant: Instant) -> Bool {
        let day = instant.date(at: .shanghai)
        return self.days.contains { $0.day == day }
    }
}

/// Numbers that a plant has used more than once.
private struct RepeatedNumbers: Sendable {
    private let byNumber: [[String]: [Ticket]]

    /// Tickets in their order.
    init(_ tickets: [Ticket]) {
        self.byNumber = Dictionary(grouping: tickets) { [$0.plantID, $0.ticketID] }.filter { $0.value.count > 1 }
    }

    func others(of ticket: Ticket) -> [Ticket] {
        (self.byNumber[[ticket.plantID, ticket.ticketID]] ?? []).filter { $0.identity != ticket.identity }
    }
}
