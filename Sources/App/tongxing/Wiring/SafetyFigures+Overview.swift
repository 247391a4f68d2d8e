import Chronology
import FleetStore
import Registers
import Safety

/// What the page and the report say, put together.
extension SafetyFigures {
    /// Years drawn at most.
    private static let longestSeries = 15

    /// - Parameter month: the month of the camera and quality figures; `nil` is the last with any telemetry, or
    /// today's.
    func overview(_ question: RateQuestion, month: CivilDate?, at now: Instant) throws -> SafetyOverview {
        let table = try self.rates(question)
        var companies = question
        companies.breakdown = .company
        let month = Self.month(of: month ?? self.extent?.last ?? question.today)
        let year = question.period(of: question.year)
        let monthLedger = try self.ledger(from: month.from, to: month.to)
        var overview = SafetyOverview(
            question: question, table: table, years: try self.years(up: question), month: month, roster: self.roster,
            companies: try self.rates(companies).rows,
            city: CameraRateTable.row(.city, monthLedger, self.roster),
            cameraCompanies: CameraRateTable.rows(by: .company, ledger: monthLedger, roster: self.roster),
            cameraDays: try self.cameras(.day, from: month.from, to: month.to), toMend: try self.camerasToMend(),
            quality: try self.quality(.city, from: month.from, to: month.to)
                + self.quality(.district, from: month.from, to: month.to)
                + self.quality(.company, from: month.from, to: month.to),
            capacity: try self.capacity(year: question.year, today: question.today),
            cells: try self.turnCells(from: year.from, to: year.to, limit: 200), at: now)
        overview.rolling = try self.rolling(question, table).first ?? RollingRates()
        overview.exposure = ExposureRow.rows(try self.ledger(from: year.from, to: year.to))
        var kinds = question
        kinds.breakdown = .kind
        overview.kinds = try self.rates(kinds).rows
        overview.rulesVersion = self.rules.versionName
        let own = Set(self.roster.cityAccidents.map(\.accidentID))
        overview.accidents = try self.accidents(from: year.from, to: year.to).filter {
            own.contains($0.accident.accidentID)
        }
        overview.cameraDistricts = CameraRateTable.rows(by: .district, ledger: monthLedger, roster: self.roster)
        overview.cameraTrucks = CameraRateTable.rows(by: .truck, ledger: monthLedger, roster: self.roster)
        return overview
    }

    /// The figures of a month, as they were known at its end: the year runs up to there.
    func monthly(_ question: RateQuestion, month: CivilDate?, at now: Instant) throws -> SafetyOverview {
        let month = Self.month(of: month ?? self.extent?.last ?? question.today)
        var asked = question
        asked.year = month.from.year
        if asked.isItsOwnBaseline { asked.baselineYear = nil }
        asked.today = min(month.to, question.today)
        asked.countsUntil = month.to
        return try self.overview(asked, month: month.from, at: now)
    }

    /// The city's rates of the years from the baseline on, as far as anything is known of them.
    private func years(up question: RateQuestion) throws -> [AccidentRate] {
        let reported = self.roster.registers.baselines.map(\.year)
        let measured = self.extent.map { Array($0.first.year...max($0.first.year, $0.last.year)) } ?? []
        let known = Set(reported + measured + [question.year]).filter { $0 <= question.year }
        let wanted = known.sorted().suffix(Self.longestSeries)
        return try wanted.map { year in
            var one = question
            one.year = year
            one.breakdown = .city
            return try self.rates(one).row(.city)
        }
    }

    /// Rates over 36 months, of each of the question's scopes.
    func rolling(_ question: RateQuestion) throws -> [RollingRates] {
        try self.rolling(question, try self.rates(question))
    }

    private func rolling(_ question: RateQuestion, _ table: RateTable) throws -> [RollingRates] {
        var ledger: SafetyLedger?
        // Vehicles are the register's, and reported figures are the reports'.
        if question.denominator != .vehicles, question.exposure == .telemetry, let extent = self.extent,
            let stretch = RollingRates.stretch(question), extent.first <= stretch.to
        {
            let from = max(stretch.from, Self.month(of: extent.first).from)
            ledger = try self.ledger(from: from, to: stretch.to, withLoads: question.denominator == .volume)
        }
        return self.roster.scopes(by: question.breakdown).map { table.rolling($0, ledger: ledger) }
    }

    static func month(of date: CivilDate) -> (from: CivilDate, to: CivilDate) {
        let from = CivilDate(daysSince1970: date.daysSince1970 - date.day + 1)
        let days = CivilDate.days(inMonth: date.month, of: date.year)
        return (from, CivilDate(daysSince1970: from.daysSince1970 + days - 1))
    }
}
