import Chronology
import FleetStore
import PostgresClient
import Registers
import Safety

/// The safety figures of one moment: the registers and the sums over the log, read together.
struct SafetyFigures {
    private let reader: SafetyReader
    /// By which the days stand.
    let rules: SafetyRules
    let roster: SafetyRoster
    let extent: (first: CivilDate, last: CivilDate)?

    /// - Parameters:
    ///   - rules: those of the configuration; where days stand already, those that they were derived by hold.
    ///   - catchesUp: derives first what has not been yet, so that the figures are those of the log as it is.
    ///   - known: the registers as this reader may see them, where they were read before.
    init(connection: PostgresConnection, rules: SafetyRules, catchesUp: Bool, known: SafetyRoster? = nil) throws {
        let store = SafetyStore(connection: connection, rules: rules)
        if catchesUp { try store.catchUp() }
        self.rules = try store.standing() ?? rules
        self.reader = SafetyReader(connection: connection)
        self.roster = try known ?? SafetyRoster(SafetyRegisterReader(connection: connection).read())
        self.extent = try self.reader.extent()
    }

    func rates(_ question: RateQuestion) throws -> RateTable {
        var ledgers: [Int: SafetyLedger] = [:]
        for year in Set(question.years) {
            let period = question.period(of: year)
            ledgers[year] = try self.ledger(from: period.from, to: period.to)
        }
        return RateTable(question, roster: self.roster, ledgers: ledgers, extent: self.extent)
    }

    /// - Parameter withLoads: whether what was carried is wanted as well as what was driven.
    func ledger(from: CivilDate, to: CivilDate, withLoads: Bool = true) throws -> SafetyLedger {
        try self.reader.ledger(from: from, to: to, roster: self.roster, withLoads: withLoads)
    }

    /// What was driven and carried from the first to the last day, both included.
    func exposure(_ breakdown: ExposureBreakdown, from: CivilDate, to: CivilDate) throws -> [ExposureRow] {
        let ledger =
            breakdown == .day
            ? try self.reader.dailyLedger(from: from, to: to, roster: self.roster)
            : try self.ledger(from: from, to: to)
        return ExposureRow.rows(by: breakdown, ledger)
    }

    /// The city's accidents month by month beside what is usual.
    func control(_ question: RateQuestion) throws -> ControlSeries? {
        try self.rates(question).control
    }

    /// Camera rates from the first to the last day, both included.
    func cameras(_ breakdown: CameraBreakdown, from: CivilDate, to: CivilDate) throws -> [CameraRate] {
        let ledger =
            breakdown == .day
            ? try self.reader.dailyLedger(from: from, to: to, roster: self.roster)
            : try self.ledger(from: from, to: to)
        return CameraRateTable.rows(by: breakdown, ledger: ledger, roster: self.roster)
    }

    /// The same of the days asked for; where they are not, of those of the telemetry, the last three years at most.
    func cameras(
        _ breakdown: CameraBreakdown, from: CivilDate?, to: CivilDate?, today: CivilDate
    ) throws -> [CameraRate] {
        guard let days = CameraRateTable.period(from: from, to: to, extent: self.extent, today: today) else {
            let longest = CameraRateTable.longestPeriod
            throw Failure(
                "--from, --to: 所选期间含超过 \(longest) 天的数据，一次最多三年 / "
                    + "the period has more than \(longest) days of telemetry; ask for three years at most at a time",
                exitCode: 2)
        }
        return try self.cameras(breakdown, from: days.from, to: days.to)
    }

    func turnCells(from: CivilDate, to: CivilDate, limit: Int) throws -> [TurnCell] {
        try self.reader.turnCells(
            from: from, to: to, fasterThan: self.rules.parameters.cameras.turnSpeed, limit: limit)
    }

    func camerasToMend() throws -> [CameraToMend] {
        CameraToMend.list(
            try self.reader.lastWords(), roster: self.roster, parameters: self.rules.parameters.cameras)
    }

    /// The accidents from the first to the last day with what the log knows of them.
    func accidents(from: CivilDate, to: CivilDate) throws -> [AccidentMoment] {
        try self.reader.moments(
            of: self.roster.accidents(from: from, to: to), roster: self.roster,
            cameras: self.rules.parameters.cameras)
    }

    func quality(_ breakdown: RateBreakdown, from: CivilDate, to: CivilDate) throws -> [QualityRow] {
        QualityTable.rows(
            by: breakdown, ledger: try self.ledger(from: from, to: to), roster: self.roster,
            facts: try self.reader.qualityFacts(from: from, to: to))
    }

    func capacity(year: Int, today: CivilDate) throws -> CapacityBoard {
        let period = RateQuestion(year: year, today: today).period(of: year)
        return CapacityBoard(
            year: year, ledger: try self.ledger(from: period.from, to: period.to), roster: self.roster)
    }
}
