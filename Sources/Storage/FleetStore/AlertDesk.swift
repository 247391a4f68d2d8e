package import Casework
package import Chronology
import Geodesy
package import PostgresClient
import Suspicions

/// Alerts as people work on them: listed with how far they are, acted upon, followed by revision.
package struct AlertDesk {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Which alerts to list; what is `nil` is not asked for.
    package struct Filter: Sendable {
        /// By the time of opening, half-open.
        package var from: Instant?
        package var to: Instant?
        /// Of these states; empty: of any.
        package var states: [AlertHandling.State] = []
        /// At least so severe.
        package var severity: Int?
        package var rule: String?
        package var plate: String?
        package var assignee: String?
        package var deliveryID: String?
        /// The last row of the page before: time of opening and id.
        package var after: (openedAt: Instant, id: String)?

        package init() {}
    }

    /// The newest first.
    package func list(_ filter: Filter, limit: Int) throws -> [AlertRecord] {
        try self.records(
            Self.selectNewest,
            [
                .optional(filter.from?.description), .optional(filter.to?.description),
                .array(filter.states.map { Optional($0.rawValue) }), .optional(filter.severity.map { String($0) }),
                .optional(filter.rule), .optional(filter.plate), .optional(filter.assignee),
                .optional(filter.deliveryID), .optional(filter.after?.openedAt.description),
                .optional(filter.after?.id), .integer(limit),
            ])
    }

    package func alert(_ id: String) throws -> AlertRecord? {
        try self.records(Self.selectOne, [.text(id)]).first
    }

    /// Up to where changes were seen: alerts come from analysis, their handling from people, each in an order of its
    /// own.
    package struct Mark: Hashable, Sendable {
        package var alerts: Int64
        package var handlings: Int64

        package init(alerts: Int64, handlings: Int64) {
            self.alerts = alerts
            self.handlings = handlings
        }
    }

    package func mark() throws(PostgresError) -> Mark {
        let row = try self.connection.query(Self.selectMark)
        return Mark(alerts: row.integer(0, 0) ?? 0, handlings: row.integer(0, 1) ?? 0)
    }

    /// At most `limit` alerts that changed after `mark`, and `limit` that were handled after it.
    package func changes(since mark: Mark, limit: Int) throws -> (records: [AlertRecord], mark: Mark) {
        var next = mark
        let changed = try self.connection.query(Self.selectChanged, [.integer(mark.alerts), .integer(limit)])
        let handled = try self.connection.query(Self.selectHandled, [.integer(mark.handlings), .integer(limit)])
        var records = try (0..<changed.rowCount).map { try Self.record(changed, $0) }
        for row in 0..<changed.rowCount { next.alerts = max(next.alerts, changed.integer(row, 21) ?? 0) }
        let known = Set(records.map(\.alertID))
        for row in 0..<handled.rowCount {
            let record = try Self.record(handled, row)
            if !known.contains(record.alertID) { records.append(record) }
            next.handlings = max(next.handlings, handled.integer(row, 21) ?? 0)
        }
        return (records, next)
    }

    // MARK: - What people do

    /// The oldest first.
    package func actions(of id: String) throws(PostgresError) -> [AlertAction.Record] {
        let rows = try self.connection.query(Self.selectActions, [.text(id)])
        return (0..<rows.rowCount).compactMap { row in
            guard let kind = AlertAction.Kind(rawValue: rows.text(row, 3) ?? "") else { return nil }
            let action = AlertAction(
                kind, assignee: rows.text(row, 4), reason: rows.text(row, 5).flatMap(AlertAction.Reason.init),
                note: rows.text(row, 6) ?? "")
            return AlertAction.Record(
                at: Instant(microseconds: rows.integer(row, 0) ?? 0), by: rows.text(row, 1) ?? "",
                role: rows.text(row, 2) ?? "", action: action)
        }
    }

    /// Notes an action, and with it how the alert stands; refused when it does not follow.
    package func act(_ action: AlertAction, on id: String, by name: String, role: String) throws {
        do throws(PostgresError) {
            try self.connection.query(
                Self.insertAction,
                [
                    .text(id), .text(name), .text(role), .text(action.kind.rawValue), .optional(action.assignee),
                    .optional(action.reason?.rawValue), .text(action.note),
                ])
        } catch {
            // raise_exception: the database's own word on how the alert stands.
            guard error.sqlState?.code == "P0001" else { throw error }
            throw error.message.contains("assignee")
                ? CaseworkRefusal(zh: "没有这个可指派的账号", en: "there is no such account that may be assigned")
                : CaseworkRefusal(
                    zh: "此预警的状态已变（可能他人已处理），请刷新", en: "the alert stands otherwise by now, see its history")
        }
    }

    /// Somebody who may be given work.
    package struct Colleague: Hashable, Sendable {
        package var name: String
        package var displayName: String
        package var role: String
        /// Where he works; `nil`: in all of the city.
        package var district: String?

        /// As whom he would come: what he sees is asked in his place.
        package var visitor: WebDoor.Visitor {
            WebDoor.Visitor(name: self.name, role: self.role, reach: self.district.map { .district($0) } ?? .all)
        }
    }

    package func colleagues() throws(PostgresError) -> [Colleague] {
        let rows = try self.connection.query(Self.selectColleagues)
        return (0..<rows.rowCount).map {
            Colleague(
                name: rows.text($0, 0) ?? "", displayName: rows.text($0, 1) ?? "", role: rows.text($0, 2) ?? "",
                district: rows.text($0, 3))
        }
    }

    // MARK: - Rows

    private func records(_ query: NamedQuery, _ values: [PostgresValue]) throws -> [AlertRecord] {
        let rows = try self.connection.query(query, values)
        return try (0..<rows.rowCount).map { try Self.record(rows, $0) }
    }

    private static func record(_ rows: borrowing QueryResult, _ row: Int) throws -> AlertRecord {
        func time(_ column: Int) -> Instant? { rows.integer(row, column).map { Instant(microseconds: $0) } }
        var handling = AlertHandling(state: rows.text(row, 13).flatMap(AlertHandling.State.init) ?? .new)
        handling.assignee = rows.text(row, 14)
        handling.acknowledgedBy = rows.text(row, 15)
        handling.acknowledgedAt = time(16)
        handling.closedBy = rows.text(row, 17)
        handling.closedAt = time(18)
        handling.reason = rows.text(row, 19).flatMap(AlertAction.Reason.init)
        handling.comments = Int(rows.integer(row, 20) ?? 0)
        let coordinate = rows.double(row, 7).flatMap { latitude in
            rows.double(row, 8).flatMap { Coordinate(latitude: latitude, longitude: $0) }
        }
        return AlertRecord(
            alertID: rows.text(row, 0) ?? "", rule: rows.text(row, 1) ?? "", severity: Int(rows.integer(row, 2) ?? 1),
            plate: rows.text(row, 3), terminal: rows.text(row, 4) ?? "", openedAt: time(5) ?? .distantPast,
            closedAt: time(6), coordinate: coordinate, deliveryID: rows.text(row, 9), status: rows.text(row, 10) ?? "",
            facts: try JSONText.decode([Statement].self, from: rows.text(row, 11) ?? "[]"),
            raisedAt: time(12) ?? .distantPast, handling: handling)
    }
}

