package import Chronology
import Geodesy
import PostgresClient
package import Telemetry

extension LogWriter {
    /// Writes the newest position of each vehicle, and what the lane says of itself; about once a second.
    /// - Parameter now: sees to it that this day and the next have their partitions, so that no batch waits for one at
    ///   midnight.
    package func publish(_ latest: [LoggedPosition], _ beat: PartStore.Beat, now: Instant? = nil) throws(StoreError) {
        do throws(PostgresError) {
            try self.giveUpAhead()
            if let now { try self.makePartitions(for: [now, now.advanced(bySeconds: 86_400)]) }
            // What could not be written before a connection broke comes first on the next one, which knows nobody yet.
            try self.learnTerminals(latest.map(\.terminal))
            if !latest.isEmpty { try self.connection.query(Self.upsertLatest, try self.arrays(of: latest)) }
            try PartStore(connection: self.connection).write(beat)
        } catch {
            throw StoreError.database(error)
        }
    }

    /// Brings the newest positions up to what the lane's last batches hold: they are written about once a second, and a
    /// kill in between leaves out who has not reported since.
    package func catchUpLatest() throws(StoreError) {
        do throws(PostgresError) {
            try self.connection.query(Self.catchUp, [.integer(self.lane)])
        } catch {
            throw StoreError.database(error)
        }
    }

    private func arrays(of rows: [LoggedPosition]) throws(PostgresError) -> [PostgresValue] {
        var terminals: [Int32] = []
        terminals.reserveCapacity(rows.count)
        for row in rows { terminals.append(try self.terminalID(of: row.terminal)) }
        func column(_ value: (PositionReport) -> Int16?) -> PostgresValue {
            .binaryArray(rows.map { value($0.report) })
        }
        return [
            .binaryArray(terminals),
            .timestamps(microsecondsSince1970: rows.map(\.report.recordedAt.microseconds)),
            .timestamps(microsecondsSince1970: rows.map(\.receivedAt.microseconds)),
            .binaryArray(rows.map(\.report.coordinate.latitudeE7)),
            .binaryArray(rows.map(\.report.coordinate.longitudeE7)),
            column { PositionFlags($0).rawValue },
            column(\.speed),
            column(\.course),
            column(\.drum),
        ]
    }

    /// More batches than a lane commits between two signs of life; the manifest says where each terminal's rows begin.
    private static let catchUp = NamedQuery(
        "log.latest.catch_up",
        """
        INSERT INTO latest_position AS l (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags,
            speed, course, drum)
        SELECT m.terminal_id, nextval('latest_revision'), p.recorded_at, p.received_at, p.latitude, p.longitude,
            p.flags, p.speed, p.course, p.drum
        FROM (SELECT u.terminal_id, min(u.since) AS since
                FROM batch b, unnest(b.terminal_ids, b.earliest) AS u (terminal_id, since)
                WHERE b.lane_id = $1 AND b.number > (SELECT last_number - 500 FROM lane WHERE lane_id = $1)
                GROUP BY u.terminal_id) AS m
        CROSS JOIN LATERAL (SELECT * FROM position p
            WHERE p.terminal_id = m.terminal_id AND p.recorded_at >= m.since
            ORDER BY p.recorded_at DESC LIMIT 1) AS p
        ON CONFLICT (terminal_id) DO UPDATE SET revision = excluded.revision, recorded_at = excluded.recorded_at,
            received_at = excluded.received_at, latitude = excluded.latitude, longitude = excluded.longitude,
            flags = excluded.flags, speed = excluded.speed, course = excluded.course, drum = excluded.drum
        WHERE l.recorded_at < excluded.recorded_at
        """)

    private static let upsertLatest = NamedQuery(
        "log.latest.upsert",
        """
        WITH changed AS (
            INSERT INTO latest_position AS l (terminal_id, revision, recorded_at, received_at, latitude, longitude,
            flags, speed, course, drum)
            SELECT r.terminal_id, nextval('latest_revision'), r.recorded_at, r.received_at, r.latitude, r.longitude,
                r.flags, r.speed, r.course, r.drum
            FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[], $4::integer[], $5::integer[],
                    $6::smallint[], $7::smallint[], $8::smallint[], $9::smallint[])
                AS r (terminal_id, recorded_at, received_at, latitude, longitude, flags, speed, course, drum)
            ON CONFLICT (terminal_id) DO UPDATE SET revision = excluded.revision, recorded_at = excluded.recorded_at,
                received_at = excluded.received_at, latitude = excluded.latitude, longitude = excluded.longitude,
                flags = excluded.flags, speed = excluded.speed, course = excluded.course, drum = excluded.drum
            WHERE l.recorded_at < excluded.recorded_at
            RETURNING 1)
        SELECT pg_notify('tongxing_latest', '') FROM (SELECT count(*) FROM changed) AS any_change
        """)
}
