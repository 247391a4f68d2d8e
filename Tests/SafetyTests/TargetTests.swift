import Safety
import Testing

/// Progress, ceilings, power, years in progress: against values computed with scipy 1.17.1.
@Suite struct TargetTests {
    @Test(arguments: [(7.4, 0.52), (5, 1), (11, -0.2), (0, 2)])
    func progress(rate: Double, share: Double) {
        #expect(isClose(TargetProgress.share(rate: rate, baselineRate: 10), share))
    }

    @Test func progressWithoutABaselineIsUndefined() {
        #expect(TargetProgress.share(rate: 1, baselineRate: 0) == nil)
        #expect(TargetProgress.share(rate: .nan, baselineRate: 1) == nil)
    }

    @Test func allowedCount() {
        #expect(TargetProgress.allowedCount(baselineCount: 12, baselineExposure: 18, exposure: 22) == 7)
        #expect(TargetProgress.allowedCount(baselineCount: 12, baselineExposure: 18, exposure: 18) == 6)
        #expect(TargetProgress.allowedCount(baselineCount: 0, baselineExposure: 18, exposure: 18) == 0)
        #expect(TargetProgress.allowedCount(baselineCount: 1, baselineExposure: 0, exposure: 18) == nil)
        #expect(TargetProgress.allowedCount(baselineCount: .max, baselineExposure: 1e-300, exposure: 1e300) == nil)
    }

    @Test func paths() {
        #expect(TargetProgress.linearPath(from: 10, to: 5, years: 5) == [10, 9, 8, 7, 6, 5])
        let path = TargetProgress.geometricPath(from: 10, to: 5, years: 5)
        let expected = [10, 8.705505632961241, 7.57858283255199, 6.597539553864471, 5.743491774985174, 5]
        #expect(path.count == 6 && zip(path, expected).allSatisfy { isClose($0, $1) })
        #expect(TargetProgress.geometricPath(from: 10, to: 0, years: 5).isEmpty)
    }

    /// A finish with no more than the ceiling, after 8 (and 6) of 12 months.
    @Test(arguments: [
        (6, 3, 8.0, 4.0, 0.8652175703246479), (6, 5, 8, 4, 0.30464618657385645), (6, 0, 8, 4, 0.9998860863429044),
        (6, 7, 8, 4, 0), (3, 2, 6, 6, 0.3977475644174331), (6, 6, 12, 0, 1),
    ])
    func finishUnderACeiling(ceiling: Int, count: Int, past: Double, rest: Double, expected: Double) {
        let probability = YearInProgress.probability(
            atMost: ceiling, count: count, exposure: past, remainingExposure: rest)
        #expect(isClose(probability, expected))
    }

    @Test func whatMayStillHappen() {
        #expect(YearInProgress.stillAllowed(ceiling: 6, count: 4) == 2)
        #expect(YearInProgress.stillAllowed(ceiling: 6, count: 8) == -2)
        #expect(YearInProgress.probability(atMost: 6, count: 1, exposure: 0, remainingExposure: 1) == nil)
    }

    @Test(arguments: [
        (5, 0.11987118188432065), (10, 0.27646885780755165), (15, 0.40235540633102795), (20, 0.5130054758249765),
        (25, 0.6067449172700089), (30, 0.6832610249253603), (40, 0.80117712141294),
    ])
    func powerToShowAnyFall(expected: Double, power: Double) {
        #expect(isClose(TestPower(expectedBefore: expected).power, power))
    }

    @Test(arguments: [
        (20, 0.14724482160919075), (40, 0.26499353666756803), (80, 0.4680307709425999), (120, 0.6265487668266425),
    ])
    func powerToShowAHalving(expected: Double, power: Double) {
        #expect(isClose(TestPower(expectedBefore: expected, truth: 0.35, hypothesis: 0.5).power, power))
    }

    /// With 10 a year it takes four years on either side (40 expected before: power 0.80, above).
    @Test func yearsUntilAHalvingShows() {
        #expect(TestPower.yearsNeeded(perYear: 10) == 4)
        #expect(TestPower.yearsNeeded(perYear: 40) == 1)
        #expect(TestPower.yearsNeeded(perYear: 5, baselineYears: 1) == nil)
        #expect(TestPower.yearsNeeded(perYear: 0) == nil)
        #expect(TestPower(expectedBefore: .nan).power == nil)
        #expect(TestPower(expectedBefore: 1e9).power == nil)
    }
}
