import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// A halt between two drops of one load, by its delivery notes, is no load; whatever else may be one is looked for.
@Suite struct SplitHaulTests {
    /// Off the way from the first site to the third.
    private static let station = Diary.Spot(9, -3)

    /// Two sites with a halt in between, after a plant.
    private static func round(_ diary: inout Diary, at spot: Diary.Spot, loading: Int32 = 0, heard: Int32 = 0) {
        diary.halt(Diary.plant, 9)
        diary.halt(Diary.sites[0], 12)
        diary.halt(spot, 10, loading: loading, heard: heard)
        diary.halt(Diary.sites[2], 12)
    }

    private static func stays(loading: Int32 = 0, heard: Int32 = 0) -> [StayRecord] {
        Diary.trucks(6, days: 5) { diary, _, _ in
            Self.round(&diary, at: Self.station, loading: loading, heard: heard)
        }
    }

    /// For every stay at the plant a note for each of these sites, so many seconds after the truck came.
    private static func notes(
        of stays: [StayRecord], for sites: [String], plant: String = "P1", cubicMetres: Double = 4,
        after seconds: Double = 300
    ) -> [Ticket] {
        let loads = stays.filter { $0.coordinate.distanceMetres(to: Diary.plant.coordinate) < 100 }
        return loads.flatMap { stay in
            sites.enumerated().map { index, site in
                Ticket(
                    ticketID: "\(site) \(stay.terminal.text) \(stay.start)", plantID: plant, siteID: site,
                    plate: "浙F0000\(stay.terminal.text.dropFirst())", volumeCubicMetres: cubicMetres,
                    issuedAt: stay.start.advanced(bySeconds: seconds + Double(index) * 60))
            }
        }
    }

    private static func search(_ stays: [StayRecord], _ notes: [Ticket]) -> [SuspectedPlant] {
        let world = Diary.world { registers in
            for index in registers.vehicles.indices { registers.vehicles[index].capacityCubicMetres = 10 }
            // Two licences in one yard, and a plant elsewhere.
            var beside = registers.plants[0]
            beside.plantID = "P2"
            var elsewhere = beside
            (elsewhere.plantID, elsewhere.fence) = (
                "P3", .circle(center: Diary.Spot(-5, 0).coordinate, radiusMetres: 100)
            )
            registers.plants += [beside, elsewhere]
        }
        return SuspectedPlantSearch(world: world).run(stays, asOf: Diary.asOf) { _ in notes }
    }

    @Test func aStationBetweenTwoNotedDropsOfALoadIsNoPlant() {
        let stays = Self.stays()
        #expect(Self.search(stays, Self.notes(of: stays, for: ["S1", "S3"])).isEmpty)
        // In whatever order the notes and the halts came.
        #expect(Self.search(stays.reversed(), Self.notes(of: stays, for: ["S3", "S1"]).reversed()).isEmpty)
    }

    @Test(arguments: [("P1", 0), ("P2", 0), ("P3", 1)])
    func theNotesAreOfAPlantWhereItStood(plant: String, expected: Int) {
        let stays = Self.stays()
        #expect(Self.search(stays, Self.notes(of: stays, for: ["S1", "S3"], plant: plant)).count == expected)
    }

    /// Notes that do not say that one load was for both sites.
    @Test(
        arguments: [
            ([], 4, 300), (["S1"], 4, 300), (["S3"], 4, 300), (["S1", "S2"], 4, 300),
            // Together more than a drum of ten holds.
            (["S1", "S3"], 8, 300),
            // Written an hour before it came to the plant, and half an hour after it had left.
            (["S1", "S3"], 4, -3600), (["S1", "S3"], 4, 9 * 60 + 1800),
        ] as [([String], Double, Double)])
    func withoutSuchNotesItIsLookedFor(sites: [String], cubicMetres: Double, after: Double) {
        let stays = Self.stays()
        let found = Self.search(stays, Self.notes(of: stays, for: sites, cubicMetres: cubicMetres, after: after))
        #expect(found.count == 1)
        #expect(found.first.map { $0.metres(from: Self.station) < 100 } ?? false)
    }

    @Test func notesDoNotExplainWhatASensorShowsToBeALoad() {
        let stays = Self.stays(loading: 400, heard: 600)
        #expect(Self.search(stays, Self.notes(of: stays, for: ["S1", "S3"])).count == 1)
    }

    /// Such halts at a hidden plant hide nothing of what others load there.
    @Test func aHiddenPlantIsFoundThoughOthersHaltThereBetweenNotedDrops() throws {
        let stays = Diary.trucks(6, days: 5) { diary, truck, turn in
            if truck <= 3 {
                diary.halt(Diary.hidden, 8)
                diary.halt(Diary.sites[(truck + turn) % 4], 20)
            } else {
                Self.round(&diary, at: Diary.hidden)
            }
        }
        let found = Self.search(stays, Self.notes(of: stays, for: ["S1", "S3"]))
        let suspect = try #require(found.first)
        #expect(found.count == 1 && suspect.metres(from: Diary.hidden) < 60)
        #expect(suspect.evidence.loads == 45 && suspect.evidence.trucks == 3)
        #expect(suspect.isLikely)
    }

    /// Only for trucks that went from site to site so, and for the time of their loads.
    @Test func fewNotesAreAskedFor() {
        var asked: [Set<NoteQuestion>] = []
        func ask(_ stays: [StayRecord]) {
            _ = SuspectedPlantSearch(world: Diary.world()).run(stays, asOf: Diary.asOf) { questions in
                asked.append(questions)
                return []
            }
        }
        ask(Diary.black())
        #expect(asked.isEmpty)
        var diary = Diary("T1")
        Self.round(&diary, at: Self.station)
        ask(diary.stays)
        let start = Diary.start
        #expect(
            asked == [
                [
                    NoteQuestion(
                        plate: "浙F00001", from: start.advanced(bySeconds: -900),
                        to: start.advanced(bySeconds: 9 * 60 + 900))
                ]
            ])
    }
}
