import Chronology
import Console
import FleetStore
import PostgresClient
import Safety
import Synchronization

/// The safety figures as the console reads them, over a connection of their own: the sums of a year must not keep the
/// live page waiting.
final class ConsoleSafety: SafetyReading {
    private let questions: PostgresWorker
    /// Whether the registers changed is asked for nobody: their version is no row of theirs.
    private let service: PostgresWorker
    private let rules: SafetyRules
    /// The registers as last read by those who see the same; good while their version stands. Reading 10,000 vehicles
    /// takes half a second.
    private let rosters = Mutex<[Reader: (version: Int64, roster: SafetyRoster)]>([:])
    /// Readers whose registers are kept; one more and all are read again.
    private static let rostersKept = 16

    /// Those who see the same rows.
    private struct Reader: Hashable {
        var role: AccountRole?
        var reach: Principal.Reach
    }

    init(url: String, rules: SafetyRules) {
        self.rules = rules
        self.service = PostgresWorker(url: url, application: "tongxing web safety service")
        self.questions = PostgresWorker(url: url, application: "tongxing web safety")
    }

    /// Asks for whoever the request is for; a read for nobody is a defect. Who is for one district is shown its part.
    /// Who sees aggregates alone has no rows of his own to add up: the city's are added up for him.
    private func ask<R: Sendable>(_ question: @escaping @Sendable (SafetyFigures) throws -> R) async throws -> R {
        guard let principal = Principal.current else { throw Failure("the safety figures were read for nobody") }
        let visitor: WebDoor.Visitor? = if case .none = principal.reach { nil } else { WebDoor.Visitor(principal) }
        let rules = self.rules
        let reader = Reader(role: principal.role, reach: principal.reach)
        do {
            // Before they are read: what changes in between is read again by the next one.
            let version = try await self.service.run { try SafetyRegisterReader(connection: $0).version() }
            let known = self.rosters.withLock { $0[reader] }.flatMap { $0.version == version ? $0.roster : nil }
            // The analysis part keeps the days up to date; a reader of pages writes nothing.
            let read: @Sendable (PostgresConnection) throws -> (R, SafetyRoster) = { connection in
                let figures = try SafetyFigures(connection: connection, rules: rules, catchesUp: false, known: known)
                return (try question(figures), figures.roster)
            }
            let (answer, roster) = try await self.questions.run { connection in
                guard let visitor else { return try read(connection) }
                return try WebDoor(connection: connection).enter(.fleet, as: visitor, read)
            }
            if known == nil { self.keep(roster, of: version, for: reader) }
            return answer
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    private func keep(_ roster: SafetyRoster, of version: Int64, for reader: Reader) {
        self.rosters.withLock { kept in
            if kept.count >= Self.rostersKept { kept.removeAll() }
            kept[reader] = (version, roster)
        }
    }

    /// The district that the one who asks is for.
    private static var district: String? {
        guard case .district(let district) = Principal.current?.reach else { return nil }
        return district
    }

    func rates(_ question: RateQuestion) async throws -> [AccidentRate] {
        try await self.ask { try $0.rates(question).rows }
    }

    func exposure(by breakdown: ExposureBreakdown, from: CivilDate, to: CivilDate) async throws -> [ExposureRow] {
        try await self.ask { try $0.exposure(breakdown, from: from, to: to) }
    }

    func rolling(_ question: RateQuestion) async throws -> RollingRates {
        try await self.ask { try $0.rolling(question).first ?? RollingRates() }
    }

    func control(_ question: RateQuestion) async throws -> ControlSeries? {
        try await self.ask { try $0.control(question) }
    }

    func cameraRates(by breakdown: CameraBreakdown, from: CivilDate?, to: CivilDate?) async throws -> [CameraRate] {
        let today = Clocks.now().date(at: .shanghai)
        return try await self.ask { figures in
            try figures.cameras(breakdown, from: from, to: to, today: today)
        }
    }

    func camerasToMend() async throws -> [CameraToMend] { try await self.ask { try $0.camerasToMend() } }

    func quality(by breakdown: RateBreakdown, from: CivilDate, to: CivilDate) async throws -> [QualityRow] {
        try await self.ask { try $0.quality(breakdown, from: from, to: to) }
    }

    func turnCells(from: CivilDate, to: CivilDate, limit: Int) async throws -> [TurnCell] {
        try await self.ask { try $0.turnCells(from: from, to: to, limit: limit) }
    }

    func capacity(year: Int, today: CivilDate) async throws -> CapacityBoard {
        try await self.ask { try $0.capacity(year: year, today: today) }
    }

    func accidents(from: CivilDate, to: CivilDate) async throws -> [AccidentMoment] {
        try await self.ask { try $0.accidents(from: from, to: to) }
    }

    func monthly(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        let district = Self.district
        return try await self.ask { figures in
            var overview = try figures.monthly(question, month: month, at: now)
            overview.district = district
            return overview
        }
    }

    func overview(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        let district = Self.district
        return try await self.ask { figures in
            var overview = try figures.overview(question, month: month, at: now)
            overview.district = district
            return overview
        }
    }
}
