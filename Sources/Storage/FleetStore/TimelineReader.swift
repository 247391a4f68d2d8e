package import Chronology
package import PostgresClient
package import Registers
package import Telemetry
package import Tracks

/// What is stored of one terminal in one stretch of time, beside its positions: cameras, halts, and the note.
package struct TimelineReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Camera reports, the earliest first.
    package func cameraReports(
        of terminal: String, from: Instant, to: Instant, limit: Int
    ) throws(PostgresError) -> [CameraReport] {
        let rows = try self.connection.query(
            Self.selectCameras,
            [.text(terminal), .text(from.description), .text(to.description), .integer(limit)])
        return (0..<rows.rowCount).map { row in
            CameraReport(
                recordedAt: Instant(microseconds: rows.integer(row, 0) ?? 0),
                cameras: AlertStore.statuses(rows.text(row, 1) ?? ""))
        }
    }

    /// Halts that overlap the stretch, the earliest first.
    package func stays(of terminal: TerminalID, from: Instant, to: Instant) throws(PostgresError) -> [StayRecord] {
        let rows = try self.connection.query(
            Self.selectStays, [.text(terminal.text), .text(from.description), .text(to.description)])
        return (0..<rows.rowCount).map { StayStore.record(rows, $0, terminal: terminal) }
    }

    /// The notes of this number, of a plate around a time.
    package func tickets(_ id: String, plate: String?) throws -> [Ticket] {
        let rows = try self.connection.query(Self.selectTickets, [.text(id), .optional(plate)])
        return try (0..<rows.rowCount).map { try JSONText.decode(Ticket.self, from: rows.text($0, 0) ?? "") }
    }

    private static let selectCameras = NamedQuery(
        "timeline.cameras",
        """
        SELECT (extract(epoch FROM recorded_at) * 1000000)::bigint, cameras FROM camera_report
        WHERE terminal_id = (SELECT terminal_id FROM terminal WHERE name = $1)
            AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        ORDER BY recorded_at, cameras LIMIT $4::integer
        """)
    /// A terminal's halts do not overlap: of those that began before the stretch the last one alone can reach into it.
    /// A bound that is reckoned is a column first (`OFFSET 0`): row security lets an index take no other.
    private static let selectStays = NamedQuery(
        "timeline.stays",
        """
        SELECT $1, (extract(epoch FROM s.started_at) * 1000000)::bigint,
            (extract(epoch FROM s.ended_at) * 1000000)::bigint, s.latitude, s.longitude, s.drum_seconds,
            s.discharge_seconds, s.loading_seconds, s.load_change
        FROM (
            SELECT t.terminal_id, coalesce((
                SELECT max(b.started_at) FROM stay b
                WHERE b.terminal_id = t.terminal_id AND b.started_at <= $2::timestamptz), $2::timestamptz) AS first
            FROM terminal t WHERE t.name = $1 OFFSET 0) AS known
        JOIN stay s ON s.terminal_id = known.terminal_id AND s.started_at >= known.first
        WHERE s.started_at < $3::timestamptz AND s.ended_at >= $2::timestamptz
        ORDER BY s.started_at LIMIT 500
        """)
    private static let selectTickets = NamedQuery(
        "timeline.tickets",
        """
        SELECT content FROM register_entry
        WHERE kind = 'tickets' AND known_to IS NULL AND note_number = $1
            AND ($2::text IS NULL OR note_plate = $2)
        ORDER BY id LIMIT 20
        """)
}
