import Geodesy
import Registers
import Testing

@testable import CitySimulator

/// What a city of thirty trucks has on its two days, whatever its seed.
@Suite("A default city has every cheat and every edge case")
struct EveryCaseTests {
    private static let cities = [UInt64(911), 916].map { TruckDayTests.Lived(seed: $0, trucks: 30) }

    /// Rules that somebody is made to break; whether others have something to tell depends on the ways of the day.
    private static let rules: Set = [
        "unlicensed-origin", "licence-invalid", "licence-scope", "name-lending", "cement-to-unregistered",
        "unregistered-destination", "diversion", "partial-diversion", "ticket-missing", "ticket-truck-mismatch",
        "duplicate-ticket", "ticket-time-mismatch", "ticket-volume-mismatch", "overload", "over-age", "mid-route-stop",
        "night-pour",
    ]

    @Test("Each rule about loads, drops and notes has something to notice", arguments: cities)
    func rules(lived: TruckDayTests.Lived) {
        let expected = Set(lived.days.flatMap(\.drops).flatMap(\.expectedRules))
        #expect(Self.rules.subtracting(expected).isEmpty)
    }

    @Test("So has whoever misreads an edge case", arguments: cities)
    func edgeCases(lived: TruckDayTests.Lived) {
        let drops = Set(lived.days.flatMap(\.drops).flatMap(\.edgeCases))
        let incidents = Set(lived.days.flatMap(\.incidents).map(\.edgeCase))
        #expect(
            drops.isSuperset(of: [
                .creepingQueue, .returnedConcrete, .tunnel, .sharedGate, .neighbourCity, .clockOffset,
            ]))
        #expect(incidents.isSuperset(of: [.creepingQueue, .returnedConcrete, .overnightLoad, .pumpTruck]))
    }

    @Test("A queue creeps on by 60 to 100 metres, and two to four minutes pass between", arguments: cities)
    func creeps(lived: TruckDayTests.Lived) throws {
        let (city, plan) = (lived.city.city, lived.city.plan)
        var queued = [true: 0, false: 0]
        for day in lived.days {
            let truck = city.trucks[day.truck]
            guard let queue = CreepingQueue(of: truck, day: day.day, plan: plan) else { continue }
            #expect(truck.kind == .mixer && !truck.isCrooked && !truck.isPump)
            #expect(CreepingQueue.halts.contains(queue.steps.count))
            // The drive in which the truck stands for all these times in their order, the last of the queue first.
            let waits = queue.steps.reversed().map(\.seconds)
            let found = day.segments.first { segment in
                guard let drive = segment.drive else { return false }
                let halts = Self.halts(of: drive).filter { waits.contains($0.seconds) }
                return halts.map(\.seconds) == waits
                    && zip(halts, halts.dropFirst()).allSatisfy { (58...102).contains($1.metres - $0.metres) }
            }
            guard let found else { continue }
            #expect((found.loadAtStart > 0) == queue.isLoaded)
            queued[queue.isLoaded, default: 0] += 1
        }
        #expect(queued.values.allSatisfy { $0 > 0 }, "\(queued)")
    }

    /// Where a drive stands, and for how long: as long as it was told to.
    private static func halts(of drive: Drive) -> [(metres: Double, seconds: Int)] {
        var counts: [Float: Int] = [:]
        for metres in drive.travelled { counts[metres, default: 0] += 1 }
        return counts.filter { $0.value > 2 }.sorted { $0.key < $1.key }.map { (Double($0.key), $0.value - 1) }
    }

    @Test("A third of the mixers has a drum sensor, and one of those who break the rules", arguments: 1...12)
    func drums(seed: Int) {
        let trucks = SimulatedCity(CityPlan(seed: UInt64(seed), trucks: 30, days: 0)).city.trucks
        let mixers = trucks.filter { $0.kind == .mixer && !$0.isPump }
        #expect(mixers.count == 26 && mixers.count { $0.habits.hasDrum } == 9)
        #expect(trucks.count { $0.habits.hasDrum } == 9)
        #expect(mixers.contains { $0.isCrooked && $0.habits.hasDrum })
        // Those with the lowest numbers have it, as before, but for one perhaps.
        let byChance = SimulatedCity(CityPlan(seed: UInt64(seed), trucks: 30, days: 0, hasEveryCase: false)).city.trucks
        let (few, many) = (trucks.count { $0.habits.hasDrum }, byChance.count { $0.habits.hasDrum })
        let both = zip(trucks, byChance).count { $0.habits.hasDrum && $1.habits.hasDrum }
        #expect(both >= min(few, many) - 1)
        #expect(zip(trucks, byChance).allSatisfy { $0.plate == $1.plate && $0.capacity == $1.capacity })
    }

    @Test("Each scheme is somebody's in every two days, and none is anybody's in an honest city")
    func roster() {
        for seed in UInt64(1)...6 {
            let city = SimulatedCity(CityPlan(seed: seed, trucks: 30, days: 2)).city
            let schemes = (0..<2).flatMap { day in
                city.trucks.flatMap { Roster.schemes(of: $0, day: day, in: city) }
            }
            let all = Trip.Scheme.allCases.filter { $0.weight > 0 }
            #expect(Set(schemes) == Set(all) && schemes.count == all.count, "seed \(seed)")
            let sellers = city.trucks.filter { truck in
                (0..<2).contains { Roster.schemes(of: truck, day: $0, in: city).contains(.partlyDiverted) }
            }
            #expect(sellers.count == 1 && sellers.allSatisfy(\.habits.showsDischarge))
            let rarities = (0..<2).flatMap { day in city.trucks.compactMap { Roster.rarity(of: $0, day: day, in: city) }
            }
            #expect(rarities.sorted { $0.rawValue < $1.rawValue } == [.overnightLoad, .returnedConcrete])
        }
        for plan in [
            CityPlan(seed: 1, trucks: 30, hasCheats: false), CityPlan(seed: 1, trucks: 30, cheats: .unnoted),
            CityPlan(seed: 1, trucks: 30, hasEveryCase: false),
        ] {
            let city = SimulatedCity(plan).city
            #expect(city.trucks.allSatisfy { Roster.schemes(of: $0, day: 0, in: city).isEmpty })
        }
    }

    @Test("How long a city lives, and what else is asked of it, changes none of its days")
    func sameDays() {
        let plan = CityPlan(seed: 12, trucks: 12, days: 3)
        var endless = plan
        endless.days = nil
        let (short, long) = (SimulatedCity(plan), SimulatedCity(endless))
        // A day by itself, and the last one first.
        for day in [2, 0, 1] {
            #expect(short.days(day).map(\.drops) == long.days(day).map(\.drops))
            #expect(short.days(day).map(\.incidents) == long.days(day).map(\.incidents))
            #expect(short.tickets(ofDay: day) == SimulatedCity(plan).tickets(ofDay: day))
        }
    }
}
