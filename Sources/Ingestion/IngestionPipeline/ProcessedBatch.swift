import Chronology
package import Seals
package import Telemetry

/// A batch decoded: the rows it offers to the log, what was refused, and what each message waits for.
/// Within a batch a terminal and a time appear once: repeats are settled here, the log settles the rest.
package struct ProcessedBatch: Sendable {
    package private(set) var positions: [LoggedPosition] = []
    package private(set) var cameras: [LoggedCamera] = []
    package private(set) var alarms: [LoggedAlarm] = []
    package private(set) var quarantined: [QuarantinedReport] = []
    package private(set) var unknownFieldCount = 0
    /// What became of each terminal's messages; complete once the batch is settled.
    package private(set) var ledger = BatchLedger()
    /// By message: what is known of its state before the log has answered.
    private var drafts: [Draft] = []
    private var states: [MessageState] = []

    /// A message's state in the making.
    private struct Draft: Sendable {
        var isQuarantined = false
        var isIgnored = false
        /// Whose it is: an index into the ledger's tallies.
        var tally = 0
        var suspicion: ClockSuspicion?
    }

    /// Everybody who sent a message in this batch.
    package var terminals: [TerminalID] { self.ledger.tallies.compactMap(\.terminal) }

    /// What each message of the batch ended in, once the batch is settled.
    package var messageStates: [MessageState] { self.states }

    /// What a batch holds once: a terminal and a time.
    private struct Key: Hashable {
        /// The terminal's, in the ledger.
        var tally: Int
        var recordedAt: Instant
    }

    private var seenPositions: [Key: Int] = [:]
    private var seenCameras: Set<LoggedCamera> = []
    private var seenAlarms: Set<LoggedAlarm> = []
    /// Times for which a camera state came, and alarms, whatever their level: what differs contradicts it.
    private var firstCameras: Set<Key> = []
    private var firstAlarms: Set<LoggedAlarm> = []
    /// Cameras and alarms, by their place, that contradict an earlier one of the batch.
    private var contradictingCameras: Set<Int> = []
    private var contradictingAlarms: Set<Int> = []
    private var accounts = LedgerAccounts()
    /// Of the message of which something was refused last.
    private var lastRefused: (index: Int32, topic: String, payload: [UInt8])?

    package init() {}

    package init(decoding batch: RawBatch, with decoder: MessageDecoder) {
        self.decode(batch, with: decoder)
    }

    /// How many of the batch's messages have been decoded.
    package var messageCount: Int { self.drafts.count }
    /// How far into the batch's bytes that is.
    package private(set) var byteCount = 0
    /// Rows offered to the log and to quarantine.
    package var rowCount: Int {
        self.positions.count + self.cameras.count + self.alarms.count + self.quarantined.count
    }

    /// Decodes what has come to the batch since the last call. In one call or in many, the outcome is the same.
    package mutating func decode(_ batch: RawBatch, with decoder: MessageDecoder) {
        var message = DecodedMessage()
        if self.drafts.isEmpty {
            self.drafts.reserveCapacity(batch.messages.count)
            self.positions.reserveCapacity(batch.messages.count)
            self.seenPositions.reserveCapacity(batch.messages.count)
        }
        let bytes = batch.bytes.span
        self.byteCount = bytes.count
        for index in self.drafts.count..<batch.messages.count {
            let raw = batch.messages[index]
            message.reset()
            decoder.decode(
                topic: bytes.extracting(raw.topic), payload: bytes.extracting(raw.payload),
                receivedAt: raw.receivedAt, into: &message)
            let tally = self.accounts.open(message, in: &self.ledger)
            self.drafts.append(
                Draft(
                    isIgnored: message.carriesNoReport, tally: tally,
                    suspicion: message.clockSuspicion(receivedAt: raw.receivedAt, limits: decoder.limits)))
            self.unknownFieldCount += message.unknownFieldCount
            if let terminal = message.terminal {
                self.offerPositions(message, of: terminal, tally, raw, Int32(index), batch)
                self.offerCameras(message, of: terminal, tally, raw, Int32(index))
                self.offerAlarms(message, of: terminal, raw, Int32(index))
            }
            for refusal in message.refusals {
                self.quarantine(refusal, terminal: message.terminal, messageIndex: Int32(index), in: batch)
            }
        }
    }

    private mutating func offerPositions(
        _ message: DecodedMessage, of terminal: TerminalID, _ tally: Int, _ raw: RawBatch.Message, _ index: Int32,
        _ batch: RawBatch
    ) {
        for report in message.positions {
            let key = Key(tally: tally, recordedAt: report.recordedAt)
            if let first = self.seenPositions[key] {
                if self.positions[first].report != report {
                    self.quarantine(
                        .conflict(at: report.recordedAt), terminal: terminal, messageIndex: index, in: batch)
                }
            } else {
                self.seenPositions[key] = self.positions.count
                self.positions.append(
                    LoggedPosition(
                        terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index))
            }
        }
    }

    private mutating func offerCameras(
        _ message: DecodedMessage, of terminal: TerminalID, _ tally: Int, _ raw: RawBatch.Message, _ index: Int32
    ) {
        for report in message.cameras {
            // Two states of one time both count, so only the very same report is a repeat.
            let identity = LoggedCamera(
                terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            guard self.seenCameras.insert(identity).inserted else { continue }
            let key = Key(tally: tally, recordedAt: report.recordedAt)
            if !self.firstCameras.insert(key).inserted { self.contradictingCameras.insert(self.cameras.count) }
            self.cameras.append(
                LoggedCamera(terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index))
        }
    }

    private mutating func offerAlarms(
        _ message: DecodedMessage, of terminal: TerminalID, _ raw: RawBatch.Message, _ index: Int32
    ) {
        for report in message.alarms {
            var identity = LoggedAlarm(terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            guard self.seenAlarms.insert(identity).inserted else { continue }
            identity.report.level = nil
            if !self.firstAlarms.insert(identity).inserted { self.contradictingAlarms.insert(self.alarms.count) }
            self.alarms.append(
                LoggedAlarm(terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index))
        }
    }

    private mutating func quarantine(
        _ refusal: Refusal, terminal: TerminalID?, messageIndex: Int32, in batch: RawBatch
    ) {
        let raw = batch.messages[Int(messageIndex)]
        self.drafts[Int(messageIndex)].isQuarantined = true
        // One copy for all that is refused of a message: a megabyte may hold a thousand reports that are none.
        let shown: (index: Int32, topic: String, payload: [UInt8])
        if let lastRefused, lastRefused.index == messageIndex {
            shown = lastRefused
        } else {
            shown = (messageIndex, batch.topicText(of: raw), Array(batch.bytes[raw.payload]))
            self.lastRefused = shown
        }
        self.quarantined.append(
            QuarantinedReport(
                messageIndex: messageIndex, terminal: terminal, topic: shown.topic, receivedAt: raw.receivedAt,
                refusal: refusal, payload: shown.payload))
    }

    /// Shows a row that was refused, or contradicts another one.
    private mutating func quarantine(
        _ outcome: RowOutcome, at time: Instant, _ terminal: TerminalID, _ messageIndex: Int32, in batch: RawBatch
    ) {
        switch outcome {
        case .added, .duplicate: return
        case .conflict, .refused:
            self.quarantine(Refusal(outcome, at: time), terminal: terminal, messageIndex: messageIndex, in: batch)
        }
    }

    /// Takes the log's answers and puts every message into exactly one state (`contract.md` §1).
    package mutating func settle(
        positions positionOutcomes: [RowOutcome], cameras cameraOutcomes: [RowOutcome],
        alarms alarmOutcomes: [RowOutcome] = [], in batch: RawBatch
    ) -> MessageCounts {
        var counts = MessageCounts()
        var hasNewRow = [Bool](repeating: false, count: self.drafts.count)
        for (row, outcome) in zip(self.positions, positionOutcomes) {
            if outcome == .added { counts.positions += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, at: row.report.recordedAt, row.terminal, row.messageIndex, in: batch)
        }
        // Of two that contradict each other both are kept and counted, and the second is shown as a conflict.
        for (place, (row, answer)) in zip(self.cameras, cameraOutcomes).enumerated() {
            let outcome = Self.outcome(answer, contradicts: self.contradictingCameras.contains(place))
            if outcome == .added || outcome == .conflict { counts.cameraReports += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, at: row.report.recordedAt, row.terminal, row.messageIndex, in: batch)
        }
        for (place, (row, answer)) in zip(self.alarms, alarmOutcomes).enumerated() {
            let outcome = Self.outcome(answer, contradicts: self.contradictingAlarms.contains(place))
            if outcome == .added || outcome == .conflict { counts.alarms += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, at: row.report.recordedAt, row.terminal, row.messageIndex, in: batch)
        }
        self.states = zip(self.drafts, hasNewRow).map { draft, hasNew in
            draft.isQuarantined ? .quarantined : hasNew ? .stored : draft.isIgnored ? .ignored : .duplicate
        }
        for (draft, state) in zip(self.drafts, self.states) {
            counts.count(state)
            self.ledger.tallies[draft.tally].count(state)
            if let suspicion = draft.suspicion { self.ledger.tallies[draft.tally].note(suspicion) }
        }
        return counts
    }
}

extension ProcessedBatch {
    /// The log says what earlier batches hold; of its own batch it knows no order.
    private static func outcome(_ answer: RowOutcome, contradicts: Bool) -> RowOutcome {
        answer == .added && contradicts ? .conflict : answer
    }
}

extension Refusal {
    fileprivate static func conflict(at time: Instant) -> Refusal {
        Refusal(.conflict, detail: "another report with time \(time) came first")
    }

    fileprivate init(_ outcome: RowOutcome, at time: Instant) {
        switch outcome {
        case .refused(let state): self.init(.refusedByStore, detail: "report of \(time): SQLSTATE \(state)")
        case .added, .duplicate, .conflict: self = .conflict(at: time)
        }
    }
}
