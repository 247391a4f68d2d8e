package import Chronology
package import PostgresClient

/// What was refused, with its reasons and its raw bytes.
package struct QuarantineStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Which rows are meant; `nil` means any.
    package struct Filter: Sendable {
        package var reason: String?
        /// The names under which the log may hold it.
        package var terminals: [String]?
        /// Receive time, half-open.
        package var from: Instant?
        package var to: Instant?
        package var isOpen: Bool?

        package init() {}
    }

    /// Deliveries of the very same bytes that were refused for the same reason.
    package struct Fold: Sendable {
        package var firstID: Int64
        package var times: Int64
        package var openTimes: Int64
        package var reason: String
        package var detail: String
        package var reportIndex: Int64?
        package var terminal: String?
        package var topic: String
        package var firstReceivedAt: Instant
        package var lastReceivedAt: Instant
        package var byteCount: Int64
    }

    /// One refused report, or message, with the bytes of the whole message.
    package struct Entry: Sendable {
        package var quarantineID: Int64
        package var batchID: Int64
        package var messageIndex: Int32
        package var reportIndex: Int?
        package var terminal: String?
        package var topic: String
        package var receivedAt: Instant
        package var reason: String
        package var detail: String
        package var raw: [UInt8]
        package var resolvedAt: Instant?
        package var resolvedBy: String?
        package var outcome: String?
        package var retryBatchID: Int64?

        /// One message's entries share this.
        package var message: MessageKey { MessageKey(batchID: self.batchID, messageIndex: self.messageIndex) }
    }

    /// A message of the log.
    package struct MessageKey: Sendable, Hashable {
        package var batchID: Int64
        package var messageIndex: Int32
    }

    /// Newest first; the same bytes refused for the same reason are one.
    package func list(_ filter: Filter, limit: Int) throws(PostgresError) -> [Fold] {
        let rows = try self.connection.query(Self.selectFolds, self.values(filter) + [.integer(limit)])
        return (0..<rows.rowCount).map { row in
            Fold(
                firstID: rows.integer(row, 0) ?? 0, times: rows.integer(row, 1) ?? 0,
                openTimes: rows.integer(row, 2) ?? 0, reason: rows.text(row, 3) ?? "",
                detail: rows.text(row, 4) ?? "", reportIndex: rows.integer(row, 5), terminal: rows.text(row, 6),
                topic: rows.text(row, 7) ?? "", firstReceivedAt: Instant(microseconds: rows.integer(row, 8) ?? 0),
                lastReceivedAt: Instant(microseconds: rows.integer(row, 9) ?? 0),
                byteCount: rows.integer(row, 10) ?? 0)
        }
    }

    /// Refused reports by reason and detail in a period, the most frequent first.
    package func reasons(_ filter: Filter) throws(PostgresError) -> [(reason: String, detail: String, count: Int64)] {
        let rows = try self.connection.query(Self.selectReasons, self.values(filter))
        return (0..<rows.rowCount).map {
            (rows.text($0, 0) ?? "", rows.text($0, 1) ?? "", rows.integer($0, 2) ?? 0)
        }
    }

    package func entry(_ id: Int64) throws(PostgresError) -> Entry? {
        let rows = try self.connection.query(Self.selectEntry, [.integer(id)], binaryResult: true)
        return rows.rowCount == 1 ? Self.entry(rows, 0) : nil
    }

    /// What is there under these numbers: each with its reason, and whether it is resolved.
    package func standing(of ids: [Int64]) throws(PostgresError) -> [Int64: (reason: String, isResolved: Bool)] {
        let rows = try self.connection.query(Self.selectStanding, [.array(ids)])
        var standing: [Int64: (reason: String, isResolved: Bool)] = [:]
        for row in 0..<rows.rowCount {
            guard let id = rows.integer(row, 0) else { continue }
            standing[id] = (rows.text(row, 1) ?? "", rows.boolean(row, 2) ?? false)
        }
        return standing
    }

    /// The open entries of the messages that follow `key`, all entries of a message together: of up to `limit`
    /// messages, the last of which begins within `bytes`. With `ids` only those; without a reason and ids, conflicts
    /// are left out: decoding again does not settle them.
    package func open(
        reason: String?, ids: [Int64], after key: MessageKey?, limit: Int, bytes: Int
    ) throws(PostgresError) -> [Entry] {
        let rows = try self.connection.query(
            Self.selectOpen,
            [
                .optional(reason), .array(ids), .integer(key?.batchID ?? -1), .integer(key?.messageIndex ?? -1),
                .integer(limit), .integer(bytes),
            ], binaryResult: true)
        var entries: [Entry] = []
        for row in 0..<rows.rowCount {
            var entry = Self.entry(rows, row)
            // The bytes came with the message's first entry alone.
            if let before = entries.last, before.message == entry.message { entry.raw = before.raw }
            entries.append(entry)
        }
        return entries
    }

    /// What stands in quarantine of each of these messages, open or settled: the places of the refused reports, `nil`
    /// for the whole message. A retry puts a message into the log once more, so rows that one added count as well:
    /// they have its topic, its bytes and its time of receipt.
    package func refusedReports(of messages: [MessageKey]) throws(PostgresError) -> [MessageKey: Set<Int?>] {
        guard !messages.isEmpty else { return [:] }
        let rows = try self.connection.query(
            Self.selectRefusedReports, [.array(messages.map(\.batchID)), .array(messages.map(\.messageIndex))])
        var refused: [MessageKey: Set<Int?>] = [:]
        for row in 0..<rows.rowCount {
            let key = MessageKey(
                batchID: rows.integer(row, 0) ?? 0, messageIndex: Int32(truncatingIfNeeded: rows.integer(row, 1) ?? 0))
            refused[key, default: []].insert(rows.integer(row, 2).map { Int($0) })
        }
        return refused
    }

    /// One terminal's messages received in a period of which something was refused, each once: they arrived, though
    /// they may be in no other place. The first `limit` of those that follow `key`.
    package func originals(
        of terminal: String, from: Instant?, to: Instant?, after key: MessageKey?, limit: Int
    ) throws(PostgresError) -> [Entry] {
        var filter = Filter()
        filter.terminals = [terminal]
        filter.from = from
        filter.to = to
        let rows = try self.connection.query(
            Self.selectRaw,
            self.values(filter) + [
                .integer(limit), .integer(key?.batchID ?? -1), .integer(key?.messageIndex ?? -1),
            ], binaryResult: true)
        return (0..<rows.rowCount).map { Self.entry(rows, $0) }
    }

    private func values(_ filter: Filter) -> [PostgresValue] {
        [
            .optional(filter.reason), filter.terminals.map { .array($0) } ?? .null,
            .text(filter.from?.description ?? "-infinity"),
            .text(filter.to?.description ?? "infinity"), .optional(filter.isOpen.map { $0 ? "t" : "f" }),
        ]
    }

    private static func entry(_ rows: borrowing QueryResult, _ row: Int) -> Entry {
        func text(_ column: Int) -> String? { rows.text(row, column) }
        return Entry(
            quarantineID: rows.binaryInteger(row, 0) ?? 0, batchID: rows.binaryInteger(row, 1) ?? 0,
            messageIndex: Int32(truncatingIfNeeded: rows.binaryInteger(row, 2) ?? 0),
            reportIndex: rows.binaryInteger(row, 3).map { Int($0) }, terminal: text(4), topic: text(5) ?? "",
            receivedAt: Instant(microseconds: (rows.binaryInteger(row, 6) ?? 0) &+ postgresEpoch),
            reason: text(7) ?? "", detail: text(8) ?? "", raw: rows.bytes(row, 9) ?? [],
            resolvedAt: rows.binaryInteger(row, 10).map { Instant(microseconds: $0 &+ postgresEpoch) },
            resolvedBy: text(11), outcome: text(12), retryBatchID: rows.binaryInteger(row, 13))
    }

    private static let selectFolds = NamedQuery(
        "quarantine.folds",
        """
        SELECT min(quarantine_id), count(*), count(*) FILTER (WHERE resolved_at IS NULL), reason, min(detail),
            report_index, terminal, topic, (extract(epoch FROM min(received_at)) * 1000000)::bigint,
            (extract(epoch FROM max(received_at)) * 1000000)::bigint, octet_length(raw)
        FROM quarantine_entry
        WHERE ($1::text IS NULL OR reason = $1) AND ($2::text[] IS NULL OR terminal = ANY ($2))
            AND received_at >= $3::timestamptz AND received_at < $4::timestamptz
            AND ($5::boolean IS NULL OR (resolved_at IS NULL) = $5)
        GROUP BY raw, topic, terminal, reason, report_index
        ORDER BY max(received_at) DESC, min(quarantine_id) DESC LIMIT $6::integer
        """)
    private static let selectReasons = NamedQuery(
        "quarantine.reasons",
        """
        SELECT reason, detail, count(*) FROM quarantine
        WHERE ($1::text IS NULL OR reason = $1) AND ($2::text[] IS NULL OR terminal = ANY ($2))
            AND received_at >= $3::timestamptz AND received_at < $4::timestamptz
            AND ($5::boolean IS NULL OR (resolved_at IS NULL) = $5)
        GROUP BY reason, detail ORDER BY count(*) DESC, reason, detail LIMIT 100
        """)
    private static let selectEntry = NamedQuery(
        "quarantine.entry",
        """
        SELECT quarantine_id, batch_id, message_index, report_index, terminal, topic, received_at, reason, detail, raw,
            resolved_at, resolved_by, outcome, retry_batch_id
        FROM quarantine_entry WHERE quarantine_id = $1::bigint
        """)
    private static let selectStanding = NamedQuery(
        "quarantine.standing",
        """
        SELECT quarantine_id, reason, resolved_at IS NOT NULL FROM quarantine WHERE quarantine_id = ANY ($1::bigint[])
        """)
    private static let selectOpen = NamedQuery(
        "quarantine.open",
        """
        WITH meant AS (
            SELECT * FROM quarantine
            WHERE resolved_at IS NULL AND (batch_id, message_index) > ($3::bigint, $4::integer)
                AND (cardinality($2::bigint[]) = 0 OR quarantine_id = ANY ($2::bigint[]))
                AND CASE WHEN $1::text IS NOT NULL THEN reason = $1
                    ELSE cardinality($2::bigint[]) > 0 OR reason <> 'conflict' END),
        sized AS (
            SELECT m.batch_id, m.message_index, k.raw,
                sum(octet_length(k.raw)) OVER (ORDER BY m.batch_id, m.message_index) - octet_length(k.raw) AS before
            FROM (SELECT DISTINCT batch_id, message_index FROM meant ORDER BY 1, 2 LIMIT $5::integer) m
            CROSS JOIN LATERAL (
                SELECT k.raw FROM quarantine k
                WHERE k.batch_id = m.batch_id AND k.message_index = m.message_index AND k.raw IS NOT NULL LIMIT 1) k)
        SELECT quarantine_id, batch_id, message_index, report_index, terminal, topic, received_at, reason, detail,
            CASE row_number() OVER (PARTITION BY batch_id, message_index ORDER BY quarantine_id) WHEN 1 THEN s.raw END,
            resolved_at, resolved_by, outcome, retry_batch_id
        FROM meant JOIN sized s USING (batch_id, message_index)
        WHERE s.before < $6::bigint
        ORDER BY batch_id, message_index, quarantine_id
        """)
    /// The bytes are compared last, and not hashed: they are a megabyte at most, and few messages share topic and time.
    private static let selectRefusedReports = NamedQuery(
        "quarantine.refused reports",
        """
        WITH meant AS (
            SELECT m.batch_id, m.message_index, k.topic, k.received_at, k.raw
            FROM unnest($1::bigint[], $2::integer[]) AS m (batch_id, message_index)
            JOIN quarantine k USING (batch_id, message_index)
            WHERE k.raw IS NOT NULL),
        copy AS (
            SELECT m.batch_id, m.message_index, k.batch_id AS in_batch, k.message_index AS at_index
            FROM meant m JOIN quarantine k
                ON k.received_at = m.received_at AND k.topic = m.topic AND k.raw IS NOT DISTINCT FROM m.raw)
        SELECT DISTINCT c.batch_id, c.message_index, q.report_index
        FROM copy c JOIN quarantine q ON q.batch_id = c.in_batch AND q.message_index = c.at_index
        """)
    private static let selectRaw = NamedQuery(
        "quarantine.raw",
        """
        SELECT DISTINCT ON (batch_id, message_index) quarantine_id, batch_id, message_index, report_index, terminal,
            topic, received_at, reason, detail, raw, resolved_at, resolved_by, outcome, retry_batch_id
        FROM quarantine_entry
        WHERE ($1::text IS NULL OR reason = $1) AND ($2::text[] IS NULL OR terminal = ANY ($2))
            AND received_at >= $3::timestamptz AND received_at < $4::timestamptz
            AND ($5::boolean IS NULL OR (resolved_at IS NULL) = $5)
            AND (batch_id, message_index) > ($7::bigint, $8::integer)
        ORDER BY batch_id, message_index, quarantine_id LIMIT $6::integer
        """)
}
