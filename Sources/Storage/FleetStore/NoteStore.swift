package import Chronology
package import PostgresClient
package import Registers

/// Delivery notes that are to be judged by themselves: each once its truck's data can be expected to be complete, and
/// again when what lies around it changes.
package struct NoteStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// A note and its name in the register.
    package struct Due: Sendable {
        package var id: String
        package var ticket: Ticket
    }

    /// Those that are due, the earliest issued first.
    package func due(limit: Int) throws -> [Due] {
        try self.connection.query(Self.forgetWithdrawn)
        let rows = try self.connection.query(Self.selectDue, [.integer(limit)])
        return try (0..<rows.rowCount).map { row in
            Due(
                id: rows.text(row, 0) ?? "",
                ticket: try JSONText.decode(Ticket.self, from: rows.text(row, 1) ?? ""))
        }
    }

    /// Notes of these plants, or for these plates, that were issued from `from` to `to` are due `seconds` after they
    /// were issued, or now.
    package func makeDue(
        plants: [String], plates: [String], from: Instant, to: Instant, after seconds: Double
    ) throws(PostgresError) {
        try self.connection.query(
            Self.insertDue,
            [
                .array(plants), .array(plates), .integer(from.microseconds), .integer(to.microseconds),
                .double(seconds),
            ])
    }

    /// The same of all notes for one plate from `from` on.
    package func makeDue(plate: String, from: Instant, after seconds: Double) throws(PostgresError) {
        try self.connection.query(
            Self.insertDueOfPlate, [.text(plate), .integer(from.microseconds), .double(seconds)])
    }

    /// A note with the number of one that was judged just now.
    package func makeDue(_ ids: [String]) throws(PostgresError) {
        if !ids.isEmpty { try self.connection.query(Self.insertDueByName, [.array(ids)]) }
    }

    package func settle(_ ids: [String]) throws(PostgresError) {
        try self.connection.query(Self.deleteDue, [.array(ids)])
    }

    /// The other notes of each note's plant with its number, of whatever time, by the names of these notes.
    package func repetitions(of ids: [String]) throws -> [String: [Ticket]] {
        var found: [String: [Ticket]] = [:]
        guard !ids.isEmpty else { return found }
        let rows = try self.connection.query(Self.selectRepetitions, [.array(ids)])
        for row in 0..<rows.rowCount {
            found[rows.text(row, 0) ?? "", default: []].append(
                try JSONText.decode(Ticket.self, from: rows.text(row, 1) ?? ""))
        }
        return found
    }

    /// The terminal that reports under one of the names that a register has of it.
    package func terminal(named name: String) throws(PostgresError) -> Int32? {
        let rows = try self.connection.query(Self.selectTerminal, [.text(TerminalNames.stripped(name)), .text(name)])
        return rows.rowCount > 0 ? rows.integer(0, 0).map { Int32(clamping: $0) } : nil
    }
}

// MARK: - SQL

extension NoteStore {
    private static let forgetWithdrawn = NamedQuery(
        "note.due.forget",
        """
        DELETE FROM note_due d WHERE d.due_at <= clock_timestamp() AND NOT EXISTS (
            SELECT FROM register_entry e WHERE e.kind = 'tickets' AND e.id = d.note_id AND e.known_to IS NULL)
        """)
    private static let selectDue = NamedQuery(
        "note.due",
        """
        SELECT e.id, e.content FROM note_due d
        JOIN register_entry e ON e.kind = 'tickets' AND e.id = d.note_id AND e.known_to IS NULL
        WHERE d.due_at <= clock_timestamp()
        ORDER BY e.note_issued_at, e.id LIMIT $1::integer
        """)
    private static let insertDue = NamedQuery(
        "note.due.insert",
        """
        INSERT INTO note_due (note_id, due_at)
        SELECT id, greatest(clock_timestamp(),
            to_timestamp(note_issued_at::numeric / 1000000) + $5::float8 * interval '1 s')
        FROM (
            SELECT n.id, n.note_issued_at FROM unnest($1::text[]) AS p (plant)
            CROSS JOIN LATERAL (
                SELECT e.id, e.note_issued_at FROM register_entry e
                WHERE e.kind = 'tickets' AND e.known_to IS NULL AND e.note_plant = p.plant
                    AND e.note_issued_at BETWEEN $3::bigint AND $4::bigint OFFSET 0) AS n
            UNION
            SELECT n.id, n.note_issued_at FROM unnest($2::text[]) AS p (plate)
            CROSS JOIN LATERAL (
                SELECT e.id, e.note_issued_at FROM register_entry e
                WHERE e.kind = 'tickets' AND e.known_to IS NULL AND e.note_plate = p.plate
                    AND e.note_issued_at BETWEEN $3::bigint AND $4::bigint OFFSET 0) AS n) AS note
        ON CONFLICT (note_id) DO UPDATE SET due_at = least(note_due.due_at, excluded.due_at)
        """)
    private static let insertDueOfPlate = NamedQuery(
        "note.due.plate",
        """
        INSERT INTO note_due (note_id, due_at)
        SELECT id, greatest(clock_timestamp(),
            to_timestamp(note_issued_at::numeric / 1000000) + $3::float8 * interval '1 s')
        FROM register_entry
        WHERE kind = 'tickets' AND known_to IS NULL AND note_plate = $1
            AND note_issued_at >= $2::bigint
        ON CONFLICT (note_id) DO UPDATE SET due_at = least(note_due.due_at, excluded.due_at)
        """)
    private static let insertDueByName = NamedQuery(
        "note.due.named",
        """
        INSERT INTO note_due (note_id, due_at) SELECT id, clock_timestamp() FROM unnest($1::text[]) AS n (id)
        ON CONFLICT (note_id) DO UPDATE SET due_at = least(note_due.due_at, excluded.due_at)
        """)
    private static let deleteDue = NamedQuery(
        "note.due.delete", "DELETE FROM note_due WHERE note_id = ANY ($1::text[])")
    private static let selectRepetitions = NamedQuery(
        "note.repetitions",
        """
        SELECT e.id, o.content FROM register_entry e
        JOIN register_entry o ON o.kind = 'tickets' AND o.known_to IS NULL AND o.id <> e.id
            AND o.note_plant = e.note_plant AND o.note_number = e.note_number
        WHERE e.kind = 'tickets' AND e.known_to IS NULL AND e.id = ANY ($1::text[])
        ORDER BY e.id, o.id
        """)
    private static let selectTerminal = NamedQuery(
        "note.terminal", "SELECT terminal_id FROM terminal WHERE key = $1 ORDER BY name = $2 DESC, name LIMIT 1")
}
