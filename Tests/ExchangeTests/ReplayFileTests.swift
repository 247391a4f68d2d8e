import Chronology
import Foundation
import Registers
import RepeatableRandom
import Testing

@testable import Exchange

@Suite struct ReplayFileTests {
    @Test(arguments: [
        (
            #"{"topic":"a/b","payload":{"lat": 1e999, "x":[1, "é"] },"sent":"2026-03-02T08:15:30+08:00"}"#,
            #"{"lat": 1e999, "x":[1, "é"] }"#
        ),
        (#" {"payload" : [ 1 ,2] , "topic" : "a\/b"}  "#, "[ 1 ,2]"),
        (#"{"topic":"a/b","payload":"a\"\n\u0000\ud83d\ude9a"}"#, "a\"\n\0🚚"),
        (#"{"topic":"a/b","payload":""}"#, ""), (#"{"topic":"a/b","payload":-0.50}"#, "-0.50"),
        (#"{"topic":"a/b","payload":null}"#, "null"),
        (#"{"topic":"a/b","payload":true,"qos":1}"#, "true"),
        (#"{"topic":"a/b","payload_hex":"7E007e","sent":null}"#, "~\0~"),
        (#"{"topic":"a/b","payload":"{broken"}"#, "{broken"), (#"{"topic":"a/b","payload_hex":""}"#, ""),
    ])
    func payloadsAreTheVeryBytes(line: String, payload: String) throws {
        let message = try ReplayLine(json: Array(line.utf8))
        #expect(message.topic == "a/b")
        #expect(message.payload == Array(payload.utf8))
        #expect((message.sent?.description ?? "2026-03-02T00:15:30Z") == "2026-03-02T00:15:30Z")
    }

    @Test func binaryPayloadsMayBeNoText() throws {
        let message = try ReplayLine(json: Array(#"{"topic":"t","payload_hex":"ff80C3"}"#.utf8))
        #expect(message.payload == [0xFF, 0x80, 0xC3])
    }

    @Test(arguments: [
        "", "[]", "{}", "7", #"{"topic":"a"}"#, #"{"payload":{}}"#, #"{"topic":1,"payload":{}}"#,
        #"{"topic":"a","payload":{}"#,
        #"{"topic":"a","payload":1,"payload_hex":"00"}"#, #"{"topic":"a","payload":1,"payload":2}"#,
        #"{"topic":"a","payload":{,}}"#,
        #"{"topic":"a","payload_hex":"0"}"#, #"{"topic":"a","payload_hex":"0g"}"#, #"{"topic":"a","payload_hex":[]}"#,
        #"{"topic":"a","payload":1,"sent":"yesterday"}"#, #"{"topic":"a","payload":1,"sent":5}"#,
        #"{"topic":"a","payload":"\ud800"}"#,
        #"{"topic":"a","payload":1} x"#, #"{"topic":"a","payload":NaN}"#, #"{'topic':'a','payload':1}"#,
    ])
    func otherLinesAreFaults(line: String) {
        let fault = #expect(throws: ReplayLine.Fault.self) { try ReplayLine(json: Array(line.utf8)) }
        #expect(fault?.message.zh.isEmpty == false && fault?.message.en.isEmpty == false)
    }

    @Test(
        arguments: [
            ("fleet/v1/T/position", true), ("/", true), ("a b", true), ("t\"'\\é站", true), ("a$", true), ("", false),
            ("a/+", false),
            ("#", false), ("a+b", false), ("$SYS/x", false), ("a\0", false), ("a\n", false), ("\u{7F}", false),
            ("a\u{FFFE}", false),
            (String(Character(Unicode.Scalar(0xFDD0 as UInt16) ?? "+")), false),
            (String(Character(Unicode.Scalar(0x1FFFF as UInt32) ?? "+")), false),
            (String(repeating: "t", count: 300), true),
            (String(repeating: "t", count: 65535), true), (String(repeating: "t", count: 65536), false),
            (String(repeating: "站", count: 21845), true), (String(repeating: "站", count: 21846), false),
            (String(repeating: "/", count: 200), true), (String(repeating: "/", count: 201), false),
        ] as [(String, Bool)])
    func topicsThatNobodyMaySendAreKnown(topic: String, isPublishable: Bool) {
        #expect(ReplayTopic.isPublishable(topic) == isPublishable)
    }

    private func entries(_ bytes: [UInt8], lineLimit: Int = 1000, chunkSize: Int) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var file = try ReplayFile(path: path, lineLimit: lineLimit, chunkSize: chunkSize)
        var entries: [String] = []
        while let entry = try file.next() {
            switch entry {
            case .message(let message, let line):
                entries.append("\(line) \(message.topic) \(String(decoding: message.payload, as: UTF8.self))")
            case .unpublishable(_, let line): entries.append("\(line) unpublishable")
            case .malformed(_, let line): entries.append("\(line) malformed")
            }
        }
        return entries
    }

    @Test(arguments: [1, 2, 7, 64, 4096])
    func linesAreReadWhateverTheChunks(chunkSize: Int) throws {
        let long = String(repeating: "x", count: 1500)
        let text =
            "\u{FEFF}{\"topic\":\"a\",\"payload\":1}\r\n\n  \r\n{\"topic\":\"#\",\"payload\":1}\n{broken\n"
            + "{\"topic\":\"a\",\"payload\":\"\(long)\"}\n{\"topic\":\"b\",\"payload\":\"站\"}\n\u{FEFF}{}\n"
            + "{\"topic\":\"c\",\"payload\":[]}"
        let entries = try self.entries(Array(text.utf8), chunkSize: chunkSize)
        #expect(
            entries == ["1 a 1", "4 unpublishable", "5 malformed", "6 malformed", "7 b 站", "8 malformed", "9 c []"])
        let broken = try self.entries(
            Array("{\"topic\":\"a\",\"payload\":\"".utf8) + [0xFF, 0x22, 0x7D], chunkSize: chunkSize)
        #expect(broken == ["1 malformed"])
        #expect(try self.entries([], chunkSize: chunkSize).isEmpty)
        // A line of just the limit is read; one byte more is too long, also at the end of the file.
        let line = Array("{\"topic\":\"a\",\"payload\":1}".utf8)
        #expect(try self.entries(line, lineLimit: line.count, chunkSize: chunkSize) == ["1 a 1"])
        let pair = try self.entries(line + [0x0A] + line, lineLimit: line.count - 1, chunkSize: chunkSize)
        #expect(pair == ["1 malformed", "2 malformed"])
    }

    @Test(arguments: ["/nowhere/at/all.ndjson", "/"])
    func filesThatCannotBeReadSaySo(path: String) {
        let error = #expect(throws: ExchangeError.self) {
            var file = try ReplayFile(path: path)
            _ = try file.next()
        }
        #expect(error?.code == .unreadableFile)
    }

    /// Whatever the bytes, a line is a message or a fault.
    @Test(arguments: 0..<40)
    func anyLineIsReadOrRefused(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let sample = Array(
            #"{"topic":"a/\u00e9","payload":{"a":[1,"\ud83d\ude9a",null]},"sent":"2026-03-02T08:15:30Z"}"#.utf8)
        for _ in 0..<200 {
            var line = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
                let index = Int.random(in: 0..<line.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: line[index] = UInt8.random(in: 0...255, using: &random)
                case 1: line.remove(at: index)
                default: line = Array(line[..<max(1, index)])
                }
            }
            if let message = try? ReplayLine(json: line) { _ = ReplayTopic.fault(of: message.topic) }
        }
    }
}
