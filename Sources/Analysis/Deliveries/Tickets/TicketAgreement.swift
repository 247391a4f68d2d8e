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
    /// Seconds from the note to the loading, 0 while it went on, negative before; `nil` where it was not seen.
    package var seconds: Double?
    /// Seconds to the time in which it was, or can have been, loaded.
    private let apart: Double
    /// The volume is more than the drum holds.
    package var exceedsDrum: Bool
    /// The note is of the plant at which the truck was loaded before it stood, shortly, at the one that is read.
    package private(set) var isOfEarlierLoad = false

    package init(_ load: CarriedLoad, _ ticket: Ticket, in world: World) {
        self.init(asRead: load, ticket, in: world)
        guard self.plant != .same, let earlier = load.asLoadedEarlier else { return }
        var other = TicketAgreement(asRead: earlier, ticket, in: world)
        guard other.plant == .same, other.truck == .same, other.isPossible(world.parameters.tickets) else { return }
        other.isOfEarlierLoad = true
        self = other
    }

    private init(asRead load: CarriedLoad, _ ticket: Ticket, in world: World) {
        let rules = world.parameters.tickets
        self.truck = load.plate.map { $0 == ticket.plate ? .same : .different } ?? .unknown
        self.plant = Self.plant(load, ticket, world)
        self.site = Self.site(load, ticket, rules.diversion, world)
        let loading = load.loading(world.parameters)
        let signed =
            ticket.issuedAt < loading.from
            ? ticket.issuedAt.seconds(since: loading.from) : max(0, ticket.issuedAt.seconds(since: loading.to))
        self.apart = signed.magnitude
        self.seconds = load.loadEnd == nil ? nil : signed
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
            + (self.exceedsDrum ? rules.volumeCost : 0) + Int(min(self.apart, 86_400))
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
