import Casework
import Chronology
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// Whose an alert is: the vehicle's that carried the terminal when it opened.
@Suite struct AlertPlatesTests {
    private typealias Fixture = StoreFixture

    private static func alert(_ rule: VehicleAlert.Rule, openedAt: String) -> VehicleAlert {
        VehicleAlert(
            rule: rule, terminal: Fixture.terminal(), since: Fixture.time(openedAt).advanced(bySeconds: -30),
            openedAt: Fixture.time(openedAt), coordinate: Coordinate(latitude: 30.75, longitude: 120.75),
            facts: [Statement(zh: "超速", en: "too fast")])
    }

    private static func filled() async throws -> (fixture: Fixture, store: AlertStore, terminal: Int32) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T03:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        return (fixture, AlertStore(connection: fixture.connection), terminal)
    }

    /// The terminal goes from one truck to the next at `time`.
    private static func register(handedOverAt time: String, in fixture: Fixture) throws {
        let handover = Fixture.time(time)
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [
                .vehicle(
                    Vehicle(
                        plate: "浙F00001", terminal: "T1", kind: .mixer,
                        period: ValidPeriod(from: Fixture.time("2026-01-01T00:00:00Z"), to: handover))),
                .vehicle(
                    Vehicle(
                        plate: "浙F00002", terminal: "T1", kind: .mixer, period: ValidPeriod(from: handover, to: nil))),
            ], kind: .vehicles, source: "vehicles.csv", by: "li", replaces: true)
    }

    private static func plates(_ store: AlertStore) throws -> [String?] {
        try store.list(from: nil, to: nil, limit: 99).map(\.plate)
    }

    @Test func whatClosesAnAlertLeavesItsVehicle() async throws {
        let (_, store, terminal) = try await Self.filled()
        var alert = Self.alert(.speeding, openedAt: "2026-03-02T03:57:00Z")
        try store.store([.vehicle(.opened(alert))], terminal: terminal) {
            $0 == alert.openedAt ? "浙F00001" : "浙F00002"
        }
        #expect(try Self.plates(store) == ["浙F00001"])
        alert.closedAt = Fixture.time("2026-03-02T04:03:00Z")
        try store.store([.vehicle(.closed(alert))], terminal: terminal) { _ in "浙F00002" }
        let closed = try #require(try store.list(from: nil, to: nil, limit: 9).first)
        #expect(closed.plate == "浙F00001" && closed.status == "closed")
    }

    /// Exactly those that a correction touches, once; and the history says what they were.
    @Test func aCorrectedRegisterGivesPlatesAnew() async throws {
        let (fixture, store, terminal) = try await Self.filled()
        let plates = AlertPlates(connection: fixture.connection)
        #expect(try plates.revision() == -1)
        let alerts = [
            Self.alert(.speeding, openedAt: "2026-03-02T03:50:00Z"),
            Self.alert(.longStop, openedAt: "2026-03-02T04:10:00Z"),
            Self.alert(.silentVehicle, openedAt: "2026-03-02T05:00:00Z"),
        ]
        try store.store(alerts.map { .vehicle(.opened($0)) }, terminal: terminal) { _ in "浙F00002" }
        // A note says itself whose it is, and so does a delivery.
        try fixture.connection.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, plate, opened_at, delivery_id, facts) VALUES
                ('A-ghost', 'ghost-ticket', 4, 1, '浙F00009', '2026-03-02T03:55:00Z', NULL, '[]'),
                ('A-D-1', 'off-corridor', 2, 1, '浙F00009', '2026-03-02T03:56:00Z', 'D-1', '[]')
            """)
        func give(_ terminals: [Int32]?) throws -> Int {
            try plates.give(to: terminals, upTo: 7, by: ("li", "vehicles.csv"))
        }
        try Self.register(handedOverAt: "2026-03-02T04:00:00Z", in: fixture)
        let desk = AlertDesk(connection: fixture.connection)
        let mark = try desk.mark()
        #expect(try give([]) == 0 && give([terminal + 1]) == 0)
        #expect(try give([terminal]) == 1)
        #expect(try Self.plates(store) == ["浙F00001", "浙F00009", "浙F00009", "浙F00002", "浙F00002"])
        #expect(try give([terminal]) == 0 && give(nil) == 0)
        #expect(try plates.revision() == 7)
        // Whoever follows the alerts hears of it, and of no other.
        #expect(try desk.changes(since: mark, limit: 9).records.map(\.alertID) == [alerts[0].alertID])
        let note = try #require(try desk.actions(of: alerts[0].alertID).first)
        #expect(note.by == "tongxing" && note.action.kind == .comment)
        #expect(note.action.note.contains("由 浙F00002 更正为 浙F00001") && note.action.note.contains("li: vehicles.csv"))
        #expect(try desk.alert(alerts[0].alertID)?.handling.state == .new)
        // The truck had it until half past twelve: another alert is its, too.
        try Self.register(handedOverAt: "2026-03-02T04:30:00Z", in: fixture)
        #expect(try give(nil) == 1)
        #expect(try Self.plates(store) == ["浙F00001", "浙F00009", "浙F00009", "浙F00001", "浙F00002"])
        // Nobody had it.
        try fixture.connection.execute("UPDATE register_entry SET known_to = now() WHERE known_to IS NULL")
        #expect(try give([terminal]) == 3)
        #expect(try Self.plates(store) == [nil, "浙F00009", "浙F00009", nil, nil])
        #expect(try desk.actions(of: alerts[0].alertID).count == 2)
    }
}
