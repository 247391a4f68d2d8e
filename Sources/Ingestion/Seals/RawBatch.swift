package import Chronology

/// Messages as they came, in one array: what is decoded, and, but for its first bytes, what is sealed (`BatchSeal` says
/// what stands between them).
package struct RawBatch: Sendable {
    /// Where one message lies in `bytes`.
    package struct Message: Sendable, Hashable {
        package var receivedAt: Instant
        package var topic: Range<Int>
        package var payload: Range<Int>
    }

    package private(set) var bytes: [UInt8] = []
    package private(set) var messages: [Message] = []
    /// Receive time of the message before, in microseconds since 1970.
    private var previousTime: Int64 = 0

    package init() {}

    package var isEmpty: Bool { self.messages.isEmpty }

    package mutating func append(topic: Span<UInt8>, payload: Span<UInt8>, receivedAt: Instant) {
        if self.bytes.isEmpty { self.bytes.append(contentsOf: repeatElement(0, count: BatchSeal.headerLength)) }
        let step = receivedAt.microseconds &- self.previousTime
        self.previousTime = receivedAt.microseconds
        self.bytes.append(variableLength: UInt64(bitPattern: step << 1 ^ step >> 63))
        self.bytes.append(variableLength: UInt64(topic.count))
        self.bytes.append(variableLength: UInt64(payload.count))
        let start = self.bytes.count
        self.bytes.append(copying: topic)
        let middle = self.bytes.count
        self.bytes.append(copying: payload)
        self.messages.append(
            Message(receivedAt: receivedAt, topic: start..<middle, payload: middle..<self.bytes.count))
    }

    /// The messages of another one, after those that are here.
    package mutating func append(_ other: RawBatch) {
        let bytes = other.bytes.span
        for message in other.messages {
            self.append(
                topic: bytes.extracting(message.topic), payload: bytes.extracting(message.payload),
                receivedAt: message.receivedAt)
        }
    }

    /// Back to nothing; the storage is kept.
    package mutating func reset() {
        self.bytes.removeAll(keepingCapacity: true)
        self.messages.removeAll(keepingCapacity: true)
        self.previousTime = 0
    }

    package func topicText(of message: Message) -> String {
        String(decoding: self.bytes[message.topic], as: UTF8.self)
    }
}

extension [UInt8] {
    mutating func append(copying span: Span<UInt8>) {
        span.withUnsafeBufferPointer { self.append(contentsOf: $0) }
    }

    fileprivate mutating func append(variableLength value: UInt64) {
        var rest = value
        while rest > 127 {
            self.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        self.append(UInt8(truncatingIfNeeded: rest))
    }
}
