import Geodesy
import Suspicions
import Testing

@testable import CitySimulator

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

    /// At most r of n, each with p.
    @Test(
        "How likely so few are",
        arguments: [
            (0, 1, 0.9, 0.1), (1, 3, 0.9, 0.028), (3, 5, 0.9, 0.08146), (4, 7, 0.7, 0.35293), (15, 20, 0.9, 0.04317),
            (5, 5, 0.9, 1), (0, 0, 0.9, 1), (2, 3, 1, 0), (0, 3, 0, 1),
        ])
    func chance(successes: Int, trials: Int, probability: Double, chance: Double) {
        let found = Binomial.chance(ofAtMost: successes, of: trials, probability: probability)
        #expect((found - chance).magnitude < 1e-5)
    }

    @Test("Thousands of cases are no trouble", arguments: [(1900, 2000, 0.95), (500, 2000, 0.25), (2500, 5000, 0.5)])
    func manyCases(successes: Int, trials: Int, probability: Double) {
        let middle = Binomial.chance(ofAtMost: successes, of: trials, probability: probability)
        #expect((0.5...0.56).contains(middle))
        #expect(Binomial.chance(ofAtMost: successes - 200, of: trials, probability: probability) < 1e-6)
    }

    @Test(
        "In one city a rule is below its floor where so few are no chance, else there are too few cases to judge",
        arguments: [
            (1, 1, 0, .tooFew, .tooFew), (2, 0, 0, .below, nil), (3, 2, 1, .below, .tooFew),
            (5, 5, 3, .tooFew, .tooFew),
            (20, 18, 18, .met, .met), (20, 20, 16, .tooFew, .met), (20, 20, 15, .below, .tooFew),
            (0, 2, 0, nil, .below),
            (0, 0, 0, nil, nil),
        ] as [(Int, Int, Int, ScoreFloors.Check.Outcome?, ScoreFloors.Check.Outcome?)])
    func oneCity(
        expected: Int, hits: Int, right: Int, recall: ScoreFloors.Check.Outcome?,
        precision: ScoreFloors.Check.Outcome?
    ) {
        let table = Self.table(ScoreTable.Rule(expected: expected, hits: hits, right: right))
        let checks = Self.floors.checks(of: table, as: .oneCity)
        #expect(checks.first { $0.isRecall }?.outcome == recall)
        #expect(checks.first { !$0.isRecall }?.outcome == precision)
        let below = [recall, precision].count { $0 == .below }
        #expect(Self.floors.shortfalls(of: table, as: .oneCity).count == below)
    }

    @Test("Drops, black supply and honest drops are judged by their shares in one city, too")
    func strict() {
        var table = ScoreTable()
        (table.trueDeliveries, table.foundDeliveries, table.matched) = (60, 58, 58)
        (table.blackSupply, table.blackSupplyCaught) = (7, 5)
        (table.honest, table.honestAccused) = (500, 2)
        // By chance alone each of the three could be: 58 of 60, 5 of 7, and 498 of 500.
        let below = ScoreFloors.usual.shortfalls(of: table, as: .oneCity)
        #expect(
            below.map(\.item) == ["卸料 / drops", "黑供应 / black supply", "正当卸料不被疑 / honest drops in peace"])
        #expect(below == ScoreFloors.usual.shortfalls(of: table))
    }

    @Test("What the floors say is printed with the cases and the rate, for people and for programs")
    func prints() {
        let table = Self.table(ScoreTable.Rule(expected: 5, hits: 4, right: 3))
        let checks = Self.floors.checks(of: table, as: .oneCity)
        let lines = ScoreFloors.text(checks).split(separator: "\n")
        #expect(lines.count == 3 && lines[0].contains("例数 / cases"))
        let words = lines.dropFirst().map { $0.split(separator: " ").map(String.init) }
        #expect(words[0].contains("0.6000") && words[0].contains("0.9000") && words[0].contains("5"))
        #expect(lines[1].hasSuffix("too few to judge") && lines[2].contains("0.7500"))
        let json = table.json(checks)
        #expect(
            json.hasSuffix(
                #"{"item":"jamming","share":"precision","right":3,"of":4,"floor":0.8,"outcome":"too_few"}]}"#))
        #expect(!table.json.contains("floors"))
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
