import Chronology
import Telemetry
import Testing

@Suite("Native camera reports")
struct NativeCameraTests {
    private static func camera(_ cameras: String) -> String {
        #"{"time":"2026-03-02T08:15:30Z","cameras":\#(cameras)}"#
    }

    @Test("Cameras are kept, sorted by name")
    func reads() {
        let message = decodeCamera(
            Self.camera(#"{"right_blind_spot":"ok","左侧":"fault","front":"occluded","a\tb":"ok","rear":"lost"}"#)
                .replacing(#"a\tb"#, with: "a b"))
        #expect(message.refusals == [])
        #expect(message.positions == [])
        #expect(
            message.cameras == [
                CameraReport(
                    recordedAt: Instant(seconds: 1_772_439_330),
                    cameras: [
                        CameraStatus(name: "a b", state: .ok), CameraStatus(name: "front", state: .occluded),
                        CameraStatus(name: "rear", state: .lost), CameraStatus(name: "right_blind_spot", state: .ok),
                        CameraStatus(name: "左侧", state: .fault),
                    ])
            ])
    }

    @Test(
        "Anything else is refused, naming the place but not the payload's words",
        arguments: [
            (Self.camera("{}"), .missingField, "cameras"), (#"{"time":1772439330000}"#, .missingField, "cameras"),
            (#"{"cameras":{"a":"ok"}}"#, .missingField, "time"), (Self.camera("[]"), .wrongType, "cameras"),
            (Self.camera("null"), .wrongType, "cameras"), (Self.camera(#""ok""#), .wrongType, "cameras"),
            (Self.camera(#"{"a":"ok","b":true}"#), .wrongType, "cameras[1]"),
            (Self.camera(#"{"a":null}"#), .wrongType, "cameras[0]"),
            (Self.camera(#"{"a":"OK"}"#), .outOfRange, "cameras[0]"),
            (Self.camera(#"{"a":"ok","b":"unknown"}"#), .outOfRange, "cameras[1]"),
            (Self.camera(#"{"":"ok"}"#), .outOfRange, "cameras[0]"),
            (Self.camera(#"{"a\u0000":"ok"}"#), .outOfRange, "cameras[0]"),
            (Self.camera(#"{"a\u0085":"ok"}"#), .outOfRange, "cameras[0]"),
            (Self.camera(#"{"a=ok;right_blind_spot":"ok"}"#), .outOfRange, "cameras[0]"),
            (Self.camera("{\"\(String(repeating: "c", count: 65))\":\"ok\"}"), .outOfRange, "cameras[0]"),
            (Self.camera(#"{"a":"ok","\u0061":"lost"}"#), .repeatedField, "cameras"),
            (Self.camera(#"{"a":"ok"},"cameras":{"b":"ok"}"#), .repeatedField, "cameras"),
            (Self.camera(#"{"a":"ok"},"terminal":"other""#), .foreignTerminal, "terminal"),
        ] as [(String, Refusal.Reason, String)])
    func refuses(text: String, reason: Refusal.Reason, place: String) {
        let message = decodeCamera(text)
        #expect(message.cameras == [])
        #expect(message.refusals == [Refusal(reason, detail: place)])
    }

    @Test("A report names at most so many cameras")
    func limit() {
        func text(_ count: Int) -> String {
            Self.camera("{" + (0..<count).map { "\"c\($0)\":\"ok\"" }.joined(separator: ",") + "}")
        }
        #expect(decodeCamera(text(64)).cameras.first?.cameras.count == 64)
        #expect(decodeCamera(text(65)).refusals == [Refusal(.outOfRange, detail: "cameras")])
    }

    @Test("A position's fields are unknown to the camera's dialect, and the other way round")
    func dialects() {
        let message = decodeCamera(#"{"time":1772439330000,"lat":1,"lon":2,"cameras":{"a":"ok"}}"#)
        #expect(message.cameras.count == 1)
        #expect(message.unknownFieldCount == 2)
        #expect(decode(position(#""cameras":{"a":"ok"}"#)).unknownFieldCount == 1)
    }
}
