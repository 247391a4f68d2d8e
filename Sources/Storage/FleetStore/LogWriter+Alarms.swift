import Chronology
import PostgresClient
import Telemetry

/// Alarms in a batch's transaction, through a staging table like camera reports.
extension LogWriter {
    /// Says of each alarm in the range whether it is new or was there.
    func addAlarms(
        _ rows: [LoggedAlarm], in range: Range<Int>, batchID: Int64, _ outcomes: inout [RowOutcome]
    ) throws(PostgresError) {
        guard !range.isEmpty else { return }
        try self.connection.query(Self.emptyIncomingAlarms)
        self.alarmRows.reset()
        for index in range {
            let row = rows[index]
            self.alarmRows.beginRow(columns: 10)
            self.alarmRows.timestamp(microsecondsSince1970: row.report.recordedAt.microseconds)
            self.alarmRows.timestamp(microsecondsSince1970: row.receivedAt.microseconds)
            self.alarmRows.int64(batchID)
            self.alarmRows.int32(try self.terminalID(of: row.terminal))
            self.alarmRows.int32(row.messageIndex)
            self.alarmRows.int16(Int16(row.report.item))
            self.alarmRows.int16(Int16(row.report.level ?? 0))
            self.alarmRows.int16(Self.code(of: row.report.edge))
            self.alarmRows.text(row.report.kind.rawValue)
            self.alarmRows.int32(Int32(truncatingIfNeeded: index))
        }
        try self.connection.copy(Self.copyIncomingAlarm, self.alarmRows)
        try self.connection.query(Self.addIncomingAlarms)
        let found = try self.connection.query(Self.compareIncomingAlarms)
        for row in 0..<found.rowCount {
            guard let index = found.integer(row, 0).map({ Int($0) }), range.contains(index) else { continue }
            if found.boolean(row, 1) == true { outcomes[index] = .added }
        }
    }

    private static func code(of edge: AlarmReport.Edge?) -> Int16 {
        switch edge {
        case nil: 0
        case .begin: 1
        case .end: 2
        }
    }

    static let createIncomingAlarms = NamedQuery(
        "log.incoming_alarm.create",
        "CREATE TEMP TABLE incoming_alarm (LIKE alarm_report, ordinal integer NOT NULL) ON COMMIT DELETE ROWS")
    private static let emptyIncomingAlarms = NamedQuery("log.incoming_alarm.empty", "TRUNCATE incoming_alarm")
    private static let copyIncomingAlarm = NamedQuery(
        "log.incoming_alarm.copy",
        """
        COPY incoming_alarm (recorded_at, received_at, batch_id, terminal_id, message_index, item, level, edge, kind,
            ordinal)
        FROM STDIN (FORMAT binary)
        """)
    private static let addIncomingAlarms = NamedQuery(
        "log.incoming_alarm.add",
        """
        INSERT INTO alarm_report (recorded_at, received_at, batch_id, terminal_id, message_index, item, level, edge,
            kind)
        SELECT recorded_at, received_at, batch_id, terminal_id, message_index, item, level, edge, kind
        FROM incoming_alarm ORDER BY ordinal
        ON CONFLICT DO NOTHING
        """)
    /// For each row offered: whether it is new. `OFFSET 0` keeps it at one lookup a row: nothing tells the planner how
    /// many rows are offered.
    private static let compareIncomingAlarms = NamedQuery(
        "log.incoming_alarm.compare",
        """
        SELECT i.ordinal, a.is_new
        FROM incoming_alarm i
        CROSS JOIN LATERAL (
            SELECT a.batch_id = i.batch_id AND a.message_index = i.message_index AS is_new FROM alarm_report a
            WHERE a.terminal_id = i.terminal_id AND a.recorded_at = i.recorded_at AND a.kind = i.kind
                AND a.item = i.item AND a.edge = i.edge AND a.level = i.level
            OFFSET 0) a
        """)
}
