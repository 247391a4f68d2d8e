import Chronology
import Testing

@testable import Telemetry

/// The JSON of EMQX's JT/T 808 gateway.
@Suite struct GatewayTests {
    private static let topic = "jt808/000123456789/013700000001/up"

    private func decode(_ payload: String, devices: DeviceDirectory = .empty) -> DecodedMessage {
        TelemetryTests.decode(topic: Self.topic, payload, devices: devices)
    }

    private func message(
        id: Int = 512, header: String = "", body: String, phone: String = #""013700000001""#
    ) -> String {
        #"{"body":\#(body),"header":{"encrypt":0,"len":60,"msg_id":\#(id),"msg_sn":229,"phone":\#(phone)\#(header)}}"#
    }

    private func location(_ more: String = "", status: String = "3", time: String = #""260302161530""#) -> String {
        #"{"alarm":0,"altitude":12,"direction":187,"latitude":30746123,"longitude":120755512,"speed":425,"#
            + #""status":\#(status),"time":\#(time)\#(more)}"#
    }

    @Test(.enabled(if: JT808Vectors.areThere)) func theGatewaysJSONSaysWhatItsFrameSays() throws {
        let examples = try JT808Vectors.gateway()
        #expect(examples.count == 2)
        for example in examples {
            let phone = try JT808Frame(example.frame.span).phone.text
            let frame = TelemetryTests.decode(topic: "jt808/\(phone)/raw", example.frame)
            let json = TelemetryTests.decode(topic: example.topic, example.payload)
            #expect(json.positions.count == 1 && json.refusals.isEmpty)
            #expect(json.positions == frame.positions && json.alarms == frame.alarms && json.cameras == frame.cameras)
            #expect(json.terminal == frame.terminal && json.serial == nil)
            #expect(json.unknownFieldCount == frame.unknownFieldCount)
        }
    }

