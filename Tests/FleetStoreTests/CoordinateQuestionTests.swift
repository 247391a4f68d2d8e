import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

@testable import FleetStore

/// Questions about coordinates: asked once, open until the row is corrected or confirmed.
@Suite struct CoordinateQuestionTests {
    private static func plant(_ id: String, east: Double = 0, status: Plant.Status = .valid) -> RegisterRecord {
        .plant(
            Plant(
                plantID: id, name: id, licenceKind: .concrete, status: status, period: .always,
                fence: .circle(
                    center: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(east * 104)),
                    radiusMetres: 100)))
    }

    private static func put(_ rows: [RegisterRecord], _ fixture: StoreFixture) throws {
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            rows, kind: .plants, source: "x.csv", by: "li")
    }

    /// Asks about every plant that is not answered.
    private static func ask(_ store: CoordinateQuestionStore) throws -> [String] {
        let asked = try store.rows().filter { !$0.isAnswered }.map { row in
            (
                row: row,
                question: QuestionedPlace(
                    place: row.checked.place, fence: row.checked.fence, declared: .wgs84, likely: .gcj02,
                    haltsDeclared: 1, haltsLikely: 40)
            )
        }
        return try store.replace(with: asked).map(\.place.id)
    }

    @Test func aQuestionStandsUntilTheRowIsConfirmedOrCorrected() async throws {
        let fixture = try await StoreFixture()
        let store = CoordinateQuestionStore(connection: fixture.connection)
        try Self.put([Self.plant("P1"), Self.plant("P2", east: 5000), Self.plant("P3", east: 9000)], fixture)
        #expect(try Self.ask(store) == ["P1", "P2", "P3"])
        let open = try store.open()
        #expect(open.map(\.place.id) == ["P1", "P2", "P3"] && open[0].haltsLikely == 40 && open[0].likely == .gcj02)
        #expect(
            try open[0].fence == store.rows()[0].checked.fence.reread(declared: .wgs84, as: .gcj02),
            "the fence that would fit")
        // The world knows of them, and who halted there is derived again.
        #expect(try WorldReader(connection: fixture.connection).world(.standard).questionedPlaces == open)
        #expect(try fixture.count("SELECT count(*) FROM place_change") == 3)
        #expect(try Self.ask(store).isEmpty, "asked once")
        #expect(try fixture.count("SELECT count(*) FROM place_change") == 3)

        try store.answer(["P1"], of: .plants, by: "wang")
        #expect(try store.open().map(\.place.id) == ["P2", "P3"])
        #expect(try fixture.count("SELECT count(*) FROM place_change WHERE requested_by = 'wang'") == 1)
        // Another status at the same place is the same question; another fence is a new one.
        try Self.put([Self.plant("P1", status: .revoked), Self.plant("P2", east: 5600)], fixture)
        #expect(try store.open().map(\.place.id) == ["P3"])
        #expect(try Self.ask(store) == ["P2"])
        // What does not look wrong any more is asked about no more.
        #expect(try store.replace(with: []).isEmpty && store.open().isEmpty)
        #expect(try fixture.count("SELECT count(*) FROM coordinate_question") == 1)
    }

    /// Confirmed before it was asked.
    @Test func whatWasConfirmedAtItsImportIsNotAskedAbout() async throws {
        let fixture = try await StoreFixture()
        let store = CoordinateQuestionStore(connection: fixture.connection)
        try Self.put([Self.plant("P1")], fixture)
        try store.answer(["P1"], of: .plants, by: "wang")
        #expect(try store.rows().map(\.isAnswered) == [true])
        #expect(try Self.ask(store).isEmpty)
    }
}
