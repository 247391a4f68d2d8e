import Chronology

/// Rates over 36 months in words.
extension RollingRates {
    /// Why there is none.
    package static let missing = SafetyStatement(
        zh: "截至最近整月的 36 个月内，数量或暴露量有一部分不明（上报的年份只能整年计入），没有滚动率；这不是 0。",
        en:
            "Of the 36 months up to the last whole one, counts or exposure are not known of some (a reported year can be "
            + "taken whole only): there is no rolling rate, which is not 0.")

    /// The finding of the last 36 months, and what they are beside the 36 before, which are no part of them.
    package var sentence: SafetyStatement {
        guard let current = self.current else { return Self.missing }
        let finding = RateSentences.finding(current)
        let change = self.changeSaid(current)
        return SafetyStatement(
            zh: "36 个月滚动：" + finding.zh + (change?.zh ?? ""),
            en: "Over 36 months: " + finding.en + (change.map { " " + $0.en } ?? ""))
    }

    private func changeSaid(_ current: AccidentRate) -> SafetyStatement? {
        guard let before = self.before else { return nil }
        let (from, to) = (before.periodFrom, before.periodTo)
        guard let change = self.change, let interval = change.interval() else {
            return SafetyStatement(
                zh: "此前不重叠的 36 个月（\(from) 至 \(to)）来源不同，或观测、登记不足一半，不与之比较。",
                en: "The 36 months before (\(from) to \(to)) were come by in another way, or less than half of them "
                    + "was seen or registered: not compared.")
        }
        let noun = RateSentences.noun(current.card)
        let limits = FigureText.figure(interval.low) + "–" + FigureText.figure(interval.high)
        let many = before.count == 1 ? noun.one : noun.many
        let ratio = change.ratio.map { FigureText.figure($0) }
        return SafetyStatement(
            zh: "此前不重叠的 36 个月（\(from) 至 \(to)）为 \(before.count) \(noun.unit)，"
                + (ratio.map { "率之比 \($0)" } ?? "无法给出率之比") + "（95% 区间 \(limits)）"
                + (interval.contains(1) ? "，与没有变化相容。" : "。"),
            en: "The 36 months before, which are no part of them (\(from) to \(to)), had \(before.count) \(many): "
                + (ratio.map { "ratio of the rates \($0)" } ?? "there is no ratio") + " (95 % interval \(limits))"
                + (interval.contains(1) ? ", compatible with no change." : "."))
    }

    /// What has to be known of the line and of its last point.
    package var cautions: [SafetyStatement] {
        guard let current = self.current else { return [] }
        var cautions = [
            SafetyStatement(
                zh: "相邻两点有 35 个月相同：曲线一路上升或下降不是独立的证据，相隔 36 个月的两点才不重叠。",
                en:
                    "Neighbouring points share 35 months: a line that rises or falls all along is no independent evidence; "
                    + "only points 36 months apart share none.")
        ]
        if current.card.denominator == .vehicles {
            cautions.append(
                SafetyStatement(
                    zh: "每万车是每万车每年：36 个月的车辆按车辆·年相加。",
                    en: "Per 10,000 vehicles is per 10,000 vehicles and year: vehicles are added up as vehicle-years."))
        }
        let years = current.observation.reportedYears
        if years > 0 {
            cautions.append(
                SafetyStatement(
                    zh: "其中 \(years) 年为上报数，其余由本平台观测：方法不同，合在一起只作参考。",
                    en:
                        "\(years) of the years \(years == 1 ? "was" : "were") reported, the rest was measured here: the "
                        + "methods differ, and their sum is a rough guide."))
        }
        return cautions + RateSentences.cautions(current)
    }
}
