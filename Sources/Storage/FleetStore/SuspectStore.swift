import Chronology
package import PostgresClient
import Registers
package import Suspicions

/// Suspected plants as they were found last, with what people decided about them.
package struct SuspectStore {
    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// By name.
    package func suspects() throws -> [SuspectedPlant] {
        try self.decided(try self.connection.query(Self.select, [.null]))
    }

    package func suspect(_ id: String) throws -> SuspectedPlant? {
        try self.decided(try self.connection.query(Self.select, [.text(id)])).first
    }

    /// What was found, with the decisions that stand beside it: a search never writes over one.
    private func decided(_ rows: borrowing QueryResult) throws -> [SuspectedPlant] {
        let taken = try self.connection.query(Self.selectDecisions)
        var decisions: [String: [SuspectDecision]] = [:]
        for row in 0..<taken.rowCount {
            guard let status = SuspectStatus(rawValue: taken.text(row, 3) ?? "") else { continue }
            decisions[taken.text(row, 0) ?? "", default: []].append(
                SuspectDecision(
                    status: status, at: Instant(microseconds: taken.integer(row, 1) ?? 0), by: taken.text(row, 2) ?? "",
                    reason: taken.text(row, 4) ?? "", placeKind: taken.text(row, 5).flatMap(Place.Kind.init)))
        }
        return try (0..<rows.rowCount).map { row in
            var suspect = try JSONText.decode(SuspectedPlant.self, from: rows.text(row, 0) ?? "")
            if let own = decisions[suspect.suspectedPlantID], let last = own.last {
                suspect.decisions = own
                suspect.status = last.status
            }
            return suspect
        }
    }

    /// Puts what was found now in the place of what stood; to be called in a transaction.
    package func replace(with suspects: [SuspectedPlant]) throws {
        try self.connection.query(
            Self.replaceRows,
            [
                .array(suspects.map { Optional($0.suspectedPlantID) }),
                .array(try suspects.map { Optional(try JSONText.encode($0)) }),
            ])
    }

    /// Whether halts have come, gone or changed since the last search, or notes that may explain some, and that one is
    /// over for so many seconds, or somebody waits for the next. Where that one was made in another world nothing is
    /// waited for: a plant that the registers name by now stands accused until then.
    /// - Parameter world: names the registers and parameters by which would be searched now.
    package func isSearchDue(after seconds: Double, world: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectDue, [.double(seconds), .text(world)]).boolean(0, 0) ?? false
    }

    /// A search begins, in this world: what changes from here on is for the next.
    package func noteSearch(world: String) throws(PostgresError) {
        try self.connection.query(Self.updateSearched, [.text(world)])
    }

    private static let select = NamedQuery(
        "suspect.all",
        """
        SELECT content FROM suspected_plant WHERE $1::text IS NULL OR suspected_plant_id = $1
        ORDER BY suspected_plant_id
        """)
    private static let selectDecisions = NamedQuery(
        "suspect.decisions",
        """
        SELECT suspected_plant_id, (extract(epoch FROM decided_at) * 1000000)::bigint, decided_by, status, reason,
            place_kind
        FROM suspect_decision ORDER BY decision_id
        """)
    private static let replaceRows = NamedQuery(
        "suspect.replace",
        """
        WITH new AS (SELECT * FROM unnest($1::text[], $2::jsonb[]) AS n (suspected_plant_id, content)),
        gone AS (
            DELETE FROM suspected_plant s
            WHERE NOT EXISTS (SELECT FROM new n WHERE n.suspected_plant_id = s.suspected_plant_id)
                AND NOT EXISTS (SELECT FROM suspect_decision d WHERE d.suspected_plant_id = s.suspected_plant_id))
        INSERT INTO suspected_plant AS s (suspected_plant_id, content) SELECT suspected_plant_id, content FROM new
        ON CONFLICT (suspected_plant_id) DO UPDATE SET content = excluded.content, updated_at = clock_timestamp()
        WHERE s.content <> excluded.content
        """)
    private static let selectDue = NamedQuery(
        "suspect.due",
        """
        SELECT searched_world IS DISTINCT FROM $2::text AND EXISTS (SELECT FROM stay)
            OR stay_revision <> searched_revision
                AND (searched_at IS NULL OR searched_at < clock_timestamp() - $1::float8 * interval '1 s'
                    OR EXISTS (SELECT FROM second_pass_request))
        FROM analysis_state
        """)
    private static let updateSearched = NamedQuery(
        "suspect.searched",
        """
        UPDATE analysis_state SET searched_revision = stay_revision, searched_at = clock_timestamp(),
            searched_world = $1
        """)
}
