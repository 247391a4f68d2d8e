/// The exact central interval of a Poisson mean (Garwood, Biometrika 28, 1936):
/// low = χ²(α/2; 2x)/2, high = χ²(1−α/2; 2x+2)/2, and low = 0 for x = 0.
///
/// Its coverage is never below the level, whatever the mean.
package enum ExactPoisson {
    /// For the mean itself; `nil` for a negative count or a level outside 0–1.
    package static func interval(count: Int, confidence: Double = 0.95) -> Interval? {
        guard count >= 0, let tail = Confidence.tail(confidence) else { return nil }
        let low = count == 0 ? 0 : Distributions.gammaQuantile(tail, shape: Double(count))
        return Interval(low, Distributions.gammaUpperQuantile(tail, shape: Double(count) + 1))
    }

    /// For the rate count ÷ exposure; `nil` where there is no exposure: then the rate is undefined, not 0.
    package static func interval(count: Int, exposure: Double, confidence: Double = 0.95) -> Interval? {
        guard exposure.isMeasured else { return nil }
        return Self.interval(count: count, confidence: confidence)?.scaled(by: 1 / exposure)
    }

    /// The mean that the truth exceeds with no more than 1 − `confidence`. For 0 events at 95 %: 2.9957, the "rule of
    /// three".
    package static func upperLimit(count: Int, confidence: Double = 0.95) -> Double? {
        guard count >= 0, confidence > 0, confidence < 1 else { return nil }
        return Distributions.gammaUpperQuantile(1 - confidence, shape: Double(count) + 1).ifDefined
    }
}
