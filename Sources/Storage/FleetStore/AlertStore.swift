package import Chronology
import Deliveries
package import Geodesy
package import PostgresClient
package import Registers
package import Safety
package import Suspicions
package import Telemetry

/// Alerts, and the state of each vehicle's reports from which the next ones follow.
package struct AlertStore {
    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One alert as it stands.
    package struct Row: Sendable, Hashable {
        package var alertID: String
        package var rule: String
        package var severity: Int
        package var plate: String?
        package var terminal: String
        package var openedAt: Instant
        package var closedAt: Instant?
        package var coordinate: Coordinate?
        package var deliveryID: String?
        /// `open` or `closed`.
        package var status: String
        package var facts: [Statement]
        package var revision: Int64
    }

    // MARK: - Of a vehicle's reports

    /// From which a vehicle's next alerts follow: of its positions, and of its camera and right turns.
    package struct VehicleState: Codable, Hashable, Sendable {
        package var alerts: VehicleAlerts
        package var camera: CameraWatch
        /// The revision of the zones by which its reports were read last, and from which report on.
        package var zones: Int64?
        package var zonesFrom: Instant?
        /// Reports that it was given; `nil`: an older version did not count them.
        package var taken: Int?
        /// Every report of the vehicle was given to a version that writes checkpoints.
        package var isFromStart: Bool?

        package init(terminal: TerminalID) {
            self.alerts = VehicleAlerts(terminal: terminal)
            self.camera = CameraWatch(terminal: terminal)
            (self.taken, self.isFromStart) = (0, true)
        }
    }

    /// What some reports opened and closed.
    package enum Change: Sendable {
        case vehicle(VehicleAlert.Change)
        case camera(CameraAlert.Change)
    }

    /// The states of all vehicles, by terminal.
    package func states() throws -> [Int32: VehicleState] {
        let rows = try self.connection.query(Self.selectStates)
        var states: [Int32: VehicleState] = [:]
        for row in 0..<rows.rowCount {
            // A state that an older version wrote is thrown away: it is small and fills again.
            states[Int32(clamping: rows.integer(row, 0) ?? 0)] = try? JSONText.decode(
                VehicleState.self, from: rows.text(row, 1) ?? "")
        }
        return states
    }

    /// Writes down the states from which the next alerts follow.
    package func save(_ states: [(terminal: Int32, state: VehicleState)]) throws {
        guard !states.isEmpty else { return }
        try self.connection.query(
            Self.upsertStates,
            [.array(states.map(\.terminal)), .array(try states.map { try JSONText.encode($0.state) })])
    }

    /// When the newest stored position was, of each terminal that has a state.
    package func newest() throws(PostgresError) -> [Int32: Instant] {
        let rows = try self.connection.query(Self.selectNewest)
        var newest: [Int32: Instant] = [:]
        for row in 0..<rows.rowCount {
            newest[Int32(clamping: rows.integer(row, 0) ?? 0)] = Instant(microseconds: rows.integer(row, 1) ?? 0)
        }
        return newest
    }

    /// Writes down what some reports changed; in the transaction that takes the reports in.
    ///
    /// An alert is about the vehicle that carried the terminal when it opened: what closes it changes nothing of that.
    /// - Parameter plate: of the vehicle that carried the terminal at a time.
    package func store(_ changes: [Change], terminal: Int32, plate: (Instant) -> String?) throws {
        for change in changes {
            try self.connection.query(Self.upsertOfStream, try change.row(terminal: terminal, plate: plate))
        }
        if !changes.isEmpty { try self.connection.query(Self.notify) }
    }

    // MARK: - Of a delivery

    /// A suspicious delivery raises one alert, opened when it ended, under its gravest rule and with all that it says
    /// for and against; one that is suspicious no more closes it.
    package func store(_ judged: JudgedDelivery, terminal: Int32) throws {
        let delivery = judged.delivery
        let gravest = judged.judgements.filter { $0.outcome == .hit }.max {
            ($0.severity, $1.rule) < ($1.severity, $0.rule)
        }
        let point = delivery.destination.coordinate ?? delivery.origin.coordinate
        guard judged.verdict == .suspicious, let gravest else {
            try self.closeAlerts(ofDelivery: delivery.deliveryID)
            return
        }
        try self.connection.query(
            Self.upsert,
            [
                .text("A-" + delivery.deliveryID), .text(gravest.rule), .integer(gravest.severity),
                .integer(terminal), .optional(delivery.plate), .text(delivery.unloadEnd.description), .null,
                .optional(point.map { String($0.latitude) }), .optional(point.map { String($0.longitude) }),
                .text(delivery.deliveryID), .text("open"),
                .text(try JSONText.encode(gravest.facts + gravest.counterfacts)),
            ])
        try self.connection.query(Self.notify)
    }

    /// The delivery is suspicious no more, or is derived no more.
    package func closeAlerts(ofDelivery id: String) throws(PostgresError) {
        try self.connection.query(Self.closeOfDelivery, [.text(id)])
    }

    // MARK: - Listing

    /// By the time of opening, half-open; the oldest first, behind the alert `after`.
    package func list(
        from: Instant?, to: Instant?, after: (openedAt: Instant, id: String)? = nil, limit: Int
    ) throws -> [Row] {
        let rows = try self.connection.query(
            Self.select,
            [
                .optional(from?.description), .optional(to?.description), .optional(after?.openedAt.description),
                .optional(after?.id), .integer(limit),
            ])
        return try (0..<rows.rowCount).map { row in
            Row(
                alertID: rows.text(row, 0) ?? "", rule: rows.text(row, 1) ?? "",
                severity: Int(rows.integer(row, 2) ?? 0), plate: rows.text(row, 3), terminal: rows.text(row, 4) ?? "",
                openedAt: Instant(microseconds: rows.integer(row, 5) ?? 0),
                closedAt: rows.integer(row, 6).map { Instant(microseconds: $0) },
                coordinate: rows.double(row, 7).flatMap { latitude in
                    rows.double(row, 8).flatMap { Coordinate(latitude: latitude, longitude: $0) }
                },
                deliveryID: rows.text(row, 9), status: rows.text(row, 10) ?? "",
                facts: try JSONText.decode([Statement].self, from: rows.text(row, 11) ?? "[]"),
                revision: rows.integer(row, 12) ?? 0)
        }
    }

    // MARK: - What the alerts look at

    /// A terminal's camera reports from `time` on, the earliest first: one may come after the position of its moment.
    package func cameraReports(of terminal: Int32, from time: Instant?) throws(PostgresError) -> [CameraReport] {
        let rows = try self.connection.query(
            Self.selectCameras, [.integer(terminal), .text(time?.description ?? "-infinity")])
        return (0..<rows.rowCount).map { row in
            CameraReport(
                recordedAt: Instant(microseconds: rows.integer(row, 0) ?? 0),
                cameras: Self.statuses(rows.text(row, 1) ?? ""))
        }
    }

    /// Of each terminal its camera reports from its time on, the earliest first: one question for all.
    package func cameraReports(
        from times: [(terminal: Int32, time: Instant)]
    ) throws(PostgresError) -> [Int32: [CameraReport]] {
        let rows = try self.connection.query(
            Self.selectNews,
            [
                .array(times.map(\.terminal)), .timestamps(microsecondsSince1970: times.map(\.time.microseconds)),
            ])
        var found: [Int32: [CameraReport]] = [:]
        for row in 0..<rows.rowCount {
            let report = CameraReport(
                recordedAt: Instant(microseconds: rows.integer(row, 0) ?? 0),
                cameras: Self.statuses(rows.text(row, 1) ?? ""))
            found[Int32(clamping: rows.integer(row, 2) ?? 0), default: []].append(report)
        }
        return found
    }

    /// Of `name=state;name=state`, as the log keeps them.
    static func statuses(_ text: String) -> [CameraStatus] {
        text.split(separator: ";").compactMap { pair in
            guard let sign = pair.lastIndex(of: "="),
                let state = CameraStatus.State(rawValue: String(pair[sign...].dropFirst()))
            else { return nil }
            return CameraStatus(name: String(pair[..<sign]), state: state)
        }
    }

    /// Another one after every import or edit of zones.
    package func zonesRevision() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectZonesRevision).integer(0, 0) ?? 0
    }

    /// The zones that are known now.
    package func zones() throws -> [Zone] {
        let rows = try self.connection.query(Self.selectZones)
        return try (0..<rows.rowCount).map { try JSONText.decode(Zone.self, from: rows.text($0, 0) ?? "") }
    }
}

