/// A topic under which JT/T 808 arrives: `jt808/{phone}/raw`, a frame, or `jt808/{clientid}/{phone}/up`, the JSON of a
/// gateway.
struct JT808Topic {
    /// What the payload under the topic is.
    enum Dialect {
        case frame, gateway
    }

    var dialect: Dialect
    /// The phone number without its leading zeros.
    var terminal: TerminalID

    init(_ topic: Span<UInt8>) throws(ReportProblem) {
        let start = 6
        guard topic.count > start, NameCode(topic, 0..<start) == Self.prefix else { throw Self.unknown }
        let first = start..<Self.levelEnd(topic, from: start)
        let second =
            (first.upperBound + 1)..<max(first.upperBound + 1, Self.levelEnd(topic, from: first.upperBound + 1))
        let phone: Range<Int>
        // Lengths too: a code does not tell a zero byte from the end.
        switch topic.count - first.upperBound {
        case 4 where NameCode(topic, first.upperBound..<topic.count) == Self.raw:
            self.dialect = .frame
            phone = first
        case 4...
        where topic.count - second.upperBound == 3 && !first.isEmpty
            && NameCode(topic, second.upperBound..<topic.count) == Self.up:
            self.dialect = .gateway
            phone = second
        default: throw Self.unknown
        }
        guard let terminal = TerminalID(phone: topic.extracting(phone)) else {
            throw ReportProblem(reason: .badTerminal, detail: "topic")
        }
        self.terminal = terminal
    }

    /// Where the level that begins at `start` ends.
    private static func levelEnd(_ topic: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < topic.count, topic[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }

    private static let prefix = NameCode("jt808/")
    private static let raw = NameCode("/raw")
    private static let up = NameCode("/up")
    private static var unknown: ReportProblem { ReportProblem(reason: .unknownTopic, detail: "topic") }
}
