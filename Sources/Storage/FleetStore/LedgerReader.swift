package import Chronology
package import PostgresClient
package import Telemetry

/// The ledger: what became of every message, by lane and by terminal, and whether the sums agree.
package struct LedgerReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One lane's counts as the lane, its batches, and its terminals have them.
    package struct LaneLedger: Sendable {
        package var name: String
        package var isRetry: Bool
        package var lastNumber: Int64
        package var counts: MessageCounts
        /// The sums over the batches there are and those that retention dropped.
        package var batchCounts: MessageCounts
        /// The sums over the terminals and the messages without one.
        package var terminalCounts: MessageCounts
        package var withoutTerminal: MessageCounts

        /// Received = the sum over batches = the sum over terminals and messages without one, in every state.
        package var isReconciled: Bool {
            self.counts.hasStates(of: self.batchCounts) && self.counts.hasStates(of: self.terminalCounts)
        }
    }

    /// What became of all messages of one terminal in one lane, since the log began.
    package struct TerminalTotal: Sendable {
        /// `nil`: messages whose topic names none.
        package var terminal: String?
        package var lane: String
        package var counts: MessageCounts
    }

    /// One terminal's messages of one day of receipt in China.
    package struct Day: Sendable {
        package var day: String
        package var isRetry: Bool
        package var counts: MessageCounts
        /// Messages whose clock looks eight hours ahead, eight hours behind, or off by times 1024 weeks.
        package var ahead: Int64
        package var behind: Int64
        package var rollover: Int64
        package var firstReceivedAt: Instant
        package var lastReceivedAt: Instant
    }

    /// Adds up every lane three ways; takes a look at every batch row.
    package func reconciliation() throws(PostgresError) -> [LaneLedger] {
        let rows = try self.connection.query(Self.selectReconciliation)
        return (0..<rows.rowCount).map { row in
            LaneLedger(
                name: rows.text(row, 0) ?? "", isRetry: rows.boolean(row, 1) ?? false,
                lastNumber: rows.integer(row, 2) ?? 0, counts: MessageCounts(rows, row, from: 3),
                batchCounts: MessageCounts(states: rows, row, from: 10),
                terminalCounts: MessageCounts(states: rows, row, from: 14),
                withoutTerminal: MessageCounts(states: rows, row, from: 18))
        }
    }

    /// The lanes' counts alone.
    package func lanes() throws(PostgresError) -> [(name: String, isRetry: Bool, counts: MessageCounts)] {
        let rows = try self.connection.query(Self.selectLanes)
        return (0..<rows.rowCount).map {
            (rows.text($0, 0) ?? "", rows.boolean($0, 1) ?? false, MessageCounts(rows, $0, from: 2))
        }
    }

    /// How many terminals have ever sent a message, and the messages that name none, by state.
    package func terminalTotals() throws(PostgresError) -> (terminals: Int64, withoutTerminal: MessageCounts) {
        let row = try self.connection.query(Self.selectTotals)
        return (row.integer(0, 0) ?? 0, MessageCounts(states: row, 0, from: 1))
    }

    /// Every terminal's messages, by name and lane; a lane's terminals and the messages without one are all of it.
    package func terminals() throws(PostgresError) -> [TerminalTotal] {
        let rows = try self.connection.query(Self.selectTerminals)
        return (0..<rows.rowCount).map {
            TerminalTotal(
                terminal: rows.text($0, 0), lane: rows.text($0, 1) ?? "",
                counts: MessageCounts(states: rows, $0, from: 2))
        }
    }

    /// One terminal's days, the earliest first; `[from, to)` are receive times, taken by the day.
    package func days(of terminal: String, from: Instant?, to: Instant?) throws(PostgresError) -> [Day] {
        let rows = try self.connection.query(
            Self.selectDays,
            [
                .text(terminal), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
            ])
        return (0..<rows.rowCount).map { row in
            Day(
                day: rows.text(row, 0) ?? "", isRetry: rows.boolean(row, 1) ?? false,
                counts: MessageCounts(states: rows, row, from: 2), ahead: rows.integer(row, 6) ?? 0,
                behind: rows.integer(row, 7) ?? 0, rollover: rows.integer(row, 8) ?? 0,
                firstReceivedAt: Instant(microseconds: rows.integer(row, 9) ?? 0),
                lastReceivedAt: Instant(microseconds: rows.integer(row, 10) ?? 0))
        }
    }

    /// The numbers that the terminal's stored positions carry, in order of event time; receive times in `[from, to)`.
    package func sequences(of terminal: String, from: Instant?, to: Instant?) throws(PostgresError) -> [NumberedReport]
    {
        let rows = try self.connection.query(
            Self.selectSequences,
            [
                .text(terminal), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
            ], binaryResult: true)
        return (0..<rows.rowCount).compactMap { row in
            guard let number = rows.binaryInteger(row, 0), let recorded = rows.binaryInteger(row, 1),
                let received = rows.binaryInteger(row, 2)
            else { return nil }
            return NumberedReport(
                number: number, recordedAt: Instant(microseconds: recorded &+ postgresEpoch),
                receivedAt: Instant(microseconds: received &+ postgresEpoch))
        }
    }

    /// The runs of JT/T 808 serial numbers in order of arrival, each with its batch's first receive time.
    package func serials(of terminal: TerminalID, from: Instant?, to: Instant?) throws(PostgresError)
        -> [(run: SerialRun, receivedAt: Instant)]
    {
        let rows = try self.connection.query(
            Self.selectSerials,
            [
                .text(terminal.text), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
            ], binaryResult: true)
        return (0..<rows.rowCount).compactMap { row in
            guard let first = rows.binaryInteger(row, 0), let count = rows.binaryInteger(row, 1),
                let received = rows.binaryInteger(row, 2)
            else { return nil }
            let run = SerialRun(
                terminal: terminal, first: UInt16(truncatingIfNeeded: first), count: Int32(truncatingIfNeeded: count),
                delivery: rows.binaryInteger(row, 3).flatMap { SerialRun.Delivery(rawValue: Int16($0)) } ?? .unknown)
            return (run, Instant(microseconds: received &+ postgresEpoch))
        }
    }

    private static let selectReconciliation = NamedQuery(
        "ledger.reconciliation",
        """
        SELECT l.name, l.is_retry, l.last_number, l.stored, l.duplicate, l.quarantined, l.ignored, l.positions,
            l.camera_reports, l.alarms,
            coalesce(b.stored, 0) + coalesce(a.stored, 0), coalesce(b.duplicate, 0) + coalesce(a.duplicate, 0),
            coalesce(b.quarantined, 0) + coalesce(a.quarantined, 0), coalesce(b.ignored, 0) + coalesce(a.ignored, 0),
            t.stored, t.duplicate, t.quarantined, t.ignored,
            t.none_stored, t.none_duplicate, t.none_quarantined, t.none_ignored
        FROM lane l
        LEFT JOIN (SELECT lane_id, sum(stored) AS stored, sum(duplicate) AS duplicate,
                sum(quarantined) AS quarantined, sum(ignored) AS ignored FROM batch GROUP BY lane_id) b USING (lane_id)
        LEFT JOIN (SELECT lane_id, sum(stored) AS stored, sum(duplicate) AS duplicate,
                sum(quarantined) AS quarantined, sum(ignored) AS ignored FROM chain_anchor GROUP BY lane_id) a
            USING (lane_id)
        LEFT JOIN (SELECT lane_id, sum(stored) AS stored, sum(duplicate) AS duplicate,
                sum(quarantined) AS quarantined, sum(ignored) AS ignored,
                sum(stored) FILTER (WHERE terminal_id = 0) AS none_stored,
                sum(duplicate) FILTER (WHERE terminal_id = 0) AS none_duplicate,
                sum(quarantined) FILTER (WHERE terminal_id = 0) AS none_quarantined,
                sum(ignored) FILTER (WHERE terminal_id = 0) AS none_ignored
            FROM terminal_ledger_now GROUP BY lane_id) t USING (lane_id)
        ORDER BY l.lane_id
        """)
    private static let selectLanes = NamedQuery(
        "ledger.lanes",
        """
        SELECT name, is_retry, stored, duplicate, quarantined, ignored, positions, camera_reports, alarms
        FROM lane ORDER BY lane_id
        """)
    private static let selectTotals = NamedQuery(
        "ledger.totals",
        """
        SELECT (SELECT count(*) FROM terminal), sum(stored), sum(duplicate), sum(quarantined), sum(ignored)
        FROM terminal_ledger_now WHERE terminal_id = 0
        """)
    private static let selectTerminals = NamedQuery(
        "ledger.terminals",
        """
        SELECT t.name, l.name, sum(g.stored), sum(g.duplicate), sum(g.quarantined), sum(g.ignored)
        FROM terminal_ledger_now g JOIN lane l USING (lane_id) LEFT JOIN terminal t USING (terminal_id)
        GROUP BY t.name, l.lane_id ORDER BY t.name, l.lane_id
        """)
    private static let selectDays = NamedQuery(
        "ledger.days",
        """
        SELECT g.day, l.is_retry, sum(g.stored), sum(g.duplicate), sum(g.quarantined), sum(g.ignored), sum(g.ahead),
            sum(g.behind), sum(g.rollover), (extract(epoch FROM min(g.first_received_at)) * 1000000)::bigint,
            (extract(epoch FROM max(g.last_received_at)) * 1000000)::bigint
        FROM terminal_ledger_now g JOIN lane l USING (lane_id)
        WHERE g.terminal_id = (SELECT terminal_id FROM terminal WHERE name = $1)
            AND g.last_received_at >= $2::timestamptz AND g.first_received_at < $3::timestamptz
        GROUP BY g.day, l.is_retry ORDER BY g.day, l.is_retry
        """)
    private static let selectSequences = NamedQuery(
        "ledger.sequences",
        """
        SELECT sequence, recorded_at, received_at FROM position
        WHERE terminal_id = (SELECT terminal_id FROM terminal WHERE name = $1) AND sequence IS NOT NULL
            AND received_at >= $2::timestamptz AND received_at < $3::timestamptz
        ORDER BY recorded_at
        """)
    private static let selectSerials = NamedQuery(
        "ledger.serials",
        """
        SELECT s.first, coalesce(s.count, 1), b.first_received_at, s.delivery
        FROM batch b
        JOIN lane l ON l.lane_id = b.lane_id AND NOT l.is_retry
        CROSS JOIN LATERAL unnest(b.serial_terminals, b.serial_first, b.serial_count, b.serial_delivery)
            WITH ORDINALITY AS s (terminal_id, first, count, delivery, ordinal)
        WHERE b.last_received_at >= $2::timestamptz AND b.first_received_at < $3::timestamptz
            AND s.terminal_id = (SELECT terminal_id FROM terminal WHERE name = $1)
        -- The order of the chain: the server's clock may have been set back.
        ORDER BY b.lane_id, b.number, s.ordinal
        """)
}

extension MessageCounts {
    /// Four columns of a text result, the states. NULL is zero.
    init(states rows: borrowing QueryResult, _ row: Int, from column: Int) {
        self.init()
        self.stored = rows.integer(row, column) ?? 0
        self.duplicate = rows.integer(row, column + 1) ?? 0
        self.quarantined = rows.integer(row, column + 2) ?? 0
        self.ignored = rows.integer(row, column + 3) ?? 0
    }

    fileprivate func hasStates(of other: MessageCounts) -> Bool {
        self.stored == other.stored && self.duplicate == other.duplicate && self.quarantined == other.quarantined
            && self.ignored == other.ignored
    }
}
