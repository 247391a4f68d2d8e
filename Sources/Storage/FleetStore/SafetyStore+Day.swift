import Chronology
import Geodesy
import PostgresClient
import Safety
import Telemetry

/// One day, derived from the log and put in the place of what stood there.
extension SafetyStore {
    /// Days of silence after which a terminal's fixes say nothing of each other.
    private static let silence = 60

    func derive(_ key: DayKey, _ name: TerminalID, _ rules: SafetyRules) throws {
        let start = Instant(startOf: key.date, at: .shanghai)
        let end = Instant(startOf: CivilDate(daysSince1970: key.day + 1), at: .shanghai)
        let window: [PostgresValue] = [
            .integer(key.terminal), .text(start.advanced(bySeconds: -rules.parameters.cameras.lead).description),
            .text(end.advanced(bySeconds: SafetyDay.tail).description),
        ]
        let before = try self.neighbour(Self.selectBefore, key, start)
        let after = try self.neighbour(Self.selectAfter, key, end)
        let day = SafetyDay.derive(
            terminal: name, date: key.date,
            from: SafetyDay.Reports(
                positions: try self.positions(window), cameras: try self.cameras(window), before: before, after: after),
            parameters: rules.parameters, analysis: rules.analysis)
        let stood = try self.connection.query(Self.selectStanding, [.integer(key.terminal), .integer(key.day)])
        let (records, first, last) = (
            stood.rowCount == 1 ? stood.integer(0, 0) ?? 0 : 0,
            stood.rowCount == 1 ? stood.integer(0, 1).map { Instant(microseconds: $0) } : nil,
            stood.rowCount == 1 ? stood.integer(0, 2).map { Instant(microseconds: $0) } : nil
        )
        // The log only grows; less than stood there means that retention has taken the day's reports away.
        if day.track.records >= records {
            try self.replace(key, with: day)
            var touched: [DayKey] = []
            if let before, day.firstPlaceAt != first {
                touched += (Self.day(of: before)..<max(key.day, Self.day(of: before))).map {
                    DayKey(terminal: key.terminal, day: $0)
                }
            }
            if let after, day.lastPlaceAt != last, Self.day(of: after) > key.day {
                touched += (key.day + 1...Self.day(of: after)).map { DayKey(terminal: key.terminal, day: $0) }
            }
            try self.mark(touched)
        }
        try self.connection.query(Self.deleteDirty, [.integer(key.terminal), .integer(key.day)])
    }

    private static func day(of report: PositionReport) -> Int {
        report.recordedAt.date(at: .shanghai).daysSince1970
    }

    private func positions(_ window: [PostgresValue]) throws(PostgresError) -> [PositionReport] {
        let rows = try self.connection.query(Self.selectPositions, window, binaryResult: true)
        return (0..<rows.rowCount).map { PositionRow.read(rows, row: $0).report }
    }

    private func cameras(_ window: [PostgresValue]) throws(PostgresError) -> [CameraReport] {
        let rows = try self.connection.query(Self.selectCameras, window)
        return (0..<rows.rowCount).map { row in
            CameraReport(
                recordedAt: Instant(microseconds: rows.integer(row, 0) ?? 0),
                cameras: Self.cameras(in: rows.text(row, 1) ?? ""))
        }
    }

    /// Reads `name=state;name=state`; a part that is none is left out.
    static func cameras(in text: String) -> [CameraStatus] {
        text.split(separator: ";").compactMap { part in
            let words = part.split(separator: "=", omittingEmptySubsequences: false)
            guard words.count > 1, let state = words.last.flatMap({ CameraStatus.State(rawValue: String($0)) }) else {
                return nil
            }
            return CameraStatus(name: words.dropLast().joined(separator: "="), state: state)
        }
    }

    private func neighbour(_ query: NamedQuery, _ key: DayKey, _ edge: Instant) throws(PostgresError) -> PositionReport?
    {
        let rows = try self.connection.query(
            query, [.integer(key.terminal), .text(edge.description), .integer(Self.silence)], binaryResult: true)
        return rows.rowCount == 1 ? PositionRow.read(rows, row: 0).report : nil
    }

