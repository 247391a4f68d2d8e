package import Chronology

/// One row of `accident-rates` (`contract.md` §5). What is `nil` is undefined and printed empty; a bound may be
/// infinite.
package struct AccidentRate: Hashable, Sendable, Codable {
    package let scope: RateScope
    /// First and last day of the period, in China.
    package let periodFrom: CivilDate
    package let periodTo: CivilDate
    package let card: DefinitionCard
    package let observation: Observation
    /// Per `unitSize` of the denominator, with the exact 95 % limits.
    package let rate: Double?
    package let interval: Interval?
    package let baseline: Observation?
    /// The days within which the baseline counts its deaths, where the card asks for others: it is no baseline then.
    package let refusedWindow: Int?
    package let baselineRate: Double?
    /// The rate over the baseline's; `nil` with 0 events in the baseline, while the limits stay numbers.
    package let ratio: Double?
    package let ratioInterval: Interval?
    package let target: TargetProbability?

    package init(
        scope: RateScope, from: CivilDate, to: CivilDate, card: DefinitionCard, observed: Observation,
        baseline: Observation? = nil, refusedWindow: Int? = nil
    ) {
        self.scope = scope
        self.periodFrom = from
        self.periodTo = to
        self.card = card
        self.observation = observed
        self.baseline = baseline
        self.refusedWindow = refusedWindow
        let unit = card.denominator.unitSize
        self.rate = Self.rate(observed, per: unit)
        self.interval = observed.measuredExposure.flatMap {
            ExactPoisson.interval(count: observed.count, exposure: $0)?.scaled(by: unit)
        }
        self.baselineRate = baseline.flatMap { Self.rate($0, per: unit) }
        guard let baseline, let exposure = observed.measuredExposure, let before = baseline.measuredExposure,
            let ratio = RateRatio(
                count: observed.count, exposure: exposure, baselineCount: baseline.count, baselineExposure: before)
        else {
            (self.ratio, self.ratioInterval, self.target) = (nil, nil, nil)
            return
        }
        self.ratio = ratio.ratio
        self.ratioInterval = ratio.interval()
        self.target = TargetProbability(
            target: card.target, count: observed.count, exposure: exposure, baselineCount: baseline.count,
            baselineExposure: before)
    }

    private static func rate(_ observation: Observation, per unit: Double) -> Double? {
        guard observation.count >= 0, let exposure = observation.measuredExposure else { return nil }
        // Multiplied first: 6 ÷ 2100 × 10,000 and 6 × 10,000 ÷ 2100 differ in the last digit.
        let rate = Double(observation.count) * unit / exposure
        return rate.isFinite ? rate : nil
    }

    /// Whether enough of the exposure was seen for a figure in words: a count of a whole year over the kilometres of a
    /// few days would be an accusation.
    package var isWellSeen: Bool { self.observation.isWellSeen }

    package var count: Int { self.observation.count }
    /// Whether anybody counted; see `Observation`.
    package var isCounted: Bool { self.observation.isCounted }
    /// In the denominator's unit.
    package var exposure: Double? { self.observation.exposure }
    package var coverage: Double? { self.observation.coverage }

    /// The same of the baseline: over the kilometres of a few days it would make any later year a success.
    package var isBaselineWellSeen: Bool { self.baseline?.isWellSeen ?? true }

    /// Whether the register of accidents was kept for half of the period or more, as far as anybody knows: a count of
    /// its last months over the exposure of all of it is no fall.
    package var isWellCounted: Bool { Self.isWellCounted(self.observation, from: self.periodFrom, to: self.periodTo) }

    /// The same of the baseline, which would be too low.
    package var isBaselineWellCounted: Bool {
        guard let baseline = self.baseline, let year = self.card.baselineYear,
            let from = CivilDate(year: year, month: 1, day: 1), let to = CivilDate(year: year, month: 12, day: 31)
        else { return true }
        return Self.isWellCounted(baseline, from: from, to: to)
    }

    private static func isWellCounted(_ figure: Observation, from: CivilDate, to: CivilDate) -> Bool {
        guard let since = figure.countedSince else { return true }
        // Whole years that were reported are counted, whenever the register began.
        let counted = to.daysSince1970 - since.daysSince1970 + 1 + figure.reportedYears * 365
        return Double(counted) >= Double(to.daysSince1970 - from.daysSince1970 + 1) * Observation.leastShare
    }

    package var isComparable: Bool {
        self.isWellSeen && self.isBaselineWellSeen && self.isWellCounted && self.isBaselineWellCounted
    }

    /// 1 − ratio: how far the rate fell; negative when it rose.
    package var reduction: Double? { self.ratio.map { 1 - $0 } }

    /// How far towards the target, 1 being there.
    package var progress: Double? {
        guard let rate = self.rate, let baselineRate = self.baselineRate else { return nil }
        return TargetProgress.share(rate: rate, baselineRate: baselineRate, target: self.card.target)
    }

    /// The largest count of the period with which the target is met.
    package var allowedCount: Int? {
        guard let baseline = self.baseline, let before = baseline.measuredExposure, let exposure = self.exposure
        else { return nil }
        return TargetProgress.allowedCount(
            baselineCount: baseline.count, baselineExposure: before, exposure: exposure, target: self.card.target)
    }
}
