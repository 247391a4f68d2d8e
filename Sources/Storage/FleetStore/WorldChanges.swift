package import Deliveries
import Geodesy
package import PostgresClient
package import Tracks

/// What a change of the world touches: which vehicles have to be derived again, and which deliveries judged again.
package struct WorldChanges {
    private let connection: PostgresConnection
    private let parameters: AnalysisParameters

    /// - Parameter parameters: those by which is derived.
    package init(connection: PostgresConnection, parameters: AnalysisParameters = .standard) {
        self.connection = connection
        self.parameters = parameters
    }

    /// Metres around a place within which a halt, or an end of a dark stretch, may be read by it: queues and margins,
    /// with room to spare.
    private var reach: Double { max(500, self.parameters.hauls.queueDistance) }

    /// What a vehicle has to have done at a box for what is derived of it to hang on the place there.
    enum Trace: String {
        /// It halted there, or was seen there last.
        case halt
        /// It went dark there, or came back there: a load or a drop unseen inside the gate.
        case gate
        /// It went dark there and came back there: a load unseen at a place that no register knows.
        case around
        /// It may have been there in the dark: where a plant could be reached, no other place is accused.
        case way
    }

    /// Whether places of loading came, went or moved that nobody has asked the vehicles for yet.
    package func arePending() throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectPending).boolean(0, 0) ?? false
    }

    /// Asks for the vehicles that halted where places of loading changed, or were dark around them, and for a search
    /// for suspected plants where it was not a search that changed them; to be called in a transaction.
    package func takePlaces() throws(PostgresError) {
        let rows = try self.connection.query(Self.takePlaceChanges)
        if (0..<rows.rowCount).contains(where: { rows.boolean($0, 5) != true }) {
            try self.connection.query(Self.forgetSearch)
        }
        for row in 0..<rows.rowCount {
            let center = Coordinate(
                latitudeE7: Int32(clamping: rows.integer(row, 0) ?? 0),
                longitudeE7: Int32(clamping: rows.integer(row, 1) ?? 0))
            let circle = Fence.circle(center: center, radiusMetres: rows.double(row, 2) ?? 0).boundingBox
            // From the middle: so the cycle measures, too.
            let around = BoundingBox(around: [center])?.expanded(byMetres: self.parameters.cycles.darkSpotDistance)
            try self.ask(
                [(.halt, circle.expanded(byMetres: self.reach)), (.around, around ?? circle)],
                by: rows.text(row, 3) ?? "", reason: rows.text(row, 4) ?? "")
        }
    }

    /// The newest import of a register: who changed what.
    package func lastImport() throws(PostgresError) -> (by: String, source: String) {
        let rows = try self.connection.query(Self.selectLastImport)
        return (rows.text(0, 0) ?? "?", rows.text(0, 1) ?? "?")
    }

    /// Asks for what a change of the registers touches; to be called in a transaction.
    ///
    /// Vehicles of which a row changed, those that halted at a fence that changed, and those that may have been in it
    /// unseen, as far as a load or a drop may be read of that, are derived again. Deliveries
    /// from or to a plant or a site of which a row changed are judged again, as are those from a plant that shares its
    /// yard, those whose truck had been loaded there before (`Haul.earlier`), hits elsewhere that name the nearest of
    /// them, and what was said of notes for a place that moved. A register that held nothing, or holds nothing any
    /// more, touches every delivery.
    package func touch(
        _ change: RegisterChange, terminals: [Int32], by user: String, reason: String
    ) throws(PostgresError) {
        let boxes = change.fences.map { $0.boundingBox.expanded(byMetres: self.reach) }
        try self.ask(
            boxes.map { (.halt, $0) } + boxes.map { (.gate, $0) }
                + change.plantFences.map { (.way, $0.boundingBox) }, by: user, reason: reason)
        let plants = change.plants.union(change.sharing)
        let ids: [PostgresValue] = [
            .array(plants.sorted()), .array(change.sites.sorted()), .text("\(user): \(reason)"),
        ]
        if change.opensOrEmpties {
            try self.connection.query(Self.insertDueOfAll, [.text("\(user): \(reason)")])
            try self.connection.query(Self.askForAllOpen, [.text(user), .text(reason)])
        } else {
            try self.connection.query(Self.insertDue, ids)
            try self.connection.query(Self.insertDueOfHits, ids)
            try self.connection.query(
                Self.askForOpen, [.array((plants.union(change.sites)).sorted()), .text(user), .text(reason)])
        }
        try self.connection.query(
            Self.insertNotes, [.array(change.moved.sorted())])
        guard !terminals.isEmpty else { return }
        _ = try DeriveRequests(connection: self.connection).ask(for: terminals, by: user, reason: reason)
    }

    /// Keeps what a change of the registers asked for; to be called behind `touch`, with its reason.
    package func note(
        revisions: Range<Int64>, by user: String, reason: String
    ) throws(PostgresError) {
        try self.connection.query(
            Self.insertEffect,
            [
                .integer(revisions.upperBound), .integer(revisions.lowerBound), .text(reason),
                .text("\(user): \(reason)"),
            ])
    }

    /// What was derived in one world holds in another that differs in what is said of it alone.
    package func keepCheckpoints(of old: String, in new: String) throws(PostgresError) {
        try self.connection.query(Self.moveCheckpoints, [.text(old), .text(new)])
    }

    func ask(_ traces: [(Trace, BoundingBox)], by user: String, reason: String) throws(PostgresError) {
        guard !traces.isEmpty else { return }
        try self.connection.query(
            Self.askForTraces,
            [
                .array(traces.map(\.1.south)), .array(traces.map(\.1.north)), .array(traces.map(\.1.west)),
                .array(traces.map(\.1.east)), .array(traces.map { Optional($0.0.rawValue) }), .text(user),
                .text(reason),
            ])
    }

    private static let selectPending = NamedQuery(
        "world.places.pending", "SELECT EXISTS (SELECT FROM place_change)")
    private static let takePlaceChanges = NamedQuery(
        "world.places.take",
        "DELETE FROM place_change RETURNING latitude, longitude, radius_m, requested_by, reason, is_of_search")
    private static let forgetSearch = NamedQuery(
        "world.search.forget", "UPDATE analysis_state SET searched_world = NULL WHERE searched_world IS NOT NULL")
    private static let selectLastImport = NamedQuery(
        "world.import.last",
        "SELECT imported_by, kind || ' ' || source FROM register_import ORDER BY import_id DESC LIMIT 1")
    private static let askForTraces = NamedQuery(
        "world.ask.traces",
        """
        INSERT INTO derive_request (terminal_id, requested_by, reason)
        SELECT terminal_id, $6, $7
        FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::text[])
            AS area (south, north, west, east, trace)
        CROSS JOIN LATERAL (
            SELECT terminal_id FROM stay s
            WHERE area.trace = 'halt'
                AND s.latitude BETWEEN area.south AND area.north AND s.longitude BETWEEN area.west AND area.east
            UNION
            SELECT terminal_id FROM latest_position l
            WHERE area.trace = 'halt'
                AND l.latitude BETWEEN area.south AND area.north AND l.longitude BETWEEN area.west AND area.east
            UNION
            SELECT terminal_id FROM dark_stretch d
            WHERE area.trace = 'gate' AND d.from_latitude BETWEEN area.south AND area.north
                AND d.from_longitude BETWEEN area.west AND area.east
            UNION
            SELECT terminal_id FROM dark_stretch d
            WHERE area.trace = 'gate' AND d.to_latitude BETWEEN area.south AND area.north
                AND d.to_longitude BETWEEN area.west AND area.east
            UNION
            SELECT terminal_id FROM dark_stretch d
            WHERE area.trace = 'around' AND d.from_latitude BETWEEN area.south AND area.north
                AND d.from_longitude BETWEEN area.west AND area.east
                AND d.to_latitude BETWEEN area.south AND area.north AND d.to_longitude BETWEEN area.west AND area.east
            UNION
            SELECT terminal_id FROM dark_stretch d
            WHERE area.trace = 'way' AND box(point(d.west, d.south), point(d.east, d.north))
                && box(point(area.west, area.south), point(area.east, area.north))) AS asked
        GROUP BY terminal_id
        """)
    private static let askForOpen = NamedQuery(
        "world.ask.open",
        """
        INSERT INTO derive_request (terminal_id, requested_by, reason)
        SELECT DISTINCT terminal_id, $2, $3 FROM delivery
        WHERE NOT is_final AND (origin_plant = ANY ($1::text[]) OR destination_id = ANY ($1::text[]))
        """)
    private static let askForAllOpen = NamedQuery(
        "world.ask.open.all",
        """
        INSERT INTO derive_request (terminal_id, requested_by, reason)
        SELECT DISTINCT terminal_id, $1, $2 FROM delivery WHERE NOT is_final
        """)
    private static let insertDueOfAll = NamedQuery(
        "world.due.all",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), $1 FROM delivery WHERE is_final
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at),
            reason = excluded.reason
        """)
    private static let insertDue = NamedQuery(
        "world.due",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), $3 FROM (
            SELECT delivery_id FROM delivery WHERE is_final AND origin_plant = ANY ($1::text[])
            UNION
            SELECT delivery_id FROM delivery WHERE is_final AND destination_id = ANY ($1::text[] || $2::text[])
            UNION
            SELECT delivery_id FROM delivery
            WHERE is_final AND content #>> '{delivery,haul,earlier,plantID}' IS NOT NULL
                AND content #>> '{delivery,haul,earlier,plantID}' = ANY ($1::text[])
        ) AS touched
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at),
            reason = excluded.reason
        """)
    /// Their words name the nearest plant or site, or hold because none that may supply could be reached.
    private static let insertDueOfHits = NamedQuery(
        "world.due.hits",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), $3 FROM delivery
        WHERE is_final AND score > 0 AND EXISTS (
            SELECT FROM jsonb_array_elements(content -> 'judgements') AS said
            WHERE said ->> 'outcome' = 'hit'
                AND (cardinality($1::text[]) > 0
                        AND said ->> 'rule' IN (
                            'unlicensed-origin', 'dark-stay', 'name-lending', 'cement-to-unregistered')
                    OR cardinality($2::text[]) > 0 AND said ->> 'rule' IN ('unregistered-destination', 'diversion')))
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
    private static let insertNotes = NamedQuery(
        "world.notes",
        """
        INSERT INTO note_change (plant, plate, issued_at)
        SELECT content ->> 'plantID', content ->> 'plate', to_timestamp((content ->> 'issuedAt')::numeric / 1000000)
        FROM register_entry
        WHERE kind = 'tickets' AND known_to IS NULL
            AND (content ->> 'plantID' = ANY ($1::text[]) OR content ->> 'siteID' = ANY ($1::text[]))
        """)
    private static let insertEffect = NamedQuery(
        "world.effect",
        """
        INSERT INTO register_effect (revision, revision_before, vehicles, deliveries)
        SELECT $1, $2, (SELECT count(DISTINCT terminal_id) FROM derive_request WHERE reason = $3),
            (SELECT count(*) FROM delivery_due WHERE reason = $4)
        ON CONFLICT (revision) DO NOTHING
        """)
    private static let moveCheckpoints = NamedQuery(
        "world.checkpoints", "UPDATE fold_checkpoint SET world = $2 WHERE world = $1")
}
