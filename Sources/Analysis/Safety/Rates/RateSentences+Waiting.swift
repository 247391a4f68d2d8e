import Chronology

/// How long it takes until a change shows, and what a quiet time is worth.
extension RateSentences {
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

    /// The same of a year beside its baseline or, without one, beside the years before it; where it cannot
    /// be told, why.
    /// - Parameter years: of one scope and card.
    package static func power(_ rate: AccidentRate, among years: [AccidentRate]) -> SafetyStatement {
        let year = rate.card.baselineYear
        if let year, let before = rate.baseline {
            guard before.count > 0, let power = Self.power(perYear: Double(before.count)) else {
                return SafetyStatement(
                    zh: "\(year) 年为 0：从 0 起不能再下降，等多少年也看不出下降。",
                    en: "There were 0 in \(year): nothing can fall from there, however many years one waits.")
            }
            return power
        }
        let known = Self.before(rate, years)
        let count = known.reduce(0.0) { $0 + Double($1.count) }
        guard !known.isEmpty else {
            return SafetyStatement(
                zh: "没有往年的数量，说不出真实下降一半要多少年才能看出。",
                en: "Without counts of earlier years nobody can say how long a true halving would take to be seen.")
        }
        guard let power = Self.power(perYear: count / Double(known.count), baselineYears: known.count) else {
            return SafetyStatement(
                zh: "往年 \(known.count) 年均为 0：从 0 起不能再下降，等多少年也看不出下降。",
                en: "The \(known.count) years before had 0: nothing can fall from there, however many years one waits.")
        }
        return power
    }

    /// The number of years that the sentence says; `nil` where it says none.
    package static func yearsUntilAHalvingShows(_ rate: AccidentRate, among years: [AccidentRate]) -> Int? {
        if rate.card.baselineYear != nil, let before = rate.baseline {
            return TestPower.yearsNeeded(perYear: Double(before.count), baselineYears: 1)
        }
        let known = Self.before(rate, years)
        guard !known.isEmpty else { return nil }
        let count = known.reduce(0.0) { $0 + Double($1.count) }
        return TestPower.yearsNeeded(perYear: count / Double(known.count), baselineYears: known.count)
    }

    /// The years before it that somebody counted.
    private static func before(_ rate: AccidentRate, _ years: [AccidentRate]) -> [AccidentRate] {
        years.filter { $0.isCounted && $0.periodFrom.year < rate.periodFrom.year }
    }

    /// Days since the last death, which are no proof of anything by themselves.
    package static func quiet(days: Int, perYear: Double) -> SafetyStatement? {
        guard let share = TimeSinceEvent.probability(ofQuiet: Double(days), perYear: perYear) else { return nil }
        let (chance, count) = (FigureText.chance(share), FigureText.figure(perYear))
        return SafetyStatement(
            zh: "距上一次死亡事故 \(days) 天；按每年 \(count) 起计，这么久不发生的概率本来就\(chance.zh)。",
            en:
                "\(Self.days(days)) since the last fatal accident; at \(count) a year the probability of a quiet time as long "
                + "is \(chance.en) anyway.")
    }

    static func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }
}
