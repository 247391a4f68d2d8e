import Chronology
import Crypto

/// The evidence's original (decision D3): a batch's raw messages in one byte string, its SHA-256 chained to the batch
/// before it in the lane, and the string compressed.
///
/// The string, format 1, all integers little-endian: the bytes `TXB1`; lane UInt32; number UInt64; message count
/// UInt32; then for each message its receive time (Int64, microseconds since 1970), topic length UInt32, payload length
/// UInt32, topic, payload. The hash is SHA-256 over the previous batch's hash (32 bytes, zeros before the first)
/// followed by the string.
package struct BatchSeal: Sendable, Hashable {
    package var hash: [UInt8]
    /// The string as one zstd frame.
    package var compressed: [UInt8]
    /// Length of the string before compression.
    package var rawByteCount: Int

    /// The hash that stands before a lane's first batch.
    package static let genesis = [UInt8](repeating: 0, count: 32)

    package static func seal(
        _ batch: RawBatch, lane: Int32, number: Int64, after previous: [UInt8], compressor: ZstdCompressor
    ) throws(ZstdError) -> BatchSeal {
        let string = Self.string(batch, lane: lane, number: number)
        return BatchSeal(
            hash: Self.hash(string, after: previous), compressed: try compressor.compress(string),
            rawByteCount: string.count)
    }

    package static func hash(_ string: [UInt8], after previous: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        hasher.update(data: string)
        return Array(hasher.finalize())
    }

    static let magic = Array("TXB1".utf8)
    static let headerLength = 20

    static func string(_ batch: RawBatch, lane: Int32, number: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.bytes.count + batch.messages.count * 16 + Self.headerLength)
        bytes.append(contentsOf: Self.magic)
        bytes.append(littleEndian: UInt32(bitPattern: lane))
        bytes.append(littleEndian: UInt64(bitPattern: number))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: batch.messages.count))
        for message in batch.messages {
            bytes.append(littleEndian: message.receivedAt.microseconds)
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: message.topic.count))
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: message.payload.count))
            bytes.append(contentsOf: batch.bytes[message.topic.lowerBound..<message.payload.upperBound])
        }
        return bytes
    }

    /// Reads a string back; `nil` when it is not one of this lane and number, or is damaged.
    package static func messages(of string: [UInt8], lane: Int32, number: Int64) -> RawBatch? {
        var reader = LittleEndianReader(bytes: string)
        guard reader.take(4) == Self.magic[...], reader.integer(UInt32.self) == UInt32(bitPattern: lane),
            reader.integer(UInt64.self) == UInt64(bitPattern: number), let count = reader.integer(UInt32.self)
        else { return nil }
        var batch = RawBatch()
        for _ in 0..<count {
            guard let time = reader.integer(Int64.self), let topicLength = reader.integer(UInt32.self),
                let payloadLength = reader.integer(UInt32.self), let topic = reader.take(Int(topicLength)),
                let payload = reader.take(Int(payloadLength))
            else { return nil }
            batch.append(
                topic: Array(topic).span, payload: Array(payload).span, receivedAt: Instant(microseconds: time))
        }
        return reader.isAtEnd ? batch : nil
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { self.append(contentsOf: $0) }
    }
}

/// Reads integers and stretches of bytes from the front; `nil` past the end.
private struct LittleEndianReader {
    let bytes: [UInt8]
    var offset = 0

    var isAtEnd: Bool { self.offset == self.bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.bytes.count - self.offset else { return nil }
        defer { self.offset += count }
        return self.bytes[self.offset..<self.offset + count]
    }

    mutating func integer<I: FixedWidthInteger>(_: I.Type) -> I? {
        guard let slice = self.take(MemoryLayout<I>.size) else { return nil }
        return slice.reversed().reduce(0 as I) { ($0 << 8) | I(truncatingIfNeeded: $1) }
    }
}
