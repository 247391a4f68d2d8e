package import Chronology
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

    /// What a part says of itself about once a second.
    package struct Beat: Sendable {
        package var part: String
        package var runID: String
        package var isReady: Bool
        /// What stands in the way, in a line; empty when nothing does.
        package var message: String
        /// Messages read and not yet committed (ingestion).
        package var uncommitted = 0
        /// When the last message came (ingestion).
        package var lastReceivedAt: Instant?
        /// The process's own metrics as Prometheus text.
        package var metrics: String

        package init(part: String, runID: String, isReady: Bool, message: String, metrics: String = "") {
            self.part = part
            self.runID = runID
            self.isReady = isReady
            self.message = message
            self.metrics = metrics
        }
    }

    package func write(_ beat: Beat) throws(PostgresError) {
        try self.connection.query(
            Self.upsert,
            [
                .text(beat.part), .text(beat.runID), .boolean(beat.isReady), .text(beat.message),
                .integer(beat.uncommitted), .optional(beat.lastReceivedAt?.description), .text(beat.metrics),
            ])
    }

    /// The metrics that the parts of this run have handed in, end to end.
    package func metrics(runID: String) throws(PostgresError) -> String {
        try self.connection.query(Self.selectMetrics, [.text(runID)]).text(0, 0) ?? ""
    }

    /// The metrics that a part handed in last, of whatever run; `nil` when there never was one.
    package func metrics(part: String) throws(PostgresError) -> String? {
        let rows = try self.connection.query(Self.selectPartMetrics, [.text(part)])
        return rows.rowCount > 0 ? rows.text(0, 0) : nil
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

    private static let upsert = NamedQuery(
        "part.upsert",
        """
        INSERT INTO part (part, run_id, is_ready, message, uncommitted, last_received_at, metrics)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (part) DO UPDATE SET run_id = excluded.run_id, is_ready = excluded.is_ready,
            message = excluded.message, uncommitted = excluded.uncommitted,
            last_received_at = excluded.last_received_at, metrics = excluded.metrics, beat_at = clock_timestamp()
        """)
    private static let selectMetrics = NamedQuery(
        "part.metrics", "SELECT string_agg(metrics, '' ORDER BY part) FROM part WHERE run_id = $1")
    private static let selectPartMetrics = NamedQuery(
        "part.metrics_of_one", "SELECT metrics FROM part WHERE part = $1")
    private static let select = NamedQuery(
        "part.select",
        """
        SELECT part, run_id, is_ready, message, extract(epoch FROM clock_timestamp() - beat_at)::float8,
            uncommitted
        FROM part ORDER BY part
        """)
}
