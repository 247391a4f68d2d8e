import CBoostMath

/// The distributions that the statistics of counts stand on. The one file that calls Boost.Math.
///
/// An argument outside its range gives NaN and never traps; callers turn NaN into "undefined".
enum Distributions {
    // MARK: Poisson

    /// P(X ≤ count).
    static func poisson(atMost count: Int, mean: Double) -> Double {
        count < 0 ? 0 : cboostmath_gamma_q(Double(count) + 1, mean)
    }

    /// P(X ≥ count).
    static func poisson(atLeast count: Int, mean: Double) -> Double {
        count <= 0 ? 1 : cboostmath_gamma_p(Double(count), mean)
    }

    /// P(X = count).
    static func poisson(exactly count: Int, mean: Double) -> Double {
        count < 0 ? 0 : cboostmath_gamma_density(Double(count) + 1, mean)
    }

    // MARK: Binomial

    /// P(X ≤ count) of `trials`.
    static func binomial(atMost count: Int, of trials: Int, chance: Double) -> Double {
        guard count >= 0 else { return 0 }
        return count >= trials ? 1 : cboostmath_beta_q(Double(count) + 1, Double(trials - count), chance)
    }

    /// P(X ≥ count) of `trials`.
    static func binomial(atLeast count: Int, of trials: Int, chance: Double) -> Double {
        guard count > 0 else { return 1 }
        return count > trials ? 0 : cboostmath_beta_p(Double(count), Double(trials - count) + 1, chance)
    }

    /// P(X = count) of `trials`.
    static func binomial(exactly count: Int, of trials: Int, chance: Double) -> Double {
        guard count >= 0, count <= trials else { return 0 }
        return cboostmath_beta_density(Double(count) + 1, Double(trials - count) + 1, chance) / (Double(trials) + 1)
    }

    // MARK: Gamma, beta, chi-squared, normal

    /// The value below which Gamma(shape, 1) lies with probability `p`.
    static func gammaQuantile(_ p: Double, shape: Double) -> Double { cboostmath_gamma_p_inverse(shape, p) }

    /// The value above which Gamma(shape, 1) lies with probability `q`: exact where `q` is small.
    static func gammaUpperQuantile(_ q: Double, shape: Double) -> Double { cboostmath_gamma_q_inverse(shape, q) }

    /// P(B ≤ x) for Beta(a, b).
    static func beta(atMost x: Double, _ a: Double, _ b: Double) -> Double { cboostmath_beta_p(a, b, x) }

    /// The value below which Beta(a, b) lies with probability `p`.
    static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double { cboostmath_beta_p_inverse(a, b, p) }

    /// The value above which Beta(a, b) lies with probability `q`.
    static func betaUpperQuantile(_ q: Double, _ a: Double, _ b: Double) -> Double {
        cboostmath_beta_q_inverse(a, b, q)
    }

    /// P(χ² ≥ x).
    static func chiSquared(atLeast x: Double, degrees: Int) -> Double {
        cboostmath_gamma_q(Double(degrees) / 2, x / 2)
    }

    /// The value that a standard normal variable exceeds with probability `q`.
    static func normalUpperQuantile(_ q: Double) -> Double { cboostmath_normal_q_inverse(q) }
}

extension Double {
    /// Itself, or `nil` where it is undefined.
    var ifDefined: Double? { self.isNaN ? nil : self }

    /// Whether something can be divided by it: an exposure, an expectation.
    var isMeasured: Bool { self.isFinite && self > 0 }
}