    @Test func aMessageBecomesWhatTheFrameBecomes() throws {
        let bodies: [(items: [(id: UInt8, value: [UInt8])], extra: String)] = [
            ([], ""),
            ([(0x01, [0, 1, 0x2D, 0x68]), (0x31, [16])], #","extra":{"mileage":77160,"gnss_sat_num":16}"#),
            ([(0x14, [0, 0, 0, 1]), (0x15, [0, 0, 1, 0])], #","extra":{"20":"AAAAAQ==","21":"AAABAA=="}"#),
            ([(0x52, [2]), (0x16, [0, 0, 0, 2])], #","extra":{"82":"Ag==","22":"AAAAAg=="}"#),
            (
                [(0x67, [0, 0, 0, 7, 1, 3] + [UInt8](repeating: 0, count: 35))],
                #","extra":{"103":"AAAABwEDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#
            ),
        ]
        let devices = DeviceDirectory(
            [("13700000001", DeviceSettings(drumForward: .mixes, rightCameraChannel: 9))])
        for body in bodies {
            let frame = FrameWriter(serial: 229, body: LocationWriter(items: body.items).bytes)
            let raw = TelemetryTests.decode(topic: frame.topic, frame.bytes, devices: devices)
            let json = self.decode(self.message(body: self.location(body.extra)), devices: devices)
            #expect(raw.refusals.isEmpty && json.refusals.isEmpty)
            #expect(json.positions == raw.positions && json.positions.count == 1)
            #expect(json.cameras == raw.cameras && json.alarms == raw.alarms)
            #expect(json.serial == nil && json.terminal == raw.terminal)
        }
    }

    @Test func theLayoutOf2019IsInTheHeader() {
        let alarm = self.location().replacing(#""alarm":0"#, with: #""alarm":131072"#)
        #expect(self.decode(self.message(body: alarm)).alarms.isEmpty)
        #expect(
            self.decode(self.message(header: #","proto_ver":1"#, body: alarm)).alarms.map(\.kind) == [.rightBlindSpot])
    }

    @Test func eachOfABatchIsJudgedByItself() {
        let bad = self.location(time: #""260230161530""#)
        let message = self.decode(
            self.message(
                id: 1796,
                body:
                    #"{"type":0,"length":4,"location":[\#(self.location()),\#(bad),7,\#(self.location(status: "-1"))]}"#
            ))
        #expect(message.positions.count == 1)
        #expect(message.refusals.map(\.reason) == [.badTime, .wrongShape, .outOfRange])
        #expect(message.refusals.map(\.reportIndex) == [1, 2, 3])
        #expect(self.decode(self.message(id: 1796, body: #"{"location":[]}"#)).refusals.map(\.reason) == [.empty])
        #expect(self.decode(self.message(id: 1796, body: "{}")).refusals.map(\.reason) == [.missingField])
        let many = [String](repeating: self.location(), count: 1001).joined(separator: ",")
        #expect(
            self.decode(self.message(id: 1796, body: #"{"location":[\#(many)]}"#)).refusals.map(\.reason) == [.tooMany])
    }

    @Test func theAnswerToAQuestionIsAPositionToo() {
        let message = self.decode(self.message(id: 513, body: #"{"seq":5,"params":\#(self.location())}"#))
        #expect(message.positions.count == 1 && message.refusals.isEmpty)
    }

    @Test(arguments: [2, 256, 258, 2049, 9999]) func messagesWithoutAReportAreIgnored(id: Int) {
        for body in ["{}", #"{"unknown_id":true,"data":"AAA="}"#, #"{"status":"x","time":3}"#] {
            let message = self.decode(self.message(id: id, body: body))
            #expect(message.carriesNoReport && message.refusals.isEmpty && message.serial == nil)
        }
    }

    @Test func phoneNumbersAreComparedWithoutTheirLeadingZeros() {
        for phone in [#""013700000001""#, #""13700000001""#, "13700000001", #""00000000013700000001""#] {
            let message = self.decode(self.message(body: self.location(), phone: phone))
            #expect(message.terminal?.text == "13700000001" && message.positions.count == 1)
        }
        let foreign = self.decode(self.message(body: self.location(), phone: #""13700000002""#))
        #expect(foreign.refusals.map(\.reason) == [.foreignTerminal] && foreign.serial == nil)
    }

    @Test func whatIsWrongIsNamed() {
        func reason(_ payload: String) -> String {
            self.decode(payload).refusals.map { "\($0.reason.rawValue) \($0.detail)" }.joined(separator: ",")
        }
        let location = self.location()
        #expect(reason("[]") == "wrong-shape {}")
        #expect(reason("{}") == "missing-field header")
        #expect(reason(#"{"header":3}"#) == "wrong-type header")
        #expect(reason(#"{"header":{}}"#) == "missing-field msg_id")
        #expect(reason(#"{"header":{"msg_id":512}}"#) == "missing-field body")
        #expect(reason(#"{"header":{"msg_id":512},"header":{"msg_id":2}}"#) == "repeated-field header")
        #expect(reason(self.message(header: #","encrypt":1"#, body: location)) == "repeated-field encrypt")
        #expect(
            reason(self.message(body: location).replacing(#""encrypt":0"#, with: #""encrypt":1"#))
                == "encrypted encrypt")
        #expect(reason(self.message(header: #","frag_total":2,"frag_sn":1"#, body: location)) == "fragment frag_total")
        #expect(reason(self.message(body: location, phone: #""x""#)) == "out-of-range phone")
        #expect(reason(self.message(body: location).replacing("229", with: "65536")) == "out-of-range msg_sn")
        #expect(reason(self.message(body: self.location(status: #""3""#))) == "wrong-type status")
        #expect(reason(self.message(body: self.location(status: "4294967296"))) == "out-of-range status")
        #expect(reason(self.message(body: self.location(status: "3.5"))) == "wrong-type status")
        #expect(reason(self.message(body: location.replacing(#""status":3,"#, with: ""))) == "missing-field status")
        #expect(reason(self.message(body: self.location(time: #""26030216153""#))) == "bad-time time")
        #expect(reason(self.message(body: self.location(time: "260302161530"))) == "wrong-type time")
        #expect(reason(self.message(body: self.location(#","extra":3"#))) == "wrong-type extra")
        #expect(reason(self.message(body: self.location(#","extra":{"103":"A"}"#))) == "wrong-type extra.103")
        #expect(reason(self.message(body: self.location(#","extra":{"mileage":-1}"#))) == "out-of-range extra.mileage")
        #expect(reason(self.message(body: self.location(#","extra":{"rssi":"x"}"#))) == "wrong-type extra.rssi")
        #expect(self.decode(self.message(body: location) + "x").refusals.map(\.reason) == [.malformed])
        #expect(self.decode("").refusals.map(\.reason) == [.malformed])
    }

    @Test func whatHasNoUseIsPassedOverAndTheUnknownCounted() {
        let extra =
            #","extra":{"signal":{"right_turn":1},"io_status":{"sleep":0},"custome":{"225":"AAA="},"225":"AAA=","x":1}"#
        let message = self.decode(self.message(header: #","later":1"#, body: self.location(extra + #","more":[]"#)))
        #expect(message.positions.count == 1 && message.refusals.isEmpty)
        #expect(message.unknownFieldCount == 5)
    }

    @Test func base64() {
        #expect(Base64.bytes(of: "") == [])
        #expect(Base64.bytes(of: "Zg==") == [0x66] && Base64.bytes(of: "Zm8=") == [0x66, 0x6F])
        #expect(Base64.bytes(of: "+/+/") == [0xFB, 0xFF, 0xBF])
        for bad in ["Z", "Zg", "Zg=", "=", "====", "Z===", "Zg==Zg==", "Zm-_", "Zg= ", "\u{7802}\u{884c}="] {
            #expect(Base64.bytes(of: bad) == nil, "\(bad)")
        }
    }
}
