package import Casework
package import PostgresClient

/// The outbox of notices about alerts: made in the transaction that moves the receiver's mark, so that a restart loses
/// none; each receiver's go out in the order in which they were made.
package struct NoticeStore {
    /// One notice that waits.
    package struct Waiting: Hashable, Sendable {
        package var id: Int64
        package var body: String
        /// Tries so far.
        package var attempts: Int
    }

    /// What became of a receiver's notices.
    package struct Counts: Hashable, Sendable {
        package var receiver: String
        package var waiting: Int64
        package var sent: Int64
        package var dead: Int64
        /// Of the newest try that failed; empty where the newest one was taken.
        package var lastError: String
    }

    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Whether this session alone works for the receiver from here on.
    package func takeCharge(of receiver: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.tryLock, [.text("notice " + receiver)]).boolean(0, 0) ?? false
    }

    /// Makes notices of the alerts that changed since the last time; a receiver that is new begins with those to come.
    /// - Parameter body: the notice about an alert, behind the last one about it if there was one; `nil` for none.
    /// - Returns: how many alerts were looked at.
    package func collect(
        for receiver: String, limit: Int, body: (AlertRecord, _ last: String?) -> String?
    ) throws -> Int {
        try self.connection.transaction {
            let desk = AlertDesk(connection: self.connection)
            let row = try self.connection.query(Self.selectMark, [.text(receiver)])
            guard row.rowCount > 0, let alerts = row.integer(0, 0), let handlings = row.integer(0, 1) else {
                let now = try desk.mark()
                try self.connection.query(
                    Self.insertReceiver, [.text(receiver), .integer(now.alerts), .integer(now.handlings)])
                return 0
            }
            let news = try desk.changes(since: AlertDesk.Mark(alerts: alerts, handlings: handlings), limit: limit)
            for alert in news.records {
                let last = try self.connection.query(Self.selectLast, [.text(receiver), .text(alert.alertID)])
                guard let body = body(alert, last.rowCount > 0 ? last.text(0, 0) : nil) else { continue }
                try self.connection.query(Self.insert, [.text(receiver), .text(alert.alertID), .text(body)])
            }
            try self.connection.query(
                Self.moveMark, [.text(receiver), .integer(news.mark.alerts), .integer(news.mark.handlings)])
            return news.records.count
        }
    }

    /// The oldest notice that waits, when it is its time.
    package func next(for receiver: String) throws(PostgresError) -> Waiting? {
        let row = try self.connection.query(Self.selectNext, [.text(receiver)])
        guard row.rowCount > 0, row.boolean(0, 3) == true else { return nil }
        return Waiting(
            id: row.integer(0, 0) ?? 0, body: row.text(0, 1) ?? "", attempts: Int(row.integer(0, 2) ?? 0))
    }

    package func noteSent(_ id: Int64) throws(PostgresError) {
        try self.connection.query(Self.markSent, [.integer(id)])
    }

    /// - Parameter wait: seconds until the next try; `nil` gives it up.
    package func noteFailure(_ id: Int64, _ error: String, wait: Int?) throws(PostgresError) {
        try self.connection.query(
            Self.markFailed,
            [.integer(id), .text(String(error.prefix(300))), .optional(wait.map { String($0) })])
    }

    /// By receiver; those that were taken are kept for thirty days.
    package func counts() throws(PostgresError) -> [Counts] {
        let rows = try self.connection.query(Self.selectCounts)
        return (0..<rows.rowCount).map { row in
            Counts(
                receiver: rows.text(row, 0) ?? "", waiting: rows.integer(row, 1) ?? 0, sent: rows.integer(row, 2) ?? 0,
                dead: rows.integer(row, 3) ?? 0, lastError: rows.text(row, 4) ?? "")
        }
    }

    package func dropOld() throws(PostgresError) { try self.connection.query(Self.deleteOld) }

    private static let tryLock = NamedQuery("notice.lock", "SELECT pg_try_advisory_lock(7304, hashtext($1))")
    private static let selectMark = NamedQuery(
        "notice.mark", "SELECT alert_revision, handling_revision FROM notice_receiver WHERE name = $1 FOR UPDATE")
    private static let insertReceiver = NamedQuery(
        "notice.receiver.insert",
        "INSERT INTO notice_receiver (name, alert_revision, handling_revision) VALUES ($1, $2, $3)")
    private static let moveMark = NamedQuery(
        "notice.mark.move",
        """
        UPDATE notice_receiver SET alert_revision = $2, handling_revision = $3
        WHERE name = $1 AND (alert_revision, handling_revision) IS DISTINCT FROM ($2::bigint, $3::bigint)
        """)
    private static let selectLast = NamedQuery(
        "notice.last",
        "SELECT body FROM notice WHERE receiver = $1 AND alert_id = $2 ORDER BY notice_id DESC LIMIT 1")
    private static let insert = NamedQuery(
        "notice.insert", "INSERT INTO notice (receiver, alert_id, body) VALUES ($1, $2, $3)")
    private static let selectNext = NamedQuery(
        "notice.next",
        """
        SELECT notice_id, body, attempts, due_at <= clock_timestamp() FROM notice
        WHERE receiver = $1 AND state = 'waiting' ORDER BY notice_id LIMIT 1
        """)
    private static let markSent = NamedQuery(
        "notice.sent",
        """
        UPDATE notice SET state = 'sent', attempts = attempts + 1, last_error = '', ended_at = clock_timestamp()
        WHERE notice_id = $1
        """)
    private static let markFailed = NamedQuery(
        "notice.failed",
        """
        UPDATE notice SET attempts = attempts + 1, last_error = $2,
            state = CASE WHEN $3::integer IS NULL THEN 'dead' ELSE 'waiting' END,
            due_at = clock_timestamp() + make_interval(secs => coalesce($3::integer, 0)),
            ended_at = CASE WHEN $3::integer IS NULL THEN clock_timestamp() END
        WHERE notice_id = $1
        """)
    private static let selectCounts = NamedQuery(
        "notice.counts",
        """
        SELECT r.name, count(*) FILTER (WHERE n.state = 'waiting'), count(*) FILTER (WHERE n.state = 'sent'),
            count(*) FILTER (WHERE n.state = 'dead'),
            coalesce((array_agg(n.last_error ORDER BY n.notice_id DESC) FILTER (WHERE n.attempts > 0))[1], '')
        FROM notice_receiver r LEFT JOIN notice n ON n.receiver = r.name GROUP BY r.name ORDER BY r.name
        """)
    private static let deleteOld = NamedQuery(
        "notice.drop", "DELETE FROM notice WHERE state = 'sent' AND ended_at < clock_timestamp() - interval '30 days'")
}
