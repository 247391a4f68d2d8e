import Chronology
import Registers
import TestSupport
import Testing

@testable import FleetStore

/// Whether a plant's notes come in.
@Suite struct FirstNoteTests {
    private typealias Fixture = StoreFixture

    private static func note(_ id: String, plant: String = "P1", _ time: String) -> RegisterRecord {
        .ticket(
            Ticket(
                ticketID: id, plantID: plant, siteID: "S1", plate: "浙F00001", product: "C30", volumeCubicMetres: 8,
                issuedAt: Fixture.time(time)))
    }

    @Test func theFirstNoteOfAPlantInAStretch() async throws {
        let fixture = try await Fixture()
        let notes = [
            Self.note("K1", "2026-03-02T03:00:00Z"), Self.note("K2", "2026-03-02T04:00:00Z"),
            Self.note("K3", plant: "P2", "2026-03-02T02:00:00Z"),
        ]
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            notes, kind: .tickets, source: "tickets.csv", by: "li")
        let judging = JudgingStore(connection: fixture.connection)
        func first(_ plant: String, _ from: String, _ to: String) throws -> Instant? {
            try judging.firstNote(of: plant, from: Fixture.time(from), to: Fixture.time(to))
        }
        #expect(
            try first("P1", "2026-03-02T01:00:00Z", "2026-03-02T05:00:00Z") == Fixture.time("2026-03-02T03:00:00Z"))
        #expect(
            try first("P1", "2026-03-02T03:00:01Z", "2026-03-02T04:00:00Z") == Fixture.time("2026-03-02T04:00:00Z"))
        #expect(try first("P1", "2026-03-02T04:00:01Z", "2026-03-02T05:00:00Z") == nil)
        #expect(try first("P3", "2026-03-02T01:00:00Z", "2026-03-02T05:00:00Z") == nil)
    }
}
