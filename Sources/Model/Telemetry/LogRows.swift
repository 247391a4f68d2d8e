package import Chronology

/// A position on its way into the log: who, what, when it reached us, and which message of the batch carried it.
package struct LoggedPosition: Hashable, Sendable {
    package var terminal: TerminalID
    package var report: PositionReport
    package var receivedAt: Instant
    /// The index of the message within its batch: the way back to the raw bytes.
    package var messageIndex: Int32
    /// The report's place in a message that is a list; it is for quarantine, and no part of the log.
    package var reportIndex: Int32?

    package init(
        terminal: TerminalID, report: PositionReport, receivedAt: Instant, messageIndex: Int32,
        reportIndex: Int32? = nil
    ) {
        self.terminal = terminal
        self.report = report
        self.receivedAt = receivedAt
        self.messageIndex = messageIndex
        self.reportIndex = reportIndex
    }
}

/// A camera report on its way into the log.
package struct LoggedCamera: Hashable, Sendable {
    package var terminal: TerminalID
    package var report: CameraReport
    package var receivedAt: Instant
    package var messageIndex: Int32
    package var reportIndex: Int32?

    package init(
        terminal: TerminalID, report: CameraReport, receivedAt: Instant, messageIndex: Int32, reportIndex: Int32? = nil
    ) {
        self.terminal = terminal
        self.report = report
        self.receivedAt = receivedAt
        self.messageIndex = messageIndex
        self.reportIndex = reportIndex
    }
}

/// An alarm on its way into the log.
package struct LoggedAlarm: Hashable, Sendable {
    package var terminal: TerminalID
    package var report: AlarmReport
    package var receivedAt: Instant
    package var messageIndex: Int32
    package var reportIndex: Int32?

    package init(
        terminal: TerminalID, report: AlarmReport, receivedAt: Instant, messageIndex: Int32, reportIndex: Int32? = nil
    ) {
        self.terminal = terminal
        self.report = report
        self.receivedAt = receivedAt
        self.messageIndex = messageIndex
        self.reportIndex = reportIndex
    }
}

/// A message, or one report of it, that was not accepted, with the bytes as they came.
package struct QuarantinedReport: Hashable, Sendable {
    package var messageIndex: Int32
    /// `nil` when the topic itself names no terminal.
    package var terminal: TerminalID?
    package var topic: String
    package var receivedAt: Instant
    package var refusal: Refusal
    /// The whole message's payload: the place of the report in it is `refusal.reportIndex`.
    package var payload: [UInt8]

    package init(
        messageIndex: Int32, terminal: TerminalID?, topic: String, receivedAt: Instant, refusal: Refusal,
        payload: [UInt8]
    ) {
        self.messageIndex = messageIndex
        self.terminal = terminal
        self.topic = topic
        self.receivedAt = receivedAt
        self.refusal = refusal
        self.payload = payload
    }
}

/// How many messages ended in each state, and how many rows they brought. Received is the sum of the four states.
package struct MessageCounts: Hashable, Sendable, Codable {
    package var stored: Int64 = 0
    package var duplicate: Int64 = 0
    package var quarantined: Int64 = 0
    package var ignored: Int64 = 0
    package var positions: Int64 = 0
    package var cameraReports: Int64 = 0
    package var alarms: Int64 = 0

    package init() {}

    package var received: Int64 { self.stored + self.duplicate + self.quarantined + self.ignored }

    package static func += (lhs: inout Self, rhs: Self) {
        lhs.stored += rhs.stored
        lhs.duplicate += rhs.duplicate
        lhs.quarantined += rhs.quarantined
        lhs.ignored += rhs.ignored
        lhs.positions += rhs.positions
        lhs.cameraReports += rhs.cameraReports
        lhs.alarms += rhs.alarms
    }
}

/// What became of one row that was offered to the log.
package enum RowOutcome: Hashable, Sendable {
    case added
    /// The same report was there already.
    case duplicate
    /// Another report of this terminal with this time was there already.
    case conflict
    /// The database would not take the row; the text names the SQLSTATE.
    case refused(String)
}
