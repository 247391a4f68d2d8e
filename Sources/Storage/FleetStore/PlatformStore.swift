package import Chronology
package import PostgresClient

/// How long the platform was connected, day by day: the ground of 平台连通率.
package struct PlatformStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Seconds between two looks beyond which nobody can say that it was connected meanwhile, and the age of a sign of
    /// life beyond which ingestion is not there.
    private static let (longestStep, longestBeat) = (60.0, 10.0)

    /// Looks whether it is connected, and counts the time since the last look.
    package func look() throws(PostgresError) {
        try self.connection.query(Self.count, [.double(Self.longestStep), .double(Self.longestBeat)])
    }

    /// The days from the first to the last, both included, as far as anybody looked: seconds in all, and connected.
    package func days(
        from: CivilDate, to: CivilDate
    ) throws(PostgresError) -> [(date: CivilDate, seconds: Double, up: Double)] {
        let rows = try self.connection.query(
            Self.select, [.integer(from.daysSince1970), .integer(to.daysSince1970)])
        return (0..<rows.rowCount).compactMap { row in
            guard let day = rows.integer(row, 0), let seconds = rows.double(row, 1), let up = rows.double(row, 2) else {
                return nil
            }
            return (CivilDate(daysSince1970: Int(day)), seconds, min(up, seconds))
        }
    }

    private static let count = NamedQuery(
        "platform.count",
        """
        WITH now AS (SELECT clock_timestamp() AS at),
        before AS (SELECT seen_at FROM platform_state),
        step AS (
            SELECT now.at, extract(epoch FROM now.at - before.seen_at)::float8 AS seconds FROM now, before),
        ready AS (
            SELECT EXISTS (SELECT FROM part, now WHERE part = 'ingestion' AND is_ready
                AND beat_at > now.at - make_interval(secs => $2::float8)) AS is_up),
        counted AS (
            INSERT INTO platform_day (day, up_seconds)
            SELECT (step.at AT TIME ZONE 'Asia/Shanghai')::date, step.seconds FROM step, ready
            WHERE ready.is_up AND step.seconds BETWEEN 0 AND $1::float8
            ON CONFLICT (day) DO UPDATE SET up_seconds = platform_day.up_seconds + excluded.up_seconds)
        INSERT INTO platform_state (since, seen_at) SELECT at, at FROM now
        ON CONFLICT (only_row) DO UPDATE SET seen_at = excluded.seen_at
        """)
    private static let select = NamedQuery(
        "platform.days",
        """
        SELECT d.day - DATE '1970-01-01',
            extract(epoch FROM least(s.seen_at, (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
                - greatest(s.since, d.day::timestamp AT TIME ZONE 'Asia/Shanghai'))::float8,
            coalesce(p.up_seconds, 0)
        FROM platform_state s
        CROSS JOIN LATERAL (
            SELECT day::date FROM generate_series(
                greatest(DATE '1970-01-01' + $1::integer, (s.since AT TIME ZONE 'Asia/Shanghai')::date),
                least(DATE '1970-01-01' + $2::integer, (s.seen_at AT TIME ZONE 'Asia/Shanghai')::date),
                interval '1 day') AS day) AS d
        LEFT JOIN platform_day p ON p.day = d.day
        ORDER BY d.day
        """)
}
