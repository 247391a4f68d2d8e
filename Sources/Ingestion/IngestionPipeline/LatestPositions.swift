import Chronology
package import Telemetry

/// The newest position of each vehicle, kept in memory and handed out once in a while: writing it with every report
/// would double the cost of the log (limits.md B).
package struct LatestPositions: Sendable {
    /// Where each vehicle's newest position lies in `entries`.
    private var places: [TerminalID: Int] = [:]
    private var entries: [Entry] = []
    private var changed: [Int] = []

    /// The newest position of one vehicle.
    private struct Entry: Sendable {
        var row: LoggedPosition
        var isChanged: Bool
    }

    package init() {}

    package var hasChanges: Bool { !self.changed.isEmpty }

    /// Takes those of a committed batch's rows that the log has taken: what was refused, or contradicts what came
    /// first, is no position of the vehicle. An older report than the one known is no news.
    package mutating func take(_ rows: [LoggedPosition], _ outcomes: [RowOutcome]) {
        for (row, outcome) in zip(rows, outcomes) where outcome == .added {
            guard let place = self.places[row.terminal] else {
                self.places[row.terminal] = self.entries.count
                self.changed.append(self.entries.count)
                self.entries.append(Entry(row: row, isChanged: true))
                continue
            }
            if self.entries[place].row.report.recordedAt > row.report.recordedAt { continue }
            self.entries[place].row = row
            if self.entries[place].isChanged { continue }
            self.entries[place].isChanged = true
            self.changed.append(place)
        }
    }

    /// Hands out what changed since the last call, in a fixed order so that two writers never deadlock.
    package mutating func takeChanges() -> [LoggedPosition] {
        let rows = self.changed.map { self.entries[$0].row }.sorted { $0.terminal < $1.terminal }
        for place in self.changed { self.entries[place].isChanged = false }
        self.changed.removeAll(keepingCapacity: true)
        return rows
    }

    /// Takes back what was handed out and could not be written; something newer may have come since.
    package mutating func putBack(_ rows: [LoggedPosition]) {
        for row in rows {
            guard let place = self.places[row.terminal], !self.entries[place].isChanged else { continue }
            self.entries[place].isChanged = true
            self.changed.append(place)
        }
    }
}