// MARK: - SQL

extension AlertDesk {
    private static let selectNewest = NamedQuery(
        "alert.desk.list",
        """
        SELECT a.alert_id, a.rule, a.severity, a.plate, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude, a.delivery_id, a.status,
            a.facts, (extract(epoch FROM a.raised_at) * 1000000)::bigint, h.state, h.assignee, h.acknowledged_by,
            (extract(epoch FROM h.acknowledged_at) * 1000000)::bigint, h.closed_by,
            (extract(epoch FROM h.closed_at) * 1000000)::bigint, h.reason, h.comments
        FROM alert a LEFT JOIN terminal t USING (terminal_id) LEFT JOIN alert_handling h USING (alert_id)
        WHERE ($1::timestamptz IS NULL OR a.opened_at >= $1::timestamptz)
            AND ($2::timestamptz IS NULL OR a.opened_at < $2::timestamptz)
            AND ($3::text[] = '{}' OR coalesce(h.state, 'new') = ANY ($3::text[]))
            AND ($4::integer IS NULL OR a.severity >= $4::integer) AND ($5::text IS NULL OR a.rule = $5)
            AND ($6::text IS NULL OR a.plate = $6) AND ($7::text IS NULL OR h.assignee = $7)
            AND ($8::text IS NULL OR a.delivery_id = $8)
            AND ($9::timestamptz IS NULL OR (a.opened_at, a.alert_id) < ($9::timestamptz, $10::text))
        ORDER BY a.opened_at DESC, a.alert_id DESC LIMIT $11::integer
        """)
    private static let selectOne = NamedQuery(
        "alert.desk.one",
        """
        SELECT a.alert_id, a.rule, a.severity, a.plate, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude, a.delivery_id, a.status,
            a.facts, (extract(epoch FROM a.raised_at) * 1000000)::bigint, h.state, h.assignee, h.acknowledged_by,
            (extract(epoch FROM h.acknowledged_at) * 1000000)::bigint, h.closed_by,
            (extract(epoch FROM h.closed_at) * 1000000)::bigint, h.reason, h.comments
        FROM alert a LEFT JOIN terminal t USING (terminal_id) LEFT JOIN alert_handling h USING (alert_id)
        WHERE a.alert_id = $1
        """)
    private static let selectChanged = NamedQuery(
        "alert.desk.changed",
        """
        SELECT a.alert_id, a.rule, a.severity, a.plate, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude, a.delivery_id, a.status,
            a.facts, (extract(epoch FROM a.raised_at) * 1000000)::bigint, h.state, h.assignee, h.acknowledged_by,
            (extract(epoch FROM h.acknowledged_at) * 1000000)::bigint, h.closed_by,
            (extract(epoch FROM h.closed_at) * 1000000)::bigint, h.reason, h.comments, a.revision
        FROM alert a LEFT JOIN terminal t USING (terminal_id) LEFT JOIN alert_handling h USING (alert_id)
        WHERE a.revision > $1::bigint ORDER BY a.revision LIMIT $2::integer
        """)
    private static let selectHandled = NamedQuery(
        "alert.desk.handled",
        """
        SELECT a.alert_id, a.rule, a.severity, a.plate, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude, a.delivery_id, a.status,
            a.facts, (extract(epoch FROM a.raised_at) * 1000000)::bigint, h.state, h.assignee, h.acknowledged_by,
            (extract(epoch FROM h.acknowledged_at) * 1000000)::bigint, h.closed_by,
            (extract(epoch FROM h.closed_at) * 1000000)::bigint, h.reason, h.comments, h.revision
        FROM alert_handling h JOIN alert a USING (alert_id) LEFT JOIN terminal t USING (terminal_id)
        WHERE h.revision > $1::bigint ORDER BY h.revision LIMIT $2::integer
        """)
    private static let selectMark = NamedQuery(
        "alert.desk.mark",
        """
        SELECT (SELECT coalesce(max(revision), 0) FROM alert), (SELECT coalesce(max(revision), 0) FROM alert_handling)
        """)
    private static let selectActions = NamedQuery(
        "alert.desk.actions",
        """
        SELECT (extract(epoch FROM acted_at) * 1000000)::bigint, acted_by, role, kind, assignee, reason, note
        FROM alert_action WHERE alert_id = $1 ORDER BY action_id
        """)
    private static let insertAction = NamedQuery(
        "alert.desk.act",
        """
        INSERT INTO alert_action (alert_id, acted_by, role, kind, assignee, reason, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """)
    private static let selectColleagues = NamedQuery(
        "alert.desk.colleagues", "SELECT name, display_name, role, district FROM desk_names()")
}
