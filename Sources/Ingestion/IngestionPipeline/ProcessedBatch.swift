import Chronology
package import Telemetry

/// A batch decoded: the rows it offers to the log, what was refused, and what each message waits for.
/// Within a batch a terminal and a time appear once: repeats are settled here, the log settles the rest.
package struct ProcessedBatch: Sendable {
    package private(set) var positions: [LoggedPosition] = []
    package private(set) var cameras: [LoggedCamera] = []
    package private(set) var quarantined: [QuarantinedReport] = []
    package private(set) var unknownFieldCount = 0
    /// By message: what is known of its state before the log has answered.
    private var drafts: [Draft] = []

    /// A message's state in the making.
    private struct Draft: Sendable {
        var isQuarantined = false
        var isIgnored = false
    }

    /// What a batch holds once: a terminal and a time.
    private struct Key: Hashable {
        var terminal: TerminalID
        var recordedAt: Instant
    }

    package init(decoding batch: RawBatch, with decoder: MessageDecoder) {
        var message = DecodedMessage()
        var seenPositions: [Key: Int] = [:]
        var seenCameras: Set<LoggedCamera> = []
        self.drafts.reserveCapacity(batch.messages.count)
        self.positions.reserveCapacity(batch.messages.count)
        seenPositions.reserveCapacity(batch.messages.count)
        let bytes = batch.bytes.span
        for (index, raw) in batch.messages.enumerated() {
            message.reset()
            decoder.decode(
                topic: bytes.extracting(raw.topic), payload: bytes.extracting(raw.payload),
                receivedAt: raw.receivedAt, into: &message)
            self.drafts.append(Draft(isIgnored: message.carriesNoReport))
            self.unknownFieldCount += message.unknownFieldCount
            if let terminal = message.terminal {
                self.offerPositions(message, of: terminal, raw, Int32(index), &seenPositions, batch)
                self.offerCameras(message, of: terminal, raw, Int32(index), &seenCameras)
            }
            for refusal in message.refusals {
                self.quarantine(refusal, terminal: message.terminal, messageIndex: Int32(index), in: batch)
            }
        }
    }

    private mutating func offerPositions(
        _ message: DecodedMessage, of terminal: TerminalID, _ raw: RawBatch.Message, _ index: Int32,
        _ seen: inout [Key: Int], _ batch: RawBatch
    ) {
        for report in message.positions {
            let key = Key(terminal: terminal, recordedAt: report.recordedAt)
            if let first = seen[key] {
                if self.positions[first].report != report {
                    self.quarantine(
                        .conflict(at: report.recordedAt), terminal: terminal, messageIndex: index, in: batch)
                }
            } else {
                seen[key] = self.positions.count
                self.positions.append(
                    LoggedPosition(
                        terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index))
            }
        }
    }

    private mutating func offerCameras(
        _ message: DecodedMessage, of terminal: TerminalID, _ raw: RawBatch.Message, _ index: Int32,
        _ seen: inout Set<LoggedCamera>
    ) {
        for report in message.cameras {
            // Two states of one time both count, so only the very same report is a repeat.
            let identity = LoggedCamera(
                terminal: terminal, report: report, receivedAt: .distantPast, messageIndex: 0)
            guard seen.insert(identity).inserted else { continue }
            self.cameras.append(
                LoggedCamera(terminal: terminal, report: report, receivedAt: raw.receivedAt, messageIndex: index))
        }
    }

    private mutating func quarantine(
        _ refusal: Refusal, terminal: TerminalID?, messageIndex: Int32, in batch: RawBatch
    ) {
        let raw = batch.messages[Int(messageIndex)]
        self.drafts[Int(messageIndex)].isQuarantined = true
        self.quarantined.append(
            QuarantinedReport(
                messageIndex: messageIndex, terminal: terminal, topic: batch.topicText(of: raw),
                receivedAt: raw.receivedAt, refusal: refusal, payload: Array(batch.bytes[raw.payload])))
    }

    /// Takes the log's answers and puts every message into exactly one state (`contract.md` §1).
    package mutating func settle(
        positions positionOutcomes: [RowOutcome], cameras cameraOutcomes: [RowOutcome], in batch: RawBatch
    ) -> MessageCounts {
        var counts = MessageCounts()
        var hasNewRow = [Bool](repeating: false, count: self.drafts.count)
        for (row, outcome) in zip(self.positions, positionOutcomes) {
            switch outcome {
            case .added:
                counts.positions += 1
                hasNewRow[Int(row.messageIndex)] = true
            case .duplicate: break
            case .conflict, .refused:
                let refusal = Refusal(outcome, at: row.report.recordedAt)
                self.quarantine(refusal, terminal: row.terminal, messageIndex: row.messageIndex, in: batch)
            }
        }
        for (row, outcome) in zip(self.cameras, cameraOutcomes) {
            switch outcome {
            case .added:
                counts.cameraReports += 1
                hasNewRow[Int(row.messageIndex)] = true
            case .duplicate: break
            case .conflict:
                // Kept and counted all the same, and shown as a conflict.
                counts.cameraReports += 1
                fallthrough
            case .refused:
                let refusal = Refusal(outcome, at: row.report.recordedAt)
                self.quarantine(refusal, terminal: row.terminal, messageIndex: row.messageIndex, in: batch)
            }
        }
        for (draft, hasNew) in zip(self.drafts, hasNewRow) {
            if draft.isQuarantined {
                counts.quarantined += 1
            } else if hasNew {
                counts.stored += 1
            } else if draft.isIgnored {
                counts.ignored += 1
            } else {
                counts.duplicate += 1
            }
        }
        return counts
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
