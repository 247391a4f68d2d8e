import Chronology
package import Telemetry

/// The newest position of each vehicle, kept in memory and handed out once in a while: writing it with every report
/// would double the cost of the log (limits.md B).
package struct LatestPositions: Sendable {
    private var newest: [TerminalID: Instant] = [:]
    private var changed: [TerminalID: LoggedPosition] = [:]

    package init() {}

    package var hasChanges: Bool { !self.changed.isEmpty }

    /// Takes a committed batch's rows; an older report than the one known is no news.
    package mutating func take(_ rows: [LoggedPosition]) {
        for row in rows {
            if let known = self.newest[row.terminal], known > row.report.recordedAt { continue }
            self.newest[row.terminal] = row.report.recordedAt
            self.changed[row.terminal] = row
        }
    }

    /// Hands out what changed since the last call, in a fixed order so that two writers never deadlock.
    package mutating func takeChanges() -> [LoggedPosition] {
        defer { self.changed.removeAll(keepingCapacity: true) }
        return self.changed.values.sorted { $0.terminal < $1.terminal }
    }
}
