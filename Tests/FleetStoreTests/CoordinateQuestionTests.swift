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

    /// A load that its note alone held back is judged again when somebody confirms the site, and only then.
    @Test func whatANoteHeldIsJudgedAgainOnceItsSiteIsConfirmed() async throws {
        let fixture = try await StoreFixture()
        let store = CoordinateQuestionStore(connection: fixture.connection)
        let registers = RegisterStore(connection: fixture.connection)
        let start = StoreFixture.time("2026-03-02T07:00:00Z")
        let sites = ["S1", "S2"].map { id in
            RegisterRecord.site(
                Site(
                    siteID: id, name: id, status: .active, period: .always,
                    fence: .circle(
                        center: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), radiusMetres: 100)))
        }
        _ = try registers.importRecords(sites, kind: .sites, source: "s.csv", by: "li")
        _ = try registers.importRecords(
            [.ticket(Ticket(ticketID: "K1", plantID: "P1", siteID: "S1", plate: "浙F12345", issuedAt: start))],
            kind: .tickets, source: "t.csv", by: "li")
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try StoreFixture.store([StoreFixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let drop = Coordinate(latitudeE7: 307_050_000, longitudeE7: 1_207_050_000)
        var delivery = Delivery(
            deliveryID: "D-1", loadID: "L-1", terminal: StoreFixture.terminal(), plate: "浙F12345",
            origin: DeliveryEnd(kind: .plant, id: "P1"), loadStart: start.advanced(bySeconds: -3600),
            loadEnd: start.advanced(bySeconds: -3000), destination: DeliveryEnd(kind: .unknown, coordinate: drop),
            unloadStart: start,
            unloadEnd: start.advanced(bySeconds: 600), distanceKilometres: 4, coverage: 1, confidence: [:],
            isFinal: true, settledAt: start.advanced(bySeconds: 3600))
        delivery.ticketID = "K1"
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: terminal, settledAfter: nil,
            with: [DeliveryStore.Derived(delivery, drumCubicMetres: nil)], world: "w", reason: "test"
        ) { JudgedDelivery(delivery: $0, judgements: [], verdict: .insufficientData, score: 0) }
        let due: StaticString = "SELECT count(*) FROM delivery_due WHERE reason = 'wang: coordinates confirmed'"
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")

        #expect(try store.notedDrops(limit: 9) == ["S1": [drop]])
        try store.answer(["S2"], of: .sites, by: "wang")
        #expect(try fixture.count(due) == 0 && fixture.count("SELECT count(*) FROM place_change") == 0)
        #expect(try store.confirmed() == [PlaceReference(.site, "S2")])
        try store.answer(["S1"], of: .sites, by: "wang")
        #expect(try fixture.count(due) == 1)
        #expect(try fixture.count("SELECT count(*) FROM place_change WHERE requested_by = 'wang'") == 1)
        let world = try WorldReader(connection: fixture.connection).world(.standard)
        #expect(world.confirmedPlaces == [PlaceReference(.site, "S1"), PlaceReference(.site, "S2")])
        // Said once.
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
        try store.answer(["S1"], of: .sites, by: "wang")
        #expect(try fixture.count(due) == 0)
    }
}
