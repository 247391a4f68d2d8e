package import Chronology
import Geodesy
import PostgresClient
package import Telemetry

/// What one transaction of ingestion puts into the log besides its rows.
package struct BatchRecord: Sendable {
    package var number: Int64
    package var hash: [UInt8]
    package var sealed: [UInt8]
    package var rawByteCount: Int
    package var messageCount: Int
    package var firstReceivedAt: Instant
    package var lastReceivedAt: Instant

    package init(
        number: Int64, hash: [UInt8], sealed: [UInt8], rawByteCount: Int, messageCount: Int,
        firstReceivedAt: Instant, lastReceivedAt: Instant
    ) {
        self.number = number
        self.hash = hash
        self.sealed = sealed
        self.rawByteCount = rawByteCount
        self.messageCount = messageCount
        self.firstReceivedAt = firstReceivedAt
        self.lastReceivedAt = lastReceivedAt
    }
}

/// Writes one lane's batches, each in one transaction (decisions D2–D4). Used by the lane's thread alone.
package final class LogWriter {
    let connection: PostgresConnection
    package let lane: Int32
    package private(set) var lastNumber: Int64
    package private(set) var lastHash: [UInt8]
    private var terminalIDs: [TerminalID: Int32] = [:]
    private var positionRows = CopyBuffer(reservingRows: 5000)
    private var cameraRows = CopyBuffer()
    private var quarantineRows = CopyBuffer()
    /// After a connect the broker sends again what was not acknowledged: those batches go the careful way.
    private var carefulBatches = 3
    private var knownDays: Set<Int64> = []

    /// Takes the lane's lock, so that a hung process and its replacement never both write.
    package init(url: String, lane name: String) throws(StoreError) {
        do throws(PostgresError) {
            let connection = try PostgresConnection(url: url, application: "tongxing ingestion \(name)")
            try SchemaMigrator(connection: connection).requireCurrentOrFail()
            try connection.query(Self.insertLane, [.text(name)])
            let row = try connection.query(Self.selectLane, [.text(name)])
            let lane = Int32(truncatingIfNeeded: row.integer(0, 0) ?? 0)
            guard try connection.query(Self.lockLane, [.integer(lane)]).boolean(0, 0) == true else {
                throw PostgresError(
                    .server(.lockNotAvailable),
                    message: "another process writes lane '\(name)': stop it or wait for its end")
            }
            // Only under the lock is the chain's end ours to continue.
            let head = try connection.query(Self.selectLane, [.text(name)])
            try connection.query(Self.createIncomingPositions)
            try connection.query(Self.createIncomingCameras)
            self.connection = connection
            self.lane = lane
            self.lastNumber = head.integer(0, 1) ?? 0
            self.lastHash = Self.hexBytes(head.text(0, 2) ?? "")
        } catch {
            throw error.sqlState == .lockNotAvailable
                ? StoreError.alreadyRunning(error.message) : StoreError.database(error)
        }
    }

    /// Stores one batch. `settle` is given what became of each row, in order, and answers with the messages' states and
    /// everything that goes to quarantine; it runs inside the transaction, so that the counts commit with the rows.
    package func store(
        _ record: BatchRecord, positions: [LoggedPosition], cameras: [LoggedCamera],
        settle: ([RowOutcome], [RowOutcome]) -> (counts: MessageCounts, quarantined: [QuarantinedReport])
    ) throws(StoreError) -> MessageCounts {
        do throws(PostgresError) {
            try self.learnTerminals(positions, cameras)
            try self.makePartitions(positions, cameras)
            let batch = (record: record, positions: positions, cameras: cameras)
            let counts: MessageCounts
            if self.carefulBatches == 0, let quick = try self.storeQuickly(batch, settle) {
                counts = quick
            } else {
                counts = try self.storeCarefully(batch, settle)
                self.carefulBatches = max(0, self.carefulBatches - 1)
            }
            self.lastNumber = record.number
            self.lastHash = record.hash
            return counts
        } catch {
            throw StoreError.database(error)
        }
    }

    typealias Batch = (record: BatchRecord, positions: [LoggedPosition], cameras: [LoggedCamera])
    typealias Settle = ([RowOutcome], [RowOutcome]) -> (counts: MessageCounts, quarantined: [QuarantinedReport])

    /// COPY straight into the log; `nil` when a row was there already or was refused, and nothing has been stored.
    private func storeQuickly(_ batch: Batch, _ settle: Settle) throws(PostgresError) -> MessageCounts? {
        try self.connection.execute("BEGIN", name: "begin")
        do throws(PostgresError) {
            let batchID = self.batchID(batch.record.number)
            try self.copyPositions(batch.positions[...], batchID: batchID, Self.copyPosition)
            // Two camera states of one time both count; the careful way finds out what is new.
            let cameras = try self.addCameras(batch.cameras, batchID: batchID)
            let added = [RowOutcome](repeating: .added, count: batch.positions.count)
            return try self.finish(batch, added, cameras, settle)
        } catch {
            try self.rollBack(after: error)
            guard error.remedy == .refuseRow else { throw error }
            if error.sqlState == .checkViolation { self.knownDays.removeAll() }
            return nil
        }
    }

    /// Through staging tables, row by row where it must be: finds out what became of every row.
    private func storeCarefully(_ batch: Batch, _ settle: Settle) throws(PostgresError) -> MessageCounts {
        try self.makePartitions(batch.positions, batch.cameras)
        try self.connection.execute("BEGIN", name: "begin")
        do throws(PostgresError) {
            let batchID = self.batchID(batch.record.number)
            var outcomes = [RowOutcome](repeating: .duplicate, count: batch.positions.count)
            try self.addPositions(batch.positions, in: batch.positions.indices, batchID: batchID, &outcomes)
            let cameras = try self.addCameras(batch.cameras, batchID: batchID)
            return try self.finish(batch, outcomes, cameras, settle)
        } catch {
            try self.rollBack(after: error)
            throw error
        }
    }

    private func rollBack(after error: PostgresError) throws(PostgresError) {
        guard !self.connection.isBroken else { throw error }
        try self.connection.execute("ROLLBACK", name: "rollback")
    }

    /// Offers the rows of `range`; a row that the database refuses is found by halving and marked.
    private func addPositions(
        _ rows: [LoggedPosition], in range: Range<Int>, batchID: Int64, _ outcomes: inout [RowOutcome]
    ) throws(PostgresError) {
        guard !range.isEmpty else { return }
        try self.connection.execute("SAVEPOINT rows", name: "savepoint")
        do throws(PostgresError) {
            try self.connection.query(Self.emptyIncomingPositions)
            try self.copyPositions(rows[range], batchID: batchID, Self.copyIncomingPosition)
            try self.connection.query(Self.addIncomingPositions)
            let found = try self.connection.query(Self.compareIncomingPositions)
            for row in 0..<found.rowCount {
                guard let index = found.integer(row, 0).map({ Int($0) }), range.contains(index) else { continue }
                outcomes[index] =
                    found.boolean(row, 1) == true
                    ? .added : found.boolean(row, 2) == true ? .duplicate : .conflict
            }
            try self.connection.execute("RELEASE rows", name: "release")
        } catch {
            guard error.remedy == .refuseRow, !self.connection.isBroken else { throw error }
            try self.connection.execute("ROLLBACK TO rows", name: "rollback to")
            guard range.count > 1 else {
                outcomes[range.lowerBound] = .refused(error.sqlState?.code ?? "?")
                return
            }
            let middle = range.lowerBound + range.count / 2
            try self.addPositions(rows, in: range.lowerBound..<middle, batchID: batchID, &outcomes)
            try self.addPositions(rows, in: middle..<range.upperBound, batchID: batchID, &outcomes)
        }
    }

    private func addCameras(_ rows: [LoggedCamera], batchID: Int64) throws(PostgresError) -> [RowOutcome] {
        guard !rows.isEmpty else { return [] }
        try self.connection.query(Self.emptyIncomingCameras)
        self.cameraRows.reset()
        for (index, row) in rows.enumerated() {
            self.cameraRows.beginRow(columns: 7)
            self.cameraRows.timestamp(microsecondsSince1970: row.report.recordedAt.microseconds)
            self.cameraRows.timestamp(microsecondsSince1970: row.receivedAt.microseconds)
            self.cameraRows.int64(batchID)
            self.cameraRows.int32(self.terminalIDs[row.terminal] ?? 0)
            self.cameraRows.int32(row.messageIndex)
            self.cameraRows.text(row.report.cameras.map { "\($0.name)=\($0.state.rawValue)" }.joined(separator: ";"))
            self.cameraRows.int32(Int32(truncatingIfNeeded: index))
        }
        try self.connection.copy(Self.copyIncomingCamera, self.cameraRows)
        try self.connection.query(Self.addIncomingCameras)
        let found = try self.connection.query(Self.compareIncomingCameras)
        var outcomes = [RowOutcome](repeating: .duplicate, count: rows.count)
        for row in 0..<found.rowCount {
            guard let index = found.integer(row, 0).map({ Int($0) }), rows.indices.contains(index) else { continue }
            guard found.boolean(row, 1) == true else { continue }
            outcomes[index] = found.boolean(row, 2) == true ? .conflict : .added
        }
        return outcomes
    }

    /// Writes the batch row, the quarantine and the lane's sums, tells the readers, and commits.
    private func finish(
        _ batch: Batch, _ positions: [RowOutcome], _ cameras: [RowOutcome], _ settle: Settle
    ) throws(PostgresError) -> MessageCounts {
        let settled = settle(positions, cameras)
        let batchID = self.batchID(batch.record.number)
        try self.insertBatch(batch, positions, settled.counts, batchID: batchID)
        try self.copyQuarantine(settled.quarantined, batchID: batchID)
        try self.advanceLane(batch.record, settled.counts)
        try self.connection.query(Self.notifyLog)
        try self.connection.execute("COMMIT", name: "commit")
        return settled.counts
    }

    private func batchID(_ number: Int64) -> Int64 { Int64(self.lane) << 40 | number }
}

