package import Chronology
import Geodesy
import Registers
package import PostgresClient
package import Suspicions

/// What people decide about suspected plants.
extension SuspectStore {
    /// Takes a person's decision on the command line: the history and the audit log in one transaction.
    /// - Returns: the suspect as it is now; `nil` when there is none of that name.
    package func decide(
        _ id: String, _ decision: SuspectDecision, interface: String
    ) throws -> SuspectedPlant? {
        try self.connection.execute("BEGIN", name: "begin")
        do {
            let suspect = try self.decide(decision, about: id, role: "", interface: interface)
            if suspect != nil {
                var note = AuditStore.Note(
                    actor: decision.by, interface: interface, action: "suspect.\(decision.status.rawValue)")
                note.subject = id
                note.purpose = decision.reason
                try AuditStore(connection: self.connection).add(note)
            }
            try self.connection.execute("COMMIT", name: "commit")
            return suspect
        } catch {
            if !self.connection.isBroken { try? self.connection.execute("ROLLBACK", name: "rollback") }
            throw error
        }
    }

    /// Notes a person's decision in the caller's transaction; refused (`SuspectDecisionError`) when it does not follow.
    /// Analysis then derives the vehicles that halted there again, and their old deliveries are kept with who decided
    /// and why.
    /// - Parameter interface: `http` or `command line`.
    /// - Returns: the suspect as it is now; `nil` when there is none of that name.
    package func decide(
        _ decision: SuspectDecision, about id: String, role: String, interface: String = "http"
    ) throws -> SuspectedPlant? {
        // Two officers at once decide one after the other.
        try self.connection.query(Self.lock, [.text("suspect " + id)])
        guard let old = try self.suspect(id) else { return nil }
        var suspect = old
        try suspect.decide(decision)
        try self.connection.query(
            Self.insertDecision,
            [
                .text(id), .text(decision.by), .text(role), .text(interface), .text(old.status.rawValue),
                .text(decision.status.rawValue), .text(decision.reason), .optional(decision.placeKind?.rawValue),
                .double(suspect.score),
            ])
        let reason = "suspected plant \(id) \(decision.status.rawValue): \(decision.reason)"
        try self.note(PlaceChange.between([old], [suspect]), by: decision.by, reason: reason)
        try self.connection.query(Self.wake)
        return try self.suspect(id)
    }

    /// One decision as it was written down.
    package struct HistoryRow: Hashable, Sendable {
        package var decision: SuspectDecision
        package var interface: String
        package var statusBefore: String
        package var score: Double
    }

    /// What was decided about a suspect, the earliest first; also of one that is withdrawn by now.
    package func history(of id: String) throws(PostgresError) -> [HistoryRow] {
        let rows = try self.connection.query(Self.selectHistory, [.text(id)])
        return (0..<rows.rowCount).map { row in
            HistoryRow(
                decision: SuspectDecision(
                    status: SuspectStatus(rawValue: rows.text(row, 0) ?? "") ?? .lead,
                    at: Instant(microseconds: rows.integer(row, 1) ?? 0), by: rows.text(row, 2) ?? "",
                    reason: rows.text(row, 3) ?? "",
                    placeKind: rows.text(row, 4).flatMap { .init(rawValue: $0) }),
                interface: rows.text(row, 5) ?? "", statusBefore: rows.text(row, 6) ?? "",
                score: rows.double(row, 7) ?? 0)
        }
    }

    /// A card as it was at one time.
    package struct DatedCard: Sendable {
        package var suspect: SuspectedPlant
        /// When it was kept, or made where it was not kept.
        package var at: Instant
        /// Whether it is the one that stood at the time that was asked for, and not today's.
        package var isOfThatTime: Bool
    }

    /// The card that deliveries judged at `time` were judged by. Of times before cards were kept it is the one that
    /// stands now; `nil` where there is none any more.
    package func card(of id: String, asOf time: Instant) throws -> DatedCard? {
        let rows = try self.connection.query(Self.selectCard, [.text(id), .integer(time.microseconds)])
        guard rows.rowCount == 1 else { return nil }
        return DatedCard(
            suspect: try JSONText.decode(SuspectedPlant.self, from: rows.text(0, 0) ?? ""),
            at: Instant(microseconds: rows.integer(0, 1) ?? 0), isOfThatTime: rows.boolean(0, 2) ?? false)
    }

    /// Writes down where vehicles have to be derived again; to be called in the transaction that changes the suspects.
    /// - Parameter isOfSearch: the search found it so. Whatever else changes a place makes the search due again.
    package func note(
        _ changes: [PlaceChange], by user: String, reason: String, isOfSearch: Bool = false
    ) throws(PostgresError) {
        for change in changes {
            try self.connection.query(
                isOfSearch ? Self.insertOwnChange : Self.insertChange,
                [
                    .integer(change.coordinate.latitudeE7), .integer(change.coordinate.longitudeE7),
                    .double(change.radiusMetres), .text(user), .text(reason),
                ])
        }
    }

    private static let lock = NamedQuery("suspect.lock", "SELECT pg_advisory_xact_lock(7302, hashtext($1))")
    private static let insertDecision = NamedQuery(
        "suspect.decision.insert",
        """
        INSERT INTO suspect_decision (suspected_plant_id, decided_by, role, interface, status_before, status, reason,
            place_kind, score)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::float8)
        """)
    private static let insertChange = NamedQuery(
        "suspect.change.insert",
        """
        INSERT INTO place_change (latitude, longitude, radius_m, requested_by, reason)
        VALUES ($1::integer, $2::integer, $3::float8, $4, $5)
        """)
    private static let insertOwnChange = NamedQuery(
        "suspect.change.insert.own",
        """
        INSERT INTO place_change (latitude, longitude, radius_m, requested_by, reason, is_of_search)
        VALUES ($1::integer, $2::integer, $3::float8, $4, $5, true)
        """)
    private static let selectCard = NamedQuery(
        "suspect.card",
        """
        SELECT content, (extract(epoch FROM at) * 1000000)::bigint, is_kept
        FROM (
            (SELECT content, kept_at AS at, true AS is_kept FROM suspected_plant_card
            WHERE suspected_plant_id = $1 AND (extract(epoch FROM kept_at) * 1000000)::bigint <= $2::bigint
            ORDER BY kept_at DESC, card_id DESC LIMIT 1)
            UNION ALL
            SELECT content, updated_at, (extract(epoch FROM updated_at) * 1000000)::bigint <= $2::bigint
            FROM suspected_plant WHERE suspected_plant_id = $1) AS card
        ORDER BY is_kept DESC, at DESC LIMIT 1
        """)
    private static let wake = NamedQuery("suspect.wake", "SELECT pg_notify('tongxing_log', '')")
    private static let selectHistory = NamedQuery(
        "suspect.history",
        """
        SELECT status, (extract(epoch FROM decided_at) * 1000000)::bigint, decided_by, reason, place_kind, interface,
            status_before, score
        FROM suspect_decision WHERE suspected_plant_id = $1 ORDER BY decision_id
        """)
}
