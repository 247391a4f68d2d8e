import Chronology
import Geodesy
package import PostgresClient
package import Registers

/// The registers in the database: imports that keep history, and the snapshot that analysis judges by.
package struct RegisterStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// What an import did.
    package struct ImportOutcome: Sendable, Hashable {
        package var added = 0
        package var changed = 0
        package var unchanged = 0
        /// Rows that cannot stand, by their index in the import; then nothing was changed.
        package var refused: [Refused] = []

        /// One row that contradicts what is known, or has an outline that is none.
        package struct Refused: Sendable, Hashable {
            package var index: Int
            package var zh: String
            package var en: String
        }
    }

    /// Imports rows of one kind in one transaction: what is known already stays, what differs is known from now on in
    /// its new form, and the old form stays readable with the time until which it was known.
    package func importRecords(
        _ records: [RegisterRecord], kind: RegisterKind, source: String, by user: String
    ) throws -> ImportOutcome {
        var outcome = ImportOutcome()
        guard !records.isEmpty else { return outcome }
        let columns = try Self.columns(of: records)
        try self.connection.execute("BEGIN", name: "begin")
        do {
            try self.connection.query(Self.lock)
            try self.connection.query(Self.createIncoming)
            try self.connection.query(Self.fillIncoming, columns)
            outcome.refused = try self.invalidFences()
            guard outcome.refused.isEmpty else {
                try self.connection.execute("ROLLBACK", name: "rollback")
                return outcome
            }
            let importID =
                try self.connection.query(
                    Self.insertImport, [.text(kind.rawValue), .text(source), .text(user)]
                ).integer(0, 0) ?? 0
            let counts = try self.connection.query(Self.closeChanged, [.text(kind.rawValue)])
            outcome.unchanged = Int(counts.integer(0, 0) ?? 0)
            outcome.changed = Int(counts.integer(0, 1) ?? 0)
            outcome.refused = try self.overlaps(kind)
            guard outcome.refused.isEmpty else {
                try self.connection.execute("ROLLBACK", name: "rollback")
                return outcome
            }
            let inserted =
                try self.connection.query(
                    Self.insertNew, [.text(kind.rawValue), .integer(importID)]
                ).integer(0, 0) ?? 0
            outcome.added = Int(inserted) - outcome.changed
            try self.connection.query(
                Self.finishImport,
                [.integer(importID), .integer(outcome.added), .integer(outcome.changed), .integer(outcome.unchanged)])
            if inserted > 0, Self.judgedBy.contains(kind) { try self.connection.query(Self.advance) }
            try self.connection.execute("COMMIT", name: "commit")
            return outcome
        } catch {
            if !self.connection.isBroken { try? self.connection.execute("ROLLBACK", name: "rollback") }
            throw error
        }
    }

    /// The kinds whose change can change a judgement.
    private static let judgedBy: Set<RegisterKind> = [.plants, .sites, .places, .vehicles]

    /// Everything known now that judgements rest on.
    package func snapshot() throws -> RegisterSnapshot {
        var snapshot = RegisterSnapshot(revision: try self.revision())
        let rows = try self.connection.query(Self.selectCurrent)
        for row in 0..<rows.rowCount {
            guard let kind = rows.text(row, 0), let content = rows.text(row, 1) else { continue }
            switch RegisterKind(rawValue: kind) {
            case .plants: snapshot.plants.append(try JSONText.decode(Plant.self, from: content))
            case .sites: snapshot.sites.append(try JSONText.decode(Site.self, from: content))
            case .places: snapshot.places.append(try JSONText.decode(Place.self, from: content))
            case .vehicles: snapshot.vehicles.append(try JSONText.decode(Vehicle.self, from: content))
            default: break
            }
        }
        return snapshot
    }

    package func revision() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectRevision).integer(0, 0) ?? 0
    }

    private func invalidFences() throws(PostgresError) -> [ImportOutcome.Refused] {
        let rows = try self.connection.query(Self.selectInvalidFences)
        return (0..<rows.rowCount).map { row in
            let reason = rows.text(row, 1) ?? ""
            return .init(
                index: Int(rows.integer(row, 0) ?? 0), zh: "围栏不是有效的多边形（\(reason)）",
                en: "the fence is not a valid polygon (\(reason))")
        }
    }

    private func overlaps(_ kind: RegisterKind) throws(PostgresError) -> [ImportOutcome.Refused] {
        let rows = try self.connection.query(Self.selectOverlaps, [.text(kind.rawValue)])
        return (0..<rows.rowCount).map { row in
            let known = rows.text(row, 1) ?? ""
            return .init(
                index: Int(rows.integer(row, 0) ?? 0),
                zh: "有效期与已登记的一行重叠（\(known)）：请把该编号的所有行一起导入",
                en: "its dates overlap a row that is known (\(known)): import all rows of this id together")
        }
    }

    private static func columns(of records: [RegisterRecord]) throws -> [PostgresValue] {
        var ids: [String?] = []
        var ranges: [String?] = []
        var contents: [String?] = []
        var outlines: [String?] = []
        var radii: [String?] = []
        for record in records {
            ids.append(record.key)
            ranges.append(Self.range(record.period))
            contents.append(try Self.content(of: record))
            switch record.fence {
            case .circle(let center, let radius):
                outlines.append("POINT(\(center.longitude) \(center.latitude))")
                radii.append(String(radius))
            case .polygon:
                outlines.append(record.fence?.wkt)
                radii.append(nil)
            case nil:
                outlines.append(nil)
                radii.append(nil)
            }
        }
        return [.array(ids), .array(ranges), .array(contents), .array(outlines), .array(radii)]
    }

    private static func range(_ period: ValidPeriod) -> String {
        let from = period.from == .distantPast ? "" : period.from.description
        return "[\(from),\(period.to?.description ?? ""))"
    }

    private static func content(of record: RegisterRecord) throws -> String {
        switch record {
        case .plant(let row): try JSONText.encode(row)
        case .site(let row): try JSONText.encode(row)
        case .place(let row): try JSONText.encode(row)
        case .vehicle(let row): try JSONText.encode(row)
        case .terminal(let row): try JSONText.encode(row)
        case .ticket(let row): try JSONText.encode(row)
        case .company(let row): try JSONText.encode(row)
        case .district(let row): try JSONText.encode(row)
        }
    }
}

