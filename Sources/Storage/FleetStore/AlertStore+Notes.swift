import Chronology
import Deliveries
package import Geodesy
import PostgresClient
package import Registers
package import Suspicions

/// Alerts of delivery notes, which may belong to no delivery.
extension AlertStore {
    /// A note that a rule hits raises one alert under that rule, at its plant; one that it hits no more closes it.
    package func store(
        _ judgement: Judgement, of ticket: Ticket, terminal: Int32?, at place: Coordinate?
    ) throws {
        let id = "A-\(judgement.rule)-" + ticket.identity.split(separator: "\t").joined(separator: "/")
        guard judgement.outcome == .hit else {
            try self.connection.query(Self.closeOne, [.text(id)])
            return
        }
        try self.connection.query(
            Self.upsert,
            [
                .text(id), .text(judgement.rule), .integer(judgement.severity),
                .optional(terminal.map { String($0) }), .text(ticket.plate), .text(ticket.issuedAt.description), .null,
                .optional(place.map { String($0.latitude) }), .optional(place.map { String($0.longitude) }), .null,
                .text("open"), .text(try JSONText.encode(judgement.facts + judgement.counterfacts)),
            ])
        try self.connection.query(Self.notify)
    }

    /// Closes the alerts of notes that were withdrawn since notes were looked at last; to be called before that
    /// (`JudgingStore.takeNotes`).
    package func closeThoseOfWithdrawnNotes() throws {
        let closed = try self.connection.query(Self.closeWithdrawn)
        if closed.rowCount > 0 { try self.connection.query(Self.notify) }
    }

    private static let closeWithdrawn = NamedQuery(
        "alert.notes.close",
        """
        UPDATE alert a SET status = 'closed', closed_at = clock_timestamp(), revision = nextval('alert_revision')
        FROM (
            SELECT DISTINCT plate, issued_at, (extract(epoch FROM issued_at) * 1000000)::bigint AS issued
            FROM note_change) AS n
        WHERE a.status = 'open' AND a.rule IN ('ghost-ticket', 'duplicate-ticket') AND a.delivery_id IS NULL
            AND a.plate = n.plate AND a.opened_at = n.issued_at AND NOT EXISTS (
                SELECT FROM register_entry e
                WHERE e.kind = 'tickets' AND e.known_to IS NULL
                    AND e.note_issued_at = n.issued
                    AND a.alert_id = 'A-' || a.rule || '-' || replace(e.id, E'\\t', '/'))
        RETURNING 1
        """)
    private static let closeOne = NamedQuery(
        "alert.close",
        """
        UPDATE alert SET status = 'closed', closed_at = clock_timestamp(), revision = nextval('alert_revision')
        WHERE alert_id = $1 AND status = 'open'
        """)
}
