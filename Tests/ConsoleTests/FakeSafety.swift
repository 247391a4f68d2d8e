import Chronology
import Console
import Geodesy
import Registers
import Safety

/// Safety figures in memory: a city of two companies, one of them with a name that no page may take for markup.
final class FakeSafety: SafetyReading {
    static let oddName = "<script>alert('B & C')</script>"
    private let roster: SafetyRoster
    private let ledger: SafetyLedger
    private let extent: (first: CivilDate, last: CivilDate)?

    /// - Parameters:
    ///   - others: accidents besides the two that the register has: one of January, in which nobody died, and one of
    ///     the day after the tests' today.
    ///   - reported: yearly figures besides those of the city in 2015 and 2020.
    init(hasTelemetry: Bool = true, besides others: [Accident] = [], reported: [Baseline] = []) {
        let (first, last) = (Self.day(3, 2), Self.day(3, 5))
        var registers = SafetyRegisters()
        registers.vehicles = [
            Vehicle(
                plate: "浙F00001", terminal: "T1", kind: .mixer, company: "甲公司", capacityCubicMetres: 8,
                blindSpotCamera: true),
            Vehicle(plate: "浙F00002", terminal: "T2", kind: .mixer, company: Self.oddName, blindSpotCamera: true),
        ]
        registers.baselines =
            [
                Baseline(year: 2015, vehicleKilometres: 18e6, accidents: 12, source: Self.oddName),
                Baseline(year: 2020, vehicleKilometres: 20e6, accidents: 8),
            ] + reported
        registers.accidents =
            [
                Accident(
                    accidentID: "J", occurredAt: Instant(startOf: Self.day(1, 5), at: .shanghai), plate: "浙F00002",
                    deathsWithin7Days: 0, deathsWithin30Days: 0),
                Accident(
                    accidentID: "1", occurredAt: Instant(startOf: Self.day(3, 3), at: .shanghai), plate: "浙F00002",
                    deathsWithin7Days: 1, deathsWithin30Days: 1),
            ] + others
        registers.plans = [
            Plan(year: 2020, district: "海宁市", product: "concrete", capacity: 500, supply: 350, unit: "wan_m3")
        ]
        self.roster = SafetyRoster(registers)
        var sums = SafetyDay()
        sums.exposure.days = 4
        sums.exposure.drivenMillimetres = 900_000_000_000
        sums.exposure.movingMicroseconds = 10 * 3_600_000_000
        sums.camera.movingMicroseconds.ok = 6 * 3_600_000_000
        sums.camera.movingMicroseconds.unknown = 3 * 3_600_000_000
        sums.camera.movingMicroseconds.lost = 3_600_000_000
        sums.camera.daysHeard = 4
        sums.exposure.turnSeenMicroseconds = 5 * 3_600_000_000
        sums.camera.turnSeenMicroseconds = 5 * 3_600_000_000
        let stretches = ["T1", "T2"].map { TerminalStretch(terminal: $0, from: first, to: first, sums: sums) }
        self.extent = hasTelemetry ? (first, last) : nil
        self.ledger = SafetyLedger(
            from: Self.day(1, 1), to: Self.day(3, 31), months: hasTelemetry ? stretches : [], roster: self.roster)
    }

    static func day(_ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: 2026, month: month, day: day) ?? CivilDate(daysSince1970: 0)
    }

    private func table(_ question: RateQuestion) -> RateTable {
        RateTable(question, roster: self.roster, ledgers: [2026: self.ledger], extent: self.extent)
    }

    func rates(_ question: RateQuestion) async throws -> [AccidentRate] { self.table(question).rows }

    func exposure(by breakdown: ExposureBreakdown, from: CivilDate, to: CivilDate) async throws -> [ExposureRow] {
        let isOver = to < Self.day(3, 2) || from > Self.day(3, 2)
        return isOver ? [] : ExposureRow.rows(by: breakdown, self.ledger)
    }

    func rolling(_ question: RateQuestion) async throws -> RollingRates {
        self.table(question).rolling(.city, ledger: self.ledger)
    }

    func control(_ question: RateQuestion) async throws -> ControlSeries? {
        self.table(question).control
    }

    func cameraRates(by breakdown: CameraBreakdown, from: CivilDate?, to: CivilDate?) async throws -> [CameraRate] {
        CameraRateTable.rows(by: breakdown, ledger: self.ledger, roster: self.roster)
    }

    func camerasToMend() async throws -> [CameraToMend] {
        let start = Instant(startOf: Self.day(3, 2), at: .shanghai)
        let words = ["T1", "T2"].map {
            CameraToMend.LastWord(
                terminal: $0, word: $0 == "T1" ? .ok : .occluded, heardAt: start, faultySince: start,
                positionAt: start.advanced(bySeconds: 3600), firstPositionAt: start)
        }
        return CameraToMend.list(words, roster: self.roster)
    }

    func quality(by breakdown: RateBreakdown, from: CivilDate, to: CivilDate) async throws -> [QualityRow] {
        var facts = QualityFacts()
        facts.firstDays = self.extent == nil ? [:] : ["T1": Self.day(3, 2)]
        return QualityTable.rows(by: breakdown, ledger: self.ledger, roster: self.roster, facts: facts)
            .filter { $0.month >= from }
    }

    func turnCells(from: CivilDate, to: CivilDate, limit: Int) async throws -> [TurnCell] {
        guard self.extent != nil else { return [] }
        return [
            TurnCell(
                coordinate: Coordinate(latitudeE7: 307_005_000, longitudeE7: 1_207_005_000), turns: 9, blind: 5,
                unknown: 2, fast: 1)
        ]
    }

    func capacity(year: Int, today: CivilDate) async throws -> CapacityBoard {
        CapacityBoard(year: year, ledger: self.ledger, roster: self.roster)
    }

    func accidents(from: CivilDate, to: CivilDate) async throws -> [AccidentMoment] {
        self.roster.accidents(from: from, to: to).map {
            AccidentMoment(accident: $0, terminal: self.roster.terminal(of: $0), camera: .lost, holds: [7])
        }
    }

    func monthly(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        try await self.overview(question, month: month, at: now)
    }

    func overview(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        var companies = question
        companies.breakdown = .company
        let years = [2015, 2020, question.year].map { year in
            var one = question
            one.year = year
            return self.table(one).row(.city)
        }
        var overview = SafetyOverview(
            question: question, table: self.table(question), years: years, month: (Self.day(3, 1), Self.day(3, 31)),
            roster: self.roster, companies: self.table(companies).rows,
            city: CameraRateTable.row(.city, self.ledger, self.roster),
            cameraCompanies: CameraRateTable.rows(by: .company, ledger: self.ledger, roster: self.roster),
            cameraDays: CameraRateTable.rows(by: .day, ledger: self.ledger, roster: self.roster),
            toMend: try await self.camerasToMend(),
            quality: try await self.quality(by: .city, from: Self.day(3, 1), to: Self.day(3, 31)),
            capacity: try await self.capacity(year: question.year, today: question.today),
            cells: try await self.turnCells(from: Self.day(1, 1), to: Self.day(3, 31), limit: 10), at: now)
        overview.rolling = try await self.rolling(question)
        overview.exposure = ExposureRow.rows(self.ledger)
        var kinds = question
        kinds.breakdown = .kind
        overview.kinds = self.table(kinds).rows
        overview.rulesVersion = SafetyRules().versionName
        overview.accidents = try await self.accidents(from: Self.day(1, 1), to: Self.day(3, 31))
        overview.cameraTrucks = CameraRateTable.rows(by: .truck, ledger: self.ledger, roster: self.roster)
        return overview
    }
}
