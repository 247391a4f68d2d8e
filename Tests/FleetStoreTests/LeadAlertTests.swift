import Casework
import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// Alerts that belong to no stream of reports: suspected plants, and departures that a delivery shows.
@Suite struct LeadAlertTests {
    private typealias Fixture = StoreFixture

    private static func suspect(_ id: String, loads: Int, _ status: SuspectStatus = .lead) -> SuspectedPlant {
        var card = PlantEvidence()
        card.loads = loads
        card.trucks = 3
        card.firstSeen = Fixture.time("2026-03-01T08:00:00Z")
        card.lastSeen = Fixture.time("2026-03-02T08:00:00Z").advanced(bySeconds: Double(loads))
        return SuspectedPlant(
            suspectedPlantID: id, coordinate: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000),
            radiusMetres: 120,
            evidence: card, score: 80,
            reasons: [PlantReason(name: "loads", points: 15, statement: Statement(zh: "多", en: "many"))],
            isLikely: true, status: status, parametersVersion: 1, registerRevision: 0)
    }

    @Test func aNewLeadRaisesAnAlertOnce() async throws {
        let fixture = try await Fixture()
        let store = AlertStore(connection: fixture.connection)
        try store.store([Self.suspect("X-1", loads: 12)])
        let first = try #require(try store.list(from: nil, to: nil, limit: 9).first)
        #expect(first.alertID == "A-suspected-plant-X-1" && first.rule == "suspected-plant" && first.severity == 3)
        #expect(first.status == "open" && first.coordinate != nil && first.facts.count == 3)
        #expect(first.facts.allSatisfy { !$0.zh.isEmpty && !$0.en.isEmpty })
        // It belongs to no truck, and people work on it all the same.
        let desk = AlertDesk(connection: fixture.connection)
        #expect(try desk.alert(first.alertID)?.terminal == "")
        #expect(try desk.list(AlertDesk.Filter(), limit: 9).map(\.alertID) == [first.alertID])
        // Searched again, with more loads: nothing new is said, and another lead is told beside it.
        try store.store([Self.suspect("X-1", loads: 20), Self.suspect("X-2", loads: 9)])
        let both = try store.list(from: nil, to: nil, limit: 9)
        #expect(both.first { $0.alertID == first.alertID } == first)
        #expect(both.count == 2)
        // Dismissed, and gone.
        try store.store([Self.suspect("X-1", loads: 20, .dismissed)])
        #expect(try store.list(from: nil, to: nil, limit: 9).map(\.status) == ["closed", "closed"])
        // Why the one was withdrawn stands in its history; the other was a person's decision.
        let said = try desk.actions(of: "A-suspected-plant-X-2").map(\.action)
        #expect(said.map(\.kind) == [.comment] && said[0].note.contains("Withdrawn"))
        #expect(try desk.actions(of: first.alertID).isEmpty)
        // Opened again it is the same alert.
        try store.store([Self.suspect("X-1", loads: 21, .checking)])
        let again = try #require(
            try store.list(from: nil, to: nil, limit: 9).first { $0.alertID == first.alertID })
        #expect(again.status == "open" && again.closedAt == nil && again.openedAt == first.openedAt)
    }

    /// What was told while the truck drove is not told again when its delivery is judged.
    @Test func aDepartureIsToldOnce() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let store = AlertStore(connection: fixture.connection)
        func judged(_ id: String, at time: String, _ outcome: Judgement.Outcome = .hit) -> JudgedDelivery {
            let start = Fixture.time(time)
            return JudgedDelivery(
                delivery: Delivery(
                    deliveryID: id, loadID: "L" + id, terminal: Fixture.terminal(), plate: nil,
                    origin: DeliveryEnd(kind: .plant, id: "P1"), loadStart: nil, loadEnd: start,
                    destination: DeliveryEnd(kind: .site, id: "S1"), unloadStart: start.advanced(bySeconds: 1800),
                    unloadEnd: start.advanced(bySeconds: 2400), distanceKilometres: nil, coverage: 1, confidence: [:],
                    isFinal: true, settledAt: start.advanced(bySeconds: 3600)),
                judgements: [
                    Judgement(
                        rule: "off-corridor", outcome: outcome, severity: 2, facts: [Statement(zh: "偏", en: "off")],
                        registerRevision: 1)
                ], verdict: .clear, score: 0)
        }
        let alert = VehicleAlert(
            rule: .offCorridor, terminal: Fixture.terminal(), since: Fixture.time("2026-03-02T07:05:00Z"),
            openedAt: Fixture.time("2026-03-02T07:08:10Z"), coordinate: nil, facts: [])
        try store.store([.vehicle(.opened(alert))], terminal: terminal) { _ in nil }
        try store.storeDeparture(judged("D-1", at: "2026-03-02T07:00:00Z"), terminal: terminal)
        #expect(try store.list(from: nil, to: nil, limit: 9).map(\.alertID) == [alert.alertID])
        try store.storeDeparture(judged("D-2", at: "2026-03-02T09:00:00Z"), terminal: terminal)
        #expect(try store.list(from: nil, to: nil, limit: 9).last?.alertID == "A-off-corridor-D-2")

        // What was told under way by the few ways that were learned then, all ways contradict; else it is left.
        let desk = AlertDesk(connection: fixture.connection)
        func kinds(_ id: String) throws -> [AlertAction.Kind] { try desk.actions(of: id).map(\.action.kind) }
        try store.storeDeparture(judged("D-1", at: "2026-03-02T07:00:00Z", .insufficient), terminal: terminal)
        #expect(try kinds(alert.alertID).isEmpty)
        for _ in 0..<2 {
            try store.storeDeparture(judged("D-1", at: "2026-03-02T07:00:00Z", .no), terminal: terminal)
        }
        #expect(try kinds(alert.alertID) == [.close] && kinds("A-off-corridor-D-2").isEmpty)
        let closed = try #require(try desk.alert(alert.alertID))
        #expect(closed.handling.state == .closed && closed.handling.closedBy == "tongxing")
        #expect(try desk.actions(of: alert.alertID).first?.action.note.contains("off") == true)
        // A way that was learned is taken back: it left them after all, and is told once.
        try store.storeDeparture(judged("D-1", at: "2026-03-02T07:00:00Z"), terminal: terminal)
        #expect(try kinds(alert.alertID) == [.close, .reopen])
        #expect(try store.list(from: nil, to: nil, limit: 9).count == 2)
        // The same of one that was told at the end of its haul.
        try store.storeDeparture(judged("D-2", at: "2026-03-02T09:00:00Z", .no), terminal: terminal)
        try store.storeDeparture(judged("D-2", at: "2026-03-02T09:00:00Z"), terminal: terminal)
        #expect(try kinds("A-off-corridor-D-2") == [.close, .reopen])
    }
}
