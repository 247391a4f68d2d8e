package import Chronology
package import Deliveries
import Geodesy
package import PostgresClient

/// Every stretch in which something may have gone on unseen, of every terminal, as derived. `WorldChanges` asks it.
package struct DarkStretchStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Puts the stretches of a terminal that ended after `time` (`nil`: all) in the place of those that stood there.
    ///
    /// One is given with the report that ended it, so what was derived up to `time` holds all that ended by then.
    package func replace(
        terminal: Int32, after time: Instant?, with stretches: [DarkStretch]
    ) throws(PostgresError) {
        try self.connection.query(
            Self.replaceRows,
            [
                .integer(terminal), .text(time?.description ?? "-infinity"),
                .timestamps(microsecondsSince1970: stretches.map(\.start.microseconds)),
                .timestamps(microsecondsSince1970: stretches.map(\.end.microseconds)),
                .binaryArray(stretches.map(\.from.latitudeE7)), .binaryArray(stretches.map(\.from.longitudeE7)),
                .binaryArray(stretches.map(\.to.latitudeE7)), .binaryArray(stretches.map(\.to.longitudeE7)),
                .binaryArray(stretches.map(\.reach.south)), .binaryArray(stretches.map(\.reach.north)),
                .binaryArray(stretches.map(\.reach.west)), .binaryArray(stretches.map(\.reach.east)),
            ])
    }

    private static let replaceRows = NamedQuery(
        "dark.replace",
        """
        WITH new AS (
            SELECT * FROM unnest($3::timestamptz[], $4::timestamptz[], $5::integer[], $6::integer[], $7::integer[],
                    $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::integer[])
                AS n (started_at, ended_at, from_latitude, from_longitude, to_latitude, to_longitude, south, north,
                    west, east)),
        gone AS (
            DELETE FROM dark_stretch d WHERE terminal_id = $1::integer AND ended_at > $2::timestamptz
                AND NOT EXISTS (SELECT FROM new WHERE new.started_at = d.started_at))
        INSERT INTO dark_stretch AS d (terminal_id, started_at, ended_at, from_latitude, from_longitude, to_latitude,
            to_longitude, south, north, west, east)
        SELECT $1::integer, new.* FROM new
        ON CONFLICT (terminal_id, started_at) DO UPDATE SET ended_at = excluded.ended_at,
            from_latitude = excluded.from_latitude, from_longitude = excluded.from_longitude,
            to_latitude = excluded.to_latitude, to_longitude = excluded.to_longitude, south = excluded.south,
            north = excluded.north, west = excluded.west, east = excluded.east
        WHERE (d.ended_at, d.from_latitude, d.from_longitude, d.to_latitude, d.to_longitude, d.south, d.north, d.west,
            d.east) IS DISTINCT FROM (excluded.ended_at, excluded.from_latitude, excluded.from_longitude,
            excluded.to_latitude, excluded.to_longitude, excluded.south, excluded.north, excluded.west, excluded.east)
        """)
}
