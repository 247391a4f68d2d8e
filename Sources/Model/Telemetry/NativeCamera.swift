import Chronology

/// A camera report as the native dialect (`fleet/v1/{terminal}/camera`) says it, not yet judged.
struct NativeCamera: ~Copyable {
    var time: Instant?
    /// In the payload's order; `nil` when the field is missing.
    var cameras: [Camera]?
    var terminal: String?

    /// One camera's name and state as they stand.
    struct Camera {
        var name: String
        var state: String
    }

    /// The dialect's names.
    enum Field: String, CaseIterable, Sendable {
        case time, cameras, terminal
    }

    static let table = FieldTable<Field>(.time)

    /// Reads the object at hand. What is wrong with a field is noted in `reader`; only broken JSON throws.
    init(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>, limit: Int, reader: inout FieldReader<Field>
    ) throws(JSONFailure) {
        try scanner.beginObject(bytes)
        while let field = try reader.nextField(&scanner, bytes) {
            switch field {
            case .time: self.time = try reader.instant(field, &scanner, bytes)
            case .terminal: self.terminal = try reader.text(field, &scanner, bytes)?.string(bytes)
            case .cameras: self.cameras = try Self.cameras(&scanner, bytes, limit: limit, reader: &reader)
            }
        }
    }

    private static func cameras(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>, limit: Int, reader: inout FieldReader<Field>
    ) throws(JSONFailure) -> [Camera]? {
        guard try reader.expect(.object, .cameras, &scanner, bytes) else { return nil }
        var cameras: [Camera] = []
        try scanner.beginObject(bytes)
        while let name = try scanner.nextField(bytes) {
            guard cameras.count < limit else {
                reader.note(.outOfRange, .cameras)
                try scanner.skip(bytes)
                continue
            }
            guard try scanner.kind(bytes) == .string else {
                reader.note(.wrongType, .cameras, suffix: "[\(cameras.count)]")
                try scanner.skip(bytes)
                continue
            }
            cameras.append(Camera(name: name.string(bytes), state: try scanner.text(bytes).string(bytes)))
        }
        return cameras
    }
}
