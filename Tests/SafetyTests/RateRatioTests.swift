import Safety
import Testing

/// Ratios of rates against published and independently computed values.
@Suite struct RateRatioTests {
    private func ratio(_ count: Int, _ exposure: Double, _ baseline: Int, _ baselineExposure: Double) throws
        -> RateRatio
    {
        try #require(
            RateRatio(
                count: count, exposure: exposure, baselineCount: baseline, baselineExposure: baselineExposure))
    }

    /// R's `rateratio.test` vignette (Fay): 2 of 17,877 against 9 of 16,660: 0.2070942, 0.02177406–1.00054910,
    /// p 0.05011.
    @Test func rateratioVignette() throws {
        let rates = try self.ratio(2, 17_877, 9, 16_660)
        let interval = try #require(rates.interval())
        #expect(isClose(rates.ratio, 0.2070941557))
        #expect(isClose(interval.low, 0.0217740628) && isClose(interval.high, 1.0005491045))
        #expect(isClose(rates.pCentral(), 0.0501064956))
    }

    /// R's example of `poisson.test`: 11 of 800 against 21 of 3,011. R prints the min-likelihood p beside the central
    /// interval.
    @Test func poissonTestOfR() throws {
        let rates = try self.ratio(11, 800, 21, 3011)
        let interval = try #require(rates.interval())
        #expect(isClose(rates.ratio, 1.9714880952380953))
        #expect(isClose(interval.low, 0.8584264033916399) && isClose(interval.high, 4.277265943654075))
        #expect(isClose(rates.pMinimumLikelihood(), 0.0796686330333295))
        #expect(isClose(rates.pCentral(), 0.11201731957539936))
    }

    /// Hangzhou's core city, mixer accidents 2010 to 2011, published as a success: 4 to 1.
    @Test func fourToOneIsNoProof() throws {
        let rates = try self.ratio(1, 1, 4, 1)
        let interval = try #require(rates.interval())
        #expect(isClose(interval.low, 0.005076403090295946) && isClose(interval.high, 2.5263161086817565))
        #expect(isClose(rates.pLess(), 0.1875) && isClose(rates.pGreater(), 0.96875))
        #expect(isClose(rates.pCentral(), 0.375) && isClose(rates.pMid(), 0.21875))
    }

    @Test func aRatioWithAZero() throws {
        let after = try self.ratio(0, 1, 5, 1)
        #expect(after.ratio == 0)
        #expect(after.interval()?.low == 0 && isClose(after.interval()?.high, 1.0912791051825463))
        #expect(isClose(after.pCentral(), 0.0625))
        let before = try self.ratio(5, 1, 0, 1)
        #expect(before.ratio == nil)
        #expect(isClose(before.interval()?.low, 1 / 1.0912791051825463) && before.interval()?.high == .infinity)
        let neither = try self.ratio(0, 1, 0, 1)
        #expect(neither.ratio == nil && neither.interval() == Interval(low: 0, high: .infinity))
        #expect(neither.pCentral() == 1)
    }

    /// One-sided exact p of "not halved".
    @Test(arguments: [
        (4, 20.0, 12, 18.0, 0.2691283067), (0, 1, 6, 1, 0.0877914952), (14, 1, 40, 1, 0.1560022406),
    ])
    func notHalved(count: Int, exposure: Double, baseline: Int, baselineExposure: Double, p: Double) throws {
        #expect(isClose(try self.ratio(count, exposure, baseline, baselineExposure).pLess(than: 0.5), p))
    }

    /// P(ratio ≤ ½) under Jeffreys' priors.
    @Test(arguments: [
        (4, 20.0, 12, 18.0, 0.8126978100092329), (8, 20, 12, 18, 0.33813537056799464),
        (3, 1, 6, 1, 0.48352694427621995), (0, 1, 6, 1, 0.9757849482779952), (20, 1, 40, 1, 0.4938796410710058),
        (14, 1, 40, 1, 0.8772490895895899), (0, 1, 0, 1, 0.39182655203060723),
    ])
    func probabilityThatItHalved(
        count: Int, exposure: Double, baseline: Int, baselineExposure: Double, expected: Double
    ) throws {
        let target = try #require(
            TargetProbability(
                target: 0.5, count: count, exposure: exposure, baselineCount: baseline,
                baselineExposure: baselineExposure))
        #expect(isClose(target.probability, expected))
        #expect(target.restsOnPrior == (baseline == 0))
    }

    @Test func theUnitOfExposureMakesNoDifference() throws {
        let small = try self.ratio(8, 20, 12, 18)
        let large = try self.ratio(8, 20e6, 12, 18e6)
        #expect(isClose(small.ratio, try #require(large.ratio), within: 1e-12))
        #expect(isClose(small.interval()?.high, try #require(large.interval()?.high), within: 1e-9))
        #expect(
            TargetProbability(target: 0.5, count: 1, exposure: 0, baselineCount: 1, baselineExposure: 1) == nil)
    }
}
