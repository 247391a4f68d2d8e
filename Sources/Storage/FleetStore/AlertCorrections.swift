package import Chronology
package import Geodesy
package import PostgresClient
package import Suspicions
package import Telemetry

/// Alerts of streams of reports that rest on the registers, and what a correction of these makes of them: the alert
/// stays as it was told, and its history says that it does not hold, by which import and whose.
package struct AlertCorrections {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The newest import of a register that alerts rest on.
    package struct Import: Hashable, Sendable {
        package var importID: Int64
        package var by: String
        /// Which register, and from where.
        package var source: String
    }

    /// An alert that nobody has done with, or that a correction closed.
    package struct Candidate: Hashable, Sendable {
        package var alertID: String
        package var rule: VehicleAlert.Rule
        package var terminal: Int32
        package var name: TerminalID
        package var openedAt: Instant
        package var closedAt: Instant?
        package var coordinate: Coordinate
        /// A correction closed it.
        package var isWithdrawn: Bool
    }

    /// The newest import that the alerts were not looked at again for; `nil`: there is none.
    package func due() throws(PostgresError) -> Import? {
        let rows = try self.connection.query(Self.selectDue)
        guard rows.rowCount > 0 else { return nil }
        return Import(importID: rows.integer(0, 0) ?? 0, by: rows.text(0, 1) ?? "?", source: rows.text(0, 2) ?? "?")
    }

    /// What a person closed is the person's.
    package func candidates() throws(PostgresError) -> [Candidate] {
        let rows = try self.connection.query(
            Self.selectCandidates, [.array(AlertDisproof.rules.map { Optional($0.rawValue) })])
        return (0..<rows.rowCount).compactMap { row in
            guard let rule = VehicleAlert.Rule(rawValue: rows.text(row, 1) ?? ""),
                let name = TerminalID(rows.text(row, 3) ?? ""), let latitude = rows.double(row, 6),
                let longitude = rows.double(row, 7),
                let coordinate = Coordinate(latitude: latitude, longitude: longitude)
            else { return nil }
            return Candidate(
                alertID: rows.text(row, 0) ?? "", rule: rule, terminal: Int32(clamping: rows.integer(row, 2) ?? 0),
                name: name, openedAt: Instant(microseconds: rows.integer(row, 4) ?? 0),
                closedAt: rows.integer(row, 5).map { Instant(microseconds: $0) }, coordinate: coordinate,
                isWithdrawn: rows.boolean(row, 8) ?? false)
        }
    }

    /// Closes an alert that does not hold by the registers as they stand, or opens again one that they closed and that
    /// holds after all; to be called in a transaction.
    /// - Parameter reason: why it does not hold; `nil`: it does.
    package func note(_ alertID: String, reason: Statement?, by change: Import) throws(PostgresError) {
        let (number, who) = ("\(change.importID)", "\(change.by): \(change.source)")
        guard let reason else {
            try self.connection.query(
                Self.act,
                [
                    .text(alertID), .text("reopen"), .null,
                    .text(
                        "登记库再次更正后（第 \(number) 次导入，\(who)）该预警仍成立。 By the registers as corrected again (import \(number), "
                            + "\(who)) it holds after all."),
                ])
            return
        }
        try self.connection.query(
            Self.act,
            [
                .text(alertID), .text("close"), .text("other"),
                .text(
                    "登记库更正后（第 \(number) 次导入，\(who)）不成立，由分析关闭，原内容保留：\(reason.zh) Closed by the analysis, what was "
                        + "told is kept: by the registers as corrected (import \(number), \(who)) it does not hold. \(reason.en)"
                ),
            ])
        try self.connection.query(Self.end, [.text(alertID)])
    }

    /// All alerts were looked at again for this import.
    package func advance(to change: Import) throws(PostgresError) {
        try self.connection.query(Self.updateImport, [.integer(change.importID)])
    }

    private static let selectDue = NamedQuery(
        "alert.corrections.due",
        """
        SELECT i.import_id, i.imported_by, i.kind || ' ' || i.source
        FROM register_import i JOIN alert_correction c ON i.import_id > c.import_id
        WHERE i.kind IN ('plants', 'sites', 'places', 'vehicles', 'zones') ORDER BY i.import_id DESC LIMIT 1
        """)
    private static let selectCandidates = NamedQuery(
        "alert.corrections.candidates",
        """
        SELECT a.alert_id, a.rule, a.terminal_id, t.name, (extract(epoch FROM a.opened_at) * 1000000)::bigint,
            (extract(epoch FROM a.closed_at) * 1000000)::bigint, a.latitude, a.longitude,
            coalesce(h.state = 'closed', false)
        FROM alert a JOIN terminal t USING (terminal_id) LEFT JOIN alert_handling h USING (alert_id)
        WHERE a.delivery_id IS NULL AND a.rule = ANY ($1::text[]) AND a.latitude IS NOT NULL
            AND (h.state IS DISTINCT FROM 'closed' OR h.closed_by = 'tongxing')
        ORDER BY a.alert_id
        """)
    private static let act = NamedQuery(
        "alert.corrections.act",
        "INSERT INTO alert_action (alert_id, acted_by, kind, reason, note) VALUES ($1, 'tongxing', $2, $3, $4)")
    private static let end = NamedQuery(
        "alert.corrections.end",
        """
        UPDATE alert SET status = 'closed', closed_at = greatest(clock_timestamp(), opened_at),
            revision = nextval('alert_revision')
        WHERE alert_id = $1 AND status = 'open'
        """)
    private static let updateImport = NamedQuery(
        "alert.corrections.advance", "UPDATE alert_correction SET import_id = $1 WHERE import_id < $1")
}
