import Chronology
import IngestionPipeline
import Seals
import Telemetry
import Testing

/// What a batch says of its terminals adds up to what it says of its messages.
@Suite struct BatchLedgerTests {
    private static let received = Instant(seconds: 1_772_438_400)

    private static func settled(_ messages: [(topic: String, payload: String)]) -> (ProcessedBatch, MessageCounts) {
        var raw = RawBatch()
        for message in messages {
            raw.append(
                topic: Array(message.topic.utf8).span, payload: Array(message.payload.utf8).span,
                receivedAt: Self.received)
        }
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        let answers = batch.positions.map { _ in RowOutcome.added } + batch.contradictions.map { _ in .conflict }
        let counts = batch.settle(positions: answers, cameras: batch.cameras.map { _ in .added }, in: raw)
        return (batch, counts)
    }

    private static func position(_ terminal: String, second: Int, lat: Double = 30.7) -> (String, String) {
        let time = Self.received.advanced(bySeconds: Double(second))
        return ("fleet/v1/\(terminal)/position", #"{"time":"\#(time)","lat":\#(lat),"lon":120.7}"#)
    }

    @Test func eachTerminalHasItsOwnCounts() {
        let (batch, counts) = Self.settled([
            Self.position("A", second: -1), Self.position("A", second: -1), Self.position("B", second: -2),
            ("fleet/v1/A/position", "{"), ("fleet/v1/C/camera", "[]"), ("nonsense", ""), ("fleet/v1//position", ""),
        ])
        let tallies = batch.ledger.tallies
        #expect(tallies.map { $0.terminal?.text ?? "–" } == ["A", "B", "C", "–"])
        #expect(tallies.map(\.stored) == [1, 1, 0, 0])
        #expect(tallies.map(\.duplicate) == [1, 0, 0, 0])
        #expect(tallies.map(\.quarantined) == [1, 0, 1, 2])
        #expect(counts.received == 7)
        #expect(batch.terminals.map(\.text) == ["A", "B", "C"])
        #expect(batch.messageStates.map(\.rawValue).prefix(3) == ["stored", "duplicate", "stored"])
    }

    @Test func theSumsAgreeWhateverComes() {
        var seed: UInt64 = 7
        func next(_ limit: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % limit)
        }
        for _ in 0..<50 {
            let messages = (0..<next(200)).map { _ -> (String, String) in
                switch next(5) {
                case 0: ("fleet/v1/T\(next(9))/position", "broken")
                case 1: ("what is this", "x")
                default: Self.position("T\(next(9))", second: -next(20), lat: 30 + Double(next(2)))
                }
            }
            let (batch, counts) = Self.settled(messages)
            #expect(counts.received == Int64(messages.count))
            func sum(_ count: (TerminalTally) -> Int32) -> Int64 {
                batch.ledger.tallies.reduce(0) { $0 + Int64(count($1)) }
            }
            #expect(sum(\.stored) == counts.stored)
            #expect(sum(\.duplicate) == counts.duplicate)
            #expect(sum(\.quarantined) == counts.quarantined)
            #expect(sum(\.ignored) == counts.ignored)
        }
    }

    @Test func suspicionsAreCountedByMessage() {
        let (batch, _) = Self.settled([
            Self.position("A", second: 28_800), Self.position("A", second: -28_800),
            Self.position("A", second: -619_315_200), Self.position("A", second: 0),
            Self.position("B", second: 99_999),
        ])
        #expect(batch.ledger.tallies.map { [$0.ahead, $0.behind, $0.rollover] } == [[1, 1, 1], [0, 0, 0]])
        #expect(batch.ledger.tallies.map(\.quarantined) == [1, 1])
    }

    /// A raw JT/T 808 frame of 2013: a location without additional items, or a heartbeat.
    private static func frame(_ serial: UInt16, second: UInt8? = nil) -> [UInt8] {
        var bytes: [UInt8] = second == nil ? [0x00, 0x02, 0, 0] : [0x02, 0x00, 0, 28]
        bytes += [0x01, 0x38, 0x12, 0x34, 0x56, 0x78, UInt8(serial >> 8), UInt8(serial & 0xff)]
        if let second {
            // No alarm, a fix with the ignition on, 30.7° N 120.7° E, 2026-03-02 15:59 in Beijing.
            bytes += [0, 0, 0, 0, 0, 0, 0, 3, 0x01, 0xd4, 0x72, 0x60, 0x07, 0x31, 0xb8, 0x60, 0, 12, 1, 0x5e, 0, 90]
            bytes += [0x26, 0x03, 0x02, 0x15, 0x59, second]
        }
        bytes.append(bytes.reduce(0, ^))
        let escaped = bytes.flatMap { $0 == 0x7e ? [0x7d, 2] : $0 == 0x7d ? [0x7d, 1] : [$0] }
        return [0x7e] + escaped + [0x7e]
    }

    /// The log knows what came again; of a heartbeat it knows nothing.
    @Test func serialNumbersSayWhetherTheMessageCameBefore() {
        var raw = RawBatch()
        let topic = Array("jt808/13812345678/raw".utf8)
        for payload in [Self.frame(5), Self.frame(6, second: 1), Self.frame(7, second: 2), Self.frame(8, second: 3)] {
            raw.append(topic: topic.span, payload: payload.span, receivedAt: Self.received)
        }
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.positions.count == 3)
        _ = batch.settle(positions: [.duplicate, .duplicate, .added], cameras: [], in: raw)
        #expect(batch.ledger.serials.map(\.first) == [5, 6, 8])
        #expect(batch.ledger.serials.map(\.count) == [1, 2, 1])
        #expect(batch.ledger.serials.map(\.delivery) == [.unknown, .again, .first])
    }
}
