package import Chronology
package import Tracks

/// One load with all its drops: what a delivery note is written for.
package struct CarriedLoad: Hashable, Sendable {
    package let loadID: String
    /// By the start of unloading; at least one.
    package let drops: [Delivery]

    /// `nil` without a drop.
    package init?(_ drops: [Delivery]) {
        guard let first = drops.first else { return nil }
        self.loadID = first.loadID
        self.drops = drops.sorted { ($0.unloadStart, $0.deliveryID) < ($1.unloadStart, $1.deliveryID) }
    }

    /// The loads of some deliveries, in an order that does not depend on theirs.
    package static func loads(of deliveries: [Delivery]) -> [CarriedLoad] {
        Dictionary(grouping: deliveries, by: \.loadID).values
            .compactMap { CarriedLoad($0) }
            .sorted { ($0.first.unloadStart, $0.loadID) < ($1.first.unloadStart, $1.loadID) }
    }

    package var first: Delivery { self.drops[0] }
    package var plate: String? { self.first.plate }
    package var origin: DeliveryEnd { self.first.origin }
    package var loadEnd: Instant? { self.first.loadEnd }

    /// The same load, had it merely stood where it is read to have been taken and been loaded at the plant before;
    /// `nil` where that cannot be.
    var asLoadedEarlier: CarriedLoad? {
        let drops = self.drops.compactMap(\.asLoadedEarlier)
        return drops.count == self.drops.count ? CarriedLoad(drops) : nil
    }

    /// The plates that the truck bore from when a note of the load can have been written until it was unloaded, or so
    /// many seconds before and after that: a note names the plate of its time, a delivery that of the unloading.
    package func plates(in world: World, around seconds: Double = 0) -> Set<String> {
        let stay = self.stay(world.parameters)
        let before = max(seconds, world.parameters.tickets.window)
        let end = self.drops.map(\.unloadEnd).max() ?? stay.to
        let known = world.plates(
            self.first.terminal, from: stay.from.advanced(bySeconds: -before),
            to: max(end.advanced(bySeconds: seconds), stay.to.advanced(bySeconds: before)))
        return Set(known).union(self.drops.compactMap(\.plate))
    }

    /// All plates of whose notes some loads can be, or could be if their trucks' clocks were a day off; in their order.
    package static func plates(of deliveries: [Delivery], in world: World) -> [String] {
        let day = world.parameters.tickets.clockDay
        return Set(Self.loads(of: deliveries).flatMap { $0.plates(in: world, around: day) }).sorted()
    }

    /// The plants of whose notes it may be without naming its truck, in their order: those within whose margin it was
    /// loaded.
    func plants(in world: World) -> [String] {
        var plants = Set<String>()
        if self.origin.kind == .plant, let id = self.origin.id { plants.insert(id) }
        if let place = self.origin.coordinate {
            plants.formUnion(
                world.plants(
                    within: world.parameters.rules.margin, of: place, at: self.loadEnd ?? self.first.unloadStart))
        }
        return plants.sorted()
    }

    /// When it stood where it was loaded; of a load that was not seen the time in which it can have happened.
    package func stay(_ parameters: AnalysisParameters) -> (from: Instant, to: Instant) {
        guard let end = self.first.loadEnd else { return self.loading(parameters) }
        return (min(self.first.loadStart ?? end, end), end)
    }

    /// When it was loaded, as near as is known: of a long visit to a plant the last part, of a load that was not seen
    /// the time in which it can have happened.
    func loading(_ parameters: AnalysisParameters) -> (from: Instant, to: Instant) {
        let drop = self.first
        guard let end = drop.loadEnd else {
            let oldest = drop.unloadStart.advanced(bySeconds: -parameters.cycles.freshSeconds)
            return (max(oldest, drop.haul?.since ?? oldest), drop.unloadStart)
        }
        return (max(drop.loadStart ?? end, end.advanced(bySeconds: -parameters.tickets.longestLoad)), end)
    }
}
