package import Casework
package import Chronology
package import PostgresClient
import Suspicions

/// What officers decide about suspicious deliveries, the queue of those that wait, and how often rules were right.
package struct DecisionStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Which deliveries of the queue to list.
    package struct Filter: Sendable {
        /// Whether something final was decided; `nil`: either.
        package var isDecided: Bool?
        /// Start of unloading, half-open.
        package var from: Instant?
        package var to: Instant?
        package var rule: String?
        /// The last row of the page before.
        package var after: (rank: Double, id: String)?

        package init() {}
    }

    /// Suspicious deliveries and those that were decided about and are so no more, the highest rank first, each with
    /// the decision that stands.
    package func queue(_ filter: Filter, limit: Int) throws -> [QueuedDelivery] {
        let rows = try self.connection.query(
            Self.selectQueue,
            [
                .optional(filter.isDecided.map { $0 ? "t" : "f" }), .optional(filter.from?.description),
                .optional(filter.to?.description), .optional(filter.rule),
                .optional(filter.after.map { String($0.rank) }), .optional(filter.after?.id), .integer(limit),
            ])
        return try (0..<rows.rowCount).map { row in
            QueuedDelivery(
                judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(row, 0) ?? ""),
                decision: try Self.record(rows, row, from: 1),
                state: rows.text(row, 10).flatMap(QueuedDelivery.State.init) ?? .suspicious,
                supersededAt: rows.integer(row, 11).map { Instant(microseconds: $0) })
        }
    }

    /// The oldest first.
    package func decisions(about id: String) throws -> [DeliveryDecision.Record] {
        let rows = try self.connection.query(Self.selectDecisions, [.text(id)])
        return try (0..<rows.rowCount).compactMap { try Self.record(rows, $0, from: 0) }
    }

    /// Notes a decision about a delivery as it stands, or as it last stood; refused when it does not follow upon the
    /// one before.
    /// - Returns: `false` where there is no such delivery.
    package func decide(_ decision: DeliveryDecision, about id: String, by name: String, role: String) throws -> Bool {
        // Two officers at once decide one after the other.
        try self.connection.query(Self.lock, [.text("delivery " + id)])
        guard let judged = try DeliveryRecords(connection: self.connection).record(id)?.judged else { return false }
        let last = try self.decisions(about: id).last
        try decision.requireFollows(last?.decision.kind)
        // Of one that is suspicious no more it is still decided about what was suspected.
        let suspected = judged.verdict == .suspicious ? nil : last
        try self.connection.query(
            Self.insert,
            [
                .text(id), .text(name), .text(role), .text(decision.kind.rawValue),
                .optional(decision.reason?.rawValue), .text(decision.note), .optional(decision.caseID),
                .array((suspected?.rules ?? judged.suspicions).map { Optional($0) }),
                .double(suspected?.score ?? judged.score),
            ])
        return true
    }

    /// By rule, those with the most decisions first.
    package func precision() throws(PostgresError) -> [RulePrecision] {
        let rows = try self.connection.query(Self.selectPrecision)
        return (0..<rows.rowCount).map {
            RulePrecision(
                rule: rows.text($0, 0) ?? "", upheld: Int(rows.integer($0, 1) ?? 0),
                dismissed: Int(rows.integer($0, 2) ?? 0))
        }
    }

    private static func record(
        _ rows: borrowing QueryResult, _ row: Int, from first: Int
    ) throws -> DeliveryDecision.Record? {
        guard let at = rows.integer(row, first),
            let kind = DeliveryDecision.Kind(rawValue: rows.text(row, first + 3) ?? "")
        else { return nil }
        let decision = DeliveryDecision(
            kind, reason: rows.text(row, first + 4).flatMap(DeliveryDecision.Reason.init),
            note: rows.text(row, first + 5) ?? "", caseID: rows.text(row, first + 6))
        return DeliveryDecision.Record(
            at: Instant(microseconds: at), by: rows.text(row, first + 1) ?? "", role: rows.text(row, first + 2) ?? "",
            decision: decision, rules: try JSONText.decode([String].self, from: rows.text(row, first + 7) ?? "[]"),
            score: rows.double(row, first + 8) ?? 0)
    }
}

// MARK: - SQL

