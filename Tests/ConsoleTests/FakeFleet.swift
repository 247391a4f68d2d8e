import Chronology
import Console
import Deliveries
import Foundation
import Geodesy
import Logging
import Registers
import Suspicions
import Synchronization
import Telemetry

/// A fleet in memory: what `FleetReading` promises, without a store.
final class FakeFleet: FleetReading {
    /// What the fake holds; tests change it while the console runs.
    struct Content: Sendable {
        var isAway = false
        var vehicles: [Vehicle] = []
        var plants: [Plant] = []
        var sites: [Site] = []
        var places: [Place] = []
        var registerRevision: Int64 = 1
        var positions: [(revision: Int64, position: LatestPosition)] = []
        var deliveries: [JudgedDelivery] = []
        /// Deliveries with what they were before.
        var records: [DeliveryRecord] = []
        var changes: [(revision: Int64, change: DeliveryChange)] = []
        var reports: [PositionReport] = []
        var accesses: [TrailAccess] = []
        var refusesAccesses = false
        var parts = [PartReadiness(part: "database", isReady: true)]
        var terminalCounts: [TerminalCounts] = []
    }

    private let content: Mutex<Content>
    private let listeners = Mutex<[AsyncStream<FleetChange>.Continuation]>([])

    init(_ content: Content = Content()) {
        self.content = Mutex(content)
    }

    func change(announcing announced: FleetChange? = nil, _ body: @Sendable (inout Content) -> Void) {
        self.content.withLock { body(&$0) }
        guard let announced else { return }
        for listener in self.listeners.withLock({ $0 }) { listener.yield(announced) }
    }

    private func read<Value: Sendable>(_ body: (Content) throws -> Value) throws -> Value {
        try self.content.withLock { content in
            guard !content.isAway else { throw FleetReadingError.unavailable("the fake is away") }
            return try body(content)
        }
    }

    /// Cursors are `c` and the index of the next element.
    private func page<Element>(_ all: [Element], _ cursor: String?, _ limit: Int) throws -> Page<Element> {
        var start = 0
        if let cursor {
            guard cursor.first == "c", let index = Int(cursor.dropFirst()) else { throw FleetReadingError.badCursor }
            start = min(index, all.count)
        }
        let end = min(start + limit, all.count)
        return Page(elements: Array(all[start..<end]), next: end < all.count ? "c\(end)" : nil)
    }

    func vehicles(after cursor: String?, limit: Int) async throws -> Page<Vehicle> {
        try self.page(try self.read { $0.vehicles }, cursor, limit)
    }

    func plants(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Plant> {
        let rows = try self.read { $0.plants }
        return try self.page(
            ValidPeriod.standing(of: rows, at: instant, id: \.plantID, period: \.period), cursor, limit)
    }

    func sites(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Site> {
        let rows = try self.read { $0.sites }
        return try self.page(
            ValidPeriod.standing(of: rows, at: instant, id: \.siteID, period: \.period), cursor, limit)
    }

    func places(after cursor: String?, limit: Int) async throws -> Page<Place> {
        try self.page(try self.read { $0.places }, cursor, limit)
    }

    func registerRevision() async throws -> Int64 { try self.read { $0.registerRevision } }

    func latestPositions(since revision: Int64?) async throws -> Revised<LatestPosition> {
        try self.read { content in
            let rows = content.positions.filter { row in revision.map { row.revision > $0 } ?? true }
            return Revised(
                revision: content.positions.map(\.revision).max() ?? 0, elements: rows.map(\.position))
        }
    }

    func positions(since revision: Int64?, after cursor: String?, limit: Int) async throws -> PositionPage {
        let news = try await self.latestPositions(since: revision)
        let page = try self.page(news.elements, cursor, limit)
        return PositionPage(positions: page.elements, revision: news.revision, next: page.next)
    }

    func deliveries(_ query: DeliveryQuery) async throws -> Page<JudgedDelivery> {
        let rows = try self.read { content in
            content.deliveries.filter { row in
                row.delivery.unloadStart >= query.from && row.delivery.unloadStart < query.to
                    && (query.verdict.map { row.verdict == $0 } ?? true)
                    && (query.plate.map { row.delivery.plate == $0 } ?? true)
            }
        }
        return try self.page(rows, query.after, query.limit)
    }

    func delivery(id: String) async throws -> DeliveryRecord? {
        try self.read { content in
            content.deliveries.first { $0.delivery.deliveryID == id }.map { DeliveryRecord(judged: $0) }
                ?? content.records.first { $0.judged.delivery.deliveryID == id }
        }
    }

    func deliveryChanges(since revision: Int64?, limit: Int) async throws -> Revised<DeliveryChange> {
        try self.read { content in
            let newest = content.changes.map(\.revision).max() ?? 0
            guard let revision else { return Revised(revision: newest, elements: []) }
            let rows = content.changes.filter { $0.revision > revision }.prefix(limit)
            return Revised(revision: rows.last?.revision ?? revision, elements: rows.map(\.change))
        }
    }

    func trail(of subject: String, from: Instant, to: Instant, limit: Int) async throws -> Trail? {
        try self.read { content in
            guard let terminal = TerminalID("JX1001"), ["JX1001", "浙F12345"].contains(subject) else { return nil }
            let reports = content.reports.filter { $0.recordedAt >= from && $0.recordedAt < to }
            return Trail(terminal: terminal, plate: "浙F12345", reports: Array(reports.prefix(limit)))
        }
    }

    /// The looks that were noted.
    var accesses: [TrailAccess] { self.content.withLock { $0.accesses } }

    func noteTrailAccess(_ access: TrailAccess) async throws {
        try self.content.withLock { content in
            guard !content.isAway, !content.refusesAccesses else {
                throw FleetReadingError.unavailable("the fake is away")
            }
            content.accesses.append(access)
        }
    }

    func status() async throws -> FleetStatus {
        try self.read { _ in
            FleetStatus(
                counts: IngestionCounts(
                    received: 10, stored: 6, duplicate: 2, quarantined: 1, ignored: 1, positions: 60, cameraReports: 3),
                analysisLagBatches: 2, analysisLagSeconds: 0.25)
        }
    }

    func terminalCounts() async throws -> [TerminalCounts] {
        try self.read { $0.terminalCounts }
    }

    func partMetrics() async -> String {
        var text = MetricsText()
        text.head("tongxing_test_seconds", "summary", help: "A part's own metric.")
        text.sample("tongxing_test_seconds_sum", [], 0.5)
        text.sample("tongxing_test_seconds_count", [], 1)
        return text.text
    }

    func readiness() async -> [PartReadiness] { self.content.withLock { $0.parts } }

    func changes() -> AsyncStream<FleetChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: FleetChange.self)
        self.listeners.withLock { $0.append(continuation) }
        return stream
    }
}
