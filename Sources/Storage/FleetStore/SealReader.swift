package import Chronology
package import PostgresClient
package import Telemetry

/// Reads the sealed batches back, in the server's binary form: the chain of a lane, and the batch behind a row.
package struct SealReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One lane's chain: where it begins, where it ends, and what the lane says of it.
    package struct LaneChain: Sendable {
        package var lane: Int32
        package var name: String
        package var head: ChainLink
        package var counts: MessageCounts
        /// The last batch that retention dropped; number 0 when none was.
        package var anchor: ChainLink
        /// Who dropped it, when and why, in a line.
        package var anchorNote: String?
        package var droppedCounts: MessageCounts
        /// The highest number there is: above the head's only when somebody meddled.
        package var highestNumber: Int64
    }

    /// Where the raw message behind a stored row lies.
    package struct RawPlace: Sendable {
        package var lane: Int32
        package var laneName: String
        package var batchID: Int64
        package var messageIndex: Int
        package var batch: SealedBatch
    }

    package func chains() throws(PostgresError) -> [LaneChain] {
        let rows = try self.connection.query(Self.selectChains)
        return (0..<rows.rowCount).map { row in
            LaneChain(
                lane: Int32(truncatingIfNeeded: rows.integer(row, 0) ?? 0), name: rows.text(row, 1) ?? "",
                head: ChainLink(
                    number: rows.integer(row, 2) ?? 0, hash: LogWriter.hexBytes(rows.text(row, 3) ?? "")),
                counts: MessageCounts(rows, row, from: 4),
                anchor: ChainLink(
                    number: rows.integer(row, 11) ?? 0,
                    hash: rows.text(row, 12).map(LogWriter.hexBytes) ?? [UInt8](repeating: 0, count: 32)),
                anchorNote: rows.text(row, 13), droppedCounts: MessageCounts(rows, row, from: 14),
                highestNumber: rows.integer(row, 21) ?? 0)
        }
    }

    /// The stretch of a chain that a look at `[from, to)` (receive times) has to walk; `nil` where the chain has none.
    ///
    /// Its ends are taken from the batches that lie outside, and one of these is walked on each side: so a batch that
    /// was removed from the stretch, or whose times were changed to lie elsewhere, is missed. Where no batch is later,
    /// it ends where the lane says that the chain does.
    package func stretch(of chain: LaneChain, from: Instant?, to: Instant?) throws(PostgresError) -> ClosedRange<Int64>?
    {
        let row = try self.connection.query(
            Self.selectStretch,
            [
                .integer(chain.lane), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
            ])
        let (start, head) = (chain.anchor.number, chain.head.number)
        // Whatever somebody wrote into the numbers, nothing here overflows.
        var first = row.integer(0, 0).map { $0 &+ 1 } ?? start &+ 1
        if let inside = row.integer(0, 1) { first = min(first, inside) }
        var last = row.integer(0, 3).map { $0 &- 1 } ?? head
        if let inside = row.integer(0, 2) { last = max(last, inside) }
        first = max(first &- 1, start &+ 1)
        last = min(last &+ 1, head)
        return first <= last ? first...last : nil
    }

    /// The place of one batch in its lane's chain; `nil` when it is not there.
    package func link(_ number: Int64, of lane: Int32) throws(PostgresError) -> ChainLink? {
        let rows = try self.connection.query(Self.selectLink, [.integer(lane), .integer(number)], binaryResult: true)
        guard rows.rowCount == 1, let hash = rows.bytes(0, 0) else { return nil }
        return ChainLink(number: number, hash: hash)
    }

    /// Up to `limit` batches of the range that follow `number`, in order.
    package func batches(
        of lane: Int32, after number: Int64, through last: Int64, limit: Int
    ) throws(PostgresError) -> [SealedBatch] {
        let rows = try self.connection.query(
            Self.selectBatches, [.integer(lane), .integer(number), .integer(last), .integer(limit)],
            binaryResult: true)
        return (0..<rows.rowCount).map { Self.batch(rows, $0) }
    }

    /// The place of the raw message that the terminal's report of this time came with: a position's, else a camera's.
    package func place(of terminal: String, at time: Instant) throws(PostgresError) -> RawPlace? {
        let rows = try self.connection.query(
            Self.selectPlace, [.text(terminal), .text(time.description)], binaryResult: true)
        guard rows.rowCount > 0, let batchID = rows.binaryInteger(0, 0), let index = rows.binaryInteger(0, 1) else {
            return nil
        }
        return try self.place(batchID: batchID, messageIndex: Int(index))
    }

    /// `nil` when the batch is not there, because retention dropped it.
    package func place(batchID: Int64, messageIndex: Int) throws(PostgresError) -> RawPlace? {
        let lane = Int32(truncatingIfNeeded: batchID >> 40)
        let number = batchID & (1 << 40 - 1)
        let batches = try self.batches(of: lane, after: number - 1, through: number, limit: 1)
        guard let batch = batches.first else { return nil }
        let names = try self.connection.query(Self.selectLaneName, [.integer(lane)])
        return RawPlace(
            lane: lane, laneName: names.rowCount == 1 ? names.text(0, 0) ?? "" : "", batchID: batchID,
            messageIndex: messageIndex, batch: batch)
    }

    static func batch(_ rows: borrowing QueryResult, _ row: Int) -> SealedBatch {
        func number(_ column: Int) -> Int64 { rows.binaryInteger(row, column) ?? 0 }
        var counts = MessageCounts()
        counts.stored = number(6)
        counts.duplicate = number(7)
        counts.quarantined = number(8)
        counts.ignored = number(9)
        counts.positions = number(10)
        counts.cameraReports = number(11)
        counts.alarms = number(12)
        return SealedBatch(
            number: number(0), sealed: rows.bytes(row, 1) ?? [], hash: rows.bytes(row, 2) ?? [],
            previousHash: rows.bytes(row, 3), messageCount: Int(number(4)), rawByteCount: Int(number(5)),
            counts: counts, firstReceivedAt: Instant(microseconds: number(13) &+ postgresEpoch),
            lastReceivedAt: Instant(microseconds: number(14) &+ postgresEpoch))
    }

    private static let selectChains = NamedQuery(
        "seal.chains",
        """
        SELECT l.lane_id, l.name, l.last_number, l.last_hash, l.stored, l.duplicate, l.quarantined, l.ignored,
            l.positions, l.camera_reports, l.alarms, a.number, a.hash, a.note, s.stored, s.duplicate, s.quarantined,
            s.ignored, s.positions, s.camera_reports, s.alarms,
            (SELECT max(number) FROM batch b WHERE b.lane_id = l.lane_id)
        FROM lane l
        LEFT JOIN LATERAL (
            SELECT number, hash, to_char(dropped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ', '
                || dropped_by || ': ' || reason AS note
            FROM chain_anchor WHERE lane_id = l.lane_id ORDER BY number DESC LIMIT 1) a ON true
        CROSS JOIN LATERAL (
            SELECT sum(stored) AS stored, sum(duplicate) AS duplicate, sum(quarantined) AS quarantined,
                sum(ignored) AS ignored, sum(positions) AS positions, sum(camera_reports) AS camera_reports,
                sum(alarms) AS alarms
            FROM chain_anchor WHERE lane_id = l.lane_id) s
        ORDER BY l.lane_id
        """)
    private static let selectStretch = NamedQuery(
        "seal.stretch",
        """
        SELECT max(number) FILTER (WHERE last_received_at < $2::timestamptz),
            min(number) FILTER (WHERE last_received_at >= $2::timestamptz),
            max(number) FILTER (WHERE first_received_at < $3::timestamptz),
            min(number) FILTER (WHERE first_received_at >= $3::timestamptz)
        FROM batch WHERE lane_id = $1
        """)
    private static let selectLink = NamedQuery(
        "seal.link", "SELECT hash FROM batch WHERE lane_id = $1 AND number = $2::bigint")
    private static let selectBatches = NamedQuery(
        "seal.batches",
        """
        SELECT number, sealed, hash, previous_hash, message_count, raw_bytes, stored, duplicate, quarantined, ignored,
            positions, camera_reports, alarms, first_received_at, last_received_at
        FROM batch
        WHERE lane_id = $1 AND number > $2::bigint AND number <= $3::bigint ORDER BY number LIMIT $4::integer
        """)
    private static let selectPlace = NamedQuery(
        "seal.place",
        """
        SELECT batch_id, message_index FROM (
            SELECT 1 AS choice, p.batch_id, p.message_index FROM position p JOIN terminal t USING (terminal_id)
            WHERE t.name = $1 AND p.recorded_at = $2::timestamptz
            UNION ALL
            SELECT 2, c.batch_id, c.message_index FROM camera_report c JOIN terminal t USING (terminal_id)
            WHERE t.name = $1 AND c.recorded_at = $2::timestamptz) AS found
        ORDER BY choice, batch_id, message_index LIMIT 1
        """)
    private static let selectLaneName = NamedQuery("seal.lane", "SELECT name FROM lane WHERE lane_id = $1")
}

extension MessageCounts {
    /// Seven columns of a text result: the four states, positions, camera reports, alarms. NULL is zero.
    init(_ rows: borrowing QueryResult, _ row: Int, from column: Int) {
        self.init()
        self.stored = rows.integer(row, column) ?? 0
        self.duplicate = rows.integer(row, column + 1) ?? 0
        self.quarantined = rows.integer(row, column + 2) ?? 0
        self.ignored = rows.integer(row, column + 3) ?? 0
        self.positions = rows.integer(row, column + 4) ?? 0
        self.cameraReports = rows.integer(row, column + 5) ?? 0
        self.alarms = rows.integer(row, column + 6) ?? 0
    }
}
