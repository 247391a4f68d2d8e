/// A cumulative sum of counts above a reference value: Sₜ = max(0, Sₜ₋₁ + xₜ − k), a signal at S ≥ h (Lucas,
/// Technometrics 27, 1985), k = (λ₁ − λ₀) ÷ (ln λ₁ − ln λ₀).
package struct PoissonCUSUM: Hashable, Sendable {
    package let reference: Double
    package let threshold: Double

    /// `nil` unless both are positive numbers.
    package init?(reference: Double, threshold: Double) {
        guard reference.isMeasured, threshold.isMeasured else { return nil }
        self.reference = reference
        self.threshold = threshold
    }

    /// The chart that is quickest to see a change of the mean from `usual` to `changed`.
    package init?(usual: Double, changed: Double, threshold: Double) {
        guard usual.isMeasured, changed.isMeasured, usual != changed else { return nil }
        self.init(
            reference: (changed - usual) / (Exponential.log(changed) - Exponential.log(usual)), threshold: threshold)
    }

    /// The sum after each count. It goes on past a signal.
    package func path(_ counts: [Int]) -> [Double] {
        var sum = 0.0
        return counts.map { count in
            sum = max(0, sum + Double(count) - self.reference)
            return sum
        }
    }

    /// The positions at which the sum is at the threshold or above.
    package func signals(_ counts: [Int]) -> [Int] {
        self.path(counts).enumerated().filter { $0.element >= self.threshold }.map(\.offset)
    }

    /// How many counts pass on average before a signal, when they are Poisson with `mean`: the Markov chain of Brook
    /// and Evans (Biometrika 59, 1972), exact because reference and threshold are multiples of 1/`steps`; `nil` where
    /// they are not, or the chain is too long.
    package func averageRunLength(mean: Double, steps: Int) -> Double? {
        guard mean.isMeasured, (1...1000).contains(steps) else { return nil }
        let (reference, threshold) = (self.reference * Double(steps), self.threshold * Double(steps))
        guard reference == reference.rounded(), threshold == threshold.rounded(),
            threshold <= Double(Self.largestChain), reference <= Double(Self.largestChain)
        else { return nil }
        let (k, size) = (Int(reference), Int(threshold))
        // Row i: run length from state i = 1 + Σ P(i → j) · run length from j.
        var rows = (0..<size).map { state -> [Double] in
            var row = [Double](repeating: 0, count: size + 1)
            row[state] = 1
            row[size] = 1
            var count = 0
            while state + count * steps - k < size {
                row[max(0, state + count * steps - k)] -= Distributions.poisson(exactly: count, mean: mean)
                count += 1
            }
            return row
        }
        return LinearSystem.solve(&rows)?.first
    }

    private static let largestChain = 500
}
