import Chronology
import PostgresClient
import Telemetry

/// What the batches since the last roll-up came to, by terminal and day of receipt. It is only a shortcut: the arrays
/// of the batches after `lane.ledger_number` say the same, and are added up when a lane is opened.
struct LedgerAccumulator {
    /// A row of `terminal_ledger` within one lane.
    struct Key: Hashable {
        var terminal: Int32
        /// Days from 1970-01-01, by clocks in China.
        var day: Int32

        func _rawHashValue(seed: Int) -> Int {
            QuickHash.value(
                UInt64(UInt32(bitPattern: self.terminal)) << 32 | UInt64(UInt32(bitPattern: self.day)), seed: seed)
        }
    }

    /// What a row is raised by.
    struct Entry {
        var stored: Int64 = 0
        var duplicate: Int64 = 0
        var quarantined: Int64 = 0
        var ignored: Int64 = 0
        var ahead: Int64 = 0
        var behind: Int64 = 0
        var rollover: Int64 = 0
        var first: Instant
        var last: Instant
    }

    private(set) var entries: [Key: Entry] = [:]
    private var startedAt: Instant?

    /// Whether about ten seconds of receipts have come together; a server clock that was set back counts as that.
    func isDue(at time: Instant) -> Bool {
        guard !self.entries.isEmpty, let startedAt else { return false }
        return !(0..<10).contains(time.seconds(since: startedAt))
    }

    mutating func reset(at time: Instant) {
        self.entries.removeAll(keepingCapacity: true)
        self.startedAt = time
    }

    /// - Parameter terminals: the integer of each tally's terminal.
    mutating func add(_ ledger: BatchLedger, of record: BatchRecord, terminals: [Int32]) {
        if self.startedAt == nil { self.startedAt = record.firstReceivedAt }
        let day = Int32(truncatingIfNeeded: record.firstReceivedAt.date(at: .shanghai).daysSince1970)
        for (tally, terminal) in zip(ledger.tallies, terminals) {
            self.entries[
                Key(terminal: terminal, day: day),
                default: Entry(first: record.firstReceivedAt, last: record.lastReceivedAt)
            ]
            .add(tally, from: record.firstReceivedAt, to: record.lastReceivedAt)
        }
    }
}

extension LedgerAccumulator.Entry {
    fileprivate mutating func add(_ tally: TerminalTally, from first: Instant, to last: Instant) {
        self.stored += Int64(tally.stored)
        self.duplicate += Int64(tally.duplicate)
        self.quarantined += Int64(tally.quarantined)
        self.ignored += Int64(tally.ignored)
        self.ahead += Int64(tally.ahead)
        self.behind += Int64(tally.behind)
        self.rollover += Int64(tally.rollover)
        self.first = min(self.first, first)
        self.last = max(self.last, last)
    }
}

extension LogWriter {
    /// The integer of each tally's terminal; 0 stands for the messages that name none.
    func terminals(of ledger: BatchLedger) -> [Int32] {
        ledger.tallies.map { tally in tally.terminal.flatMap { self.terminalIDs[$0] } ?? 0 }
    }

    /// The ledger's columns of a batch row, from `ledger_terminals` on.
    func columns(of ledger: BatchLedger, terminals: [Int32]) -> [PostgresValue] {
        func counts(_ count: (TerminalTally) -> Int32) -> PostgresValue {
            let values = ledger.tallies.map(count)
            return values.allSatisfy { $0 == 0 } ? .null : .binaryArray(values)
        }
        let runs = ledger.serials
        return [
            .binaryArray(terminals),
            counts(\.stored), counts(\.duplicate), counts(\.quarantined), counts(\.ignored), counts(\.ahead),
            counts(\.behind), counts(\.rollover),
            runs.isEmpty ? .null : .binaryArray(runs.map { self.terminalIDs[$0.terminal] ?? 0 }),
            runs.isEmpty ? .null : .binaryArray(runs.map { Int16(bitPattern: $0.first) }),
            runs.allSatisfy { $0.count == 1 } ? .null : .binaryArray(runs.map(\.count)),
            runs.allSatisfy { $0.delivery == .unknown } ? .null : .binaryArray(runs.map(\.delivery.rawValue)),
        ]
    }

