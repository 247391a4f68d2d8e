import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Testing

@testable import FleetStore

/// Dark stretches as they are written, replaced, and asked for where a place changes.
@Suite struct DarkStretchStoreTests {
    private typealias Fixture = StoreFixture
    private static let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)

    /// A terminal without a halt anywhere, and another.
    private static func fixture() async throws -> (fixture: Fixture, dark: Int32, other: Int32) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(
            [
                Fixture.position("2026-03-02T07:00:00Z", terminal: "A", latitudeE7: 309_000_000, index: 0),
                Fixture.position("2026-03-02T07:00:00Z", terminal: "B", latitudeE7: 309_000_000, index: 1),
            ], number: 1, in: writer)
        let names = try PositionLog(connection: fixture.connection).terminals()
        return (
            fixture, try #require(names.first { $0.value.text == "A" }?.key),
            try #require(names.first { $0.value.text == "B" }?.key)
        )
    }

    /// Dark from a kilometre west of the spot to a kilometre east of it, with two kilometres to go there and back.
    private static func stretch(from start: String, to end: String) throws -> DarkStretch {
        let (west, east) = (
            Self.spot.moved(metres: 1000, bearingDegrees: 270), Self.spot.moved(metres: 1000, bearingDegrees: 90)
        )
        let ends = try #require(BoundingBox(around: [west, east]))
        return DarkStretch(
            terminal: Fixture.terminal("A"), start: Fixture.time("2026-03-02T\(start):00Z"),
            end: Fixture.time("2026-03-02T\(end):00Z"), from: west, to: east, reach: ends.expanded(byMetres: 2000))
    }

    private static let rows = NamedQuery(
        "test.dark",
        """
        SELECT coalesce(string_agg(to_char(started_at AT TIME ZONE 'UTC', 'HH24:MI') || '-'
            || to_char(ended_at AT TIME ZONE 'UTC', 'HH24:MI'), ' ' ORDER BY started_at), '')
        FROM dark_stretch WHERE terminal_id = $1::integer
        """)

    @Test func whatIsDerivedAgainReplacesWhatStoodFromThereOn() async throws {
        let (fixture, dark, other) = try await Self.fixture()
        let store = DarkStretchStore(connection: fixture.connection)
        func rows(_ terminal: Int32) throws -> String {
            try fixture.connection.query(Self.rows, [.integer(terminal)]).text(0, 0) ?? "?"
        }
        let early = try Self.stretch(from: "06:00", to: "06:10")
        try store.replace(terminal: dark, after: nil, with: [early, try Self.stretch(from: "07:00", to: "07:20")])
        try store.replace(terminal: other, after: nil, with: [early])
        #expect(try rows(dark) == "06:00-06:10 07:00-07:20" && rows(other) == "06:00-06:10")
        // A report within came late: the stretch ends with it, and the next one begins.
        let half = Fixture.time("2026-03-02T06:30:00Z")
        try store.replace(
            terminal: dark, after: half,
            with: [try Self.stretch(from: "07:00", to: "07:08"), try Self.stretch(from: "07:08", to: "07:20")])
        #expect(try rows(dark) == "06:00-06:10 07:00-07:08 07:08-07:20")
        // All of it came late.
        try store.replace(terminal: dark, after: half, with: [])
        #expect(try rows(dark) == "06:00-06:10" && rows(other) == "06:00-06:10")
        try store.replace(terminal: dark, after: nil, with: [])
        #expect(try rows(dark).isEmpty && rows(other) == "06:00-06:10")
    }

    /// Where the place is, by metres to the north and the east of the spot, and whether the truck is asked for. The
    /// kind decides: a suspect needs both ends around it (1.8 km), a gate one of them (500 m), and a plant, also in no
    /// sight of either, must have been within reach.
    @Test(
        arguments: [
            ("suspect", 0.0, 0.0, true), ("suspect", 1500, 0, true), ("suspect", 2500, 0, false),
            ("suspect", 0, 700, true), ("suspect", 0, 1500, false), ("plant", 0, 0, true), ("plant", 1900, 0, true),
            ("plant", 2500, 0, false), ("plant", 0, 2900, true), ("plant", 0, 3300, false), ("site", 0, 0, false),
            ("site", 300, 1000, true), ("site", 300, -1000, true), ("site", 1900, 0, false), ("place", 0, 1300, true),
            ("place", 0, 0, false),
        ] as [(String, Double, Double, Bool)])
    func whoWasDarkNearAPlaceIsAskedFor(kind: String, north: Double, east: Double, isAsked: Bool) async throws {
        let (fixture, dark, other) = try await Self.fixture()
        let store = DarkStretchStore(connection: fixture.connection)
        try store.replace(terminal: dark, after: nil, with: [try Self.stretch(from: "06:00", to: "06:10")])
        var far = try Self.stretch(from: "06:00", to: "06:10")
        let away = Coordinate(latitudeE7: 309_000_000, longitudeE7: 1_209_000_000)
        (far.from, far.to) = (away, away)
        far.reach = try #require(BoundingBox(around: [away])).expanded(byMetres: 2000)
        try store.replace(terminal: other, after: nil, with: [far])

        let center = Self.spot.moved(metres: north, bearingDegrees: 0).moved(metres: east, bearingDegrees: 90)
        let fence = Fence.circle(center: center, radiusMetres: 100)
        let changes = WorldChanges(connection: fixture.connection)
        var (old, new) = (RegisterSnapshot(), RegisterSnapshot(revision: 1))
        switch kind {
        case "suspect":
            try SuspectStore(connection: fixture.connection).note(
                [PlaceChange(suspectedPlantID: "X-1", coordinate: center, radiusMetres: 100)], by: "li",
                reason: "x.csv")
            try changes.takePlaces()
        case "plant":
            new.plants = [
                Plant(
                    plantID: "P9", name: "P9", licenceKind: .concrete, status: .valid, period: .always, fence: fence)
            ]
        case "site":
            new.sites = [Site(siteID: "S9", name: "S9", status: .active, period: .always, fence: fence)]
        default: new.places = [Place(placeID: "W9", name: "W9", kind: .wash, fence: fence)]
        }
        try changes.touch(RegisterChange(from: old, to: new), terminals: [], by: "li", reason: "x.csv")
        let asked = try AnalysisStore(url: fixture.url).requests()
        #expect(asked == (isAsked ? [dark: "li: x.csv"] : [:]))
        // Gone again, it is the same.
        _ = try fixture.count("DELETE FROM derive_request RETURNING 1")
        (old, new) = (new, old)
        try changes.touch(RegisterChange(from: old, to: new), terminals: [], by: "li", reason: "x.csv")
        #expect(try AnalysisStore(url: fixture.url).requests().isEmpty == !(isAsked && kind != "suspect"))
    }
}
