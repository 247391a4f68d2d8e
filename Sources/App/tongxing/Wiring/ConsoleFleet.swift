import Chronology
import Console
import Deliveries
import FleetStore
import Foundation
import PostgresClient
import Registers
import Suspicions
import Synchronization
import Telemetry
import Tracks

/// The store as the console reads it. Questions about the fleet are asked for the one whom the request is for
/// (`Principal.current`), in a transaction of his; how the service does is asked on a connection of its own, and
/// notifications come on a third.
final class ConsoleFleet: FleetReading {
    private let questions: PostgresWorker
    private let service: PostgresWorker
    private let url: String
    private let runID: String
    private let parts: [String]
    /// The registers as last read by those of one reach; good while the revision stands.
    private let registers = Mutex<[Principal.Reach: RegisterIndexCache]>([:])
    /// Reaches whose registers are kept; one more and all are read again.
    private static let registersKept = 64

    private let parameters: AnalysisParameters
    private let namesTerminals: Bool

    /// - Parameters:
    ///   - parts: those that must be ready for the service to be.
    ///   - namesTerminals: whether `/metrics`, which asks nobody who he is, has a series for each terminal.
    ///   - application: names its connections in the database's own lists.
    init(
        url: String, runID: String, parts: [String], parameters: AnalysisParameters, namesTerminals: Bool,
        application: String = "tongxing web"
    ) {
        self.url = url
        self.parameters = parameters
        self.namesTerminals = namesTerminals
        self.runID = runID
        self.parts = parts
        self.questions = PostgresWorker(url: url, application: application)
        self.service = PostgresWorker(url: url, application: application + " service")
    }

    /// The registers of one revision, and their index.
    private struct RegisterIndexCache {
        var snapshot: RegisterSnapshot
        var index: RegisterIndex
    }

    /// Asks for whoever the request is for; a read for nobody is a defect.
    private func ask<R: Sendable>(_ question: @escaping @Sendable (PostgresConnection) throws -> R) async throws -> R {
        guard let principal = Principal.current else { throw Failure("the fleet was read for nobody") }
        let visitor = WebDoor.Visitor(principal)
        return try await Self.reached {
            try await self.questions.run { try WebDoor(connection: $0).enter(.fleet, as: visitor, question) }
        }
    }

    /// Asks how the service does: no row about a truck or a person, unless the configuration wants terminals named.
    private func askService<R: Sendable>(
        _ question: @escaping @Sendable (PostgresConnection) throws -> R
    ) async throws -> R {
        try await Self.reached { try await self.service.run(question) }
    }

