/// The interval of a proportion by Wilson's score (JASA 22, 1927): centre (x + z²/2) ÷ (n + z²), and never outside 0–1.
package enum WilsonInterval {
    /// `nil` without trials, or with more successes than trials.
    package static func interval(successes: Int, of trials: Int, confidence: Double = 0.95) -> Interval? {
        guard trials > 0, (0...trials).contains(successes), let tail = Confidence.tail(confidence) else { return nil }
        let (x, n, z) = (Double(successes), Double(trials), Distributions.normalUpperQuantile(tail))
        let centre = (x + z * z / 2) / (n + z * z)
        let reach = z / (n + z * z) * (x * (n - x) / n + z * z / 4).squareRoot()
        // At the ends the bound is 0 or 1, which rounding would miss.
        return Interval(successes == 0 ? 0 : max(0, centre - reach), successes == trials ? 1 : min(1, centre + reach))
    }
}
