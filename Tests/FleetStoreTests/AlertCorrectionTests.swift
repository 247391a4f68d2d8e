import Casework
import Chronology
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Testing

@testable import FleetStore

/// Alerts that corrected registers disprove: closed with who and why, and what was told is kept.
@Suite struct AlertCorrectionTests {
    private typealias Fixture = StoreFixture

    private static func alert(_ rule: VehicleAlert.Rule, openedAt: String, closedAt: String?) -> VehicleAlert {
        var alert = VehicleAlert(
            rule: rule, terminal: Fixture.terminal(), since: Fixture.time(openedAt), openedAt: Fixture.time(openedAt),
            coordinate: Coordinate(latitude: 30.75, longitude: 120.75), facts: [Statement(zh: "停留", en: "it stood")])
        alert.closedAt = closedAt.map { Fixture.time($0) }
        return alert
    }

    @Test func anAlertIsClosedByACorrectionAndOpenedAgainByTheNext() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T03:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let (store, desk) = (AlertStore(connection: fixture.connection), AlertDesk(connection: fixture.connection))
        let stopped = Self.alert(.longStop, openedAt: "2026-03-02T03:50:00Z", closedAt: "2026-03-02T04:20:00Z")
        let standing = Self.alert(.restrictedZone, openedAt: "2026-03-02T04:30:00Z", closedAt: nil)
        let other = Self.alert(.speeding, openedAt: "2026-03-02T04:40:00Z", closedAt: "2026-03-02T04:41:00Z")
        try store.store(
            [.vehicle(.closed(stopped)), .vehicle(.opened(standing)), .vehicle(.closed(other))], terminal: terminal
        ) { _ in "浙F00001" }

        let corrections = AlertCorrections(connection: fixture.connection)
        #expect(try corrections.due() == nil)
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [
                .place(
                    Place(
                        placeID: "D1", name: "停车场", kind: .depot,
                        fence: .circle(
                            center: Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000), radiusMetres: 90)))
            ], kind: .places, source: "p.csv", by: "li")
        let change = try #require(try corrections.due())
        #expect(change.by == "li" && change.source == "places p.csv")
        let candidates = try corrections.candidates()
        #expect(Set(candidates.map(\.alertID)) == [stopped.alertID, standing.alertID])
        #expect(candidates.allSatisfy { !$0.isWithdrawn && $0.terminal == terminal })
        #expect(candidates.first { $0.rule == .longStop }?.closedAt == stopped.closedAt)

        let reason = Statement(zh: "停留处为 D1。", en: "It stood at D1.")
        for alert in candidates { try corrections.note(alert.alertID, reason: reason, by: change) }
        try corrections.advance(to: change)
        #expect(try corrections.due() == nil)
        let closed = try #require(try desk.alert(stopped.alertID))
        #expect(closed.handling.state == .closed && closed.handling.closedBy == "tongxing")
        // No mistake of the rule's: a false alarm would count against it.
        #expect(closed.handling.reason == .other && closed.facts == stopped.facts)
        #expect(closed.closedAt == stopped.closedAt, "when it ended stays")
        let action = try #require(try desk.actions(of: stopped.alertID).first)
        #expect(action.action.kind == .close && action.by == "tongxing")
        for part in ["li: places p.csv", "D1", "\(change.importID)"] { #expect(action.action.note.contains(part)) }
        #expect(try desk.alert(standing.alertID)?.status == "closed", "it accuses no more")

        #expect(try corrections.candidates().map(\.isWithdrawn) == [true, true])
        try corrections.note(stopped.alertID, reason: nil, by: change)
        #expect(try desk.alert(stopped.alertID)?.handling.state == .acknowledged)
        #expect(try desk.actions(of: stopped.alertID).map(\.action.kind) == [.close, .reopen])
        // What a person closed is left alone.
        try fixture.connection.execute("UPDATE alert_handling SET state = 'closed', closed_by = 'wang'")
        #expect(try corrections.candidates().isEmpty)
    }
}
