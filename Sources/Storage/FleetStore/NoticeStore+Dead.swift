package import PostgresClient

/// Notices that were given up: to be looked at, and to be tried again once the receiver works.
extension NoticeStore {
    /// One notice that was given up.
    package struct Dead: Hashable, Sendable {
        package var id: Int64
        package var receiver: String
        package var alertID: String
        package var notedAt: String
        package var givenUpAt: String
        package var attempts: Int64
        package var lastError: String
    }

    /// The oldest first; of every receiver where none is named.
    package func dead(receiver: String?, limit: Int) throws(PostgresError) -> [Dead] {
        let rows = try self.connection.query(Self.selectDead, [.optional(receiver), .integer(Int64(limit))])
        return (0..<rows.rowCount).map { row in
            func text(_ column: Int) -> String { rows.text(row, column) ?? "" }
            return Dead(
                id: rows.integer(row, 0) ?? 0, receiver: text(1), alertID: text(2), notedAt: text(3),
                givenUpAt: text(4), attempts: rows.integer(row, 5) ?? 0, lastError: text(6))
        }
    }

    /// They wait again, with all their tries before them and under the numbers they had: before what waits already, as
    /// they are older. Who did it stands in the audit log.
    /// - Parameter ids: these alone; none: all.
    /// - Returns: how many.
    package func retry(receiver: String?, ids: [Int64], by user: String) throws -> Int {
        try self.connection.transaction {
            let wanted = ids.isEmpty ? nil : "{\(ids.map(String.init).joined(separator: ","))}"
            let rows = try self.connection.query(Self.updateDead, [.optional(receiver), .optional(wanted)])
            guard rows.rowCount > 0 else { return 0 }
            var note = AuditStore.Note(actor: user, interface: "command line", action: "notice.retry")
            note.subject = receiver ?? ""
            note.purpose = (0..<min(rows.rowCount, 20)).compactMap { rows.text($0, 0) }.joined(separator: " ")
            try AuditStore(connection: self.connection).add(note)
            return rows.rowCount
        }
    }

    private static let selectDead = NamedQuery(
        "notice.dead",
        """
        SELECT notice_id, receiver, alert_id, date_trunc('second', noted_at), date_trunc('second', ended_at), attempts,
            last_error
        FROM notice WHERE state = 'dead' AND ($1::text IS NULL OR receiver = $1) ORDER BY notice_id LIMIT $2
        """)
    private static let updateDead = NamedQuery(
        "notice.dead.retry",
        """
        UPDATE notice SET state = 'waiting', attempts = 0, due_at = clock_timestamp(), ended_at = NULL
        WHERE state = 'dead' AND ($1::text IS NULL OR receiver = $1)
            AND ($2::text IS NULL OR notice_id = ANY ($2::text::bigint[]))
        RETURNING notice_id::text
        """)
}
