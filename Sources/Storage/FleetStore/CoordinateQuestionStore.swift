package import Deliveries
package import Geodesy
package import PostgresClient
package import Registers
package import Suspicions
import Tracks

/// Rows of the registers whose coordinates are in question, and what people said of them.
package struct CoordinateQuestionStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// A fence of the registers as it is known now.
    package struct Row: Sendable {
        package var checked: StoredFenceCheck.Row
        /// Names the fence itself: an answer holds for no other.
        package var fenceKey: String
        package var isAnswered: Bool
    }

    /// The fences of plants, sites and places.
    package func rows() throws -> [Row] {
        let rows = try self.connection.query(Self.selectRows)
        return try (0..<rows.rowCount).compactMap { row in
            guard let kind = Self.kinds[rows.text(row, 0) ?? ""], let id = rows.text(row, 1) else { return nil }
            return Row(
                checked: StoredFenceCheck.Row(
                    place: PlaceReference(kind, id), importID: rows.integer(row, 2) ?? 0,
                    fence: try JSONText.decode(Fence.self, from: rows.text(row, 3) ?? "")),
                fenceKey: rows.text(row, 4) ?? "", isAnswered: rows.boolean(row, 5) ?? false)
        }
    }

    /// The questions that stand open about rows as they are known now.
    package func open() throws -> [QuestionedPlace] {
        let rows = try self.connection.query(Self.selectOpen)
        return try (0..<rows.rowCount).compactMap { row in
            guard let kind = Self.kinds[rows.text(row, 0) ?? ""], let id = rows.text(row, 1),
                let declared = CoordinateSystem(rawValue: rows.text(row, 2) ?? ""),
                let likely = CoordinateSystem(rawValue: rows.text(row, 3) ?? "")
            else { return nil }
            let fence = try JSONText.decode(Fence.self, from: rows.text(row, 6) ?? "")
            return QuestionedPlace(
                place: PlaceReference(kind, id), fence: fence.reread(declared: declared, as: likely),
                declared: declared, likely: likely, haltsDeclared: Int(rows.integer(row, 4) ?? 0),
                haltsLikely: Int(rows.integer(row, 5) ?? 0))
        }
    }

    /// Where loads with a note for a site were dropped outside every register, the newest loads, by site.
    package func notedDrops(limit: Int) throws(PostgresError) -> [String: [Coordinate]] {
        let rows = try self.connection.query(Self.selectNotedDrops, [.integer(limit)])
        var found: [String: [Coordinate]] = [:]
        for row in 0..<rows.rowCount {
            guard let site = rows.text(row, 0), let latitude = rows.integer(row, 1),
                let longitude = rows.integer(row, 2)
            else { continue }
            found[site, default: []].append(
                Coordinate(latitudeE7: Int32(clamping: latitude), longitudeE7: Int32(clamping: longitude)))
        }
        return found
    }

    /// Whose coordinates a person confirmed, in all fences that are known of it now.
    package func confirmed() throws -> Set<PlaceReference> {
        let rows = try self.connection.query(Self.selectConfirmed)
        return Set(
            (0..<rows.rowCount).compactMap { row in
                Self.kinds[rows.text(row, 0) ?? ""].flatMap { kind in rows.text(row, 1).map { PlaceReference(kind, $0) }
                }
            })
    }

    /// Puts what is asked now in the place of what was; to be called in a transaction. Who halted where a question came
    /// or went is derived again, and judged by what is known then.
    /// - Returns: the questions that are new.
    package func replace(with asked: [(row: Row, question: QuestionedPlace)]) throws -> [QuestionedPlace] {
        let before = try self.open()
        try self.connection.query(
            Self.deleteOthers,
            [
                .array(asked.map { Self.name($0.row.checked.place.kind) }),
                .array(asked.map { $0.row.checked.place.id }),
                .array(asked.map { $0.row.fenceKey }),
            ])
        for (row, question) in asked {
            try self.connection.query(
                Self.insert,
                [
                    .text(Self.name(row.checked.place.kind)), .text(row.checked.place.id), .text(row.fenceKey),
                    .text(question.declared.rawValue), .text(question.likely.rawValue),
                    .integer(question.haltsDeclared), .integer(question.haltsLikely),
                ])
        }
        let after = try self.open()
        func key(_ question: QuestionedPlace) -> [String] { [question.place.id, "\(question.fence)"] }
        let (old, new) = (Set(before.map(key)), Set(after.map(key)))
        let (gone, come) = (before.filter { !new.contains(key($0)) }, after.filter { !old.contains(key($0)) })
        try self.touch(gone + come, by: "analysis", reason: "coordinates in question")
        return come
    }

    /// A person says that these rows, as they are known now, are right as they were declared; to be called in a
    /// transaction.
    package func answer(_ ids: [String], of kind: RegisterKind, by user: String) throws {
        guard Self.kinds[kind.rawValue] != nil, !ids.isEmpty else { return }
        let named = Set(ids)
        let open = try self.open().filter { Self.name($0.place.kind) == kind.rawValue && named.contains($0.place.id) }
        let fresh = try self.rows().filter {
            !$0.isAnswered && Self.name($0.checked.place.kind) == kind.rawValue && named.contains($0.checked.place.id)
        }
        try self.connection.query(Self.insertAnswers, [.text(kind.rawValue), .array(ids), .text(user)])
        try self.touch(open, by: user, reason: "coordinates confirmed")
        guard kind == .sites, !fresh.isEmpty else { return }
        // Nobody had asked about these, and what their notes said may have been held by their coordinates alone.
        let rows = try self.connection.query(
            Self.insertDueByNotes,
            [
                .array(Set(fresh.map(\.checked.place.id)).sorted()),
                .text("\(user): coordinates confirmed"),
            ])
        let held = Set((0..<rows.rowCount).compactMap { rows.text($0, 0) })
        for row in fresh
        where held.contains(row.checked.place.id) && !open.contains(where: { $0.place == row.checked.place }) {
            // The world is read again with it, before they are judged.
            try self.note(
                row.checked.fence, of: row.checked.place.id, by: user, reason: "coordinates confirmed")
        }
    }

    private func touch(_ questions: [QuestionedPlace], by user: String, reason: String) throws {
        for question in questions {
            try self.note(question.fence, of: question.place.id, by: user, reason: reason)
        }
    }

    private func note(_ fence: Fence, of id: String, by user: String, reason: String) throws {
        let box = fence.boundingBox
        let middle = Coordinate(
            latitudeE7: Int32((Int64(box.south) + Int64(box.north)) / 2),
            longitudeE7: Int32((Int64(box.west) + Int64(box.east)) / 2))
        let corner = Coordinate(latitudeE7: box.north, longitudeE7: box.east)
        let change = PlaceChange(
            suspectedPlantID: id, coordinate: middle, radiusMetres: middle.distanceMetres(to: corner))
        try SuspectStore(connection: self.connection).note([change], by: user, reason: "\(reason): \(id)")
    }

    private static let kinds: [String: PlaceReference.Kind] = [
        RegisterKind.plants.rawValue: .plant, RegisterKind.sites.rawValue: .site, RegisterKind.places.rawValue: .place,
    ]

    private static func name(_ kind: PlaceReference.Kind) -> String {
        switch kind {
        case .plant: RegisterKind.plants.rawValue
        case .site: RegisterKind.sites.rawValue
        case .place: RegisterKind.places.rawValue
        }
    }
}

