package import Chronology
package import Deliveries
import Geodesy
package import PostgresClient
import Registers
package import Telemetry

/// Read-only questions about the fleet: counts, newest positions, trails.
package struct FleetReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// How far analysis is behind the log.
    package struct Lag: Sendable {
        package var batches: Int64
        package var seconds: Double
        /// Whether what stands was judged by the registers as they are now.
        package var worldIsCurrent: Bool
        /// Deliveries, and delivery notes, that wait to be judged with all that is stored, and vehicles that wait to be
        /// derived again.
        package var dueDeliveries: Int64
        /// Whether what is made from all vehicles together (suspected plants, usual roads) is made from all that is
        /// stored, by the registers as they are now.
        package var secondPassIsCurrent: Bool
    }

    /// Messages received and what became of them. A quarantined message that was decoded again was received once, so
    /// lane `retry` counts among the rows that are stored and not among the messages.
    package func counts() throws(PostgresError) -> MessageCounts {
        let row = try self.connection.query(Self.selectCounts)
        var counts = MessageCounts()
        counts.stored = row.integer(0, 0) ?? 0
        counts.duplicate = row.integer(0, 1) ?? 0
        counts.quarantined = row.integer(0, 2) ?? 0
        counts.ignored = row.integer(0, 3) ?? 0
        counts.positions = row.integer(0, 4) ?? 0
        counts.cameraReports = row.integer(0, 5) ?? 0
        counts.alarms = row.integer(0, 6) ?? 0
        return counts
    }

    package func lag(world: String) throws(PostgresError) -> Lag {
        let row = try self.connection.query(Self.selectLag, [.text(world)])
        return Lag(
            batches: row.integer(0, 0) ?? 0, seconds: row.double(0, 1) ?? 0, worldIsCurrent: row.boolean(0, 2) ?? true,
            dueDeliveries: row.integer(0, 3) ?? 0, secondPassIsCurrent: row.boolean(0, 4) ?? true)
    }

    /// Refused reports in quarantine, and how many of them a later decoder accepted.
    package func quarantineTotals() throws(PostgresError) -> (open: Int64, resolved: Int64) {
        let row = try self.connection.query(Self.selectQuarantineTotals)
        return (row.integer(0, 0) ?? 0, row.integer(0, 1) ?? 0)
    }

    /// Quarantined reports by reason.
    package func quarantineCounts() throws(PostgresError) -> [(reason: String, count: Int64)] {
        let rows = try self.connection.query(Self.selectQuarantine)
        return (0..<rows.rowCount).map { (rows.text($0, 0) ?? "", rows.integer($0, 1) ?? 0) }
    }

    /// The newest position of one vehicle with its place in the order of changes.
    package struct Latest: Sendable {
        package var terminal: String
        package var report: PositionReport
        package var receivedAt: Instant
        package var revision: Int64
        /// The last camera report, `name=state;…`, and its time.
        package var cameras: String?
        package var camerasAt: Instant?
        /// What it does with its load, as analysis last saw it; `nil`: not known, or not this reader's to know.
        package var load: LoadState?
    }

    /// The order of changes as it stands: the revision of the newest position of all.
    package func latestRevision() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectLatestRevision).integer(0, 0) ?? 0
    }

    /// The newest positions that changed since `revision`, by terminal, behind the terminal `name`; all without a
    /// limit.
    package func latest(
        since revision: Int64, after name: String? = nil, limit: Int? = nil
    ) throws(PostgresError) -> [Latest] {
        let rows = try self.connection.query(
            Self.selectLatest, [.integer(revision), .text(name ?? ""), .optional(limit.map { String($0) })])
        return (0..<rows.rowCount).map { row in
            let flags = PositionFlags(rawValue: Int16(truncatingIfNeeded: rows.integer(row, 6) ?? 0))
            var report = PositionReport(
                recordedAt: Instant(microseconds: rows.integer(row, 2) ?? 0),
                coordinate: Coordinate(
                    latitudeE7: Int32(truncatingIfNeeded: rows.integer(row, 4) ?? 0),
                    longitudeE7: Int32(truncatingIfNeeded: rows.integer(row, 5) ?? 0)),
                hasFix: flags.contains(.hasFix))
            report.ignition = flags.ignition
            report.speed = rows.integer(row, 7).map { Int16(truncatingIfNeeded: $0) }
            report.course = rows.integer(row, 8).map { Int16(truncatingIfNeeded: $0) }
            report.drum = rows.integer(row, 9).map { Int16(truncatingIfNeeded: $0) }
            return Latest(
                terminal: rows.text(row, 0) ?? "", report: report,
                receivedAt: Instant(microseconds: rows.integer(row, 3) ?? 0), revision: rows.integer(row, 1) ?? 0,
                cameras: rows.text(row, 10), camerasAt: rows.integer(row, 11).map { Instant(microseconds: $0) },
                load: rows.text(row, 12).flatMap { LoadState(rawValue: $0) })
        }
    }

    /// All positions of one terminal in `[from, to)`, the earliest first, at most `limit`.
    package func trail(
        terminal: String, from: Instant?, to: Instant?, limit: Int
    ) throws(PostgresError) -> [(report: PositionReport, receivedAt: Instant)] {
        let rows = try self.connection.query(
            Self.selectTrail,
            [
                .text(terminal), .text(from?.description ?? "-infinity"), .text(to?.description ?? "infinity"),
                .integer(limit),
            ], binaryResult: true)
        return (0..<rows.rowCount).map { PositionRow.read(rows, row: $0) }
    }

    /// Terminals that have reported, by name.
    package func terminals(after name: String?, limit: Int) throws(PostgresError) -> [String] {
        let rows = try self.connection.query(Self.selectTerminals, [.text(name ?? ""), .integer(limit)])
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    /// Whether the log holds anything of this terminal.
    package func knowsTerminal(_ name: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectTerminal, [.text(name)]).rowCount == 1
    }

    /// The names under which the log holds this terminal, the very same first: phone numbers are one without their
    /// leading zeros (`TerminalNames`).
    package func namesakes(of name: String) throws(PostgresError) -> [String] {
        let rows = try self.connection.query(Self.selectNamesakes, [.text(TerminalNames.stripped(name)), .text(name)])
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    private static let selectCounts = NamedQuery(
        "fleet.counts",
        """
        SELECT coalesce(sum(stored) FILTER (WHERE NOT is_retry), 0),
            coalesce(sum(duplicate) FILTER (WHERE NOT is_retry), 0),
            coalesce(sum(quarantined) FILTER (WHERE NOT is_retry), 0),
            coalesce(sum(ignored) FILTER (WHERE NOT is_retry), 0),
            coalesce(sum(positions), 0), coalesce(sum(camera_reports), 0), coalesce(sum(alarms), 0)
        FROM lane
        """)
    private static let selectLag = NamedQuery(
        "fleet.lag",
        """
        SELECT coalesce(sum(l.last_number - coalesce(c.number, 0)), 0),
            coalesce(extract(epoch FROM clock_timestamp() - min(b.stored_at)), 0)::float8,
            (SELECT world = $1 OR NOT EXISTS (SELECT FROM terminal) FROM analysis_state),
            (SELECT count(*) FROM delivery_due WHERE due_at <= clock_timestamp())
                + (SELECT count(*) FROM note_due WHERE due_at <= clock_timestamp())
                + (SELECT count(*) FROM note_change) + (SELECT count(*) FROM place_change)
                + (SELECT count(DISTINCT terminal_id) FROM derive_request WHERE done_at IS NULL),
            (SELECT stay_revision = searched_revision
                AND (searched_world IS NOT DISTINCT FROM $1 OR NOT EXISTS (SELECT FROM stay)) FROM analysis_state)
                AND NOT EXISTS (SELECT FROM road_change)
        FROM lane l
        LEFT JOIN analysis_cursor c USING (lane_id)
        LEFT JOIN batch b ON b.lane_id = l.lane_id AND b.number = coalesce(c.number, 0) + 1
        """)
    private static let selectQuarantine = NamedQuery(
        "fleet.quarantine", "SELECT reason, count(*) FROM quarantine GROUP BY reason ORDER BY reason")
    private static let selectQuarantineTotals = NamedQuery(
        "fleet.quarantine.totals",
        "SELECT count(*) FILTER (WHERE resolved_at IS NULL), count(resolved_at) FROM quarantine")
    private static let selectLatest = NamedQuery(
        "fleet.latest",
        """
        SELECT t.name, l.revision, (extract(epoch FROM l.recorded_at) * 1000000)::bigint,
            (extract(epoch FROM l.received_at) * 1000000)::bigint, l.latitude, l.longitude, l.flags, l.speed, l.course,
            l.drum, c.cameras, (extract(epoch FROM c.recorded_at) * 1000000)::bigint, d.state
        FROM latest_position l
        JOIN terminal t USING (terminal_id)
        LEFT JOIN truck_load d USING (terminal_id)
        LEFT JOIN LATERAL (
            SELECT cameras, recorded_at FROM camera_report c
            WHERE c.terminal_id = l.terminal_id AND c.recorded_at > l.recorded_at - interval '2 days'
                AND c.recorded_at < l.recorded_at + interval '2 days'
            ORDER BY c.recorded_at DESC LIMIT 1) c ON true
        WHERE l.revision > $1::bigint AND t.name > $2 ORDER BY t.name LIMIT $3::integer
        """)
    private static let selectLatestRevision = NamedQuery(
        "fleet.latest_revision", "SELECT coalesce(max(revision), 0) FROM latest_position")
    private static let selectTrail = NamedQuery(
        "fleet.trail",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position
        WHERE terminal_id = (SELECT terminal_id FROM terminal WHERE name = $1)
            AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        ORDER BY recorded_at LIMIT $4::integer
        """)
    private static let selectTerminals = NamedQuery(
        "fleet.terminals", "SELECT name FROM terminal WHERE name > $1 ORDER BY name LIMIT $2::integer")
    private static let selectTerminal = NamedQuery("fleet.terminal", "SELECT 1 FROM terminal WHERE name = $1")
    private static let selectNamesakes = NamedQuery(
        "fleet.namesakes", "SELECT name FROM terminal WHERE key = $1 ORDER BY name = $2 DESC, name")
}
