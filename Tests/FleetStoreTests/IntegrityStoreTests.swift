import Chronology
import Geodesy
import Suspicions
import Telemetry
import TestSupport
import Testing
import Tracks

@testable import FleetStore

/// What the rules about a stream's honesty read beyond it.
@Suite struct IntegrityStoreTests {
    private typealias Fixture = StoreFixture

    @Test func neighboursAreThoseAtTheSamePlaceAndTime() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        var rows: [LoggedPosition] = []
        func add(_ terminal: String, _ time: String, _ latitudeE7: Int32, hasFix: Bool = true, satellites: Int16? = nil)
        {
            var row = Fixture.position(
                "2026-03-02T\(time)Z", terminal: terminal, latitudeE7: latitudeE7, index: Int32(rows.count))
            row.report.hasFix = hasFix
            row.report.satellites = satellites
            rows.append(row)
        }
        add("T1", "07:00:00", 307_000_000)
        add("near", "07:01:00", 307_050_000)
        add("near", "07:02:00", 307_050_000, hasFix: false)
        add("dark", "07:01:00", 307_000_000, hasFix: false)
        add("blind", "07:01:00", 307_000_000, satellites: 0)
        add("far", "07:01:00", 307_500_000)
        add("late", "07:11:00", 307_000_000)
        try Fixture.store(rows, number: 1, in: writer)
        let names = try PositionLog(connection: fixture.connection).terminals()
        let own = try #require(names.first { $0.value.text == "T1" }?.key)
        let found = try IntegrityStore(connection: fixture.connection).neighbours(
            of: own, around: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), within: 2000,
            from: Fixture.time("2026-03-02T06:59:00Z"), to: Fixture.time("2026-03-02T07:05:00Z"))
        #expect(found == Neighbours(fixed: 1, dark: 2))
    }

    @Test func aPrintIsKnownFromEarlierDaysOnly() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(
            [
                Fixture.position("2026-03-02T07:00:00Z"),
                Fixture.position("2026-03-02T07:00:00Z", terminal: "T2", index: 1),
            ],
            number: 1, in: writer)
        let ids = try PositionLog(connection: fixture.connection).terminals().keys.sorted()
        let store = IntegrityStore(connection: fixture.connection)
        func note(_ hash: Int64, _ time: String, of index: Int = 0) throws -> Instant? {
            try store.note([TrackPrint(hash: hash, time: Fixture.time(time))], of: ids[index]).first?.earlier
        }
        #expect(try note(7, "2026-03-02T07:00:00Z") == nil)
        #expect(try note(7, "2026-03-02T09:00:00Z") == nil, "the same day in China")
        #expect(try note(7, "2026-03-02T16:00:00Z") == Fixture.time("2026-03-02T09:00:00Z"), "the next day in China")
        #expect(try note(8, "2026-03-03T09:00:00Z") == nil)
        #expect(try note(7, "2026-03-03T09:00:00Z", of: 1) == nil, "another truck")
        // Both days in one step, twice the same row, and numbers of every size.
        let both = try store.note(
            [
                TrackPrint(hash: .min, time: Fixture.time("2026-03-05T09:00:00Z")),
                TrackPrint(hash: .min, time: Fixture.time("2026-03-04T09:00:00Z")),
                TrackPrint(hash: .min, time: Fixture.time("2026-03-04T09:00:00Z")),
            ], of: ids[0])
        #expect(both.map(\.earlier) == [nil, nil, Fixture.time("2026-03-04T09:00:00Z")])
        try store.forgetPrints(olderThan: 30)
        #expect(try fixture.count("SELECT count(*) FROM track_print") == 7)
        _ = try fixture.count(
            "UPDATE track_print SET noted_at = noted_at - interval '31 days' WHERE print = 7 RETURNING 1")
        try store.forgetPrints(olderThan: 30)
        #expect(try fixture.count("SELECT count(*) FROM track_print") == 3)
    }
}
