import Geodesy
import Registers

/// The city itself: roads, places, firms and trucks. It stays as it is; what happens in it is planned day by day.
struct City: Sendable {
    let plan: CityPlan
    var roads: RoadNetwork
    var facilities: [Facility]
    var districts: [District]
    var companies: [Company]
    var trucks: [Truck] = []
    /// Boxes that report now and then, and that no register knows.
    var strangers: [Truck] = []
    /// Roads that are closed to trucks at some hours.
    var zones: [Zone] = []
    /// The quickest ways to every facility, in two moods of the traffic.
    private var routes: [[RouteTree]] = []
    /// Where a truck may go on purpose that queues; `nil` where roads were built without one.
    private(set) var ferry: Ferry?
    let planned = PlannedDays()

    init(plan: CityPlan) {
        self.plan = plan
        var random = SplitMix64(seed: plan.seed, for: .roads)
        var builder = FacilityBuilder(roads: RoadNetwork.city(using: &random), plan: plan)
        builder.build()
        self.roads = builder.roads
        self.facilities = builder.facilities
        self.districts = builder.districts
        self.companies = builder.companies
        let even = Array(repeating: 1.0, count: self.roads.roads.count)
        let uneven = even.map { _ in random.uniform(0.75, 1.25) }
        for facility in self.facilities {
            let trees = [even, uneven].map { RouteTree(to: facility.node, in: self.roads, weights: $0) }
            self.routes.append(trees)
        }
        for number in 0..<plan.trucks { self.trucks.append(Truck(number: number, in: self)) }
        if plan.hasEveryCase {
            self.giveDrumSensors()
            self.ferry = Ferry(in: self.roads)
        }
        self.strangers = Stranger.all(in: self)
        self.zones = ClosedRoads.zones(in: self)
    }

    /// To a third of the mixers, the nearest whole number of them; where there is one, somebody who breaks the rules
    /// has one, too: what only a sensor shows is to be seen.
    private mutating func giveDrumSensors() {
        var mixers = self.trucks.indices.filter { self.trucks[$0].kind == .mixer && !self.trucks[$0].isPump }
        mixers.sort { (self.trucks[$0].habits.drumRank, $0) < (self.trucks[$1].habits.drumRank, $1) }
        var chosen = Array(mixers.prefix((2 * mixers.count + 3) / 6))
        if !chosen.isEmpty, !chosen.contains(where: { self.trucks[$0].isCrooked }),
            let crooked = mixers.first(where: { self.trucks[$0].isCrooked })
        {
            chosen[chosen.count - 1] = crooked
        }
        for index in mixers { self.trucks[index].habits.hasDrum = chosen.contains(index) }
    }

    /// Indices of the facilities of this kind.
    func facilities(_ kind: Facility.Kind) -> [Int] {
        self.facilities.indices.filter { self.facilities[$0].kind == kind }
    }

    /// Sites to which mixers go.
    var pouringSites: [Int] { self.facilities(.site).filter { !self.facilities[$0].mixesItsOwn } }

    func routes(to facility: Int, mood: Int) -> RouteTree { self.routes[facility][mood] }

    /// Seconds to drive from one facility to the other on free roads.
    func freeSeconds(from: Int, to: Int) -> Double {
        self.routes[to][0].seconds[self.facilities[from].node]
    }

    /// The facility of `kind` that makes the least detour, if that costs less than `limit` seconds of driving.
    func facility(_ kind: Facility.Kind, between from: Int, and to: Int, detourBelow limit: Double) -> Int? {
        let direct = self.freeSeconds(from: from, to: to)
        let detours = self.facilities(kind).map { facility in
            let through = self.freeSeconds(from: from, to: facility) + self.freeSeconds(from: facility, to: to)
            return (facility: facility, seconds: through - direct)
        }
        guard let best = detours.min(by: { $0.seconds < $1.seconds }), best.seconds < limit else { return nil }
        return best.facility
    }
}
