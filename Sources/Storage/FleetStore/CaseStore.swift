package import Casework
package import Chronology
package import PostgresClient

/// Cases and their entries: rows are added, never changed.
package struct CaseStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The newest first, behind the case `after`.
    package func list(after: (openedAt: Instant, id: String)?, limit: Int) throws -> [CaseFile] {
        let rows = try self.connection.query(
            Self.selectNewest, [.optional(after?.openedAt.description), .optional(after?.id), .integer(limit)])
        return try self.files(rows)
    }

    package func file(_ id: String) throws -> CaseFile? {
        try self.files(try self.connection.query(Self.selectOne, [.text(id)])).first
    }

    /// The cases that a thing is in.
    package func cases(with item: CaseItem) throws -> [CaseFile] {
        let wanted = try JSONText.encode(CaseEntry.Content.item(item))
        let rows = try self.connection.query(Self.selectWith, [.text(wanted)])
        return try self.files(rows).filter { $0.items.contains(item) }
    }

    /// Opens a case.
    /// - Returns: its number.
    package func open(
        _ title: String, by name: String, role: String, district: String?
    ) throws(PostgresError) -> String {
        let row = try self.connection.query(
            Self.insert, [.text(title), .text(name), .text(role), .optional(district)])
        return row.text(0, 0) ?? ""
    }

    /// Adds an entry, and the terms that begin with it; refused when it does not follow.
    /// - Returns: `false` where there is no such case.
    package func add(_ content: CaseEntry.Content, to id: String, by name: String, role: String) throws -> Bool {
        try self.connection.query(Self.lock, [.text("case " + id)])
        guard let file = try self.file(id) else { return false }
        try file.requireTakes(content)
        if case .item(let item) = content, try !self.isThere(item) {
            throw CaseworkRefusal(
                zh: "没有 \(item.kind.rawValue) \(item.id)", en: "there is no \(item.kind.rawValue) \(item.id)")
        }
        let now = Instant(microseconds: try self.connection.query(Self.clock).integer(0, 0) ?? 0)
        for entry in [content] + CaseFile.terms(startedBy: content, at: now) {
            try self.connection.query(
                Self.insertEntry, [.text(id), .text(name), .text(role), .text(try JSONText.encode(entry))])
        }
        return true
    }

    /// Whether the thing is there for the one who asks.
    private func isThere(_ item: CaseItem) throws(PostgresError) -> Bool {
        let query =
            switch item.kind {
            case .delivery: Self.findDelivery
            case .suspectedPlant: Self.findSuspect
            case .alert: Self.findAlert
            }
        return try self.connection.query(query, [.text(item.id)]).rowCount > 0
    }

    private func files(_ rows: borrowing QueryResult) throws -> [CaseFile] {
        guard rows.rowCount > 0 else { return [] }
        var entries: [String: [CaseEntry]] = [:]
        let found = try self.connection.query(
            Self.selectEntries, [.array((0..<rows.rowCount).map { rows.text($0, 0) })])
        for row in 0..<found.rowCount {
            entries[found.text(row, 0) ?? "", default: []].append(
                CaseEntry(
                    entryID: found.integer(row, 1) ?? 0, at: Instant(microseconds: found.integer(row, 2) ?? 0),
                    by: found.text(row, 3) ?? "", role: found.text(row, 4) ?? "",
                    content: try JSONText.decode(CaseEntry.Content.self, from: found.text(row, 5) ?? "")))
        }
        return (0..<rows.rowCount).map { row in
            let id = rows.text(row, 0) ?? ""
            return CaseFile(
                caseID: id, title: rows.text(row, 1) ?? "",
                openedAt: Instant(microseconds: rows.integer(row, 2) ?? 0), openedBy: rows.text(row, 3) ?? "",
                district: rows.text(row, 4), entries: entries[id] ?? [])
        }
    }

    private static let findDelivery = NamedQuery(
        "case.delivery",
        """
        SELECT FROM delivery WHERE delivery_id = $1
        UNION ALL
        SELECT FROM delivery_superseded WHERE delivery_id = $1
        """)
    private static let findSuspect = NamedQuery(
        "case.suspect", "SELECT FROM suspected_plant WHERE suspected_plant_id = $1")
    private static let findAlert = NamedQuery("case.alert", "SELECT FROM alert WHERE alert_id = $1")
    private static let lock = NamedQuery("case.lock", "SELECT pg_advisory_xact_lock(7302, hashtext($1))")
    private static let clock = NamedQuery(
        "case.clock", "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
    private static let selectNewest = NamedQuery(
        "case.list",
        """
        SELECT case_id, title, (extract(epoch FROM opened_at) * 1000000)::bigint, opened_by, district
        FROM enforcement_case
        WHERE $1::timestamptz IS NULL OR (opened_at, case_id) < ($1::timestamptz, $2::text)
        ORDER BY opened_at DESC, case_id DESC LIMIT $3::integer
        """)
    private static let selectOne = NamedQuery(
        "case.one",
        """
        SELECT case_id, title, (extract(epoch FROM opened_at) * 1000000)::bigint, opened_by, district
        FROM enforcement_case WHERE case_id = $1
        """)
    private static let selectWith = NamedQuery(
        "case.with",
        """
        SELECT case_id, title, (extract(epoch FROM opened_at) * 1000000)::bigint, opened_by, district
        FROM enforcement_case c
        WHERE EXISTS (SELECT FROM case_entry e WHERE e.case_id = c.case_id AND e.content = $1::jsonb)
        ORDER BY opened_at DESC LIMIT 100
        """)
    private static let insert = NamedQuery(
        "case.open",
        """
        INSERT INTO enforcement_case (title, opened_by, role, district) VALUES ($1, $2, $3, $4) RETURNING case_id
        """)
    private static let insertEntry = NamedQuery(
        "case.entry",
        "INSERT INTO case_entry (case_id, entered_by, role, content) VALUES ($1, $2, $3, $4::jsonb)")
    private static let selectEntries = NamedQuery(
        "case.entries",
        """
        SELECT case_id, entry_id, (extract(epoch FROM entered_at) * 1000000)::bigint, entered_by, role, content
        FROM case_entry WHERE case_id = ANY($1::text[]) ORDER BY entry_id
        """)
}
