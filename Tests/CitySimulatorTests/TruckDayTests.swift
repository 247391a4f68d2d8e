import Chronology
import Geodesy
import Registers
import Testing

@testable import CitySimulator

@Suite("Trucks move as trucks do")
struct TruckDayTests {
    /// A city with two of its days.
    struct Lived: CustomTestStringConvertible {
        var city: SimulatedCity
        var days: [TruckDay]
        var testDescription: String { "seed \(self.city.plan.seed)" }

        init(seed: UInt64, trucks: Int) {
            self.city = SimulatedCity(CityPlan(seed: seed, trucks: trucks, days: 2))
            self.days = self.city.days(0) + self.city.days(1)
        }
    }

    static let cities = [UInt64(1), 7].map { Lived(seed: $0, trucks: 16) }

    @Test("A day is one chain of standing and driving that begins and ends on the truck's own spot", arguments: cities)
    func chain(lived: Lived) {
        for day in lived.days {
            let truck = lived.city.city.trucks[day.truck]
            #expect(day.segments.first?.start == 0)
            #expect(day.segments.last?.end == TruckDay.length)
            #expect(day.segments.first?.point == truck.parking)
            #expect(day.segments.last?.point == truck.parking)
            #expect(day.segments.last?.drive == nil)
            for (a, b) in zip(day.segments, day.segments.dropFirst()) {
                #expect(a.end == b.start)
                let end = a.drive.map { $0.path.point(at: $0.path.length).point } ?? a.point
                #expect(end.distance(to: b.point) < 0.1)
                #expect(a.loadAtEnd == b.loadAtStart)
            }
        }
    }

    @Test("No truck is faster than 90 km/h but one that rushes home, and none leaves the roads", arguments: cities)
    func speedAndRoads(lived: Lived) {
        let city = lived.city.city
        for day in lived.days.prefix(6) {
            let home = DriveHome.Kind(of: city.trucks[day.truck], day: day.day, plan: city.plan)
            let drives = day.segments.compactMap(\.drive)
            for (number, drive) in drives.enumerated() {
                let isRushed = home == .rushed && number == drives.count - 1
                let fastest = (0...drive.seconds).map { drive.speed(at: $0) }.max() ?? 0
                // Metres are kept to a few millimetres.
                #expect(fastest <= (isRushed ? 106 : 90) / 3.6 + 0.01)
                let gains = (1...drive.seconds).map { drive.speed(at: $0) - drive.speed(at: $0 - 1) }
                #expect((gains.max() ?? 0) < 1.1)
                #expect((gains.min() ?? 0) > -4.5)
                for second in stride(from: 0, to: drive.seconds, by: 53) {
                    let point = drive.path.point(at: Double(drive.travelled[second])).point
                    #expect(self.isOnRoad(point, in: city), "\(point) of truck \(day.truck)")
                }
            }
        }
    }

    private func isOnRoad(_ point: Point, in city: City) -> Bool {
        let isOnRoad = city.roads.roads.contains { road in
            zip(road.shape, road.shape.dropFirst()).contains { point.distance(toSegment: $0, $1) < 10 }
        }
        return isOnRoad
            || city.facilities.contains { facility in
                facility.yard.contains(point)
                    || point.distance(toSegment: facility.yard.gate, city.roads.nodes[facility.node]) < 10
            }
    }

    @Test(
        "A working mixer carries two to eight loads a day, a tanker and a mortar truck one to four", arguments: cities)
    func loadsPerDay(lived: Lived) {
        var working = 0
        for day in lived.days {
            let loads = Set(day.drops.map(\.loadID)).count
            guard loads > 0 else {
                #expect(day.metres == 0 || lived.city.city.trucks[day.truck].isPump || !day.incidents.isEmpty)
                continue
            }
            working += 1
            let isMixer = lived.city.city.trucks[day.truck].kind == .mixer
            #expect((isMixer ? 2...8 : 1...4).contains(loads), "truck \(day.truck), day \(day.day)")
        }
        #expect(working > 25)
    }

    @Test("Loading and unloading take as long as they do", arguments: cities)
    func durations(lived: Lived) {
        for day in lived.days {
            let isMixer = lived.city.city.trucks[day.truck].kind == .mixer
            for drop in day.drops {
                let load = drop.loadEnd.seconds(since: drop.loadStart) / 60
                let haul = drop.unloadStart.seconds(since: drop.loadEnd) / 60
                let unload = drop.unloadEnd.seconds(since: drop.unloadStart) / 60
                #expect((isMixer ? 5...18 : 10...45).contains(load))
                // Half a minute to a site beside the plant.
                #expect((0.3...260).contains(haul))
                #expect((isMixer ? 4...45 : 25...95).contains(unload))
            }
        }
    }

    @Test("Days of a night shift end in time, for many seeds")
    func curfew() {
        for seed in UInt64(100)..<104 {
            let city = SimulatedCity(CityPlan(seed: seed, trucks: 24, days: 1))
            for day in city.days(0) {
                #expect((day.segments.last?.start ?? .max) < TruckDay.length, "seed \(seed), truck \(day.truck)")
            }
        }
    }
}

@Suite("The truth is true")
struct TruthTests {
    private static let cities = [UInt64(2), 9].map { TruckDayTests.Lived(seed: $0, trucks: 30) }

    private func fence(_ id: String, in city: SimulatedCity) -> Fence? {
        city.city.facilities.first { $0.id == id }?.yard.fence
    }

