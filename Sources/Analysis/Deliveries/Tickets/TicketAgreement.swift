package import Registers
import Chronology
package import Tracks

/// How well a delivery note and a load fit each other, point by point.
package struct TicketAgreement: Hashable, Sendable {
    /// Whether both say the same.
    package enum Answer: Hashable, Sendable, Codable { case same, different, unknown }

    package var truck: Answer
    package var plant: Answer
    package var site: Answer
    /// Seconds from the note to the truck's stay at the loading place, 0 while it stood there, negative before; `nil`
    /// where the load was not seen.
    package var seconds: Double?
    /// Seconds to the time in which a note of this truck, or one of another, can have been written for the load.
    private let apart: Double
    /// Seconds from a note of the truck's own stay to the end of that stay, which was the loading.
    private let waited: Double
    /// The volume is more than the drum holds.
    package var exceedsDrum: Bool
    /// The note is of the plant at which the truck was loaded before it stood, shortly, at the one that is read.
    package private(set) var isOfEarlierLoad = false
    /// … where it stood too long for the note alone to tell at which of the two plants it was loaded.
    package private(set) var isLoadInDoubt = false
    /// … where the one that is read is a halt outside every register, between two drops.
    private var isOfRest = false

    package init(_ load: CarriedLoad, _ ticket: Ticket, in world: World) {
        self.init(asRead: load, ticket, in: world)
        guard self.plant != .same, let earlier = load.asLoadedEarlier else { return }
        var other = TicketAgreement(asRead: earlier, ticket, in: world)
        guard other.plant == .same, other.truck == .same, other.isPossible(world.parameters.tickets) else { return }
        if load.origin.kind != .plant {
            // The rest of the load before the halt: its note for this site was written with that of the first drop.
            guard other.site == .same, let beside = other.seconds,
                beside.magnitude <= world.parameters.tickets.sameLoadSeconds,
                ticket.issuedAt < load.stay(world.parameters).from
            else { return }
            // Where others are loaded, too, the note alone does not tell.
            other.isLoadInDoubt = load.origin.kind == .suspectedPlant
            other.isOfRest = true
        } else if load.first.isStayLong(world.parameters.cycles) {
            // Written when the truck was gone from there, it is the note of a plant that lends its name.
            guard let beside = other.seconds, beside.magnitude <= world.parameters.tickets.timeDifference,
                ticket.issuedAt < load.stay(world.parameters).from
            else { return }
            other.isLoadInDoubt = true
        }
        other.isOfEarlierLoad = true
        self = other
    }

    /// The notes of both loads together are more than the drum holds, so that one load cannot have been both.
    mutating func doubtEarlierLoad() { self.isLoadInDoubt = true }

    /// The same of the load as it is read, without regard to one before it.
    package init(asRead load: CarriedLoad, _ ticket: Ticket, in world: World) {
        let rules = world.parameters.tickets
        self.truck = Self.truck(load, ticket, world)
        self.plant = Self.plant(load, ticket, world)
        self.site = Self.site(load, ticket, rules.diversion, world)
        let (stay, loading) = (load.stay(world.parameters), load.loading(world.parameters))
        let beside = Self.seconds(from: stay, to: ticket.issuedAt)
        self.seconds = load.loadEnd == nil ? nil : beside
        // Who was loaded early and waits in the yard for the pump has a note from any time of his stay. Another truck's
        // notes of all these hours are no notes of his: of those only the ones of the loading come into question.
        let isOwn = self.truck != .different && self.plant != .different
        self.apart = (isOwn ? beside : Self.seconds(from: loading, to: ticket.issuedAt)).magnitude
        self.waited = isOwn ? max(0, loading.from.seconds(since: max(ticket.issuedAt, stay.from))) : 0
        let vehicle = world.vehicle(load.first.terminal, at: load.loadEnd ?? load.first.unloadStart)
        self.exceedsDrum = Self.exceeds(ticket.volumeCubicMetres, vehicle, world.parameters.volumes)
    }

    /// Whether the two can belong together: near in time, and of one truck, or of one plant and one site.
    func isPossible(_ rules: AnalysisParameters.Tickets) -> Bool {
        guard self.apart <= rules.window else { return false }
        return self.truck == .same || self.plant == .same && self.site == .same
    }

    /// What taking them together costs; whole numbers, so that a sum does not depend on its order.
    func cost(_ rules: AnalysisParameters.Tickets) -> Int {
        func cost(_ answer: Answer, _ different: Int) -> Int {
            switch answer {
            case .same: 0
            case .different: different
            case .unknown: rules.unknownCost
            }
        }
        return cost(self.truck, rules.truckCost) + cost(self.plant, rules.plantCost) + cost(self.site, rules.siteCost)
            // A note of the plant at which it stood so long is the nearer one.
            + (self.isLoadInDoubt && !self.isOfRest ? rules.plantCost : 0)
            // The load that was taken at the plant comes first, wherever it was dropped.
            + (self.isOfRest ? rules.plantCost + rules.siteCost : 0)
            + (self.exceedsDrum ? rules.volumeCost : 0) + Int(min(self.apart, 86_400)) + self.costOfWaiting(rules)
    }

    /// Of several notes of a long stay the latest is the load's; but none costs as much as one beside the time, so that
    /// it is never left for another truck's.
    private func costOfWaiting(_ rules: AnalysisParameters.Tickets) -> Int {
        self.waited > 0 ? Int(rules.timeDifference * self.waited / (self.waited + rules.longestLoad)) : 0
    }

    /// Seconds from a stretch of time to an instant, 0 within it, negative before.
    private static func seconds(from stretch: (from: Instant, to: Instant), to instant: Instant) -> Double {
        instant < stretch.from
            ? instant.seconds(since: stretch.from) : max(0, instant.seconds(since: stretch.to))
    }

    /// Whether the note names a plate that the truck bore between the note and the unloading.
    private static func truck(_ load: CarriedLoad, _ ticket: Ticket, _ world: World) -> Answer {
        if load.plate == ticket.plate { return .same }
        let plates = load.plates(in: world)
        return plates.isEmpty ? .unknown : plates.contains(ticket.plate) ? .same : .different
    }

    private static func plant(_ load: CarriedLoad, _ ticket: Ticket, _ world: World) -> Answer {
        if load.origin.kind == .plant, load.origin.id == ticket.plantID { return .same }
        guard let place = load.origin.coordinate else { return .unknown }
        let time = load.loadEnd ?? load.first.unloadStart
        guard let metres = world.metres(from: place, to: PlaceReference(.plant, ticket.plantID), at: time) else {
            return load.origin.kind == .plant ? .different : .unknown
        }
        if metres <= world.parameters.rules.margin { return .same }
        // Who stands in a neighbour's yard within the queue zone of the note's plant may be waiting for that plant: two
        // plants behind one gate are reached through each other. Outside every fence the catalogue has one margin.
        let mayQueue = load.origin.kind == .plant && metres <= world.parameters.hauls.queueDistance
        return mayQueue ? .unknown : .different
    }

    /// Whether one of the drops was at the note's site.
    private static func site(_ load: CarriedLoad, _ ticket: Ticket, _ distance: Double, _ world: World) -> Answer {
        var isUnknown = false
        for drop in load.drops {
            guard let metres = Self.metresToSite(of: drop, ticket, world) else {
                isUnknown = true
                continue
            }
            if metres <= distance { return .same }
        }
        return isUnknown ? .unknown : .different
    }

    /// Metres from the unloading to the note's site, 0 inside; `nil` where one of them is not known.
    package static func metresToSite(of drop: Delivery, _ ticket: Ticket, _ world: World) -> Double? {
        if drop.destination.kind == .site, drop.destination.id == ticket.siteID { return 0 }
        guard let place = drop.destination.coordinate else { return nil }
        return [PlaceReference.Kind.site, .plant, .place].lazy
            .compactMap { world.metres(from: place, to: PlaceReference($0, ticket.siteID), at: drop.unloadStart) }
            .first
    }

    /// Whether a volume is more than the vehicle's drum holds; false where one of them is not known.
    package static func exceeds(
        _ volume: Double?, _ vehicle: Vehicle?, _ volumes: AnalysisParameters.Volumes
    ) -> Bool {
        guard let volume, let capacity = vehicle?.capacityCubicMetres, capacity > 0 else { return false }
        return volume > capacity * (1 + volumes.drumTolerance) + 1e-9
    }
}
