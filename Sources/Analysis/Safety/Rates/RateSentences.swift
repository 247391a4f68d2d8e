import Chronology

/// A rate in words: first what was found, with its uncertainty, then what to be careful about.
package enum RateSentences {
    /// The finding and the cautions, in the order in which they should be read.
    package static func all(_ rate: AccidentRate) -> [SafetyStatement] {
        [self.finding(rate)] + self.cautions(rate)
    }

    package static func finding(_ rate: AccidentRate) -> SafetyStatement {
        let (period, noun) = (self.period(rate), self.noun(rate.card))
        if rate.observation.isYetToCome {
            return SafetyStatement(
                zh: "\(rate.periodFrom.year) 年尚未开始：还没有可数的事故，也没有率。",
                en: "\(rate.periodFrom.year) has not begun: there is nothing to count yet, and no rate.")
        }
        if !rate.isCounted, let days = rate.observation.otherWindow {
            return SafetyStatement(
                zh: "\(period.zh)：死亡人数不明——该年上报的死亡人数按 \(days) 日内统计，与本口径（\(rate.card.deathWindowDays) 日内）不同，不能换用。",
                en:
                    "\(period.en): the deaths within \(rate.card.deathWindowDays) days are not known. Those reported of that "
                    + "year were counted within \(days) days, which is not the same.")
        }
        if rate.observation.isReportedOtherwise {
            return SafetyStatement(
                zh: "\(period.zh)：数量不明——该年只上报了死亡人数与死亡事故数中的另一项，没有\(noun.unit)的数，也不以事故登记代替。",
                en:
                    "\(period.en): the number of \(noun.many) is not known. Of deaths and fatal accidents the report of that "
                    + "year has only the other, and the register does not stand in for it.")
        }
        if rate.observation.isReportedForAllYear {
            return SafetyStatement(
                zh: "\(period.zh)：\(noun.unit)的数量不明——上报的是全年数，该年尚未结束（或只算到当日），不能当作其中一段的数；事故登记当时尚未开始。",
                en:
                    "\(period.en): the number of \(noun.many) is not known. What was reported is that of all of the year, and "
                    + "none of a part of it; the register of accidents had not begun.")
        }
        guard rate.isCounted else {
            return SafetyStatement(
                zh: "\(period.zh)：事故数不明——该年没有上报这一数量，事故登记也尚未开始；登记表为空不等于没有事故。",
                en:
                    "\(period.en): the count is not known. No number of \(noun.many) was reported of that year, and the "
                    + "register of accidents had not begun; an empty register does not mean that there was none.")
        }
        // After a day a number would run on.
        let isYear = period.zh.hasSuffix("年") || period.zh.hasSuffix("）")
        var zh = "\(period.zh)\(isYear ? " " : "：")\(rate.count) \(noun.unit)"
        var en = "\(period.en): \(rate.count) \(rate.count == 1 ? noun.one : noun.many)"
        guard let value = rate.rate, let interval = rate.interval else {
            let missing = rate.card.denominator.words
            zh += "；没有\(missing.zh)数据，率无法计算（不是 0）。"
            en += "; without \(missing.en) the rate is undefined (not 0)."
            return SafetyStatement(zh: zh, en: en)
        }
        let (figure, limits) = (FigureText.figure(value), self.limits(interval))
        let unit = rate.card.denominator.words
        if let year = rate.card.baselineYear { zh += "，按 \(year) 年口径" } else { zh += "，" }
        zh += "相当于每\(unit.perZH) \(figure) \(noun.unit)（95% 区间 \(limits)）"
        en += ", \(figure) per \(unit.perEN) (95 % interval \(limits))"
        let comparison = self.comparison(rate)
        return SafetyStatement(zh: zh + comparison.zh + "。", en: en + comparison.en + ".")
    }

    private static func comparison(_ rate: AccidentRate) -> SafetyStatement {
        guard let year = rate.card.baselineYear else { return SafetyStatement(zh: "", en: "") }
        if let days = rate.refusedWindow {
            return SafetyStatement(
                zh: "；\(year) 年上报的死亡人数按 \(days) 日内统计，与本口径（\(rate.card.deathWindowDays) 日内）不同，不与之比较",
                en: "; the deaths reported of \(year) were counted within \(days) days and not within "
                    + "\(rate.card.deathWindowDays): not compared with them")
        }
        guard let interval = rate.ratioInterval, let target = rate.target else {
            return SafetyStatement(
                zh: "；没有 \(year) 年的基准数据，无法比较", en: "; without figures of \(year) nothing can be compared")
        }
        guard rate.isWellCounted, rate.isBaselineWellCounted else {
            return rate.isWellCounted
                ? SafetyStatement(
                    zh: "；\(year) 年的事故登记不足一半，不与之比较",
                    en: "; of \(year) less than half is registered: not compared with it")
                : SafetyStatement(
                    zh: "；本期的事故登记不足一半，不与 \(year) 年比较",
                    en: "; less than half of the period is registered: not compared with \(year)")
        }
        guard rate.isComparable else {
            let share = FigureText.part((rate.isWellSeen ? rate.baseline?.coverage : rate.coverage) ?? 0)
            return rate.isWellSeen
                ? SafetyStatement(
                    zh: "；\(year) 年的暴露量只观测到\(share.zh)，不与之比较",
                    en: "; \(share.en) of the exposure of \(year) was seen: not compared with it")
                : SafetyStatement(
                    zh: "；暴露量只观测到\(share.zh)，不与 \(year) 年比较",
                    en: "; \(share.en) of the exposure was seen: not compared with \(year)")
        }
        let aim = FigureText.percent(1 - rate.card.target)
        let chance = FigureText.chance(target.probability)
        let limits = self.limits(interval)
        let met = (
            zh: "，达到“下降 \(aim)”的概率\(chance.zh)",
            en: "; the probability that it fell by \(aim) or more is \(chance.en)"
        )
        guard let ratio = rate.ratio else {
            return SafetyStatement(
                zh: "；\(year) 年为 0，无法给出比值（95% 区间 \(limits)）\(met.zh)（仅依据先验假设）",
                en:
                    "; there were 0 in \(year), so there is no ratio (95 % interval \(limits))\(met.en) (resting on the prior)"
            )
        }
        let change = FigureText.percent((1 - ratio).magnitude)
        let words: (zh: String, en: String) =
            ratio == 1
            ? ("持平", "no change") : ratio < 1 ? ("下降 \(change)", "down \(change)") : ("上升 \(change)", "up \(change)")
        return SafetyStatement(
            zh: "，较 \(year) 年\(words.zh)（比值 \(FigureText.figure(ratio))，95% 区间 \(limits)）\(met.zh)",
            en: ", \(words.en) on \(year) (ratio \(FigureText.figure(ratio)), 95 % interval \(limits))\(met.en)")
    }

    /// `2020 年`, or from the first to the last day.
    private static func period(_ rate: AccidentRate) -> (zh: String, en: String) {
        let (from, to) = (rate.periodFrom, rate.periodTo)
        guard from.year == to.year, from.month == 1, from.day == 1 else {
            return ("\(from) 至 \(to)", "\(from) to \(to)")
        }
        return to.month == 12 && to.day == 31
            ? ("\(from.year) 年", "\(from.year)") : ("\(from.year) 年至今（\(to)）", "\(from.year) to date (\(to))")
    }

    static func noun(_ card: DefinitionCard) -> (unit: String, one: String, many: String) {
        switch card.numerator {
        case .accidents: ("起事故", "accident", "accidents")
        case .fatalAccidents: ("起死亡事故", "fatal accident", "fatal accidents")
        case .deaths7Days, .deaths30Days:
            (
                "人死亡（\(card.deathWindowDays) 日内）", "death within \(card.deathWindowDays) days",
                "deaths within \(card.deathWindowDays) days"
            )
        }
    }

    private static func limits(_ interval: Interval) -> String {
        FigureText.figure(interval.low) + "–" + FigureText.figure(interval.high)
    }
}

