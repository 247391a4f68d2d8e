/// How far a rate has come from its baseline to a target ratio of it.
package enum TargetProgress {
    /// (r₀ − r₁) ÷ ((1 − target) · r₀): 0 at the baseline, 1 at the target; below 0 when it got worse, above 1 when it
    /// is better than asked. `nil` for a baseline of 0.
    package static func share(rate: Double, baselineRate: Double, target: Double = 0.5) -> Double? {
        guard rate.isFinite, rate >= 0, baselineRate.isMeasured, target.isFinite, target < 1 else { return nil }
        return ((baselineRate - rate) / ((1 - target) * baselineRate)).ifDefined
    }

    /// The largest count in `exposure` with which the rate is still no more than `target` of the baseline's:
    /// ⌊target · x₀/E₀ · E₁⌋.
    package static func allowedCount(
        baselineCount: Int, baselineExposure: Double, exposure: Double, target: Double = 0.5
    ) -> Int? {
        guard baselineCount >= 0, baselineExposure.isMeasured, exposure.isMeasured, target.isFinite, target >= 0
        else { return nil }
        let allowed = target * Double(baselineCount) * (exposure / baselineExposure)
        // 0.5 · 12/18 · 18 must not become 5 by a rounding in the last digit.
        let whole = (allowed * (1 + 1e-12)).rounded(.down)
        return whole < Double(Int.max) ? Int(whole) : nil
    }

    /// The values year by year from `start` to `end`, in equal steps.
    package static func linearPath(from start: Double, to end: Double, years: Int) -> [Double] {
        guard years > 0, years <= Self.longestPath else { return [] }
        return (0...years).map { start + (end - start) * Double($0) / Double(years) }
    }

    /// The values year by year in equal proportions.
    package static func geometricPath(from start: Double, to end: Double, years: Int) -> [Double] {
        guard start.isMeasured, end.isMeasured, years > 0, years <= Self.longestPath else { return [] }
        return (0...years).map { start * Exponential.power(end / start, Double($0) / Double(years)) }
    }

    private static let longestPath = 1000
}