// MARK: - SQL

extension AlertStore {
    private static let selectStates = NamedQuery("alert.states", "SELECT terminal_id, state FROM alert_state")
    private static let upsertStates = NamedQuery(
        "alert.states.upsert",
        """
        INSERT INTO alert_state (terminal_id, state)
        SELECT s.terminal_id, s.state::jsonb FROM unnest($1::integer[], $2::text[]) AS s (terminal_id, state)
        ON CONFLICT (terminal_id) DO UPDATE SET state = excluded.state
        """)
    static let upsert = NamedQuery(
        "alert.upsert",
        """
        INSERT INTO alert AS a (alert_id, rule, severity, terminal_id, plate, opened_at, closed_at, latitude, longitude,
            delivery_id, status, facts)
        VALUES ($1, $2, $3::smallint, $4::integer, $5, $6::timestamptz, $7::timestamptz, $8::float8, $9::float8, $10,
            $11, $12::jsonb)
        ON CONFLICT (alert_id) DO UPDATE SET rule = excluded.rule, severity = excluded.severity,
            plate = excluded.plate, closed_at = excluded.closed_at, latitude = excluded.latitude,
            longitude = excluded.longitude, status = excluded.status, facts = excluded.facts,
            revision = nextval('alert_revision')
        WHERE (a.rule, a.severity, a.plate, a.closed_at, a.latitude, a.longitude, a.status, a.facts)
            IS DISTINCT FROM (excluded.rule, excluded.severity, excluded.plate, excluded.closed_at, excluded.latitude,
                excluded.longitude, excluded.status, excluded.facts)
        """)
    private static let upsertOfStream = NamedQuery(
        "alert.upsert.stream",
        """
        INSERT INTO alert AS a (alert_id, rule, severity, terminal_id, plate, opened_at, closed_at, latitude, longitude,
            delivery_id, status, facts)
        VALUES ($1, $2, $3::smallint, $4::integer, $5, $6::timestamptz, $7::timestamptz, $8::float8, $9::float8, $10,
            $11, $12::jsonb)
        ON CONFLICT (alert_id) DO UPDATE SET rule = excluded.rule, severity = excluded.severity,
            opened_at = excluded.opened_at, closed_at = excluded.closed_at,
            latitude = excluded.latitude, longitude = excluded.longitude,
            status = excluded.status, facts = excluded.facts, revision = nextval('alert_revision')
        WHERE (a.rule, a.severity, a.opened_at, a.closed_at, a.latitude, a.longitude, a.status, a.facts)
            IS DISTINCT FROM (excluded.rule, excluded.severity, excluded.opened_at, excluded.closed_at,
                excluded.latitude, excluded.longitude, excluded.status, excluded.facts)
        """)
    private static let closeOfDelivery = NamedQuery(
        "alert.delivery.close",
        """
        UPDATE alert SET status = 'closed', closed_at = clock_timestamp(), revision = nextval('alert_revision')
        WHERE delivery_id = $1 AND status = 'open'
        """)
    static let notify = NamedQuery("alert.notify", "SELECT pg_notify('tongxing_alert', '')")
    private static let select = NamedQuery(
        "alert.list",
        """
        SELECT a.alert_id, a.rule, a.severity, a.plate, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude, a.delivery_id, a.status,
            a.facts, a.revision
        FROM alert a LEFT JOIN terminal t USING (terminal_id)
        WHERE ($1::timestamptz IS NULL OR a.opened_at >= $1::timestamptz)
            AND ($2::timestamptz IS NULL OR a.opened_at < $2::timestamptz)
            AND ($3::timestamptz IS NULL OR (a.opened_at, a.alert_id) > ($3::timestamptz, $4::text))
        ORDER BY a.opened_at, a.alert_id LIMIT $5::integer
        """)
    private static let selectCameras = NamedQuery(
        "alert.cameras",
        """
        SELECT (extract(epoch FROM recorded_at) * 1000000)::bigint, cameras FROM camera_report
        WHERE terminal_id = $1::integer AND recorded_at >= $2::timestamptz ORDER BY recorded_at, cameras
        """)
    private static let selectNews = NamedQuery(
        "alert.cameras.news",
        """
        SELECT (extract(epoch FROM c.recorded_at) * 1000000)::bigint, c.cameras, w.terminal_id
        FROM unnest($1::integer[], $2::timestamptz[]) AS w (terminal_id, seen)
        JOIN camera_report c ON c.terminal_id = w.terminal_id AND c.recorded_at >= w.seen
        ORDER BY w.terminal_id, c.recorded_at, c.cameras
        """)
    private static let selectNewest = NamedQuery(
        "alert.newest",
        """
        SELECT s.terminal_id, (extract(epoch FROM l.recorded_at) * 1000000)::bigint
        FROM alert_state s JOIN latest_position l USING (terminal_id)
        """)
    private static let selectZonesRevision = NamedQuery(
        "alert.zones.revision", "SELECT max(import_id) FROM register_import WHERE kind = 'zones'")
    private static let selectZones = NamedQuery(
        "alert.zones", "SELECT content FROM register_entry WHERE kind = 'zones' AND known_to IS NULL ORDER BY id")
}
