import PostgresClient
import Suspicions

/// Alerts that the analysis took back: they were told, and stay readable, but claim nothing any more.
extension AlertStore {
    /// The ids of those: by reports that came late, by registers as corrected, by all ways known before a haul, and
    /// alerts of notes that are closed, as a note is of one moment and nothing but another judgement ends its alert.
    /// What people closed is none of them.
    package func withdrawnIDs() throws -> Set<String> {
        let rows = try self.connection.query(Self.selectWithdrawn, [.text(try JSONText.encode(Self.withdrawn))])
        return Set((0..<rows.rowCount).compactMap { rows.text($0, 0) })
    }

    private static let selectWithdrawn = NamedQuery(
        "alert.withdrawn",
        """
        SELECT a.alert_id FROM alert a LEFT JOIN alert_handling h USING (alert_id)
        WHERE h.state = 'closed' AND h.closed_by = 'tongxing' OR a.facts -> 0 = $1::jsonb
            OR a.rule IN ('ghost-ticket', 'duplicate-ticket') AND a.delivery_id IS NULL AND a.status = 'closed'
        """)
}