// MARK: - SQL

extension CoordinateQuestionStore {
    private static let selectRows = NamedQuery(
        "coordinates.rows",
        """
        SELECT DISTINCT ON (e.kind, e.id, md5(e.content ->> 'fence')) e.kind, e.id, e.import_id, e.content ->> 'fence',
            md5(e.content ->> 'fence'), q.answered_at IS NOT NULL
        FROM register_entry e
        LEFT JOIN coordinate_question q ON q.kind = e.kind AND q.id = e.id
            AND q.fence_key = md5(e.content ->> 'fence')
        WHERE e.known_to IS NULL AND e.kind IN ('plants', 'sites', 'places') AND e.content ->> 'fence' IS NOT NULL
        ORDER BY e.kind, e.id, md5(e.content ->> 'fence'), e.import_id
        """)
    private static let selectOpen = NamedQuery(
        "coordinates.open",
        """
        SELECT DISTINCT ON (q.kind, q.id, q.fence_key) q.kind, q.id, q.declared, q.likely, q.halts_declared,
            q.halts_likely, e.content ->> 'fence'
        FROM coordinate_question q
        JOIN register_entry e ON e.kind = q.kind AND e.id = q.id AND e.known_to IS NULL
            AND md5(e.content ->> 'fence') = q.fence_key
        WHERE q.answered_at IS NULL ORDER BY q.kind, q.id, q.fence_key
        """)
    private static let selectNotedDrops = NamedQuery(
        "coordinates.noted",
        """
        SELECT e.content ->> 'siteID', (d.content #>> '{delivery,destination,coordinate,latitudeE7}')::bigint,
            (d.content #>> '{delivery,destination,coordinate,longitudeE7}')::bigint
        FROM (
            SELECT content FROM delivery
            WHERE is_final AND content #>> '{delivery,destination,kind}' = 'unknown'
                AND content #>> '{delivery,ticketID}' IS NOT NULL
            ORDER BY unload_start DESC LIMIT $1::integer
        ) AS d JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL
            AND e.note_plant = d.content #>> '{delivery,origin,id}'
            AND e.note_number = d.content #>> '{delivery,ticketID}'
        """)
    /// Loads with a note for one of these sites that ended at a place in no register (`CoordinateHold.heldByNote`).
    private static let insertDueByNotes = NamedQuery(
        "coordinates.due",
        """
        WITH held AS (
            SELECT DISTINCT d.delivery_id, e.content ->> 'siteID' AS site FROM delivery d
            JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL
                AND e.note_number = d.content #>> '{delivery,ticketID}'
                AND e.content ->> 'siteID' = ANY ($1::text[])
            WHERE d.is_final AND d.content #>> '{delivery,destination,kind}' IN ('unknown', 'suspected_plant')
        ), due AS (
            INSERT INTO delivery_due (delivery_id, due_at, reason)
            SELECT DISTINCT delivery_id, clock_timestamp(), $2 FROM held
            ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at),
                reason = excluded.reason
        )
        SELECT DISTINCT site FROM held
        """)
    private static let selectConfirmed = NamedQuery(
        "coordinates.confirmed",
        """
        SELECT q.kind, q.id FROM (SELECT DISTINCT kind, id FROM coordinate_question WHERE answered_at IS NOT NULL) AS q
        WHERE NOT EXISTS (
            SELECT FROM register_entry e
            WHERE e.kind = q.kind AND e.id = q.id AND e.known_to IS NULL AND e.content ->> 'fence' IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM coordinate_question a
                    WHERE (a.kind, a.id, a.fence_key) = (e.kind, e.id, md5(e.content ->> 'fence'))
                        AND a.answered_at IS NOT NULL))
        """)
    private static let deleteOthers = NamedQuery(
        "coordinates.delete",
        """
        DELETE FROM coordinate_question q
        WHERE q.answered_at IS NULL AND NOT EXISTS (
            SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS n (kind, id, fence_key)
            WHERE (n.kind, n.id, n.fence_key) = (q.kind, q.id, q.fence_key))
        """)
    /// The figures stay those by which it was asked: they stand in what is said of deliveries.
    private static let insert = NamedQuery(
        "coordinates.insert",
        """
        INSERT INTO coordinate_question (kind, id, fence_key, declared, likely, halts_declared, halts_likely)
        VALUES ($1, $2, $3, $4, $5, $6::integer, $7::integer) ON CONFLICT (kind, id, fence_key) DO NOTHING
        """)
    private static let insertAnswers = NamedQuery(
        "coordinates.answer",
        """
        INSERT INTO coordinate_question (kind, id, fence_key, declared, likely, halts_declared, halts_likely,
            answered_at, answered_by)
        SELECT DISTINCT ON (kind, id, md5(content ->> 'fence'))
            kind, id, md5(content ->> 'fence'), '', '', 0, 0, clock_timestamp(), $3::text
        FROM register_entry WHERE kind = $1 AND known_to IS NULL AND id = ANY ($2::text[])
            AND content ->> 'fence' IS NOT NULL
        ON CONFLICT (kind, id, fence_key) DO UPDATE SET answered_at = excluded.answered_at,
            answered_by = excluded.answered_by
        """)
}
