import Chronology
import FleetStore
import PostgresClient
import Telemetry
import TestSupport
import Testing

/// A partition is looked through for minutes: nobody who writes may wait for it, and nothing that comes meanwhile
/// may go with it.
@Suite struct RetentionBesideWritersTests {
    private static let time = StoreFixture.time("2015-01-10T08:00:00Z")
    private static let before = StoreFixture.time("2015-06-01T00:00:00Z")
    private static let order = RetentionStore.Order(
        user: "officer", months: 12, receivedBefore: Self.before, isForced: false)

    /// What happens while the partition is looked through.
    enum Meanwhile: CaseIterable {
        case nothing, aReport, aHold
    }

    /// The look waits, within its query, for a table that the test has locked.
    @Test(arguments: Meanwhile.allCases)
    func aLookHoldsNobodyUp(meanwhile: Meanwhile) async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(
            "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 3000', current_database()); END$$")
        let lane = try SealedLane(fixture)
        try lane.take([SealedLane.position("A", at: Self.time)], at: Self.time)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        let old = try #require(
            try RetentionStore(connection: fixture.connection).oldPartitions(receivedBefore: Self.before)
                .first { $0.rowCount > 0 })

        try fixture.connection.execute("BEGIN; LOCK TABLE analysis_cursor IN ACCESS EXCLUSIVE MODE")
        let worker = PostgresWorker(url: fixture.url, application: "retention")
        async let dropping = worker.run { connection in
            try connection.execute("SET lock_timeout = 0")
            return try RetentionStore(connection: connection).drop(old, Self.order)
        }
        let isLooking = try await eventually {
            try fixture.count(
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'analysis_cursor'::regclass
                """) == 1
        }
        #expect(isLooking)
        switch meanwhile {
        case .nothing: break
        case .aReport:
            // Into this very partition, by the quick way and by the careful one, and into another.
            let late = Self.time.advanced(bySeconds: 60)
            let today = StoreFixture.time("2026-03-02T08:00:00Z")
            let counts = try lane.take(
                [SealedLane.position("B", at: late), SealedLane.position("B", at: today)], at: today)
            #expect(counts.positions == 2)
            #expect(
                try lane.take(
                    [SealedLane.position("B", at: late), SealedLane.position("C", at: late)], at: today
                ).positions == 1)
        case .aHold:
            _ = try HoldStore(
                connection: try PostgresConnection(url: fixture.url, application: "judge")
            ).add(terminal: "A", from: nil, to: nil, reason: "case 9", user: "judge")
        }
        try fixture.connection.execute("COMMIT")
        let isDropped = try await dropping
        #expect(isDropped == (meanwhile == .nothing))
        let kept: Int64 =
            switch meanwhile {
            case .nothing: 0
            case .aReport: 4
            case .aHold: 1
            }
        #expect(try fixture.count("SELECT count(*) FROM position") == kept)
        // Nothing of the watch stays behind.
        #expect(try fixture.count("SELECT count(*) FROM pg_trigger WHERE tgname = 'watched'") == 0)
        #expect(try fixture.count("SELECT count(*) FROM watched_row") == 0)
    }

    /// A watch that a process left behind when it ended is taken over.
    @Test func whatAnEndedRetentionLeftIsTakenOver() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        try lane.take([SealedLane.position("A", at: Self.time)], at: Self.time)
        let store = RetentionStore(connection: fixture.connection)
        try fixture.connection.execute("SELECT watch_partition('position_2015')")
        try lane.take([SealedLane.position("B", at: Self.time)], at: Self.time)
        #expect(try fixture.count("SELECT count(*) FROM watched_row") == 1)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        let old = try #require(
            try store.oldPartitions(receivedBefore: Self.before).first { $0.name == "position_2015" })
        #expect(try store.drop(old, Self.order))
        #expect(try fixture.count("SELECT count(*) FROM position") == 0)
        #expect(try fixture.count("SELECT count(*) FROM retention_act WHERE dropped LIKE 'position_2015: 2 %'") == 1)
    }

    @Test func twoRetentionsDoNotMix() async throws {
        let fixture = try await StoreFixture()
        try SealedLane(fixture).take([SealedLane.position("A", at: Self.time)], at: Self.time)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        let other = try PostgresConnection(url: fixture.url, application: "another retention")
        try other.execute("SELECT pg_advisory_lock(7301, 50)")
        let store = RetentionStore(connection: fixture.connection)
        let old = try #require(try store.oldPartitions(receivedBefore: Self.before).first)
        let error = #expect(throws: PostgresError.self) { try store.drop(old, Self.order) }
        #expect(error?.sqlState == .lockNotAvailable)
    }
}
