import Chronology
import Telemetry

/// When the messages of these tests arrive.
let receivedAt = Instant(seconds: 1_772_439_340)

/// What one message comes to.
func decode(
    topic: String = "fleet/v1/truck-0042/position", _ payload: [UInt8], limits: ValidationLimits = .standard,
    devices: DeviceDirectory = .empty, at time: Instant = receivedAt
) -> DecodedMessage {
    var message = DecodedMessage()
    MessageDecoder(limits: limits, devices: devices).decode(
        topic: Array(topic.utf8).span, payload: payload.span, receivedAt: time, into: &message)
    return message
}

/// What one text message comes to.
func decode(
    topic: String = "fleet/v1/truck-0042/position", _ payload: String, limits: ValidationLimits = .standard,
    devices: DeviceDirectory = .empty
) -> DecodedMessage {
    decode(topic: topic, Array(payload.utf8), limits: limits, devices: devices)
}

/// A camera message.
func decodeCamera(_ payload: String, limits: ValidationLimits = .standard) -> DecodedMessage {
    decode(topic: "fleet/v1/truck-0042/camera", payload, limits: limits)
}

/// The contract's example.
let examplePosition = """
    {"time": "2026-03-02T08:15:30Z", "lat": 30.746123, "lon": 120.755512, "speed_kmh": 42.5, "heading_deg": 187.0,
     "altitude_m": 12, "ignition": true, "odometer_km": 48211.42, "satellites": 11, "hdop": 0.9, "drum_rpm": -8.0,
     "load_kg": 21400, "seq": 1234, "coordinates": "wgs84", "fix": true}
    """

/// A position with the required fields and some more.
func position(_ more: String) -> String {
    #"{"time":"2026-03-02T08:15:30Z","lat":30.5,"lon":120.5"# + (more.isEmpty ? "" : "," + more) + "}"
}
