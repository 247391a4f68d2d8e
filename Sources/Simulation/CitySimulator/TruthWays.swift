import Chronology

/// Which loads left every way that had been driven from their plant to their site, by where the trucks really were:
/// whoever drove one of them, and for whatever reason.
struct TruthWays {
    /// Drops before which the truck was off every known way for long enough.
    private(set) var unusual: Set<String> = []

    /// Ways that have to be known, and that are remembered; metres off them all, and seconds, that are unusual.
    private static let known = 5
    private static let remembered = 20
    private static let distance = 500.0
    private static let length = 180
    /// Seconds between two looks at a truck.
    private static let step = 20
    /// What a truck does at a place that the register knows. Who goes there has left the way for it.
    private static let errands: [TruckDay.Activity] = [.refuelling, .weighing, .washing, .resting, .parked]

    /// From which plant to which site.
    private struct Pair: Hashable {
        var plant: String
        var site: String
    }

    /// Where a truck is at one second of its day.
    private struct Spot {
        var second: Int
        var point: Point
        var isOnErrand: Bool
        var isDark: Bool
    }

    /// A stretch off every known way.
    private struct Departure {
        var start: Int
        var end: Int
        var hasErrand = false
    }

    /// - Parameter days: of all trucks since the first day.
    init(_ drops: [TruthDelivery], days: [TruckDay], in city: City) {
        let dayOfLoad = Dictionary(
            days.flatMap { day in day.drops.map { ($0.loadID, day) } }, uniquingKeysWith: { first, _ in first })
        for loads in Self.loads(drops).values where loads.count > Self.known {
            let ways = loads.map { load in
                dayOfLoad[load.loadID].map { Self.way(of: load, on: $0, in: city) } ?? []
            }
            let dates = loads.map { dayOfLoad[$0.loadID]?.day ?? 0 }
            for (index, load) in loads.enumerated() {
                // What a later day teaches, by whatever clock, changes nothing about this one.
                let known = (0..<index).filter {
                    !loads[$0].isBlackSupply && dates[$0] <= dates[index]
                        && loads[$0].asRecorded.loadEnd < load.asRecorded.loadEnd
                }
                guard known.count >= Self.known else { continue }
                let others = known.suffix(Self.remembered).reversed().map { ways[$0] }
                if Self.isUnusual(ways[index], among: others) { self.unusual.insert(load.truthID) }
            }
        }
    }

    /// The first drops of the loads that went from a plant to a site, in the order in which the loads ended by the
    /// terminals' clocks, which is all that anybody can order them by.
    private static func loads(_ drops: [TruthDelivery]) -> [Pair: [TruthDelivery]] {
        let byLoad = Dictionary(grouping: drops, by: \.loadID)
        let firsts = byLoad.values.compactMap { drops in drops.min { $0.unloadStart < $1.unloadStart } }
        let fit = firsts.filter { $0.originKind == .plant && $0.destinationKind == .site }
        return Dictionary(grouping: fit) { Pair(plant: $0.originID, site: $0.destinationID) }
            .mapValues { loads in
                loads.sorted { ($0.asRecorded.loadEnd, $0.loadID) < ($1.asRecorded.loadEnd, $1.loadID) }
            }
    }

    private static func way(of load: TruthDelivery, on day: TruckDay, in city: City) -> [Spot] {
        let start = city.plan.start(ofDay: day.day)
        let from = max(0, Int(load.loadEnd.seconds(since: start)))
        let to = min(TruckDay.length - 1, Int(load.unloadStart.seconds(since: start)))
        var spots: [Spot] = []
        var segment = 0
        for second in stride(from: from, through: to, by: Self.step) {
            let state = day.state(at: second, from: &segment)
            spots.append(
                Spot(
                    second: second, point: state.point, isOnErrand: Self.errands.contains(state.activity),
                    isDark: day.isDark(at: second)))
        }
        return spots
    }

    private static func isUnusual(_ way: [Spot], among others: [[Spot]]) -> Bool {
        var departures: [Departure] = []
        var wasOff = false
        // What nobody saw is neither on nor off a way.
        for spot in way where !spot.isDark {
            let isOff = !others.contains { Self.isNear(spot.point, $0) }
            if isOff {
                if !wasOff { departures.append(Departure(start: spot.second, end: spot.second)) }
                departures[departures.count - 1].end = spot.second
                if spot.isOnErrand { departures[departures.count - 1].hasErrand = true }
            }
            wasOff = isOff
        }
        return departures.contains { !$0.hasErrand && $0.end - $0.start > Self.length }
    }

    private static func isNear(_ point: Point, _ way: [Spot]) -> Bool {
        zip(way, way.dropFirst()).contains { from, to in
            // Most are far away; between two looks no truck drives half a kilometre.
            abs(from.point.x - point.x) < 2 * Self.distance && abs(from.point.y - point.y) < 2 * Self.distance
                && point.distance(toSegment: from.point, to.point) <= Self.distance
        }
    }
}