extension RateSentences {
    /// What the target leaves for the rest of the period.
    package static func allowance(_ rate: AccidentRate) -> SafetyStatement? {
        guard rate.isComparable, let allowed = rate.allowedCount,
            let left = YearInProgress.stillAllowed(ceiling: allowed, count: rate.count)
        else { return nil }
        let unit = Self.noun(rate.card).unit
        return left >= 0
            ? SafetyStatement(
                zh: "按目标，本期上限 \(allowed) \(unit)，还可容许 \(left)。",
                en: "The target allows \(allowed) in this period: \(left) more.")
            : SafetyStatement(
                zh: "按目标，本期上限 \(allowed) \(unit)，已超出 \(left.magnitude)。",
                en: "The target allows \(allowed) in this period: \(left.magnitude) too many.")
    }

    /// How far towards the target, with what the interval of the ratio makes of it: a share alone would be a change
    /// without its interval.
    package static func progress(_ rate: AccidentRate) -> SafetyStatement? {
        guard rate.isComparable, let progress = rate.progress, let limits = rate.ratioInterval, rate.card.target < 1
        else { return nil }
        let way = 1 - rate.card.target
        let (share, aim) = (FigureText.percent(progress), FigureText.percent(way))
        let (low, high) = ((1 - limits.high) / way, (1 - limits.low) / way)
        let interval = "\(FigureText.percent(low)) – \(FigureText.percent(high))"
        return SafetyStatement(
            zh: "下降 \(aim) 的目标已走完 \(share)（95% 区间 \(interval)；负值为上升，超过 100% 为已越过目标）。",
            en: "\(share) of the way to the target of \(aim) less (95 % interval \(interval); below 0 it rose, above "
                + "100 % it is past the target).")
    }
}

extension DefinitionCard.Denominator {
    /// The exposure, and the unit of the rate.
    package var words: (zh: String, en: String, perZH: String, perEN: String) {
        switch self {
        case .vehicleKilometres: ("车公里", "vehicle-km", "百万车公里", "million vehicle-km")
        case .vehicles: ("车辆数", "vehicles", "万车", "10,000 vehicles")
        case .volume: ("方量", "m³", "百万方", "million m³")
        }
    }
}
