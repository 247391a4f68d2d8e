package import Chronology
import Registers

/// Everything that the safety page and the monthly report say, of one question and one month.
package struct SafetyOverview: Sendable {
    package var question: RateQuestion
    /// The month of the camera and quality figures: its first and its last day.
    package var monthFrom: CivilDate
    package var monthTo: CivilDate
    /// The city's rate of the question's year, and of the years up to it that anything is known of.
    package var current: AccidentRate
    package var years: [AccidentRate]
    /// The city's rates over 36 whole months, up to the last of the question's year.
    package var rolling = RollingRates()
    /// Days of the year's events, in order, where the register has them: what the cumulative count is drawn from.
    package var events: [CivilDate]
    package var funnel: CompanyFunnel
    /// Accidents month by month beside what is usual; `nil` where nothing is known of the years before.
    package var control: ControlSeries?
    /// Companies before and after; `nil` without a baseline of three companies.
    package var beforeAfter: BeforeAfterTable?
    /// The year's rates of each kind of trucks, by the register's word for it.
    package var kinds: [AccidentRate] = []
    /// What districts are called, by code.
    package var districtNames: [String: String] = [:]
    /// The district whose trucks and accidents alone were read; `nil`: all of the city's.
    package var district: String?
    /// What was driven and carried in the year so far.
    package var exposure: [ExposureRow] = []
    /// The accidents of the year that `current` speaks of, with what is known of their moment.
    package var accidents: [AccidentMoment] = []
    /// How long ago the last fatal accident was.
    package var quiet: QuietTime
    package var city: CameraRate
    package var companies: [CameraRate]
    package var cameraDays: [CameraRate]
    /// The month's cameras by district and by truck: what the report on cameras adds to the page.
    package var cameraDistricts: [CameraRate] = []
    package var cameraTrucks: [CameraRate] = []
    package var toMend: [CameraToMend]
    package var quality: [QualityRow]
    package var capacity: CapacityBoard
    package var cells: [TurnCell]
    /// The parameters that the days were derived by, as they stand beside them.
    package var rulesVersion: String?
    /// When the figures were read.
    package var at: Instant

    package init(
        question: RateQuestion, table: RateTable, years: [AccidentRate], month: (from: CivilDate, to: CivilDate),
        roster: SafetyRoster, companies: [AccidentRate], city: CameraRate, cameraCompanies: [CameraRate],
        cameraDays: [CameraRate], toMend: [CameraToMend], quality: [QualityRow], capacity: CapacityBoard,
        cells: [TurnCell], at: Instant
    ) {
        self.question = question
        (self.monthFrom, self.monthTo) = month
        self.current = table.row(.city)
        self.years = years
        let accidents = roster.cityAccidents
        self.events = Self.events(accidents, self.current)
        self.funnel = CompanyFunnel(
            Dictionary(
                companies.map {
                    ($0.scope.text, $0.observation)
                }, uniquingKeysWith: { first, _ in first }))
        self.districtNames = Dictionary(
            roster.registers.districts.map { ($0.district, $0.name) }, uniquingKeysWith: { first, _ in first })
        self.control = table.control
        self.beforeAfter = BeforeAfterTable(companies)
        self.quiet = QuietTime(accidents, kept: roster.keptAccidentDays, at: question.today)
        self.city = city
        self.companies = cameraCompanies
        self.cameraDays = cameraDays
        self.toMend = toMend
        self.quality = quality
        self.capacity = capacity
        self.cells = cells
        self.at = at
    }

    /// How long a true halving would take to be seen.
    package var power: SafetyStatement { RateSentences.power(self.current, among: self.years) }

    /// The same as a number; `nil` where 50 years are not enough, or nothing is known to fall from.
    package var yearsUntilAHalvingShows: Int? { RateSentences.yearsUntilAHalvingShows(self.current, among: self.years) }

    /// Of the year's moving time, what was reported closely enough to show a turn: said with the year's turns.
    package var turnCoverage: Double? { self.exposure.first { $0.group == .city }?.amounts.turnCoverage }

    /// The days of the accidents that the row counts, a day for each; none for a reported count.
    private static func events(_ accidents: [Accident], _ row: AccidentRate) -> [CivilDate] {
        let inPeriod = accidents.filter {
            let date = $0.occurredAt.date(at: .shanghai)
            return date >= row.periodFrom && date <= row.periodTo
        }
        let days = inPeriod.flatMap { accident -> [CivilDate] in
            let count =
                AccidentCount(
                    of: [accident], in: .city, from: row.periodFrom, to: row.periodTo, card: row.card
                ).count
            return Array(repeating: accident.occurredAt.date(at: .shanghai), count: max(0, min(count, 1000)))
        }
        return days.count == row.count ? days.sorted() : []
    }
}