    @Test(
        "The truck stands inside the fence of the place that the truth names, and comes through it on time",
        arguments: cities)
    func insideTheFence(lived: TruckDayTests.Lived) throws {
        for day in lived.days {
            for drop in day.drops {
                for (id, spot, start, end) in [
                    (drop.originID, drop.originCoordinate, drop.loadStart, drop.loadEnd),
                    (drop.destinationID, drop.destinationCoordinate, drop.unloadStart, drop.unloadEnd),
                ] {
                    let fence = try #require(self.fence(id, in: lived.city))
                    #expect(fence.contains(spot))
                    let seconds = [start, end].map { Int($0.seconds(since: lived.city.plan.start(ofDay: day.day))) }
                    for (second, isInside) in [
                        (seconds[0] - 15, false), (seconds[0] + 15, true), (seconds[1] - 15, true),
                        (seconds[1] + 15, false),
                    ] {
                        var segment = 0
                        let state = day.state(at: second, from: &segment)
                        // A truck that crawls is still within a few metres of the gate.
                        guard fence.contains(Plane.coordinate(state.point)) != isInside else { continue }
                        let gate = try #require(lived.city.city.facilities.first { $0.id == id }?.yard.gate)
                        #expect(state.point.distance(to: gate) < 25, "\(drop.truthID) at \(second)")
                    }
                }
            }
        }
    }

    @Test("The rules that the truth expects follow from the registers", arguments: cities)
    func rules(lived: TruckDayTests.Lived) {
        let registers = lived.city.registers
        let ofRegisters: Set = [
            "unlicensed-origin", "licence-invalid", "unregistered-destination", "supplier-not-approved",
        ]
        var seen: Set<String> = []
        for drop in lived.days.flatMap(\.drops) {
            var rules: Set<String> = []
            let licence = registers.plants.first { $0.plantID == drop.originID && $0.period.contains(drop.loadEnd) }
            let site = registers.sites.first { $0.siteID == drop.destinationID }
            if drop.originKind == .hiddenPlant {
                rules.insert("unlicensed-origin")
                #expect(!registers.plants.contains { $0.plantID == drop.originID })
            } else if licence?.status.maySupply != true {
                rules.insert("licence-invalid")
            }
            if drop.destinationKind == .unregistered {
                rules.insert("unregistered-destination")
                #expect(site == nil)
            }
            if let site, !site.approvedPlants.isEmpty, drop.originKind == .plant,
                !site.approvedPlants.contains(drop.originID)
            {
                rules.insert("supplier-not-approved")
            }
            #expect(ofRegisters.intersection(drop.expectedRules) == rules)
            #expect(Set(drop.expectedRules).count == drop.expectedRules.count)
            #expect(drop.isBlackSupply == !Set(TruthDelivery.decidingRules).isDisjoint(with: drop.expectedRules))
            seen.formUnion(rules)
        }
        #expect(seen == ofRegisters)
    }

    @Test("What nobody registered lies well outside every registered fence", arguments: cities)
    func unregisteredPlacesAreApart(lived: TruckDayTests.Lived) {
        let (known, unknown) = (
            lived.city.city.facilities.filter { $0.kind.isRegistered },
            lived.city.city.facilities.filter { !$0.kind.isRegistered }
        )
        #expect(unknown.count >= 6)
        for (a, b) in unknown.flatMap({ a in known.map { (a, $0) } }) {
            let apart = a.yard.centre.distance(to: b.yard.centre) - a.yard.radius - b.yard.radius
            #expect(apart > 160, "\(a.id) and \(b.id)")
        }
    }

    @Test("Tickets are for licensed loads only, and name a truck that was there")
    func tickets() throws {
        let city = try #require(Self.cities.first).city
        let truth = city.truth(ofDay: 0)
        let tickets = city.tickets(ofDay: 0)
        #expect(!tickets.isEmpty)
        for ticket in tickets {
            let isHonest = truth.contains {
                $0.plate == ticket.plate && $0.originID == ticket.plantID && $0.loadStart <= ticket.issuedAt
                    && ticket.issuedAt <= $0.loadEnd
            }
            let isRefused = city.incidents(ofDay: 0).contains {
                $0.plate == ticket.plate && ticket.issuedAt.seconds(since: $0.start).magnitude < 3 * 3600
            }
            let isFraud = truth.contains {
                !Set($0.expectedRules).isDisjoint(
                    with: ["ticket-truck-mismatch", "ticket-time-mismatch", "name-lending", "duplicate-ticket"])
                    && ticket.issuedAt.seconds(since: $0.loadEnd).magnitude < 4 * 3600
            }
            let isGhost = city.alerts(ofDay: 0).contains {
                $0.rule == "ghost-ticket" && $0.plate == ticket.plate && $0.start == ticket.issuedAt
            }
            #expect(isHonest || isRefused || isFraud || isGhost, "\(ticket)")
        }
        let reused = truth.count { $0.expectedRules.contains("duplicate-ticket") }
        #expect(Set(tickets.map(\.ticketID)).count >= tickets.count - reused)
    }

    @Test("Without cheats nobody is guilty")
    func honestCity() {
        let city = SimulatedCity(CityPlan(seed: 4, trucks: 24, days: 1, hasCheats: false))
        let truth = city.truth(ofDay: 0)
        #expect(truth.count > 50)
        // A terminal may fail by itself on the way.
        let beside: Set = ["night-pour", "over-age", "off-corridor", "gap-in-haul", "dark-stay"]
        #expect(truth.allSatisfy { !$0.isBlackSupply && beside.isSuperset(of: $0.expectedRules) })
    }
}
