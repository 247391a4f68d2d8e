package import Registers

/// Reads recorded traffic from a file, one message after the other, in constant memory.
///
///     var file = try ReplayFile(path: "traffic.ndjson")
///     while let entry = try file.next() { … }
package struct ReplayFile: ~Copyable {
    /// What one line came to. Lines without content are passed over.
    package enum Entry: Hashable, Sendable {
        case message(ReplayLine, line: Int)
        /// A message on a topic that nobody may publish on: to be counted, said, and passed over.
        case unpublishable(Remark, line: Int)
        /// No message at all: not JSON, a field missing or wrong, or too long.
        case malformed(Remark, line: Int)
    }

    /// The longest line that is read, in bytes. A longer one is `malformed`.
    package static let lineLimit = 16 << 20

    private var lines: LineReader
    private var line = 0

    /// Opens the file; throws `unreadableFile`.
    package init(path: String) throws(ExchangeError) {
        self.lines = try LineReader(path: path, lineLimit: Self.lineLimit)
    }

    /// With a line limit and a chunk size for tests.
    init(path: String, lineLimit: Int, chunkSize: Int) throws(ExchangeError) {
        self.lines = try LineReader(path: path, lineLimit: lineLimit, chunkSize: chunkSize)
    }

    /// The next line with content; `nil` at the end. Throws `unreadableFile` when reading fails midway.
    package mutating func next() throws(ExchangeError) -> Entry? {
        while let found = try self.lines.next() {
            self.line += 1
            switch found {
            case .tooLong:
                return .malformed(Remark(zh: "这一行过长", en: "the line is too long"), line: self.line)
            case .bytes(var bytes):
                if self.line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
                if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                return Self.entry(bytes, line: self.line)
            }
        }
        return nil
    }

    private static func entry(_ bytes: [UInt8], line: Int) -> Entry {
        do {
            let message = try ReplayLine(json: bytes)
            if let fault = ReplayTopic.fault(of: message.topic) { return .unpublishable(fault, line: line) }
            return .message(message, line: line)
        } catch {
            return .malformed(error.message, line: line)
        }
    }
}
