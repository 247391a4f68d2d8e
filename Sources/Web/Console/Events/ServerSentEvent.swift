/// One event of a `text/event-stream` (WHATWG HTML, 9.2 "Server-sent events").
package struct ServerSentEvent: Hashable, Sendable {
    /// The event's name on the wire.
    package enum Kind: String, Sendable, CaseIterable {
        case position, alert, delivery, registers
        /// What the client holds is no longer complete: load everything again, then follow on from this id.
        case reset
    }

    package var id: EventID
    package var kind: Kind
    /// JSON on one line.
    package var data: [UInt8]

    package init(id: EventID, kind: Kind, data: [UInt8]) {
        self.id = id
        self.kind = kind
        self.data = data
    }

    /// The event as it goes over the wire.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.data.count + 64)
        bytes.append(contentsOf: "id: \(self.id)\nevent: \(self.kind.rawValue)\n".utf8)
        // A line break would end the field: each line of the data is a `data` field of its own.
        for line in self.data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            bytes.append(contentsOf: "data: ".utf8)
            bytes.append(contentsOf: line)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// A comment: it says that the connection lives, and clients pass over it.
    package static let heartbeat = Array(": \n\n".utf8)

    /// The first bytes of a stream: how long a client waits before it connects again, and the id it starts at (a
    /// block without data sets the id and dispatches nothing).
    package static func preamble(retryMilliseconds: Int, startingAt id: EventID?) -> [UInt8] {
        Array(("retry: \(retryMilliseconds)\n" + (id.map { "id: \($0)\n" } ?? "") + "\n").utf8)
    }
}

/// The id of an event: which run of the console sent it, and its number in that run from 1; 0 stands before the first.
package struct EventID: Hashable, Sendable, CustomStringConvertible {
    package var run: UInt64
    package var number: UInt64

    package init(run: UInt64, number: UInt64) {
        self.run = run
        self.number = number
    }

    /// Reads `<run in hex>-<number>`; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let run = UInt64(parts[0], radix: 16), let number = UInt64(parts[1]) else { return nil }
        self.run = run
        self.number = number
    }

    package var description: String { String(self.run, radix: 16) + "-" + String(self.number) }
}
