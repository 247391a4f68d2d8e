import Chronology
import Geodesy
import PostgresClient
package import Telemetry

extension LogWriter {
    /// Writes the newest position of each vehicle, and what the lane says of itself; about once a second.
    package func publish(_ latest: [LoggedPosition], _ beat: PartStore.Beat) throws(StoreError) {
        do throws(PostgresError) {
            if !latest.isEmpty { try self.connection.query(Self.upsertLatest, self.arrays(of: latest)) }
            try PartStore(connection: self.connection).write(beat)
        } catch {
            throw StoreError.database(error)
        }
    }

    private func arrays(of rows: [LoggedPosition]) -> [PostgresValue] {
        func column(_ value: (PositionReport) -> Int16?) -> PostgresValue {
            .array(rows.map { row in value(row.report).map { String($0) } })
        }
        return [
            .array(rows.map { Optional($0.terminal.text) }),
            .array(rows.map { Optional($0.report.recordedAt.description) }),
            .array(rows.map { Optional($0.receivedAt.description) }),
            .array(rows.map(\.report.coordinate.latitudeE7)),
            .array(rows.map(\.report.coordinate.longitudeE7)),
            column { PositionFlags($0).rawValue },
            column(\.speed),
            column(\.course),
            column(\.drum),
        ]
    }

    private static let upsertLatest = NamedQuery(
        "log.latest.upsert",
        """
        WITH changed AS (
            INSERT INTO latest_position AS l (terminal_id, revision, recorded_at, received_at, latitude, longitude,
            flags,
                speed, course, drum)
            SELECT t.terminal_id, nextval('latest_revision'), r.recorded_at, r.received_at, r.latitude, r.longitude,
                r.flags, r.speed, r.course, r.drum
            FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::integer[], $5::integer[], $6::smallint[],
                    $7::smallint[], $8::smallint[], $9::smallint[])
                AS r (name, recorded_at, received_at, latitude, longitude, flags, speed, course, drum)
            JOIN terminal t USING (name)
            ON CONFLICT (terminal_id) DO UPDATE SET revision = excluded.revision, recorded_at = excluded.recorded_at,
                received_at = excluded.received_at, latitude = excluded.latitude, longitude = excluded.longitude,
                flags = excluded.flags, speed = excluded.speed, course = excluded.course, drum = excluded.drum
            WHERE l.recorded_at <= excluded.recorded_at
            RETURNING 1)
        SELECT pg_notify('tongxing_latest', '') FROM (SELECT count(*) FROM changed) AS any_change
        """)
}
