/// Companies before and after, each with the luck of the draw taken off and beside the change of all others: what a
/// measure of one company may claim. In the order of the names; it is no ranking.
package struct BeforeAfterTable: Hashable, Sendable {
    /// One company.
    package struct Row: Hashable, Sendable {
        package var name: String
        package var before: Int
        package var after: Int
        /// After over before, of the exposures.
        package var exposureRatio: Double
        /// Of the plain ratio of the rates, exact: it may be anything where the counts are small.
        package var naiveInterval: Interval?
        /// With regression to the mean taken off: like companies are all companies.
        package var effect: BeforeAfter?
        package var effectInterval: Interval?
        /// Beside the others' change of counts; `nil` where one of their sums is 0.
        package var comparison: ComparisonGroup?
        /// Of its ratio; never `nil` where there is one.
        package var comparisonInterval: Interval?
    }

    package let rows: [Row]
    /// How much companies differ beyond chance, k of the variance μ + kμ².
    package let overdispersion: Double

    /// Why there is no table.
    package static let missing = SafetyStatement(
        zh: "需要基准年中至少三家企业的事故数与暴露量（导入 baselines 的企业行）。",
        en: "It takes accidents and exposure of at least three companies in a baseline year (rows of companies in "
            + "`import baselines`).")

    /// Fewer companies are no population to regress to.
    private static let fewest = 3

    /// - Parameter rates: of the companies, each with its baseline; those without exposure in both years, or with too
    ///   little of it seen, have no part.
    package init?(_ rates: [AccidentRate]) {
        let known = rates.compactMap { rate -> (AccidentRate, Observation, Double, Double)? in
            guard rate.isComparable, let baseline = rate.baseline, let before = baseline.measuredExposure,
                let after = rate.exposure, after.isMeasured, baseline.count >= 0, rate.count >= 0
            else { return nil }
            return (rate, baseline, before, after)
        }
        let exposure = known.reduce(0) { $0 + $1.2 }
        let (allBefore, allAfter) = (known.reduce(0) { $0 + $1.1.count }, known.reduce(0) { $0 + $1.0.count })
        guard known.count >= Self.fewest, exposure.isMeasured, allBefore > 0 else { return nil }
        let overall = Double(allBefore) / exposure
        let means = known.map { $0.2 * overall }
        let overdispersion = Self.overdispersion(zip(known, means).map { ($0.1.count, $1) })
        self.overdispersion = overdispersion
        self.rows = zip(known, means).map { company, mean in
            let (rate, baseline, before, after) = company
            let effect = BeforeAfter(
                before: baseline.count, after: rate.count, mean: mean, overdispersion: overdispersion,
                exposureRatio: after / before)
            let comparison = ComparisonGroup(
                treatedBefore: baseline.count, treatedAfter: rate.count, comparisonBefore: allBefore - baseline.count,
                comparisonAfter: allAfter - rate.count)
            let naive = RateRatio(
                count: rate.count, exposure: after, baselineCount: baseline.count, baselineExposure: before)
            let odds = OddsRatio(
                treatedBefore: baseline.count, treatedAfter: rate.count, comparisonBefore: allBefore - baseline.count,
                comparisonAfter: allAfter - rate.count)
            return Row(
                name: rate.scope.text, before: baseline.count, after: rate.count, exposureRatio: after / before,
                naiveInterval: naive?.interval(), effect: effect,
                effectInterval: effect.flatMap { Self.interval($0, after: rate.count) }, comparison: comparison,
                comparisonInterval: comparison.flatMap { Self.interval($0, odds) })
        }
    }

    /// The interval on the logarithmic scale is that of large counts, and there is none with no event after; the wider
    /// end of it and of the exact one.
    private static func interval(_ comparison: ComparisonGroup, _ odds: OddsRatio?) -> Interval? {
        guard let exact = odds?.interval() else { return comparison.interval() }
        guard let normal = comparison.interval() else { return exact }
        return Interval(low: min(normal.low, exact.low), high: max(normal.high, exact.high))
    }

    /// Hauer's interval is that of large counts; with few, the exact one of the later count over what was to be
    /// expected is wider. The wider end of both counts, so that two accidents and then none prove nothing.
    private static func interval(_ effect: BeforeAfter, after: Int) -> Interval? {
        guard let hauer = effect.interval(),
            let exact = ExactPoisson.interval(count: after, exposure: effect.expectedAfter)
        else { return nil }
        return Interval(low: min(hauer.low, exact.low), high: max(hauer.high, exact.high))
    }

    /// By moments: Σ((x − μ)² − μ) ÷ Σμ², not below 0.
    private static func overdispersion(_ counts: [(count: Int, mean: Double)]) -> Double {
        let (excess, squares) = counts.reduce((0.0, 0.0)) { sums, one in
            let distance = Double(one.count) - one.mean
            return (sums.0 + distance * distance - one.mean, sums.1 + one.mean * one.mean)
        }
        guard squares > 0, excess.isFinite, squares.isFinite else { return 0 }
        return max(0, excess / squares)
    }

    /// Companies whose interval leaves 1 out on the good side, against their own past and against all others: what the
    /// whole city had less of is no company's doing.
    package var improved: [Row] {
        self.rows.filter { row in
            [row.effectInterval, row.comparisonInterval].allSatisfy { $0.map { $0.high < 1 } ?? false }
        }
    }

    /// - Parameters:
    ///   - before: the baseline year.
    ///   - after: the question's.
    package func sentence(before: Int, after: Int) -> SafetyStatement {
        let names = self.improved.map(\.name)
        let (zhShown, enShown) = (names.prefix(5).joined(separator: "、"), names.prefix(5).joined(separator: ", "))
        return names.isEmpty
            ? SafetyStatement(
                zh: "\(before) 与 \(after) 年相比，扣除回归均值并与其余企业对照，没有一家的区间低于 1：不能说任何一家的措施已见效。",
                en:
                    "\(before) against \(after), regression to the mean taken off and beside all others: no company's interval "
                    + "lies below 1, so no measure can be said to have worked.")
            : SafetyStatement(
                zh: "\(before) 与 \(after) 年相比，扣除回归均值并与其余企业对照，区间低于 1 的有 \(names.count) 家（\(zhShown)）；"
                    + "每四十家至多约有一家纯属偶然。",
                en:
                    "\(before) against \(after), regression to the mean taken off and beside all others: the interval of "
                    + "\(names.count) lies below 1 (\(enShown)); up to one in forty does so by chance.")
    }
}
