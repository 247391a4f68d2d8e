package import Chronology

/// Messages as they came, topic and payload end to end in one array: what is sealed, and what is decoded.
package struct RawBatch: Sendable {
    /// Where one message lies in `bytes`.
    package struct Message: Sendable, Hashable {
        package var receivedAt: Instant
        package var topic: Range<Int>
        package var payload: Range<Int>
    }

    package private(set) var bytes: [UInt8] = []
    package private(set) var messages: [Message] = []

    package init() {}

    package var isEmpty: Bool { self.messages.isEmpty }

    package mutating func append(topic: Span<UInt8>, payload: Span<UInt8>, receivedAt: Instant) {
        let start = self.bytes.count
        self.bytes.append(copying: topic)
        let middle = self.bytes.count
        self.bytes.append(copying: payload)
        self.messages.append(
            Message(receivedAt: receivedAt, topic: start..<middle, payload: middle..<self.bytes.count))
    }

    /// Back to nothing; the storage is kept.
    package mutating func reset() {
        self.bytes.removeAll(keepingCapacity: true)
        self.messages.removeAll(keepingCapacity: true)
    }

    package func topicText(of message: Message) -> String {
        String(decoding: self.bytes[message.topic], as: UTF8.self)
    }
}

extension [UInt8] {
    mutating func append(copying span: Span<UInt8>) {
        span.withUnsafeBufferPointer { self.append(contentsOf: $0) }
    }
}
