package import Chronology
package import Geodesy
package import PostgresClient
import Telemetry
package import Tracks

/// Every halt of every terminal, as derived.
package struct StayStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Puts the halts of a terminal that ended after `time` (`nil`: all) in the place of those that stood there.
    ///
    /// A halt is given once it is over, so what was derived up to `time` holds every halt that ended by then.
    package func replace(terminal: Int32, after time: Instant?, with stays: [StayRecord]) throws(PostgresError) {
        let answer = try self.connection.query(
            Self.replaceRows,
            [
                .integer(terminal), .text(time?.description ?? "-infinity"),
                .timestamps(microsecondsSince1970: stays.map(\.start.microseconds)),
                .timestamps(microsecondsSince1970: stays.map(\.end.microseconds)),
                .binaryArray(stays.map(\.coordinate.latitudeE7)), .binaryArray(stays.map(\.coordinate.longitudeE7)),
                .binaryArray(stays.map(\.drumSeconds)), .binaryArray(stays.map(\.dischargeSeconds)),
                .binaryArray(stays.map(\.loadingSeconds)), .array(stays.map { $0.loadChange.map { String($0) } }),
            ])
        if answer.integer(0, 0) ?? 0 > 0 { try self.connection.query(Self.advance) }
    }

    /// The halts that ended from `since` on, by terminal and time.
    package func stays(since: Instant) throws(PostgresError) -> [StayRecord] {
        let rows = try self.connection.query(Self.select, [.text(since.description)])
        var found: [StayRecord] = []
        found.reserveCapacity(rows.rowCount)
        for row in 0..<rows.rowCount {
            guard let terminal = rows.text(row, 0).flatMap({ TerminalID($0) }) else { continue }
            found.append(Self.record(rows, row, terminal: terminal))
        }
        return found
    }

    static func record(_ rows: borrowing QueryResult, _ row: Int, terminal: TerminalID) -> StayRecord {
        func small(_ column: Int) -> Int32 { Int32(clamping: rows.integer(row, column) ?? 0) }
        return StayRecord(
            terminal: terminal, start: Instant(microseconds: rows.integer(row, 1) ?? 0),
            end: Instant(microseconds: rows.integer(row, 2) ?? 0),
            coordinate: Coordinate(latitudeE7: small(3), longitudeE7: small(4)), drumSeconds: small(5),
            dischargeSeconds: small(6), loadingSeconds: small(7),
            loadChange: rows.integer(row, 8).map { Int32(clamping: $0) })
    }

    /// When the newest halt ended; `nil` before the first.
    package func newest() throws(PostgresError) -> Instant? {
        try self.connection.query(Self.selectNewest).integer(0, 0).map { Instant(microseconds: $0) }
    }

    /// Where trucks halted, the newest halts first.
    package func newestPlaces(limit: Int) throws(PostgresError) -> [Coordinate] {
        let rows = try self.connection.query(Self.selectPlaces, [.integer(limit)])
        return (0..<rows.rowCount).map { row in
            Coordinate(
                latitudeE7: Int32(clamping: rows.integer(row, 0) ?? 0),
                longitudeE7: Int32(clamping: rows.integer(row, 1) ?? 0))
        }
    }

    private static let selectPlaces = NamedQuery(
        "stay.places", "SELECT latitude, longitude FROM stay ORDER BY ended_at DESC LIMIT $1::integer")
    private static let selectNewest = NamedQuery(
        "stay.newest", "SELECT (extract(epoch FROM max(ended_at)) * 1000000)::bigint FROM stay")
    private static let replaceRows = NamedQuery(
        "stay.replace",
        """
        WITH new AS (
            SELECT * FROM unnest($3::timestamptz[], $4::timestamptz[], $5::integer[], $6::integer[], $7::integer[],
                    $8::integer[], $9::integer[], $10::integer[])
                AS n (started_at, ended_at, latitude, longitude, drum_seconds, discharge_seconds, loading_seconds,
                    load_change)),
        gone AS (
            DELETE FROM stay s WHERE terminal_id = $1::integer AND ended_at > $2::timestamptz
                AND NOT EXISTS (SELECT FROM new WHERE new.started_at = s.started_at)
            RETURNING 1),
        written AS (
            INSERT INTO stay AS s (terminal_id, started_at, ended_at, latitude, longitude, drum_seconds,
                discharge_seconds, loading_seconds, load_change)
            SELECT $1::integer, new.* FROM new
            ON CONFLICT (terminal_id, started_at) DO UPDATE SET ended_at = excluded.ended_at,
                latitude = excluded.latitude, longitude = excluded.longitude, drum_seconds = excluded.drum_seconds,
                discharge_seconds = excluded.discharge_seconds, loading_seconds = excluded.loading_seconds,
                load_change = excluded.load_change
            WHERE (s.ended_at, s.latitude, s.longitude, s.drum_seconds, s.discharge_seconds, s.loading_seconds,
                s.load_change) IS DISTINCT FROM (excluded.ended_at, excluded.latitude, excluded.longitude,
                excluded.drum_seconds, excluded.discharge_seconds, excluded.loading_seconds, excluded.load_change)
            RETURNING 1)
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
        """)
    private static let advance = NamedQuery(
        "stay.advance", "UPDATE analysis_state SET stay_revision = stay_revision + 1")
    private static let select = NamedQuery(
        "stay.since",
        """
        SELECT t.name, (extract(epoch FROM s.started_at) * 1000000)::bigint,
            (extract(epoch FROM s.ended_at) * 1000000)::bigint, s.latitude, s.longitude, s.drum_seconds,
            s.discharge_seconds, s.loading_seconds, s.load_change
        FROM stay s JOIN terminal t USING (terminal_id) WHERE s.ended_at >= $1::timestamptz
        ORDER BY s.terminal_id, s.started_at
        """)
}
