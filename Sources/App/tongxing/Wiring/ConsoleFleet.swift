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

/// The store as the console reads it. Two connections: one answers questions, one waits for notifications.
final class ConsoleFleet: FleetReading {
    private let questions: PostgresWorker
    private let url: String
    private let runID: String
    private let parts: [String]
    /// The registers as last read; good while the revision stands.
    private let registers = Mutex<RegisterIndexCache?>(nil)

    /// - Parameter parts: those that must be ready for the service to be.
    init(url: String, runID: String, parts: [String]) {
        self.url = url
        self.runID = runID
        self.parts = parts
        self.questions = PostgresWorker(url: url, application: "tongxing web")
    }

    /// The registers of one revision, and their index.
    private struct RegisterIndexCache {
        var snapshot: RegisterSnapshot
        var index: RegisterIndex
    }

    private func ask<R: Sendable>(_ question: @escaping @Sendable (PostgresConnection) throws -> R) async throws -> R {
        do {
            return try await self.questions.run(question)
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    private func currentRegisters() async throws -> RegisterIndexCache {
        let known = self.registers.withLock { $0 }
        let revision = try await self.registerRevision()
        if let known, known.snapshot.revision == revision { return known }
        let snapshot = try await self.ask { try RegisterStore(connection: $0).snapshot() }
        let fresh = RegisterIndexCache(snapshot: snapshot, index: RegisterIndex(snapshot))
        self.registers.withLock { $0 = fresh }
        return fresh
    }

    func registerRevision() async throws -> Int64 {
        try await self.ask { try RegisterStore(connection: $0).revision() }
    }

    func vehicles(after cursor: String?, limit: Int) async throws -> Page<Vehicle> {
        let rows = try await self.currentRegisters().snapshot.vehicles
        return try Self.page(rows, after: cursor, limit: limit) { "\($0.plate)|\($0.period.from.microseconds)" }
    }

    func plants(validAt instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Plant> {
        let rows = try await self.currentRegisters().snapshot.plants.filter { $0.period.contains(instant) }
        return try Self.page(rows, after: cursor, limit: limit) { "\($0.plantID)|\($0.period.from.microseconds)" }
    }

    func sites(validAt instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Site> {
        let rows = try await self.currentRegisters().snapshot.sites.filter { $0.period.contains(instant) }
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
        let now = Clocks.now()
        let positions = rows.compactMap { row -> LatestPosition? in
            guard let terminal = TerminalID(row.terminal) else { return nil }
            let vehicle =
                registers.vehicle(terminal: row.terminal, at: now)
                ?? registers.vehicle(terminal: row.terminal, at: row.report.recordedAt)
            return LatestPosition(
                terminal: terminal, plate: vehicle?.plate, kind: vehicle?.kind, company: vehicle?.company,
                report: row.report, receivedAt: row.receivedAt, rightCamera: Self.rightCamera(row))
        }
        return Revised(revision: rows.last?.revision ?? revision ?? 0, elements: positions)
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
        if let cursor = query.after {
            let parts = cursor.split(separator: "|", maxSplits: 1)
            guard parts.count == 2, let microseconds = Int64(parts[0]) else { throw FleetReadingError.badCursor }
            filter.after = (Instant(microseconds: microseconds), String(parts[1]))
        }
        let wanted = filter
        var rows = try await self.ask { try DeliveryStore(connection: $0).list(wanted, limit: query.limit + 1) }.map(
            \.judged)
        guard rows.count > query.limit else { return Page(elements: rows) }
        rows.removeLast()
        let last = rows.last.map { "\($0.delivery.unloadStart.microseconds)|\($0.delivery.deliveryID)" }
        return Page(elements: rows, next: last)
    }

    func delivery(id: String) async throws -> JudgedDelivery? {
        try await self.ask { try DeliveryStore(connection: $0).delivery(id)?.judged }
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
        return located.map { Trail(terminal: $0.terminal, plate: $0.plate, reports: $0.reports) }
    }

    func status() async throws -> FleetStatus {
        let world = try await self.ask { try WorldKey.current(RegisterStore(connection: $0).revision()) }
        let (counts, lag) = try await self.ask { connection in
            let reader = FleetReader(connection: connection)
            return (try reader.counts(), try reader.lag(world: world))
        }
        return FleetStatus(
            counts: IngestionCounts(
                received: counts.received, stored: counts.stored, duplicate: counts.duplicate,
                quarantined: counts.quarantined, ignored: counts.ignored, positions: counts.positions,
                cameraReports: counts.cameraReports),
            analysisLagBatches: lag.batches, analysisLagSeconds: lag.seconds)
    }

    func partMetrics() async -> String {
        let runID = self.runID
        return (try? await self.ask { try PartStore(connection: $0).metrics(runID: runID) }) ?? ""
    }

    func readiness() async -> [PartReadiness] {
        let beats: [PartStore.Part]
        do {
            beats = try await self.questions.run { connection in
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