// MARK: - Rows

extension LogWriter {
    private func copyPositions(
        _ rows: ArraySlice<LoggedPosition>, batchID: Int64, _ query: NamedQuery
    ) throws(PostgresError) {
        guard !rows.isEmpty else { return }
        let isStaged = query.name == Self.copyIncomingPosition.name
        self.positionRows.reset()
        for index in rows.indices {
            let row = rows[index]
            self.positionRows.beginRow(columns: isStaged ? 18 : 17)
            self.positionRows.append(row, terminal: self.terminalIDs[row.terminal] ?? 0, batchID: batchID)
            if isStaged { self.positionRows.int32(Int32(truncatingIfNeeded: index)) }
        }
        try self.connection.copy(query, self.positionRows)
    }

    private func copyQuarantine(_ rows: [QuarantinedReport], batchID: Int64) throws(PostgresError) {
        guard !rows.isEmpty else { return }
        self.quarantineRows.reset()
        for row in rows {
            self.quarantineRows.beginRow(columns: 9)
            self.quarantineRows.int64(batchID)
            self.quarantineRows.int32(row.messageIndex)
            self.quarantineRows.optional(row.refusal.reportIndex.map { Int32(truncatingIfNeeded: $0) })
            if let terminal = row.terminal {
                self.quarantineRows.text(terminal.text)
            } else {
                self.quarantineRows.null()
            }
            self.quarantineRows.text(row.topic)
            self.quarantineRows.timestamp(microsecondsSince1970: row.receivedAt.microseconds)
            self.quarantineRows.text(row.refusal.reason.rawValue)
            self.quarantineRows.text(row.refusal.detail)
            self.quarantineRows.bytea(row.payload)
        }
        try self.connection.copy(Self.copyQuarantineRow, self.quarantineRows)
    }

