package import Chronology
package import Geodesy

/// One alert: something that a person should see, never a verdict.
package struct AlertRow: Hashable, Sendable {
    package var alertID: String
    package var rule: String
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    package var severity: Int
    package var plate: String?
    package var terminal: String
    package var openedAt: Instant
    package var closedAt: Instant?
    package var coordinate: Coordinate?
    package var deliveryID: String?
    package var status: String
    /// In both languages.
    package var summary: String

    package init(
        alertID: String, rule: String, severity: Int, plate: String?, terminal: String, openedAt: Instant,
        closedAt: Instant?, coordinate: Coordinate?, deliveryID: String?, status: String, summary: String
    ) {
        self.alertID = alertID
        self.rule = rule
        self.severity = severity
        self.plate = plate
        self.terminal = terminal
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.coordinate = coordinate
        self.deliveryID = deliveryID
        self.status = status
        self.summary = summary
    }
}

/// Alerts as a table, with the columns of `contract.md` §5.
package enum AlertsTable {
    package static let columns = [
        "alert_id", "rule", "severity", "plate", "terminal", "opened_at", "closed_at", "lat", "lon", "delivery_id",
        "status", "summary",
    ]

    package static func write(_ rows: some Sequence<AlertRow>, as format: TableFormat) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns, format: format)
        for row in rows {
            writer.append(
                [
                    .text(row.alertID), .text(row.rule), .integer(row.severity), .text(row.plate),
                    .text(row.terminal), .time(row.openedAt), .time(row.closedAt),
                    .number(row.coordinate?.latitude), .number(row.coordinate?.longitude), .text(row.deliveryID),
                    .text(row.status), .text(row.summary),
                ], geometry: row.coordinate.map { .point($0) })
        }
        return writer.finish()
    }
}