    private static func reached<R>(_ work: () async throws -> R) async throws -> R {
        do {
            return try await work()
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    private func currentRegisters() async throws -> RegisterIndexCache {
        let reach = Principal.current?.reach ?? .none
        let known = self.registers.withLock { $0[reach] }
        let revision = try await self.registerRevision()
        if let known, known.snapshot.revision == revision { return known }
        let snapshot = try await self.ask { try RegisterStore(connection: $0).snapshot() }
        let fresh = RegisterIndexCache(snapshot: snapshot, index: RegisterIndex(snapshot))
        self.registers.withLock { kept in
            if kept.count >= Self.registersKept { kept.removeAll() }
            kept[reach] = fresh
        }
        return fresh
    }

    func registerRevision() async throws -> Int64 {
        try await self.askService { try RegisterStore(connection: $0).revision() }
    }

    func vehicles(after cursor: String?, limit: Int) async throws -> Page<Vehicle> {
        let rows = try await self.currentRegisters().snapshot.vehicles
        return try Self.page(rows, after: cursor, limit: limit) { "\($0.plate)|\($0.period.from.microseconds)" }
    }

    /// The register's row of a terminal's truck at a time.
    func vehicle(terminal: String, at time: Instant) async throws -> Vehicle? {
        try await self.currentRegisters().index.vehicle(terminal: terminal, at: time)
    }

    func plants(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Plant> {
        let rows = ValidPeriod.standing(
            of: try await self.currentRegisters().snapshot.plants, at: instant, id: \.plantID, period: \.period)
        return try Self.page(rows, after: cursor, limit: limit) { "\($0.plantID)|\($0.period.from.microseconds)" }
    }

    func sites(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Site> {
        let rows = ValidPeriod.standing(
            of: try await self.currentRegisters().snapshot.sites, at: instant, id: \.siteID, period: \.period)
        return try Self.page(rows, after: cursor, limit: limit) { "\($0.siteID)|\($0.period.from.microseconds)" }
    }

    func places(after cursor: String?, limit: Int) async throws -> Page<Place> {
        let rows = try await self.currentRegisters().snapshot.places
        return try Self.page(rows, after: cursor, limit: limit) { $0.placeID }
    }

    private static func page<Row: Sendable>(
        _ rows: [Row], after cursor: String?, limit: Int, key: (Row) -> String
    ) throws -> Page<Row> {
        let ordered = rows.sorted { key($0) < key($1) }
        let start = cursor.map { cursor in ordered.firstIndex { key($0) > cursor } ?? ordered.count } ?? 0
        let end = min(ordered.count, start + limit)
        let elements = Array(ordered[start..<end])
        return Page(elements: elements, next: end < ordered.count ? elements.last.map(key) : nil)
    }

    func latestPositions(since revision: Int64?) async throws -> Revised<LatestPosition> {
        let registers = try await self.currentRegisters().index
        let rows = try await self.ask { try FleetReader(connection: $0).latest(since: revision ?? 0) }
        return Revised(revision: rows.map(\.revision).max() ?? revision ?? 0, elements: Self.positions(rows, registers))
    }

    func positions(since revision: Int64?, after cursor: String?, limit: Int) async throws -> PositionPage {
        let registers = try await self.currentRegisters().index
        let (newest, rows) = try await self.ask { connection in
            let reader = FleetReader(connection: connection)
            // The revision first: what changes in between is seen twice rather than never. One row more than wanted
            // tells whether there is more.
            let newest = try reader.latestRevision()
            return (newest, try reader.latest(since: revision ?? 0, after: cursor, limit: limit + 1))
        }
        return PositionPage(
            positions: Self.positions(rows.prefix(limit), registers), revision: max(newest, revision ?? 0),
            next: rows.count > limit ? rows[limit - 1].terminal : nil)
    }

    private static func positions(
        _ rows: some Sequence<FleetReader.Latest>, _ registers: RegisterIndex
    ) -> [LatestPosition] {
        let now = Clocks.now()
        return rows.compactMap { row -> LatestPosition? in
            guard let terminal = TerminalID(row.terminal) else { return nil }
            let vehicle =
                registers.vehicle(terminal: row.terminal, at: now)
                ?? registers.vehicle(terminal: row.terminal, at: row.report.recordedAt)
            return LatestPosition(
                terminal: terminal, plate: vehicle?.plate, kind: vehicle?.kind, company: vehicle?.company,
                report: row.report, receivedAt: row.receivedAt, rightCamera: Self.rightCamera(row),
                load: row.load?.rawValue)
        }
    }

    /// The state of the camera that the law asks for, from the newest camera report.
    private static func rightCamera(_ row: FleetReader.Latest) -> CameraReading? {
        guard let text = row.cameras, let time = row.camerasAt else { return nil }
        let state = text.split(separator: ";").compactMap { part -> CameraStatus.State? in
            let pair = part.split(separator: "=")
            return pair.first == "right_blind_spot"
                ? pair.last.flatMap { CameraStatus.State(rawValue: String($0)) } : nil
        }.first
        return state.map { CameraReading(state: $0, recordedAt: time) }
    }

    func deliveries(_ query: DeliveryQuery) async throws -> Page<JudgedDelivery> {
        var filter = DeliveryStore.Filter()
        filter.from = query.from
        filter.to = query.to
        filter.verdict = query.verdict
        filter.plate = query.plate
        filter.newestFirst = true
        filter.after = try ConsoleDesk.cursor(query.after)
        let wanted = filter
        var rows = try await self.ask { try DeliveryStore(connection: $0).list(wanted, limit: query.limit + 1) }.map(
            \.judged)
        guard rows.count > query.limit else { return Page(elements: rows) }
        rows.removeLast()
        let last = rows.last.map { "\($0.delivery.unloadStart.microseconds)|\($0.delivery.deliveryID)" }
        return Page(elements: rows, next: last)
    }

    func delivery(id: String) async throws -> DeliveryRecord? {
        try await self.ask { try DeliveryRecords(connection: $0).record(id) }
    }

    func deliveryChanges(since revision: Int64?, limit: Int) async throws -> Revised<DeliveryChange> {
        guard let revision else {
            return Revised(
                revision: try await self.ask { try DeliveryStore(connection: $0).lastRevision() }, elements: [])
        }
        let rows = try await self.ask { try DeliveryStore(connection: $0).changes(since: revision, limit: limit) }
        let changes = rows.map { row -> DeliveryChange in
            switch row.change {
            case .current(let judged): .current(judged)
            case .withdrawn(let id): .withdrawn(deliveryID: id)
            }
        }
        return Revised(revision: rows.last?.revision ?? revision, elements: changes)
    }

    func trail(of subject: String, from: Instant, to: Instant, limit: Int) async throws -> Trail? {
        let registers = try await self.currentRegisters().index
        let located = try await self.ask { connection in
            try TrailReader(connection: connection, registers: registers).trail(
                of: subject, from: from, to: to, limit: limit)
        }
        return located.map {
            Trail(terminal: $0.terminal, plate: $0.plate, reports: $0.reports, lateSeconds: $0.lateSeconds)
        }
    }

    func noteTrailAccess(_ access: TrailAccess) async throws {
        var note = AuditStore.Note(actor: access.reader, interface: "http", action: access.kind.rawValue)
        note.role = access.role
        note.address = access.address
        note.subject = access.subject
        note.purpose = access.purpose
        note.outcome = access.outcome.rawValue
        if let period = access.period {
            note.period = AuditStore.Note.period(from: period.lowerBound, to: period.upperBound)
        }
        let entry = note
        try await self.ask { try AuditStore(connection: $0).add(entry) }
    }

    func status() async throws -> FleetStatus {
        let parameters = self.parameters
        let world = try await self.askService {
            try WorldKey.current(RegisterStore(connection: $0).revision(), parameters)
        }
        return try await self.askService { connection in
            let reader = FleetReader(connection: connection)
            let ledger = LedgerReader(connection: connection)
            let lag = try reader.lag(world: world)
            var status = FleetStatus(
                counts: IngestionCounts(try reader.counts()), analysisLagBatches: lag.batches,
                analysisLagSeconds: lag.seconds)
            status.lanes = try ledger.lanes().map {
                LaneCounts(lane: $0.name, isRetry: $0.isRetry, counts: IngestionCounts($0.counts))
            }
            let totals = try ledger.terminalTotals()
            status.terminals = totals.terminals
            status.withoutTerminal = totals.withoutTerminal.received
            return status
        }
    }

    func terminalCounts() async throws -> [TerminalCounts] {
        guard self.namesTerminals else { return [] }
        return try await self.askService { connection in
            try LedgerReader(connection: connection).terminals().map {
                TerminalCounts(terminal: $0.terminal ?? "", lane: $0.lane, counts: IngestionCounts($0.counts))
            }
        }
    }

    func partMetrics() async -> String {
        let runID = self.runID
        return (try? await self.askService { try PartStore(connection: $0).metrics(runID: runID) }) ?? ""
    }

    func readiness() async -> [PartReadiness] {
        let beats: [PartStore.Part]
        do {
            beats = try await self.service.run { connection in
                try SchemaMigrator(connection: connection).requireCurrent()
                return try PartStore(connection: connection).parts()
            }
        } catch {
            return [PartReadiness(part: "database", isReady: false, message: "\(error)")]
        }
        return [PartReadiness(part: "database", isReady: true)]
            + self.parts.filter { $0 != "web" }.map { Self.readiness(of: $0, beats, runID: self.runID) }
            + [PartReadiness(part: "web", isReady: true)]
    }

    private static func readiness(of part: String, _ beats: [PartStore.Part], runID: String) -> PartReadiness {
        guard let beat = beats.first(where: { $0.name == part }), beat.runID == runID else {
            return PartReadiness(part: part, isReady: false, message: "尚未启动 / not started yet")
        }
        guard beat.secondsSinceBeat < 10 else {
            return PartReadiness(
                part: part, isReady: false,
                message: "\(Int(beat.secondsSinceBeat)) 秒无响应 / silent for \(Int(beat.secondsSinceBeat)) s")
        }
        return PartReadiness(part: part, isReady: beat.isReady, message: beat.message)
    }

    func changes() -> AsyncStream<FleetChange> {
        let url = self.url
        return AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let listener = ChangeListener(url: url, continuation: continuation)
            continuation.onTermination = { _ in listener.stop() }
            listener.start()
        }
    }
}

extension IngestionCounts {
    init(_ counts: MessageCounts) {
        self.init(
            received: counts.received, stored: counts.stored, duplicate: counts.duplicate,
            quarantined: counts.quarantined, ignored: counts.ignored, positions: counts.positions,
            cameraReports: counts.cameraReports, alarms: counts.alarms)
    }
}

extension WebDoor.Visitor {
    init(_ principal: Principal) {
        let reach: WebDoor.Reach =
            switch principal.reach {
            case .all: .all
            case .district(let district): .district(district)
            case .company(let company): .company(company)
            case .site(let site): .site(site)
            case .none: .none
            }
        self.init(name: principal.name, role: principal.role?.rawValue ?? "", reach: reach)
    }
}
