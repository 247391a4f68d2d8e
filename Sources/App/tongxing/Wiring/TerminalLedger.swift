import Chronology
import FleetStore
import PostgresClient
import Telemetry

/// One terminal's ledger of a period: what came of its messages, and which of its numbers never arrived.
struct TerminalLedger {
    let terminal: String
    let days: [LedgerReader.Day]
    /// Of the native dialect's `seq`, and of JT/T 808 serial numbers.
    let sequence: NumberGaps
    let serials: NumberGaps
    let reasons: [(reason: String, detail: String, count: Int64)]

    /// Refused messages that are in memory at a time.
    private static let page = 1000

    init(of terminal: String, from: Instant?, to: Instant?, connection: PostgresConnection, decoder: MessageDecoder)
        throws
    {
        let reader = LedgerReader(connection: connection)
        let quarantine = QuarantineStore(connection: connection)
        self.terminal = terminal
        self.days = try reader.days(of: terminal, from: from, to: to)
        var numbered = try reader.sequences(of: terminal, from: from, to: to)
        // What lies in quarantine arrived all the same: its numbers are in the raw bytes.
        var refused: [NumberedReport] = []
        var message = DecodedMessage()
        var after: QuarantineStore.MessageKey?
        while true {
            let entries = try quarantine.originals(of: terminal, from: from, to: to, after: after, limit: Self.page)
            for entry in entries {
                decoder.decode(
                    topic: Array(entry.topic.utf8).span, payload: entry.raw.span, receivedAt: entry.receivedAt,
                    into: &message)
                numbered += message.positions.compactMap { report in
                    report.sequence.map {
                        NumberedReport(number: $0, recordedAt: report.recordedAt, receivedAt: entry.receivedAt)
                    }
                }
                refused += message.refusedSequences.map {
                    NumberedReport(number: $0, recordedAt: entry.receivedAt, receivedAt: entry.receivedAt)
                }
            }
            guard let last = entries.last, entries.count == Self.page else { break }
            after = last.message
        }
        var sequence = NumberGaps(
            numbered.sorted { ($0.recordedAt, $0.receivedAt) < ($1.recordedAt, $1.receivedAt) })
        sequence.close(by: refused)
        self.sequence = sequence
        self.serials = NumberGaps(
            serials: try TerminalID(terminal).map { try reader.serials(of: $0, from: from, to: to) } ?? [])
        var filter = QuarantineStore.Filter()
        filter.terminals = [terminal]
        filter.from = from
        filter.to = to
        self.reasons = try quarantine.reasons(filter)
    }

    /// Messages received: what was taken in again from quarantine was received before.
    var received: MessageCounts { self.sum { !$0.isRetry } }

    var retried: MessageCounts { self.sum { $0.isRetry } }

    func clock(_ count: (LedgerReader.Day) -> Int64) -> Int64 {
        self.days.filter { !$0.isRetry }.reduce(0) { $0 + count($1) }
    }

    private func sum(_ isMeant: (LedgerReader.Day) -> Bool) -> MessageCounts {
        self.days.filter(isMeant).reduce(into: MessageCounts()) { $0 += $1.counts }
    }
}
