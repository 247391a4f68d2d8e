import Chronology
import Telemetry
import Testing

/// What a terminal says and no report carries is read from the message itself.
@Suite struct UnreportedItemsTests {
    private static let items: [(id: UInt8, value: [UInt8])] = [
        (0x01, FrameWriter.double(482_114)), (0x02, FrameWriter.word(523)), (0x03, FrameWriter.word(418)),
        (0x25, FrameWriter.double(0b1_0101)), (0x30, [31]), (0x31, [11]),
    ]

    private static func read(_ frame: FrameWriter) -> [UnreportedItems] {
        UnreportedItems.all(topic: Array(frame.topic.utf8).span, payload: frame.bytes.span)
    }

    private static func check(_ items: UnreportedItems?) {
        #expect(items?.recordedAt == Instant(rfc3339: "2026-03-02T08:15:30Z"))
        #expect(items?.fuel == 523)
        #expect(items?.recorderSpeed == 418)
        #expect(items?.signalStrength == 31)
        #expect(items?.signals?.meanings.map(\.english) == ["low beam", "right turn signal", "brake"])
    }

    @Test(arguments: [false, true]) func ofAFrame(is2019: Bool) {
        let location = LocationWriter(items: Self.items).bytes
        let found = Self.read(FrameWriter(is2019: is2019, body: location))
        #expect(found.count == 1)
        Self.check(found.first)
        let answer = Self.read(FrameWriter(id: 0x0201, is2019: is2019, body: [0, 7] + location))
        #expect(answer == found)
    }

    /// One of the batch says nothing of the kind; one is refused as a report, and read here all the same.
    @Test func ofABatch() {
        let plain = LocationWriter(items: [(0x31, [9])]).bytes
        let refused = LocationWriter(speed: 9000, time: "260302161550", items: [(0x30, [5])]).bytes
        let found = Self.read(
            FrameWriter(id: 0x0704, body: batchBody([LocationWriter(items: Self.items).bytes, plain, refused])))
        #expect(found.count == 2)
        Self.check(found.first)
        #expect(found.last?.signalStrength == 5 && found.last?.fuel == nil)
    }

    @Test func ofTheGateway() {
        let payload = """
            {"header":{"msg_id":512,"phone":"13700000001","msg_sn":9},"body":{"alarm":0,"status":3,"latitude":30746123,
            "longitude":120755512,"altitude":12,"speed":425,"direction":187,"time":"260302161530",
            "extra":{"mileage":16306,"fuel_meter":523,"speed":418,"rssi":31}}}
            """
        let found = UnreportedItems.all(
            topic: Array("jt808/client/13700000001/up".utf8).span, payload: Array(payload.utf8).span)
        #expect(found.map(\.fuel) == [523])
        #expect(found.map(\.recorderSpeed) == [418])
        #expect(found.map(\.signalStrength) == [31])
    }

    @Test func nothingIsReadFromWhatIsNoSuchMessage() {
        #expect(Self.read(FrameWriter(id: 0x0002)).isEmpty)
        #expect(Self.read(FrameWriter(body: [1, 2, 3])).isEmpty)
        #expect(Self.read(FrameWriter(encryption: 1, body: LocationWriter(items: Self.items).bytes)).isEmpty)
        #expect(Self.read(FrameWriter(id: 0x0704, body: [0, 1, 0, 0xff, 0xff])).isEmpty)
        for (topic, payload) in [("fleet/v1/T1/position", examplePosition), ("jt808/1/raw", "~"), ("x", "")] {
            let found = UnreportedItems.all(topic: Array(topic.utf8).span, payload: Array(payload.utf8).span)
            #expect(found.isEmpty, "\(topic)")
        }
    }
}
