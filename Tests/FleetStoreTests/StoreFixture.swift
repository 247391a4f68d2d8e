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
        _ rows: [LoggedPosition], contradictions: [LoggedPosition] = [], cameras: [LoggedCamera] = [],
        alarms: [LoggedAlarm] = [], number: Int64, in writer: LogWriter,
        seal: (inout BatchRecord) -> Bool = { _ in true }
    ) throws -> LogWriter.Outcomes {
        let time = Self.time("2026-03-02T08:00:00Z")
        let terminals =
            [rows, contradictions].joined().map(\.terminal) + cameras.map(\.terminal) + alarms.map(\.terminal)
        let record = BatchRecord(
            number: number, hash: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32), sealed: [1],
            rawByteCount: 1, messageCount: terminals.count, firstReceivedAt: time, lastReceivedAt: time,
            terminals: Set(terminals).sorted())
        var outcome: LogWriter.Outcomes = ([], [], [])
        _ = try writer.store(
            record, positions: rows, contradictions: contradictions, cameras: cameras, alarms: alarms, seal: seal
        ) { outcomes in
            outcome = outcomes
            let all = outcomes.positions + outcomes.cameras + outcomes.alarms
            var counts = MessageCounts()
            counts.stored = Int64(all.count { $0 == .added })
            counts.duplicate = Int64(all.count { $0 == .duplicate })
            counts.quarantined = Int64(all.count) - counts.stored - counts.duplicate
            counts.positions = Int64(outcomes.positions.count { $0 == .added })
            counts.cameraReports = Int64(outcomes.cameras.count { $0 == .added })
            counts.alarms = Int64(outcomes.alarms.count { $0 == .added || $0 == .conflict })
            var ledger = BatchLedger()
            for (terminal, outcome) in zip(terminals, all) { ledger.count(outcome, of: terminal) }
            return Settlement(counts: counts, quarantined: [], ledger: ledger)
        }
        return outcome
    }

    func count(_ sql: StaticString) throws -> Int64 {
        try self.connection.query(NamedQuery(sql, sql)).integer(0, 0) ?? -1
    }
}

extension BatchLedger {
    fileprivate mutating func count(_ outcome: RowOutcome, of terminal: TerminalID) {
        let known = self.tallies.firstIndex { $0.terminal == terminal }
        if known == nil { self.tallies.append(TerminalTally(terminal: terminal)) }
        let index = known ?? self.tallies.count - 1
        switch outcome {
        case .added: self.tallies[index].stored += 1
        case .duplicate: self.tallies[index].duplicate += 1
        case .conflict, .refused: self.tallies[index].quarantined += 1
        }
    }
}
