import Glibc
import Registers

/// Reads a file line by line in chunks: memory stays within one line and one chunk, however large the file is.
struct LineReader: ~Copyable {
    /// One line, without its line feed.
    enum Line {
        case bytes([UInt8])
        /// Longer than the limit; its bytes are passed over.
        case tooLong
    }

    private let descriptor: Int32
    private let lineLimit: Int
    private var buffer: [UInt8] = []
    /// Where the bytes that are still to be given begin.
    private var start = 0
    private var chunk: [UInt8]
    private var isAtEnd = false

    init(path: String, lineLimit: Int, chunkSize: Int = 1 << 16) throws(ExchangeError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        self.descriptor = descriptor
        self.lineLimit = lineLimit
        self.chunk = [UInt8](repeating: 0, count: max(1, chunkSize))
    }

    deinit { close(self.descriptor) }

    /// `nil` at the end of the file. Throws `unreadableFile`.
    mutating func next() throws(ExchangeError) -> Line? {
        var searched = self.start
        var isTooLong = false
        while true {
            if let end = self.buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = self.buffer[self.start..<end]
                self.start = end + 1
                return isTooLong || line.count > self.lineLimit ? .tooLong : .bytes(Array(line))
            }
            if self.isAtEnd {
                let line = self.buffer[self.start...]
                guard !line.isEmpty || isTooLong else { return nil }
                self.start = self.buffer.count
                return isTooLong || line.count > self.lineLimit ? .tooLong : .bytes(Array(line))
            }
            // What was given already, or is too long to be given, makes room before more is read.
            if self.buffer.count - self.start > self.lineLimit {
                isTooLong = true
                self.start = self.buffer.count
            }
            self.buffer.removeFirst(self.start)
            self.start = 0
            searched = self.buffer.count
            try self.fill()
        }
    }

    private mutating func fill() throws(ExchangeError) {
        while true {
            let descriptor = self.descriptor
            let count = self.chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                self.buffer.append(contentsOf: self.chunk[..<count])
                return
            }
            if count == 0 {
                self.isAtEnd = true
                return
            }
            // EINTR: a signal came before any byte did.
            if errno != EINTR { throw Self.failure(nil) }
        }
    }

    private static func failure(_ path: String?) -> ExchangeError {
        let reason = String(cString: strerror(errno))
        let name = path.map { " \($0)" } ?? ""
        return ExchangeError(
            .unreadableFile, Remark(zh: "读不了文件\(name)：\(reason)", en: "cannot read the file\(name): \(reason)"))
    }
}
