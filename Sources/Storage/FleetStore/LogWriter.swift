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
    /// Everybody who sent a message in the batch, refused ones included.
    package var terminals: [TerminalID]

    package init(
        number: Int64, hash: [UInt8], sealed: [UInt8], rawByteCount: Int, messageCount: Int,
        firstReceivedAt: Instant, lastReceivedAt: Instant, terminals: [TerminalID] = []
    ) {
        self.number = number
        self.hash = hash
        self.sealed = sealed
        self.rawByteCount = rawByteCount
        self.messageCount = messageCount
        self.firstReceivedAt = firstReceivedAt
        self.lastReceivedAt = lastReceivedAt
        self.terminals = terminals
    }
}

/// Writes one lane's batches, each in one transaction (decisions D2–D4). Used by the lane's thread alone.
package final class LogWriter {
    let connection: PostgresConnection
    package let lane: Int32
    package private(set) var lastNumber: Int64
    package private(set) var lastHash: [UInt8]
    var terminalIDs: [TerminalID: Int32] = [:]
    /// The terminals' integers of the batch's positions, in their order; of a batch that grows, of those sent ahead.
    var positionTerminals: [Int32] = []
    /// The batch whose rows are being sent before it is complete: a transaction and a COPY are open.
    var ahead: (number: Int64, sent: Int)?
    /// What the batches since the last roll-up came to.
    var ledger = LedgerAccumulator()
    var positionRows = CopyBuffer(reservingRows: 5000)
    private var cameraRows = CopyBuffer()
    var alarmRows = CopyBuffer()
    private var quarantineRows = CopyBuffer()
    /// After an interruption the broker sends again what was not acknowledged, and it comes first: the quick way fails
    /// at its first row, and so many batches go the careful way, which costs four times as much, until one brings
    /// nothing that was there already.
    var carefulBatches = 0
    private static let carefulBatchesAfterARefusal = 3
    var knownDays: Set<Int64> = []
    /// The state of the register of terminals that was read last.
    var devicesRevision: Int64 = -1

    /// Takes the lane's lock, so that a hung process and its replacement never both write.
    /// - Parameter isRetry: the lane by which quarantined messages come in again.
    package init(url: String, lane name: String, isRetry: Bool = false) throws(StoreError) {
        do throws(PostgresError) {
            let connection = try PostgresConnection(url: url, application: "tongxing ingestion \(name)")
            try SchemaMigrator(connection: connection).requireCurrentOrFail()
            try Durability.require(connection)
            try connection.query(Self.insertLane, [.text(name), .boolean(isRetry)])
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
            try connection.query(Self.createIncomingAlarms)
            try Self.rollUpWhatIsLeft(connection, lane: lane)
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
    /// - Parameters:
    ///   - contradictions: positions that differ from one of `positions` of the same terminal and time; their outcomes
    ///     follow those of `positions`.
    ///   - seal: fills in `hash`, `sealed` and `rawByteCount`, and says whether it could. It may run
    ///     more than once, each time while the database takes the rows in: the two are the longest parts of a batch, on
    ///     two cores.
    package func store(
        _ record: BatchRecord, positions: [LoggedPosition], contradictions: [LoggedPosition] = [],
        cameras: [LoggedCamera],
        alarms: [LoggedAlarm] = [], seal: (inout BatchRecord) -> Bool = { _ in true }, settle: Settle
    ) throws(StoreError) -> MessageCounts {
        do throws(PostgresError) {
            var batch = (record: record, positions: positions, cameras: cameras, alarms: alarms)
            try self.prepare(for: batch)
            let counts: MessageCounts
            if self.carefulBatches == 0, let quick = try self.storeQuickly(&batch, contradictions, seal, settle) {
                counts = quick
            } else {
                if self.carefulBatches == 0 { self.carefulBatches = Self.carefulBatchesAfterARefusal }
                try Self.require(seal(&batch.record))
                // The row it contradicts may not be the one that the log has.
                batch.positions += contradictions
                counts = try self.storeCarefully(batch, settle)
                self.carefulBatches = counts.duplicate == 0 ? 0 : max(0, self.carefulBatches - 1)
            }
            self.lastNumber = batch.record.number
            self.lastHash = batch.record.hash
            return counts
        } catch {
            throw StoreError.database(error)
        }
    }

    typealias Batch = (
        record: BatchRecord, positions: [LoggedPosition], cameras: [LoggedCamera], alarms: [LoggedAlarm]
    )
    /// What became of the rows of a batch, in their order; contradictions follow the positions.
    package typealias Outcomes = (positions: [RowOutcome], cameras: [RowOutcome], alarms: [RowOutcome])
    package typealias Settle = (Outcomes) -> Settlement

    /// COPY straight into the log; `nil` when a row was there already or was refused, and nothing has been stored.
    private func storeQuickly(
        _ batch: inout Batch, _ contradictions: [LoggedPosition], _ seal: (inout BatchRecord) -> Bool,
        _ settle: Settle
    ) throws(PostgresError) -> MessageCounts? {
        let sent = self.ahead?.sent
        self.ahead = nil
        if sent == nil { try self.connection.execute("BEGIN", name: "begin") }
        do throws(PostgresError) {
            let batchID = self.batchID(batch.record.number)
            var record = batch.record
            var isSealed: Bool?
            if let sent {
                self.encode(batch.positions[sent...], batchID: batchID, isContinued: true)
                try self.connection.send(self.positionRows, of: Self.copyPosition)
                try self.connection.endCopy(Self.copyPosition, meanwhile: { isSealed = seal(&record) })
            } else {
                try self.copyPositions(
                    batch.positions[...], batchID: batchID, Self.copyPosition, meanwhile: { isSealed = seal(&record) })
            }
            // Nothing was copied: there was nothing to wait for.
            let isReady = isSealed == nil ? seal(&record) : isSealed == true
            try Self.require(isReady)
            batch.record = record
            // Two camera states of one time both count; the careful way finds out what is new.
            var cameras = [RowOutcome](repeating: .duplicate, count: batch.cameras.count)
            try self.addCameras(batch.cameras, in: batch.cameras.indices, batchID: batchID, &cameras)
            var alarms = [RowOutcome](repeating: .duplicate, count: batch.alarms.count)
            try self.addAlarms(batch.alarms, in: batch.alarms.indices, batchID: batchID, &alarms)
            let added = [RowOutcome](repeating: .added, count: batch.positions.count)
            let contradicted = [RowOutcome](repeating: .conflict, count: contradictions.count)
            return try self.finish(batch, (added + contradicted, cameras, alarms), settle)
        } catch {
            try self.rollBack(after: error)
            guard error.remedy == .refuseRow else { throw error }
            return nil
        }
    }

    private static func require(_ isSealed: Bool) throws(PostgresError) {
        guard isSealed else { throw PostgresError(.unexpectedResult, message: "the batch could not be sealed") }
    }

    /// Through staging tables, row by row where it must be: finds out what became of every row.
    private func storeCarefully(_ batch: Batch, _ settle: Settle) throws(PostgresError) -> MessageCounts {
        // Retention may have dropped a partition since it was seen here, and a row without one would be refused.
        self.knownDays.removeAll()
        try self.prepare(for: batch)
        try self.connection.execute("BEGIN", name: "begin")
        do throws(PostgresError) {
            let batchID = self.batchID(batch.record.number)
            var outcomes = [RowOutcome](repeating: .duplicate, count: batch.positions.count)
            try self.halving(batch.positions.indices, &outcomes) { (range, outcomes) throws(PostgresError) in
                try self.addPositions(batch.positions, in: range, batchID: batchID, &outcomes)
            }
            var cameras = [RowOutcome](repeating: .duplicate, count: batch.cameras.count)
            try self.halving(batch.cameras.indices, &cameras) { (range, outcomes) throws(PostgresError) in
                try self.addCameras(batch.cameras, in: range, batchID: batchID, &outcomes)
            }
            var alarms = [RowOutcome](repeating: .duplicate, count: batch.alarms.count)
            try self.halving(batch.alarms.indices, &alarms) { (range, outcomes) throws(PostgresError) in
                try self.addAlarms(batch.alarms, in: range, batchID: batchID, &outcomes)
            }
            return try self.finish(batch, (outcomes, cameras, alarms), settle)
        } catch {
            try self.rollBack(after: error)
            throw error
        }
    }

    private func rollBack(after error: PostgresError) throws(PostgresError) {
        guard !self.connection.isBroken else { throw error }
        try self.connection.execute("ROLLBACK", name: "rollback")
    }

    /// Runs `offer` for the rows of `range`; a row that the database refuses is found by halving and marked.
    private func halving(
        _ range: Range<Int>, _ outcomes: inout [RowOutcome],
        _ offer: (Range<Int>, inout [RowOutcome]) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        guard !range.isEmpty else { return }
        try self.connection.execute("SAVEPOINT rows", name: "savepoint")
        do throws(PostgresError) {
            try offer(range, &outcomes)
            try self.connection.execute("RELEASE rows", name: "release")
        } catch {
            guard error.remedy == .refuseRow, !self.connection.isBroken else { throw error }
            try self.connection.execute("ROLLBACK TO rows", name: "rollback to")
            guard range.count > 1 else {
                outcomes[range.lowerBound] = .refused(error.sqlState?.code ?? "?")
                return
            }
            let middle = range.lowerBound + range.count / 2
            try self.halving(range.lowerBound..<middle, &outcomes, offer)
            try self.halving(middle..<range.upperBound, &outcomes, offer)
        }
    }

    private func addPositions(
        _ rows: [LoggedPosition], in range: Range<Int>, batchID: Int64, _ outcomes: inout [RowOutcome]
    ) throws(PostgresError) {
        try self.connection.query(Self.emptyIncomingPositions)
        try self.copyPositions(rows[range], batchID: batchID, Self.copyIncomingPosition)
        try self.connection.query(Self.addIncomingPositions)
        let found = try self.connection.query(Self.compareIncomingPositions)
        for row in 0..<found.rowCount {
            guard let index = found.integer(row, 0).map({ Int($0) }), range.contains(index) else { continue }
            guard found.boolean(row, 2) == true else {
                outcomes[index] = .conflict
                continue
            }
            outcomes[index] = found.boolean(row, 1) == true ? .added : .duplicate
        }
    }

    private func addCameras(
        _ rows: [LoggedCamera], in range: Range<Int>, batchID: Int64, _ outcomes: inout [RowOutcome]
    ) throws(PostgresError) {
        guard !range.isEmpty else { return }
        try self.connection.query(Self.emptyIncomingCameras)
        self.cameraRows.reset()
        for index in range {
            let row = rows[index]
            self.cameraRows.beginRow(columns: 7)
            self.cameraRows.timestamp(microsecondsSince1970: row.report.recordedAt.microseconds)
            self.cameraRows.timestamp(microsecondsSince1970: row.receivedAt.microseconds)
            self.cameraRows.int64(batchID)
            self.cameraRows.int32(try self.terminalID(of: row.terminal))
            self.cameraRows.int32(row.messageIndex)
            self.cameraRows.text(row.report.cameras.map { "\($0.name)=\($0.state.rawValue)" }.joined(separator: ";"))
            self.cameraRows.int32(Int32(truncatingIfNeeded: index))
        }
        try self.connection.copy(Self.copyIncomingCamera, self.cameraRows)
        try self.connection.query(Self.addIncomingCameras)
        let found = try self.connection.query(Self.compareIncomingCameras)
        for row in 0..<found.rowCount {
            guard let index = found.integer(row, 0).map({ Int($0) }), range.contains(index) else { continue }
            guard found.boolean(row, 1) == true else { continue }
            outcomes[index] = found.boolean(row, 2) == true ? .conflict : .added
        }
    }

    /// Writes the batch row, the quarantine and the lane's sums, tells the readers, and commits.
    private func finish(
        _ batch: Batch, _ outcomes: Outcomes, _ settle: Settle
    ) throws(PostgresError) -> MessageCounts {
        let settled = settle(outcomes)
        let batchID = self.batchID(batch.record.number)
        let terminals = self.terminals(of: settled.ledger)
        try self.insertBatch(batch, outcomes.positions, settled, terminals, batchID: batchID)
        try self.copyQuarantine(settled.quarantined, batchID: batchID)
        try self.resolve(settled.resolved, batchID: batchID)
        try self.advanceLane(batch.record, settled.counts)
        let isRolledUp = try self.rollUpIfDue(before: batch.record)
        try self.connection.query(Self.notifyLog)
        try self.connection.execute("COMMIT", name: "commit")
        if isRolledUp { self.ledger.reset(at: batch.record.firstReceivedAt) }
        self.ledger.add(settled.ledger, of: batch.record, terminals: terminals)
        return settled.counts
    }

    /// The integer of a terminal that has rows in the log.
    func terminalID(of terminal: TerminalID) throws(PostgresError) -> Int32 {
        guard let id = self.terminalIDs[terminal] else { throw Self.nobody }
        return id
    }

    static var nobody: PostgresError { PostgresError(.unexpectedResult, message: "a terminal got no number") }

    func batchID(_ number: Int64) -> Int64 { Int64(self.lane) << 40 | number }
}

// MARK: - Rows

extension LogWriter {
    private func copyPositions(
        _ rows: ArraySlice<LoggedPosition>, batchID: Int64, _ query: NamedQuery, meanwhile: () -> Void = {}
    ) throws(PostgresError) {
        guard !rows.isEmpty else { return }
        self.encode(rows, batchID: batchID, isStaged: query.name == Self.copyIncomingPosition.name)
        try self.connection.copy(query, self.positionRows, meanwhile: meanwhile)
    }

    /// Puts rows into the buffer; their terminals have been identified.
    func encode(
        _ rows: ArraySlice<LoggedPosition>, batchID: Int64, isStaged: Bool = false, isContinued: Bool = false
    ) {
        self.positionRows.reset(isContinued: isContinued)
        for index in rows.indices {
            self.positionRows.beginRow(columns: isStaged ? 18 : 17)
            self.positionRows.append(rows[index], terminal: self.positionTerminals[index], batchID: batchID)
            if isStaged { self.positionRows.int32(Int32(truncatingIfNeeded: index)) }
        }
    }

    private func copyQuarantine(_ rows: [QuarantinedReport], batchID: Int64) throws(PostgresError) {
        guard !rows.isEmpty else { return }
        self.quarantineRows.reset()
        // A message of a thousand refused reports is kept once.
        var kept: Set<Int32> = []
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
            if kept.insert(row.messageIndex).inserted {
                self.quarantineRows.bytea(row.payload)
            } else {
                self.quarantineRows.null()
            }
        }
        try self.connection.copy(Self.copyQuarantineRow, self.quarantineRows)
    }

    private func insertBatch(
        _ batch: Batch, _ outcomes: [RowOutcome], _ settled: Settlement, _ terminals: [Int32], batchID: Int64
    ) throws(PostgresError) {
        let counts = settled.counts
        let manifest = self.manifest(of: batch.positions, outcomes)
        let record = batch.record
        let values: [PostgresValue] = [
            .integer(batchID), .integer(self.lane), .integer(record.number),
            .text(record.firstReceivedAt.description),
            .text(record.lastReceivedAt.description), .integer(record.messageCount), .integer(record.rawByteCount),
            .bytes(record.sealed), .bytes(record.hash), .integer(counts.stored), .integer(counts.duplicate),
            .integer(counts.quarantined), .integer(counts.ignored), .integer(counts.positions),
            .integer(counts.cameraReports), .binaryArray(manifest.map(\.terminal)),
            .timestamps(microsecondsSince1970: manifest.map(\.since)), .integer(counts.alarms),
            .bytes(self.lastHash),
        ]
        try self.connection.query(
            Self.insertBatchRow, values + self.columns(of: settled.ledger, terminals: terminals))
    }

    /// The terminals that have a new position in the batch, in order, and where their rows begin, in microseconds since
    /// 1970.
    private func manifest(
        of positions: [LoggedPosition], _ outcomes: [RowOutcome]
    ) -> [(terminal: Int32, since: Int64)] {
        var rows: [(terminal: Int32, since: Int64)] = []
        rows.reserveCapacity(positions.count)
        for (index, outcome) in outcomes.enumerated() where outcome == .added {
            rows.append((self.positionTerminals[index], positions[index].report.recordedAt.microseconds))
        }
        rows.sort { ($0.terminal, $0.since) < ($1.terminal, $1.since) }
        var last: Int32?
        rows.removeAll { row in
            defer { last = row.terminal }
            return row.terminal == last
        }
        return rows
    }

    private func advanceLane(_ record: BatchRecord, _ counts: MessageCounts) throws(PostgresError) {
        let updated = try self.connection.query(
            Self.updateLane,
            [
                .integer(self.lane), .integer(record.number), .bytes(record.hash), .integer(counts.stored),
                .integer(counts.duplicate), .integer(counts.quarantined), .integer(counts.ignored),
                .integer(counts.positions), .integer(counts.cameraReports), .integer(counts.alarms),
            ])
        guard updated.rowCount == 1 else {
            throw PostgresError(.unexpectedResult, message: "the lane's chain was continued by somebody else")
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
