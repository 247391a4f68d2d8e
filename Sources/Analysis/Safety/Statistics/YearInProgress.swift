/// What the rest of a year may bring, from the part that is over: with a Gamma(a, b) prior the remaining count is
/// negative binomial with size x + a and chance (E + b) ÷ (E + b + f), f being the exposure to come.
package enum YearInProgress {
    /// P(the year's count ≤ `ceiling`), with Jeffreys' prior. 0 when the ceiling is passed already; `nil` while there
    /// has been no exposure.
    package static func probability(
        atMost ceiling: Int, count: Int, exposure: Double, remainingExposure: Double
    ) -> Double? {
        guard count >= 0, exposure.isMeasured, remainingExposure.isFinite, remainingExposure >= 0 else { return nil }
        guard ceiling >= count else { return 0 }
        let chance = exposure / (exposure + remainingExposure)
        return Distributions.beta(atMost: chance, Double(count) + 0.5, Double(ceiling - count) + 1).ifDefined
    }

    /// How many more events there may be; negative when there were too many.
    package static func stillAllowed(ceiling: Int, count: Int) -> Int? {
        let (difference, overflow) = ceiling.subtractingReportingOverflow(count)
        return overflow ? nil : difference
    }
}
