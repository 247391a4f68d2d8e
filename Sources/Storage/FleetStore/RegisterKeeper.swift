package import Chronology
package import PostgresClient
package import Registers

/// One register as people look at it and change it: its things by id, each with its history.
package struct RegisterKeeper {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// In order of the ids, behind `cursor`; of those with `text` in a value, whatever its case.
    package func lines(
        of kind: RegisterKind, matching text: String?, at now: Instant, after cursor: String?, limit: Int
    ) throws -> [RegisterLine] {
        let rows = try self.connection.query(
            Self.selectLines,
            [
                .text(kind.rawValue), .optional(text), .text(now.description), .optional(cursor), .integer(limit),
            ])
        return try (0..<rows.rowCount).map { row in
            RegisterLine(
                id: rows.text(row, 0) ?? "", record: try Self.record(kind, rows.text(row, 1)),
                rows: Int(rows.integer(row, 2) ?? 0))
        }
    }

    /// `nil` where nothing was ever known of it, or nothing that the reader may see.
    package func item(_ id: String, of kind: RegisterKind) throws -> RegisterItem? {
        let rows = try self.connection.query(Self.selectEntries, [.text(kind.rawValue), .text(id)])
        guard rows.rowCount > 0 else { return nil }
        var item = RegisterItem(id: id, version: try self.version(of: id, kind), records: [], history: [])
        var revisions: [Int64: RegisterRevision] = [:]
        for row in 0..<rows.rowCount {
            let record = try Self.record(kind, rows.text(row, 0))
            // A query's result must not end up in a closure, as which a default value is taken.
            let made = Self.revision(rows.integer(row, 1), at: rows.integer(row, 2))
            revisions[made.importID, default: made].added.append(record)
            guard rows.boolean(row, 5) != true else {
                item.records.append(record)
                continue
            }
            let closed = Self.revision(rows.integer(row, 3), at: rows.integer(row, 4))
            revisions[closed.importID, default: closed].removed.append(record)
        }
        item.history = try self.explained(revisions).sorted { $0.importID > $1.importID }
        return item
    }

    /// Adds who did it, and what followed, as far as the reader may know.
    private func explained(_ revisions: [Int64: RegisterRevision]) throws(PostgresError) -> [RegisterRevision] {
        var revisions = revisions
        var byRevision: [Int64: Int64] = [:]
        let imports = try self.connection.query(Self.selectImports, [.array(revisions.keys.sorted())])
        for row in 0..<imports.rowCount {
            let id = imports.integer(row, 0) ?? 0
            revisions[id]?.by = imports.text(row, 1)
            revisions[id]?.source = imports.text(row, 2)
            if let revision = imports.integer(row, 3) { byRevision[revision] = id }
        }
        let effects = try self.connection.query(Self.selectEffects, [.array(byRevision.keys.sorted())])
        for row in 0..<effects.rowCount {
            guard let id = effects.integer(row, 0).flatMap({ byRevision[$0] }) else { continue }
            revisions[id]?.effect = RegisterRevision.Effect(
                appliedAt: Instant(microseconds: effects.integer(row, 1) ?? 0),
                vehicles: Int(effects.integer(row, 2) ?? 0), deliveries: Int(effects.integer(row, 3) ?? 0),
                changed: Int(effects.integer(row, 4) ?? 0))
        }
        let changed = try self.connection.query(Self.selectChanged, [.array(byRevision.keys.sorted())])
        for row in 0..<changed.rowCount {
            guard let id = changed.integer(row, 0).flatMap({ byRevision[$0] }), let delivery = changed.text(row, 1)
            else { continue }
            revisions[id]?.effect?.changedDeliveries.append(delivery)
        }
        return Array(revisions.values)
    }

    /// Of one thing: another one after every change of it.
    package func version(of id: String, _ kind: RegisterKind) throws(PostgresError) -> String {
        try self.connection.query(Self.selectVersion, [.text(kind.rawValue), .text(id)]).text(0, 0) ?? ""
    }

    /// Of a whole register: another one after every import or edit.
    package func version(of kind: RegisterKind) throws(PostgresError) -> String {
        try self.connection.query(Self.selectKindVersion, [.text(kind.rawValue)]).text(0, 0) ?? "0"
    }

    /// Waits for changes under way, then insists that things stand as whoever changes them saw them.
    package func require(version: String, of id: String?, _ kind: RegisterKind) throws {
        try RegisterStore(connection: self.connection).waitForOthers()
        let current = if let id { try self.version(of: id, kind) } else { try self.version(of: kind) }
        guard version == current else { throw RegisterConflict() }
    }

    private static func revision(_ id: Int64?, at microseconds: Int64?) -> RegisterRevision {
        RegisterRevision(importID: id ?? 0, at: Instant(microseconds: microseconds ?? 0), by: nil, source: nil)
    }

    private static func record(_ kind: RegisterKind, _ content: String?) throws -> RegisterRecord {
        try JSONText.decode(
            RegisterRecord.self, from: #"{"kind":"\#(kind.rawValue)","row":\#(content ?? "null")}"#)
    }

    private static let selectLines = NamedQuery(
        "register.keeper.lines",
        """
        SELECT id, content, (
            SELECT count(*) FROM register_entry o WHERE o.kind = $1 AND o.id = line.id AND o.known_to IS NULL)
        FROM (
            SELECT DISTINCT ON (id) id, content FROM register_entry
            WHERE kind = $1 AND known_to IS NULL AND ($4::text IS NULL OR id > $4)
                AND ($2::text IS NULL OR EXISTS (
                    SELECT FROM jsonb_each_text(content) AS field
                    WHERE field.key NOT IN ('fence', 'period') AND strpos(lower(field.value), lower($2)) > 0))
            ORDER BY id, (valid @> $3::timestamptz) DESC, lower(valid) DESC NULLS LAST
            LIMIT $5::bigint) AS line
        ORDER BY id
        """)
    private static let selectEntries = NamedQuery(
        "register.keeper.entries",
        """
        SELECT content, import_id, (extract(epoch FROM known_from) * 1000000)::bigint, closed_import,
            (extract(epoch FROM known_to) * 1000000)::bigint, known_to IS NULL
        FROM register_entry WHERE kind = $1 AND id = $2 ORDER BY lower(valid) NULLS FIRST, entry_id
        """)
    private static let selectImports = NamedQuery(
        "register.keeper.imports",
        "SELECT import_id, imported_by, source, revision FROM register_import WHERE import_id = ANY ($1::bigint[])")
    private static let selectEffects = NamedQuery(
        "register.keeper.effects",
        """
        SELECT revision, (extract(epoch FROM applied_at) * 1000000)::bigint, vehicles, deliveries, changed
        FROM register_effects($1::bigint[])
        """)
    private static let selectChanged = NamedQuery(
        "register.keeper.changed",
        "SELECT revision, delivery_id FROM register_effect_deliveries($1::bigint[])")
    private static let selectVersion = NamedQuery(
        "register.keeper.version",
        """
        SELECT coalesce(string_agg(entry_id::text, '.' ORDER BY entry_id), '') FROM register_entry
        WHERE kind = $1 AND id = $2 AND known_to IS NULL
        """)
    private static let selectKindVersion = NamedQuery(
        "register.keeper.kind",
        "SELECT coalesce(max(import_id), 0)::text FROM register_import WHERE kind = $1")
}
