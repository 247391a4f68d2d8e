/// How likely the conditional binomial test is to show a fall that is really there, before any count is known
/// (Gu, Ng, Tang and Schucany, Biometrical Journal 50, 2008).
///
/// n = x₀ + x₁ is Poisson and x₁ of them binomial, so the power is one exact sum over n.
package struct TestPower: Hashable, Sendable {
    /// Events that the baseline is expected to have.
    package var expectedBefore: Double
    /// The later exposure over the baseline's.
    package var exposureRatio: Double
    /// What the ratio of the rates really is.
    package var truth: Double
    /// Shown is that the ratio is below this: 1 for any fall, 0.5 for a halving.
    package var hypothesis: Double
    /// The one-sided level of the test.
    package var level: Double

    package init(
        expectedBefore: Double, exposureRatio: Double = 1, truth: Double = 0.5, hypothesis: Double = 1,
        level: Double = 0.05
    ) {
        self.expectedBefore = expectedBefore
        self.exposureRatio = exposureRatio
        self.truth = truth
        self.hypothesis = hypothesis
        self.level = level
    }

    /// 0–1; `nil` for arguments without meaning, or more events than are worth adding up.
    package var power: Double? {
        guard self.expectedBefore.isMeasured, self.exposureRatio.isMeasured, self.truth.isFinite, self.truth >= 0,
            self.hypothesis.isMeasured, self.level > 0, self.level < 1
        else { return nil }
        let expectedAfter = self.expectedBefore * self.exposureRatio * self.truth
        let mean = self.expectedBefore + expectedAfter
        guard mean <= Self.largestMean else { return nil }
        let nullChance = self.hypothesis * self.exposureRatio / (1 + self.hypothesis * self.exposureRatio)
        let trueChance = expectedAfter / mean
        let last = Int(mean + 12 * mean.squareRoot() + 30)
        // The largest later count that the test rejects with; it grows with n, one at a time.
        var critical = -1
        var power = 0.0
        for total in 0...last {
            while critical < total,
                Distributions.binomial(atMost: critical + 1, of: total, chance: nullChance) <= self.level
            {
                critical += 1
            }
            guard critical >= 0 else { continue }
            power +=
                Distributions.poisson(exactly: total, mean: mean)
                * Distributions.binomial(atMost: critical, of: total, chance: trueChance)
        }
        return min(1, power).ifDefined
    }

    private static let largestMean = 100_000.0
    private static let longestWait = 50

    /// The number of years after which a true ratio of `truth` would be seen with `power`, when `perYear` events were
    /// usual. With `baselineYears` the baseline is that long and stays so; without, it is as long as the time since.
    /// `nil` when 50 years are not enough.
    package static func yearsNeeded(
        perYear: Double, baselineYears: Int? = nil, truth: Double = 0.5, power wanted: Double = 0.8
    ) -> Int? {
        (1...Self.longestWait).first { years in
            let before = Double(baselineYears ?? years)
            let test = TestPower(
                expectedBefore: perYear * before, exposureRatio: Double(years) / before, truth: truth)
            return test.power.map { $0 >= wanted } ?? false
        }
    }
}
