/// Before and after a measure at places that were chosen because they were bad: their counts would have fallen by
/// themselves (regression to the mean). Empirical Bayes after Hauer (Observational Before–After Studies in Road Safety,
/// 1997, chapters 11 and 12): w = 1/(1 + kμ), the expected count before is wμ + (1 − w)x.
package struct BeforeAfter: Hashable, Sendable {
    /// The share of the reference population's mean.
    package let weight: Double
    /// What was to be expected before, without the luck of the draw, and its variance.
    package let expectedBefore: Double
    package let varianceBefore: Double
    /// What was to be expected after without the measure.
    package let expectedAfter: Double
    package let varianceAfter: Double
    /// The effect: 1 none, 0.5 a halving.
    package let effect: Double
    package let standardError: Double
    /// What a plain comparison of the counts would have said.
    package let naiveRatio: Double?

    /// `mean` and `overdispersion` k describe like places: counts with mean μ and variance μ + kμ². `exposureRatio` is
    /// the exposure after over that before. `nil` for values without meaning.
    package init?(before: Int, after: Int, mean: Double, overdispersion: Double, exposureRatio: Double = 1) {
        guard before >= 0, after >= 0, mean.isMeasured, overdispersion.isFinite, overdispersion >= 0,
            exposureRatio.isMeasured
        else { return nil }
        self.weight = 1 / (1 + overdispersion * mean)
        self.expectedBefore = self.weight * mean + (1 - self.weight) * Double(before)
        self.varianceBefore = (1 - self.weight) * self.expectedBefore
        self.expectedAfter = exposureRatio * self.expectedBefore
        self.varianceAfter = exposureRatio * exposureRatio * self.varianceBefore
        guard self.expectedAfter.isMeasured else { return nil }
        let relative = self.varianceAfter / (self.expectedAfter * self.expectedAfter)
        let effect = Double(after) / self.expectedAfter / (1 + relative)
        guard effect.isFinite, relative.isFinite else { return nil }
        self.effect = effect
        // With no event after, one stands in for the variance of the count, which would otherwise be 0.
        self.standardError =
            (after == 0 ? 1 / self.expectedAfter / (1 + relative) : effect)
            * (1 / Double(max(1, after)) + relative).squareRoot() / (1 + relative)
        self.naiveRatio = before > 0 ? Double(after) / (Double(before) * exposureRatio) : nil
    }

    /// Effect ± z · standard error, not below 0.
    package func interval(confidence: Double = 0.95) -> Interval? {
        guard let tail = Confidence.tail(confidence) else { return nil }
        let reach = Distributions.normalUpperQuantile(tail) * self.standardError
        return Interval(max(0, self.effect - reach), self.effect + reach)
    }
}
