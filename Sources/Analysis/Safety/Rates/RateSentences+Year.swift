import Chronology
import Registers

/// What the rest of a year may bring, and what right turns have to do with it.
extension RateSentences {
    /// The ceiling of the whole year, and how likely it is kept if the rest of the year is driven like the part that is
    /// over; `nil` for a year that is over or has nothing to compare with.
    package static func finish(_ rate: AccidentRate) -> SafetyStatement? {
        let (from, to) = (rate.periodFrom, rate.periodTo)
        guard rate.isComparable, from.month == 1, from.day == 1,
            let end = CivilDate(year: from.year, month: 12, day: 31), from <= to, to < end,
            let exposure = rate.exposure, exposure.isMeasured, let baseline = rate.baseline,
            let before = baseline.measuredExposure
        else { return nil }
        let gone = Double(to.daysSince1970 - from.daysSince1970 + 1)
        let rest = exposure * Double(end.daysSince1970 - to.daysSince1970) / gone
        guard
            let ceiling = TargetProgress.allowedCount(
                baselineCount: baseline.count, baselineExposure: before, exposure: exposure + rest,
                target: rate.card.target),
            let chance = YearInProgress.probability(
                atMost: ceiling, count: rate.count, exposure: exposure, remainingExposure: rest)
        else { return nil }
        let share = FigureText.percent(chance)
        return SafetyStatement(
            zh: "余下时间若暴露量同前，全年上限 \(ceiling)，年底不超过上限的概率约 \(share)。",
            en:
                "If the rest of the year is driven alike, the year's limit is \(ceiling); the probability of keeping to it is "
                + "about \(share).")
    }

    /// How many of the year's accidents were right turns, and what the cameras were then: an association.
    package static func rightTurns(_ accidents: [AccidentMoment]) -> SafetyStatement? {
        let told = accidents.filter { $0.accident.isRightTurn != nil }
        let turns = told.filter { $0.accident.isRightTurn == true }
        guard
            let share = QualityShare(turns.count, of: told.count),
            let interval = share.interval()
        else { return nil }
        let limits = "\(FigureText.percent(interval.low))–\(FigureText.percent(interval.high))"
        let (ok, known) = (turns.count { $0.camera == .ok }, turns.count { $0.camera != nil })
        let percent = FigureText.percent(share.value)
        return SafetyStatement(
            zh: "写明是否右转的 \(told.count) 起中右转 \(turns.count) 起（\(percent)，95% 区间 \(limits)）；"
                + "其中车辆已知的 \(known) 起，当时摄像头确知正常 \(ok) 起。",
            en: "Of \(told.count) that say whether it was a right turn, \(turns.count) were (\(percent), 95 % interval "
                + "\(limits)); the truck is known of \(known) of these, and its camera was known ok in \(ok).")
    }
}