    private func insertBatch(
        _ batch: Batch, _ outcomes: [RowOutcome], _ counts: MessageCounts, batchID: Int64
    ) throws(PostgresError) {
        var earliest: [Int32: Instant] = [:]
        for (row, outcome) in zip(batch.positions, outcomes) where outcome == .added {
            guard let terminal = self.terminalIDs[row.terminal] else { continue }
            earliest[terminal] = min(earliest[terminal] ?? .distantFuture, row.report.recordedAt)
        }
        let manifest = earliest.sorted { $0.key < $1.key }
        let record = batch.record
        try self.connection.query(
            Self.insertBatchRow,
            [
                .integer(batchID), .integer(self.lane), .integer(record.number),
                .text(record.firstReceivedAt.description),
                .text(record.lastReceivedAt.description), .integer(record.messageCount), .integer(record.rawByteCount),
                .bytes(record.sealed), .bytes(record.hash), .integer(counts.stored), .integer(counts.duplicate),
                .integer(counts.quarantined), .integer(counts.ignored), .integer(counts.positions),
                .integer(counts.cameraReports), .array(manifest.map(\.key)),
                .array(manifest.map { Optional($0.value.description) }),
            ])
    }

    private func advanceLane(_ record: BatchRecord, _ counts: MessageCounts) throws(PostgresError) {
        let updated = try self.connection.query(
            Self.updateLane,
            [
                .integer(self.lane), .integer(record.number), .bytes(record.hash), .integer(counts.stored),
                .integer(counts.duplicate), .integer(counts.quarantined), .integer(counts.ignored),
                .integer(counts.positions), .integer(counts.cameraReports),
            ])
        guard updated.rowCount == 1 else {
            throw PostgresError(.unexpectedResult, message: "the lane's chain was continued by somebody else")
        }
    }

