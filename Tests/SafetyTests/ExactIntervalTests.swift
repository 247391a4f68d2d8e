import Safety
import Testing

/// Intervals against published and independently computed values (scipy 1.17.1 where no other source is named).
@Suite struct ExactIntervalTests {
    /// Garwood's limits; the same stand in Ulm, American Journal of Epidemiology 131 (1990), to three digits.
    @Test(arguments: [
        (0, 0, 3.6888794541139363), (1, 0.025317807984289897, 5.571643390938898),
        (2, 0.24220927854396507, 7.22468766772396), (6, 2.201894253490851, 13.059474022518685),
        (10, 4.7953886961324335, 18.39035604201778), (50, 37.110963737461866, 65.91876666433681),
    ])
    func garwood(count: Int, low: Double, high: Double) throws {
        let interval = try #require(ExactPoisson.interval(count: count))
        #expect(isClose(interval.low, low) && isClose(interval.high, high))
    }

    /// R's documentation: the first example of `poisson.test` (stats), the Welsh nickel workers, 137 in 24.19893,
    /// prints 5.661407 with 4.753125–6.692709; `poisson.test(42)` 30.26991–56.77180; `pois.exact` of epitools gives
    /// 3.689 as the upper limit of 0. statsmodels' `confint_poisson(…, method="exact-c")` is the same interval.
    @Test func documentedCasesOfR() throws {
        let workers = try #require(ExactPoisson.interval(count: 137, exposure: 24.19893))
        #expect(isClose(workers.low, 4.75312480484875) && isClose(workers.high, 6.692709334176073))
        let answer = try #require(ExactPoisson.interval(count: 42))
        #expect(isClose(answer.low, 30.2699057324777) && isClose(answer.high, 56.77179877849065))
        #expect(isClose(ExactPoisson.interval(count: 0)?.high, 3.689, within: 1e-4))
    }

    @Test(arguments: [
        (0, 0, 2.9957322736), (1, 0.0500203448, 4.9318605247), (4, 1.2709451624, 9.6484396700),
        (10, 5.0795218472, 17.8248536966),
    ])
    func midP(count: Int, low: Double, high: Double) throws {
        let interval = try #require(MidPPoisson.interval(count: count))
        #expect(isClose(interval.low, low) && isClose(interval.high, high))
    }

    /// 0 deaths in 12.5 million vehicle-km; 6 deaths on 2,100 trucks; 3 deaths on Jiaxing's 15.958 million m³ of 2015.
    @Test func ratesHaveIntervals() throws {
        let none = try #require(ExactPoisson.interval(count: 0, exposure: 12.5))
        #expect(none.low == 0 && isClose(none.high, 0.2951103563))
        #expect(isClose(try #require(ExactPoisson.upperLimit(count: 0)) / 12.5, 0.2396585819))
        let trucks = try #require(ExactPoisson.interval(count: 6, exposure: 0.21))
        #expect(isClose(trucks.low, 10.485210730908817) && isClose(trucks.high, 62.187971535803264))
        let volume = try #require(ExactPoisson.interval(count: 3, exposure: 15.958))
        #expect(isClose(volume.low, 0.0387687757) && isClose(volume.high, 0.5493967333))
    }

    /// The prior Gamma(2, 10 million km) alone, with 0 events in 1.5 and with 3 in 20 million km.
    @Test func gammaPosteriors() throws {
        let prior = GammaRate(shape: 2, rate: 10)
        for (count, exposure, mean, low, high) in [
            (0, 0.0, 0.2, 0.0242209, 0.5571643), (0, 1.5, 0.1739130, 0.0210617, 0.4844907),
            (3, 20, 0.1666667, 0.0541162, 0.3413863),
        ] {
            let rate = try #require(prior.updated(count: count, exposure: exposure))
            let interval = try #require(rate.interval())
            #expect(isClose(rate.mean, mean, within: 1e-6))
            #expect(isClose(interval.low, low, within: 3e-6) && isClose(interval.high, high, within: 1e-6))
        }
        #expect(GammaRate.jeffreys.mean == nil && GammaRate.jeffreys.interval() == nil)
    }

