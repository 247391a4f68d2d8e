import Chronology
import PostgresClient
import Registers
import Suspicions
import Testing

@testable import FleetStore

/// The notes that the search for suspected plants reads, and that it is due when they change.
@Suite struct SuspectNotesTests {
    private typealias Fixture = StoreFixture

    private static func note(_ number: String, site: String, _ time: String, plate: String = "浙F12345") -> Ticket {
        Ticket(
            ticketID: number, plantID: "P1", siteID: site, plate: plate,
            issuedAt: Fixture.time("2026-03-02T\(time)Z"))
    }

    /// How often notes made a search due by now, after these were imported or withdrawn.
    private static func searches(_ fixture: Fixture, _ notes: [Ticket], withdrawn: [Ticket] = []) throws -> Int64 {
        let registers = RegisterStore(connection: fixture.connection)
        try fixture.connection.transaction {
            _ = try registers.put(
                notes.map { .ticket($0) }, withdrawn: withdrawn.map(\.identity), kind: .tickets, source: "x.csv",
                by: "li")
        }
        try SuspectStore(connection: fixture.connection).noteChangedNotes(limit: 100, within: 900)
        try JudgingStore(connection: fixture.connection).takeNotes(limit: 100, after: 0, numberedFor: 12)
        return Int64(try fixture.count("SELECT stay_revision FROM analysis_state"))
    }

    @Test func notesOfOnePlateForTwoSitesAskForASearch() async throws {
        let fixture = try await Fixture()
        let split = Self.note("K2", site: "S2", "06:10:00")
        #expect(try Self.searches(fixture, [Self.note("K1", site: "S1", "06:00:00")]) == 0)
        #expect(try Self.searches(fixture, [split]) == 1)
        // Another truck's, a later load's, one more for the same site.
        #expect(try Self.searches(fixture, [Self.note("K3", site: "S2", "06:05:00", plate: "浙F99999")]) == 1)
        #expect(try Self.searches(fixture, [Self.note("K4", site: "S3", "07:00:00")]) == 1)
        #expect(try Self.searches(fixture, [Self.note("K5", site: "S3", "07:05:00")]) == 1)
        #expect(try Self.searches(fixture, [], withdrawn: [split]) == 2)
    }

    @Test func theSearchReadsTheNotesThatItAskedFor() async throws {
        let fixture = try await Fixture()
        let (first, second) = (Self.note("K1", site: "S1", "06:00:00"), Self.note("K2", site: "S2", "06:10:00"))
        let others = [
            Self.note("K3", site: "S2", "06:05:00", plate: "浙F99999"), Self.note("K4", site: "S3", "07:00:00"),
        ]
        _ = try Self.searches(fixture, [first, second] + others)
        let store = SuspectStore(connection: fixture.connection)
        let question = NoteQuestion(plate: "浙F12345", from: first.issuedAt, to: second.issuedAt)
        #expect(Set(try store.notes([question])) == [first, second])
        #expect(try store.notes([]).isEmpty)
    }
}
