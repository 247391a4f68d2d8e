/// Where a company's count would lie if it were no different from all others: probability limits of Poisson counts with
/// the expectation Eᵢ · m, interpolated between whole counts (Spiegelhalter, Statistics in Medicine 24, 2005, appendix;
/// on the use of prediction limits BMC Medical Research Methodology 12:98, 2012).
package enum FunnelPlot {
    /// The interpolated quantile r − (F(r) − p) ÷ (F(r) − F(r−1)), r being the smallest count with F(r) ≥ p; not below
    /// 0.
    package static func quantile(_ probability: Double, expected: Double) -> Double? {
        guard probability > 0, probability < 1, expected.isMeasured, expected <= Self.largestExpectation else {
            return nil
        }
        var (below, count) = (-1, 1)
        while Distributions.poisson(atMost: count, mean: expected) < probability { (below, count) = (count, count * 2) }
        while count - below > 1 {
            let middle = below + (count - below) / 2
            if Distributions.poisson(atMost: middle, mean: expected) < probability {
                below = middle
            } else {
                count = middle
            }
        }
        let here = Distributions.poisson(atMost: count, mean: expected)
        let before = Distributions.poisson(atMost: count - 1, mean: expected)
        guard here > before else { return Double(count) }
        return max(0, Double(count) - (here - probability) / (here - before)).ifDefined
    }

    private static let largestExpectation = 1e9

    /// The limits that a count keeps to with the given probability.
    package static func limits(expected: Double, probability: Double = 0.95) -> Interval? {
        guard let tail = Confidence.tail(probability), let low = Self.quantile(tail, expected: expected),
            let high = Self.quantile(1 - tail, expected: expected)
        else { return nil }
        return Interval(low, high)
    }

    /// What a place in the funnel means. It is no rank: two companies inside are not compared.
    package enum Place: String, Sendable, Codable, CaseIterable {
        /// No expectation, no judgement.
        case undefined
        case usual
        /// Outside the 95 % limits: one of twenty is there by chance.
        case noticeablyFew = "noticeably_few"
        case noticeablyMany = "noticeably_many"
        /// Outside the 99.8 % limits.
        case farFewer = "far_fewer"
        case farMore = "far_more"

        package var words: (zh: String, en: String) {
            switch self {
            case .undefined: ("无法判断", "undefined")
            case .usual: ("随机范围内", "within chance")
            case .noticeablyFew: ("偏少", "noticeably few")
            case .noticeablyMany: ("偏多", "noticeably many")
            case .farFewer: ("明显少", "far fewer")
            case .farMore: ("明显多", "far more")
            }
        }
    }

    package static func place(count: Int, expected: Double) -> Place {
        guard count >= 0, expected.isMeasured, expected <= Self.largestExpectation else { return .undefined }
        // By the tails themselves: between whole counts the drawn limits lie lower than a whole count can, and one
        // accident where a quarter is expected, which chance brings every fifth time, would lie outside of them.
        let many = count == 0 ? 1 : 1 - Distributions.poisson(atMost: count - 1, mean: expected)
        let few = Distributions.poisson(atMost: count, mean: expected)
        if many <= 0.001 { return .farMore }
        if few <= 0.001 { return .farFewer }
        if many <= 0.025 { return .noticeablyMany }
        return few <= 0.025 ? .noticeablyFew : .usual
    }
}
