package import Chronology
package import PostgresClient
package import Safety
import Telemetry

/// What the work list and the indicators need besides the days.
extension SafetyReader {
    /// The last word of each terminal's right blind-spot camera.
    package func lastWords() throws(PostgresError) -> [CameraToMend.LastWord] {
        let rows = try self.connection.query(Self.selectLastWords)
        return (0..<rows.rowCount).map { row in
            let cameras = SafetyStore.cameras(in: rows.text(row, 1) ?? "")
            return CameraToMend.LastWord(
                terminal: rows.text(row, 0) ?? "",
                word: cameras.first { $0.name == "right_blind_spot" }.map { CameraCondition($0.state) },
                heardAt: rows.integer(row, 2).map { Instant(microseconds: $0) },
                faultySince: rows.integer(row, 3).map { Instant(microseconds: $0) },
                positionAt: rows.integer(row, 4).map { Instant(microseconds: $0) },
                firstPositionAt: rows.integer(row, 5).map { Instant(microseconds: $0) })
        }
    }

    package func qualityFacts(from: CivilDate, to: CivilDate) throws(PostgresError) -> QualityFacts {
        var facts = QualityFacts()
        facts.platform = try PlatformStore(connection: self.connection).days(from: from, to: to)
        let period: [PostgresValue] = [.integer(from.daysSince1970), .integer(to.daysSince1970)]
        let first = try self.connection.query(Self.selectFirstDays)
        for row in 0..<first.rowCount {
            guard let name = first.text(row, 0), let day = first.integer(row, 1) else { continue }
            facts.firstDays[name] = CivilDate(daysSince1970: Int(day))
        }
        let refused = try self.connection.query(Self.selectRefused, period)
        for row in 0..<refused.rowCount {
            guard let day = refused.integer(row, 1), let count = refused.integer(row, 2) else { continue }
            facts.refused.append((refused.text(row, 0), CivilDate(daysSince1970: Int(day)), count))
        }
        let tickets = try self.connection.query(Self.selectTickets, period)
        for row in 0..<tickets.rowCount {
            guard let plate = tickets.text(row, 0), let day = tickets.integer(row, 1) else { continue }
            facts.tickets.append(
                (
                    plate, CivilDate(daysSince1970: Int(day)), tickets.integer(row, 2) ?? 0,
                    tickets.integer(row, 3) ?? 0
                ))
        }
        facts.ticketsSince = try self.connection.query(Self.selectFirstTicket).integer(0, 0).map {
            Instant(microseconds: $0).date(at: .shanghai)
        }
        return facts
    }

    private static let selectLastWords = NamedQuery(
        "safety.last_words",
        """
        SELECT t.name, word.cameras, (extract(epoch FROM word.recorded_at) * 1000000)::bigint,
            (extract(epoch FROM fault.since) * 1000000)::bigint, (extract(epoch FROM l.recorded_at) * 1000000)::bigint,
            (extract(epoch FROM s.first_place_at) * 1000000)::bigint
        FROM terminal t
        LEFT JOIN latest_position l USING (terminal_id)
        LEFT JOIN LATERAL (
            SELECT min(first_place_at) AS first_place_at FROM safety_day d
            WHERE d.terminal_id = t.terminal_id) s ON true
        LEFT JOIN LATERAL (
            SELECT c.recorded_at, c.cameras FROM camera_report c
            WHERE c.terminal_id = t.terminal_id AND c.cameras ~ '(^|;)right_blind_spot='
            ORDER BY c.recorded_at DESC, c.batch_id DESC LIMIT 1) word ON true
        LEFT JOIN LATERAL (
            SELECT max(c.recorded_at) AS at FROM camera_report c
            WHERE c.terminal_id = t.terminal_id AND c.cameras ~ '(^|;)right_blind_spot=ok(;|$)') ok ON true
        LEFT JOIN LATERAL (
            SELECT min(c.recorded_at) AS since FROM camera_report c
            WHERE c.terminal_id = t.terminal_id AND c.cameras ~ '(^|;)right_blind_spot='
                AND c.recorded_at > coalesce(ok.at, '-infinity')) fault ON true
        ORDER BY t.name
        """)
    private static let selectFirstDays = NamedQuery(
        "safety.first_days",
        """
        SELECT t.name, min(d.day) - DATE '1970-01-01' FROM safety_day d JOIN terminal t USING (terminal_id)
        WHERE d.records > 0 GROUP BY t.name
        """)
    private static let selectRefused = NamedQuery(
        "safety.refused",
        """
        SELECT t.name, l.day - DATE '1970-01-01', sum(l.quarantined)::bigint
        FROM terminal_ledger_now l LEFT JOIN terminal t USING (terminal_id)
        WHERE l.day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer AND l.quarantined > 0
        GROUP BY 1, 2
        """)
    /// By the index over the notes' times.
    private static let selectFirstTicket = NamedQuery(
        "safety.first_ticket",
        """
        SELECT min(note_issued_at) FROM register_entry WHERE kind = 'tickets' AND known_to IS NULL
        """)
    private static let selectTickets = NamedQuery(
        "safety.tickets",
        """
        WITH ticket AS (
            SELECT content ->> 'plate' AS plate, content ->> 'ticketID' AS ticket,
                (to_timestamp((content ->> 'issuedAt')::float8 / 1000000) AT TIME ZONE 'Asia/Shanghai')::date AS day
            FROM register_entry WHERE kind = 'tickets' AND known_to IS NULL),
        used AS (
            SELECT plate, content #>> '{delivery,ticketID}' AS ticket FROM delivery
            UNION
            SELECT plate, jsonb_array_elements_text(content #> '{delivery,otherTicketIDs}') FROM delivery)
        SELECT i.plate, i.day - DATE '1970-01-01', count(*), count(u.ticket)
        FROM ticket i LEFT JOIN used u ON u.ticket = i.ticket AND u.plate = i.plate
        WHERE i.day BETWEEN DATE '1970-01-01' + $1::integer AND DATE '1970-01-01' + $2::integer
        GROUP BY 1, 2
        """)
}
