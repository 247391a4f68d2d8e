import Chronology
import Seals
import Telemetry

/// The raw messages, out of sealed batches whose hashes hold.
struct Originals {
    private let opened: [BatchKey: RawBatch]

    /// One message as it came.
    struct Message {
        var receivedAt: Instant
        var topic: [UInt8]
        var payload: [UInt8]
    }

    /// Recomputes every batch's hash and counts, and that a batch was sealed on the one before it where both are here.
    /// - Parameter batches: in order of lane and number.
    init(_ batches: [EvidenceBatch]) throws(EvidenceError) {
        var opened: [BatchKey: RawBatch] = [:]
        var previous: EvidenceBatch?
        for entry in batches {
            let name = "\(entry.laneName) \(entry.batch.number)"
            let genesis = entry.batch.number == 1 ? BatchSeal.genesis : nil
            let isNext = previous.map { $0.lane == entry.lane && $0.batch.number &+ 1 == entry.batch.number } ?? false
            let expected = isNext ? previous?.batch.hash : genesis ?? entry.batch.previousHash
            guard let expected else {
                throw EvidenceError(
                    .brokenChain, at: name, zh: "未记载前一批的哈希", en: "the hash it was sealed on is not there")
            }
            do throws(SealBreak) {
                try BatchSeal.check(entry.batch, lane: entry.lane, after: expected)
                opened[entry.key] = try BatchSeal.open(entry.batch, lane: entry.lane)
            } catch {
                throw EvidenceError(.brokenChain, at: name, zh: "封存不符（\(error)）", en: "the seal does not hold")
            }
            previous = entry
        }
        self.opened = opened
    }

    /// `nil` when the batch is not here, or has no such message.
    func message(at place: MessagePlace) -> Message? {
        guard let raw = self.opened[place.key], raw.messages.indices.contains(place.index) else { return nil }
        let message = raw.messages[place.index]
        return Message(
            receivedAt: message.receivedAt, topic: Array(raw.bytes[message.topic]),
            payload: Array(raw.bytes[message.payload]))
    }
}
