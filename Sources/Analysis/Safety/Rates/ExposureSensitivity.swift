/// What a rate would be if the exposure were a little wrong, up or down: kilometres and m³ are measured or worked out,
/// and never exact. The baseline's exposure is taken as it is; an error of both in the same direction would leave the
/// ratio as it stands.
package struct ExposureSensitivity: Hashable, Sendable {
    /// The error that is tried, ± 5 % of the exposure.
    package static let error = 0.05

    /// The rate with so much more exposure, and with so much less.
    package let rate: Interval
    /// The 95 % interval at the widest: from its lower limit with more exposure to its upper one with less.
    package let interval: Interval?
    package let ratio: Interval?
    /// Of the target being met: with less exposure, and with more.
    package let probability: Interval?

    /// `nil` for vehicles, which the register counts, and where there is no rate.
    package init?(_ rate: AccidentRate) {
        guard rate.card.denominator != .vehicles, let value = rate.rate, let exposure = rate.exposure,
            exposure.isMeasured
        else { return nil }
        let (more, less) = (1 + Self.error, 1 - Self.error)
        self.rate = Interval(low: value / more, high: value / less)
        self.interval = rate.interval.flatMap { Interval($0.low / more, $0.high / less) }
        self.ratio = rate.ratio.flatMap { Interval($0 / more, $0 / less) }
        func probability(_ factor: Double) -> Double? {
            rate.baseline.flatMap { baseline in
                baseline.measuredExposure.flatMap { before in
                    TargetProbability(
                        target: rate.card.target, count: rate.count, exposure: exposure * factor,
                        baselineCount: baseline.count, baselineExposure: before)?.probability
                }
            }
        }
        if let low = probability(less), let high = probability(more) {
            self.probability = Interval(low, high)
        } else {
            self.probability = nil
        }
    }
}

extension RateSentences {
    /// What an error of the exposure would make of the rate; nothing where too little of it was seen for any figure in
    /// words.
    package static func sensitivity(_ rate: AccidentRate) -> SafetyStatement? {
        guard rate.isWellSeen, let sensitivity = ExposureSensitivity(rate) else { return nil }
        let error = FigureText.percent(ExposureSensitivity.error)
        let rates = Self.span(sensitivity.rate)
        var (zh, en) = (
            "若\(rate.card.denominator.words.zh)有 ±\(error) 的误差，率在 \(rates) 之间",
            "If the \(rate.card.denominator.words.en) were wrong by ±\(error), the rate would be \(rates)"
        )
        if let interval = sensitivity.interval {
            zh += "（95% 区间最宽 \(Self.span(interval))）"
            en += " (95 % interval at the widest \(Self.span(interval)))"
        }
        if rate.isComparable, let probability = sensitivity.probability {
            let (low, high) = (FigureText.chance(probability.low), FigureText.chance(probability.high))
            zh += "，达标概率\(low.zh)至\(high.zh)（基准不变）"
            en += ", the probability that the target is met \(low.en) to \(high.en) (the baseline as it is)"
        }
        return SafetyStatement(zh: zh + "。", en: en + ".")
    }

    private static func span(_ interval: Interval) -> String {
        "\(FigureText.figure(interval.low))–\(FigureText.figure(interval.high))"
    }
}
