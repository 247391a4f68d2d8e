import Geodesy
import Registers
import Suspicions
import Testing

/// Queues in which honest trucks get on a few lengths at a time: before a ferry, a bridge, a plant's gate.
@Suite struct CreepingQueueTests {
    /// What a truck meets on a round, before it loads, with the load and on the way back.
    struct Round: Sendable, CustomStringConvertible {
        var description: String
        var beforeLoad: @Sendable (inout Diary) -> Void = { _ in }
        var loaded: @Sendable (inout Diary) -> Void = { _ in }
        var back: @Sendable (inout Diary) -> Void = { _ in }
    }

    /// Places of a queue, so many kilometres east and north of each other, with two and a half to four minutes at each.
    private static func creep(
        _ diary: inout Diary, from east: Double, _ north: Double, by step: Double, places: Int
    ) {
        for place in 0..<places {
            diary.halt(Diary.Spot(east + step * Double(place), north), 2.6 + Double(place * 2 % 5) * 0.4)
        }
    }

    /// A ferry's yard: three lanes of three places, each lane back beside the one before.
    private static func lanes(_ diary: inout Diary, from east: Double, by step: Double) {
        for place in 0..<9 {
            let (lane, column) = (place / 3, place / 3 % 2 == 0 ? place % 3 : 2 - place % 3)
            diary.halt(
                Diary.Spot(east + step * Double(column), 0.2 + Double(lane) * 0.02), 2.6 + Double(place * 2 % 5) * 0.4)
        }
    }

    static let rounds = [
        Round(
            description: "a ferry there and back", loaded: { Self.creep(&$0, from: 5, 0.2, by: 0.09, places: 7) },
            back: { Self.creep(&$0, from: 7, 0.2, by: -0.09, places: 7) }),
        Round(
            description: "a ferry back and the road to the gate",
            beforeLoad: { Self.creep(&$0, from: 0.51, 0, by: -0.07, places: 5) },
            back: { Self.creep(&$0, from: 7, 0.2, by: -0.09, places: 7) }),
        Round(
            description: "a ferry back and a queue that ends 800 m before the plant",
            beforeLoad: { Self.creep(&$0, from: 1.3, 0.1, by: -0.1, places: 6) },
            back: { Self.creep(&$0, from: 7, 0.2, by: -0.09, places: 7) }),
        Round(
            description: "a bridge there and two back", loaded: { Self.creep(&$0, from: 5, 0.2, by: 0.09, places: 7) },
            back: {
                Self.creep(&$0, from: 7, 0.2, by: -0.09, places: 7)
                Self.creep(&$0, from: 3.4, 0.2, by: -0.09, places: 7)
            }),
        Round(
            description: "the lanes of a ferry's yard", loaded: { Self.lanes(&$0, from: 5, by: 0.09) },
            back: { Self.lanes(&$0, from: 7, by: -0.09) }),
    ]

    /// Each of them was named, most for "going to and fro", those with a queue at the gate with 60 "loads".
    @Test(arguments: Self.rounds) func noQueueIsNamed(_ round: Round) {
        let stays = Diary.trucks(6, days: 5) { diary, truck, turn in
            round.beforeLoad(&diary)
            diary.halt(Diary.plant, 9)
            round.loaded(&diary)
            diary.halt(Diary.sites[(truck + turn) % 4], 20)
            round.back(&diary)
        }
        #expect(Diary.search(stays).isEmpty)
    }

    /// The empty way back from the sites, with a jam of six minutes, to the gates of three plants: 93 points and 90
    /// "loads" if the wait at each gate were a drop.
    @Test(arguments: [false, true]) func aWaitOnTheWayToAPlantIsNoDrop(isCreeping: Bool) {
        let plants = [Diary.plant, Diary.Spot(0, 6), Diary.Spot(0, -6)]
        let world = Diary.world { registers in
            for (index, spot) in plants.enumerated() where index > 0 {
                var plant = registers.plants[0]
                plant.plantID = "P\(index + 1)"
                plant.fence = .circle(center: spot.coordinate, radiusMetres: 100)
                registers.plants.append(plant)
            }
        }
        let stays = Diary.trucks(6, days: 5) { diary, truck, turn in
            let next = plants[(truck + turn + 1) % 3]
            diary.halt(plants[(truck + turn) % 3], 9)
            diary.halt(Diary.sites[(truck + turn) % 4], 20)
            diary.halt(Diary.Spot(5, -0.5), 6)
            if isCreeping {
                Self.creep(&diary, from: next.east + 1.3, next.north, by: -0.1, places: 6)
            } else {
                diary.halt(Diary.Spot(next.east + 0.4, next.north), 12)
            }
        }
        #expect(Diary.search(stays, in: world).isEmpty)
    }

    /// A mixer that comes back to where it was, again and again, is in no queue: a ground that mixes for itself, with
    /// two or with three spots, stays a lead that nothing builds on, also where the road before it creeps.
    @Test(arguments: [2, 3], [false, true]) func whoComesBackAllDayIsNamed(spots: Int, isBehindAQueue: Bool) throws {
        let places = [Diary.Spot(-4, 5), Diary.Spot(-3.78, 5), Diary.Spot(-3.89, 5.19)].prefix(spots)
        let stays = Diary.trucks(4, days: 2) { diary, _, turn in
            if isBehindAQueue, turn % 3 == 0 { Self.creep(&diary, from: -6, 5, by: 0.09, places: 7) }
            for halt in 0..<6 { diary.halt(places[halt % spots], 12) }
        }
        let found = Diary.search(stays)
        #expect(found.count == 1)
        let suspect = try #require(found.first)
        #expect(suspect.metres(from: Diary.Spot(-3.89, 5.06)) < 250)
        #expect(suspect.evidence.shuttles >= 100 && suspect.evidence.loads == 0 && suspect.loadingPlace == nil)
        #expect(suspect.reasons.contains { $0.name == "shuttles" && $0.points == 65 })
    }
}
