/// What became of the messages of one batch, terminal by terminal.
package struct BatchLedger: Sendable, Hashable {
    /// Each terminal once; `nil` for the messages whose topic names none.
    package var tallies: [TerminalTally] = []
    /// JT/T 808 serial numbers in the order in which each terminal's came.
    package var serials: [SerialRun] = []

    package init() {}
}

/// One terminal's messages by the state they ended in, and how many of them carry a clock that looks wrong.
package struct TerminalTally: Sendable, Hashable {
    package var terminal: TerminalID?
    package var stored: Int32 = 0
    package var duplicate: Int32 = 0
    package var quarantined: Int32 = 0
    package var ignored: Int32 = 0
    package var ahead: Int32 = 0
    package var behind: Int32 = 0
    package var rollover: Int32 = 0

    package init(terminal: TerminalID?) { self.terminal = terminal }

    package mutating func note(_ suspicion: ClockSuspicion) {
        switch suspicion {
        case .ahead: self.ahead += 1
        case .behind: self.behind += 1
        case .rollover: self.rollover += 1
        }
    }
}

/// Serial numbers of one terminal that followed one another; they wrap from 65,535 to 0.
package struct SerialRun: Sendable, Hashable {
    /// Whether the messages had come before, as far as the log can tell: it knows reports by terminal and time.
    package enum Delivery: Int16, Sendable, Hashable {
        /// Nothing of the message could be looked up: it carries no report, or was refused.
        case unknown = 0
        /// Something in it was new.
        case first = 1
        /// All that is in it was there already.
        case again = 2
    }

    package var terminal: TerminalID
    package var first: UInt16
    package var count: Int32
    package var delivery: Delivery

    package init(terminal: TerminalID, first: UInt16, count: Int32 = 1, delivery: Delivery = .unknown) {
        self.terminal = terminal
        self.first = first
        self.count = count
        self.delivery = delivery
    }

    /// Whether `serial` is the next one, delivered alike; it is taken in then.
    package mutating func extend(by serial: UInt16, _ delivery: Delivery = .unknown) -> Bool {
        guard delivery == self.delivery, self.count < .max,
            self.first &+ UInt16(truncatingIfNeeded: self.count) == serial
        else { return false }
        self.count += 1
        return true
    }
}

/// What a batch comes to once the log has answered for every row.
package struct Settlement: Sendable {
    package var counts: MessageCounts
    package var quarantined: [QuarantinedReport]
    package var ledger: BatchLedger
    /// Rows of quarantine that this batch settles (a batch of lane `retry`).
    package var resolved: [QuarantineResolution] = []

    package init(counts: MessageCounts, quarantined: [QuarantinedReport], ledger: BatchLedger) {
        self.counts = counts
        self.quarantined = quarantined
        self.ledger = ledger
    }
}

/// How a quarantined report ended when it was decoded again.
package struct QuarantineResolution: Sendable, Hashable {
    /// What a second try comes to.
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case stored, duplicate, ignored
        /// Another report of that time is in the log: it stays in quarantine.
        case conflict
        /// The present decoder refuses it as well: it stays in quarantine.
        case refused

        package var isSettled: Bool { self != .conflict && self != .refused }
    }

    package var quarantineID: Int64
    package var outcome: Outcome
    package var user: String

    package init(quarantineID: Int64, outcome: Outcome, user: String) {
        self.quarantineID = quarantineID
        self.outcome = outcome
        self.user = user
    }
}
