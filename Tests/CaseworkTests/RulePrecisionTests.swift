import Casework
import Testing

/// Wilson's interval against published values.
struct RulePrecisionTests {
    /// From R 4.3: `prop.test(x, n, correct = FALSE)$conf.int`.
    @Test(arguments: [
        (0, 1, 0.0, 0.7934506856227626), (1, 0, 0.20654931437723745, 1.0),
        (1, 1, 0.09453120573423074, 0.9054687942657693), (8, 2, 0.490162471536642, 0.943317848545625),
    ])
    func intervalIsWilsons(upheld: Int, dismissed: Int, low: Double, high: Double) throws {
        let interval = try #require(RulePrecision(rule: "x", upheld: upheld, dismissed: dismissed).interval)
        #expect(abs(interval.low - low) < 1e-9 && abs(interval.high - high) < 1e-9, "\(interval)")
    }

    @Test func nothingDecidedIsNoShare() {
        let none = RulePrecision(rule: "x", upheld: 0, dismissed: 0)
        #expect(none.share == nil && none.interval == nil)
    }

    @Test func theShareLiesInItsInterval() throws {
        for upheld in 0...30 {
            for dismissed in 0...30 where upheld + dismissed > 0 {
                let precision = RulePrecision(rule: "x", upheld: upheld, dismissed: dismissed)
                let (share, interval) = (try #require(precision.share), try #require(precision.interval))
                #expect(interval.low <= share + 1e-12 && share <= interval.high + 1e-12)
                #expect(interval.low >= 0 && interval.high <= 1)
            }
        }
    }
}
