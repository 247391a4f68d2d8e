package import Chronology
import Registers

/// What is asked: whose rates of which year, against which.
package struct RateQuestion: Hashable, Sendable {
    package var year: Int
    package var baselineYear: Int?
    package var numerator = DefinitionCard.Numerator.accidents
    package var denominator = DefinitionCard.Denominator.vehicleKilometres
    package var breakdown = RateBreakdown.city
    package var exposure = DefinitionCard.ExposureSource.telemetry
    /// A year that goes on ends here.
    package var today: CivilDate
    /// A report about a past month leaves out what happened after it.
    package var countsUntil: CivilDate?

    package init(year: Int, baselineYear: Int? = nil, today: CivilDate) {
        self.year = year
        self.baselineYear = baselineYear
        self.today = today
    }

    /// Whether the year is to be its own baseline: it would be "no change", with an interval of chance alone.
    package var isItsOwnBaseline: Bool { self.baselineYear == self.year }

    /// The last day of which anything is counted.
    package var lastDay: CivilDate { min(self.today, self.countsUntil ?? self.today) }

    /// The years that have to be known.
    package var years: [Int] { [self.year] + (self.baselineYear.map { [$0] } ?? []) }

    /// Whether the year has not begun.
    package func isYetToCome(_ year: Int) -> Bool { year > self.today.year }

    /// The first and the last day of a year, as far as it has come; all of a year that has not begun, of which there is
    /// nothing to say.
    package func period(of year: Int) -> (from: CivilDate, to: CivilDate) {
        let from = CivilDate(year: year, month: 1, day: 1) ?? self.today
        let to = CivilDate(year: year, month: 12, day: 31) ?? self.today
        return (from, from <= self.today ? min(to, self.today) : to)
    }

    /// How much of a year is over that goes on, or up to which it is told; `nil` for one that is over, or has not
    /// begun.
    package func elapsed(of year: Int) -> DaysOfYear? {
        let (from, to) = self.period(of: year)
        guard !self.isYetToCome(year), let end = CivilDate(year: year, month: 12, day: 31), to < end else { return nil }
        return DaysOfYear(
            over: to.daysSince1970 - from.daysSince1970 + 1, all: end.daysSince1970 - from.daysSince1970 + 1)
    }
}

