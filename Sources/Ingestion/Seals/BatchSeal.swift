import Chronology
import Crypto

/// The evidence's original (decision D3): a batch's raw messages in one byte string, its SHA-256 chained to the batch
/// before it in the lane, and the string compressed.
///
/// The string, format 1: the bytes `TXB1`; lane UInt32; number UInt64; message count UInt32, all little-endian; then
/// for each message three variable-length integers (seven bits a byte, lowest first, the top bit says that more
/// follow), its topic and its payload. The integers are the receive time in microseconds since 1970 less that of the
/// message before (zero before the first), zigzag (0, -1, 1, -2 … as 0, 1, 2, 3 …); the topic's length; the payload's
/// length. Four bytes in place of sixteen compress better: 39 bytes a message, not 42. The hash is SHA-256 over the
/// previous batch's hash (32 bytes, zeros before the first) followed by the string.
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
        var header = Self.magic
        header.append(littleEndian: UInt32(bitPattern: lane))
        header.append(littleEndian: UInt64(bitPattern: number))
        header.append(littleEndian: UInt32(truncatingIfNeeded: batch.messages.count))
        // The batch keeps this room before its first message.
        var bytes = batch.bytes
        bytes.replaceSubrange(0..<min(Self.headerLength, bytes.count), with: header)
        return bytes
    }

    /// Reads a string back; `nil` when it is not one of this lane and number, or is damaged.
    package static func messages(of string: [UInt8], lane: Int32, number: Int64) -> RawBatch? {
        var reader = LittleEndianReader(bytes: string)
        guard reader.take(4) == Self.magic[...], reader.integer(UInt32.self) == UInt32(bitPattern: lane),
            reader.integer(UInt64.self) == UInt64(bitPattern: number), let count = reader.integer(UInt32.self)
        else { return nil }
        var batch = RawBatch()
        var time: Int64 = 0
        for _ in 0..<count {
            guard let message = reader.message(after: time) else { return nil }
            time = message.time
            batch.append(
                topic: Array(message.topic).span, payload: Array(message.payload).span,
                receivedAt: Instant(microseconds: time))
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
struct LittleEndianReader {
    let bytes: [UInt8]
    var offset = 0

    var isAtEnd: Bool { self.offset == self.bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.bytes.count - self.offset else { return nil }
        defer { self.offset += count }
        return self.bytes[self.offset..<self.offset + count]
    }

    mutating func integer<I: FixedWidthInteger>(_: I.Type) -> I? {
        let size = MemoryLayout<I>.size
        guard size <= self.bytes.count - self.offset else { return nil }
        var value: I = 0
        for place in 0..<size { value |= I(truncatingIfNeeded: self.bytes[self.offset + place]) << (8 * place) }
        self.offset += size
        return value
    }

    /// At most ten bytes.
    mutating func variableLength() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
            guard self.offset < self.bytes.count else { return nil }
            let byte = self.bytes[self.offset]
            self.offset += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }

    /// One message: its receive time, given that of the message before, its topic and its payload.
    mutating func message(
        after previous: Int64
    ) -> (time: Int64, topic: ArraySlice<UInt8>, payload: ArraySlice<UInt8>)? {
        guard let step = self.variableLength(), let topicLength = self.variableLength(),
            let payloadLength = self.variableLength(), let topic = self.take(Int(clamping: topicLength)),
            let payload = self.take(Int(clamping: payloadLength))
        else { return nil }
        let difference = Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1)
        return (previous &+ difference, topic, payload)
    }
}
