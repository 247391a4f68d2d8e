package import Chronology
package import Geodesy
package import PostgresClient
package import Registers
package import Suspicions
package import Telemetry

/// Reads what an evidence package holds, all as of one moment: inside `reading`, whatever is imported or derived
/// meanwhile is not seen.
package struct EvidenceReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// A delivery with what it was judged by.
    package struct Subject: Sendable {
        package var judged: JudgedDelivery
        package var terminalID: Int64
        package var terminal: String
        package var world: String
        /// When it was judged as it stands.
        package var derivedAt: Instant
        /// When it was derived no more; `nil`: it stands.
        package var supersededAt: Instant?
    }

    /// Where a report's message lies.
    package struct Place: Hashable, Sendable {
        package var batchID: Int64
        package var messageIndex: Int

        package var lane: Int32 { Int32(truncatingIfNeeded: self.batchID >> 40) }
        package var number: Int64 { self.batchID & (1 << 40 - 1) }
    }

    /// A row of a register with its system time.
    package struct KnownRow: Sendable {
        package var entry: Int64
        package var record: RegisterRecord
        package var knownFrom: Instant
        package var knownTo: Instant?
        package var importedBy: String
        package var source: String
    }

    /// Which rows of the registers concern a delivery.
    package struct Concern: Sendable {
        package var plants: [String] = []
        package var sites: [String] = []
        package var places: [String] = []
        package var plate: String?
        /// The numbers of all notes of the load.
        package var ticketIDs: [String] = []
        /// The terminal's name, with and without leading zeros.
        package var terminals: [String] = []
        /// Every plant and every site that was known by then concerns it, expired and corrected ones too: that it was
        /// at none of them, which was nearest and whose licence held is said by all of them.
        package var knownBy: Instant
        /// Tickets of the plate issued in this time concern it too, and every plant and site that is valid in it.
        package var from: Instant
        package var to: Instant
        /// Fences near these points concern it too.
        package var points: [Coordinate] = []

        package init(from: Instant, to: Instant, knownBy: Instant) {
            self.from = from
            self.to = to
            self.knownBy = knownBy
        }
    }

    /// Degrees around the ends of a delivery within which every fence is shown: about three kilometres.
    private static let nearDegrees = 0.03

    /// Runs `body` in one transaction that sees one state of the database and changes nothing.
    package func reading<R>(_ body: () throws -> R) throws -> R {
        try self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", name: "begin")
        do {
            let result = try body()
            try self.connection.execute("COMMIT", name: "commit")
            return result
        } catch {
            if !self.connection.isBroken { try? self.connection.execute("ROLLBACK", name: "rollback") }
            throw error
        }
    }

    /// The delivery as it stands, or as it last stood when it is derived no more.
    package func subject(_ deliveryID: String) throws -> Subject? {
        let rows = try self.connection.query(Self.selectSubject, [.text(deliveryID)])
        guard rows.rowCount == 1 else { return nil }
        return Subject(
            judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(0, 0) ?? ""),
            terminalID: rows.integer(0, 1) ?? 0, terminal: rows.text(0, 2) ?? "", world: rows.text(0, 3) ?? "",
            derivedAt: Instant(microseconds: rows.integer(0, 4) ?? 0),
            supersededAt: rows.integer(0, 5).map { Instant(microseconds: $0) })
    }

    /// The earliest first.
    package func superseded(_ deliveryID: String) throws -> [SupersededForm] {
        try DeliveryRecords(connection: self.connection).earlier(deliveryID)
    }

    /// What is derived now in the place of a delivery that is derived no more.
    package func successors(of deliveryID: String) throws -> [JudgedDelivery] {
        try DeliveryRecords(connection: self.connection).successors(of: deliveryID)
    }

    /// The terminal's positions recorded in `[from, to)`, each with its place.
    package func positions(
        of terminalID: Int64, from: Instant, to: Instant
    ) throws(PostgresError) -> [(report: PositionReport, place: Place)] {
        let rows = try self.connection.query(
            Self.selectPositions, [.integer(terminalID), .text(from.description), .text(to.description)],
            binaryResult: true)
        return (0..<rows.rowCount).map { row in
            (
                PositionRow.read(rows, row: row).report,
                Place(
                    batchID: rows.binaryInteger(row, 14) ?? 0, messageIndex: Int(rows.binaryInteger(row, 15) ?? 0))
            )
        }
    }

    /// The places of the terminal's camera reports and alarms recorded, and of its refused messages received, in
    /// `[from, to)`.
    package func otherPlaces(
        of terminalID: Int64, named terminal: String, from: Instant, to: Instant
    ) throws(PostgresError) -> [Place] {
        let rows = try self.connection.query(
            Self.selectOtherPlaces,
            [.integer(terminalID), .text(from.description), .text(to.description), .text(terminal)])
        return (0..<rows.rowCount).map { row in
            Place(batchID: rows.integer(row, 0) ?? 0, messageIndex: Int(rows.integer(row, 1) ?? 0))
        }
    }

    /// The batches that are still there, each with the hash it was sealed on, in order of lane and number.
    package func batches(_ ids: [Int64]) throws(PostgresError) -> [(lane: Int32, name: String, batch: SealedBatch)] {
        let rows = try self.connection.query(Self.selectBatches, [.array(ids)], binaryResult: true)
        return (0..<rows.rowCount).map { row in
            var batch = SealReader.batch(rows, row)
            // Batches older than the column have their predecessor's hash, or the chain's beginning.
            if batch.previousHash == nil {
                batch.previousHash =
                    rows.bytes(row, 15) ?? (batch.number == 1 ? [UInt8](repeating: 0, count: 32) : nil)
            }
            let lane = Int32(truncatingIfNeeded: rows.binaryInteger(row, 16) ?? 0)
            return (lane, rows.bytes(row, 17).map { String(decoding: $0, as: UTF8.self) } ?? "", batch)
        }
    }

    package func registers(_ concern: Concern) throws -> [KnownRow] {
        let rows = try self.connection.query(
            Self.selectRegisters,
            [
                .array(concern.plants), .array(concern.sites), .array(concern.places), .optional(concern.plate),
                .array(concern.terminals), .array(concern.ticketIDs), .integer(concern.from.microseconds),
                .integer(concern.to.microseconds), .array(concern.points.map { Optional(String($0.longitude)) }),
                .array(concern.points.map { Optional(String($0.latitude)) }), .double(Self.nearDegrees),
                .integer(concern.knownBy.microseconds),
            ])
        return try (0..<rows.rowCount).compactMap { row in
            guard let kind = rows.text(row, 1).flatMap(RegisterKind.init), let content = rows.text(row, 2) else {
                return nil
            }
            let record = try JSONText.decode(
                RegisterRecord.self, from: #"{"kind":"\#(kind.rawValue)","row":\#(content)}"#)
            return KnownRow(
                entry: rows.integer(row, 0) ?? 0, record: record,
                knownFrom: Instant(microseconds: rows.integer(row, 3) ?? 0),
                knownTo: rows.integer(row, 4).map { Instant(microseconds: $0) }, importedBy: rows.text(row, 5) ?? "",
                source: rows.text(row, 6) ?? "")
        }
    }
}

