/// The odds ratio of a table of two by two counts, θ = (L/K) ÷ (N/M): a treated group's change over that of a
/// comparison group. Conditional on the sums of rows and columns L is hypergeometric with the parameter θ alone, so
/// that its limits are exact for counts that are Poisson, few or none (Cornfield 1956; what R's `fisher.test` prints).
package struct OddsRatio: Hashable, Sendable {
    /// Of the events after, those of the treated group; and the sums that are taken as given.
    private let (treatedAfter, treated, after, total): (Int, Int, Int, Int)

    /// `nil` for negative counts, or more than are worth adding up one by one.
    package init?(treatedBefore: Int, treatedAfter: Int, comparisonBefore: Int, comparisonAfter: Int) {
        let counts = [treatedBefore, treatedAfter, comparisonBefore, comparisonAfter]
        guard counts.allSatisfy({ (0...Self.mostEvents).contains($0) }) else { return nil }
        self.treatedAfter = treatedAfter
        self.treated = treatedBefore + treatedAfter
        self.after = treatedAfter + comparisonAfter
        self.total = counts.reduce(0, +)
    }

    private static let mostEvents = 10_000

    /// What the treated group's events after can be with these sums.
    private var support: ClosedRange<Int> {
        max(0, self.treated + self.after - self.total)...min(self.treated, self.after)
    }

    /// The exact central limits; 0 and infinity where the sums leave no room to either side.
    package func interval(confidence: Double = 0.95) -> Interval? {
        guard let tail = Confidence.tail(confidence) else { return nil }
        let support = self.support
        let low =
            self.treatedAfter == support.lowerBound
            ? 0 : Self.root { self.tails(logOdds: $0).atLeast - tail }
        let high =
            self.treatedAfter == support.upperBound
            ? Double.infinity : Self.root { tail - self.tails(logOdds: $0).atMost }
        return Interval(low, high)
    }

    /// P(as many or more) and P(as few or fewer) under an odds ratio.
    private func tails(logOdds: Double) -> (atLeast: Double, atMost: Double) {
        let support = self.support
        // The logarithm of each count's weight, from that of the lowest on: neighbours differ by a quotient.
        var logs = [0.0]
        logs.reserveCapacity(support.count)
        for count in support.dropLast() {
            let up = Double(self.treated - count) * Double(self.after - count)
            let down = Double(count + 1) * Double(self.total - self.treated - self.after + count + 1)
            logs.append((logs.last ?? 0) + Exponential.log(up / down) + logOdds)
        }
        let highest = logs.max() ?? 0
        let here = self.treatedAfter - support.lowerBound
        var (below, point, above) = (0.0, 0.0, 0.0)
        for (index, log) in logs.enumerated() {
            let weight = Exponential.exp(log - highest)
            if index < here { below += weight } else if index > here { above += weight } else { point = weight }
        }
        let sum = below + point + above
        return ((point + above) / sum, (below + point) / sum)
    }

    /// Where `difference`, which rises with the logarithm of the odds ratio, is 0.
    private static func root(_ difference: (Double) -> Double) -> Double {
        var (low, high) = (-Self.widest, Self.widest)
        for _ in 0..<Self.halvings {
            let middle = (low + high) / 2
            if difference(middle) < 0 { low = middle } else { high = middle }
        }
        return Exponential.exp((low + high) / 2)
    }

    /// Of the logarithm, on either side: no table of this size has limits beyond it.
    private static let (widest, halvings) = (50.0, 60)
}
