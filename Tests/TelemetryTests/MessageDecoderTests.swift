import Chronology
import Telemetry
import Testing

@Suite("Messages")
struct MessageDecoderTests {
    @Test(
        "Topics tell the dialect and the terminal",
        arguments: [
            ("fleet/v1/a/position", "a", nil), ("fleet/v1/A-z_09/camera", "A-z_09", nil),
            ("fleet/v1/\(String(repeating: "x", count: 32))/position", String(repeating: "x", count: 32), nil),
            ("fleet/v1/\(String(repeating: "x", count: 33))/position", nil, .badTerminal),
            ("fleet/v1//position", nil, .badTerminal), ("fleet/v1/a b/position", nil, .badTerminal),
            ("fleet/v1/a\u{0}/position", nil, .badTerminal), ("fleet/v1/'; drop table x--/camera", nil, .badTerminal),
            ("fleet/v1/\"quoted\"/camera", nil, .badTerminal), ("fleet/v1/车1/camera", nil, .badTerminal),
            ("fleet/v1/+/position", nil, .badTerminal), ("fleet/v1/#", nil, .unknownTopic),
            ("fleet/v1/a/Position", nil, .unknownTopic), ("fleet/v1/a/position/", nil, .unknownTopic),
            ("fleet/v1/a/b/position", nil, .unknownTopic), ("/fleet/v1/a/position", nil, .unknownTopic),
            ("fleet/v2/a/position", nil, .unknownTopic), ("fleet/v1/a", nil, .unknownTopic),
            ("fleet/v1/", nil, .unknownTopic), ("fleet/v1", nil, .unknownTopic), ("", nil, .unknownTopic),
            ("/", nil, .unknownTopic), ("fleet/v1/a/positio", nil, .unknownTopic),
            ("fleet/v1/a/positionx", nil, .unknownTopic), ("fleet/v1/a/position\u{0}", nil, .unknownTopic),
            (String(repeating: "t", count: 300), nil, .unknownTopic), ("jt809/13800000000/raw", nil, .unknownTopic),
            ("fleet/v1/" + String(repeating: "t", count: 300) + "/position", nil, .badTerminal),
        ] as [(String, String?, Refusal.Reason?)])
    func topics(topic: String, terminal: String?, reason: Refusal.Reason?) {
        let message = decode(topic: topic, #"{"time":1772439330000,"lat":1,"lon":2,"cameras":{"a":"ok"}}"#)
        #expect(message.terminal?.text == terminal)
        #expect(message.refusals == (reason.map { [Refusal($0, detail: "topic")] } ?? []))
        #expect(message.positions.count + message.cameras.count == (reason == nil ? 1 : 0))
    }

    /// Every payload that must not stop anything, and why it ends in quarantine.
    private static let hostile: [(name: String, payload: [UInt8], reason: Refusal.Reason)] = [
        ("nothing", [], .malformed),
        ("white space", Array(" \r\n\t".utf8), .malformed),
        ("cut off", Array(examplePosition.utf8.dropLast()), .malformed),
        ("cut inside a name", Array(#"{"time"#.utf8), .malformed),
        ("a comma too many", Array(position("").dropLast().utf8) + Array(",}".utf8), .malformed),
        ("a comma first", Array(#"{,"time":1772439330000,"lat":1,"lon":2}"#.utf8), .malformed),
        ("two documents", Array((position("") + position("")).utf8), .malformed),
        ("70,000 letters", Array(repeating: UInt8(ascii: "a"), count: 70_000), .malformed),
        ("70,000 letters as a string", Array("\"\(String(repeating: "a", count: 70_000))\"".utf8), .wrongShape),
        ("70,000 letters as a name", Array("{\"\(String(repeating: "a", count: 70_000))\":1}".utf8), .missingField),
        ("a JT/T 808 frame", [0x7E, 0x02, 0x00, 0x00, 0x7E], .malformed),
        ("not UTF-8", Array(position(#""x":""#).utf8.dropLast()) + [0xC3, 0x28] + Array("\"}".utf8), .malformed),
        ("overlong UTF-8", Array("{\"".utf8) + [0xC0, 0x80] + Array("\":1}".utf8), .malformed),
        ("GB 18030", Array("{\"x\":\"".utf8) + [0xCD, 0xAC, 0xD0, 0xD0] + Array("\"}".utf8), .malformed),
        ("a byte order mark", [0xEF, 0xBB, 0xBF] + Array(examplePosition.utf8), .malformed),
        ("UTF-16", examplePosition.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, .malformed),
        ("NUL bytes", [0, 0, 0, 0], .malformed),
        ("a NUL behind", Array(examplePosition.utf8) + [0], .malformed),
        ("a NUL in a string", Array("{\"time\":\"2026\u{0}\"}".utf8), .malformed),
        ("an escaped NUL in a string", Array(#"{"time":"2026\u0000"}"#.utf8), .badTime),
        ("half a surrogate pair", Array(#"{"x":"\ud83d"}"#.utf8), .malformed),
        ("the second half alone", Array(#"{"x":"\ude00\ud83d"}"#.utf8), .malformed),
        ("NaN", Array(position(#""speed_kmh":NaN"#).utf8), .malformed),
        ("Infinity", Array(position(#""speed_kmh":-Infinity"#).utf8), .malformed),
        ("1e999", Array(position(#""speed_kmh":1e999"#).utf8), .outOfRange),
        ("a million digits", Array(position("\"seq\":1" + String(repeating: "0", count: 1_000_000)).utf8), .outOfRange),
        ("beyond Int64", Array(position(#""seq":9223372036854775808"#).utf8), .outOfRange),
        ("a single quote", Array("{'time':1}".utf8), .malformed),
        ("a comment", Array("{/**/}".utf8), .malformed),
        ("latitude 91", Array(#"{"time":1772439330000,"lat":91,"lon":120}"#.utf8), .outOfRange),
        ("1970", Array(#"{"time":"1970-01-01T00:00:00Z","lat":1,"lon":120}"#.utf8), .badTime),
        ("2099", Array(#"{"time":"2099-01-01T00:00:00Z","lat":1,"lon":120}"#.utf8), .badTime),
        ("an empty array", Array("[]".utf8), .empty),
        ("an empty object", Array("{}".utf8), .missingField),
        ("a number", Array("42".utf8), .wrongShape),
        ("null", Array("null".utf8), .wrongShape),
        ("an array of a number", Array("[42]".utf8), .wrongShape),
        ("an array in an array", Array("[[]]".utf8), .wrongShape),
        ("1,001 reports", Self.array(1_001), .tooMany),
        ("500,000 zeros", Array(("[0" + String(repeating: ",0", count: 499_999) + "]").utf8), .tooMany),
        ("1,001 reports and rubbish", Self.array(1_001).dropLast() + Array(",x]".utf8), .malformed),
        ("a good report and rubbish", Array("[\(position("")),x]".utf8), .malformed),
        ("65 levels", Self.nested(65), .malformed),
        ("100,000 levels", Array(repeating: UInt8(ascii: "["), count: 100_000), .malformed),
        (
            "more than a mebibyte", Array(position("\"x\":\"\(String(repeating: "a", count: 1 << 20))\"").utf8),
            .malformed
        ),
    ]

    private static func array(_ count: Int) -> [UInt8] {
        Array("[".utf8) + Array((0..<count).map { _ in position("") }.joined(separator: ",").utf8) + Array("]".utf8)
    }

    private static func nested(_ levels: Int) -> [UInt8] {
        // The report's object is the first level.
        Array(
            position("\"x\":" + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1))
                .utf8)
    }

    @Test("Hostile payloads are refused with their reason", arguments: Self.hostile.indices)
    func hostilePayloads(row: Int) {
        let (name, payload, reason) = Self.hostile[row]
        let message = decode(payload)
        #expect(message.refusals.map(\.reason) == [reason], "\(name)")
        #expect(message.positions == [] && message.terminal?.text == "truck-0042", "\(name)")
        // Nothing of the payload is repeated.
        #expect(message.refusals.allSatisfy { $0.detail.utf8.count < 120 }, "\(name)")
    }

    @Test("The limits themselves are accepted")
    func limits() {
        #expect(decode(Self.array(1_000)).positions.count == 1_000)
        #expect(decode(Self.nested(64)).positions.count == 1)
        #expect(
            decode(Self.array(3), limits: ValidationLimits(reportsPerMessage: 2)).refusals.map(\.reason) == [.tooMany])
        #expect(decode(position(""), limits: ValidationLimits(payloadBytes: 10)).refusals.map(\.reason) == [.malformed])
    }

    @Test("Of an array the good reports are kept and each bad one is refused with its index")
    func arrays() {
        let bad = #"{"time":1772439330000,"lat":91,"lon":2,"x":1}"#
        let message = decode("[\(bad), \(position("\"seq\":1,\"y\":[]")) ,null,\(position("\"seq\":2")),{}]")
        #expect(message.positions.map(\.sequence) == [1, 2])
        #expect(
            message.refusals == [
                Refusal(.outOfRange, detail: "lat", reportIndex: 0), Refusal(.wrongShape, detail: "{}", reportIndex: 2),
                Refusal(.missingField, detail: "time", reportIndex: 4),
            ])
        #expect(message.unknownFieldCount == 2)
    }

    @Test("Only the first problem of a report is told")
    func firstProblem() {
        let message = decode(#"{"lat":true,"lon":null,"lon":5,"seq":1.5}"#)
        #expect(message.refusals == [Refusal(.wrongType, detail: "lat")])
    }

    @Test("A message is used again without a trace of the one before")
    func reuse() {
        var message = DecodedMessage()
        let decoder = MessageDecoder()
        let topics = [
            "fleet/v1/a/position", "nowhere", "fleet/v1/b/camera", "fleet/v1/c/position", "fleet/v1/d/position",
        ]
        let payloads = [
            "[\(position("")),1]", "{}", #"{"time":1772439330000,"cameras":{"a":"ok"}}"#, "{", position(""),
        ]
        var seen: [[Int]] = []
        for (topic, payload) in zip(topics, payloads) {
            decoder.decode(
                topic: Array(topic.utf8).span, payload: Array(payload.utf8).span, receivedAt: receivedAt, into: &message
            )
            seen.append([message.positions.count, message.cameras.count, message.refusals.count])
        }
        #expect(seen == [[1, 0, 1], [0, 0, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]])
        #expect(message.terminal?.text == "d")
    }

    @Test("Time is judged by the time of receipt")
    func receipt() {
        var message = DecodedMessage()
        let payload = Array(#"{"time":"2050-01-01T00:00:00Z","lat":1,"lon":2}"#.utf8)
        for (seconds, isGood) in [(2_524_607_400, true), (2_524_607_399, false)] as [(Int64, Bool)] {
            MessageDecoder().decode(
                topic: Array("fleet/v1/a/position".utf8).span, payload: payload.span,
                receivedAt: Instant(seconds: seconds), into: &message)
            #expect(message.positions.isEmpty != isGood)
        }
        MessageDecoder().decode(
            topic: Array("fleet/v1/a/position".utf8).span, payload: payload.span, receivedAt: .distantFuture,
            into: &message)
        #expect(message.positions.count == 1)
    }
}
