import Geodesy

/// A topic of the native dialect: `fleet/v1/{terminal}/position` or `…/camera`.
struct NativeTopic {
    /// What the payload under the topic is.
    enum Dialect {
        case position, camera
    }

    var dialect: Dialect
    var terminal: TerminalID
    /// The system of coordinates in reports that name none.
    var coordinates = CoordinateSystem.wgs84

    /// `nil` when the topic is another dialect's; throws when it is this one's and no good.
    init?(_ topic: Span<UInt8>) throws(ReportProblem) {
        let start = 9
        guard topic.count > start, NameCode(topic, 0..<start) == Self.prefix else { return nil }
        var end = start
        while end < topic.count, topic[end] != UInt8(ascii: "/") { end += 1 }
        // Lengths too: a code does not tell a zero byte from the end.
        let suffix = NameCode(topic, end..<topic.count)
        switch topic.count - end {
        case 9 where suffix == Self.position: self.dialect = .position
        case 7 where suffix == Self.camera: self.dialect = .camera
        default: throw Self.unknown
        }
        guard let terminal = TerminalID(topic.extracting(start..<end)) else {
            throw ReportProblem(reason: .badTerminal, detail: "topic")
        }
        self.terminal = terminal
    }

    private static let prefix = NameCode("fleet/v1/")
    private static let position = NameCode("/position")
    private static let camera = NameCode("/camera")
    private static var unknown: ReportProblem { ReportProblem(reason: .unknownTopic, detail: "topic") }
}
