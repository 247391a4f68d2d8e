package import Chronology
package import Deliveries
import Geodesy
package import PostgresClient
package import Registers
package import Suspicions
import Tracks

/// Deliveries that are to be judged with all that is stored, and what is stored around them.
package struct JudgingStore {
    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    // MARK: - Due

    /// A delivery that is to be judged.
    package struct Due: Sendable {
        package var judged: JudgedDelivery
        /// When it left the plant, as near as is known: what the queue goes by.
        package var carriedAt: Instant
        /// As of when it was judged before; `nil`: only by itself.
        package var judgedAsOf: Instant?
        package var terminal: Int32
        package var reason: String
    }

    /// Those that are due, the earliest carried first, and the server's clock.
    /// - Parameter terminals: only of these; `nil`: of all.
    package func due(limit: Int, of terminals: [Int32]? = nil) throws -> (rows: [Due], now: Instant) {
        let now = try self.now()
        let rows =
            if let terminals {
                try self.connection.query(Self.selectDueOf, [.integer(limit), .array(terminals)])
            } else {
                try self.connection.query(Self.selectDue, [.integer(limit)])
            }
        let found = try (0..<rows.rowCount).map { row in
            Due(
                judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(row, 0) ?? ""),
                carriedAt: Instant(microseconds: rows.integer(row, 1) ?? 0),
                judgedAsOf: rows.integer(row, 2).map { Instant(microseconds: $0) },
                terminal: Int32(clamping: rows.integer(row, 3) ?? 0), reason: rows.text(row, 4) ?? "")
        }
        return (found, now)
    }

    /// The server's clock.
    package func now() throws(PostgresError) -> Instant {
        Instant(microseconds: try self.connection.query(Self.clock).integer(0, 0) ?? 0)
    }

    package func makeDue(_ id: String, reason: String) throws(PostgresError) {
        try self.connection.query(Self.insertDue, [.text(id), .text(reason)])
    }

    /// All deliveries of a terminal, those with another reason, too.
    package func makeAllDue(of terminal: Int32, reason: String) throws(PostgresError) {
        try self.connection.query(Self.insertAllDue, [.integer(terminal), .text(reason)])
    }

    /// The delivery, and those around it.
    package func makeDue(around delivery: Delivery, reason: String) throws(PostgresError) {
        try self.makeDue(delivery.deliveryID, reason: reason)
        try self.makeDue(around: delivery.deliveryID)
    }

    /// Those whose note or traffic a stored delivery may change: of its plant from two hours before it, or before its
    /// truck came there (at most half a day, as far as loads are matched), to a day after it; to its destination up to
    /// a day after it; of its truck a day before and after it, as by all of these together a clock that is hours beside
    /// the time is found (`MatchingSpan`); all tankers that unloaded there after it; and outside every register all
    /// that went there about two weeks before or after it, if it can count for them (`PlaceDrops`). Over plants: who
    /// was loaded where its truck's notes were written, and the trucks that its plant's notes name.
    package func makeDue(around id: String) throws(PostgresError) {
        try self.connection.query(Self.insertDueAround, [.text(id)])
    }

    /// Those that went to the same place outside every register about two weeks before or after a stored delivery.
    package func makeDue(aroundPlaceOf id: String) throws(PostgresError) {
        try self.connection.query(Self.insertDueAroundPlace, [.text(id)])
    }

    /// All that are not final yet: what a change of the registers touches is told by the rows that are.
    package func makeOpenDue(reason: String) throws(PostgresError) {
        try self.connection.query(Self.insertOpenDue, [.text(reason)])
    }

    /// Makes the deliveries due whose plant sent out something else before them that month than when they were judged.
    package func takePlantMonths() throws(PostgresError) {
        try self.connection.query(Self.insertDueOfMonths)
    }

    /// Makes the deliveries due that notes may belong to which came in or changed: a note can change what is said of
    /// every load of its plant within a day and of its truck within two (`MatchingSpan`), and of the load that took
    /// another note with its number in the same `months` of the calendar. The notes themselves are due so many seconds
    /// after they were issued.
    package func takeNotes(
        limit: Int, after seconds: Double, numberedFor months: Int
    ) throws(PostgresError) {
        try self.connection.query(Self.insertDueNotes, [.integer(limit), .double(seconds)])
        try self.connection.query(Self.insertDueOfNotes, [.integer(limit), .integer(max(1, months))])
    }

    /// The same, of a delivery that is about to be withdrawn.
    package func makeDue(aroundGone delivery: Delivery) throws(PostgresError) {
        try self.makeDue(around: delivery.deliveryID)
        try self.forgetWay(of: delivery)
    }

    /// Forgets the way of a load that this delivery is no longer of. Another drop of that load has it learned again.
    package func forgetWay(of delivery: Delivery) throws(PostgresError) {
        try CorridorStore(connection: self.connection).forget(
            delivery.loadID, tripLimit: AnalysisParameters.standard.corridors.tripLimit)
    }

    /// Judged; due again later, or no more.
    package func settle(_ id: String, dueAgain: Instant?) throws(PostgresError) {
        if let dueAgain {
            try self.connection.query(Self.postpone, [.text(id), .text(dueAgain.description)])
        } else {
            try self.connection.query(Self.deleteDue, [.text(id)])
        }
    }

    // MARK: - What is stored around

    /// Deliveries of these plants, or of these terminals, that were carried from `from` to `to`.
    package func deliveries(
        plants: [String], terminals: [Int32], from: Instant, to: Instant
    ) throws -> [Delivery] {
        let rows = try self.connection.query(
            Self.selectAround,
            [.array(plants), .array(terminals), .text(from.description), .text(to.description)])
        return try (0..<rows.rowCount).map { try JSONText.decode(Delivery.self, from: rows.text($0, 0) ?? "") }
    }

    /// Deliveries of these plates that were carried from `from` to `to`.
    package func deliveries(plates: [String], from: Instant, to: Instant) throws -> [Delivery] {
        let rows = try self.connection.query(
            Self.selectOfPlates, [.array(plates), .text(from.description), .text(to.description)])
        return try (0..<rows.rowCount).map { try JSONText.decode(Delivery.self, from: rows.text($0, 0) ?? "") }
    }

    /// Notes of these plants, or for these plates, that were issued from `from` to `to`.
    package func tickets(plants: [String], plates: [String], from: Instant, to: Instant) throws -> [Ticket] {
        let rows = try self.connection.query(
            Self.selectTickets,
            [.array(plants), .array(plates), .integer(from.microseconds), .integer(to.microseconds)])
        return try (0..<rows.rowCount).map { try JSONText.decode(Ticket.self, from: rows.text($0, 0) ?? "") }
    }

    /// When the first of a plant's notes from `from` to `to` was issued; `nil`: there are none.
    package func firstNote(of plant: String, from: Instant, to: Instant) throws(PostgresError) -> Instant? {
        let rows = try self.connection.query(
            Self.selectFirstNote, [.text(plant), .integer(from.microseconds), .integer(to.microseconds)])
        return rows.integer(0, 0).map { Instant(microseconds: $0) }
    }

    /// What a plant sent out from `from` up to and with `to`.
    package func month(of plant: String, from: Instant, to: Instant) throws(PostgresError) -> PlantMonth {
        let rows = try self.connection.query(
            Self.selectMonth, [.text(plant), .text(from.description), .text(to.description)])
        return PlantMonth(
            plantID: plant, volume: rows.double(0, 1) ?? 0, loads: Int(rows.integer(0, 0) ?? 0),
            estimatedLoads: Int(rows.integer(0, 2) ?? 0), unknownLoads: Int(rows.integer(0, 3) ?? 0),
            inferredLoads: Int(rows.integer(0, 4) ?? 0))
    }

    /// What was unloaded at the delivery's destination, or within `metres` of where it was unloaded, from `from` on.
    package func deliveries(
        toPlaceOf delivery: Delivery, within metres: Double, from: Instant
    ) throws -> [Delivery] {
        let rows = try self.connection.query(
            Self.selectTraffic,
            [
                .text(delivery.deliveryID), .text(from.description), .text(delivery.unloadEnd.description),
                .double(metres),
            ])
        return try (0..<rows.rowCount).map { try JSONText.decode(Delivery.self, from: rows.text($0, 0) ?? "") }
    }

    /// What was unloaded outside every register within `metres` of the drop of `delivery`, ending no more than so many
    /// seconds from its end, and can count for it (`PlaceDrops`); of more the nearest in time.
    /// - Parameter isCement: whether a tanker unloaded, of which others count without any sign.
    package func visits(
        toPlaceOf delivery: Delivery, within metres: Double, seconds: Double, isCement: Bool
    ) throws -> [PlaceDrops.Visit] {
        guard let point = delivery.unregisteredDrop else { return [] }
        let rows = try self.connection.query(
            Self.selectVisits,
            [
                .double(point.longitude), .double(point.latitude), .text(delivery.unloadEnd.description),
                .double(seconds), .double(metres), .boolean(isCement), .integer(Self.visitLimit),
            ])
        return try (0..<rows.rowCount).map { row in
            PlaceDrops.Visit(
                try JSONText.decode(Delivery.self, from: rows.text(row, 0) ?? ""),
                DropSigns(rawValue: Int16(clamping: rows.integer(row, 1) ?? 0)))
        }
    }

    /// What counts ends at a few.
    private static let visitLimit = 500

    // MARK: - Judged

    /// What a load's volume is: that of its note, or, estimated, that of the drum.
    /// - Parameter isInferred: whether halts alone show that there was a load.
    /// - Returns: whether it was another one.
    @discardableResult
    package func setVolume(
        of loadID: String, cubicMetres: Double?, isEstimated: Bool, isInferred: Bool = false
    ) throws(PostgresError) -> Bool {
        try self.connection.query(
            Self.updateVolume,
            [
                .text(loadID), .optional(cubicMetres.map { String($0) }), .boolean(isEstimated),
                .boolean(isInferred),
            ]
        ).boolean(0, 0) ?? false
    }

    /// What the truck's notes and trips tell of a drop outside every register.
    /// - Returns: whether it was something else.
    @discardableResult
    package func setSigns(_ signs: DropSigns, of id: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.updateSigns, [.text(id), .integer(Int(signs.rawValue))]).rowCount > 0
    }

    /// Writes what was judged in the place of what stood.
    /// - Parameter supersedes: why the old row is kept; `nil` where it was not judged with all that is stored.
    package func store(
        _ judged: JudgedDelivery, asOf: Instant, world: String, supersedes reason: String?
    ) throws {
        let id = judged.delivery.deliveryID
        if let reason { try DeliveryStore(connection: self.connection).supersede(id, reason: reason) }
        try self.connection.query(
            Self.updateJudged,
            [
                .text(id), .text(judged.verdict.rawValue), .double(judged.score),
                .text(try JSONText.encode(judged)), .text(world), .text(asOf.description),
            ])
    }

    /// Judged again to the same words: only as of when is new.
    package func note(_ id: String, asOf: Instant, world: String) throws(PostgresError) {
        try self.connection.query(Self.updateAsOf, [.text(id), .text(asOf.description), .text(world)])
    }
}