    private func replace(_ key: DayKey, with day: SafetyDay) throws(PostgresError) {
        let identity: [PostgresValue] = [.integer(key.terminal), .integer(key.day)]
        // Its turns go with it.
        try self.connection.query(Self.deleteDay, identity)
        guard !day.isEmpty else { return }
        try self.connection.query(
            Self.insertDay,
            identity + [
                .optional(day.firstPlaceAt?.description), .optional(day.lastPlaceAt?.description),
                .array(SafetyDayNumbers.values(of: day)),
            ])
        guard !day.turns.isEmpty else { return }
        let turns = day.turns
        try self.connection.query(
            Self.insertTurns,
            identity + [
                .array(turns.map { $0.turn.start.description }), .array(turns.map(\.turn.coordinate.latitudeE7)),
                .array(turns.map(\.turn.coordinate.longitudeE7)),
                .array(turns.map { Int16(clamping: Int($0.turn.angle.rounded())) }),
                .array(turns.map { $0.turn.maximumSpeed.map { String(Int16(clamping: Int(($0 * 10).rounded()))) } }),
                .array(turns.map { $0.condition.rawValue }),
            ])
    }

    private static let selectPositions = NamedQuery(
        "safety.day.positions",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position WHERE terminal_id = $1 AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        ORDER BY recorded_at
        """)
    private static let selectCameras = NamedQuery(
        "safety.day.cameras",
        """
        SELECT (extract(epoch FROM recorded_at) * 1000000)::bigint, cameras
        FROM camera_report WHERE terminal_id = $1 AND recorded_at >= $2::timestamptz AND recorded_at < $3::timestamptz
        ORDER BY recorded_at, batch_id, message_index, cameras
        """)
    private static let selectBefore = NamedQuery(
        "safety.day.before",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position
        WHERE terminal_id = $1 AND recorded_at < $2::timestamptz
            AND recorded_at >= $2::timestamptz - make_interval(days => $3::integer)
            AND flags & 1 = 1 AND (latitude <> 0 OR longitude <> 0)
        ORDER BY recorded_at DESC LIMIT 1
        """)
    private static let selectAfter = NamedQuery(
        "safety.day.after",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position
        WHERE terminal_id = $1 AND recorded_at >= $2::timestamptz
            AND recorded_at < $2::timestamptz + make_interval(days => $3::integer)
            AND flags & 1 = 1 AND (latitude <> 0 OR longitude <> 0)
        ORDER BY recorded_at LIMIT 1
        """)
    private static let selectStanding = NamedQuery(
        "safety.day.standing",
        """
        SELECT records, (extract(epoch FROM first_place_at) * 1000000)::bigint,
            (extract(epoch FROM last_place_at) * 1000000)::bigint
        FROM safety_day WHERE terminal_id = $1 AND day = DATE '1970-01-01' + $2::integer
        """)
    private static let deleteDay = NamedQuery(
        "safety.day.delete",
        "DELETE FROM safety_day WHERE terminal_id = $1 AND day = DATE '1970-01-01' + $2::integer")
    private static let deleteDirty = NamedQuery(
        "safety.dirty.delete",
        "DELETE FROM safety_dirty WHERE terminal_id = $1 AND day = DATE '1970-01-01' + $2::integer")
    private static let insertDay = NamedQuery(
        "safety.day.insert",
        """
        INSERT INTO safety_day
        SELECT $1::integer, DATE '1970-01-01' + $2::integer, $3::timestamptz, $4::timestamptz, a[1], a[2], a[3], a[4],
            a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17], a[18], a[19], a[20],
            a[21], a[22], a[23], a[24], a[25], a[26], a[27], a[28], a[29]
        FROM (SELECT $5::bigint[]) AS row (a)
        """)
    private static let insertTurns = NamedQuery(
        "safety.turn.insert",
        """
        INSERT INTO safety_turn (terminal_id, day, turned_at, latitude, longitude, angle, speed, camera)
        SELECT $1::integer, DATE '1970-01-01' + $2::integer, turned_at, latitude, longitude, angle, speed, camera
        FROM unnest($3::timestamptz[], $4::integer[], $5::integer[], $6::smallint[], $7::smallint[], $8::text[])
            AS t (turned_at, latitude, longitude, angle, speed, camera)
        ON CONFLICT DO NOTHING
        """)
}
