import Chronology

/// A rate in words: first what was found, with its uncertainty, then what to be careful about.
package enum RateSentences {
    /// The finding and the cautions, in the order in which they should be read.
    package static func all(_ rate: AccidentRate) -> [SafetyStatement] {
        [self.finding(rate)] + self.cautions(rate)
    }

    package static func finding(_ rate: AccidentRate) -> SafetyStatement {
        let (period, noun) = (self.period(rate), self.noun(rate.card))
        guard rate.isCounted else {
            return SafetyStatement(
                zh: "\(period.zh)：事故数不明——该年既无上报数，事故登记也尚未开始；登记表为空不等于没有事故。",
                en:
                    "\(period.en): the count is not known. Nothing was reported of that year and the register of accidents had "
                    + "not begun; an empty register does not mean that there was none.")
        }
        var zh = "\(period.zh) \(rate.count) \(noun.unit)"
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
        guard let interval = rate.ratioInterval, let target = rate.target else {
            return SafetyStatement(
                zh: "；没有 \(year) 年的基准数据，无法比较", en: "; without figures of \(year) nothing can be compared")
        }
        guard rate.isComparable else {
            let share = FigureText.percent((rate.isWellSeen ? rate.baseline?.coverage : rate.coverage) ?? 0)
            return rate.isWellSeen
                ? SafetyStatement(
                    zh: "；\(year) 年的暴露量只观测到约 \(share)，不与之比较",
                    en: "; only about \(share) of the exposure of \(year) was seen: not compared with it")
                : SafetyStatement(
                    zh: "；暴露量只观测到约 \(share)，不与 \(year) 年比较",
                    en: "; only about \(share) of the exposure was seen: not compared with \(year)")
        }
        let aim = FigureText.percent(1 - rate.card.target)
        let chance = FigureText.percent(target.probability)
        let limits = self.limits(interval)
        let met = (
            zh: "，达到“下降 \(aim)”的概率约 \(chance)",
            en: "; the probability that it fell by \(aim) or more is about \(chance)"
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

    private static func noun(_ card: DefinitionCard) -> (unit: String, one: String, many: String) {
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
    /// A count below this moves by chance alone as much as most measures move it.
    package static let smallCount = 5
    private static let usualCoverage = 0.9

    package static func cautions(_ rate: AccidentRate) -> [SafetyStatement] {
        guard rate.isCounted else { return [] }
        var cautions: [SafetyStatement] = []
        let counts = [rate.count, rate.baseline?.count ?? rate.count]
        if counts.contains(where: { $0 < Self.smallCount }) {
            cautions.append(
                SafetyStatement(
                    zh: "数量很小：变化可能只是偶然，请看区间，不要只看百分比。",
                    en: "The counts are small: the change may be chance alone; read the interval, not the percentage."))
        }
        if rate.card.numerator.isDeaths {
            cautions.append(
                SafetyStatement(
                    zh: "死亡人数成簇出现（一起事故可能死亡多人），区间偏窄；方法对事故数和死亡事故数才是精确的。",
                    en:
                        "Deaths come in clusters (one accident may kill several), so the interval is too narrow; the method is exact "
                        + "for accidents and fatal accidents."))
        }
        if rate.target?.restsOnPrior ?? false {
            cautions.append(
                SafetyStatement(
                    zh: "基准年数量为 0：达标概率只依据先验假设 Gamma(½, 0)，数据本身没有给出比值。",
                    en:
                        "The baseline count is 0: the probability rests on the prior Gamma(½, 0); the data give no ratio."
                ))
        }
        return cautions + Self.coverageCautions(rate)
    }

    private static func coverageCautions(_ rate: AccidentRate) -> [SafetyStatement] {
        var cautions: [SafetyStatement] = []
        if let coverage = rate.coverage, coverage < Self.usualCoverage {
            let share = FigureText.percent(coverage)
            cautions.append(
                SafetyStatement(
                    zh: "暴露量只观测到约 \(share)：未观测部分没有补算，率可能偏高。",
                    en:
                        "Only about \(share) of the exposure was seen; the rest is not made up for, so the rate may be too high."
                ))
        }
        if let coverage = rate.baseline?.coverage, coverage < Self.usualCoverage {
            let share = FigureText.percent(coverage)
            cautions.append(
                SafetyStatement(
                    zh: "基准年的暴露量只观测到约 \(share)：基准率可能偏高，降幅可能偏大。",
                    en:
                        "Only about \(share) of the baseline's exposure was seen: its rate may be too high, and the fall too large."
                ))
        }
        return cautions
    }

    /// How long a true change would take to show; said beside every comparison of small counts.
    package static func power(perYear: Double, baselineYears: Int = 1, truth: Double = 0.5) -> SafetyStatement? {
        guard perYear.isMeasured, truth.isFinite, truth < 1 else { return nil }
        let (count, fall) = (FigureText.figure(perYear), FigureText.percent(1 - truth))
        let baseline = (
            zh: "按每年约 \(count) 起、基准 \(baselineYears) 年计",
            en: "At about \(count) a year and \(baselineYears) \(baselineYears == 1 ? "year" : "years") of baseline"
        )
        guard let years = TestPower.yearsNeeded(perYear: perYear, baselineYears: baselineYears, truth: truth) else {
            return SafetyStatement(
                zh: "\(baseline.zh)，真实下降 \(fall) 也难以在 50 年内被证实（单侧 5%，把握度 80%）。",
                en:
                    "\(baseline.en) a true fall of \(fall) would not show within 50 years (one-sided 5 %, power 80 %).")
        }
        return SafetyStatement(
            zh: "\(baseline.zh)，真实下降 \(fall) 约需 \(years) 年才能看出（单侧 5%，把握度 80%）。",
            en:
                "\(baseline.en) a true fall of \(fall) would be seen in about \(years) \(years == 1 ? "year" : "years") "
                + "(one-sided 5 %, power 80 %).")
    }

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

    /// Days since the last death, which are no proof of anything by themselves.
    package static func quiet(days: Int, perYear: Double) -> SafetyStatement? {
        guard let chance = TimeSinceEvent.probability(ofQuiet: Double(days), perYear: perYear) else { return nil }
        let (share, count) = (FigureText.percent(chance), FigureText.figure(perYear))
        return SafetyStatement(
            zh: "距上一次死亡事故 \(days) 天；按每年 \(count) 起计，这么久不发生的概率本来就有 \(share)。",
            en:
                "\(days) days since the last fatal accident; at \(count) a year a quiet time as long has a probability of \(share) anyway."
        )
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
