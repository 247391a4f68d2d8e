package import PostgresClient

/// Asks whoever does the analysis to derive vehicles again, and hears when it is done.
package struct DeriveRequests {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Asks for these terminals; several open requests for one are met at once.
    /// - Returns: the number up to which requests have been made.
    package func ask(for terminals: [Int32], by user: String, reason: String) throws(PostgresError) -> Int64 {
        let rows = try self.connection.query(Self.insert, [.array(terminals), .text(user), .text(reason)])
        return rows.integer(0, 0) ?? 0
    }

    /// How many requests up to this number are still open.
    package func open(upTo request: Int64) throws(PostgresError) -> Int {
        Int(try self.connection.query(Self.count, [.integer(request)]).integer(0, 0) ?? 0)
    }

    private static let insert = NamedQuery(
        "derive_request.insert",
        """
        WITH asked AS (
            INSERT INTO derive_request (terminal_id, requested_by, reason)
            SELECT terminal_id, $2, $3 FROM unnest($1::integer[]) AS t (terminal_id)
            RETURNING request_id
        ), woken AS (SELECT pg_notify('tongxing_log', ''))
        SELECT max(request_id) FROM asked, woken
        """)
    private static let count = NamedQuery(
        "derive_request.open", "SELECT count(*) FROM derive_request WHERE done_at IS NULL AND request_id <= $1::bigint")
}
