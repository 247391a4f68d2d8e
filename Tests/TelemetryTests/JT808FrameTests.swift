import Chronology
import Geodesy
import RepeatableRandom
import Testing

@testable import Telemetry

/// The frame: ends, escapes, checksum, both layouts, identity, and what is refused as a whole.
@Suite struct JT808FrameTests {
    private func decode(_ writer: FrameWriter, topic: String? = nil) -> DecodedMessage {
        TelemetryTests.decode(topic: topic ?? writer.topic, writer.bytes)
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = SplitMix64(seed: 808)
        for round in 0..<2000 {
            var writer = FrameWriter()
            writer.id = UInt16.random(in: 0...UInt16.max, using: &random)
            writer.is2019 = round.isMultiple(of: 2)
            writer.phone = String(UInt64.random(in: 1...999_999_999_999, using: &random))
            writer.serial = UInt16.random(in: 0...UInt16.max, using: &random)
            writer.encryption = round.isMultiple(of: 7) ? 1 : 0
            writer.fragment = round.isMultiple(of: 5) ? (3, 2) : nil
            // Many of the bytes that need escapes.
            writer.body = (0..<Int.random(in: 0...1023, using: &random)).map { _ in
                [0x7D, 0x7E, 0x01, 0x02, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            let frame = try JT808Frame(writer.bytes.span)
            #expect(frame.messageID == writer.id)
            #expect((frame.layout == .year2019) == writer.is2019)
            #expect(frame.phone.text == writer.phone)
            #expect(frame.serial == writer.serial)
            #expect(frame.encryption == UInt8(writer.encryption))
            #expect(frame.isFragment == (writer.fragment != nil))
            #expect(Array(frame.bytes[frame.body]) == writer.body)
        }
    }

    @Test func aLocationBecomesAPosition() throws {
        let items: [(UInt8, [UInt8])] = [(0x01, [0, 1, 0x2D, 0x68]), (0x31, [16]), (0xE7, [1, 2])]
        let body = LocationWriter(items: items.map { (id: $0.0, value: $0.1) }).bytes
        for is2019 in [false, true] {
            let message = self.decode(FrameWriter(is2019: is2019, serial: 4711, body: body))
            let position = try #require(message.positions.first)
            #expect(message.terminal?.text == "13700000001" && message.serial == 4711)
            #expect(position.recordedAt == Instant(rfc3339: "2026-03-02T08:15:30Z"))
            #expect(position.coordinate.latitudeE7 == 307_461_230 && position.coordinate.longitudeE7 == 1_207_555_120)
            #expect(position.hasFix && position.ignition == true)
            #expect(position.speed == 425 && position.course == 1870 && position.altitude == 120)
            #expect(position.odometer == 771_600 && position.satellites == 16)
            #expect(position.drum == nil && position.sequence == nil && position.hdop == nil && position.load == nil)
            #expect(message.unknownFieldCount == 1)
            #expect(message.refusals.isEmpty && message.alarms.isEmpty && message.cameras.isEmpty)
        }
    }

    @Test func aNewSerialNumberIsNoOtherReport() {
        let body = LocationWriter().bytes
        let first = self.decode(FrameWriter(serial: 1, body: body))
        let second = self.decode(FrameWriter(serial: 2, body: body))
        #expect(first.positions == second.positions)
        #expect(first.serial == 1 && second.serial == 2)
    }

    @Test func theTopicSaysWhoItIs() {
        let body = LocationWriter().bytes
        for topic in ["jt808/13700000001/raw", "jt808/013700000001/raw", "jt808/00000000013700000001/raw"] {
            let message = self.decode(FrameWriter(is2019: true, body: body), topic: topic)
            #expect(message.terminal?.text == "13700000001" && message.positions.count == 1)
        }
        let foreign = self.decode(FrameWriter(body: body), topic: "jt808/13700000002/raw")
        #expect(foreign.refusals.map(\.reason) == [.foreignTerminal])
        // Another terminal's number says nothing of this one's.
        #expect(foreign.terminal?.text == "13700000002" && foreign.serial == nil)
    }

    @Test(arguments: [
        ("jt808/137A/raw", Refusal.Reason.badTerminal), ("jt808//raw", .badTerminal),
        ("jt808/\(String(repeating: "1", count: 33))/raw", .badTerminal), ("jt808/x//up", .badTerminal),
        ("jt808/13700000001/row", .unknownTopic), ("jt808/13700000001", .unknownTopic), ("jt808/", .unknownTopic),
        ("jt808/x/13700000001/dn", .unknownTopic), ("jt808//13700000001/up", .unknownTopic),
        ("jt808/a/b/13700000001/up", .unknownTopic), ("jt808/13700000001/raw/", .unknownTopic),
        ("jt809/13700000001/raw", .unknownTopic), ("jt808/13700000001/ra\0", .unknownTopic), ("", .unknownTopic),
    ])
    func otherTopicsAreRefused(topic: String, reason: Refusal.Reason) {
        let message = self.decode(FrameWriter(body: LocationWriter().bytes), topic: topic)
        #expect(message.refusals.map(\.reason) == [reason])
        #expect(message.terminal == nil && message.positions.isEmpty)
    }

    @Test func wholeFramesAreRefusedWithTheirReason() {
        let body = LocationWriter().bytes
        let good = FrameWriter(body: body).bytes
        func reason(_ bytes: [UInt8]) -> Refusal.Reason? {
            TelemetryTests.decode(topic: "jt808/13700000001/raw", bytes).refusals.first?.reason
        }
        #expect(reason(good) == nil)
        #expect(reason([]) == .malformed)
        #expect(reason([0x7E]) == .malformed)
        #expect(reason([0x7E, 0x7E]) == .badLength)
        #expect(reason(Array(good.dropLast())) == .malformed)
        #expect(reason(Array(good.dropFirst())) == .malformed)
        #expect(reason(good + good) == .badLength)
        #expect(reason([0x7E] + Array("hello, world, hello".utf8) + [0x7E]) == .badChecksum)
        #expect(reason([0x7E, 0x7D, 0x03, 0x7E]) == .badLength)
        #expect(reason([0x7E, 0x00, 0x7D, 0x7E]) == .badLength)
        var changed = good
        changed[20] ^= 1
        #expect(reason(changed) == .badChecksum)
        // A checksum that is right over a length that is not.
        changed = good
        changed[4] ^= 1
        changed[changed.count - 2] ^= 1
        #expect(reason(changed) == .badLength)
        #expect(reason(FrameWriter(encryption: 1, body: body).bytes) == .encrypted)
        #expect(reason(FrameWriter(fragment: (2, 1), body: body).bytes) == .fragment)
        #expect(reason(FrameWriter(body: Array(body.dropLast())).bytes) == .malformed)
        // A hexadecimal digit in the phone number, and the checksum mended.
        changed = good
        changed[5] ^= 0xF0
        changed[changed.count - 2] ^= 0xF0
        #expect(reason(changed) == .malformed)
    }

    /// A photo comes in pieces: nothing of it is a report, so that nothing is refused.
    @Test func aPieceOfSomethingElseIsNoRefusal() {
        let message = self.decode(FrameWriter(id: 0x0801, serial: 9, fragment: (100, 1), body: [1, 2, 3]))
        #expect(message.carriesNoReport && message.refusals.isEmpty && message.serial == 9)
    }

    @Test func aRefusedFragmentStillHasItsNumber() {
        let message = self.decode(FrameWriter(serial: 9, fragment: (2, 1), body: LocationWriter().bytes))
        #expect(message.serial == 9 && message.refusals.count == 1)
    }

    @Test(arguments: [0x0002, 0x0100, 0x0102, 0x0003, 0x0705, 0x0801, 0xFFFF] as [UInt16])
    func messagesWithoutAReportAreIgnored(id: UInt16) {
        let message = self.decode(FrameWriter(id: id, serial: 77, body: [1, 2, 3]))
        #expect(message.carriesNoReport && message.serial == 77)
        #expect(message.refusals.isEmpty && message.positions.isEmpty)
    }

    @Test func theAnswerToAQuestionIsAPositionToo() {
        let message = self.decode(FrameWriter(id: 0x0201, body: [0, 5] + LocationWriter().bytes))
        #expect(message.positions.count == 1 && !message.carriesNoReport)
        #expect(self.decode(FrameWriter(id: 0x0201, body: [0, 5])).refusals.map(\.reason) == [.malformed])
    }

    @Test func eachOfABatchIsJudgedByItself() {
        let good = LocationWriter().bytes
        let later = LocationWriter(time: "260302161531").bytes
        let swapped = LocationWriter(latitude: 120_755_512, longitude: 30_746_123).bytes
        let timeless = LocationWriter(time: "260230161530").bytes
        let message = self.decode(
            FrameWriter(id: 0x0704, body: batchBody([good, swapped, [1, 2, 3], timeless, later])))
        #expect(message.positions.count == 2)
        #expect(message.refusals.map(\.reason) == [.outOfRange, .malformed, .badTime])
        #expect(message.refusals.map(\.reportIndex) == [1, 2, 3])

        func reasons(_ body: [UInt8]) -> [Refusal.Reason] {
            self.decode(FrameWriter(id: 0x0704, body: body)).refusals.map(\.reason)
        }
        #expect(reasons(batchBody([good, later], count: 3)) == [.malformed])
        #expect(reasons(batchBody([good, later], count: 1)) == [.malformed])
        #expect(reasons(batchBody([])) == [.empty])
        #expect(reasons([]) == [.malformed])
        #expect(reasons(batchBody([good]) + [0]) == [.malformed])
        #expect(self.decode(FrameWriter(id: 0x0704, body: batchBody([good], count: 3))).positions.count == 1)
    }
}