/// Answers a question from the registers and from what the terminals measured.
///
/// A baseline is what was reported of its year; where nothing was, the register of accidents and the telemetry of that
/// year. Any year before the telemetry began is what was reported of it, too. Count and exposure of one year come from
/// one source as far as it has both: series of different sources do not compare. What was reported is of a whole year:
/// of one that goes on, the exposure is taken for the days that are over, and the count is the register's.
package struct RateTable: Sendable {
    package let question: RateQuestion
    let roster: SafetyRoster
    private let accidents: [Accident]
    /// Of them, those of all that the reader sees whole.
    private let cityAccidents: [Accident]
    /// By which the register of accidents is known to be kept, also for whoever sees none of them.
    private let keptDays: [CivilDate]
    /// The day of the register's first accident: before it, nobody knows whether anybody kept it.
    let keptSince: CivilDate?
    private let ledgers: [Int: SafetyLedger]
    private let extent: (first: CivilDate, last: CivilDate)?

    /// A year is compared with others alone: where it is asked for as its own baseline there is none.
    /// - Parameters:
    ///   - ledgers: what the terminals measured in each of the question's years, as far as they have come.
    ///   - extent: the first and last day of any telemetry; `nil` where there is none.
    package init(
        _ question: RateQuestion, roster: SafetyRoster, ledgers: [Int: SafetyLedger],
        extent: (first: CivilDate, last: CivilDate)?
    ) {
        var question = question
        if question.isItsOwnBaseline { question.baselineYear = nil }
        self.question = question
        self.roster = roster
        self.accidents = roster.placedAccidents
        self.cityAccidents = roster.cityAccidents
        self.keptDays = roster.keptAccidentDays
        self.keptSince = self.keptDays.min()
        self.ledgers = ledgers
        self.extent = extent
    }

    package var rows: [AccidentRate] { self.roster.scopes(by: self.question.breakdown).map { self.row($0) } }

    package func row(_ scope: RateScope) -> AccidentRate {
        let observed = self.figure(of: self.question.year, scope)
        let baseline = self.question.baselineYear.flatMap { self.baseline(of: $0, scope) }
        let source = observed.source ?? self.question.exposure
        let card = self.card(source, scope)
        let refused = self.question.baselineYear.flatMap { self.refusedWindow(of: $0, scope) }
        let period = self.question.period(of: self.question.year)
        return AccidentRate(
            scope: scope, from: period.from, to: period.to, card: card, observed: observed, baseline: baseline,
            refusedWindow: baseline == nil ? refused : nil)
    }

    /// The accidents month by month beside what is usual, of all that the reader sees.
    package var control: ControlSeries? {
        ControlSeries(
            self.cityAccidents, question: self.question, baseline: self.row(.city).baseline, keptSince: self.keptSince)
    }

    /// - Parameter baselineYear: `nil` where nothing is compared with it.
    func card(
        _ source: DefinitionCard.ExposureSource, _ scope: RateScope, period: DefinitionCard.Period = .year,
        baselineYear: Int?
    ) -> DefinitionCard {
        let kinds = [scope.kind?.rawValue].compactMap { $0 }
        let plain = DefinitionCard(
            numerator: self.question.numerator, denominator: self.question.denominator, exposureSource: source,
            period: period, vehicleKinds: kinds, baselineYear: baselineYear)
        let reported = baselineYear.map {
            BaselineFigures.source(self.roster.baselines(of: scope), year: $0, scope: scope, card: plain)
        }
        return DefinitionCard(
            numerator: self.question.numerator, denominator: self.question.denominator, exposureSource: source,
            period: period, vehicleKinds: kinds, baselineYear: baselineYear, source: reported ?? "")
    }

    private func card(_ source: DefinitionCard.ExposureSource, _ scope: RateScope) -> DefinitionCard {
        self.card(source, scope, baselineYear: self.question.baselineYear)
    }

    func figure(of year: Int, _ scope: RateScope) -> Observation {
        // Nobody can have reported what has not begun.
        guard !self.question.isYetToCome(year) else { return .yetToCome }
        let isBeforeTelemetry = self.extent.map { year < $0.first.year } ?? true
        let wantsReported = self.question.exposure == .reported
        if wantsReported || isBeforeTelemetry {
            let card = self.card(.reported, scope)
            if let reported = self.reported(year, scope, card) { return reported.from(.reported) }
            let exposure = BaselineFigures.exposure(
                self.roster.baselines(of: scope), year: year, scope: scope, card: card)
            if exposure != nil || wantsReported {
                return self.registered(year, scope, card, exposure: exposure).from(.reported)
            }
        }
        return self.measured(year, scope).from(.telemetry)
    }

    /// Count and exposure as they were reported of a year that is over: of one that goes on, nobody can have counted
    /// what is still to come, nor does the count of a whole year belong to a part of it.
    private func reported(_ year: Int, _ scope: RateScope, _ card: DefinitionCard) -> Observation? {
        guard self.question.elapsed(of: year) == nil else { return nil }
        return BaselineFigures.observation(self.roster.baselines(of: scope), year: year, scope: scope, card: card)
    }

    /// The register's own count beside an exposure that was reported.
    private func registered(
        _ year: Int, _ scope: RateScope, _ card: DefinitionCard, exposure: Double?
    ) -> Observation {
        let elapsed = self.question.elapsed(of: year)
        // Deaths that were reported within another window are no reason to call the register's the truth.
        let countsOtherwise =
            elapsed == nil
            && BaselineFigures.countsOtherwise(self.roster.baselines(of: scope), year: year, scope: scope, card: card)
        guard self.keepsAccidents(by: self.question.period(of: year).to), !countsOtherwise else {
            var unknown = Observation.uncounted
            unknown.otherWindow = elapsed == nil ? self.refusedWindow(of: year, scope) : nil
            unknown.isReportedOtherwise = countsOtherwise
            unknown.isReportedForAllYear =
                elapsed != nil
                && BaselineFigures.observation(self.roster.baselines(of: scope), year: year, scope: scope, card: card)
                    != nil
            return unknown
        }
        return self.counted(year, scope, reportedExposure: exposure)
    }

    /// The register's count of the year beside what was reported of all of it, for the days that are over.
    private func counted(_ year: Int, _ scope: RateScope, reportedExposure: Double?) -> Observation {
        let elapsed = self.question.elapsed(of: year)
        var counted = self.counted(
            year, scope, exposure: reportedExposure.map { $0 * (elapsed?.share ?? 1) },
            coverage: reportedExposure.map { _ in 1 })
        counted.scaledTo = reportedExposure == nil ? nil : elapsed
        return counted
    }

    /// The register's count of the year.
    private func counted(_ year: Int, _ scope: RateScope, exposure: Double?, coverage: Double?) -> Observation {
        var counted = Observation(self.own(year, scope), exposure: exposure, coverage: coverage)
        counted.countedSince = self.beginning(after: year * 12)
        return counted
    }

    func refusedWindow(of year: Int, _ scope: RateScope) -> Int? {
        BaselineFigures.refusedWindow(
            self.roster.baselines(of: scope), year: year, scope: scope, card: self.card(.reported, scope))
    }

    func baseline(of year: Int, _ scope: RateScope) -> Observation? {
        guard !self.question.isYetToCome(year) else { return nil }
        let card = self.card(.reported, scope)
        if let reported = self.reported(year, scope, card) { return reported.from(.reported) }
        guard self.knowsAccidents(of: year),
            self.question.elapsed(of: year) != nil
                || !BaselineFigures.countsOtherwise(
                    self.roster.baselines(of: scope), year: year, scope: scope, card: card)
        else { return nil }
        if let exposure = BaselineFigures.exposure(
            self.roster.baselines(of: scope), year: year, scope: scope, card: card)
        {
            return self.counted(year, scope, reportedExposure: exposure).from(.reported)
        }
        let measured = self.measured(year, scope)
        return measured.exposure == nil ? nil : measured.from(.telemetry)
    }

    /// An empty register of a year is no year without accidents: a baseline of 0 has to be reported.
    private func knowsAccidents(of year: Int) -> Bool {
        self.keptDays.contains { $0.year == year && $0 <= self.question.lastDay }
    }

    /// Whether the register of accidents was kept on that day or before: from its first accident on, an empty period is
    /// one without accidents; before, and in times to come, nobody knows. What came in later says nothing of earlier.
    func keepsAccidents(by day: CivilDate) -> Bool {
        self.keptSince.map { $0 <= min(day, self.question.lastDay) } ?? false
    }

    /// The register's first accident where it is of a later month than that number's: of what was before, nobody knows.
    func beginning(after month: Int) -> CivilDate? {
        self.keptSince.flatMap { $0.monthNumber > month ? $0 : nil }
    }

    private func measured(_ year: Int, _ scope: RateScope) -> Observation {
        guard self.keepsAccidents(by: self.question.period(of: year).to) else { return .uncounted }
        guard let ledger = self.ledgers[year],
            let seen = LedgerExposure.observed(
                self.question.denominator, in: scope, ledger: ledger, roster: self.roster)
        else { return self.counted(year, scope, exposure: nil, coverage: nil) }
        return self.counted(year, scope, exposure: seen.exposure, coverage: seen.coverage)
    }

    private func own(_ year: Int, _ scope: RateScope) -> AccidentCount {
        let from = CivilDate(year: year, month: 1, day: 1) ?? self.question.today
        let end = CivilDate(year: year, month: 12, day: 31) ?? self.question.today
        return self.own(from: from, to: end, scope)
    }

    /// The register's accidents from the first to the last day, as far as these have come: what is dated later is no
    /// accident yet.
    func own(from: CivilDate, to: CivilDate, _ scope: RateScope) -> AccidentCount {
        let card = self.card(self.question.exposure, scope)
        let to = min(to, self.question.lastDay)
        guard let kind = scope.kind else {
            let accidents = scope.isWholeReach ? self.cityAccidents : self.accidents
            return AccidentCount(of: accidents, in: scope, from: from, to: to, card: card)
        }
        return AccidentCount(
            of: self.cityAccidents.filter { self.roster.kind(of: $0) == kind }, in: .city, from: from, to: to,
            card: card)
    }
}
