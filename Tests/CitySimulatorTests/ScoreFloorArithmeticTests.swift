import CitySimulator
import Geodesy
import Suspicions
import Testing

@Suite("Floors of hand-made tables")
struct ScoreFloorArithmeticTests {
    private static func table(_ rule: ScoreTable.Rule) -> ScoreTable {
        var table = ScoreTable()
        table.take(["jamming": rule])
        return table
    }

    private static let floors: ScoreFloors = {
        var floors = ScoreFloors.usual
        floors.rules = ["jamming": ScoreFloors.Floor(0.9, 0.8)]
        return floors
    }()

    @Test(
        "One case is forgiven, a second one only where the share allows it",
        arguments: [
            (0, 0, 0, 0), (1, 1, 1, 0), (1, 0, 0, 0), (3, 2, 2, 0), (3, 1, 1, 1), (20, 18, 18, 0), (20, 17, 17, 1),
            (10, 13, 10, 1), (10, 12, 10, 0), (30, 40, 20, 2),
        ])
    func forgives(expected: Int, hits: Int, right: Int, shortfalls: Int) {
        let table = Self.table(ScoreTable.Rule(expected: expected, hits: hits, right: right))
        #expect(Self.floors.shortfalls(of: table).count == shortfalls)
    }

    @Test("A shortfall says which rule, how many of how many, and the floor")
    func says() throws {
        let table = Self.table(ScoreTable.Rule(expected: 4, hits: 1, right: 1))
        let shortfall = try #require(Self.floors.shortfalls(of: table).first)
        #expect(shortfall.description.contains("jamming: 查全低于下限 90.0 %（1 / 4）"))
        #expect(shortfall.description.contains("recall is below its floor of 90.0 % (1 of 4)"))
    }

    @Test("Each rule that the simulator foretells has a floor, or is named as one without")
    func complete() {
        let all = Set(TruthDelivery.knownRules + TruthAlert.knownRules)
        #expect(Set(ScoreFloors.usual.rules.keys).isSubset(of: all))
        #expect(all.subtracting(ScoreFloors.usual.rules.keys) == ScoreFloors.withoutFloor)
    }

    @Test("Honest drops that are accused, and drops that never were, are below the floor together")
    func accused() {
        var table = ScoreTable()
        (table.honest, table.honestAccused, table.inventedAccused) = (1000, 1, 0)
        #expect(ScoreFloors.usual.shortfalls(of: table).isEmpty)
        table.inventedAccused = 1
        #expect(ScoreFloors.usual.shortfalls(of: table).count == 1)
    }

    /// A place that is suspected, so many metres north of 30.75, 120.75.
    private static func suspect(_ metres: Double, _ status: SuspectStatus = .lead) -> SuspectedPlant {
        SuspectedPlant(
            suspectedPlantID: "X\(metres)", coordinate: Self.spot.moved(metres: metres, bearingDegrees: 0),
            radiusMetres: 100, evidence: PlantEvidence(), score: 60, reasons: [], isLikely: true, status: status,
            parametersVersion: 1, registerRevision: 1)
    }

    private static let spot = Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000)

    @Test(
        "A hidden plant with few loads need not be found; a place without one must not be",
        arguments: [
            ([10], [0.0], 1, 1, 1), ([10], [140], 1, 1, 1), ([10], [160], 1, 1, 0), ([9], [], 0, 0, 0),
            ([9], [0], 0, 0, 0), ([9], [5000], 0, 1, 0), ([10, 9], [0, 2000, 5000], 1, 2, 1), ([0], [0], 0, 0, 0),
        ] as [([Int], [Double], Int, Int, Int)])
    func hiddenPlants(loads: [Int], places: [Double], expected: Int, hits: Int, right: Int) {
        let truth = loads.enumerated().map { index, loads in
            TruthHiddenPlant(
                hiddenPlantID: "H\(index)",
                coordinate: Self.spot.moved(metres: Double(index) * 2000, bearingDegrees: 0), radiusMetres: 50,
                loads: loads)
        }
        let rule = Score.compare(hiddenPlants: truth, found: places.map { Self.suspect($0) })
        #expect(rule == ScoreTable.Rule(expected: expected, hits: hits, right: right))
        // What people have dismissed accuses nobody.
        let dismissed = Score.compare(hiddenPlants: truth, found: places.map { Self.suspect($0, .dismissed) })
        #expect(dismissed == ScoreTable.Rule(expected: expected))
    }
}
