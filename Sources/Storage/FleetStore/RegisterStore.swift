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
        /// Known rows that were taken back, or that the file's rows of the same id have taken the place of, without a
        /// successor of their own.
        package var withdrawn = 0
        /// Rows that cannot stand, by their index in the import; then nothing was changed.
        package var refused: [Refused] = []

        /// One row that contradicts what is known, or has an outline that is none.
        package struct Refused: Sendable, Hashable {
            package var index: Int
            /// `nil`: the row as a whole.
            package var column: String?
            /// The index of another row of the import that holds for the same thing at the same time.
            package var earlier: Int?
            package var zh: String
            package var en: String
        }
    }

    /// What a rehearsal found, or why nothing was changed; it rolls the transaction back.
    package struct Undone: Error {
        package var outcome: ImportOutcome
    }

    /// Imports rows of one kind in one transaction of its own; see `put`.
    package func importRecords(
        _ records: [RegisterRecord], kind: RegisterKind, source: String, by user: String, replaces: Bool = false,
        isRehearsal: Bool = false
    ) throws -> ImportOutcome {
        do {
            return try self.connection.transaction {
                try self.put(
                    records, kind: kind, source: source, by: user, replaces: replaces, replacesNumbers: replaces,
                    isRehearsal: isRehearsal)
            }
        } catch let undone as Undone {
            return undone.outcome
        }
    }

    /// Takes rows back that were cancelled, or entered by mistake, in one transaction of its own: of their ids nothing
    /// is known from now on, and what was known stays readable with its time.
    /// - Returns: how many were withdrawn; `unchanged` are ids of which nothing was known.
    package func withdraw(
        _ ids: Set<String>, kind: RegisterKind, source: String, by user: String
    ) throws -> ImportOutcome {
        try self.connection.transaction {
            let known = try self.connection.query(Self.selectKnown, [.text(kind.rawValue), .array(ids.sorted())])
            var outcome = try self.put(
                [], withdrawn: (0..<known.rowCount).compactMap { known.text($0, 0) }, kind: kind, source: source,
                by: user)
            outcome.unchanged = ids.count - known.rowCount
            return outcome
        }
    }

    /// Takes rows of one kind in, inside a transaction: what is known already stays, what differs is known from now on
    /// in its new form, and the old form stays readable with the time until which it was known.
    ///
    /// - Parameters:
    ///   - withdrawn: ids of which nothing is known any more but what `records` says.
    ///   - replaces: the rows of an id are all that there is of it. Otherwise a known row gives way only to one that
    ///     begins with it, or to rows that cover its time.
    ///   - replacesNumbers: a delivery note takes the place of the others that its plant issued under its number about
    ///     that time: its plate, site or time was corrected. A number may begin anew each year.
    ///   - isRehearsal: says what is wrong and changes nothing.
    /// - Throws: `Undone` where nothing may stay.
    package func put(
        _ records: [RegisterRecord], withdrawn: [String] = [], kind: RegisterKind, source: String, by user: String,
        replaces: Bool = false, replacesNumbers: Bool = false, isRehearsal: Bool = false
    ) throws -> ImportOutcome {
        var withdrawn = withdrawn
        var outcome = ImportOutcome()
        guard !records.isEmpty || !withdrawn.isEmpty else { return outcome }
        try self.connection.query(Self.lock)
        try self.connection.query(Self.createIncoming)
        try self.connection.query(Self.fillIncoming, try Self.columns(of: records))
        outcome.refused = try self.invalidFences()
        guard outcome.refused.isEmpty else { throw Undone(outcome: outcome) }
        let importID =
            try self.connection.query(Self.insertImport, [.text(kind.rawValue), .text(source), .text(user)])
            .integer(0, 0) ?? 0
        if kind == .tickets {
            if replacesNumbers { withdrawn += try self.correctedNotes() }
            try self.connection.query(Self.insertNotesOfWithdrawn, [.array(withdrawn)])
        }
        let counts = try self.connection.query(
            Self.closeChanged, [.text(kind.rawValue), .boolean(replaces), .integer(importID), .array(withdrawn)])
        outcome.unchanged = Int(counts.integer(0, 0) ?? 0)
        let closed = Int(counts.integer(0, 1) ?? 0)
        outcome.refused = try self.overlaps(kind) + self.repetitions()
        guard outcome.refused.isEmpty else { throw Undone(outcome: outcome) }
        if kind == .tickets { try self.connection.query(Self.insertNotes) }
        let answer = try self.connection.query(Self.insertNew, [.text(kind.rawValue), .integer(importID)])
        let inserted = Int(answer.integer(0, 0) ?? 0)
        outcome.changed = min(closed, inserted)
        outcome.added = inserted - outcome.changed
        outcome.withdrawn = closed - outcome.changed
        guard !isRehearsal else { throw Undone(outcome: outcome) }
        var revision: Int64?
        if inserted + closed > 0, Self.judgedBy.contains(kind) {
            revision = try self.connection.query(Self.advance).integer(0, 0)
        }
        if inserted + closed > 0, kind == .terminals { try self.connection.query(Self.advanceTerminals) }
        try self.connection.query(
            Self.finishImport,
            [
                .integer(importID), .integer(outcome.added), .integer(outcome.changed), .integer(outcome.unchanged),
                .optional(revision.map { String($0) }),
            ])
        return outcome
    }

    /// The other changes of registers wait until this transaction has ended.
    func waitForOthers() throws(PostgresError) { try self.connection.query(Self.lock) }

    /// Days between two notes of one plant and number that are one note, corrected: half of the year after which
    /// numbers may begin anew.
    private static let numberDays = 183.0

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

    /// The known notes with a plant and number of the import that it holds no more.
    private func correctedNotes() throws(PostgresError) -> [String] {
        let rows = try self.connection.query(Self.selectCorrectedNotes, [.double(Self.numberDays)])
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    private func invalidFences() throws(PostgresError) -> [ImportOutcome.Refused] {
        let rows = try self.connection.query(Self.selectInvalidFences)
        return (0..<rows.rowCount).map { row in
            let reason = rows.text(row, 1) ?? ""
            return .init(
                index: Int(rows.integer(row, 0) ?? 0), column: "fence_wkt", zh: "围栏不是有效的多边形（\(reason)）",
                en: "the fence is not a valid polygon (\(reason))")
        }
    }

    private func overlaps(_ kind: RegisterKind) throws(PostgresError) -> [ImportOutcome.Refused] {
        let rows = try self.connection.query(Self.selectOverlaps, [.text(kind.rawValue)])
        return (0..<rows.rowCount).map { row in
            let known = rows.text(row, 1) ?? ""
            return .init(
                index: Int(rows.integer(row, 0) ?? 0), column: "valid_from",
                zh: "有效期与已登记的一行重叠（\(known)）：请导入该编号的全部行，并加 --replace",
                en: "its dates overlap a known row (\(known)): import all rows of this id, with --replace")
        }
    }

    /// Rows of one thing that hold at the same time: a file's reader says so before, by their lines, and all the same
    /// asks for a rehearsal, so that whatever else is wrong is said with it.
    private func repetitions() throws(PostgresError) -> [ImportOutcome.Refused] {
        let rows = try self.connection.query(Self.selectRepetitions)
        return (0..<rows.rowCount).map { row in
            let id = rows.text(row, 2) ?? ""
            return .init(
                index: Int(rows.integer(row, 0) ?? 0), earlier: Int(rows.integer(row, 1) ?? 0),
                zh: "同一编号「\(id)」在本次导入中已有一行，有效期重叠", en: "another row of this import is about \"\(id)\" at the same time")
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
        case .zone(let row): try JSONText.encode(row)
        case .accident(let row): try JSONText.encode(row)
        case .baseline(let row): try JSONText.encode(row)
        case .plan(let row): try JSONText.encode(row)
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
            UPDATE register_entry e SET known_to = clock_timestamp(), closed_import = $3::bigint
            WHERE e.kind = $1 AND e.known_to IS NULL
                AND (e.id IN (SELECT id FROM incoming_entry) OR e.id = ANY ($4::text[]))
                AND NOT EXISTS (
                    SELECT FROM incoming_entry i WHERE i.id = e.id AND i.valid = e.valid AND i.content = e.content)
                AND ($2::boolean OR e.id = ANY ($4::text[])
                    OR EXISTS (
                        SELECT FROM incoming_entry i
                        WHERE i.id = e.id AND lower(i.valid) IS NOT DISTINCT FROM lower(e.valid))
                    OR e.valid <@ (SELECT range_agg(i.valid) FROM incoming_entry i WHERE i.id = e.id))
            RETURNING e.entry_id)
        SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM closed)
        """)
    private static let selectOverlaps = NamedQuery(
        "register.overlaps",
        """
        SELECT i.ordinal,
            coalesce(to_char(lower(e.valid) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), '') || ' – '
                || coalesce(to_char((upper(e.valid) - interval '1 s') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), '')
        FROM incoming_entry i
        JOIN register_entry e ON e.kind = $1 AND e.id = i.id AND e.known_to IS NULL AND e.valid && i.valid
        WHERE NOT i.is_known ORDER BY i.ordinal
        """)
    private static let selectRepetitions = NamedQuery(
        "register.incoming.repetitions",
        """
        SELECT later.ordinal, min(earlier.ordinal), min(later.id)
        FROM incoming_entry later
        JOIN incoming_entry earlier
            ON earlier.id = later.id AND earlier.ordinal < later.ordinal AND earlier.valid && later.valid
        GROUP BY later.ordinal ORDER BY later.ordinal
        """)
    private static let selectKnown = NamedQuery(
        "register.known",
        "SELECT DISTINCT id FROM register_entry WHERE kind = $1 AND known_to IS NULL AND id = ANY ($2::text[])")
    /// Analysis turns these into deliveries that are due: it alone writes there, so the two never wait for each other.
    private static let insertNotes = NamedQuery(
        "register.tickets.changed",
        """
        WITH changed AS (
            INSERT INTO note_change (plant, plate, issued_at)
            SELECT DISTINCT content ->> 'plantID', content ->> 'plate',
                to_timestamp((content ->> 'issuedAt')::numeric / 1000000)
            FROM incoming_entry WHERE NOT is_known)
        SELECT pg_notify('tongxing_log', '')
        """)
    /// And those that were held against them: the others with their numbers.
    private static let insertNotesOfWithdrawn = NamedQuery(
        "register.tickets.withdrawn",
        """
        INSERT INTO note_change (plant, plate, issued_at)
        SELECT DISTINCT content ->> 'plantID', content ->> 'plate',
            to_timestamp((content ->> 'issuedAt')::numeric / 1000000)
        FROM (
            SELECT content FROM register_entry WHERE kind = 'tickets' AND known_to IS NULL AND id = ANY ($1::text[])
            UNION ALL
            SELECT o.content FROM register_entry e
            JOIN register_entry o ON o.kind = 'tickets' AND o.known_to IS NULL
                AND o.note_plant = e.note_plant AND o.note_number = e.note_number
            WHERE e.kind = 'tickets' AND e.known_to IS NULL AND e.id = ANY ($1::text[])) AS touched
        """)
    private static let selectCorrectedNotes = NamedQuery(
        "register.tickets.corrected",
        """
        SELECT DISTINCT e.id
        FROM (
            SELECT content ->> 'plantID' AS plant, content ->> 'ticketID' AS number,
                (content ->> 'issuedAt')::numeric AS issued_at
            FROM incoming_entry OFFSET 0) AS i
        JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL
            AND e.note_plant = i.plant AND e.note_number = i.number
            AND abs(e.note_issued_at::numeric - i.issued_at) / 1000000
                < $1::float8 * 86400
        WHERE e.id NOT IN (SELECT id FROM incoming_entry) ORDER BY e.id
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
        UPDATE register_import SET added = $2::integer, changed = $3::integer, unchanged = $4::integer,
            revision = $5::bigint
        WHERE import_id = $1
        """)
    private static let advance = NamedQuery(
        "register.advance",
        """
        WITH changed AS (UPDATE register_state SET revision = revision + 1 RETURNING revision)
        SELECT revision, pg_notify('tongxing_register', revision::text) FROM changed
        """)
    /// Ingestion reads devices by this register (`LogWriter.changedDevices`).
    private static let advanceTerminals = NamedQuery(
        "register.terminals.advance", "UPDATE register_state SET terminals_revision = terminals_revision + 1")
    private static let selectRevision = NamedQuery("register.revision", "SELECT revision FROM register_state")
    private static let selectCurrent = NamedQuery(
        "register.current",
        """
        SELECT kind, content FROM register_entry
        WHERE known_to IS NULL AND kind IN ('plants', 'sites', 'places', 'vehicles')
        ORDER BY kind, id, lower(valid) NULLS FIRST
        """)
}
