/// A rate against a baseline rate, by the conditional binomial test: given n = x₁ + x₀, x₁ is binomial with chance
/// ϑE₁ / (ϑE₁ + E₀) (Przyborowski and Wilenski, Biometrika 31, 1940; R's `poisson.test`, `rateratio.test`).
package struct RateRatio: Hashable, Sendable {
    package let count: Int
    package let exposure: Double
    package let baselineCount: Int
    package let baselineExposure: Double

    /// `nil` for a negative count, and where one of the exposures is missing: then nothing can be compared.
    package init?(count: Int, exposure: Double, baselineCount: Int, baselineExposure: Double) {
        guard count >= 0, baselineCount >= 0, exposure.isMeasured, baselineExposure.isMeasured,
            !count.addingReportingOverflow(baselineCount).overflow
        else { return nil }
        self.count = count
        self.exposure = exposure
        self.baselineCount = baselineCount
        self.baselineExposure = baselineExposure
    }

    private var total: Int { self.count + self.baselineCount }

    /// `nil` where the baseline count is 0.
    package var ratio: Double? {
        guard self.baselineCount > 0 else { return nil }
        let ratio = Double(self.count) / self.exposure / (Double(self.baselineCount) / self.baselineExposure)
        return ratio.isFinite ? ratio : nil
    }

    /// The exact central interval of the ratio (Clopper–Pearson on the chance, then ϑ = p/(1−p) · E₀/E₁). Unbounded
    /// above where the baseline count is 0, and 0 to infinity where both are: no information.
    package func interval(confidence: Double = 0.95) -> Interval? {
        guard let tail = Confidence.tail(confidence) else { return nil }
        let scale = self.baselineExposure / self.exposure
        guard scale.isMeasured else { return nil }
        let (x, y) = (Double(self.count), Double(self.baselineCount))
        let low = self.count == 0 ? 0 : Self.odds(Distributions.betaQuantile(tail, x, y + 1))
        let high = self.baselineCount == 0 ? .infinity : Self.odds(Distributions.betaUpperQuantile(tail, x + 1, y))
        return Interval(low: low, high: high).scaled(by: scale)
    }

    private static func odds(_ chance: Double) -> Double { chance / (1 - chance) }

    /// The chance that one of all events is one of the later, if the ratio is `ratio`.
    private func chance(under ratio: Double) -> Double {
        // Divided first, so that large exposures do not overflow.
        let weight = ratio * (self.exposure / self.baselineExposure)
        return weight.isInfinite ? 1 : weight / (1 + weight)
    }
}

/// P-values of the hypothesis that the ratio is `ratio`, all conditional on the number of events.
extension RateRatio {
    /// P(as few or fewer): small when the rate fell below `ratio` times the baseline.
    package func pLess(than ratio: Double = 1) -> Double {
        Distributions.binomial(atMost: self.count, of: self.total, chance: self.chance(under: ratio))
    }

    /// P(as many or more).
    package func pGreater(than ratio: Double = 1) -> Double {
        Distributions.binomial(atLeast: self.count, of: self.total, chance: self.chance(under: ratio))
    }

    /// Twice the smaller tail. It agrees with the interval: below 0.05 exactly where the 95 % interval leaves `ratio`
    /// out.
    package func pCentral(of ratio: Double = 1) -> Double {
        min(1, 2 * min(self.pLess(than: ratio), self.pGreater(than: ratio)))
    }

    /// The smaller tail with half of the observed point, doubled.
    package func pMid(of ratio: Double = 1) -> Double {
        let less = self.pMidLess(than: ratio)
        return min(1, 2 * min(less, 1 - less))
    }

    package func pMidLess(than ratio: Double = 1) -> Double {
        let chance = self.chance(under: ratio)
        return self.pLess(than: ratio)
            - Distributions.binomial(exactly: self.count, of: self.total, chance: chance) / 2
    }

    /// The sum of all points that are no likelier than the observed one, which R prints. It can disagree with the
    /// interval (11 of 800 against 21 of 3011: 0.0797, the central one is 0.1120). `nil` for more events than are
    /// worth adding up one by one.
    package func pMinimumLikelihood(of ratio: Double = 1) -> Double? {
        guard self.total <= Self.summationLimit else { return nil }
        let (total, chance) = (self.total, self.chance(under: ratio))
        // R's tolerance: points that are equal but for rounding are equal.
        let limit = Distributions.binomial(exactly: self.count, of: total, chance: chance) * (1 + 1e-7)
        var sum = 0.0
        for count in 0...total {
            let point = Distributions.binomial(exactly: count, of: total, chance: chance)
            if point <= limit { sum += point }
        }
        return min(1, sum).ifDefined
    }

    private static let summationLimit = 100_000
}
