package import Chronology
package import Deliveries
import Geodesy
package import PostgresClient
package import Suspicions
package import Tracks

/// Deliveries as derived and judged, and the old form of each final one that changed.
package struct DeliveryStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One delivery as it was derived, with what it says by itself.
    package struct Derived {
        package var delivery: Delivery
        /// What the truck's drum holds, by the register: the volume where no note tells it.
        package var drumCubicMetres: Double?

        package init(_ delivery: Delivery, drumCubicMetres: Double?) {
            self.delivery = delivery
            self.drumCubicMetres = drumCubicMetres
        }
    }

    /// Puts a terminal's derivation from `time` on (`nil`: from its first report) in the place of what stood there.
    ///
    /// A row that is new or differs is judged by itself and becomes due, with those near it, to be judged with all that
    /// is stored (`JudgingStore`); one that differs or is no longer derived is kept as superseded, if it was final or
    /// had been judged so. One without a difference stays as it was judged. It becomes due where it is final now, where
    /// no other drop can follow any more, and where its reports were read again (`isAgain`) or it was final before,
    /// because what lies around it, or its way, may have changed; else it stands as an open row that goes on.
    /// - Parameter judgedIn: where it exempts small jobs, what comes, goes or changes makes due what is of its job.
    /// - Returns: how many rows changed.
    @discardableResult
    package func replace(
        terminal: Int32, settledAfter time: Instant?, with new: [Derived], world: String, reason: String,
        isAgain: Bool = false, cycles: AnalysisParameters.Cycles = AnalysisParameters.standard.cycles,
        judgedIn jobs: World? = nil, judge: (Delivery) -> JudgedDelivery
    ) throws -> Int {
        let rows = try self.connection.query(
            Self.selectStanding, [.integer(terminal), .text(time?.description ?? "-infinity")])
        var standing: [String: Standing] = [:]
        for row in 0..<rows.rowCount {
            standing[rows.text(row, 0) ?? ""] = Standing(
                judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(row, 1) ?? ""),
                isFinal: rows.boolean(row, 2) ?? false, isJudged: rows.boolean(row, 3) ?? false)
        }
        let due = JudgingStore(connection: self.connection)
        var changes = 0
        for derived in new {
            let delivery = derived.delivery
            if let old = standing.removeValue(forKey: delivery.deliveryID) {
                if old.holds(delivery) {
                    let isNews = old.isNews(in: delivery, cycles)
                    if isNews { try self.confirm(delivery, over: old.judged) }
                    if isNews || isAgain || old.isFinal {
                        let why = isNews && !isAgain ? "the rest of its trip is known" : reason
                        try due.makeDue(delivery.deliveryID, reason: why)
                    }
                    changes += isNews ? 1 : 0
                    continue
                }
                if old.isJudged { try self.supersede(delivery.deliveryID, reason: reason) }
                try due.makeDue(around: delivery.deliveryID)
                if old.judged.delivery.loadID != delivery.loadID { try due.forgetWay(of: old.judged.delivery) }
                if let jobs { try due.makeDue(aroundJobOf: old.judged.delivery, in: jobs) }
            }
            try self.upsert(judge(delivery), of: derived, terminal: terminal, world: world)
            try due.makeDue(around: delivery, reason: reason)
            if let jobs { try due.makeDue(aroundJobOf: delivery, in: jobs) }
            changes += 1
        }
        for (id, old) in standing.sorted(by: { $0.key < $1.key }) {
            if old.isFinal || old.isJudged { try self.supersede(id, reason: reason) }
            try due.makeDue(aroundGone: old.judged.delivery)
            if let jobs { try due.makeDue(aroundJobOf: old.judged.delivery, in: jobs) }
            try AlertStore(connection: self.connection).closeAlerts(ofDelivery: id)
            try self.connection.query(Self.delete, [.text(id)])
            changes += 1
        }
        if changes > 0 { try self.connection.query(Self.notify) }
        return changes
    }

    /// A row that stands.
    private struct Standing {
        var judged: JudgedDelivery
        var isFinal: Bool
        var isJudged: Bool

        /// Whether a derivation says no more of the drop than is known.
        func holds(_ delivery: Delivery) -> Bool {
            guard self.judged.delivery.isSameDrop(as: delivery) else { return false }
            guard self.isFinal else { return true }
            return delivery.isFinal && self.judged.delivery.settledAt == delivery.settledAt
        }

        /// Whether it is known only now that nothing, or no other drop, can follow.
        func isNews(in delivery: Delivery, _ cycles: AnalysisParameters.Cycles) -> Bool {
            delivery.isFinal != self.isFinal
                || delivery.mayDropAgain(cycles) != self.judged.delivery.mayDropAgain(cycles)
        }
    }

    /// The same drop, of which more is certain: it stays judged as it is until it is judged again.
    private func confirm(_ delivery: Delivery, over judged: JudgedDelivery) throws {
        var judged = judged
        (judged.delivery.isFinal, judged.delivery.settledAt) = (delivery.isFinal, delivery.settledAt)
        try self.connection.query(
            Self.updateConfirmed,
            [
                .text(delivery.deliveryID), .boolean(delivery.isFinal), .text(delivery.settledAt.description),
                .text(try JSONText.encode(judged)),
            ])
    }

    func supersede(_ id: String, reason: String) throws(PostgresError) {
        try self.connection.query(Self.insertSuperseded, [.text(id), .text(reason)])
    }

    private func upsert(_ judged: JudgedDelivery, of derived: Derived, terminal: Int32, world: String) throws {
        let delivery = judged.delivery
        let point = delivery.destination.coordinate.map { "SRID=4326;POINT(\($0.longitude) \($0.latitude))" }
        try self.connection.query(
            Self.upsertDelivery,
            [
                .text(delivery.deliveryID), .integer(terminal), .optional(delivery.plate),
                .text(delivery.unloadStart.description), .text(delivery.unloadEnd.description),
                .boolean(delivery.isFinal), .text(delivery.settledAt.description), .text(judged.verdict.rawValue),
                .double(judged.score), .text(try JSONText.encode(judged)), .text(world), .text(delivery.loadID),
                .text((delivery.loadEnd ?? delivery.unloadStart).description),
                .optional(delivery.origin.kind == .plant ? delivery.origin.id : nil),
                .optional(delivery.destination.id), .optional(point),
                .optional(derived.drumCubicMetres.map { String($0) }),
            ])
        try self.connection.query(Self.forgetWithdrawal, [.text(delivery.deliveryID)])
    }

    /// Which deliveries to list.
    package struct Filter: Sendable {
        /// By the start of unloading, half-open.
        package var from: Instant?
        package var to: Instant?
        package var verdict: Verdict?
        package var plate: String?
        /// The last row of the page before: start of unloading and id.
        package var after: (unloadStart: Instant, id: String)?
        package var newestFirst = false

        package init() {}
    }

    /// One delivery with its place in the order of changes.
    package struct Row: Sendable {
        package var judged: JudgedDelivery
        package var revision: Int64
    }

    package func list(_ filter: Filter, limit: Int) throws -> [Row] {
        let values: [PostgresValue] = [
            .optional(filter.from?.description), .optional(filter.to?.description), .optional(filter.verdict?.rawValue),
            .optional(filter.plate), .optional(filter.after?.unloadStart.description), .optional(filter.after?.id),
            .integer(limit),
        ]
        let rows = try self.connection.query(filter.newestFirst ? Self.selectNewest : Self.selectOldest, values)
        return try (0..<rows.rowCount).map { row in
            Row(
                judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(row, 0) ?? ""),
                revision: rows.integer(row, 1) ?? 0)
        }
    }

    /// All that stands of a terminal.
    package func standing(of terminal: Int32) throws -> [JudgedDelivery] {
        let rows = try self.connection.query(Self.selectStanding, [.integer(terminal), .text("-infinity")])
        return try (0..<rows.rowCount).map {
            try JSONText.decode(JudgedDelivery.self, from: rows.text($0, 1) ?? "")
        }
    }

    package func delivery(_ id: String) throws -> Row? {
        let rows = try self.connection.query(Self.selectOne, [.text(id)])
        guard rows.rowCount == 1 else { return nil }
        return Row(
            judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(0, 0) ?? ""),
            revision: rows.integer(0, 1) ?? 0)
    }

    /// One change in the order of revisions: how a delivery stands now, or that it is derived no more.
    package enum Change: Sendable {
        case current(JudgedDelivery)
        case withdrawn(String)
    }

    /// At most `limit` changes after `revision`, the oldest first.
    package func changes(since revision: Int64, limit: Int) throws -> [(change: Change, revision: Int64)] {
        let rows = try self.connection.query(Self.selectChanges, [.integer(revision), .integer(limit)])
        return try (0..<rows.rowCount).map { row in
            let number = rows.integer(row, 2) ?? 0
            guard let content = rows.text(row, 1) else { return (.withdrawn(rows.text(row, 0) ?? ""), number) }
            return (.current(try JSONText.decode(JudgedDelivery.self, from: content)), number)
        }
    }

    package func lastRevision() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectLastRevision).integer(0, 0) ?? 0
    }

    private static let selectStanding = NamedQuery(
        "delivery.standing",
        """
        SELECT delivery_id, content, is_final, judged_as_of IS NOT NULL FROM delivery
        WHERE terminal_id = $1 AND (NOT is_final OR settled_at > $2::timestamptz)
        """)
    private static let upsertDelivery = NamedQuery(
        "delivery.upsert",
        """
        INSERT INTO delivery (delivery_id, terminal_id, plate, unload_start, unload_end, is_final, settled_at, verdict,
            score, content, world, load_id, carried_at, origin_plant, destination_id, destination_point, volume_m3,
            is_volume_estimated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::geometry, $17::float8,
            $17::float8 IS NOT NULL)
        ON CONFLICT (delivery_id) DO UPDATE SET terminal_id = excluded.terminal_id, plate = excluded.plate,
            unload_start = excluded.unload_start, unload_end = excluded.unload_end, is_final = excluded.is_final,
            settled_at = excluded.settled_at, verdict = excluded.verdict, score = excluded.score,
            content = excluded.content, world = excluded.world, revision = nextval('delivery_revision'),
            derived_at = clock_timestamp(), load_id = excluded.load_id, carried_at = excluded.carried_at,
            origin_plant = excluded.origin_plant, destination_id = excluded.destination_id,
            destination_point = excluded.destination_point, volume_m3 = excluded.volume_m3,
            is_volume_estimated = excluded.is_volume_estimated, judged_as_of = NULL
        """)
    private static let updateConfirmed = NamedQuery(
        "delivery.confirm",
        """
        UPDATE delivery SET is_final = $2, settled_at = $3::timestamptz, content = $4,
            revision = nextval('delivery_revision'), derived_at = clock_timestamp()
        WHERE delivery_id = $1
        """)
    private static let insertSuperseded = NamedQuery(
        "delivery.supersede",
        """
        INSERT INTO delivery_superseded (delivery_id, reason, content, world)
        SELECT delivery_id, $2, content, world FROM delivery WHERE delivery_id = $1
        """)
    private static let delete = NamedQuery(
        "delivery.delete",
        """
        WITH gone AS (DELETE FROM delivery WHERE delivery_id = $1 RETURNING delivery_id)
        INSERT INTO delivery_withdrawn (delivery_id) SELECT delivery_id FROM gone
        ON CONFLICT (delivery_id) DO UPDATE SET revision = nextval('delivery_revision')
        """)
    private static let forgetWithdrawal = NamedQuery(
        "delivery.unwithdraw", "DELETE FROM delivery_withdrawn WHERE delivery_id = $1")
    private static let selectChanges = NamedQuery(
        "delivery.changes",
        """
        SELECT delivery_id, content, revision FROM delivery WHERE revision > $1::bigint
        UNION ALL
        SELECT delivery_id, NULL, revision FROM delivery_withdrawn WHERE revision > $1::bigint
        ORDER BY revision LIMIT $2::integer
        """)
    private static let notify = NamedQuery("delivery.notify", "SELECT pg_notify('tongxing_delivery', '')")
    private static let selectOne = NamedQuery(
        "delivery.one", "SELECT content, revision FROM delivery WHERE delivery_id = $1")
    private static let selectLastRevision = NamedQuery(
        "delivery.revision",
        """
        SELECT greatest((SELECT coalesce(max(revision), 0) FROM delivery),
            (SELECT coalesce(max(revision), 0) FROM delivery_withdrawn))
        """)
    private static let selectOldest = NamedQuery(
        "delivery.list",
        """
        SELECT content, revision FROM delivery
        WHERE ($1::timestamptz IS NULL OR unload_start >= $1::timestamptz)
            AND ($2::timestamptz IS NULL OR unload_start < $2::timestamptz)
            AND ($3::text IS NULL OR verdict = $3) AND ($4::text IS NULL OR plate = $4)
            AND ($5::timestamptz IS NULL OR (unload_start, delivery_id) > ($5::timestamptz, $6::text))
        ORDER BY unload_start, delivery_id LIMIT $7::integer
        """)
    private static let selectNewest = NamedQuery(
        "delivery.list.newest",
        """
        SELECT content, revision FROM delivery
        WHERE ($1::timestamptz IS NULL OR unload_start >= $1::timestamptz)
            AND ($2::timestamptz IS NULL OR unload_start < $2::timestamptz)
            AND ($3::text IS NULL OR verdict = $3) AND ($4::text IS NULL OR plate = $4)
            AND ($5::timestamptz IS NULL OR (unload_start, delivery_id) < ($5::timestamptz, $6::text))
        ORDER BY unload_start DESC, delivery_id DESC LIMIT $7::integer
        """)
}
