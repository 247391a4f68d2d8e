/// The probability that a target is met: P(rate ÷ baseline rate ≤ target), both rates unknown, with independent
/// Jeffreys priors Gamma(½, 0).
package struct TargetProbability: Hashable, Sendable, Codable {
    package var probability: Double
    /// With 0 events in the baseline the data alone say nothing of the ratio: the figure rests on the prior.
    package var restsOnPrior: Bool

    /// `nil` where one of the exposures is missing.
    package init?(
        target: Double, count: Int, exposure: Double, baselineCount: Int, baselineExposure: Double
    ) {
        guard exposure.isMeasured, baselineExposure.isMeasured,
            let now = GammaRate.jeffreys.updated(count: count, exposure: exposure),
            let before = GammaRate.jeffreys.updated(count: baselineCount, exposure: baselineExposure),
            let probability = now.probability(atMost: target, times: before)
        else { return nil }
        self.probability = probability
        self.restsOnPrior = baselineCount == 0
    }
}
