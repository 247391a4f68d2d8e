import Foundation

/// What a verifier reads of `package.json`.
struct PackageHead: Codable {
    static let format = "tongxing evidence 1"

    var format: String
    var deliveryID: String
    var plate: String?
    var terminal: String
    var exportedBy: String
    var exportedAt: String
    var purpose: String
    var messages: Int
    var batches: Int

    /// The names in the file.
    private enum CodingKeys: String, CodingKey {
        case format, plate, terminal, purpose, messages, batches
        case deliveryID = "delivery_id"
        case exportedBy = "exported_by"
        case exportedAt = "exported_at"
    }

    init?(_ bytes: [UInt8]) {
        guard let head = try? JSONDecoder().decode(PackageHead.self, from: Data(bytes)), head.format == Self.format
        else { return nil }
        self = head
    }
}

/// `raw/decoding.json`.
enum DecodingDocument {
    static func bytes(of rules: DecodingRules) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Numbers and texts only: it cannot fail.
        return ((try? encoder.encode(rules)).map { Array($0) } ?? []) + [UInt8(ascii: "\n")]
    }

    static func rules(_ bytes: [UInt8]) -> DecodingRules? {
        try? JSONDecoder().decode(DecodingRules.self, from: Data(bytes))
    }
}
