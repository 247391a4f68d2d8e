import Chronology
import Registers
import Testing

@testable import CitySimulator

@Suite("The city has every edge case and every cheat")
struct EdgeCaseTests {
    private static let lived = TruckDayTests.Lived(seed: 8, trucks: 100)
    private static var drops: [TruthDelivery] { self.lived.days.flatMap(\.drops) }
    private static var incidents: [TruthIncident] { self.lived.days.flatMap(\.incidents) }

    @Test(
        "Each edge case happens, as a drop or without one",
        arguments: EdgeCase.allCases.filter { !EdgeCase.everyday.contains($0) })
    func happens(edgeCase: EdgeCase) {
        let isDropless = edgeCase == .overnightLoad || edgeCase == .pumpTruck
        let isBoth = edgeCase == .returnedConcrete || edgeCase == .creepingQueue
        #expect(Self.drops.contains { $0.edgeCases.contains(edgeCase) } == !isDropless)
        #expect(Self.incidents.contains { $0.edgeCase == edgeCase } == (isDropless || isBoth))
    }

    @Test("Trucks take the ferry after a queue before it, and others queue before a bridge or a tunnel")
    func queues() {
        let queued = Self.drops.filter { $0.edgeCases.contains(.creepingQueue) }
        let onFerry = queued.count { $0.edgeCases.contains(.ferry) }
        #expect(onFerry > 0 && onFerry < queued.count)
    }

    @Test("Every scheme is somebody's, as often as it weighs")
    func schemes() {
        let shares = (0..<10_000).map { Trip.Scheme(share: Double($0) / 10_000, of: .all) }
        for scheme in Trip.Scheme.allCases {
            let share = Double(shares.count { $0 == scheme }) / 10_000
            #expect((share - scheme.weight / Trip.Scheme.sum).magnitude < 0.001)
        }
        let onTheWay = (0..<300).map { Trip.Scheme(share: Double($0) / 300, of: .onTheWay) }
        for scheme in [Trip.Scheme.hiddenInTheDark, .watered, .dark] {
            #expect(onTheWay.count { $0 == scheme } == 100)
        }
        // The cities of all others stay as they were before there was such a cheat.
        #expect(!shares.contains(.unnoted))
        #expect((0..<10).allSatisfy { Trip.Scheme(share: Double($0) / 10, of: .unnoted) == .unnoted })
        let rules = Set(Self.drops.flatMap(\.expectedRules))
        #expect(rules.isSubset(of: TruthDelivery.knownRules))
        #expect(rules.count >= 12)
    }

    @Test("A load without a note to an unregistered place is to be told by the rules of both")
    func unnoted() {
        let drops = SimulatedCity(ScoreSeeds.unnoted).truth(ofDays: 0..<2)
        let cheats = drops.filter { $0.expectedRules.contains("ticket-missing") }
        #expect(cheats.count >= 10)
        for drop in cheats {
            #expect(drop.isBlackSupply && drop.expectedRules.contains("unregistered-destination"))
            #expect(drop.originKind == .plant && drop.destinationKind == .unregistered)
        }
        // Nobody loads at a hidden plant, and nobody is diverted.
        #expect(drops.allSatisfy { $0.originKind == .plant && !$0.expectedRules.contains("diversion") })
    }

    @Test("Fleets are mixed: three sampling rates, drums on a third of the mixers, sleepers of both kinds")
    func habits() {
        let trucks = Self.lived.city.city.trucks
        #expect(Set(trucks.map(\.habits.sampling)) == [5, 17, 60])
        let mixers = trucks.filter { $0.kind == .mixer && !$0.isPump }
        #expect(mixers.count { $0.habits.hasDrum } == Int((Double(mixers.count) / 3).rounded()))
        #expect(Set(trucks.map(\.habits.parked)).count == 4)
        #expect(trucks.contains { $0.habits.clockOffset == EdgeCase.clockOffsetSeconds })
    }

    @Test("A terminal that sleeps wakes with the ignition, as terminals do that are wired to it")
    func wakes() {
        let city = Self.lived.city
        let sleepers = city.city.trucks.filter {
            $0.habits.parked == .sleepsWhenOff || $0.habits.parked == .sleepsWhenStill
        }
        var starts: [TerminalHabits.Parked: Int] = [:]
        for truck in sleepers {
            let day = DayBuilder.plan(truck, day: 0, in: city.city)
            let faults = TerminalFaults(truck: truck, day: 0, plan: city.plan)
            let seconds = Set(Recorder.record(day, of: truck, plan: city.plan, odometer: 0).map { Int($0.second) })
            for (before, after) in zip(day.segments, day.segments.dropFirst())
            where !before.activity.isIgnitionOn && after.activity.isIgnitionOn && before.end - before.start > 600 {
                guard !faults.isSilent(at: after.start), !day.isDark(at: after.start) else { continue }
                starts[truck.habits.parked, default: 0] += 1
                #expect(seconds.contains(after.start), "\(truck.terminal) at \(after.start)")
                // Asleep it says nothing, but for what it was still awake for.
                let asleep = seconds.count { $0 > before.start + 300 && $0 < before.end }
                #expect(asleep == 0, "\(truck.terminal) before \(after.start)")
            }
        }
        #expect(starts.count == 2 && starts.values.allSatisfy { $0 > 10 })
    }

    @Test("Neighbours are as near as they are meant to be, and share a gate")
    func neighbours() throws {
        let facilities = Self.lived.city.city.facilities
        let pairs = facilities.compactMap { facility in facility.neighbour.map { (facility, facilities[$0]) } }
        #expect(Set(pairs.map { $0.0.kind == .site }).count == 2)
        for (facility, other) in pairs {
            let apart = facility.yard.centre.distance(to: other.yard.centre)
            #expect(apart - facility.yard.radius - other.yard.radius < 200)
            #expect((facility.node == other.node) == (facility.kind == .concretePlant))
        }
    }

    @Test("Incidents read back as they were written")
    func incidentsReadBack() throws {
        let text = TruthIncident.csv(Self.incidents)
        #expect(try TruthIncident.read(csv: text) == Self.incidents)
        let bad = text.replacing("pump-truck", with: "ferris-wheel", maxReplacements: 1)
        #expect(throws: TruthFileError.self) { try TruthIncident.read(csv: bad) }
    }

    @Test("A clock that is eight hours off shifts the trips by exactly that")
    func clock() throws {
        let drop = try #require(Self.drops.first { $0.edgeCases.contains(.clockOffset) })
        #expect(drop.unloadStart.seconds(since: drop.asRecorded.unloadStart) == 8 * 3600)
        #expect(drop.loadEnd.seconds(since: drop.asRecorded.loadEnd) == 8 * 3600)
        let other = try #require(Self.drops.first { !$0.edgeCases.contains(.clockOffset) })
        #expect(other.asRecorded == other)
    }
}
