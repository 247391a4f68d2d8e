import Chronology
import Telemetry

/// The state in which a message ends (`contract.md` §1).
package enum MessageState: String, Sendable, Hashable {
    case stored, duplicate, quarantined, ignored
}

/// Finds each terminal's tally while a batch is decoded, and strings serial numbers together.
struct LedgerAccounts {
    private var tallies: [TerminalID: Int] = [:]
    private var withoutTerminal: Int?
    /// By tally: the run that the terminal's next serial number may extend.
    private var runs: [Int: Int] = [:]

    /// Back to nothing; the storage is kept.
    mutating func reset() {
        self.tallies.removeAll(keepingCapacity: true)
        self.withoutTerminal = nil
        self.runs.removeAll(keepingCapacity: true)
    }

    /// The index of the tally that counts this message.
    mutating func open(_ message: DecodedMessage, in ledger: inout BatchLedger) -> Int {
        guard let terminal = message.terminal else {
            if let known = self.withoutTerminal { return known }
            self.withoutTerminal = ledger.tallies.count
            ledger.tallies.append(TerminalTally(terminal: nil))
            return ledger.tallies.count - 1
        }
        return self.tally(of: terminal, in: &ledger)
    }

    private mutating func tally(of terminal: TerminalID, in ledger: inout BatchLedger) -> Int {
        if let known = self.tallies[terminal] { return known }
        self.tallies[terminal] = ledger.tallies.count
        ledger.tallies.append(TerminalTally(terminal: terminal))
        return ledger.tallies.count - 1
    }

    /// Called in the order of the messages, once the log has answered for them.
    mutating func take(
        _ serial: UInt16, _ delivery: SerialRun.Delivery, of tally: Int, in ledger: inout BatchLedger
    ) {
        guard let terminal = ledger.tallies[tally].terminal else { return }
        if let run = self.runs[tally], ledger.serials[run].extend(by: serial, delivery) { return }
        self.runs[tally] = ledger.serials.count
        ledger.serials.append(SerialRun(terminal: terminal, first: serial, delivery: delivery))
    }
}

extension TerminalTally {
    mutating func count(_ state: MessageState) {
        switch state {
        case .stored: self.stored += 1
        case .duplicate: self.duplicate += 1
        case .quarantined: self.quarantined += 1
        case .ignored: self.ignored += 1
        }
    }
}

extension MessageCounts {
    mutating func count(_ state: MessageState) {
        switch state {
        case .stored: self.stored += 1
        case .duplicate: self.duplicate += 1
        case .quarantined: self.quarantined += 1
        case .ignored: self.ignored += 1
        }
    }
}

extension DecodedMessage {
    /// The first suspicion that a report of the message raises against the terminal's clock, refused ones included.
    func clockSuspicion(receivedAt: Instant, limits: ValidationLimits) -> ClockSuspicion? {
        for report in self.positions {
            let suspicion = ClockSuspicion(recordedAt: report.recordedAt, receivedAt: receivedAt, limits: limits)
            if let suspicion { return suspicion }
        }
        return self.refusals.lazy.compactMap(\.clockSuspicion).first
    }
}
