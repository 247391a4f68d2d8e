import Chronology
import Safety
import Testing

/// No percentage change is ever said without its interval, whatever the counts.
@Suite struct PercentageTests {
    private static func row(
        _ count: Int, _ baseline: Int, _ numerator: DefinitionCard.Numerator, exposure: Double, until day: Int
    ) throws -> AccidentRate {
        AccidentRate(
            scope: .city, from: try #require(CivilDate(year: 2020, month: 1, day: 1)),
            to: try #require(CivilDate(year: 2020, month: day == 31 ? 12 : 6, day: day)),
            card: DefinitionCard(numerator: numerator, denominator: .vehicleKilometres, baselineYear: 2015),
            observed: Observation(count: count, exposure: exposure),
            baseline: Observation(count: baseline, exposure: 18e6))
    }

    /// Every sentence that a row can have.
    private static func sentences(_ row: AccidentRate) throws -> [SafetyStatement] {
        let before = try #require(CivilDate(year: 2017, month: 1, day: 1))
        let earlier = AccidentRate(
            scope: .city, from: before, to: CivilDate(daysSince1970: row.periodFrom.daysSince1970 - 1), card: row.card,
            observed: Observation(count: row.baseline?.count ?? 0, exposure: 18e6), baseline: row.baseline)
        let rolling = RollingRates(rows: [earlier, row], last: row.periodTo)
        return RateSentences.all(row) + [rolling.sentence] + rolling.cautions
            + [
                RateSentences.progress(row), RateSentences.allowance(row), RateSentences.finish(row),
                RateSentences.sensitivity(row),
            ].compactMap { $0 }
    }

    @Test(arguments: DefinitionCard.Numerator.allCases, [30, 31])
    func noneStandsWithoutItsInterval(numerator: DefinitionCard.Numerator, day: Int) throws {
        var found = 0
        for count in 0...7 {
            for baseline in 0...7 {
                for exposure in [2e6, 18e6, 60e6] {
                    let row = try Self.row(count, baseline, numerator, exposure: exposure, until: day)
                    for sentence in try Self.sentences(row) {
                        // 下降 40 %, 上升 40 %, 已走完 80 % are changes; “下降 50%” is what the target is called.
                        let zh = sentence.zh.replacing("“下降 50%”", with: "").replacing("下降 50% 的目标", with: "")
                        if zh.contains(/(下降|上升|已走完) [-<>]?[0-9]+%/) {
                            found += 1
                            #expect(zh.contains("95% 区间"), "\(count) after \(baseline): \(zh)")
                        }
                        let en = sentence.en.replacing("fell by 50%", with: "").replacing(
                            "target of 50% less", with: "")
                        if en.contains(/(down|up|less|more) [-<>]?[0-9]+%|[0-9]% of the way/) {
                            #expect(en.contains("95 % interval"), "\(count) after \(baseline): \(en)")
                        }
                    }
                }
            }
        }
        #expect(found > 300, "\(found)")
    }
}