extension DecisionStore {
    private static let lock = NamedQuery("decision.lock", "SELECT pg_advisory_xact_lock(7302, hashtext($1))")
    private static let selectQueue = NamedQuery(
        "decision.queue",
        """
        WITH decided AS (
            SELECT DISTINCT ON (delivery_id) delivery_id, score FROM delivery_decision
            ORDER BY delivery_id, decision_id DESC),
        entry AS (
            (SELECT d.delivery_id, d.content, d.score AS rank, 'suspicious' AS state, NULL::timestamptz AS superseded_at
            FROM delivery d
            LEFT JOIN LATERAL (
                SELECT x.decision FROM delivery_decision x WHERE x.delivery_id = d.delivery_id
                ORDER BY x.decision_id DESC LIMIT 1) l ON true
            WHERE d.verdict = 'suspicious'
                AND ($1::boolean IS NULL
                    OR (coalesce(l.decision, 'reopen') NOT IN ('reopen', 'dispatch')) = $1::boolean)
                AND ($2::timestamptz IS NULL OR d.unload_start >= $2::timestamptz)
                AND ($3::timestamptz IS NULL OR d.unload_start < $3::timestamptz)
                AND ($4::text IS NULL OR d.content -> 'judgements'
                    @> jsonb_build_array(jsonb_build_object('rule', $4::text, 'outcome', 'hit')))
                AND ($5::float8 IS NULL OR (-d.score, d.delivery_id) > (-$5::float8, $6::text))
            ORDER BY d.score DESC, d.delivery_id LIMIT $7::integer)
            UNION ALL
            SELECT d.delivery_id, d.content, l.score, 'no_longer_suspicious', NULL
            FROM decided l JOIN delivery d USING (delivery_id) WHERE d.verdict <> 'suspicious'
            UNION ALL
            SELECT l.delivery_id, s.content, l.score, 'superseded', s.superseded_at
            FROM decided l
            CROSS JOIN LATERAL (
                SELECT x.content, x.superseded_at FROM delivery_superseded x WHERE x.delivery_id = l.delivery_id
                ORDER BY x.superseded_id DESC LIMIT 1) s
            WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.delivery_id = l.delivery_id))
        SELECT e.content, (extract(epoch FROM l.decided_at) * 1000000)::bigint, l.decided_by, l.role, l.decision,
            l.reason, l.note, l.case_id, to_jsonb(l.rules), l.score, e.state,
            (extract(epoch FROM e.superseded_at) * 1000000)::bigint
        FROM entry e
        LEFT JOIN LATERAL (
            SELECT * FROM delivery_decision x WHERE x.delivery_id = e.delivery_id ORDER BY x.decision_id DESC LIMIT 1
        ) l ON true
        CROSS JOIN LATERAL (
            SELECT to_timestamp((e.content #>> '{delivery,unloadStart}')::float8 / 1000000) AS unload_start) t
        WHERE e.state = 'suspicious' OR (
            ($1::boolean IS NULL OR (l.decision NOT IN ('reopen', 'dispatch')) = $1::boolean)
            AND ($2::timestamptz IS NULL OR t.unload_start >= $2::timestamptz)
            AND ($3::timestamptz IS NULL OR t.unload_start < $3::timestamptz)
            AND ($4::text IS NULL OR $4::text = ANY (l.rules))
            AND ($5::float8 IS NULL OR (-e.rank, e.delivery_id) > (-$5::float8, $6::text)))
        ORDER BY e.rank DESC, e.delivery_id LIMIT $7::integer
        """)
    private static let selectDecisions = NamedQuery(
        "decision.of",
        """
        SELECT (extract(epoch FROM decided_at) * 1000000)::bigint, decided_by, role, decision, reason, note, case_id,
            to_jsonb(rules), score
        FROM delivery_decision WHERE delivery_id = $1 ORDER BY decision_id
        """)
    private static let insert = NamedQuery(
        "decision.insert",
        """
        INSERT INTO delivery_decision (delivery_id, decided_by, role, decision, reason, note, case_id, rules, score)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9::float8)
        """)
    /// An alert about a delivery is the same suspicion once more: those of vehicles alone are counted.
    private static let selectPrecision = NamedQuery(
        "decision.precision",
        """
        WITH standing AS (
            SELECT DISTINCT ON (delivery_id) decision, rules, case_id FROM delivery_decision
            ORDER BY delivery_id, decision_id DESC),
        -- An office that takes its case back has found nothing, neither for the rule nor against it.
        withdrawn AS (
            SELECT case_id FROM (
                SELECT DISTINCT ON (case_id) case_id, content #>> '{status,_0}' AS status FROM case_entry
                WHERE content ? 'status' ORDER BY case_id, entry_id DESC) AS last
            WHERE status = 'withdrawn'),
        counted AS (
            SELECT unnest(rules) AS rule, decision = 'dismiss' AS is_dismissed FROM standing
            WHERE decision IN ('confirm', 'case', 'dismiss')
                AND NOT EXISTS (SELECT FROM withdrawn w WHERE w.case_id = standing.case_id)
            UNION ALL
            SELECT a.rule, h.reason = 'false_alarm' FROM alert_handling h JOIN alert a USING (alert_id)
            WHERE a.delivery_id IS NULL AND h.state = 'closed'
                AND h.reason IN ('handled', 'forwarded', 'false_alarm'))
        SELECT rule, count(*) FILTER (WHERE NOT is_dismissed), count(*) FILTER (WHERE is_dismissed)
        FROM counted GROUP BY rule ORDER BY count(*) DESC, rule
        """)
}
