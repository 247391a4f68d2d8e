package import Chronology
package import Registers

/// Accidents month by month beside what was usual: a Poisson CUSUM and an EWMA, so that a change is seen before the
/// year is over. Months without a known usual level are no chart.
package struct ControlSeries: Hashable, Sendable {
    /// One month of the chart.
    package struct Month: Hashable, Sendable {
        package var month: CivilDate
        package var count: Int
        package var sum: Double
        package var isSignal: Bool
        package var average: Double
        package var averageLimit: Double

        package var isAverageSignal: Bool { self.average > self.averageLimit }
    }

    /// What is counted: deaths come in clusters and have no such chart; their fatal accidents have.
    package let numerator: DefinitionCard.Numerator
    /// Events a month that are usual, and where that is from: the baseline year, or the years before.
    package let usual: Double
    package let usualYears: ClosedRange<Int>
    package let threshold: Double
    package let months: [Month]
    /// Months until a false alarm, and until a doubling is seen, on average.
    package let monthsToFalseAlarm: Double
    package let monthsToDoubling: Double

    /// Months that pass on average before a false alarm, at least.
    private static let fewestMonthsToFalseAlarm = 120.0
    private static let highestThreshold = 100
    /// Months drawn.
    private static let longest = 60

    /// - Parameters:
    ///   - accidents: all that the register knows.
    ///   - keptSince: the register's first day, where these are a part of its accidents alone; `nil`: that of the first
    ///     of them.
    ///   - baseline: of the city in the question's baseline year; `nil` takes the years of the register before the
    ///     question's.
    package init?(
        _ accidents: [Accident], question: RateQuestion, baseline: Observation?, keptSince: CivilDate? = nil
    ) {
        let numerator = question.numerator.isDeaths ? .fatalAccidents : question.numerator
        let card = DefinitionCard(numerator: numerator, denominator: question.denominator)
        let dates = accidents.map { $0.occurredAt.date(at: .shanghai) }
        guard let begin = (dates + [keptSince].compactMap { $0 }).min(),
            let usual = Self.usual(accidents, card, question, baseline, begin)
        else {
            return nil
        }
        // From the month of the register's first accident on: what was before is not known, and no 0.
        let year = max(usual.years.upperBound + 1, question.year - 4)
        guard let first = CivilDate(year: max(year, begin.year), month: year > begin.year ? 1 : begin.month, day: 1)
        else { return nil }
        // A month to come has no count, not even 0.
        let end = min(question.period(of: question.year).to, question.lastDay)
        let months = Self.fullMonths(from: first, to: end).suffix(Self.longest)
        guard usual.perMonth.isMeasured, !months.isEmpty,
            let chart = Self.cusum(usual.perMonth), let ewma = PoissonEWMA(mean: usual.perMonth)
        else { return nil }
        let counts = months.map { month in
            AccidentCount(of: accidents, in: .city, from: month, to: Self.end(of: month), card: card).count
        }
        let (sums, averages) = (chart.cusum.path(counts), ewma.chart(counts))
        self.numerator = numerator
        self.usual = usual.perMonth
        self.usualYears = usual.years
        self.threshold = chart.cusum.threshold
        self.monthsToFalseAlarm = chart.falseAlarm
        self.monthsToDoubling = chart.doubling
        self.months = months.indices.map { index in
            let place = index - months.startIndex
            return Month(
                month: months[index], count: counts[place], sum: sums[place],
                isSignal: sums[place] >= chart.cusum.threshold, average: averages[place].average,
                averageLimit: averages[place].limit)
        }
    }

    /// Events a month: those of the baseline year where it counts what the chart counts, else those of the register
    /// before the question's year, from the month of its first accident on. Less than a year of it is no measure.
    private static func usual(
        _ accidents: [Accident], _ card: DefinitionCard, _ question: RateQuestion, _ baseline: Observation?,
        _ begin: CivilDate
    ) -> (perMonth: Double, years: ClosedRange<Int>)? {
        if let year = question.baselineYear, year < question.year, let baseline, card.numerator == question.numerator {
            // Of a baseline that the register has from a month on, these months.
            let months = baseline.countedSince.map { 13 - $0.month } ?? 12
            return (Double(baseline.count) / Double(months), year...year)
        }
        let last = question.year - 1
        let months = (last - begin.year) * 12 + 13 - begin.month
        guard months >= 12, let from = CivilDate(year: begin.year, month: begin.month, day: 1),
            let to = CivilDate(year: last, month: 12, day: 31)
        else { return nil }
        let count = AccidentCount(of: accidents, in: .city, from: from, to: to, card: card).count
        return (Double(count) / Double(months), begin.year...last)
    }

    /// The chart for a doubling whose false alarms are rare enough, with the lowest threshold that does it.
    private static func cusum(_ usual: Double) -> (cusum: PoissonCUSUM, falseAlarm: Double, doubling: Double)? {
        let steps = usual < 2 ? 4 : 1
        guard let exact = PoissonCUSUM(usual: usual, changed: 2 * usual, threshold: 1) else { return nil }
        let reference = max(1, (exact.reference * Double(steps)).rounded()) / Double(steps)
        // From below: far above, run lengths are longer than numbers are exact.
        for threshold in 1...Self.highestThreshold {
            guard let chart = PoissonCUSUM(reference: reference, threshold: Double(threshold)),
                let falseAlarm = chart.averageRunLength(mean: usual, steps: steps),
                let doubling = chart.averageRunLength(mean: 2 * usual, steps: steps)
            else { return nil }
            if falseAlarm >= Self.fewestMonthsToFalseAlarm { return (chart, falseAlarm, doubling) }
        }
        return nil
    }

    /// The first days of the months that are over by `last`.
    private static func fullMonths(from first: CivilDate, to last: CivilDate) -> [CivilDate] {
        guard first <= last else { return [] }
        return QualityTable.months(from: first, to: last).filter { Self.end(of: $0) <= last }
    }

    private static func end(of month: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: month.daysSince1970 + CivilDate.days(inMonth: month.month, of: month.year) - 1)
    }
}
