import CitySimulator
import Testing

@Suite("Seeds are tuned on or only reported")
struct SeedGroupTests {
    @Test("No seed is in two groups")
    func disjoint() {
        let seeds = (SeedGroups.tuned + SeedGroups.reported).flatMap(Array.init)
        #expect(Set(seeds).count == seeds.count)
        #expect(SeedGroups.lookedAt.allSatisfy { seed in SeedGroups.reported.contains { $0.contains(seed) } })
    }

    @Test(
        "Each seed that the scores name has its use, any other has none",
        arguments: [
            (1, .tuned), (6, .tuned), (7, nil), (101, .tuned), (106, .tuned), (107, nil), (200, nil), (201, .reported),
            (206, .reported), (301, .reported), (306, .reported), (307, nil), (401, .reported), (406, .reported),
            (910, nil), (911, .lookedAt), (912, .reported), (917, .reported), (918, nil),
        ] as [(UInt64, SeedGroups.Use?)])
    func uses(seed: UInt64, use: SeedGroups.Use?) {
        #expect(SeedGroups.use(of: seed) == use)
    }

    @Test("What a test run tunes by is tuned on, unless somebody asked for other cities")
    func testRun() {
        guard !ScoreSeeds.isChosen else { return }
        let plans =
            ScoreSeeds.plans + [
                ScoreSeeds.tampered, ScoreSeeds.turning, ScoreSeeds.long, ScoreSeeds.onTheWay, ScoreSeeds.unnoted,
                ScoreSeeds.everyday,
            ]
        #expect(plans.allSatisfy { SeedGroups.use(of: $0.seed) == .tuned })
    }
}
