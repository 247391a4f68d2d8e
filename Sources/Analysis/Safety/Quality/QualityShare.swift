/// A share of counts, with both numbers kept; `nil` where there is nothing to divide by.
package struct QualityShare: Hashable, Sendable, Codable {
    package let part: Int64
    package let whole: Int64

    /// `nil` for a negative number or an empty whole. A part larger than its whole is the caller's double count and is
    /// refused too, rather than shown as more than 100 %.
    package init?(_ part: some BinaryInteger, of whole: some BinaryInteger) {
        guard let part = Int64(exactly: part), let whole = Int64(exactly: whole), whole > 0, part >= 0, part <= whole
        else { return nil }
        self.part = part
        self.whole = whole
    }

    package var value: Double { Double(self.part) / Double(self.whole) }

    /// Wilson's interval, for shares of counted things (trucks, tickets), not of time or distance.
    package func interval(confidence: Double = 0.95) -> Interval? {
        guard let part = Int(exactly: self.part), let whole = Int(exactly: self.whole) else { return nil }
        return WilsonInterval.interval(successes: part, of: whole, confidence: confidence)
    }
}
