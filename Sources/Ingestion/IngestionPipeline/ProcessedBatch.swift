import Chronology
package import Seals
package import Telemetry

/// A batch decoded: the rows it offers to the log, what was refused, and what each message waits for.
/// Within `positions` a terminal and a time appear once. Where a batch ends is chance: what a message ends in must be
/// the same as if each had been stored by itself, so the log is asked before a repeat is settled.
package struct ProcessedBatch: Sendable {
    package private(set) var positions: [LoggedPosition] = []
    /// Those of whose terminal and time `positions` has another one. Offered after it: the log may hold what they say.
    package private(set) var contradictions: [LoggedPosition] = []
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
        /// Of a JT/T 808 frame.
        var serial: UInt16?
    }

    /// Everybody who sent a message in this batch.
    package var terminals: [TerminalID] { self.ledger.tallies.compactMap(\.terminal) }

    /// What each message of the batch ended in, once the batch is settled.
    package var messageStates: [MessageState] { self.states }

    /// A position that says what another row of the batch says.
    private struct Repeat: Sendable {
        /// Where that row stands.
        enum Original: Sendable {
            case position(Int)
            case contradiction(Int)
        }

        var row: LoggedPosition
        var of: Original
    }

    /// What a batch holds once: a terminal and a time.
    private struct Key: Hashable {
        /// The terminal's, in the ledger.
        var tally: Int
        var recordedAt: Instant

        func _rawHashValue(seed: Int) -> Int {
            QuickHash.value(
                UInt64(truncatingIfNeeded: self.tally), UInt64(bitPattern: self.recordedAt.microseconds), seed: seed)
        }
    }

    /// By tally: the newest time among `positions`.
    private var newestTimes: [Instant] = []
    /// Where each of the first `seenPositionCount` of `positions` stands.
    private var seenPositions: [Key: Int] = [:]
    private var seenPositionCount = 0
    private var seenContradictions: [LoggedPosition: Int] = [:]
    /// Positions that came again, and which row of the batch says the same.
    private var repeats: [Repeat] = []
    private var seenCameras: [LoggedCamera: Int] = [:]
    private var seenAlarms: [LoggedAlarm: Int] = [:]
    private var repeatedCameras: [(row: LoggedCamera, first: Int)] = []
    private var repeatedAlarms: [(row: LoggedAlarm, first: Int)] = []
    private var accounts = LedgerAccounts()
    /// Of the message of which something was refused last.
    private var lastRefused: (index: Int32, topic: String, payload: [UInt8])?

    package init() {}

    /// Back to nothing; the storage is kept for the next batch.
    package mutating func reset() {
        self.positions.removeAll(keepingCapacity: true)
        self.contradictions.removeAll()
        self.cameras.removeAll(keepingCapacity: true)
        self.alarms.removeAll(keepingCapacity: true)
        self.quarantined.removeAll()
        self.unknownFieldCount = 0
        self.ledger.tallies.removeAll(keepingCapacity: true)
        self.ledger.serials.removeAll(keepingCapacity: true)
        self.drafts.removeAll(keepingCapacity: true)
        self.states.removeAll()
        self.newestTimes.removeAll(keepingCapacity: true)
        if self.seenPositionCount > 0 { self.seenPositions.removeAll(keepingCapacity: true) }
        self.seenPositionCount = 0
        self.seenContradictions.removeAll()
        self.repeats.removeAll()
        if !self.seenCameras.isEmpty { self.seenCameras.removeAll(keepingCapacity: true) }
        if !self.seenAlarms.isEmpty { self.seenAlarms.removeAll(keepingCapacity: true) }
        self.repeatedCameras.removeAll()
        self.repeatedAlarms.removeAll()
        self.accounts.reset()
        self.lastRefused = nil
        self.byteCount = 0
    }

    package init(decoding batch: RawBatch, with decoder: MessageDecoder) {
        self.decode(batch, with: decoder)
    }

    /// How many of the batch's messages have been decoded.
    package var messageCount: Int { self.drafts.count }
    /// How far into the batch's bytes that is.
    package private(set) var byteCount = 0
    /// Rows offered to the log and to quarantine, and what may come to lie there.
    package var rowCount: Int {
        self.positions.count + self.contradictions.count + self.repeats.count + self.cameras.count
            + self.repeatedCameras.count + self.alarms.count + self.repeatedAlarms.count + self.quarantined.count
    }

    /// Decodes what has come to the batch since the last call. In one call or in many, the outcome is the same.
    package mutating func decode(_ batch: RawBatch, with decoder: MessageDecoder) {
        var message = DecodedMessage()
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
                    suspicion: message.clockSuspicion(receivedAt: raw.receivedAt, limits: decoder.limits),
                    serial: message.serial))
            self.unknownFieldCount += message.unknownFieldCount
            if let terminal = message.terminal {
                let places = message.acceptedPlaces
                self.offerPositions(message, of: terminal, tally, raw, Int32(index), places)
                self.offerCameras(message, of: terminal, tally, raw, Int32(index), places)
                self.offerAlarms(message, of: terminal, raw, Int32(index), places)
            }
            for refusal in message.refusals {
                self.quarantine(refusal, terminal: message.terminal, messageIndex: Int32(index), in: batch)
            }
        }
    }

    private mutating func offerPositions(
        _ message: DecodedMessage, of terminal: TerminalID, _ tally: Int, _ raw: RawBatch.Message, _ index: Int32,
        _ places: [Int32]
    ) {
        for (number, report) in message.positions.enumerated() {
            let row = LoggedPosition(
                terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index,
                reportIndex: places.isEmpty ? nil : places[number])
            guard let first = self.place(of: report.recordedAt, tally) else {
                self.positions.append(row)
                continue
            }
            guard self.positions[first].report != report else {
                self.repeats.append(Repeat(row: row, of: .position(first)))
                continue
            }
            let identity = LoggedPosition(
                terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            if let known = self.seenContradictions[identity] {
                self.repeats.append(Repeat(row: row, of: .contradiction(known)))
            } else {
                self.seenContradictions[identity] = self.contradictions.count
                self.contradictions.append(row)
            }
        }
    }

    /// Where `positions` has this terminal's report of this time. Most reports are newer than all that their terminal
    /// sent before: they are not looked for, and nothing is put into a dictionary before one is not.
    private mutating func place(of time: Instant, _ tally: Int) -> Int? {
        while self.newestTimes.count <= tally { self.newestTimes.append(.distantPast) }
        guard time <= self.newestTimes[tally] else {
            self.newestTimes[tally] = time
            return nil
        }
        for place in self.seenPositionCount..<self.positions.count {
            let row = self.positions[place]
            let tally = self.drafts[Int(row.messageIndex)].tally
            self.seenPositions[Key(tally: tally, recordedAt: row.report.recordedAt)] = place
        }
        self.seenPositionCount = self.positions.count
        return self.seenPositions[Key(tally: tally, recordedAt: time)]
    }

    private mutating func offerCameras(
        _ message: DecodedMessage, of terminal: TerminalID, _ tally: Int, _ raw: RawBatch.Message, _ index: Int32,
        _ places: [Int32]
    ) {
        for report in message.cameras {
            // Two states of one time both count, so only the very same report is a repeat.
            let identity = LoggedCamera(
                terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            let row = LoggedCamera(
                terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index,
                reportIndex: message.place(at: report.recordedAt, places))
            if let first = self.seenCameras[identity] {
                self.repeatedCameras.append((row, first))
            } else {
                self.seenCameras[identity] = self.cameras.count
                self.cameras.append(row)
            }
        }
    }

    private mutating func offerAlarms(
        _ message: DecodedMessage, of terminal: TerminalID, _ raw: RawBatch.Message, _ index: Int32, _ places: [Int32]
    ) {
        for report in message.alarms {
            // Two levels of one alarm stand side by side: a device may raise both.
            let identity = LoggedAlarm(terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            let row = LoggedAlarm(
                terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index,
                reportIndex: message.place(at: report.recordedAt, places))
            if let first = self.seenAlarms[identity] {
                self.repeatedAlarms.append((row, first))
            } else {
                self.seenAlarms[identity] = self.alarms.count
                self.alarms.append(row)
            }
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
    private mutating func quarantine(_ outcome: RowOutcome, of row: some LoggedRow, in batch: RawBatch) {
        switch outcome {
        case .added, .duplicate: return
        case .conflict, .refused:
            self.quarantine(
                Refusal(outcome, of: row), terminal: row.terminal, messageIndex: row.messageIndex, in: batch)
        }
    }

    /// Takes the log's answers and puts every message into exactly one state (`contract.md` §1).
    /// - Parameter positionOutcomes: of `positions`, then of `contradictions`.
    package mutating func settle(
        positions positionOutcomes: [RowOutcome], cameras cameraOutcomes: [RowOutcome],
        alarms alarmOutcomes: [RowOutcome] = [], in batch: RawBatch
    ) -> MessageCounts {
        var counts = MessageCounts()
        var hasNewRow = [Bool](repeating: false, count: self.drafts.count)
        precondition(
            positionOutcomes.count == self.positions.count + self.contradictions.count, "every position has an outcome")
        for (row, outcome) in zip([self.positions, self.contradictions].joined(), positionOutcomes) {
            if outcome == .added { counts.positions += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, of: row, in: batch)
        }
        for again in self.repeats {
            // What the log took, or had, it has by now.
            let place =
                switch again.of {
                case .position(let place): place
                case .contradiction(let place): self.positions.count + place
                }
            self.quarantine(positionOutcomes[place], of: again.row, in: batch)
        }
        self.settleCameras(cameraOutcomes, &counts, &hasNewRow, in: batch)
        for (row, outcome) in zip(self.alarms, alarmOutcomes) {
            if outcome == .added { counts.alarms += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, of: row, in: batch)
        }
        for (row, first) in self.repeatedAlarms { self.quarantine(alarmOutcomes[first], of: row, in: batch) }
        self.states = zip(self.drafts, hasNewRow).map { draft, hasNew in
            draft.isQuarantined ? .quarantined : hasNew ? .stored : draft.isIgnored ? .ignored : .duplicate
        }
        for (index, (draft, state)) in zip(self.drafts, self.states).enumerated() {
            counts.count(state)
            self.ledger.tallies[draft.tally].count(state)
            if let suspicion = draft.suspicion { self.ledger.tallies[draft.tally].note(suspicion) }
            guard let serial = draft.serial else { continue }
            let delivery: SerialRun.Delivery = hasNewRow[index] ? .first : state == .duplicate ? .again : .unknown
            self.accounts.take(serial, delivery, of: draft.tally, in: &self.ledger)
        }
        return counts
    }
}

extension ProcessedBatch {
    /// Of two camera states that contradict each other both are kept and counted, and the second is shown as a
    /// conflict. The log says what earlier batches hold; of its own batch it knows no order.
    private mutating func settleCameras(
        _ answers: [RowOutcome], _ counts: inout MessageCounts, _ hasNewRow: inout [Bool], in batch: RawBatch
    ) {
        var held: Set<HeldTime> = []
        for (row, answer) in zip(self.cameras, answers) {
            let time = HeldTime(terminal: row.terminal, recordedAt: row.report.recordedAt)
            let outcome = answer == .added && held.contains(time) ? .conflict : answer
            if case .refused = answer {} else { held.insert(time) }
            if outcome == .added || outcome == .conflict { counts.cameraReports += 1 }
            hasNewRow[Int(row.messageIndex)] = hasNewRow[Int(row.messageIndex)] || outcome == .added
            self.quarantine(outcome, of: row, in: batch)
        }
        for (row, first) in self.repeatedCameras {
            // The log holds it, whatever it contradicts.
            guard case .refused = answers[first] else { continue }
            self.quarantine(answers[first], of: row, in: batch)
        }
    }

    /// A time of which the log holds a terminal's camera states.
    private struct HeldTime: Hashable {
        var terminal: TerminalID
        var recordedAt: Instant
    }
}

/// What quarantine wants to know of a row, whatever it is.
private protocol LoggedRow {
    var terminal: TerminalID { get }
    var messageIndex: Int32 { get }
    var reportIndex: Int32? { get }
    var recordedAt: Instant { get }
}

extension LoggedPosition: LoggedRow { var recordedAt: Instant { self.report.recordedAt } }
extension LoggedCamera: LoggedRow { var recordedAt: Instant { self.report.recordedAt } }
extension LoggedAlarm: LoggedRow { var recordedAt: Instant { self.report.recordedAt } }

extension Refusal {
    fileprivate init(_ outcome: RowOutcome, of row: some LoggedRow) {
        let place = row.reportIndex.map { Int($0) }
        switch outcome {
        case .refused(let state):
            self.init(
                .refusedByStore, detail: "report of \(row.recordedAt): SQLSTATE \(state)", reportIndex: place)
        case .added, .duplicate, .conflict:
            self.init(
                .conflict, detail: "another report with time \(row.recordedAt) came first", reportIndex: place)
        }
    }
}

extension DecodedMessage {
    /// The place in the list of the report of this time: cameras and alarms come with a position, or alone.
    fileprivate func place(at time: Instant, _ places: [Int32]) -> Int32? {
        guard !places.isEmpty else { return nil }
        let number =
            self.positions.isEmpty
            ? self.cameras.firstIndex { $0.recordedAt == time } : self.positions.firstIndex { $0.recordedAt == time }
        return number.map { places[$0] }
    }
}
