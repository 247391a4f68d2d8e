import Chronology
import CitySimulator
import Crypto
import Foundation
import IngestionPipeline
import Seals

/// Sealing batches of 5,000 messages (string, SHA-256, zstd), beside SHA-256 alone over the same bytes.
enum SealBenchmark {
    static func run() throws -> [Measurement] {
        var batch = RawBatch()
        for message in SimulatedCity(CityPlan(seed: 3, trucks: 20, days: 1)).traffic().prefix(5000) {
            let topic = Array(message.topic.utf8)
            batch.append(topic: topic.span, payload: message.payload.span, receivedAt: message.sent)
        }
        let compressor = try ZstdCompressor()
        let megabytes = Double(batch.bytes.count) * 20 / 1e6
        var compressed = 0
        let sealing = try seconds {
            for _ in 0..<20 {
                compressed = try BatchSeal.seal(
                    batch, lane: 1, number: 1, after: BatchSeal.genesis, compressor: compressor
                ).compressed.count
            }
        }
        let hashing = seconds {
            for _ in 0..<20 { _ = BatchSeal.hash(batch.bytes, after: BatchSeal.genesis) }
        }
        let peer = Measurement("seal", "SHA-256 alone", unit: "MB/s", values: hashing.map { megabytes / $0 })
        return [
            peer, Measurement("seal", "BatchSeal", unit: "MB/s", values: sealing.map { megabytes / $0 }, peer: peer),
            Measurement(
                "seal", "sealed bytes a message", unit: "bytes",
                values: [Double(compressed) / Double(batch.messages.count)]),
        ]
    }
}
