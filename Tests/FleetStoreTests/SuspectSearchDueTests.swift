import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Testing
import Tracks

@testable import FleetStore

/// When suspected plants are to be searched for again.
@Suite struct SuspectSearchDueTests {
    private typealias Fixture = StoreFixture
    private static let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)

    private static func halt(_ start: String, _ fixture: Fixture) throws {
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        try StayStore(connection: fixture.connection).replace(
            terminal: terminal, after: nil,
            with: [
                .init(
                    terminal: Fixture.terminal(), start: Fixture.time(start),
                    end: Fixture.time(start).advanced(bySeconds: 600), coordinate: Self.spot)
            ])
    }

    /// A terminal that has halted once.
    private static func fixture() async throws -> Fixture {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        try Self.halt("2026-03-02T06:00:00Z", fixture)
        return fixture
    }

    /// Whether a search is due that need not wait, and whether `status` takes the last one for current.
    private static func state(_ fixture: Fixture, _ world: String) throws -> [Bool] {
        [
            try SuspectStore(connection: fixture.connection).isSearchDue(after: 600, world: world),
            try FleetReader(connection: fixture.connection).lag(world: world).secondPassIsCurrent,
        ]
    }

    @Test func aChangeOfTheRegistersAsksForASearchAtOnce() async throws {
        let fixture = try await Self.fixture()
        let store = SuspectStore(connection: fixture.connection)
        #expect(try Self.state(fixture, "registers 1") == [true, false])
        try store.noteSearch(world: "registers 1")
        #expect(try Self.state(fixture, "registers 1") == [false, true])
        // The same halts, by other registers.
        #expect(try Self.state(fixture, "registers 2") == [true, false])
        // Searched by those of before while they changed: not yet by these.
        try store.noteSearch(world: "registers 1")
        #expect(try Self.state(fixture, "registers 2") == [true, false])
        try store.noteSearch(world: "registers 2")
        #expect(try Self.state(fixture, "registers 2") == [false, true])
        // Halts alone wait for their time, or until somebody waits for them.
        try Self.halt("2026-03-02T06:30:00Z", fixture)
        #expect(try Self.state(fixture, "registers 2") == [false, false])
        try SecondPass(connection: fixture.connection).request()
        #expect(try Self.state(fixture, "registers 2") == [true, false])
    }

    @Test func withoutAnyHaltThereIsNothingToSearch() async throws {
        let fixture = try await Fixture()
        #expect(try Self.state(fixture, "registers 1") == [false, true])
    }

    @Test func whatTheSearchFoundIsNoReasonToSearchAgain() async throws {
        let fixture = try await Self.fixture()
        let store = SuspectStore(connection: fixture.connection)
        try store.noteSearch(world: "w")
        let change = PlaceChange(suspectedPlantID: "X-1", coordinate: Self.spot, radiusMetres: 100)
        let changes = WorldChanges(connection: fixture.connection)
        try store.note([change], by: "analysis", reason: "search", isOfSearch: true)
        try changes.takePlaces()
        #expect(try Self.state(fixture, "w") == [false, true])
        // A person, or a question about coordinates.
        try store.note([change], by: "王", reason: "dismissed")
        try changes.takePlaces()
        #expect(try Self.state(fixture, "w") == [true, false])
        #expect(try AnalysisStore(url: fixture.url).requests().count == 1)
    }

    @Test func aQuestionThatComesOrIsAnsweredAsksForASearch() async throws {
        let fixture = try await Self.fixture()
        let site = RegisterRecord.site(
            Site(
                siteID: "S1", name: "S1", status: .active, period: .always,
                fence: .circle(center: Self.spot, radiusMetres: 100)))
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [site], kind: .sites, source: "x.csv", by: "li")
        let store = SuspectStore(connection: fixture.connection)
        let changes = WorldChanges(connection: fixture.connection)
        try store.noteSearch(world: "w")
        let questions = CoordinateQuestionStore(connection: fixture.connection)
        let row = try #require(try questions.rows().first)
        _ = try questions.replace(
            with: [
                (
                    row: row,
                    question: QuestionedPlace(
                        place: row.checked.place, fence: row.checked.fence, declared: .wgs84, likely: .gcj02,
                        haltsDeclared: 0, haltsLikely: 40)
                )
            ])
        try changes.takePlaces()
        #expect(try Self.state(fixture, "w") == [true, false])
        try store.noteSearch(world: "w")
        try questions.answer(["S1"], of: .sites, by: "wang")
        try changes.takePlaces()
        #expect(try Self.state(fixture, "w") == [true, false])
    }
}
