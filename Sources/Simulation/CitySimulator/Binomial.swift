/// The binomial distribution.
enum Binomial {
    /// How likely at most `successes` of `trials` succeed where each does with `probability`, by the sum of its terms:
    /// only basic arithmetic, so that every machine comes to the same judgement.
    static func chance(ofAtMost successes: Int, of trials: Int, probability: Double) -> Double {
        guard successes < trials, probability > 0 else { return 1 }
        guard probability < 1 else { return 0 }
        let odds = probability / (1 - probability)
        // Relative to the first term, which may be too small for a number.
        var (term, lower, sum) = (1.0, 0.0, 0.0)
        for count in 0...trials {
            sum += term
            if count <= successes { lower += term }
            term *= Double(trials - count) / Double(count + 1) * odds
            if sum > 1e200 { (term, lower, sum) = (term * 1e-200, lower * 1e-200, sum * 1e-200) }
        }
        return lower / sum
    }
}
