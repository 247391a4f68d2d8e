import Chronology
import Foundation
import Telemetry

/// One 250-byte native position, decoded and validated, beside Foundation's JSONDecoder into the same fields.
enum DecodeBenchmark {
    private static let count = 200_000
    private static let payload = Array(
        """
        {"time": "2026-03-02T08:15:30.250Z", "lat": 30.746123, "lon": 120.755512, "speed_kmh": 42.5, "heading_deg": 187.0, \
        "altitude_m": 12, "ignition": true, "odometer_km": 48211.42, "satellites": 11, "hdop": 0.9, "drum_rpm": -8.0, \
        "load_kg": 21400, "seq": 1234}
        """.utf8)

    private struct Peer: Decodable {
        var time: String
        var lat: Double
        var lon: Double
        var speed_kmh: Double?
        var heading_deg: Double?
        var seq: Int64?
    }

    static func run() throws -> [Measurement] {
        let topic = Array("fleet/v1/T0001/position".utf8)
        let received = Instant(rfc3339: "2026-03-02T08:15:31Z") ?? .distantPast
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var positions = 0
        let ours = seconds {
            for _ in 0..<Self.count {
                message.reset()
                decoder.decode(topic: topic.span, payload: Self.payload.span, receivedAt: received, into: &message)
                positions += message.positions.count
            }
        }
        precondition(positions == Self.count * 6, "the payload is refused: \(message.refusals)")
        let data = Data(Self.payload)
        let foundation = JSONDecoder()
        let peerCount = Self.count / 20
        let theirs = try seconds {
            for _ in 0..<peerCount { _ = try foundation.decode(Peer.self, from: data) }
        }
        let peer = Measurement("decode", "JSONDecoder", unit: "µs", values: theirs.map { $0 / Double(peerCount) * 1e6 })
        return [
            peer,
            Measurement(
                "decode", "MessageDecoder", unit: "µs", values: ours.map { $0 / Double(Self.count) * 1e6 }, peer: peer,
                goal: .atMost(0.4)),
        ]
    }
}
