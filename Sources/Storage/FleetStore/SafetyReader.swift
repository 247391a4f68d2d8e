package import Chronology
import Geodesy
package import PostgresClient
package import Safety

/// Sums over the safety days, and what stands beside them: deliveries, camera states, right turns.
package struct SafetyReader {
    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The first and the last day on which any terminal of the city had a fix, whoever may see it.
    package func extent() throws(PostgresError) -> (first: CivilDate, last: CivilDate)? {
        let row = try self.connection.query(Self.selectExtent)
        guard let first = row.integer(0, 0), let last = row.integer(0, 1) else { return nil }
        return (CivilDate(daysSince1970: Int(first)), CivilDate(daysSince1970: Int(last)))
    }

    /// The days on which any terminal was heard, in order.
    package func daysHeard(from: CivilDate, to: CivilDate) throws(PostgresError) -> [CivilDate] {
        let rows = try self.connection.query(
            Self.selectDaysHeard, [.integer(from.daysSince1970), .integer(to.daysSince1970)])
        return (0..<rows.rowCount).compactMap { row in
            rows.integer(row, 0).map { CivilDate(daysSince1970: Int($0)) }
        }
    }

    /// Sums a terminal and month, from the first to the last day, both included.
    package func months(from: CivilDate, to: CivilDate) throws(PostgresError) -> [TerminalStretch] {
        try self.stretches(Self.selectMonths, [.integer(from.daysSince1970), .integer(to.daysSince1970)])
    }

    /// Every day of these terminals; of all for `nil`.
    package func days(of terminals: [String]?, from: CivilDate, to: CivilDate) throws(PostgresError)
        -> [TerminalStretch]
    {
        try self.stretches(
            Self.selectDays,
            [
                .integer(from.daysSince1970), .integer(to.daysSince1970),
                terminals.map { .array($0.map { Optional($0) }) } ?? .null,
            ])
    }

    private func stretches(_ query: NamedQuery, _ values: [PostgresValue]) throws(PostgresError) -> [TerminalStretch] {
        let rows = try self.connection.query(query, values)
        return (0..<rows.rowCount).map { row in
            TerminalStretch(
                terminal: rows.text(row, 0) ?? "",
                from: CivilDate(daysSince1970: Int(rows.integer(row, 1) ?? 0)),
                to: CivilDate(daysSince1970: Int(rows.integer(row, 2) ?? 0)),
                sums: SafetyDayNumbers.day { rows.integer(row, 3 + $0) })
        }
    }

    /// Loads a terminal, day and origin, with the volume of those that have a ticket. A load carried to two sites is
    /// one load and two deliveries. Who reads for one district hears of what others' trucks took from its plants, and
    /// not which they were: these have no name.
    package func loads(from: CivilDate, to: CivilDate) throws(PostgresError) -> [LoadCount] {
        let rows = try self.connection.query(
            Self.selectLoads, [.integer(from.daysSince1970), .integer(to.daysSince1970)])
        return (0..<rows.rowCount).map { row in
            LoadCount(
                terminal: rows.text(row, 0) ?? "", date: CivilDate(daysSince1970: Int(rows.integer(row, 1) ?? 0)),
                plant: rows.text(row, 2), deliveries: rows.integer(row, 3) ?? 0,
                ticketedDeliveries: rows.integer(row, 4) ?? 0, loads: rows.integer(row, 5) ?? 0,
                ticketedLoads: rows.integer(row, 6) ?? 0, ticketLitres: rows.integer(row, 7) ?? 0)
        }
    }

    /// Right turns and blind-spot alarms added up in cells of a thousandth of a degree, about 100 m, most dangerous
    /// first: by turns without a camera known to be ok, then by alarms, then by turns. An alarm lies where the terminal
    /// was within a minute of it; one without a place lies nowhere.
    package func turnCells(from: CivilDate, to: CivilDate, fasterThan speed: Double, limit: Int)
        throws(PostgresError) -> [TurnCell]
    {
        let rows = try self.connection.query(
            Self.selectCells,
            [.integer(from.daysSince1970), .integer(to.daysSince1970), .integer(limit), .double(speed * 10)])
        return (0..<rows.rowCount).map { row in
            TurnCell(
                coordinate: Coordinate(
                    latitudeE7: Int32(truncatingIfNeeded: (rows.integer(row, 0) ?? 0) * 10_000 + 5000),
                    longitudeE7: Int32(truncatingIfNeeded: (rows.integer(row, 1) ?? 0) * 10_000 + 5000)),
                turns: rows.integer(row, 2) ?? 0, blind: rows.integer(row, 3) ?? 0,
                unknown: rows.integer(row, 4) ?? 0, fast: rows.integer(row, 5) ?? 0,
                alarms: rows.integer(row, 6) ?? 0)
        }
    }

    private static let selectExtent = NamedQuery(
        "safety.extent", "SELECT first_day, last_day FROM safety_extent()")
    private static let selectDaysHeard = NamedQuery(
        "safety.days_heard",
        """
        SELECT DISTINCT day - DATE '1970-01-01' FROM safety_day
        WHERE day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer AND days > 0
        ORDER BY 1
        """)
    private static let selectMonths = NamedQuery(
        "safety.months",
        """
        SELECT t.name, min(day) - DATE '1970-01-01', max(day) - DATE '1970-01-01', sum(days), sum(seen), sum(bridged),
            sum(odometer), sum(compared), sum(driven), sum(unseen), sum(moving), sum(turn_seen), sum(right_turns),
            sum(moving_ok), sum(moving_lost), sum(moving_occluded), sum(moving_fault), sum(moving_unknown),
            sum(turns_ok), sum(turns_lost), sum(turns_occluded), sum(turns_fault), sum(turns_unknown),
            sum(camera_turn_seen), sum(camera_days_heard), sum(camera_days_moving), sum(records), sum(qualified),
            sum(track), sum(track_complete), sum(jumps), sum(jump_days)
        FROM safety_day JOIN terminal t USING (terminal_id)
        WHERE day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer
        GROUP BY t.name, date_trunc('month', day) ORDER BY t.name, 2
        """)
    private static let selectDays = NamedQuery(
        "safety.days",
        """
        SELECT t.name, day - DATE '1970-01-01', day - DATE '1970-01-01', days, seen, bridged, odometer, compared,
            driven, unseen, moving, turn_seen, right_turns, moving_ok, moving_lost, moving_occluded, moving_fault,
            moving_unknown, turns_ok, turns_lost, turns_occluded, turns_fault, turns_unknown, camera_turn_seen,
            camera_days_heard, camera_days_moving, records, qualified, track, track_complete, jumps, jump_days
        FROM safety_day JOIN terminal t USING (terminal_id)
        WHERE day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer
            AND ($3::text[] IS NULL OR t.name = ANY ($3::text[]))
        ORDER BY t.name, day
        """)
    private static let selectLoads = NamedQuery(
        "safety.loads",
        """
        WITH drop AS (
            SELECT d.terminal_id, (d.unload_start AT TIME ZONE 'Asia/Shanghai')::date AS day,
                CASE WHEN d.content #>> '{delivery,origin,kind}' = 'plant'
                    THEN d.content #>> '{delivery,origin,id}' END AS plant,
                coalesce(d.content #>> '{delivery,loadID}', d.delivery_id) AS load,
                d.content #>> '{delivery,ticketID}' AS ticket,
                d.content #> '{delivery,otherTicketIDs}' AS others, d.plate
            FROM delivery d
            WHERE d.unload_start >= (DATE '1970-01-01' + $1::integer)::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND d.unload_start < (DATE '1970-01-01' + $2::integer + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        ticket AS (
            SELECT content ->> 'ticketID' AS ticket, content ->> 'plate' AS plate,
                max((content ->> 'volumeCubicMetres')::float8) AS volume
            FROM register_entry WHERE kind = 'tickets' AND known_to IS NULL GROUP BY 1, 2),
        number AS (
            SELECT terminal_id, load, plate, ticket FROM drop
            UNION
            SELECT terminal_id, load, plate, jsonb_array_elements_text(others) FROM drop),
        note AS (
            SELECT terminal_id, load, ticket, max(volume) AS volume
            FROM number JOIN ticket USING (ticket, plate) GROUP BY terminal_id, load, ticket),
        noted AS (SELECT terminal_id, load, sum(volume) AS volume FROM note GROUP BY terminal_id, load),
        load AS (
            SELECT drop.terminal_id, drop.load, min(drop.day) AS day, min(drop.plant) AS plant, count(*) AS drops,
                count(drop.ticket) AS ticketed, max(noted.volume) AS volume
            FROM drop LEFT JOIN noted USING (terminal_id, load)
            GROUP BY drop.terminal_id, drop.load)
        SELECT coalesce(t.name, ''), load.day - DATE '1970-01-01', load.plant, sum(load.drops), sum(load.ticketed),
            count(*), count(load.volume), coalesce(round(sum(load.volume) * 1000), 0)::bigint
        FROM load LEFT JOIN terminal t USING (terminal_id) GROUP BY t.name, load.day, load.plant
        """)
    private static let selectCells = NamedQuery(
        "safety.cells",
        """
        WITH turn AS (
            SELECT floor(latitude / 10000.0)::bigint AS y, floor(longitude / 10000.0)::bigint AS x, count(*) AS turns,
                count(*) FILTER (WHERE camera <> 'ok') AS blind, count(*) FILTER (WHERE camera = 'unknown') AS unknown,
                count(*) FILTER (WHERE speed > $4::float8) AS fast
            FROM safety_turn
            WHERE day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer
            GROUP BY 1, 2),
        bsd AS (
            SELECT floor(p.latitude / 10000.0)::bigint AS y, floor(p.longitude / 10000.0)::bigint AS x,
                count(*) AS alarms
            FROM alarm_report a
            CROSS JOIN LATERAL (
                SELECT latitude, longitude FROM position near
                WHERE near.terminal_id = a.terminal_id AND near.recorded_at >= a.recorded_at - interval '60 s'
                    AND near.recorded_at <= a.recorded_at + interval '60 s'
                    AND (near.latitude <> 0 OR near.longitude <> 0)
                ORDER BY abs(extract(epoch FROM near.recorded_at - a.recorded_at)) LIMIT 1) AS p
            WHERE a.kind IN ('bsd-rear', 'bsd-left', 'bsd-right', 'bsd-other', 'right-blind-spot') AND a.edge <> 2
                AND a.recorded_at >= (DATE '1970-01-01' + $1::integer)::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND a.recorded_at < (DATE '1970-01-01' + $2::integer + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
            GROUP BY 1, 2)
        SELECT y, x, coalesce(turns, 0), coalesce(blind, 0), coalesce(unknown, 0), coalesce(fast, 0),
            coalesce(alarms, 0)
        FROM turn FULL JOIN bsd USING (y, x) ORDER BY 4 DESC, 7 DESC, 3 DESC, 1, 2 LIMIT $3::integer
        """)
}
