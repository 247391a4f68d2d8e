package import PostgresClient

/// What the parts of the service say of themselves, for `/readyz` and `tongxing status`.
package struct PartStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One part's last sign of life.
    package struct Part: Sendable {
        package var name: String
        package var runID: String
        package var isReady: Bool
        package var message: String
        package var secondsSinceBeat: Double
        /// Messages read and not yet committed (ingestion).
        package var uncommitted: Int
    }

    package func beat(part: String, runID: String, isReady: Bool, message: String) throws(PostgresError) {
        try self.connection.query(
            Self.beat, [.text(part), .text(runID), .boolean(isReady), .text(message), .text("{}")])
    }

    package func parts() throws(PostgresError) -> [Part] {
        let rows = try self.connection.query(Self.select)
        return (0..<rows.rowCount).map { row in
            Part(
                name: rows.text(row, 0) ?? "", runID: rows.text(row, 1) ?? "", isReady: rows.boolean(row, 2) ?? false,
                message: rows.text(row, 3) ?? "", secondsSinceBeat: rows.double(row, 4) ?? .infinity,
                uncommitted: Int(rows.integer(row, 5) ?? 0))
        }
    }

    static let beat = NamedQuery(
        "part.beat",
        """
        INSERT INTO part (part, run_id, is_ready, message, detail) VALUES ($1, $2, $3, $4, $5::jsonb)
        ON CONFLICT (part) DO UPDATE SET run_id = excluded.run_id, is_ready = excluded.is_ready,
            message = excluded.message, detail = excluded.detail, beat_at = clock_timestamp()
        """)
    private static let select = NamedQuery(
        "part.select",
        """
        SELECT part, run_id, is_ready, message, extract(epoch FROM clock_timestamp() - beat_at)::float8,
            coalesce((detail->>'uncommitted')::bigint, 0)
        FROM part ORDER BY part
        """)
}
