import Chronology
import Telemetry

/// What every fuzzer does with a message: decode it, and hold it to what all messages obey.
enum Fuzz {
    private static let devices: DeviceDirectory = {
        let settings = DeviceSettings(drumForward: .mixes, rightCameraChannel: 9, coordinates: .gcj02)
        return DeviceDirectory([("13700000001", settings)])
    }()

    /// 2026-03-02T08:15:40Z.
    private static let receivedAt = Instant(seconds: 1_772_439_340)

    private static let decoder = MessageDecoder(devices: Self.devices)

    static func decode(topic: String, _ payload: [UInt8]) {
        var message = DecodedMessage()
        let topic = Array(topic.utf8)
        self.decoder.decode(
            topic: topic.span, payload: payload.span, receivedAt: self.receivedAt, into: &message)
        let reports = message.positions.count + message.cameras.count
        precondition(reports + message.refusals.count > 0 || message.carriesNoReport, "neither report nor refusal")
        precondition(!message.carriesNoReport || reports + message.refusals.count == 0, "no report, and one")
        for position in message.positions {
            precondition(position.coordinate.latitude.magnitude <= 90, "latitude")
            precondition(position.coordinate.longitude.magnitude <= 180, "longitude")
        }
    }

    /// The bytes that libFuzzer hands over.
    static func bytes(_ start: UnsafePointer<UInt8>, _ count: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: count))
    }
}