    /// Gives every terminal of the batch its integer. Outside the batch's transaction: a number without rows is
    /// harmless.
    private func learnTerminals(_ positions: [LoggedPosition], _ cameras: [LoggedCamera]) throws(PostgresError) {
        var unknown: Set<TerminalID> = []
        for row in positions where self.terminalIDs[row.terminal] == nil { unknown.insert(row.terminal) }
        for row in cameras where self.terminalIDs[row.terminal] == nil { unknown.insert(row.terminal) }
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

    private func makePartitions(_ positions: [LoggedPosition], _ cameras: [LoggedCamera]) throws(PostgresError) {
        var missing: Set<Int64> = []
        func note(_ time: Instant) {
            let day = Int64(time.date(at: .utc).daysSince1970)
            if !self.knownDays.contains(day) { missing.insert(day) }
        }
        for row in positions { note(row.report.recordedAt) }
        for row in cameras { note(row.report.recordedAt) }
        for day in missing.sorted() {
            try self.connection.query(Self.makePartition, [.text(Instant(seconds: day * 86400).description)])
            self.knownDays.insert(day)
        }
    }

    static func hexBytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8.dropFirst(text.hasPrefix("\\x") ? 2 : 0))
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }
}

extension CopyBuffer {
    /// The seventeen columns of `position`, in the order of `LogWriter.copyPosition`.
    fileprivate mutating func append(_ row: LoggedPosition, terminal: Int32, batchID: Int64) {
        let report = row.report
        self.timestamp(microsecondsSince1970: report.recordedAt.microseconds)
        self.timestamp(microsecondsSince1970: row.receivedAt.microseconds)
        self.int64(batchID)
        self.int32(terminal)
        self.int32(report.coordinate.latitudeE7)
        self.int32(report.coordinate.longitudeE7)
        self.int32(row.messageIndex)
        self.int16(PositionFlags(report).rawValue)
        self.optional(report.speed)
        self.optional(report.course)
        self.optional(report.satellites)
        self.optional(report.hdop)
        self.optional(report.drum)
        self.optional(report.altitude)
        self.optional(report.odometer)
        self.optional(report.load)
        self.optional(report.sequence)
    }
}
