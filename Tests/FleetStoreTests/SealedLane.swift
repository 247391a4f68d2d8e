import Chronology
import FleetStore
import IngestionPipeline
import PostgresClient
import Seals
import Telemetry

/// A lane that takes messages in as ingestion does: decoded, sealed, stored.
final class SealedLane {
    let writer: LogWriter
    private let compressor: ZstdCompressor
    private let decoder = MessageDecoder()

    init(_ fixture: StoreFixture, name: String = "main") throws {
        self.writer = try LogWriter(url: fixture.url, lane: name)
        self.compressor = try ZstdCompressor()
    }

    /// Stores one batch; all of its messages came at this time.
    @discardableResult
    func take(_ messages: [(topic: String, payload: String)], at time: Instant) throws -> MessageCounts {
        var raw = RawBatch()
        for message in messages {
            raw.append(
                topic: Array(message.topic.utf8).span, payload: Array(message.payload.utf8).span, receivedAt: time)
        }
        let batch = ProcessedBatch(decoding: raw, with: self.decoder)
        let number = self.writer.lastNumber + 1
        let seal = try BatchSeal.seal(
            raw, lane: self.writer.lane, number: number, after: self.writer.lastHash, compressor: self.compressor)
        let record = BatchRecord(
            number: number, hash: seal.hash, sealed: seal.compressed, rawByteCount: seal.rawByteCount,
            messageCount: raw.messages.count, firstReceivedAt: time, lastReceivedAt: time, terminals: batch.terminals)
        return try self.writer.store(
            record, positions: batch.positions, cameras: batch.cameras, alarms: batch.alarms
        ) { outcomes in
            var settled = batch
            let counts = settled.settle(
                positions: outcomes.positions, cameras: outcomes.cameras, alarms: outcomes.alarms, in: raw)
            return Settlement(counts: counts, quarantined: settled.quarantined, ledger: settled.ledger)
        }
    }

    static func position(_ terminal: String, at time: Instant, more: String = "") -> (topic: String, payload: String) {
        ("fleet/v1/\(terminal)/position", #"{"time":"\#(time)","lat":30.7,"lon":120.7\#(more)}"#)
    }
}

/// Walks the chains as `tongxing verify-seals` does, page by page.
struct ChainWalk {
    let connection: PostgresConnection

    /// The first break of the first lane that has one.
    func firstBreak() async throws -> SealBreak? {
        let reader = SealReader(connection: self.connection)
        for lane in try reader.chains() {
            var chain = SealChain(lane: lane.lane, after: lane.anchor)
            do {
                while true {
                    let page = try reader.batches(
                        of: lane.lane, after: chain.end.number, through: lane.head.number, limit: 3)
                    guard !page.isEmpty else { break }
                    try await chain.take(page)
                }
                if lane.highestNumber > lane.head.number {
                    throw SealBreak(lane.highestNumber, .headDiffers(said: lane.head.number))
                }
                try chain.finish(at: lane.head)
                try chain.compare(sums: lane.counts, dropped: lane.droppedCounts)
            } catch let found as SealBreak {
                return found
            }
        }
        return nil
    }
}
