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
        let start = (
            zh: "余下时间若暴露量同前，全年上限 \(ceiling)",
            en: "If the rest of the year is driven alike, the year's limit is \(ceiling)"
        )
        guard rate.count <= ceiling else {
            return SafetyStatement(
                zh: "\(start.zh)，现在已经超过，今年不可能再达标。",
                en: "\(start.en), which is passed already: this year cannot keep to it any more.")
        }
        let share = FigureText.chance(chance)
        return SafetyStatement(
            zh: "\(start.zh)，年底不超过上限的概率\(share.zh)。",
            en: "\(start.en); the probability of keeping to it is \(share.en).")
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
            en: "Accidents that say whether they were right turns: \(told.count); right turns among them: "
                + "\(turns.count) (\(percent), 95 % interval \(limits)), with a known truck: \(known), with its camera "
                + "known ok: \(ok).")
    }

    /// Fatal accidents beside the deaths in them, which come in clusters, by both windows; `nil` without accidents.
    package static func deaths(_ accidents: [AccidentMoment]) -> SafetyStatement? {
        let all = accidents.map(\.accident)
        let dates = all.map { $0.occurredAt.date(at: .shanghai) }
        guard let first = dates.min(), let last = dates.max() else { return nil }
        func count(_ numerator: DefinitionCard.Numerator) -> AccidentCount {
            AccidentCount(
                of: all, in: .city, from: first, to: last,
                card: DefinitionCard(numerator: numerator, denominator: .vehicles))
        }
        func said(_ deaths: AccidentCount) -> (zh: String, en: String) {
            let open = deaths.openDeaths.total
            return open == 0 ? ("", "") : ("（\(open) 起不明）", " (\(open) not known)")
        }
        let (total, fatal) = (count(.accidents).count, count(.fatalAccidents))
        let (week, month) = (count(.deaths7Days), count(.deaths30Days))
        let (fatalOpen, weekOpen, monthOpen) = (said(fatal), said(week), said(month))
        return SafetyStatement(
            zh: "登记事故 \(total) 起，其中死亡事故 \(fatal.count) 起\(fatalOpen.zh)；7 日内死亡 \(week.count) 人\(weekOpen.zh)，"
                + "30 日内 \(month.count) 人\(monthOpen.zh)。一起事故可能死亡多人：比较以死亡事故起数为准。",
            en:
                "Accidents registered: \(total), fatal \(fatal.count)\(fatalOpen.en); deaths within 7 days \(week.count)"
                + "\(weekOpen.en), within 30 \(month.count)\(monthOpen.en). One accident may kill several: compare fatal accidents."
        )
    }
}
