package import Chronology
package import Geodesy
package import PostgresClient
package import Suspicions
package import Tracks

/// What the rules about the honesty of a stream need from beyond it: the trucks around a place, and earlier days of the
/// same truck.
package struct IntegrityStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The other terminals that reported from within `metres` of a place, from `from` to `to`.
    package func neighbours(
        of terminal: Int32, around place: Coordinate, within metres: Double, from: Instant, to: Instant
    ) throws(PostgresError) -> Neighbours {
        let north = place.moved(metres: metres, bearingDegrees: 0)
        let east = place.moved(metres: metres, bearingDegrees: 90)
        let height = Int64(north.latitudeE7) - Int64(place.latitudeE7)
        let width = (Int64(east.longitudeE7) - Int64(place.longitudeE7)).magnitude
        let (latitude, longitude) = (Int64(place.latitudeE7), Int64(place.longitudeE7))
        let rows = try self.connection.query(
            Self.selectNeighbours,
            [
                .integer(terminal), .text(from.description), .text(to.description), .integer(latitude - height),
                .integer(latitude + height), .integer(longitude - Int64(clamping: width)),
                .integer(longitude + Int64(clamping: width)),
            ])
        return Neighbours(fixed: Int(rows.integer(0, 0) ?? 0), dark: Int(rows.integer(0, 1) ?? 0))
    }

    /// Notes the prints of a terminal's track, and gives for each when an earlier day had the same, the latest.
    package func note(
        _ prints: [TrackPrint], of terminal: Int32
    ) throws(PostgresError) -> [(print: TrackPrint, earlier: Instant?)] {
        let rows = try self.connection.query(
            Self.notePrints,
            [
                .integer(terminal), .array(prints.map(\.hash)),
                .timestamps(microsecondsSince1970: prints.map(\.time.microseconds)),
            ])
        return (0..<rows.rowCount).map { row in
            (
                TrackPrint(
                    hash: rows.integer(row, 0) ?? 0, time: Instant(microseconds: rows.integer(row, 1) ?? 0)),
                rows.integer(row, 2).map { Instant(microseconds: $0) }
            )
        }
    }

    /// Forgets prints that were noted more than so many days ago.
    package func forgetPrints(olderThan days: Int) throws(PostgresError) {
        try self.connection.query(Self.deletePrints, [.integer(days)])
    }

    static let selectNeighbours = NamedQuery(
        "integrity.neighbours",
        """
        SELECT count(*) FILTER (WHERE has_fix), count(*) FILTER (WHERE NOT has_fix)
        FROM (
            SELECT bool_or(flags & 1 = 1 AND coalesce(satellites, 1) > 0) AS has_fix FROM position
            WHERE recorded_at BETWEEN $2::timestamptz AND $3::timestamptz AND terminal_id <> $1::integer
                AND latitude BETWEEN $4::bigint AND $5::bigint AND longitude BETWEEN $6::bigint AND $7::bigint
            GROUP BY terminal_id) AS truck
        """)
    /// A print is compared with those of earlier days in China, and not with what is noted beside it.
    static let notePrints = NamedQuery(
        "integrity.prints",
        """
        WITH fresh AS (SELECT * FROM unnest($2::bigint[], $3::timestamptz[]) AS f (print, recorded_at)),
        noted AS (
            INSERT INTO track_print (terminal_id, print, recorded_at)
            SELECT DISTINCT $1::integer, print, recorded_at FROM fresh
            ON CONFLICT DO NOTHING)
        SELECT f.print, (extract(epoch FROM f.recorded_at) * 1000000)::bigint,
            (extract(epoch FROM greatest(
                (SELECT max(t.recorded_at) FROM track_print t
                    WHERE t.terminal_id = $1::integer AND t.print = f.print AND t.recorded_at < d.day),
                (SELECT max(o.recorded_at) FROM fresh o WHERE o.print = f.print AND o.recorded_at < d.day))
            ) * 1000000)::bigint
        FROM fresh f
        CROSS JOIN LATERAL (
            SELECT date_trunc('day', f.recorded_at, 'Asia/Shanghai') AS day) AS d
        ORDER BY f.recorded_at, f.print
        """)
    private static let deletePrints = NamedQuery(
        "integrity.prints.forget",
        "DELETE FROM track_print WHERE noted_at < clock_timestamp() - $1::integer * interval '1 day'")
}
