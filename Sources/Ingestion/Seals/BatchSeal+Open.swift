import Chronology
package import Telemetry

/// Opening what was sealed: for checking it, and for finding one raw message again.
extension BatchSeal {
    /// A batch is at most 16 MiB of messages and what the last one brought over that, at most 256 MiB by MQTT; earlier
    /// versions put all that waited in a session into one. A frame that claims more is not opened: four are at a time.
    static let largestString = 1 << 30

    /// The batch's messages as they came. Only the seal's own form is checked here; `SealChain` checks the hash.
    package static func open(_ batch: SealedBatch, lane: Int32) throws(SealBreak) -> RawBatch {
        let string = try self.string(of: batch)
        guard let raw = self.messages(of: string, lane: lane, number: batch.number) else {
            throw SealBreak(batch.number, .notThisBatch)
        }
        return raw
    }

    /// Recomputes everything that the batch's row says of its messages.
    /// - Parameter previous: the hash of the batch before it.
    package static func check(_ batch: SealedBatch, lane: Int32, after previous: [UInt8]) throws(SealBreak) {
        if let said = batch.previousHash, said != previous { throw SealBreak(batch.number, .previousHashDiffers) }
        let string = try self.string(of: batch)
        guard self.hash(string, after: previous) == batch.hash else { throw SealBreak(batch.number, .hashDiffers) }
        guard let contents = SealContents(string, lane: lane, number: batch.number) else {
            throw SealBreak(batch.number, .notThisBatch)
        }
        let counted: [(SealBreak.Count, said: Int64, found: Int64)] = [
            (.messages, Int64(batch.messageCount), contents.messageCount),
            (.rawBytes, Int64(batch.rawByteCount), Int64(string.count)),
            (.states, batch.counts.received, contents.messageCount),
            (.firstReceivedAt, batch.firstReceivedAt.microseconds, contents.firstReceivedAt.microseconds),
            (.lastReceivedAt, batch.lastReceivedAt.microseconds, contents.lastReceivedAt.microseconds),
        ]
        for (count, said, found) in counted where said != found {
            throw SealBreak(batch.number, .countDiffers(count, said: said, found: found))
        }
    }

    private static func string(of batch: SealedBatch) throws(SealBreak) -> [UInt8] {
        if let size = ZstdCompressor.contentSize(of: batch.sealed), size > Self.largestString,
            size == batch.rawByteCount
        {
            throw SealBreak(batch.number, .tooLarge(bytes: size, limit: Self.largestString))
        }
        do throws(ZstdError) {
            return try ZstdCompressor.decompress(batch.sealed, limit: Self.largestString)
        } catch {
            throw SealBreak(batch.number, .cannotDecompress(error.message))
        }
    }
}

/// What a seal's string holds, walked without copying a message; `nil` when it is not one of this lane and number.
private struct SealContents {
    var messageCount: Int64 = 0
    var firstReceivedAt = Instant.distantPast
    var lastReceivedAt = Instant.distantPast

    init?(_ string: [UInt8], lane: Int32, number: Int64) {
        var reader = LittleEndianReader(bytes: string)
        guard reader.take(4) == BatchSeal.magic[...], reader.integer(UInt32.self) == UInt32(bitPattern: lane),
            reader.integer(UInt64.self) == UInt64(bitPattern: number), let count = reader.integer(UInt32.self)
        else { return nil }
        var time: Int64 = 0
        for index in 0..<count {
            guard let message = reader.message(after: time) else { return nil }
            time = message.time
            if index == 0 { self.firstReceivedAt = Instant(microseconds: time) }
        }
        if count > 0 { self.lastReceivedAt = Instant(microseconds: time) }
        guard reader.isAtEnd else { return nil }
        self.messageCount = Int64(count)
    }
}
