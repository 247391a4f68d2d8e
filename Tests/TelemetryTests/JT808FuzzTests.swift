import Chronology
import Geodesy
import RepeatableRandom
import Testing

@testable import Telemetry

/// Bytes from outside never trap: every vector with bytes changed, cut and doubled, and bytes of chance.
@Suite struct JT808FuzzTests {
    private static let devices = DeviceDirectory(
        [("13700000001", DeviceSettings(drumForward: .mixes, rightCameraChannel: 9, coordinates: .gcj02))])

    /// Frames of every kind, those of the shared data where it is there.
    private static func frames() throws -> [[UInt8]] {
        let items: [(id: UInt8, value: [UInt8])] = [
            (0x01, [0, 1, 2, 3]), (0x14, [0, 0, 0, 0x7F]), (0x15, [0, 0, 1, 0]), (0x18, [0, 7, 9]), (0x52, [2]),
            (0x64, [UInt8](repeating: 0x11, count: 47)), (0x67, [UInt8](repeating: 3, count: 65)),
        ]
        let body = LocationWriter(alarm: .max, items: items).bytes
        return [
            FrameWriter(body: body).bytes, FrameWriter(is2019: true, body: body).bytes,
            FrameWriter(id: 0x0704, body: batchBody([body, body, body])).bytes,
            FrameWriter(id: 0x0201, is2019: true, body: [0, 1] + body).bytes, FrameWriter(id: 0x0002).bytes,
        ] + (try JT808Vectors.frames("frames") + JT808Vectors.frames("bad-frames")).map(\.bytes)
    }

    /// The message obeys what all messages obey, whatever came in.
    private static func check(_ message: DecodedMessage) {
        let isSomething = !message.positions.isEmpty || !message.refusals.isEmpty || message.carriesNoReport
        #expect(isSomething && (!message.carriesNoReport || message.refusals.isEmpty))
        #expect(message.cameras.count <= message.positions.count)
    }

    private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = [0, 0x7D, 0x7E, 0xFF].randomElement(using: &random) ?? 0
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            default: bytes.removeSubrange(index..<min(bytes.count, index + 8))
            }
        }
        return bytes
    }

    /// The frame with its length and checksum mended, so that the change reaches the body.
    private static func mended(_ frame: [UInt8]) -> [UInt8] {
        var inner: [UInt8] = []
        var isEscape = false
        for byte in frame.dropFirst().dropLast() {
            if isEscape { inner.append(byte == 2 ? 0x7E : 0x7D) } else if byte != 0x7D { inner.append(byte) }
            isEscape = !isEscape && byte == 0x7D
        }
        guard inner.count >= 18 else { return frame }
        inner.removeLast()
        let header = (inner[2] & 0x40 == 0 ? 12 : 17) + (inner[2] & 0x20 == 0 ? 0 : 4)
        let count = max(0, inner.count - header)
        inner[2] = inner[2] & 0xFC | UInt8(count >> 8 & 3)
        inner[3] = UInt8(count & 0xFF)
        inner.append(inner.reduce(0, ^))
        return [0x7E] + inner.flatMap { $0 == 0x7E ? [0x7D, 2] : $0 == 0x7D ? [0x7D, 1] : [$0] } + [0x7E]
    }

    private static func decode(topic: String, _ bytes: [UInt8]) -> DecodedMessage {
        TelemetryTests.decode(topic: topic, bytes, devices: self.devices)
    }

    @Test func changedFramesNeverTrap() throws {
        var random = SplitMix64(seed: 0x0200)
        var reports = 0
        for frame in try Self.frames() {
            let phone = (try? JT808Frame(frame.span))?.phone.text ?? "13700000001"
            for round in 0..<200 {
                let changed = Self.mutated(frame, &random)
                let message = Self.decode(
                    topic: "jt808/\(phone)/raw", round.isMultiple(of: 2) ? changed : Self.mended(changed))
                Self.check(message)
                reports += message.positions.count
            }
        }
        // The changes reach what lies behind the checksum.
        #expect(reports > 100)
    }

    @Test func everyPrefixOfAFrameIsRefused() throws {
        for frame in try Self.frames() {
            for count in 0..<frame.count {
                #expect(Self.decode(topic: "jt808/13700000001/raw", Array(frame.prefix(count))).refusals.count == 1)
            }
        }
    }

    @Test func bytesOfChanceNeverTrap() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<5000 {
            let noise = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            Self.check(Self.decode(topic: "jt808/13700000001/raw", [0x7E] + noise + [0x7E]))
            Self.check(Self.decode(topic: "jt808/13700000001/raw", noise))
            Self.check(Self.decode(topic: "jt808/x/13700000001/up", noise))
            // A good frame around a body of chance.
            Self.check(
                Self.decode(
                    topic: "jt808/13700000001/raw",
                    FrameWriter(id: [0x0200, 0x0201, 0x0704].randomElement(using: &random) ?? 0, body: noise).bytes))
        }
    }

    @Test func changedGatewayMessagesNeverTrap() {
        let location = #"""
            {"alarm":2,"status":3,"latitude":1000,"longitude":1001,"altitude":2000,"speed":135,"direction":32,
            "time":"171022111553","extra":{"mileage":16306,"103":"AAAABwEDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "20":"AAAAAQ==","custome":{"225":"AAA="},"signal":{"abs":0}}}
            """#
        let seeds = [
            #"{"header":{"encrypt":0,"len":28,"msg_id":512,"msg_sn":1,"phone":"013700000001"},"body":\#(location)}"#,
            #"{"body":{"length":2,"type":0,"location":[\#(location),\#(location)]},"header":{"msg_id":1796,"msg_sn":1}}"#,
            #"{"body":{"seq":2,"params":\#(location)},"header":{"msg_id":513,"phone":13700000001,"proto_ver":1}}"#,
        ]
        var random = SplitMix64(seed: 0x0704)
        for seed in seeds {
            for _ in 0..<3000 {
                var bytes = Self.mutated(Array(seed.utf8), &random)
                // Mostly of the bytes that JSON is made of.
                if let index = bytes.indices.randomElement(using: &random) {
                    bytes[index] = Array(#"{}[]":,-.eE0123456789\="#.utf8).randomElement(using: &random) ?? 0
                }
                Self.check(Self.decode(topic: "jt808/x/13700000001/up", bytes))
            }
        }
    }
}
