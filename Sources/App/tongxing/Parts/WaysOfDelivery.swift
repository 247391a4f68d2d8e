import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Tracks

/// The roads and the ways that a delivery is compared with, and its own way, which later ones are compared with.
struct WaysOfDelivery {
    private let roads: RoadStore
    private let corridors: CorridorStore
    private let log: PositionLog
    private let world: World

    init(connection: PostgresConnection, world: World) {
        self.roads = RoadStore(connection: connection)
        self.corridors = CorridorStore(connection: connection)
        self.log = PositionLog(connection: connection)
        self.world = world
    }

    /// Adds what is known of the roads where the truck stood, or is read to have been unloaded outside every register,
    /// and of the ways that others took before it.
    func fill(_ context: inout DeliveryContext, of delivery: Delivery, terminal: Int32) throws {
        let parameters = self.world.parameters
        let halts = (delivery.haul?.halts ?? []).filter {
            $0.place == nil && $0.seconds >= parameters.hauls.stopSeconds
        }
        let spots = halts.map(\.coordinate) + (delivery.unregisteredDrop.map { [$0] } ?? [])
        if !spots.isEmpty {
            let day = (delivery.loadEnd ?? delivery.unloadStart).date(at: .shanghai)
            context.roads = try self.roads.roads(
                around: spots,
                first: CivilDate(daysSince1970: day.daysSince1970 - max(0, parameters.roads.days - 1)), last: day,
                parameters)
        }
        guard let pair = Self.pair(of: delivery, context), let loadEnd = delivery.loadEnd else { return }
        context.corridors = try self.corridors.corridors(
            pair, before: loadEnd, loadID: delivery.loadID, parameters)
        context.way = try self.way(of: terminal, from: loadEnd, to: delivery.unloadStart)
    }

    /// Learns the way of a load that nothing was found against, and forgets that of any other.
    func learn(_ judged: JudgedDelivery, _ context: DeliveryContext) throws {
        let delivery = judged.delivery
        let limit = self.world.parameters.corridors.tripLimit
        // A later drop neither teaches a way nor takes one back.
        guard !context.otherDrops.contains(where: { $0.unloadStart < delivery.unloadStart }) else { return }
        guard judged.verdict == .clear, let pair = Self.pair(of: delivery, context), let loadEnd = delivery.loadEnd,
            let way = context.way, way.count > 1
        else { return try self.corridors.forget(delivery.loadID, tripLimit: limit) }
        try self.corridors.learn(
            self.world.parameters.corridors.points(of: way), of: delivery.loadID, at: loadEnd, for: pair,
            tripLimit: limit)
    }

    /// From which plant to which site; `nil` where a note says another site, and for a later drop of a load, whose way
    /// leads over the earlier one's site.
    private static func pair(of delivery: Delivery, _ context: DeliveryContext) -> Corridors.Pair? {
        guard delivery.origin.kind == .plant, let plant = delivery.origin.id, delivery.destination.kind == .site,
            let site = delivery.destination.id, context.ticket.match.map({ $0.ticket.siteID == site }) ?? true,
            !context.otherDrops.contains(where: { $0.unloadStart < delivery.unloadStart })
        else { return nil }
        return Corridors.Pair(plantID: plant, siteID: site)
    }

    private func way(of terminal: Int32, from: Instant, to: Instant) throws -> [Fix] {
        var cleaner = TrackCleaner()
        return try self.log.positions(of: terminal, from: from, to: to).compactMap { row in
            switch cleaner.take(row.report, self.world.parameters.cleaning) {
            case .accepted(let fix), .restarted(let fix): fix
            case .withoutFix, .frozen, .spike, .notLater: nil
            }
        }
    }
}
