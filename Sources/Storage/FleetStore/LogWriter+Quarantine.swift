import PostgresClient
import Telemetry

extension LogWriter {
    /// Quarantine, by the lane's own connection.
    package var quarantine: QuarantineStore { QuarantineStore(connection: self.connection) }

    /// Notes on the rows of quarantine how a second try ended; rows that stay are not marked as resolved.
    func resolve(_ resolutions: [QuarantineResolution], batchID: Int64) throws(PostgresError) {
        guard !resolutions.isEmpty else { return }
        try self.connection.query(
            Self.resolveQuarantine,
            [
                .integer(batchID), .array(resolutions.map(\.quarantineID)),
                .array(resolutions.map { Optional($0.outcome.rawValue) }),
                .array(resolutions.map { Optional($0.user) }),
                .array(resolutions.map { Optional($0.outcome.isSettled ? "t" : "f") }),
            ])
    }

    private static let resolveQuarantine = NamedQuery(
        "log.quarantine.resolve",
        """
        UPDATE quarantine q SET outcome = r.outcome, retry_batch_id = $1::bigint,
            resolved_at = CASE WHEN r.is_settled THEN clock_timestamp() END,
            resolved_by = CASE WHEN r.is_settled THEN r.resolved_by END
        FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[])
            AS r (quarantine_id, outcome, resolved_by, is_settled)
        WHERE q.quarantine_id = r.quarantine_id AND q.resolved_at IS NULL
        """)
}
