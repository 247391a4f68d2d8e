import Chronology
package import PostgresClient
package import Safety
import Telemetry

/// Keeps the safety days in step with the log: marks the days for which something new was stored, and derives marked
/// days again. Whoever asks may do it, one at a time: the analysis part as it goes, a command before it answers.
package struct SafetyStore {
    let connection: PostgresConnection
    /// Those of the configuration; they derive nothing before they are adopted.
    private let rules: SafetyRules

    package init(connection: PostgresConnection, rules: SafetyRules = SafetyRules()) {
        self.connection = connection
        self.rules = rules
    }

    /// The rules that the days stand by; `nil` while there are none, or none that this program can read.
    package func standing() throws(PostgresError) -> SafetyRules? {
        try self.connection.query(Self.selectRules).text(0, 0)
            .flatMap { try? JSONText.decode(SafetyRules.self, from: $0) }
    }

    /// Takes the configuration's rules for the days, and marks every day where they are others than those that stand.
    package func adopt() throws {
        try self.inTransaction {
            guard try self.standing() != self.rules else { return }
            try self.connection.query(Self.markAll)
            try self.connection.query(Self.updateRules, [.text(try JSONText.encode(self.rules))])
        }
    }

    /// The rules that stand, or where there are none as yet the configuration's, which stand from now on.
    private func currentRules() throws -> SafetyRules {
        if let standing = try self.standing() { return standing }
        try self.connection.query(Self.updateRules, [.text(try JSONText.encode(self.rules))])
        return self.rules
    }

    /// Raised whenever the derivation changes, so that every day is derived again.
    static let version = 2

    /// What a round bounds.
    private enum Limit {
        /// Batches of a lane whose days are marked at once.
        static let batches = 512
        /// Days derived in one transaction.
        static let days = 64
    }

    /// Marks the days of what was stored since the last time.
    /// - Returns: whether there was anything.
    package func mark() throws -> Bool {
        try self.inTransaction {
            if try self.connection.query(Self.selectVersion).integer(0, 0) != Int64(Self.version) {
                try self.connection.query(Self.markAll)
                try self.connection.query(Self.updateVersion, [.integer(Self.version)])
            }
            let lanes = try self.lanes()
            guard !lanes.isEmpty else { return false }
            let bounds: [PostgresValue] = [
                .array(lanes.map(\.lane)), .array(lanes.map(\.low)), .array(lanes.map(\.high)),
            ]
            var days = try self.days(Self.selectPositionDays, bounds)
            if lanes.contains(where: \.hasCameras) {
                for (key, stretch) in try self.days(Self.selectCameraDays, bounds) {
                    days[key] = days[key].map { (min($0.first, stretch.first), max($0.last, stretch.last)) } ?? stretch
                }
            }
            try self.mark(Self.touched(by: days, lead: self.currentRules().parameters.cameras.lead))
            try self.connection.query(Self.upsertCursors, [.array(lanes.map(\.lane)), .array(lanes.map(\.high))])
            return true
        }
    }

    /// Derives marked days again.
    /// - Parameter settledSeconds: leaves out days marked later than so long ago, which may go on changing.
    /// - Returns: how many days were derived; less than a round's worth means that none is left.
    package func derive(settledSeconds: Double = 0) throws -> Int {
        try self.inTransaction {
            let rows = try self.connection.query(
                Self.selectDirty, [.double(settledSeconds), .integer(Limit.days)])
            var marked: [(DayKey, TerminalID)] = []
            for row in 0..<rows.rowCount {
                guard let terminal = rows.integer(row, 0), let day = rows.integer(row, 1),
                    let name = rows.text(row, 2).flatMap({ TerminalID($0) })
                else { continue }
                marked.append((DayKey(terminal: Int32(truncatingIfNeeded: terminal), day: Int(day)), name))
            }
            let rules = try marked.isEmpty ? self.rules : self.currentRules()
            for (key, name) in marked { try self.derive(key, name, rules) }
            return rows.rowCount
        }
    }

    /// Marks and derives until nothing is left: what is asked afterwards is exact.
    package func catchUp() throws {
        while try self.mark() {}
        while try self.derive() > 0 {}
    }

    /// One terminal and one day, by days since 1970.
    struct DayKey: Hashable {
        var terminal: Int32
        var day: Int

        var date: CivilDate { CivilDate(daysSince1970: self.day) }
    }

    /// One at a time: two that derive the same day would wait for each other's rows in different orders.
    private func inTransaction<R>(_ body: () throws -> R) throws -> R {
        try self.connection.execute("BEGIN", name: "begin")
        do {
            try self.connection.query(Self.lock)
            let result = try body()
            try self.connection.execute("COMMIT", name: "commit")
            return result
        } catch {
            if !self.connection.isBroken { try? self.connection.execute("ROLLBACK", name: "rollback") }
            throw error
        }
    }

    /// A stretch of a lane's batches whose days have not been marked.
    private struct LaneStretch {
        var lane: Int32
        var low: Int64
        var high: Int64
        var hasCameras: Bool
    }

    private func lanes() throws(PostgresError) -> [LaneStretch] {
        let rows = try self.connection.query(Self.selectLanes, [.integer(Limit.batches)])
        return (0..<rows.rowCount).map { row in
            LaneStretch(
                lane: Int32(truncatingIfNeeded: rows.integer(row, 0) ?? 0), low: rows.integer(row, 1) ?? 0,
                high: rows.integer(row, 2) ?? 0, hasCameras: rows.boolean(row, 3) ?? false)
        }
    }

    private func days(
        _ query: NamedQuery, _ bounds: [PostgresValue]
    ) throws(PostgresError) -> [DayKey: (first: Instant, last: Instant)] {
        let rows = try self.connection.query(query, bounds)
        var days: [DayKey: (first: Instant, last: Instant)] = [:]
        for row in 0..<rows.rowCount {
            guard let terminal = rows.integer(row, 0), let day = rows.integer(row, 1),
                let first = rows.integer(row, 2), let last = rows.integer(row, 3)
            else { continue }
            days[DayKey(terminal: Int32(truncatingIfNeeded: terminal), day: Int(day))] = (
                Instant(microseconds: first), Instant(microseconds: last)
            )
        }
        return days
    }

    /// The days themselves, and those beside them whose beginning or end the reports reach into.
    private static func touched(
        by days: [DayKey: (first: Instant, last: Instant)], lead: Double
    ) -> Set<DayKey> {
        var touched = Set(days.keys)
        for (key, stretch) in days {
            let start = Instant(startOf: key.date, at: .shanghai)
            let end = Instant(startOf: CivilDate(daysSince1970: key.day + 1), at: .shanghai)
            if stretch.first < start.advanced(bySeconds: SafetyDay.tail) {
                touched.insert(DayKey(terminal: key.terminal, day: key.day - 1))
            }
            if stretch.last >= end.advanced(bySeconds: -lead) {
                touched.insert(DayKey(terminal: key.terminal, day: key.day + 1))
            }
        }
        return touched
    }

    func mark(_ keys: some Collection<DayKey>) throws(PostgresError) {
        guard !keys.isEmpty else { return }
        let sorted = keys.sorted { ($0.terminal, $0.day) < ($1.terminal, $1.day) }
        try self.connection.query(
            Self.insertDirty, [.array(sorted.map(\.terminal)), .array(sorted.map(\.day))])
    }

    /// How many days wait.
    package func dirtyCount() throws(PostgresError) -> Int {
        Int(try self.connection.query(Self.countDirty).integer(0, 0) ?? 0)
    }
}

