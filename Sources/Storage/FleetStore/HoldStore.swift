package import Chronology
package import PostgresClient

/// Legal holds: what must not be dropped, why, and who said so.
package struct HoldStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One hold, released or not.
    package struct Hold: Sendable {
        package var holdID: Int64
        /// `nil`: every terminal.
        package var terminal: String?
        /// `-infinity` and `infinity` are open ends.
        package var from: String
        package var to: String
        package var reason: String
        package var placedBy: String
        package var placedAt: String
        package var releasedBy: String?
        package var releasedAt: String?
        package var releaseReason: String?
    }

    /// - Returns: the hold's number.
    package func add(
        terminal: String?, from: Instant?, to: Instant?, reason: String, user: String
    ) throws(PostgresError) -> Int64 {
        try self.connection.query(
            Self.insert,
            [
                .optional(terminal), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
                .text(reason), .text(user),
            ]
        ).integer(0, 0) ?? 0
    }

    /// - Returns: false when there is no such hold, or it was released before.
    package func release(_ holdID: Int64, reason: String, user: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.update, [.integer(holdID), .text(reason), .text(user)]).rowCount == 1
    }

    package func list() throws(PostgresError) -> [Hold] {
        let rows = try self.connection.query(Self.select)
        return (0..<rows.rowCount).map { row in
            func text(_ column: Int) -> String { rows.text(row, column) ?? "" }
            return Hold(
                holdID: rows.integer(row, 0) ?? 0, terminal: rows.text(row, 1), from: text(2), to: text(3),
                reason: text(4), placedBy: text(5), placedAt: text(6), releasedBy: rows.text(row, 7),
                releasedAt: rows.text(row, 8), releaseReason: rows.text(row, 9))
        }
    }

    private static let insert = NamedQuery(
        "hold.insert",
        """
        INSERT INTO legal_hold (terminal, held_from, held_to, reason, placed_by)
        VALUES ($1, $2::timestamptz, $3::timestamptz, $4, $5) RETURNING hold_id
        """)
    private static let update = NamedQuery(
        "hold.release",
        """
        UPDATE legal_hold SET released_at = clock_timestamp(), release_reason = $2, released_by = $3
        WHERE hold_id = $1::bigint AND released_at IS NULL RETURNING hold_id
        """)
    private static let select = NamedQuery(
        "hold.select",
        """
        SELECT hold_id, terminal, held_from, held_to, reason, placed_by, date_trunc('second', placed_at), released_by,
            date_trunc('second', released_at), release_reason
        FROM legal_hold ORDER BY hold_id
        """)
}