    /// Writes what has come together up to the batch before this one, inside this one's transaction.
    /// - Returns: whether it did; it holds once the transaction has committed.
    func rollUpIfDue(before record: BatchRecord) throws(PostgresError) -> Bool {
        guard self.ledger.isDue(at: record.firstReceivedAt) else { return false }
        // In a fixed order, so that two writers never deadlock.
        let rows = self.ledger.entries.sorted { ($0.key.terminal, $0.key.day) < ($1.key.terminal, $1.key.day) }
        func column(_ value: (LedgerAccumulator.Entry) -> Int64) -> PostgresValue {
            .array(rows.map { value($0.value) })
        }
        try self.connection.query(
            Self.upsertLedger,
            [
                .integer(self.lane), .integer(record.number - 1), .array(rows.map(\.key.terminal)),
                .array(rows.map(\.key.day)), column(\.stored), column(\.duplicate), column(\.quarantined),
                column(\.ignored), column(\.ahead), column(\.behind), column(\.rollover),
                .array(rows.map { Optional($0.value.first.description) }),
                .array(rows.map { Optional($0.value.last.description) }),
            ])
        return true
    }

    /// What a process that ended left in its memory, from the arrays of its batches.
    static func rollUpWhatIsLeft(_ connection: PostgresConnection, lane: Int32) throws(PostgresError) {
        try connection.query(self.rollUpBatches, [.integer(lane)])
    }

    private static let upsertLedger = NamedQuery(
        "log.ledger.upsert",
        """
        WITH rolled_up AS (UPDATE lane SET ledger_number = $2::bigint WHERE lane_id = $1::integer)
        INSERT INTO terminal_ledger AS l (terminal_id, day, lane_id, stored, duplicate, quarantined, ignored, ahead,
            behind, rollover, first_received_at, last_received_at)
        SELECT terminal_id, date '1970-01-01' + day, $1::integer, stored, duplicate, quarantined, ignored,
            ahead, behind, rollover, first_received_at, last_received_at
        FROM unnest($3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                $10::bigint[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
            AS r (terminal_id, day, stored, duplicate, quarantined, ignored, ahead, behind, rollover, first_received_at,
                last_received_at)
        ON CONFLICT (terminal_id, day, lane_id) DO UPDATE SET stored = l.stored + excluded.stored,
            duplicate = l.duplicate + excluded.duplicate, quarantined = l.quarantined + excluded.quarantined,
            ignored = l.ignored + excluded.ignored, ahead = l.ahead + excluded.ahead,
            behind = l.behind + excluded.behind, rollover = l.rollover + excluded.rollover,
            first_received_at = least(l.first_received_at, excluded.first_received_at),
            last_received_at = greatest(l.last_received_at, excluded.last_received_at)
        """)
    private static let rollUpBatches = NamedQuery(
        "log.ledger.roll_up",
        """
        WITH rolled_up AS (UPDATE lane SET ledger_number = last_number WHERE lane_id = $1::integer)
        INSERT INTO terminal_ledger AS l (terminal_id, day, lane_id, stored, duplicate, quarantined, ignored, ahead,
            behind, rollover, first_received_at, last_received_at)
        SELECT m.terminal_id, (b.first_received_at AT TIME ZONE 'Asia/Shanghai')::date AS day, b.lane_id,
            coalesce(sum(m.stored), 0), coalesce(sum(m.duplicate), 0), coalesce(sum(m.quarantined), 0),
            coalesce(sum(m.ignored), 0), coalesce(sum(m.ahead), 0), coalesce(sum(m.behind), 0),
            coalesce(sum(m.rollover), 0), min(b.first_received_at), max(b.last_received_at)
        FROM lane n
        JOIN batch b ON b.lane_id = n.lane_id AND b.number > n.ledger_number
        CROSS JOIN LATERAL unnest(b.ledger_terminals, b.ledger_stored, b.ledger_duplicate, b.ledger_quarantined,
            b.ledger_ignored, b.ledger_ahead, b.ledger_behind, b.ledger_rollover)
            AS m (terminal_id, stored, duplicate, quarantined, ignored, ahead, behind, rollover)
        WHERE n.lane_id = $1::integer
        GROUP BY m.terminal_id, day, b.lane_id ORDER BY m.terminal_id, day
        ON CONFLICT (terminal_id, day, lane_id) DO UPDATE SET stored = l.stored + excluded.stored,
            duplicate = l.duplicate + excluded.duplicate, quarantined = l.quarantined + excluded.quarantined,
            ignored = l.ignored + excluded.ignored, ahead = l.ahead + excluded.ahead,
            behind = l.behind + excluded.behind, rollover = l.rollover + excluded.rollover,
            first_received_at = least(l.first_received_at, excluded.first_received_at),
            last_received_at = greatest(l.last_received_at, excluded.last_received_at)
        """)
}
