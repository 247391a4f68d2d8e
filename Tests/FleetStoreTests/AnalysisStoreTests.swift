import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Suspicions
import Telemetry
import Testing

@testable import FleetStore

@Suite struct AnalysisStoreTests {
    private typealias Fixture = StoreFixture

    @Test func newsNameTheEarliestNewReportOfEachTerminal() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(
            [
                Fixture.position("2026-03-02T07:05:00Z", terminal: "A", index: 0),
                Fixture.position("2026-03-02T07:01:00Z", terminal: "B", index: 1),
            ], number: 1, in: writer)
        let store = try AnalysisStore(url: fixture.url)
        var news = try store.step { try store.news(limit: 10) }
        #expect(news.batchCount == 1)
        let names = try store.log.terminals()
        func earliest(_ name: String) -> Instant? {
            news.earliest.first { names[$0.key]?.text == name }?.value
        }
        #expect(earliest("A") == Fixture.time("2026-03-02T07:05:00Z"))
        try store.step { try store.advance(news.cursors) }
        #expect(try store.news(limit: 10).batchCount == 0)

        // A late report, and one that is there already.
        try Fixture.store(
            [
                Fixture.position("2026-03-02T06:00:00Z", terminal: "A", index: 0),
                Fixture.position("2026-03-02T07:01:00Z", terminal: "B", index: 1),
            ], number: 2, in: writer)
        news = try store.step { try store.news(limit: 10) }
        #expect(earliest("A") == Fixture.time("2026-03-02T06:00:00Z"))
        #expect(earliest("B") == nil)
    }

    @Test func positionsComeBackAsTheyWere() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        var row = Fixture.position("2026-03-02T07:00:00.123456Z")
        row.report.hasFix = false
        row.report.speed = 425
        row.report.course = 3600
        row.report.altitude = -12
        row.report.ignition = false
        row.report.odometer = 4_821_142
        row.report.satellites = 11
        row.report.hdop = 9
        row.report.drum = -80
        row.report.load = 21_400
        row.report.sequence = .max
        try Fixture.store([row], number: 1, in: writer)
        let store = try AnalysisStore(url: fixture.url)
        let terminal = try #require(try store.log.terminals().keys.first)
        let rows = try store.log.positions(of: terminal, after: nil, limit: 10)
        #expect(rows.map(\.report) == [row.report])
        #expect(rows.map(\.receivedAt) == [row.receivedAt])
        let together = try store.log.positions(
            after: [(terminal, Fixture.time("2026-03-02T06:00:00Z")), (terminal + 1, .distantPast)], limit: 10)
        #expect(together.keys.sorted() == [terminal])
        #expect(together[terminal]?.map(\.report) == [row.report])
        #expect(together[terminal]?.map(\.receivedAt) == [row.receivedAt])
    }

    @Test func newsAreReadByTheirTimeUpToALimit() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let times = (1...5).map { "2026-03-02T07:00:0\($0)Z" }
        try Fixture.store(
            times.reversed().flatMap { [Fixture.position($0, terminal: "A"), Fixture.position($0, terminal: "B")] },
            number: 1, in: writer)
        let store = try AnalysisStore(url: fixture.url)
        let ids = try Dictionary(uniqueKeysWithValues: store.log.terminals().map { ($0.value.text, $0.key) })
        let (a, b) = (try #require(ids["A"]), try #require(ids["B"]))
        let found = try store.log.positions(
            after: [(b, Fixture.time(times[3])), (a, Fixture.time(times[0]))], limit: 3)
        #expect(found[a]?.map(\.report.recordedAt) == times[1...3].map(Fixture.time), "none at its time, three at most")
        #expect(found[b]?.map(\.report.recordedAt) == [Fixture.time(times[4])])
        #expect(try store.log.positions(after: [], limit: 3).isEmpty)
    }

    @Test func onlyOneProcessAnalyses() async throws {
        let fixture = try await Fixture()
        let first = try AnalysisStore(url: fixture.url)
        #expect(throws: StoreError.self) { try AnalysisStore(url: fixture.url) }
        withExtendedLifetime(first) {}
    }

    @Test func aTerminalIsSetAsideAfterTwoTrapsAndNotAfterKills() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let store = try AnalysisStore(url: fixture.url)
        let terminal = try #require(try store.log.terminals().keys.first)
        for _ in 0..<5 {
            try store.guardStart(terminal)
            try store.noteStart(afterTrap: false)
        }
        #expect(try store.setAside(traps: 2).isEmpty)
        for _ in 0..<2 {
            try store.guardStart(terminal)
            try store.noteStart(afterTrap: true)
        }
        #expect(try store.setAside(traps: 2) == [terminal])
        try store.guardEnd(terminal)
        #expect(try store.setAside(traps: 2).isEmpty)
    }

    private static func delivery(_ start: String, isFinal: Bool = true, kilometres: Double? = nil) -> Delivery {
        Delivery(
            deliveryID: "D-T1-\(start)", loadID: "L-T1", terminal: Fixture.terminal(), plate: "浙F12345",
            origin: DeliveryEnd(kind: .unknown), loadStart: nil, loadEnd: nil, destination: DeliveryEnd(kind: .unknown),
            unloadStart: Fixture.time(start), unloadEnd: Fixture.time(start).advanced(bySeconds: 600),
            distanceKilometres: kilometres, coverage: 1, confidence: ["fixes": 0.9], isFinal: isFinal,
            settledAt: Fixture.time(start).advanced(bySeconds: 3600))
    }

    private static func judged(_ delivery: Delivery) -> JudgedDelivery {
        JudgedDelivery(delivery: delivery, judgements: [], verdict: .clear, score: 0)
    }

    @Test func aChangedFinalDeliveryIsSupersededAndAnOpenOneReplaced() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let store = DeliveryStore(connection: fixture.connection)
        func replace(_ rows: [Delivery], after: String? = nil) throws -> Int {
            try store.replace(
                terminal: terminal, settledAfter: after.map(Fixture.time),
                with: rows.map { DeliveryStore.Derived($0, drumCubicMetres: 10) }, world: "w", reason: "test",
                judge: Self.judged)
        }
        let one = Self.delivery("2026-03-02T07:00:00Z")
        let open = Self.delivery("2026-03-02T09:00:00Z", isFinal: false)
        #expect(try replace([one, open]) == 2)
        #expect(try replace([one, open]) == 0)
        // Going on from 08:30: the first stands, the open one is final now.
        #expect(try replace([Self.delivery("2026-03-02T09:00:00Z")], after: "2026-03-02T08:30:00Z") == 1)
        #expect(try fixture.count("SELECT count(*) FROM delivery_superseded") == 0)
        // What was judged by itself alone is no finding yet; what was judged with everything is kept.
        let judging = JudgingStore(connection: fixture.connection)
        let due = try judging.due(limit: 10)
        #expect(due.rows.map(\.judged.delivery.deliveryID) == [one.deliveryID, open.deliveryID])
        for row in due.rows {
            try judging.store(row.judged, asOf: due.now, world: "w", supersedes: nil)
            try judging.settle(row.judged.delivery.deliveryID, dueAgain: nil)
        }
        #expect(try judging.due(limit: 10).rows.isEmpty)
        let revision = try store.lastRevision()
        // Derived again from the start: the first is changed, the second no longer there.
        #expect(try replace([Self.delivery("2026-03-02T07:00:00Z", kilometres: 4)]) == 2)
        #expect(try fixture.count("SELECT count(*) FROM delivery_superseded") == 2)
        let changes = try store.changes(since: revision, limit: 10)
        #expect(changes.count == 2)
        #expect(changes.contains { if case .withdrawn = $0.change { true } else { false } })
        #expect(try store.list(DeliveryStore.Filter(), limit: 10).map(\.judged.delivery.distanceKilometres) == [4])
        #expect(try judging.due(limit: 10).rows.map(\.judged.delivery.deliveryID) == [one.deliveryID])
    }
    /// A drop that has ended is due once, however many reports follow; what was said of it with all that is stored is
    /// kept where it turns out otherwise.
    @Test func anOpenDeliveryIsJudgedOnceAndSupersededWhenItChanges() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let store = DeliveryStore(connection: fixture.connection)
        let judging = JudgingStore(connection: fixture.connection)
        var open = Self.delivery("2026-03-02T07:00:00Z", isFinal: false)
        /// The open row as it is at this time, and whether it is due then; from then on it is judged.
        func isDue(at time: String, isAgain: Bool = false) throws -> Bool {
            open.settledAt = Fixture.time(time)
            try store.replace(
                terminal: terminal, settledAfter: open.settledAt,
                with: [DeliveryStore.Derived(open, drumCubicMetres: nil)], world: "w", reason: "test",
                isAgain: isAgain, judge: Self.judged)
            let due = try judging.due(limit: 10)
            for row in due.rows {
                try judging.store(row.judged, asOf: due.now, world: "w", supersedes: nil)
                try judging.settle(row.judged.delivery.deliveryID, dueAgain: nil)
            }
            return !due.rows.isEmpty
        }
        #expect(try isDue(at: "2026-03-02T07:20:00Z"))
        let revision = try store.lastRevision()
        #expect(try !isDue(at: "2026-03-02T07:21:00Z"))
        #expect(try !isDue(at: "2026-03-02T10:10:00Z"), "another drop may follow for three hours")
        #expect(try store.lastRevision() == revision, "nothing new is written")
        #expect(try isDue(at: "2026-03-02T10:11:00Z"))
        #expect(try !isDue(at: "2026-03-02T10:12:00Z"))
        #expect(try isDue(at: "2026-03-02T10:13:00Z", isAgain: true), "its reports were read again")
        #expect(try fixture.count("SELECT count(*) FROM delivery_superseded") == 0)
        try judging.makeOpenDue(reason: "test")
        #expect(try judging.due(limit: 10).rows.count == 1)
        // The truck came back to the same place, and then was loaded.
        open.unloadEnd = Fixture.time("2026-03-02T07:30:00Z")
        #expect(try isDue(at: "2026-03-02T10:14:00Z"))
        #expect(try fixture.count("SELECT count(*) FROM delivery_superseded") == 1)
        open.isFinal = true
        #expect(try isDue(at: "2026-03-02T10:15:00Z"))
        #expect(try fixture.count("SELECT count(*) FROM delivery_superseded") == 1)
        #expect(try store.list(DeliveryStore.Filter(), limit: 10).map(\.judged.delivery) == [open])
        try judging.makeOpenDue(reason: "test")
        #expect(try judging.due(limit: 10).rows.isEmpty)
    }
}
