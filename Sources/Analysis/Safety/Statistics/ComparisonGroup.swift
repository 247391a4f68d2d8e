/// Before and after a measure, against a group without it: what was to be expected is the treated count before, times
/// the change of the comparison group, K · N/M (Hauer 1997, chapter 9).
package struct ComparisonGroup: Hashable, Sendable {
    package let expectedAfter: Double
    /// L ÷ (K · N/M).
    package let ratio: Double
    /// The same without the bias of a ratio of counts: divided by 1 + 1/K + 1/M + 1/N.
    package let effect: Double
    /// Of ln(ratio): √(1/K + 1/L + 1/M + 1/N); `nil` with no event after.
    package let logStandardError: Double?

    /// `nil` for negative counts, and where K, M or N is 0: then there is nothing to expect.
    package init?(treatedBefore: Int, treatedAfter: Int, comparisonBefore: Int, comparisonAfter: Int) {
        guard treatedBefore > 0, treatedAfter >= 0, comparisonBefore > 0, comparisonAfter > 0 else { return nil }
        let (before, after) = (Double(treatedBefore), Double(treatedAfter))
        let inverses = 1 / before + 1 / Double(comparisonBefore) + 1 / Double(comparisonAfter)
        self.expectedAfter = before * (Double(comparisonAfter) / Double(comparisonBefore))
        self.ratio = after / self.expectedAfter
        self.effect = self.ratio / (1 + inverses)
        self.logStandardError = treatedAfter > 0 ? (inverses + 1 / after).squareRoot() : nil
    }

    /// Of the ratio, on the logarithmic scale; `nil` with no event after, where that scale has no place.
    package func interval(confidence: Double = 0.95) -> Interval? {
        guard let tail = Confidence.tail(confidence), let error = self.logStandardError else { return nil }
        let factor = Exponential.exp(Distributions.normalUpperQuantile(tail) * error)
        return Interval(self.ratio / factor, self.ratio * factor)
    }
}
