import Chronology
package import PostgresClient
package import Registers
package import Suspicions

/// Delivery notes that explain halts to the search for suspected plants (`SplitHaul`).
extension SuspectStore {
    /// The notes that are asked for.
    package func notes(_ questions: Set<NoteQuestion>) throws -> [Ticket] {
        let sorted = questions.sorted { ($0.plate, $0.from, $0.to) < ($1.plate, $1.from, $1.to) }
        let rows = try self.connection.query(
            Self.selectNotes,
            [
                .array(sorted.map { Optional($0.plate) }),
                .array(sorted.map(\.from.microseconds)), .array(sorted.map(\.to.microseconds)),
            ])
        return try (0..<rows.rowCount).map { try JSONText.decode(Ticket.self, from: rows.text($0, 0) ?? "") }
    }

    /// A search is due where some of the next notes that came in, changed or went (`JudgingStore.takeNotes`) are of a
    /// plate that has notes of that plant for two sites within so many seconds: they may explain halts, or no longer.
    package func noteChangedNotes(limit: Int, within seconds: Double) throws(PostgresError) {
        try self.connection.query(Self.advanceByNotes, [.integer(limit), .double(seconds)])
    }

    private static let selectNotes = NamedQuery(
        "suspect.notes",
        """
        SELECT e.content FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS asked (plate, since, until)
        JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL AND e.note_plate = asked.plate
            AND e.note_issued_at BETWEEN asked.since AND asked.until
        """)
    /// One that went is a note beside those that are left.
    private static let advanceByNotes = NamedQuery(
        "suspect.notes.changed",
        """
        UPDATE analysis_state SET stay_revision = stay_revision + 1
        WHERE EXISTS (
            SELECT FROM (SELECT plant, plate, issued_at FROM note_change ORDER BY change_id LIMIT $1::integer) AS n
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT e.content ->> 'siteID') AS sites,
                    bool_or(e.note_issued_at = (extract(epoch FROM n.issued_at) * 1000000)::bigint)
                        AS is_known
                FROM register_entry e
                WHERE e.kind = 'tickets' AND e.known_to IS NULL AND e.note_plate = n.plate
                    AND e.note_plant = n.plant
                    AND e.note_issued_at BETWEEN
                        ((extract(epoch FROM n.issued_at) - $2::float8) * 1000000)::bigint
                        AND ((extract(epoch FROM n.issued_at) + $2::float8) * 1000000)::bigint) AS beside
            WHERE beside.sites > 1 OR beside.sites = 1 AND NOT beside.is_known)
        """)
}
