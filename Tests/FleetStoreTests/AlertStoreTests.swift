import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Suspicions
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

@Suite struct AlertStoreTests {
    private typealias Fixture = StoreFixture

    private static func alert(_ rule: VehicleAlert.Rule, since: String) -> VehicleAlert {
        VehicleAlert(
            rule: rule, terminal: Fixture.terminal(), since: Fixture.time(since),
            openedAt: Fixture.time(since).advanced(bySeconds: 30),
            coordinate: Coordinate(latitude: 30.75, longitude: 120.75),
            facts: [Statement(zh: "超速", en: "too fast")])
    }

    private static func filled() async throws -> (fixture: Fixture, store: AlertStore, terminal: Int32) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        return (fixture, AlertStore(connection: fixture.connection), terminal)
    }

    @Test func anAlertIsOpenedOnceAndClosed() async throws {
        let (fixture, store, terminal) = try await Self.filled()
        var alert = Self.alert(.speeding, since: "2026-03-02T07:00:00Z")
        try store.store([.vehicle(.opened(alert))], terminal: terminal) { _ in "浙F12345" }
        let open = try store.list(from: nil, to: nil, limit: 10)
        try store.store([.vehicle(.opened(alert))], terminal: terminal) { _ in "浙F12345" }
        #expect(try store.list(from: nil, to: nil, limit: 10) == open)
        #expect(open.map(\.status) == ["open"] && open.first?.facts == alert.facts)
        #expect(open.first?.severity == 2 && open.first?.plate == "浙F12345")
        alert.closedAt = alert.openedAt.advanced(bySeconds: 60)
        try store.store([.vehicle(.closed(alert))], terminal: terminal) { _ in "浙F12345" }
        let closed = try store.list(from: nil, to: nil, limit: 10)
        #expect(closed.map(\.status) == ["closed"] && closed.first?.closedAt == alert.closedAt)
        #expect(try #require(closed.first).revision > #require(open.first).revision)
        #expect(try fixture.count("SELECT count(*) FROM alert") == 1)
    }

    @Test func statesAreWrittenTogetherAndReadBack() async throws {
        let (fixture, store, terminal) = try await Self.filled()
        var state = AlertStore.VehicleState(terminal: Fixture.terminal())
        try fixture.connection.execute("INSERT INTO terminal (name) VALUES ('T2')")
        let other = Int32(try fixture.count("SELECT terminal_id FROM terminal WHERE name = 'T2'"))
        try store.save([])
        #expect(try store.states().isEmpty)
        try store.save([
            (terminal, state), (other, AlertStore.VehicleState(terminal: Fixture.terminal("T2"))),
        ])
        state.alerts = VehicleAlerts(terminal: Fixture.terminal("other"))
        try store.save([(terminal, state)])
        let states = try store.states()
        #expect(states.count == 2 && states[terminal] == state)
        #expect(states[other]?.alerts.terminal.text == "T2")
        // Of the one that has a newest position.
        try fixture.connection.execute(
            """
            INSERT INTO latest_position (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags)
            VALUES (\(terminal), 1, '2026-03-02T07:00:00Z', now(), 0, 0, 0)
            ON CONFLICT (terminal_id) DO UPDATE SET recorded_at = excluded.recorded_at
            """)
        #expect(try store.newest() == [terminal: Fixture.time("2026-03-02T07:00:00Z")])
    }

    /// Behind a report, to the last that was seen; not by rules of their moment, and not what is raised again.
    @Test func whatAllReportsDoNotRaiseIsWithdrawnOnce() async throws {
        let (fixture, store, terminal) = try await Self.filled()
        var ended = Self.alert(.fatigueDriving, since: "2026-03-02T08:10:00Z")
        ended.closedAt = Fixture.time("2026-03-02T08:30:00Z")
        let jammed = Self.alert(.jamming, since: "2026-03-02T08:00:00Z")
        let alerts = [
            Self.alert(.speeding, since: "2026-03-02T07:00:00Z"), jammed,
            Self.alert(.frozenPosition, since: "2026-03-02T08:20:00Z"),
            Self.alert(.offCorridor, since: "2026-03-02T08:20:00Z"),
            Self.alert(.clonedIdentity, since: "2026-03-02T10:00:00Z"),
        ]
        try store.store(
            alerts.map { .vehicle(.opened($0)) } + [.vehicle(.closed(ended))], terminal: terminal
        ) { _ in nil }
        func withdraw() throws -> Int {
            try store.withdraw(
                of: terminal, after: Fixture.time("2026-03-02T07:30:00Z"), to: Fixture.time("2026-03-02T09:00:00Z"),
                except: VehicleAlert.Rule.ofTheirMoment, raised: [alerts[2].alertID])
        }
        #expect(try withdraw() == 2)
        #expect(try withdraw() == 0)
        let rows = try store.list(from: nil, to: nil, limit: 9)
        let withdrawn = rows.filter { $0.facts.first?.zh.hasPrefix("已撤回") ?? false }
        #expect(withdrawn.map(\.rule) == ["jamming", "fatigue-driving"])
        #expect(withdrawn.allSatisfy { $0.status == "closed" && $0.closedAt != nil })
        #expect(withdrawn.last?.closedAt == ended.closedAt)
        #expect(rows.filter { $0.status == "open" }.count == 4)
        #expect(try fixture.count("SELECT count(*) FROM alert_action WHERE acted_by = 'tongxing'") == 2)
        #expect(try store.withdrawnIDs() == [jammed.alertID, ended.alertID])
        // What is raised after all stands as if nothing had been.
        try store.store([.vehicle(.opened(jammed))], terminal: terminal) { _ in nil }
        let again = try store.list(from: nil, to: nil, limit: 9).first { $0.alertID == jammed.alertID }
        #expect(again?.status == "open" && again?.facts == jammed.facts && again?.closedAt == nil)
        #expect(try store.withdrawnIDs() == [ended.alertID])
    }

    /// What the analysis closed, and notes whose alert is over; not what ended by itself, nor what a person closed.
    @Test func whatTheAnalysisTookBackIsNamed() async throws {
        let (fixture, store, terminal) = try await Self.filled()
        var ended = Self.alert(.speeding, since: "2026-03-02T07:00:00Z")
        ended.closedAt = Fixture.time("2026-03-02T07:10:00Z")
        let (corrected, judged, standing) = (
            Self.alert(.longStop, since: "2026-03-02T08:00:00Z"), Self.alert(.longStop, since: "2026-03-02T09:00:00Z"),
            Self.alert(.jamming, since: "2026-03-02T10:00:00Z")
        )
        try store.store(
            [.vehicle(.closed(ended))] + [corrected, judged, standing].map { .vehicle(.opened($0)) },
            terminal: terminal
        ) { _ in nil }
        for (alert, user) in [(corrected, "tongxing"), (judged, "wang")] {
            try fixture.connection.execute(
                """
                INSERT INTO alert_action (alert_id, acted_by, kind, reason, note)
                VALUES ('\(alert.alertID)', '\(user)', 'close', 'other', '')
                """)
        }
        try fixture.connection.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, plate, opened_at, closed_at, status, facts) VALUES
                ('A-ghost-1', 'ghost-ticket', 4, \(terminal), '浙F00009', '2026-03-02T03:55:00Z', NULL, 'open', '[]'),
                ('A-ghost-2', 'ghost-ticket', 4, \(terminal), '浙F00009', '2026-03-02T04:55:00Z',
                    '2026-03-02T05:55:00Z', 'closed', '[]')
            """)
        #expect(try store.withdrawnIDs() == [corrected.alertID, "A-ghost-2"])
    }

    @Test func theStateBeforeALateReportIsFound() async throws {
        let (_, store, terminal) = try await Self.filled()
        let state = AlertStore.VehicleState(terminal: Fixture.terminal())
        let times = ["2026-03-02T07:00:00Z", "2026-03-02T13:00:00Z", "2026-03-02T19:00:00Z"].map { Fixture.time($0) }
        for time in times { try store.saveCheckpoint(of: terminal, takenUpTo: time, state) }
        #expect(try store.checkpoint(of: terminal, before: times[0]) == nil)
        let found = try #require(try store.checkpoint(of: terminal, before: times[2]))
        #expect(found.takenUpTo == times[1] && found.state == state)
        try store.deleteCheckpoints(of: terminal, from: times[1])
        #expect(try store.checkpoint(of: terminal, before: times[2])?.takenUpTo == times[0])
    }

    @Test func alertsAreListedInPagesByTheTimeOfTheirOpening() async throws {
        let (_, store, terminal) = try await Self.filled()
        let alerts = [
            Self.alert(.longStop, since: "2026-03-02T09:00:00Z"), Self.alert(.speeding, since: "2026-03-02T08:00:00Z"),
            Self.alert(.fatigueDriving, since: "2026-03-02T08:00:00Z"),
        ]
        try store.store(alerts.map { .vehicle(.opened($0)) }, terminal: terminal) { _ in nil }
        let first = try store.list(from: nil, to: nil, limit: 2)
        #expect(first.map(\.rule) == ["fatigue-driving", "speeding"])
        let last = try #require(first.last)
        let second = try store.list(from: nil, to: nil, after: (last.openedAt, last.alertID), limit: 2)
        #expect(second.map(\.rule) == ["long-stop"])
        #expect(
            try store.list(from: last.openedAt, to: alerts[0].openedAt, limit: 9).map(\.rule) == first.map(\.rule))
    }

    @Test func aSuspiciousDeliveryIsAlertedAboutUntilItIsNot() async throws {
        let (_, store, terminal) = try await Self.filled()
        let start = Fixture.time("2026-03-02T07:00:00Z")
        let delivery = Delivery(
            deliveryID: "D-1", loadID: "L-1", terminal: Fixture.terminal(), plate: nil,
            origin: DeliveryEnd(kind: .unknown), loadStart: nil, loadEnd: nil, destination: DeliveryEnd(kind: .unknown),
            unloadStart: start, unloadEnd: start.advanced(bySeconds: 600), distanceKilometres: nil, coverage: 1,
            confidence: [:], isFinal: true, settledAt: start.advanced(bySeconds: 3600))
        func judgement(_ rule: String, _ severity: Int, _ outcome: Judgement.Outcome) -> Judgement {
            Judgement(
                rule: rule, outcome: outcome, severity: severity, facts: [Statement(zh: "事实", en: "fact of \(rule)")],
                counterfacts: [Statement(zh: "线索", en: "against \(rule)")], registerRevision: 1)
        }
        var judged = JudgedDelivery(
            delivery: delivery,
            judgements: [
                judgement("night-pour", 1, .hit), judgement("unlicensed-origin", 4, .hit),
                judgement("licence-invalid", 4, .no),
            ], verdict: .suspicious, score: 40)
        try store.store(judged, terminal: terminal)
        let row = try #require(try store.list(from: nil, to: nil, limit: 9).first)
        #expect(row.rule == "unlicensed-origin" && row.severity == 4 && row.deliveryID == "D-1")
        #expect(row.facts.map(\.en) == ["fact of unlicensed-origin", "against unlicensed-origin"])
        judged.verdict = .clear
        try store.store(judged, terminal: terminal)
        #expect(try store.list(from: nil, to: nil, limit: 9).map(\.status) == ["closed"])
    }
}