// MARK: - SQL

extension EvidenceReader {
    private static let selectSubject = NamedQuery(
        "evidence.subject",
        """
        SELECT d.content, d.terminal_id, t.name, d.world,
            (extract(epoch FROM greatest(d.derived_at, d.judged_as_of)) * 1000000)::bigint, NULL
        FROM delivery d JOIN terminal t USING (terminal_id) WHERE d.delivery_id = $1
        UNION ALL
        SELECT s.content, s.terminal_id, t.name, s.world,
            (extract(epoch FROM coalesce(s.judged_at, s.superseded_at)) * 1000000)::bigint,
            (extract(epoch FROM s.superseded_at) * 1000000)::bigint
        FROM (SELECT * FROM delivery_superseded WHERE delivery_id = $1 ORDER BY superseded_id DESC LIMIT 1) s
        JOIN terminal t USING (terminal_id)
        WHERE NOT EXISTS (SELECT FROM delivery WHERE delivery_id = $1)
        """)
    private static let selectPositions = NamedQuery(
        "evidence.positions",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence, batch_id, message_index
        FROM position
        WHERE terminal_id = $1::integer AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        ORDER BY recorded_at
        """)
    private static let selectOtherPlaces = NamedQuery(
        "evidence.places",
        """
        SELECT batch_id, message_index FROM camera_report
        WHERE terminal_id = $1::integer AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        UNION
        SELECT batch_id, message_index FROM alarm_report
        WHERE terminal_id = $1::integer AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        UNION
        SELECT batch_id, message_index FROM quarantine
        WHERE terminal = $4 AND received_at >= $2::timestamptz AND received_at < $3::timestamptz
        ORDER BY batch_id, message_index
        """)
    private static let selectBatches = NamedQuery(
        "evidence.batches",
        """
        SELECT b.number, b.sealed, b.hash, b.previous_hash, b.message_count, b.raw_bytes, b.stored, b.duplicate,
            b.quarantined, b.ignored, b.positions, b.camera_reports, b.alarms, b.first_received_at, b.last_received_at,
            coalesce(p.hash, a.hash), b.lane_id, l.name
        FROM batch b
        JOIN lane l USING (lane_id)
        LEFT JOIN batch p ON p.lane_id = b.lane_id AND p.number = b.number - 1
        LEFT JOIN chain_anchor a ON a.lane_id = b.lane_id AND a.number = b.number - 1
        WHERE b.batch_id = ANY ($1::bigint[]) ORDER BY b.batch_id
        """)
    private static let selectRegisters = NamedQuery(
        "evidence.registers",
        """
        SELECT e.entry_id, e.kind, e.content, (extract(epoch FROM e.known_from) * 1000000)::bigint,
            (extract(epoch FROM e.known_to) * 1000000)::bigint, i.imported_by, i.source
        FROM register_entry e JOIN register_import i USING (import_id)
        WHERE e.kind IN ('plants', 'sites') AND (
                (extract(epoch FROM e.known_from) * 1000000)::bigint <= $12::bigint OR e.valid && tstzrange(
                to_timestamp(($7::bigint / 1000000.0)::float8), to_timestamp(($8::bigint / 1000000.0)::float8), '[]'))
            OR e.kind = 'plants' AND e.id = ANY ($1::text[])
            OR e.kind = 'sites' AND e.id = ANY ($2::text[])
            OR e.kind = 'places' AND e.id = ANY ($3::text[])
            OR e.kind = 'vehicles' AND (e.id = $4 OR ltrim(e.content ->> 'terminal', '0') = ANY ($5::text[])
                OR e.content ->> 'terminal' = ANY ($5::text[]))
            OR e.kind = 'terminals' AND (ltrim(e.id, '0') = ANY ($5::text[]) OR e.id = ANY ($5::text[]))
            OR e.kind = 'tickets' AND (e.content ->> 'ticketID' = ANY ($6::text[])
                OR e.content ->> 'plate' = $4 AND (e.content ->> 'issuedAt')::bigint BETWEEN $7::bigint AND $8::bigint)
            OR e.kind IN ('plants', 'sites', 'places', 'zones') AND EXISTS (
                SELECT FROM unnest($9::float8[], $10::float8[]) AS point (lon, lat)
                WHERE ST_DWithin(e.fence, ST_SetSRID(ST_MakePoint(lon, lat), 4326), $11::float8))
        ORDER BY e.entry_id
        """)
}
