import Geodesy
import PostgresClient
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// Rows of a batch that is still being read go to the server; what is stored in the end is the same as without.
@Suite struct SendAheadTests {
    private typealias Fixture = StoreFixture

    private func rows(_ minutes: ClosedRange<Int>, of terminal: String = "T1") -> [LoggedPosition] {
        minutes.map {
            Fixture.position(
                "2026-03-02T07:\($0 < 10 ? "0" : "")\($0):00Z", terminal: terminal,
                index: Int32($0 - minutes.lowerBound))
        }
    }

    /// A writer that goes the quick way: its first batch brought nothing that was there already.
    private func warmWriter(_ fixture: Fixture) throws -> LogWriter {
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T06:00:00Z")], number: 1, in: writer)
        return writer
    }

    @Test func piecesAndTheRestAreOneBatch() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        let rows = self.rows(0...29)
        for end in [10, 11, 25] { try writer.sendAhead(Array(rows[..<end]), number: 2) }
        // Nothing holds yet; another connection sees the open COPY alone.
        #expect(try fixture.count("SELECT count(*) FROM position") == 1)
        let copying: StaticString = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY position%'
                AND state = 'active'
            """
        #expect(try fixture.count(copying) == 1)
        let outcome = try Fixture.store(rows, number: 2, in: writer)
        #expect(outcome.positions.allSatisfy { $0 == .added })
        #expect(try fixture.count("SELECT count(*) FROM position WHERE batch_id & 255 = 2") == 30)
        // Each row stands where it stood in the batch.
        #expect(
            try fixture.count(
                "SELECT count(*) FROM position WHERE batch_id & 255 = 2 AND extract(minute FROM recorded_at) = message_index"
            ) == 30)
        // All of it was sent ahead: the rest is empty.
        let more = self.rows(30...39)
        try writer.sendAhead(more, number: 3)
        #expect(try Fixture.store(more, number: 3, in: writer).positions.allSatisfy { $0 == .added })
        #expect(try fixture.count("SELECT count(*) FROM position") == 41)
    }

    @Test func aNewTerminalOrDayInALaterPieceBeginsAgain() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        let late = Fixture.position("2026-03-09T07:00:00Z", index: 20)
        let rows = self.rows(0...9) + self.rows(10...19, of: "NEW") + [late]
        try writer.sendAhead(Array(rows[..<10]), number: 2)
        try writer.sendAhead(Array(rows[..<20]), number: 2)
        #expect(try Fixture.store(rows, number: 2, in: writer).positions.allSatisfy { $0 == .added })
        #expect(try fixture.count("SELECT count(*) FROM position") == 22)
        #expect(try fixture.count("SELECT count(DISTINCT terminal_id) FROM position") == 2)
    }

    @Test func aRowThatIsThereAlreadyOrRefusedIsFoundInTheEnd() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        var rows = [Fixture.position("2026-03-02T06:00:00Z")] + self.rows(0...9)
        rows[5].report.coordinate.latitudeE7 = 900_000_001
        try writer.sendAhead(Array(rows[..<8]), number: 2)
        let outcome = try Fixture.store(rows, number: 2, in: writer)
        #expect(outcome.positions[0] == .duplicate)
        #expect(outcome.positions[5] == .refused("23514"))
        #expect(outcome.positions.count { $0 == .added } == 9)
        #expect(try fixture.count("SELECT count(*) FROM position") == 10)
        // The connection and the chain go on.
        #expect(try Fixture.store(self.rows(40...41), number: 3, in: writer).positions == [.added, .added])
    }

    @Test func whatIsGivenUpLeavesNothing() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        try writer.sendAhead(self.rows(0...9), number: 2)
        let beat = PartStore.Beat(part: "ingestion", runID: "run", isReady: false, message: "broker away", metrics: "")
        try writer.publish([], beat)
        #expect(try fixture.count("SELECT count(*) FROM position") == 1)
        #expect(try fixture.count("SELECT count(*) FROM part WHERE message = 'broker away'") == 1)
        // The same number again, with other rows.
        try writer.sendAhead(self.rows(20...29), number: 2)
        #expect(try Fixture.store(self.rows(20...34), number: 2, in: writer).positions.count == 15)
        #expect(try fixture.count("SELECT count(*) FROM position") == 16)
        #expect(try fixture.count("SELECT count(*) FROM position WHERE extract(minute FROM recorded_at) < 20") == 1)
    }

    @Test func theNextDaysPartitionIsThereBeforeItsFirstRow() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        let beat = PartStore.Beat(part: "ingestion", runID: "run", isReady: true, message: "", metrics: "")
        let evening = Fixture.time("2026-05-31T23:59:59Z")
        let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'position'::regclass" as StaticString
        let before = try fixture.count(partitions)
        try writer.publish([], beat)
        #expect(try fixture.count(partitions) == before)
        try writer.publish([], beat, now: evening)
        #expect(try fixture.count(partitions) == before + 2)
    }

    /// A backup reads for an hour: nobody may wait for its end, neither for a new day nor for an old one.
    @Test func aPartitionIsMadeBesideAnOpenReader() async throws {
        let fixture = try await Fixture()
        try fixture.connection.execute(
            "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 3000', current_database()); END$$")
        let writer = try self.warmWriter(fixture)
        try fixture.connection.execute("BEGIN")
        _ = try fixture.count("SELECT count(*) FROM position")
        _ = try fixture.count("SELECT count(*) FROM alarm_report")
        let rows = ["2026-01-31T07:00:00Z", "2026-02-01T07:00:00Z", "2002-02-01T07:00:00Z"].map { Fixture.position($0) }
        let outcome = try Fixture.store(rows, number: 2, in: writer)
        #expect(outcome.positions == [.added, .added, .added])
        try fixture.connection.execute("COMMIT")
        // What is attached is like what was made at once: its key, its index on time, its checks.
        #expect(
            try fixture.count(
                """
                SELECT count(DISTINCT (SELECT string_agg(x.indkey::text || am.amname, ',' ORDER BY x.indkey::text)
                    FROM pg_index x JOIN pg_class k ON k.oid = x.indexrelid JOIN pg_am am ON am.oid = k.relam
                    WHERE x.indrelid = i.inhrelid) || (SELECT count(*) FROM pg_constraint c
                    WHERE c.conrelid = i.inhrelid AND c.contype = 'c'))
                FROM pg_inherits i WHERE i.inhparent = 'position'::regclass
                """) == 1)
    }

    @Test func nothingIsStoredWithoutASeal() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        try writer.sendAhead(self.rows(0...9), number: 2)
        #expect(throws: StoreError.self) {
            try Fixture.store(self.rows(0...9), number: 2, in: writer, seal: { _ in false })
        }
        #expect(try fixture.count("SELECT count(*) FROM position") == 1)
        #expect(try Fixture.store(self.rows(0...9), number: 2, in: writer).positions.count { $0 == .added } == 10)
    }

    @Test func aConnectionThatIsLostMeanwhileIsForReconnecting() async throws {
        let fixture = try await Fixture()
        let writer = try self.warmWriter(fixture)
        try writer.sendAhead(self.rows(0...9), number: 2)
        _ = try fixture.count(
            """
            SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE 'tongxing ingestion%'
            """)
        let error = #expect(throws: StoreError.self) {
            try writer.sendAhead(self.rows(0...19), number: 2)
            try Fixture.store(self.rows(0...29), number: 2, in: writer)
        }
        #expect(error?.remedy == .reconnect)
        let next = try LogWriter(url: fixture.url, lane: "main")
        #expect(next.lastNumber == 1)
        #expect(try Fixture.store(self.rows(0...29), number: 2, in: next).positions.count { $0 == .added } == 30)
    }
}