// MARK: - SQL

extension JudgingStore {
    private static let clock = NamedQuery(
        "judging.clock", "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
    private static let selectDue = NamedQuery(
        "judging.due",
        """
        SELECT d.content, (extract(epoch FROM d.carried_at) * 1000000)::bigint,
            (extract(epoch FROM d.judged_as_of) * 1000000)::bigint, d.terminal_id, q.reason
        FROM delivery_due q JOIN delivery d USING (delivery_id)
        WHERE q.due_at <= clock_timestamp() ORDER BY d.carried_at, d.delivery_id LIMIT $1::integer
        """)
    private static let selectDueOf = NamedQuery(
        "judging.due.of",
        """
        SELECT d.content, (extract(epoch FROM d.carried_at) * 1000000)::bigint,
            (extract(epoch FROM d.judged_as_of) * 1000000)::bigint, d.terminal_id, q.reason
        FROM delivery_due q JOIN delivery d USING (delivery_id)
        WHERE q.due_at <= clock_timestamp() AND d.terminal_id = ANY ($2::integer[])
        ORDER BY d.carried_at, d.delivery_id LIMIT $1::integer
        """)
    private static let insertAllDue = NamedQuery(
        "judging.due.insert.all",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), $2 FROM delivery WHERE terminal_id = $1
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at),
            reason = excluded.reason
        """)
    private static let insertDue = NamedQuery(
        "judging.due.insert",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason) VALUES ($1, clock_timestamp(), $2)
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let insertOpenDue = NamedQuery(
        "judging.due.open",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), $1 FROM delivery WHERE NOT is_final
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    /// A bound that is reckoned from another table's row is given to a subquery (`LATERAL … OFFSET 0`) or made a column
    /// first: in a join, row security would have it compared only after all rows were read.
    private static let insertDueAround = NamedQuery(
        "judging.due.around",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT o.delivery_id, clock_timestamp(), 'another delivery came, went or changed: ' || d.delivery_id
        FROM delivery d
        CROSS JOIN LATERAL (
            SELECT delivery_id FROM delivery
            WHERE origin_plant = d.origin_plant AND carried_at BETWEEN greatest(
                    least(d.carried_at, to_timestamp((d.content #>> '{delivery,loadStart}')::numeric / 1000000))
                        - interval '2 h', d.carried_at - interval '12 h')
                AND d.carried_at + interval '24 h'
            UNION
            SELECT delivery_id FROM delivery
            WHERE terminal_id = d.terminal_id AND unload_start BETWEEN d.carried_at - interval '24 h'
                AND d.carried_at + interval '30 h'
            UNION
            -- Whoever was loaded where this truck's notes were written: it may take one of them, or leave it to them.
            SELECT o.delivery_id FROM register_entry n JOIN delivery o ON o.origin_plant = n.note_plant
            WHERE n.kind = 'tickets' AND n.known_to IS NULL AND n.note_plate = d.plate
                AND n.note_plant IS DISTINCT FROM d.origin_plant
                AND n.note_issued_at BETWEEN
                    (extract(epoch FROM d.carried_at - interval '12 h') * 1000000)::bigint
                    AND (extract(epoch FROM d.carried_at + interval '12 h') * 1000000)::bigint
                AND o.carried_at BETWEEN d.carried_at - interval '12 h' AND d.carried_at + interval '24 h'
            UNION
            -- The trucks that its plant's notes name and that stood at another plant then: what one of them took here
            -- it may have left to it.
            SELECT o.delivery_id FROM register_entry n
            CROSS JOIN LATERAL (SELECT to_timestamp(n.note_issued_at::numeric / 1000000) AS at) AS issued
            CROSS JOIN LATERAL (
                SELECT delivery_id FROM delivery o
                WHERE o.plate = n.note_plate AND o.origin_plant IS DISTINCT FROM d.origin_plant
                    AND o.unload_start BETWEEN issued.at - interval '2 h' AND issued.at + interval '48 h'
                    AND o.carried_at BETWEEN issued.at - interval '2 h' AND issued.at + interval '12 h'
                    AND coalesce(to_timestamp((o.content #>> '{delivery,loadStart}')::numeric / 1000000),
                        o.carried_at - interval '2 h') <= issued.at + interval '2 h'
                OFFSET 0) AS o
            WHERE n.kind = 'tickets' AND n.known_to IS NULL AND n.note_plant = d.origin_plant
                AND n.note_issued_at BETWEEN
                    (extract(epoch FROM greatest(d.carried_at - interval '12 h',
                        least(d.carried_at, to_timestamp((d.content #>> '{delivery,loadStart}')::numeric / 1000000))
                            - interval '2 h')) * 1000000)::bigint
                    AND (extract(epoch FROM d.carried_at + interval '2 h') * 1000000)::bigint
            UNION
            SELECT delivery_id FROM delivery
            WHERE destination_id = d.destination_id AND unload_end BETWEEN d.unload_end
                AND d.unload_end + interval '24 h'
            UNION
            SELECT t.delivery_id FROM delivery t
            JOIN register_entry v ON v.kind = 'vehicles' AND v.known_to IS NULL AND v.id = t.plate
                AND v.content ->> 'kind' = 'bulk_cement'
            WHERE t.unload_end >= d.unload_end AND (t.destination_id = d.destination_id
                OR t.destination_id IS NULL AND d.destination_id IS NULL
                    AND t.destination_latitude BETWEEN d.destination_latitude - 0.01 AND d.destination_latitude + 0.01
                    AND t.destination_longitude
                        BETWEEN d.destination_longitude - 0.01 AND d.destination_longitude + 0.01)
            UNION
            SELECT delivery_id FROM delivery
            WHERE destination_id IS NULL AND d.destination_id IS NULL
                AND (d.drop_signs <> 0 OR d.content #> '{delivery,confidence,discharge}' = '1' OR EXISTS (
                    SELECT FROM register_entry v WHERE v.kind = 'vehicles' AND v.known_to IS NULL AND v.id = d.plate
                        AND v.content ->> 'kind' = 'bulk_cement'))
                AND destination_latitude BETWEEN d.destination_latitude - 0.01 AND d.destination_latitude + 0.01
                AND destination_longitude BETWEEN d.destination_longitude - 0.01 AND d.destination_longitude + 0.01
                AND unload_end BETWEEN d.unload_end - interval '15 days' AND d.unload_end + interval '15 days'
        ) o
        WHERE d.delivery_id = $1 AND o.delivery_id <> $1
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let insertDueAroundPlace = NamedQuery(
        "judging.due.place",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT o.delivery_id, clock_timestamp(), 'another delivery came, went or changed: ' || d.delivery_id
        FROM delivery d
        CROSS JOIN LATERAL (
            SELECT delivery_id FROM delivery
            WHERE destination_id IS NULL AND delivery_id <> d.delivery_id
                AND destination_latitude BETWEEN d.destination_latitude - 0.01 AND d.destination_latitude + 0.01
                AND destination_longitude BETWEEN d.destination_longitude - 0.01 AND d.destination_longitude + 0.01
                AND unload_end BETWEEN d.unload_end - interval '15 days' AND d.unload_end + interval '15 days'
            OFFSET 0) AS o
        WHERE d.delivery_id = $1 AND d.destination_id IS NULL
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let insertDueOfMonths = NamedQuery(
        "judging.due.months",
        """
        WITH changed AS (DELETE FROM plant_month_change RETURNING plant, month, since)
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT d.delivery_id, clock_timestamp(), 'what its plant sent out before it that month is another'
        FROM changed c JOIN delivery d ON d.origin_plant = c.plant AND d.carried_at >= c.since
            AND d.carried_at < (c.month + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let insertDueNotes = NamedQuery(
        "judging.due.note",
        """
        INSERT INTO note_due (note_id, due_at)
        SELECT e.id, max(greatest(clock_timestamp(), n.issued_at + $2::float8 * interval '1 s'))
        FROM (
            SELECT plant, plate, issued_at, (extract(epoch FROM issued_at) * 1000000)::bigint AS issued
            FROM note_change ORDER BY change_id LIMIT $1::integer) AS n
        JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL
            AND e.note_issued_at = n.issued AND e.note_plant = n.plant AND e.note_plate = n.plate
        GROUP BY e.id
        ON CONFLICT (note_id) DO UPDATE SET due_at = least(note_due.due_at, excluded.due_at)
        """)
    private static let insertDueOfNotes = NamedQuery(
        "judging.due.notes",
        """
        WITH note AS (
            DELETE FROM note_change
            WHERE change_id IN (SELECT change_id FROM note_change ORDER BY change_id LIMIT $1::integer)
            RETURNING plant, plate, issued_at, (extract(epoch FROM issued_at) * 1000000)::bigint AS issued,
                issued_at - interval '1 day' AS day_before, issued_at + interval '1 day' AS day_after,
                issued_at - interval '2 days' AS two_before, issued_at + interval '2 days' AS two_after),
        changed AS (
            SELECT DISTINCT n.plant, n.issued_at, e.id, e.note_number AS number
            FROM note n JOIN register_entry e ON e.kind = 'tickets' AND e.known_to IS NULL
                AND e.note_issued_at = n.issued AND e.note_plant = n.plant AND e.note_plate = n.plate),
        repeated AS (
            SELECT DISTINCT o.plant, o.plate, o.number,
                o.issued_at - interval '1 day' AS day_before, o.issued_at + interval '1 day' AS day_after,
                o.issued_at - interval '2 days' AS two_before, o.issued_at + interval '2 days' AS two_after
            FROM changed c CROSS JOIN LATERAL (
                SELECT note_plant AS plant, note_plate AS plate, note_number AS number,
                    to_timestamp(note_issued_at::numeric / 1000000) AS issued_at
                FROM register_entry
                WHERE kind = 'tickets' AND known_to IS NULL AND note_plant = c.plant
                    AND note_number = c.number AND id <> c.id) AS o
            CROSS JOIN LATERAL (
                SELECT c.issued_at AT TIME ZONE 'Asia/Shanghai' AS one, o.issued_at AT TIME ZONE 'Asia/Shanghai' AS two
            ) AS day
            WHERE (date_part('year', one)::integer * 12 + date_part('month', one)::integer - 1) / $2::integer
                = (date_part('year', two)::integer * 12 + date_part('month', two)::integer - 1) / $2::integer),
        found AS (
            SELECT d.delivery_id FROM repeated r JOIN delivery d ON d.origin_plant = r.plant
                AND d.carried_at BETWEEN r.day_before AND r.day_after
                AND (d.content #>> '{delivery,ticketID}' = r.number
                    OR d.content #> '{delivery,otherTicketIDs}' ? r.number)
            UNION
            SELECT d.delivery_id FROM repeated r JOIN delivery d ON d.plate = r.plate
                AND d.unload_start BETWEEN r.two_before AND r.two_after
                AND (d.content #>> '{delivery,ticketID}' = r.number
                    OR d.content #> '{delivery,otherTicketIDs}' ? r.number)
            UNION
            SELECT d.delivery_id FROM note n JOIN delivery d ON d.origin_plant = n.plant
                AND d.carried_at BETWEEN n.day_before AND n.day_after
            UNION
            SELECT d.delivery_id FROM note n JOIN delivery d ON d.plate = n.plate
                AND d.unload_start BETWEEN n.two_before AND n.two_after)
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), 'delivery notes came in or changed' FROM found
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let postpone = NamedQuery(
        "judging.due.postpone", "UPDATE delivery_due SET due_at = $2::timestamptz WHERE delivery_id = $1")
    private static let deleteDue = NamedQuery(
        "judging.due.delete", "DELETE FROM delivery_due WHERE delivery_id = $1")
    /// A load was carried before it was unloaded.
    private static let selectAround = NamedQuery(
        "judging.around",
        """
        SELECT content -> 'delivery'
        FROM (
            SELECT content, carried_at, delivery_id FROM delivery
            WHERE origin_plant = ANY ($1::text[]) AND carried_at BETWEEN $3::timestamptz AND $4::timestamptz
            UNION ALL
            SELECT content, carried_at, delivery_id FROM delivery
            WHERE terminal_id = ANY ($2::integer[]) AND carried_at BETWEEN $3::timestamptz AND $4::timestamptz
                AND unload_start >= $3::timestamptz AND (origin_plant = ANY ($1::text[])) IS NOT TRUE) AS found
        ORDER BY carried_at, delivery_id
        """)
    /// A load was carried before it was unloaded, and at most a day and a half before.
    private static let selectOfPlates = NamedQuery(
        "judging.of.plates",
        """
        SELECT content -> 'delivery' FROM delivery
        WHERE plate = ANY ($1::text[]) AND carried_at BETWEEN $2::timestamptz AND $3::timestamptz
            AND unload_start BETWEEN $2::timestamptz AND $3::timestamptz + interval '36 h'
        ORDER BY carried_at, delivery_id
        """)
    /// One plant and one truck after the other (`OFFSET 0`), by their own indexes: a join would be planned to read all
    /// notes of the time.
    private static let selectTickets = NamedQuery(
        "judging.tickets",
        """
        SELECT n.content FROM unnest($1::text[]) AS asked (plant)
        CROSS JOIN LATERAL (
            SELECT content FROM register_entry
            WHERE kind = 'tickets' AND known_to IS NULL AND note_plant = asked.plant
                AND note_issued_at BETWEEN $3::bigint AND $4::bigint
            OFFSET 0) AS n
        UNION
        SELECT n.content FROM unnest($2::text[]) AS asked (plate)
        CROSS JOIN LATERAL (
            SELECT content FROM register_entry
            WHERE kind = 'tickets' AND known_to IS NULL AND note_plate = asked.plate
                AND note_issued_at BETWEEN $3::bigint AND $4::bigint
            OFFSET 0) AS n
        """)
    private static let selectFirstNote = NamedQuery(
        "judging.tickets.first",
        """
        SELECT min(note_issued_at) FROM register_entry
        WHERE kind = 'tickets' AND known_to IS NULL
            AND note_issued_at BETWEEN $2::bigint AND $3::bigint AND note_plant = $1
        """)
    private static let selectMonth = NamedQuery(
        "judging.month",
        """
        SELECT count(*) FILTER (WHERE NOT is_load_inferred), sum(volume_m3) FILTER (WHERE NOT is_load_inferred),
            count(*) FILTER (WHERE is_volume_estimated AND NOT is_load_inferred),
            count(*) FILTER (WHERE volume_m3 IS NULL AND NOT is_load_inferred), count(*) FILTER (WHERE is_load_inferred)
        FROM (
            SELECT DISTINCT ON (load_id) volume_m3, is_volume_estimated, is_load_inferred FROM delivery
            WHERE origin_plant = $1 AND carried_at >= $2::timestamptz AND carried_at <= $3::timestamptz
            ORDER BY load_id, unload_start, delivery_id) AS load
        """)
    private static let selectTraffic = NamedQuery(
        "judging.traffic",
        """
        SELECT o.content -> 'delivery' FROM delivery d JOIN delivery o ON o.destination_id = d.destination_id
        WHERE d.delivery_id = $1 AND o.unload_end BETWEEN $2::timestamptz AND $3::timestamptz
        UNION ALL
        SELECT o.delivery FROM delivery d
        CROSS JOIN LATERAL (
            SELECT content -> 'delivery' AS delivery FROM delivery
            WHERE destination_id IS NULL AND unload_end BETWEEN $2::timestamptz AND $3::timestamptz
                AND destination_latitude BETWEEN d.destination_latitude - 0.01 AND d.destination_latitude + 0.01
                AND destination_longitude BETWEEN d.destination_longitude - 0.01 AND d.destination_longitude + 0.01
                AND ST_DWithin(destination_point::geography, d.destination_point::geography, $4::float8)
            OFFSET 0) AS o
        WHERE d.delivery_id = $1 AND d.destination_id IS NULL
        """)
    private static let selectVisits = NamedQuery(
        "judging.visits",
        """
        SELECT o.content -> 'delivery', o.drop_signs
        FROM delivery o, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326) AS p
        WHERE o.destination_latitude BETWEEN $2::float8 - 0.01 AND $2::float8 + 0.01
            AND o.destination_longitude BETWEEN $1::float8 - 0.01 AND $1::float8 + 0.01 AND o.destination_id IS NULL
            AND o.unload_end BETWEEN $3::timestamptz - $4::float8 * interval '1 s'
                AND $3::timestamptz + $4::float8 * interval '1 s'
            AND ($6::boolean OR o.drop_signs <> 0 OR o.content #> '{delivery,confidence,discharge}' = '1')
            AND ST_DWithin(o.destination_point::geography, p::geography, $5::float8)
        ORDER BY abs(extract(epoch FROM o.unload_end - $3::timestamptz)), o.delivery_id LIMIT $7::integer
        """)
    private static let updateSigns = NamedQuery(
        "judging.signs",
        """
        UPDATE delivery SET drop_signs = $2::smallint WHERE delivery_id = $1 AND drop_signs <> $2::smallint
        RETURNING delivery_id
        """)
    private static let updateVolume = NamedQuery(
        "judging.volume",
        """
        WITH known AS (
            SELECT delivery_id,
                (volume_m3, is_volume_estimated) IS DISTINCT FROM ($2::float8, $3::boolean) AS is_another
            FROM delivery
            WHERE load_id = $1 AND (volume_m3, is_volume_estimated, is_load_inferred)
                IS DISTINCT FROM ($2::float8, $3::boolean, $4::boolean)),
        changed AS (
            UPDATE delivery d SET volume_m3 = $2::float8, is_volume_estimated = $3::boolean,
                is_load_inferred = $4::boolean
            FROM known k WHERE d.delivery_id = k.delivery_id)
        SELECT bool_or(is_another) FROM known
        """)
    private static let updateJudged = NamedQuery(
        "judging.update",
        """
        UPDATE delivery SET verdict = $2, score = $3, content = $4, world = $5, judged_as_of = $6::timestamptz,
            revision = nextval('delivery_revision'), derived_at = clock_timestamp()
        WHERE delivery_id = $1
        """)
    private static let updateAsOf = NamedQuery(
        "judging.note", "UPDATE delivery SET judged_as_of = $2::timestamptz, world = $3 WHERE delivery_id = $1")
}
