/// What is believed of a rate: Gamma(shape, rate). Conjugate to Poisson counts: x events in an exposure E make
/// Gamma(a, b) into Gamma(a + x, b + E) (Gelman et al., Bayesian Data Analysis, 2.6).
package struct GammaRate: Hashable, Sendable {
    package var shape: Double
    package var rate: Double

    package init(shape: Double, rate: Double) {
        self.shape = shape
        self.rate = rate
    }

    /// Jeffreys' prior for a Poisson rate, Gamma(½, 0). Improper: without exposure it says nothing.
    package static let jeffreys = GammaRate(shape: 0.5, rate: 0)

    /// `nil` for a negative count or an exposure that is negative or no number.
    package func updated(count: Int, exposure: Double) -> GammaRate? {
        guard count >= 0, exposure.isFinite, exposure >= 0 else { return nil }
        return GammaRate(shape: self.shape + Double(count), rate: self.rate + exposure)
    }

    /// `nil` where there is no information yet.
    package var mean: Double? { self.isProper ? (self.shape / self.rate).ifDefined : nil }

    package func interval(confidence: Double = 0.95) -> Interval? {
        guard self.isProper, let tail = Confidence.tail(confidence) else { return nil }
        return Interval(
            Distributions.gammaQuantile(tail, shape: self.shape) / self.rate,
            Distributions.gammaUpperQuantile(tail, shape: self.shape) / self.rate)
    }

    private var isProper: Bool { self.shape.isMeasured && self.rate.isMeasured }

    /// P(this rate ≤ `ratio` × `other`): with independent posteriors Gamma(a₁, b₁) and Gamma(a₀, b₀) it is
    /// I(c/(1+c); a₁, a₀), c = ratio · b₁/b₀.
    package func probability(atMost ratio: Double, times other: GammaRate) -> Double? {
        guard self.isProper, other.isProper, ratio >= 0 else { return nil }
        let weight = ratio * (self.rate / other.rate)
        guard !weight.isNaN else { return nil }
        let share = weight.isInfinite ? 1 : weight / (1 + weight)
        return Distributions.beta(atMost: share, self.shape, other.shape).ifDefined
    }
}
