package import Chronology
package import PostgresClient

/// The audit log: who did or saw what, and why. Entries are added and read; nothing changes or removes one.
package struct AuditStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// What is to be written down. Number, time and hashes are the database's.
    package struct Note: Hashable, Sendable {
        package var actor: String
        /// The actor's duty at that time; empty for a user of the operating system.
        package var role = ""
        /// `http` or `command line`.
        package var interface: String
        package var address = ""
        /// Such as `trail.read`, `account.add`, `log-in`.
        package var action: String
        package var subject = ""
        /// Case number or reason.
        package var purpose = ""
        /// `done` where something was shown or changed; `refused`; `not_found` where there was nothing of that name
        /// within the actor's reach.
        package var outcome = "done"
        /// The event time that a look was of, `from/to`; empty where there is none.
        package var period = ""

        package init(actor: String, interface: String, action: String) {
            self.actor = actor
            self.interface = interface
            self.action = action
        }

        /// `from/to`, with `..` where an end is open.
        package static func period(from: Instant?, to: Instant?) -> String {
            "\(from?.description ?? "..")/\(to?.description ?? "..")"
        }
    }

    /// One entry as it stands in the log.
    package struct Entry: Sendable {
        package var number: Int64
        package var occurredAt: Instant
        package var note: Note
        package var previousHash: [UInt8]
        package var hash: [UInt8]
    }

    /// Which entries to list; what is `nil` is not asked for.
    package struct Filter: Hashable, Sendable {
        package var from: Instant?
        package var to: Instant?
        package var actor: String?
        package var action: String?
        package var subject: String?
        package var outcome: String?
        /// Entries before this number: the newest come first.
        package var before: Int64?

        package init() {}
    }

    package func add(_ note: Note) throws(PostgresError) {
        try self.connection.query(
            Self.insert,
            [
                .text(note.actor), .text(note.role), .text(note.interface), .text(note.address), .text(note.action),
                .text(note.subject), .text(note.purpose), .text(note.outcome),
                .text(note.period),
            ])
    }

    /// The newest entries first.
    package func search(_ filter: Filter, limit: Int) throws(PostgresError) -> [Entry] {
        Self.entries(
            try self.connection.query(
                Self.selectNewest,
                [
                    .optional(filter.from?.description), .optional(filter.to?.description), .optional(filter.actor),
                    .optional(filter.action), .optional(filter.subject),
                    .optional(filter.before.map { String($0) }), .integer(limit), .optional(filter.outcome),
                ]))
    }

    /// What was done to the password of an account, the newest first: given, given anew, changed by its owner.
    package func passwords(of name: String, limit: Int) throws(PostgresError) -> [Entry] {
        Self.entries(try self.connection.query(Self.selectPasswords, [.text(name), .integer(limit)]))
    }

    /// Entries behind a number, the oldest first: the order of the chain.
    package func entries(after number: Int64, limit: Int) throws(PostgresError) -> [Entry] {
        Self.entries(try self.connection.query(Self.selectOldest, [.integer(number), .integer(limit)]))
    }

    /// The last link as it is kept beside the log.
    package func head() throws(PostgresError) -> (number: Int64, hash: [UInt8]) {
        let row = try self.connection.query(Self.selectHead)
        return (row.integer(0, 0) ?? 0, Self.bytes(row.text(0, 1)))
    }

    private static func entries(_ rows: consuming QueryResult) -> [Entry] {
        (0..<rows.rowCount).map { row in
            func text(_ column: Int) -> String { rows.text(row, column) ?? "" }
            var note = Note(actor: text(2), interface: text(4), action: text(6))
            note.role = text(3)
            note.address = text(5)
            note.subject = text(7)
            note.purpose = text(8)
            note.outcome = text(9)
            note.period = text(12)
            return Entry(
                number: rows.integer(row, 0) ?? 0, occurredAt: Instant(microseconds: rows.integer(row, 1) ?? 0),
                note: note, previousHash: Self.bytes(rows.text(row, 10)), hash: Self.bytes(rows.text(row, 11)))
        }
    }

    /// The bytes of a `bytea` in its text form `\x…`.
    private static func bytes(_ text: String?) -> [UInt8] {
        let digits = (text ?? "").utf8.dropFirst(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}

// MARK: - SQL

extension AuditStore {
    private static let insert = NamedQuery(
        "audit.insert",
        """
        INSERT INTO audit_log (actor, role, interface, address, action, subject, purpose, outcome, period)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """)
    private static let selectNewest = NamedQuery(
        "audit.newest",
        """
        SELECT entry_id, (extract(epoch FROM occurred_at) * 1000000)::bigint, actor, role, interface, address, action,
            subject, purpose, outcome, previous_hash, hash, period
        FROM audit_log
        WHERE ($1::timestamptz IS NULL OR occurred_at >= $1::timestamptz)
            AND ($2::timestamptz IS NULL OR occurred_at < $2::timestamptz)
            AND ($3::text IS NULL OR actor = $3) AND ($4::text IS NULL OR action = $4)
            AND ($5::text IS NULL OR subject = $5 OR starts_with(subject, 'D-' || $5 || '-'))
            AND ($6::bigint IS NULL OR entry_id < $6::bigint)
            AND ($8::text IS NULL OR outcome = $8)
        ORDER BY entry_id DESC LIMIT $7::integer
        """)
    private static let selectOldest = NamedQuery(
        "audit.oldest",
        """
        SELECT entry_id, (extract(epoch FROM occurred_at) * 1000000)::bigint, actor, role, interface, address, action,
            subject, purpose, outcome, previous_hash, hash, period
        FROM audit_log WHERE entry_id > $1::bigint ORDER BY entry_id LIMIT $2::integer
        """)
    private static let selectPasswords = NamedQuery(
        "audit.passwords",
        """
        SELECT entry_id, (extract(epoch FROM occurred_at) * 1000000)::bigint, actor, role, interface, address, action,
            subject, purpose, outcome, previous_hash, hash, period
        FROM audit_log
        WHERE subject = $1 AND action IN ('account.add', 'account.password', 'password.change') AND outcome = 'done'
        ORDER BY entry_id DESC LIMIT $2::integer
        """)
    private static let selectHead = NamedQuery("audit.head", "SELECT entry_id, hash FROM audit_head")
}
