package import Chronology

/// A scope's rate over 36 whole months, told at the end of month after month: years of few accidents jump, three
/// together move slowly enough to be looked at. Neighbouring ends share 35 months, so that a run of rising points is no
/// proof of a rise: only windows without a month in common are compared.
package struct RollingRates: Hashable, Sendable {
    /// Months of a window.
    package static let months = 36
    /// Ends that are told: so many that the last window shares no month with the first.
    package static let ends = 37

    /// Rows of those ends at which there is a rate, the oldest first.
    package let rows: [AccidentRate]
    /// The last of the ends, whether there is a rate or not; `nil` for a year of which no month is over.
    package let last: CivilDate?

    package init(rows: [AccidentRate] = [], last: CivilDate? = nil) {
        self.rows = rows
        self.last = last
    }

    /// By `CivilDate.monthNumber`, the last month of the question's year that is over, and those before it.
    static func endMonths(_ question: RateQuestion) -> ClosedRange<Int>? {
        guard !question.isYetToCome(question.year) else { return nil }
        let to = question.period(of: question.year).to
        let isWhole = to.day == CivilDate.days(inMonth: to.month, of: to.year)
        let last = isWhole ? to.monthNumber : to.monthNumber - 1
        return last - Self.ends + 1...last
    }

    /// The days that all windows of a question lie in; `nil` where there is none.
    package static func stretch(_ question: RateQuestion) -> (from: CivilDate, to: CivilDate)? {
        guard let ends = Self.endMonths(question),
            let from = CivilDate.days(ofMonthNumber: ends.lowerBound - Self.months + 1)?.first,
            let to = CivilDate.days(ofMonthNumber: ends.upperBound)?.last
        else { return nil }
        return (from, to)
    }

    /// Of the last end; `nil` where it has no rate.
    package var current: AccidentRate? { self.rows.last.flatMap { $0.periodTo == self.last ? $0 : nil } }

    /// The last of the windows that have no month in common with the current one.
    package var before: AccidentRate? {
        guard let current = self.current else { return nil }
        return self.rows.last { $0.periodTo < current.periodFrom }
    }

    /// The current window against the one before; `nil` where one of them was not seen or registered well enough, or
    /// was come by in another way.
    package var change: RateRatio? {
        guard let current = self.current, let before = self.before, current.isWellSeen, before.isWellSeen,
            current.isWellCounted, before.isWellCounted,
            let (exposure, earlier) = Self.exposures(current.observation, before.observation)
        else { return nil }
        return RateRatio(
            count: current.count, exposure: exposure, baselineCount: before.count, baselineExposure: earlier)
    }

    private static func exposures(_ now: Observation, _ before: Observation) -> (Double, Double)? {
        let isAlike =
            now.source == before.source && now.otherWindow == before.otherWindow && now.reportedYears == 0
            && before.reportedYears == 0
        guard isAlike, let exposure = now.measuredExposure, let earlier = before.measuredExposure else { return nil }
        return (exposure, earlier)
    }
}

extension RateTable {
    /// - Parameter ledger: what the terminals measured in `RollingRates.stretch`, as far as that goes back; not needed
    ///   for vehicles, which the register counts.
    package func rolling(_ scope: RateScope, ledger: SafetyLedger?) -> RollingRates {
        guard let ends = RollingRates.endMonths(self.question) else { return RollingRates() }
        let all = ends.lowerBound - RollingRates.months + 1...ends.upperBound
        let sums = LedgerExposure.months(all, in: scope, ledger: ledger, roster: self.roster)
        var years: [Int: Observation] = [:]
        for year in all.lowerBound / 12...all.upperBound / 12 { years[year] = self.figure(of: year, scope) }
        let asked = self.question.baselineYear
        let baseline = asked.flatMap { self.baseline(of: $0, scope) }
        let refused = asked.flatMap { self.refusedWindow(of: $0, scope) }
        let rows = ends.compactMap { end -> AccidentRate? in
            let months = end - RollingRates.months + 1...end
            guard let from = CivilDate.days(ofMonthNumber: months.lowerBound)?.first,
                let to = CivilDate.days(ofMonthNumber: months.upperBound)?.last,
                let observed = self.observed(scope, months, sums, years), observed.measuredExposure != nil
            else { return nil }
            // A year that lies in the window is no year to compare it with.
            let year = asked.flatMap { (from.year...to.year).contains($0) ? nil : $0 }
            return AccidentRate(
                scope: scope, from: from, to: to,
                card: self.card(observed.source ?? .telemetry, scope, period: .months36, baselineYear: year),
                observed: observed, baseline: year == nil ? nil : baseline,
                refusedWindow: year == nil || baseline != nil ? nil : refused)
        }
        return RollingRates(rows: rows, last: CivilDate.days(ofMonthNumber: ends.upperBound)?.last)
    }

    /// Count and exposure of the months; `nil` where of a part of them nobody knows one of the two.
    private func observed(
        _ scope: RateScope, _ months: ClosedRange<Int>, _ sums: [Int: LedgerExposure.Sums], _ years: [Int: Observation]
    ) -> Observation? {
        var parts: [Observation] = []
        var (measured, hasMeasured) = (LedgerExposure.Sums(), false)
        for year in months.lowerBound / 12...months.upperBound / 12 {
            let part = max(months.lowerBound, year * 12)...min(months.upperBound, year * 12 + 11)
            guard let figure = years[year] else { return nil }
            if figure.source == .reported {
                // A report tells of a whole year only.
                guard part.count == 12, figure.isCounted, figure.measuredExposure != nil else { return nil }
                parts.append(figure)
                continue
            }
            guard let from = CivilDate.days(ofMonthNumber: part.lowerBound)?.first,
                let to = CivilDate.days(ofMonthNumber: part.upperBound)?.last, self.keepsAccidents(by: to)
            else { return nil }
            var counted = Observation(self.own(from: from, to: to, scope), exposure: nil, coverage: nil)
            counted.countedSince = self.beginning(after: part.lowerBound)
            parts.append(counted)
            for month in part {
                // Not a truck in the register and not a word: whatever was driven then, nobody knows.
                guard let sum = sums[month], !sum.isBlank else { return nil }
                measured += sum
            }
            hasMeasured = true
        }
        let seen = measured.observed(self.question.denominator)
        guard !hasMeasured || seen != nil else { return nil }
        return Self.sum(of: parts, measured: seen)
    }

    private static func sum(
        of parts: [Observation], measured: (exposure: Double, coverage: Double)?
    ) -> Observation? {
        let reported = parts.filter { $0.source == .reported }
        let reportedExposure = reported.reduce(0) { $0 + ($1.measuredExposure ?? 0) }
        let exposure = reportedExposure + (measured?.exposure ?? 0)
        var sum = Observation(count: 0, exposure: exposure)
        for part in parts {
            let (count, overflow) = sum.count.addingReportingOverflow(part.count)
            guard !overflow else { return nil }
            sum.count = count
            sum.openDeaths += part.openDeaths
        }
        sum.otherWindow = parts.compactMap(\.otherWindow).min()
        sum.countedSince = parts.compactMap(\.countedSince).first
        guard let measured else { return sum.from(.reported) }
        sum.reportedYears = reported.count
        sum.coverage = measured.coverage
        if !reported.isEmpty, measured.coverage > 0 {
            // What was not seen of the measured months is as large as their coverage says.
            sum.coverage = exposure / (reportedExposure + measured.exposure / measured.coverage)
        }
        return sum.from(.telemetry)
    }
}
