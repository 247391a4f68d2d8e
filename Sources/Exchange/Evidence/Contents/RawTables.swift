import Chronology
import Crypto
import Exchange
import Telemetry

/// The tables of the folder `raw`: messages, batches, lanes.
enum RawTables {
    static let messageColumns = [
        "lane_id", "lane", "batch", "index", "received_at", "device_entry", "topic", "payload_sha256", "payload_hex",
    ]

    static func messages(_ sources: [DecodedReports.Source], laneNames: [Int32: String]) -> [UInt8] {
        var writer = TableWriter(columns: Self.messageColumns, format: .csv)
        for source in sources {
            writer.append([
                .integer(Int(source.place.lane)), .text(laneNames[source.place.lane]),
                .integer(Int(source.place.batch)), .integer(source.place.index), .time(source.message.receivedAt),
                .integer(source.device == 0 ? nil : Int(source.device)),
                .text(String(decoding: source.message.topic, as: UTF8.self)),
                .text(Hex.text(SHA256.hash(data: source.message.payload))), .text(Hex.text(source.message.payload)),
            ])
        }
        return writer.finish()
    }

    static let batchColumns = [
        "lane_id", "lane", "batch", "file", "sha256", "previous_sha256", "message_count", "raw_bytes", "stored",
        "duplicate", "quarantined", "ignored", "positions", "camera_reports", "alarms", "first_received_at",
        "last_received_at",
    ]

    static func batches(_ batches: [EvidenceBatch]) -> [UInt8] {
        var writer = TableWriter(columns: Self.batchColumns, format: .csv)
        for entry in batches {
            let batch = entry.batch
            let counts = batch.counts
            writer.append([
                .integer(Int(entry.lane)), .text(entry.laneName), .integer(Int(batch.number)),
                .text(PackageLayout.batch(entry.key)), .text(Hex.text(batch.hash)),
                .text(batch.previousHash.map { Hex.text($0) }), .integer(batch.messageCount),
                .integer(batch.rawByteCount), .integer(Int(counts.stored)), .integer(Int(counts.duplicate)),
                .integer(Int(counts.quarantined)), .integer(Int(counts.ignored)), .integer(Int(counts.positions)),
                .integer(Int(counts.cameraReports)), .integer(Int(counts.alarms)), .time(batch.firstReceivedAt),
                .time(batch.lastReceivedAt),
            ])
        }
        return writer.finish()
    }

    static func lanes(_ lanes: [EvidenceLane]) -> [UInt8] {
        var writer = TableWriter(
            columns: [
                "lane_id", "lane", "head_batch", "head_sha256", "dropped_through", "dropped_sha256", "dropped_note",
            ], format: .csv)
        for lane in lanes {
            let isDropped = lane.anchor.number > 0
            writer.append([
                .integer(Int(lane.lane)), .text(lane.name), .integer(Int(lane.head.number)),
                .text(Hex.text(lane.head.hash)), .integer(isDropped ? Int(lane.anchor.number) : nil),
                .text(isDropped ? Hex.text(lane.anchor.hash) : nil), .text(lane.anchorNote),
            ])
        }
        return writer.finish()
    }
}

/// Lower-case hexadecimal.
enum Hex {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            digits.append(Self.digit(byte >> 4))
            digits.append(Self.digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// `nil` unless pairs of lower-case digits.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