// MARK: - SQL

extension SafetyStore {
    private static let lock = NamedQuery("safety.lock", "SELECT pg_advisory_xact_lock(7306, 0)")
    private static let selectVersion = NamedQuery("safety.version", "SELECT version FROM safety_state")
    private static let selectRules = NamedQuery("safety.rules", "SELECT rules FROM safety_state")
    private static let updateRules = NamedQuery("safety.rules.update", "UPDATE safety_state SET rules = $1")
    private static let updateVersion = NamedQuery("safety.version.update", "UPDATE safety_state SET version = $1")
    private static let markAll = NamedQuery(
        "safety.dirty.all",
        "INSERT INTO safety_dirty (terminal_id, day) SELECT terminal_id, day FROM safety_day ON CONFLICT DO NOTHING")
    private static let selectLanes = NamedQuery(
        "safety.lanes",
        """
        SELECT l.lane_id, coalesce(c.number, 0), least(l.last_number, coalesce(c.number, 0) + $1::bigint),
            EXISTS (SELECT FROM batch b WHERE b.lane_id = l.lane_id AND b.camera_reports > 0
                AND b.number > coalesce(c.number, 0)
                AND b.number <= least(l.last_number, coalesce(c.number, 0) + $1::bigint))
        FROM lane l LEFT JOIN safety_cursor c USING (lane_id)
        WHERE l.last_number > coalesce(c.number, 0)
        ORDER BY l.lane_id
        """)
    /// Grouped within, terminal by terminal, so that no plan reads the log through.
    private static let selectPositionDays = NamedQuery(
        "safety.days.positions",
        """
        WITH news AS (
            SELECT m.terminal_id, s.lane_id, s.low, s.high, min(m.earliest) AS earliest
            FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS s (lane_id, low, high)
            JOIN batch b ON b.lane_id = s.lane_id AND b.number > s.low AND b.number <= s.high
            CROSS JOIN LATERAL unnest(b.terminal_ids, b.earliest) AS m (terminal_id, earliest)
            GROUP BY m.terminal_id, s.lane_id, s.low, s.high)
        SELECT n.terminal_id, d.day, (extract(epoch FROM min(d.first)) * 1000000)::bigint,
            (extract(epoch FROM max(d.last)) * 1000000)::bigint
        FROM news n
        CROSS JOIN LATERAL (
            SELECT (p.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - DATE '1970-01-01' AS day,
                min(p.recorded_at) AS first, max(p.recorded_at) AS last
            FROM position p
            WHERE p.terminal_id = n.terminal_id AND p.recorded_at >= n.earliest
                AND p.batch_id > n.lane_id::bigint * 1099511627776 + n.low
                AND p.batch_id <= n.lane_id::bigint * 1099511627776 + n.high
            GROUP BY 1) AS d
        GROUP BY 1, 2
        """)
    private static let selectCameraDays = NamedQuery(
        "safety.days.cameras",
        """
        SELECT c.terminal_id, (c.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - DATE '1970-01-01',
            (extract(epoch FROM min(c.recorded_at)) * 1000000)::bigint,
            (extract(epoch FROM max(c.recorded_at)) * 1000000)::bigint
        FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS s (lane_id, low, high)
        JOIN camera_report c ON c.batch_id > s.lane_id::bigint * 1099511627776 + s.low
            AND c.batch_id <= s.lane_id::bigint * 1099511627776 + s.high
        GROUP BY 1, 2
        """)
    private static let upsertCursors = NamedQuery(
        "safety.cursor.upsert",
        """
        INSERT INTO safety_cursor (lane_id, number) SELECT * FROM unnest($1::integer[], $2::bigint[])
        ON CONFLICT (lane_id) DO UPDATE SET number = excluded.number
        """)
    private static let insertDirty = NamedQuery(
        "safety.dirty.insert",
        """
        INSERT INTO safety_dirty (terminal_id, day)
        SELECT terminal_id, DATE '1970-01-01' + day FROM unnest($1::integer[], $2::integer[]) AS t (terminal_id, day)
        ON CONFLICT DO NOTHING
        """)
    private static let selectDirty = NamedQuery(
        "safety.dirty.select",
        """
        SELECT d.terminal_id, d.day - DATE '1970-01-01', t.name FROM safety_dirty d JOIN terminal t USING (terminal_id)
        WHERE d.marked_at <= clock_timestamp() - make_interval(secs => $1::float8)
        ORDER BY d.marked_at, d.terminal_id, d.day LIMIT $2::integer
        """)
    private static let countDirty = NamedQuery("safety.dirty.count", "SELECT count(*) FROM safety_dirty")
}
