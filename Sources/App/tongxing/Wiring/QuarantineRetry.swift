import Chronology
import FleetStore
import Foundation
import IngestionPipeline
import Seals
import Telemetry

/// Decodes quarantined messages again with the present decoder, at their original receive time. That a report lies
/// ahead of the server is judged by the present time: the server's clock may have been wrong.
///
/// What is accepted now goes into the log by a lane of its own, sealed and chained like all others: the log stays the
/// only way in, analysis hears of it, and a row leads to its raw bytes. "Received" in that lane means "taken in again":
/// the message was received, and counted as quarantined, once before in the lane it came by, and that count stays. So
/// the fleet's sums of messages leave this lane out, while the rows it stored count among the rows.
struct QuarantineRetry {
    static let lane = "retry"

    let url: String
    let limits: ValidationLimits
    let user: String

    /// How the tried rows of quarantine ended.
    struct Summary: Sendable {
        var tried = 0
        var outcomes: [QuarantineResolution.Outcome: Int] = [:]
    }

    private typealias Entry = QuarantineStore.Entry

    /// Messages of one retry batch.
    private static let batchMessages = 1000
    /// Their bytes, as in every other batch.
    private static let batchBytes = LaneStateMachine.Limits().bytes

    /// - Parameter ids: only these rows; empty means all open ones, conflicts left out unless `reason` names them.
    func run(reason: String?, ids: [Int64]) throws -> Summary {
        let writer = try LogWriter(url: self.url, lane: Self.lane, isRetry: true)
        let compressor = try ZstdCompressor()
        let devices = try writer.changedDevices() ?? .empty
        var decoder = MessageDecoder(limits: self.limits, devices: devices)
        decoder.clock = Clocks.now()
        var summary = Summary()
        var after: QuarantineStore.MessageKey?
        while true {
            let page = try writer.quarantine.open(
                reason: reason, ids: ids, after: after, limit: Self.batchMessages, bytes: Self.batchBytes)
            guard let last = page.last else { return summary }
            after = last.message
            summary.tried += page.count
            var batch = RetryBatch()
            for entries in Self.byMessage(page) {
                guard let first = entries.first else { continue }
                guard Self.mayBeAccepted(entries, of: first, decoder) else {
                    summary.outcomes[.refused, default: 0] += entries.count
                    continue
                }
                // A batch counts on the day of its first message.
                if batch.isOfAnotherDay(first.receivedAt) {
                    try self.store(batch, decoder, in: writer, compressor, &summary)
                    batch = RetryBatch()
                }
                batch.append(first, entries)
            }
            try self.store(batch, decoder, in: writer, compressor, &summary)
            Terminal.progress("\(summary.tried) …")
        }
    }

    private static func byMessage(_ page: [Entry]) -> [[Entry]] {
        page.reduce(into: []) { groups, entry in
            if groups.last?.first?.message == entry.message {
                groups[groups.count - 1].append(entry)
            } else {
                groups.append([entry])
            }
        }
    }

    /// Whether the decoder refuses one of these reports no more. What the log says of them is found out by storing.
    private static func mayBeAccepted(_ entries: [Entry], of first: Entry, _ decoder: MessageDecoder) -> Bool {
        var message = DecodedMessage()
        decoder.decode(
            topic: Array(first.topic.utf8).span, payload: first.raw.span, receivedAt: first.receivedAt, into: &message)
        let refused = Set(message.refusals.map(\.reportIndex))
        let isReadable = !refused.contains(nil)
        let brings =
            message.carriesNoReport || !message.positions.isEmpty || !message.cameras.isEmpty
            || !message.alarms.isEmpty
        return entries.contains { entry in
            entry.reportIndex.map { isReadable && !refused.contains($0) } ?? brings
        }
    }

    private func store(
        _ batch: RetryBatch, _ decoder: MessageDecoder, in writer: LogWriter, _ compressor: ZstdCompressor,
        _ summary: inout Summary
    ) throws {
        guard let first = batch.raw.messages.first, let last = batch.raw.messages.last else { return }
        let processed = ProcessedBatch(decoding: batch.raw, with: decoder)
        let number = writer.lastNumber + 1
        let seal = try BatchSeal.seal(
            batch.raw, lane: writer.lane, number: number, after: writer.lastHash, compressor: compressor)
        let record = BatchRecord(
            number: number, hash: seal.hash, sealed: seal.compressed, rawByteCount: seal.rawByteCount,
            messageCount: batch.raw.messages.count, firstReceivedAt: first.receivedAt,
            lastReceivedAt: last.receivedAt, terminals: processed.terminals)
        let known = try writer.quarantine.refusedReports(of: batch.keys)
        var resolved: [QuarantineResolution] = []
        _ = try writer.store(
            record, positions: processed.positions, contradictions: processed.contradictions,
            cameras: processed.cameras, alarms: processed.alarms
        ) { outcomes in
            var settled = processed
            let counts = settled.settle(
                positions: outcomes.positions, cameras: outcomes.cameras, alarms: outcomes.alarms, in: batch.raw)
            var settlement = Settlement(
                counts: counts, quarantined: batch.newlyRefused(settled, known: known), ledger: settled.ledger)
            settlement.resolved = batch.resolutions(settled, user: self.user)
            resolved = settlement.resolved
            return settlement
        }
        for resolution in resolved { summary.outcomes[resolution.outcome, default: 0] += 1 }
    }
}

/// Messages that are taken in again, with the rows of quarantine they come from.
private struct RetryBatch {
    var raw = RawBatch()
    /// By message.
    private var entries: [[QuarantineStore.Entry]] = []

    func isOfAnotherDay(_ time: Instant) -> Bool {
        guard let first = self.raw.messages.first else { return false }
        return first.receivedAt.date(at: .shanghai) != time.date(at: .shanghai)
    }

    mutating func append(_ message: QuarantineStore.Entry, _ entries: [QuarantineStore.Entry]) {
        self.raw.append(
            topic: Array(message.topic.utf8).span, payload: message.raw.span, receivedAt: message.receivedAt)
        self.entries.append(entries)
    }

    /// Where the messages stand in the log, in order.
    var keys: [QuarantineStore.MessageKey] { self.entries.compactMap { $0.first?.message } }

    /// What was refused before stands in quarantine already, whether it is tried now or not; only new refusals are
    /// added.
    func newlyRefused(
        _ settled: ProcessedBatch, known: [QuarantineStore.MessageKey: Set<Int?>]
    ) -> [QuarantinedReport] {
        let known = self.keys.map { known[$0] ?? [] }
        return settled.quarantined.filter { refused in
            !known[Int(refused.messageIndex)].contains(refused.refusal.reportIndex)
        }
    }

    func resolutions(_ settled: ProcessedBatch, user: String) -> [QuarantineResolution] {
        let refused = Dictionary(grouping: settled.quarantined, by: \.messageIndex)
        return zip(self.entries, settled.messageStates).enumerated().flatMap { index, message in
            message.0.map { entry in
                let still = (refused[Int32(index)] ?? []).first { $0.refusal.reportIndex == entry.reportIndex }
                return QuarantineResolution(
                    quarantineID: entry.quarantineID, outcome: Self.outcome(still?.refusal, message.1), user: user)
            }
        }
    }

    private static func outcome(_ still: Refusal?, _ state: MessageState) -> QuarantineResolution.Outcome {
        if let still { return still.reason == .conflict ? .conflict : .refused }
        return switch state {
        case .stored: .stored
        case .duplicate: .duplicate
        case .ignored: .ignored
        // Another report of the message is refused; this one is in the log.
        case .quarantined: .stored
        }
    }
}
