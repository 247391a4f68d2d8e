import Chronology
import FleetStore
import Geodesy
import PostgresClient
import Telemetry
import TestSupport

/// A migrated database of a test's own, and short ways to make rows.
struct StoreFixture {
    let url: String
    let connection: PostgresConnection

    init() async throws {
        self.url = try await TestServers.shared.freshDatabase()
        self.connection = try PostgresConnection(url: self.url, application: "test")
        _ = try SchemaMigrator(connection: self.connection).migrate()
    }

    static func time(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    static func terminal(_ name: String = "T1") -> TerminalID {
        guard let terminal = TerminalID(name) else { preconditionFailure("not a terminal's name: \(name)") }
        return terminal
    }

    static func position(
        _ time: String, terminal: String = "T1", latitudeE7: Int32 = 307_000_000, index: Int32 = 0
    ) -> LoggedPosition {
        let report = PositionReport(
            recordedAt: Self.time(time), coordinate: Coordinate(latitudeE7: latitudeE7, longitudeE7: 1_207_000_000))
        return LoggedPosition(
            terminal: Self.terminal(terminal), report: report, receivedAt: Self.time("2026-03-02T08:00:00Z"),
            messageIndex: index)
    }

    /// Stores rows as batch `number`, each row a message of its own; returns what became of each.
    @discardableResult
    static func store(
        _ rows: [LoggedPosition], cameras: [LoggedCamera] = [], number: Int64, in writer: LogWriter
    ) throws -> (positions: [RowOutcome], cameras: [RowOutcome]) {
        let time = Self.time("2026-03-02T08:00:00Z")
        let record = BatchRecord(
            number: number, hash: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32), sealed: [1],
            rawByteCount: 1, messageCount: rows.count + cameras.count, firstReceivedAt: time, lastReceivedAt: time)
        var outcome: (positions: [RowOutcome], cameras: [RowOutcome]) = ([], [])
        _ = try writer.store(record, positions: rows, cameras: cameras) { positions, cameras in
            outcome = (positions, cameras)
            var counts = MessageCounts()
            counts.stored = Int64((positions + cameras).count { $0 == .added })
            counts.duplicate = Int64((positions + cameras).count { $0 == .duplicate })
            counts.quarantined = Int64(positions.count + cameras.count) - counts.stored - counts.duplicate
            counts.positions = Int64(positions.count { $0 == .added })
            return (counts, [])
        }
        return outcome
    }

    func count(_ sql: StaticString) throws -> Int64 {
        try self.connection.query(NamedQuery(sql, sql)).integer(0, 0) ?? -1
    }
}
