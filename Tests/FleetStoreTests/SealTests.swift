import Chronology
import FleetStore
import IngestionPipeline
import PostgresClient
import Seals
import Telemetry
import Testing

/// What is done to the sealed batches in the database is found.
@Suite struct SealTests {
    private static let start = StoreFixture.time("2026-03-02T08:00:00Z")

    private static func fill(_ fixture: StoreFixture, batches: Int = 10) throws {
        let lane = try SealedLane(fixture)
        for batch in 0..<batches {
            let time = Self.start.advanced(bySeconds: Double(batch) * 10)
            try lane.take(
                (0...batch).map { SealedLane.position("T\($0)", at: time.advanced(bySeconds: -1)) }
                    + [("fleet/v1/T1/position", "nonsense \(batch)")], at: time)
        }
    }

    @Test func anUntouchedChainHolds() async throws {
        let fixture = try await StoreFixture()
        try Self.fill(fixture)
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak() == nil)
        #expect(try fixture.count("SELECT count(*) FROM batch WHERE previous_hash IS NULL") == 0)
    }

    /// What an administrator set for the role or the database accuses nobody, and does not keep the lanes from storing.
    @Test func anUntouchedChainHoldsWhateverTheDatabaseIsSetTo() async throws {
        let fixture = try await StoreFixture()
        for change in [
            "ROLE CURRENT_USER IN DATABASE %I SET bytea_output = escape",
            "DATABASE %I SET standard_conforming_strings = off", "DATABASE %I SET DateStyle = German",
        ] {
            try fixture.connection.execute(
                "DO $$ BEGIN EXECUTE format('ALTER \(change)', current_database()); END $$")
        }
        try Self.fill(fixture)
        // A lane that comes later finds the partitions of the first.
        let later = try SealedLane(fixture, name: "later")
        try later.take([SealedLane.position("T99", at: Self.start)], at: Self.start)
        let connection = try PostgresConnection(url: fixture.url, application: "test")
        #expect(try await ChainWalk(connection: connection).firstBreak() == nil)
        #expect(try fixture.count("SELECT count(*) FROM position") == 56)
    }

    @Test(
        arguments: [
            ("UPDATE batch SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE number = 4", 4),
            ("UPDATE batch SET raw_bytes = raw_bytes + 1 WHERE number = 3", 3),
            ("UPDATE batch SET stored = stored - 1, duplicate = duplicate + 1 WHERE number = 3", 10),
            ("UPDATE batch SET first_received_at = first_received_at - interval '1 h' WHERE number = 6", 6),
            ("DELETE FROM batch WHERE number = 7", 7),
            ("DELETE FROM batch WHERE number > 8", 8),
            ("UPDATE batch SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE number = 5", 5),
            (
                "UPDATE batch SET previous_hash = set_byte(previous_hash, 0, get_byte(previous_hash, 0) # 1) WHERE number = 5",
                5
            ),
            (
                "UPDATE batch a SET sealed = b.sealed, hash = b.hash, previous_hash = b.previous_hash FROM batch b "
                    + "WHERE (a.number, b.number) IN ((2, 3), (3, 2))", 2
            ),
            ("UPDATE lane SET last_hash = set_byte(last_hash, 0, get_byte(last_hash, 0) # 1)", 10),
            ("UPDATE lane SET last_number = 12", 10),
            ("UPDATE lane SET last_number = 9", 10),
            ("UPDATE lane SET quarantined = quarantined + 1", 10),
        ] as [(String, Int64)])
    func meddlingIsFoundAtItsBatch(sql: String, batch: Int64) async throws {
        let fixture = try await StoreFixture()
        try Self.fill(fixture)
        try fixture.connection.execute(sql)
        let found = try await ChainWalk(connection: fixture.connection).firstBreak()
        #expect(found?.batch == batch, "\(sql): \(found.map { $0.description } ?? "nothing found")")
    }

    @Test func aPositionFindsItsRawMessage() async throws {
        let fixture = try await StoreFixture()
        try Self.fill(fixture)
        let reader = SealReader(connection: fixture.connection)
        let time = Self.start.advanced(bySeconds: 59)
        let place = try #require(try reader.place(of: "T3", at: time))
        #expect(place.batch.number == 7)
        #expect(place.messageIndex == 3)
        #expect(place.laneName == "main")
        let raw = try BatchSeal.open(place.batch, lane: place.lane)
        let message = raw.messages[place.messageIndex]
        #expect(raw.topicText(of: message) == "fleet/v1/T3/position")
        #expect(
            String(decoding: raw.bytes[message.payload], as: UTF8.self) == SealedLane.position("T3", at: time).payload)
        #expect(message.receivedAt == Self.start.advanced(bySeconds: 60))
        #expect(try reader.place(of: "T3", at: time.advanced(bySeconds: 1)) == nil)
        #expect(try reader.place(of: "nobody", at: time) == nil)
    }

    @Test func aStretchIsFoundByReceiveTime() async throws {
        let fixture = try await StoreFixture()
        try Self.fill(fixture)
        let reader = SealReader(connection: fixture.connection)
        let lane = try #require(try reader.chains().first)
        func stretch(_ from: Double?, _ to: Double?) throws -> ClosedRange<Int64>? {
            try reader.stretch(
                of: lane, from: from.map { Self.start.advanced(bySeconds: $0) },
                to: to.map { Self.start.advanced(bySeconds: $0) })
        }
        #expect(try stretch(20, 50) == 2...6, "3 to 5 and one on each side")
        #expect(try stretch(nil, nil) == 1...10)
        #expect(try stretch(91, nil) == 10...10, "to the lane's end, where none is later")
        #expect(try stretch(nil, -1) == 1...1)
        #expect(try stretch(41, 42) == 5...6, "between two")
        #expect(try reader.link(2, of: lane.lane)?.number == 2)
        #expect(try reader.link(99, of: lane.lane) == nil)
        // Taken away or moved elsewhere, a batch is still asked for.
        try fixture.connection.execute("DELETE FROM batch WHERE number IN (5, 6)")
        #expect(try stretch(40, 60) == 4...7)
        try fixture.connection.execute(
            """
            UPDATE batch SET first_received_at = first_received_at - interval '1 year',
                last_received_at = last_received_at - interval '1 year' WHERE number >= 9
            """)
        #expect(try stretch(80, nil) == 10...10, "the last of those that were moved")
        try fixture.connection.execute("DELETE FROM batch WHERE number >= 8")
        #expect(try stretch(60, nil) == 4...10)
        #expect(try stretch(95, nil) == 7...10)
        try fixture.connection.execute("DELETE FROM batch")
        #expect(try stretch(20, 50) == 1...10)
    }
}