// MARK: - SQL

extension RegisterStore {
    private static let lock = NamedQuery("register.lock", "SELECT pg_advisory_xact_lock(7303, 0)")
    private static let createIncoming = NamedQuery(
        "register.incoming.create",
        """
        CREATE TEMP TABLE incoming_entry (
            ordinal integer NOT NULL, id text NOT NULL, valid tstzrange NOT NULL, content jsonb NOT NULL,
            fence geometry, is_known boolean NOT NULL DEFAULT false) ON COMMIT DROP
        """)
    private static let fillIncoming = NamedQuery(
        "register.incoming.fill",
        """
        INSERT INTO incoming_entry (ordinal, id, valid, content, fence)
        SELECT ordinal - 1, id, valid, content,
            CASE WHEN radius IS NULL THEN ST_GeomFromText(outline, 4326)
                ELSE ST_Buffer(ST_GeomFromText(outline, 4326)::geography, radius)::geometry END
        FROM unnest($1::text[], $2::tstzrange[], $3::jsonb[], $4::text[], $5::float8[])
            WITH ORDINALITY AS row (id, valid, content, outline, radius, ordinal)
        """)
    private static let selectInvalidFences = NamedQuery(
        "register.incoming.invalid",
        """
        SELECT ordinal, ST_IsValidReason(fence) FROM incoming_entry WHERE fence IS NOT NULL AND NOT ST_IsValid(fence)
        ORDER BY ordinal
        """)
    private static let insertImport = NamedQuery(
        "register.import.insert",
        "INSERT INTO register_import (kind, source, imported_by) VALUES ($1, $2, $3) RETURNING import_id")
    private static let closeChanged = NamedQuery(
        "register.close",
        """
        WITH known AS (
            UPDATE incoming_entry i SET is_known = true FROM register_entry e
            WHERE e.kind = $1 AND e.id = i.id AND e.known_to IS NULL AND e.valid = i.valid AND e.content = i.content
            RETURNING i.ordinal),
        closed AS (
            UPDATE register_entry e SET known_to = clock_timestamp() FROM incoming_entry i
            WHERE e.kind = $1 AND e.id = i.id AND e.known_to IS NULL
                AND lower(e.valid) IS NOT DISTINCT FROM lower(i.valid)
                AND NOT (e.valid = i.valid AND e.content = i.content)
            RETURNING e.entry_id)
        SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM closed)
        """)
    private static let selectOverlaps = NamedQuery(
        "register.overlaps",
        """
        SELECT i.ordinal, e.valid::text FROM incoming_entry i
        JOIN register_entry e ON e.kind = $1 AND e.id = i.id AND e.known_to IS NULL AND e.valid && i.valid
        WHERE NOT i.is_known ORDER BY i.ordinal
        """)
    private static let insertNew = NamedQuery(
        "register.insert",
        """
        WITH inserted AS (
            INSERT INTO register_entry (kind, id, valid, content, fence, import_id)
            SELECT $1, id, valid, content, fence, $2::bigint FROM incoming_entry WHERE NOT is_known ORDER BY ordinal
            RETURNING 1)
        SELECT count(*) FROM inserted
        """)
    private static let finishImport = NamedQuery(
        "register.import.finish",
        """
        UPDATE register_import SET added = $2::integer, changed = $3::integer, unchanged = $4::integer
        WHERE import_id = $1
        """)
    private static let advance = NamedQuery(
        "register.advance",
        """
        WITH changed AS (UPDATE register_state SET revision = revision + 1 RETURNING revision)
        SELECT pg_notify('tongxing_register', revision::text) FROM changed
        """)
    private static let selectRevision = NamedQuery("register.revision", "SELECT revision FROM register_state")
    private static let selectCurrent = NamedQuery(
        "register.current",
        """
        SELECT kind, content FROM register_entry
        WHERE known_to IS NULL AND kind IN ('plants', 'sites', 'places', 'vehicles')
        ORDER BY kind, id, lower(valid) NULLS FIRST
        """)
}
