import Chronology
import PostgresClient
package import Telemetry

/// What happens before a batch is complete: its terminals get their integers, its days their partitions, and its rows
/// go to the server while the rest is still being read.
extension LogWriter {
    /// Takes what there is of the batch that comes next and sends it, so that the server works while the rest is still
    /// being read. Call `store` with the whole batch; whatever is in the way of this is for `store` to settle.
    /// - Parameter positions: the batch's so far; those of the calls before come first, unchanged.
    package func sendAhead(_ positions: [LoggedPosition], number: Int64) throws(StoreError) {
        do throws(PostgresError) {
            // The careful way asks what became of each row, and needs them all.
            guard self.carefulBatches == 0, !positions.isEmpty else { return }
            if self.ahead?.number != number {
                try self.giveUpAhead()
                self.positionTerminals.removeAll(keepingCapacity: true)
                try self.learnTerminals(positions.map(\.terminal))
                try self.makePartitions(for: positions.map(\.report.recordedAt))
                try self.connection.execute("BEGIN", name: "begin")
                try self.connection.beginCopy(Self.copyPosition)
                self.ahead = (number, 0)
            }
            let sent = self.ahead?.sent ?? 0
            let rows = positions[sent...]
            // While the COPY runs no other statement can: a new terminal or day is for `store`, which begins again.
            guard self.identify(rows) else { return }
            self.encode(rows, batchID: self.batchID(number), isContinued: sent > 0)
            try self.connection.send(self.positionRows, of: Self.copyPosition)
            self.ahead = (number, positions.count)
        } catch {
            self.ahead = nil
            throw StoreError.database(error)
        }
    }

    /// Ends what was sent ahead of a batch that will not come, or not as it was begun.
    func giveUpAhead() throws(PostgresError) {
        guard self.ahead != nil else { return }
        self.ahead = nil
        self.connection.cancelCopy()
        try self.connection.execute("ROLLBACK", name: "rollback")
    }

    /// Sees to it that everybody in the batch has an integer and its days have partitions. Outside its transaction: a
    /// number or a partition without rows is harmless. When one was missing, what had been sent ahead is given up.
    func prepare(for batch: Batch) throws(PostgresError) {
        let terminals = batch.record.terminals + batch.cameras.map(\.terminal) + batch.alarms.map(\.terminal)
        let times = batch.cameras.map(\.report.recordedAt) + batch.alarms.map(\.report.recordedAt)
        if let ahead {
            let isReady =
                ahead.number == batch.record.number && terminals.allSatisfy { self.terminalIDs[$0] != nil }
                && self.areKnown(times) && self.identify(batch.positions[ahead.sent...])
            if isReady { return }
            try self.giveUpAhead()
        }
        try self.learnTerminals(terminals + batch.positions.map(\.terminal))
        try self.makePartitions(for: times + batch.positions.map(\.report.recordedAt))
        self.positionTerminals.removeAll(keepingCapacity: true)
        guard self.identify(batch.positions[...]) else {
            throw Self.nobody
        }
    }

    /// Notes the terminals' integers of the rows that follow those noted before.
    /// - Returns: whether all of them are known, and their days have partitions; else nothing is noted.
    private func identify(_ rows: ArraySlice<LoggedPosition>) -> Bool {
        let before = self.positionTerminals.count
        for row in rows {
            guard let id = self.terminalIDs[row.terminal] else {
                self.positionTerminals.removeLast(self.positionTerminals.count - before)
                return false
            }
            self.positionTerminals.append(id)
        }
        guard self.areKnown(rows.lazy.map(\.report.recordedAt)) else {
            self.positionTerminals.removeLast(self.positionTerminals.count - before)
            return false
        }
        return true
    }

    /// Gives every one of these terminals its integer.
    func learnTerminals(_ terminals: [TerminalID]) throws(PostgresError) {
        let unknown = Set(terminals.lazy.filter { self.terminalIDs[$0] == nil })
        guard !unknown.isEmpty else { return }
        let names = unknown.map(\.text).sorted()
        try self.connection.query(Self.insertTerminals, [.array(names)])
        let rows = try self.connection.query(Self.selectTerminals, [.array(names)])
        for row in 0..<rows.rowCount {
            guard let id = rows.integer(row, 0), let name = rows.text(row, 1), let terminal = TerminalID(name) else {
                continue
            }
            self.terminalIDs[terminal] = Int32(truncatingIfNeeded: id)
        }
    }

    private func areKnown(_ times: some Sequence<Instant>) -> Bool { self.unknownDays(times).isEmpty }

    private func unknownDays(_ times: some Sequence<Instant>) -> Set<Int64> {
        var unknown: Set<Int64> = []
        var latest = Int64.min
        for time in times {
            let day = Int64(time.date(at: .utc).daysSince1970)
            // Most reports are of the day of the one before.
            guard day != latest else { continue }
            latest = day
            if !self.knownDays.contains(day) { unknown.insert(day) }
        }
        return unknown
    }

    func makePartitions(for times: [Instant]) throws(PostgresError) {
        for day in self.unknownDays(times).sorted() {
            try self.connection.query(Self.makePartition, [.text(Instant(seconds: day * 86400).description)])
            self.knownDays.insert(day)
        }
    }
}
