package import Chronology
package import Registers
package import Tracks

/// Which delivery note belongs to which load.
///
/// One to one, by the cheapest assignment over all loads and notes at once: a load takes the note that fits it, not
/// the one that comes first. A note belongs to a load; a second drop needs none of its own. What fits nothing stays
/// unmatched, and that is a result, too.
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
    private let repeated: RepeatedNumbers

    package init(_ deliveries: [Delivery], _ tickets: [Ticket], in world: World) {
        let tickets = tickets.sorted(by: Ticket.isOrdered)
        let all = CarriedLoad.loads(of: deliveries)
        let clocks = TicketClocks(all, tickets, in: world)
        let loads = all.filter { load in load.plate.map { clocks.shifts[$0] == nil } ?? true }
        let table = TicketTable(loads, tickets, in: world)
        self.clocks = clocks
        let chosen = table.assigned()
        var matches: [TicketMatch] = []
        var taken = Set<Int>()
        for (index, load) in loads.enumerated() {
            guard let ticket = chosen[index] else { continue }
            taken.insert(ticket)
            matches.append(
                TicketMatch(
                    ticket: tickets[ticket], load: load,
                    agreement: TicketAgreement(load, tickets[ticket], in: world)))
        }
        self.matches = matches.sorted {
            Ticket.isOrdered($0.ticket, $1.ticket)
                || $0.ticket == $1.ticket && $0.load.loadID < $1.load.loadID
        }
        self.unmatchedTickets = tickets.indices.filter { !taken.contains($0) }.map { tickets[$0] }
        self.unmatchedLoads = loads.indices.filter { chosen[$0] == nil }.map { loads[$0] }
        self.coverage = TicketCoverage(tickets)
        self.byLoad = Dictionary(matches.map { ($0.load.loadID, $0) }, uniquingKeysWith: { first, _ in first })
        self.repeated = RepeatedNumbers(tickets)
    }

    /// The match of the load to which a delivery belongs.
    package func match(of delivery: Delivery) -> TicketMatch? { self.byLoad[delivery.loadID] }

    /// Whether the truck's clock does not fit its notes, so that no time of theirs can be compared.
    package func isClockInDoubt(plate: String?) -> Bool { self.clockShift(plate: plate) != nil }

    /// By how many seconds the truck's loads would have to be later to fit its notes; `nil`: its clock is not in doubt.
    package func clockShift(plate: String?) -> Double? { plate.flatMap { self.clocks.shifts[$0] } }

    /// The other notes of the same plant with the same number.
    package func repetitions(of ticket: Ticket) -> [Ticket] { self.repeated.others(of: ticket) }
}

/// A load and the note that was written for it.
package struct TicketMatch: Hashable, Sendable {
    package var ticket: Ticket
    package var load: CarriedLoad
    package var agreement: TicketAgreement

    package init(ticket: Ticket, load: CarriedLoad, agreement: TicketAgreement) {
        self.ticket = ticket
        self.load = load
        self.agreement = agreement
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

/// For which plants and days there is a source of notes: a plant that issued one on a day is covered on that day.
package struct TicketCoverage: Hashable, Sendable {
    private var days: Set<PlantDay>

    /// A plant and a day in China.
    private struct PlantDay: Hashable {
        var plant: String
        var day: CivilDate
    }

    package init(_ tickets: [Ticket] = []) {
        self.days = Set(tickets.map { PlantDay(plant: $0.plantID, day: $0.issuedAt.date(at: .shanghai)) })
    }

    package func covers(plant: String, at instant: Instant) -> Bool {
        self.days.contains(PlantDay(plant: plant, day: instant.date(at: .shanghai)))
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
