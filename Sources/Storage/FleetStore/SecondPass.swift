package import PostgresClient

/// Somebody waits for what is made from all vehicles together: whoever does the analysis makes it as soon as there is
/// nothing else to do, and not only when it is time to.
package struct SecondPass {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    package func request() throws(PostgresError) { try self.connection.query(Self.insert) }

    package func isRequested() throws(PostgresError) -> Bool {
        try self.connection.query(Self.select).boolean(0, 0) ?? false
    }

    /// Made: who asked until now has it.
    package func closeRequests() throws(PostgresError) { try self.connection.query(Self.delete) }

    private static let insert = NamedQuery(
        "second_pass.request",
        """
        WITH asked AS (
            INSERT INTO second_pass_request SELECT WHERE NOT EXISTS (SELECT FROM second_pass_request) RETURNING 1)
        SELECT pg_notify('tongxing_log', '') FROM asked
        """)
    private static let select = NamedQuery(
        "second_pass.is_requested", "SELECT EXISTS (SELECT FROM second_pass_request)")
    private static let delete = NamedQuery("second_pass.close", "DELETE FROM second_pass_request")
}
