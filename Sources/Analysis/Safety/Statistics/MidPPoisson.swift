/// The mid-P interval of a Poisson mean: half of the probability of the count itself belongs to either tail
/// (Lancaster, JASA 56, 1961). Shorter than the exact one, and its coverage is the level on average only; where it is
/// shown that is said.
package enum MidPPoisson {
    package static func interval(count: Int, confidence: Double = 0.95) -> Interval? {
        guard count >= 0, let tail = Confidence.tail(confidence),
            let exact = ExactPoisson.interval(count: count, confidence: confidence)
        else { return nil }
        // For 0 events all of the doubt lies above: P(X = 0) / 2 = α/2.
        let low =
            count == 0
            ? 0
            : Self.solve(in: exact) { mean in
                Distributions.poisson(atLeast: count, mean: mean)
                    - Distributions.poisson(exactly: count, mean: mean) / 2 < tail
            }
        let high = Self.solve(in: exact) { mean in
            Distributions.poisson(atMost: count, mean: mean) - Distributions.poisson(exactly: count, mean: mean) / 2
                > tail
        }
        return Interval(low, high)
    }

    /// The mean up to which `isBelow` holds. The exact interval encloses the mid-P interval; halving it 200 times
    /// leaves neighbouring numbers.
    private static func solve(in range: Interval, _ isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (range.low, range.high)
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }
}
