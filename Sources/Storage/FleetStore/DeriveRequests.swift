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

    /// Whether requests for these terminals up to this number are open, or deliveries of theirs that were due when the
    /// last request was met are not judged yet.
    package func areUnderWay(upTo request: Int64, of terminals: [Int32]) throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectUnderWay, [.integer(request), .array(terminals)]).boolean(0, 0) ?? false
    }

    /// The world by which whoever does the analysis judges, or is about to.
    package func world() throws(PostgresError) -> String {
        try self.connection.query(Self.selectWorld).text(0, 0) ?? ""
    }

    /// The number of the newest row that was superseded; 0: none was.
    package func lastSuperseded() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectLastSuperseded).integer(0, 0) ?? 0
    }

    /// How many rows of these terminals were superseded after that number.
    package func superseded(after number: Int64, of terminals: [Int32]) throws(PostgresError) -> Int {
        let rows = try self.connection.query(Self.countSuperseded, [.integer(number), .array(terminals)])
        return Int(rows.integer(0, 0) ?? 0)
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
    private static let selectUnderWay = NamedQuery(
        "derive_request.under_way",
        """
        SELECT EXISTS (SELECT FROM derive_request WHERE done_at IS NULL AND request_id <= $1::bigint)
            OR EXISTS (
                SELECT FROM delivery_due JOIN delivery d USING (delivery_id)
                WHERE d.terminal_id = ANY ($2::integer[]) AND due_at <= (
                    SELECT max(done_at) FROM derive_request
                    WHERE request_id <= $1::bigint AND terminal_id = ANY ($2::integer[])))
        """)
    private static let selectWorld = NamedQuery("derive_request.world", "SELECT world FROM analysis_state")
    private static let selectLastSuperseded = NamedQuery(
        "derive_request.superseded.last", "SELECT coalesce(max(superseded_id), 0) FROM delivery_superseded")
    private static let countSuperseded = NamedQuery(
        "derive_request.superseded",
        """
        SELECT count(*) FROM delivery_superseded
        WHERE superseded_id > $1::bigint AND terminal_id = ANY ($2::integer[])
        """)
}
