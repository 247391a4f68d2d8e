import CitySimulator
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
}