    /// The interval of Brown, Cai and DasGupta, Statistical Science 16 (2001): statsmodels' `proportion_confint(10,
    /// 100, method="wilson")` gives 0.0552, 0.1744.
    @Test func wilson() throws {
        let interval = try #require(WilsonInterval.interval(successes: 10, of: 100))
        #expect(isClose(interval.low, 0.05522914, within: 1e-6) && isClose(interval.high, 0.17436566, within: 1e-6))
        #expect(WilsonInterval.interval(successes: 0, of: 5)?.low == 0)
        #expect(WilsonInterval.interval(successes: 5, of: 5)?.high == 1)
        #expect(WilsonInterval.interval(successes: 0, of: 0) == nil)
        #expect(WilsonInterval.interval(successes: 6, of: 5) == nil)
    }

    /// Coverage by summation over the counts: what the exact interval promises, whatever the mean.
    @Test func exactIntervalsCoverAtLeastTheirLevel() throws {
        let intervals = try (0...200).map { try #require(ExactPoisson.interval(count: $0)) }
        // Every hundredth up to 20, then wider; and on either side of every limit, where coverage is least.
        var means: [Double] = (1...2000).map { Double($0) / 100 }
        means += (41...120).map { Double($0) / 2 }
        for interval in intervals.prefix(40) {
            for limit in [interval.low, interval.high] { means += [limit * (1 - 1e-9), limit * (1 + 1e-9)] }
        }
        var least = 1.0
        for mean in means where mean > 0 && mean < 80 {
            var covered = 0.0
            var point = mean.exponential(-1)
            for (count, interval) in intervals.enumerated() {
                if count > 0 { point *= mean / Double(count) }
                if interval.contains(mean) { covered += point }
            }
            #expect(covered >= 0.95, "mean \(mean): \(covered)")
            least = min(least, covered)
        }
        // Exact, and not merely wide.
        #expect(least < 0.953)
    }

    /// The conditional interval of a ratio, by summation over both counts.
    @Test(arguments: [
        (1.0, 0.5, 1.0), (2, 0.3, 1), (4, 0.5, 1.2), (6, 0.1, 1), (8, 0.8, 3), (10, 0.5, 1), (10, 1, 2), (12, 0.6, 1.1),
        (3, 2, 0.5), (5, 3, 1),
    ])
    func ratioIntervalsCoverAtLeastTheirLevel(before: Double, ratio: Double, exposure: Double) throws {
        var covered = 0.0
        let after = before * ratio * exposure
        var pointBefore = before.exponential(-1)
        for baseline in 0...50 {
            if baseline > 0 { pointBefore *= before / Double(baseline) }
            var point = after.exponential(-1)
            for count in 0...50 {
                if count > 0 { point *= after / Double(count) }
                let rates = try #require(
                    RateRatio(count: count, exposure: exposure, baselineCount: baseline, baselineExposure: 1))
                if try #require(rates.interval()).contains(ratio) { covered += pointBefore * point }
            }
        }
        #expect(covered >= 0.95, "\(covered)")
    }

    @Test func whatHasNoAnswerIsUndefined() throws {
        for exposure in [0, -1, Double.nan, .infinity] {
            #expect(ExactPoisson.interval(count: 3, exposure: exposure) == nil)
            #expect(RateRatio(count: 1, exposure: exposure, baselineCount: 1, baselineExposure: 1) == nil)
            #expect(RateRatio(count: 1, exposure: 1, baselineCount: 1, baselineExposure: exposure) == nil)
        }
        #expect(ExactPoisson.interval(count: -1) == nil)
        #expect(ExactPoisson.interval(count: 1, confidence: 1) == nil)
        #expect(ExactPoisson.interval(count: 1, confidence: .nan) == nil)
        #expect(RateRatio(count: .max, exposure: 1, baselineCount: 1, baselineExposure: 1) == nil)
    }

    /// Counts that nobody has do not trap; beyond 1e10 there is no interval.
    @Test(arguments: [100_000, 1_000_000_000, Int.max / 4])
    func hugeCounts(count: Int) throws {
        let interval = ExactPoisson.interval(count: count)
        #expect(interval.map { $0.contains(Double(count)) } ?? (count > 10_000_000_000))
        let rates = try #require(RateRatio(count: count, exposure: 1, baselineCount: count, baselineExposure: 1))
        let ratio = rates.interval()
        #expect(ratio.map { $0.low <= 1 && $0.high >= 1 } ?? true)
        #expect(rates.pMinimumLikelihood() == nil || count == 100_000)
        _ = MidPPoisson.interval(count: count)
        _ = FunnelPlot.limits(expected: Double(count))
        _ = TestPower(expectedBefore: Double(count)).power
        _ = EmpiricalBayes([.init(count: count, exposure: 1), .init(count: 0, exposure: 1e-300)])
    }
}
