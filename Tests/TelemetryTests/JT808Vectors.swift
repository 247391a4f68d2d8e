import Foundation
import TestSupport

@testable import Telemetry

/// Frames of other people's test suites in `../shared/data/jt808`, with what their suites and a second decoder say.
enum JT808Vectors {
    static let areThere = SharedData.url("jt808/frames.jsonl") != nil

    /// One line of `frames.jsonl`.
    struct Frame: Decodable {
        var hex: String
        var checksumIsGood: Bool
        var lengthIsGood: Bool
        var messageID: String
        var version: String?
        var phone: String?
        var serial: UInt16?
        var decoded: Decoded?

        enum CodingKeys: String, CodingKey {
            case hex, version, phone, decoded
            case checksumIsGood = "checksum_ok"
            case lengthIsGood = "body_len_ok"
            case messageID = "msg_id"
            case serial = "sn"
        }

        var bytes: [UInt8] { TelemetryTests.bytes(hex: self.hex) }
        /// One, or a batch's.
        var locations: [Location] { self.decoded.map { $0.locations ?? $0.location.map { [$0] } ?? [] } ?? [] }
    }

    /// The second decoder's word on a frame: a batch or one location.
    struct Decoded: Decodable {
        var locations: [Location]?
        var location: Location?

        enum CodingKeys: String, CodingKey { case locations }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.locations = try container.decodeIfPresent([Location].self, forKey: .locations)
            if self.locations == nil { self.location = try Location(from: decoder) }
        }
    }

    /// Its word on a location.
    struct Location: Decodable {
        var alarm: UInt32
        var status: UInt32
        var lat: Double
        var lon: Double
        var altitude: UInt16
        var speed: Double
        var direction: UInt16
        /// `2024-10-01 23:59:59`, in the terminal's time zone.
        var time: String
        var items: [Item]?

        enum CodingKeys: String, CodingKey {
            case alarm, status, lat, lon, direction, time, items
            case altitude = "alt_m"
            case speed = "speed_kmh"
        }
    }

    /// Its word on an item.
    struct Item: Decodable {
        var id: String
        var hex: String
        var truncated: Bool?
        var safety: Safety?

        enum CodingKeys: String, CodingKey {
            case id, hex, truncated
            case safety = "subiao"
        }

        var number: UInt8 { UInt8(self.id.dropFirst(2), radix: 16) ?? 0 }
        var value: UInt32? { UInt32(self.hex, radix: 16) }
    }

    /// Its word on an active-safety item.
    struct Safety: Decodable {
        var number: UInt32
        var flag: UInt8
        var event: UInt8?
        var level: UInt8?
        var speed: UInt8
        var altitude: UInt16
        var lat: Double
        var lon: Double
        var time: String
        var state: UInt16

        enum CodingKeys: String, CodingKey {
            case flag, event, level, speed, lat, lon, time
            case number = "alarm_id"
            case altitude = "alt"
            case state = "veh_status"
        }
    }

    static func frames(_ name: String) throws -> [Frame] {
        guard let url = SharedData.url("jt808/\(name).jsonl") else { return [] }
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Frame.self, from: Data($0.utf8)) }
    }

    /// The frames of `camera-and-drum-frames.json` by name.
    static func named() throws -> [String: [UInt8]] {
        struct Named: Decodable { var hex: String }
        guard let url = SharedData.url("jt808/camera-and-drum-frames.json") else { return [:] }
        return try JSONDecoder().decode([String: Named].self, from: Data(contentsOf: url))
            .mapValues { bytes(hex: $0.hex) }
    }

    /// Frame and payload pairs of `emqx/gateway.json`.
    static func gateway() throws -> [(topic: String, frame: [UInt8], payload: [UInt8])] {
        guard let url = SharedData.url("emqx/gateway.json"),
            let root = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any],
            let examples = root["examples"] as? [[String: Any]]
        else { return [] }
        return try examples.map { example in
            let payload = try JSONSerialization.data(withJSONObject: example["payload"] ?? [:])
            return (
                example["topic_default"] as? String ?? "", bytes(hex: example["frame_hex"] as? String ?? ""),
                Array(payload)
            )
        }
    }
}
