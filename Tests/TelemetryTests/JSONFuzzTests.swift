import Foundation
import Geodesy
import RepeatableRandom
import Telemetry
import Testing

/// A JSON document as Foundation's decoder understands it: the second opinion.
private enum Reference: Decodable, Equatable {
    case null
    case boolean(Bool)
    case whole(Int64)
    case number(Double)
    case string(String)
    case array([Reference])
    case object([String: Reference])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .whole(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Reference].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Reference].self))
        }
    }

    var double: Double? {
        switch self {
        case .whole(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var kind: JSONScanner.Kind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .whole, .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

@Suite("JSON against Foundation")
struct JSONFuzzTests {
    private static let seeds: [String] = [
        examplePosition, "[\(examplePosition),\(position(""))]",
        #"{"time":1772439330000,"lat":-30.5,"lon":1.205e2,"x":{"y":[1,2,{"z":null}],"s":"\u780d\ud83d\ude9a\n"},"fix":false}"#,
        #"{"time":"2026-03-02T08:15:30Z","cameras":{"right_blind_spot":"ok","左":"lost"}}"#,
        #"[0,-0,1.5,1e5,1E-5,"",[],{},true,false,null,"砼行"]"#,
    ]
    private static let pieces: [[UInt8]] =
        [
            "null", "true", "1e999", "-0", ".5", "1.", "01", "1e5", "-", "\\u0000", "\\ud800", "\\udc00",
            "\\ud83d\\ude9a", "\\",
            "\"", "\"\"", "{", "}", "[", "]", ",", ":", " ", "\t", "\n", "\"seq\":9223372036854775808,", "\"lat\":1,",
            "123456789012345678901234567890", "0.1234567890123456789", "砼", "NaN", "//", "'", "\u{7F}", "\u{FEFF}",
            String(repeating: "[", count: 70),
        ].map { Array($0.utf8) } + [
            [0], [0x1F], [0x80], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ]

    private static func mutated(_ generator: inout SplitMix64) -> [UInt8] {
        var bytes = Array(Self.seeds[.random(in: 0..<Self.seeds.count, using: &generator)].utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: .random(in: 0...bytes.count, using: &generator))
            case 5: bytes.removeLast(bytes.count - place)
            default:
                let piece = Self.pieces[.random(in: 0..<Self.pieces.count, using: &generator)]
                bytes.replaceSubrange(place..<(Bool.random(using: &generator) ? place : end), with: piece)
            }
        }
        return bytes
    }

    /// Where Foundation and RFC 8259, as we read it, differ; `nil` for a document they have to agree on.
    private static func difference(_ bytes: [UInt8], _ failure: JSONFailure?) -> String? {
        // Foundation guesses UTF-16 and UTF-32 from zeros and byte order marks, and takes a UTF-8 mark.
        if bytes.prefix(4).contains(0) { return "looks like UTF-16 or UTF-32" }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFF, 0xFE])
            || bytes.starts(with: [0xFE, 0xFF])
        {
            return "a byte order mark"
        }
        // 512 levels there, 64 here.
        if failure?.reason == .tooDeep { return "depth" }
        // Foundation passes over a comma before a closing bracket; RFC 8259 has none there.
        if let failure, failure.reason == .unexpectedByte, failure.offset < bytes.count,
            bytes[failure.offset] == UInt8(ascii: "]") || bytes[failure.offset] == UInt8(ascii: "}"),
            bytes[..<failure.offset].last(where: { $0 > 0x20 }) == UInt8(ascii: ",")
        {
            return "a trailing comma"
        }
        return nil
    }

    @Test("What is JSON, and what it says, is what Foundation finds", arguments: 0..<8)
    func agrees(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        var accepted = 0
        for number in 0..<1_500 {
            let bytes = Self.mutated(&generator)
            let failure = JSONScannerTests.failure(bytes)
            guard Self.difference(bytes, failure) == nil else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let reference = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            // A number beyond Double is a number all the same; Foundation refuses the document.
            let isBeyond = text.contains(#/[0-9]e[0-9]{3,}/#)
            guard failure != nil || !isBeyond else { continue }
            #expect((failure == nil) == (reference != nil), "seed \(seed), \(number): \(text)")
            guard failure == nil else { continue }
            accepted += 1
            self.compareFields(bytes)
            self.compareReport(bytes)
        }
        #expect(accepted > 100)
    }

    /// Names, kinds, strings and numbers of a document that is one object.
    private func compareFields(_ bytes: [UInt8]) {
        guard let fields = try? JSONScanner.fields(of: bytes.span),
            case .object(let reference)? = try? JSONDecoder().decode(Reference.self, from: Data(bytes))
        else { return }
        #expect(Set(fields.map(\.name)) == Set(reference.keys))
        for field in fields {
            guard let value = reference[field.name] else { continue }
            #expect(value.kind == field.kind)
            if case .string(let string) = value {
                #expect((try? JSONScanner.string(bytes.span, at: field.value)) == string)
            }
            if let double = value.double {
                #expect((try? JSONScanner.double(bytes.span, at: field.value)) == double)
            }
        }
    }

    /// An independent, slow reading of the contract, for one object.
    private func compareReport(_ bytes: [UInt8]) {
        guard case .object(let fields)? = try? JSONDecoder().decode(Reference.self, from: Data(bytes)) else { return }
        let message = decode(bytes)
        // Foundation keeps one of two fields of the same name.
        guard message.refusals.first?.reason != .repeatedField else { return }
        let isGood = Self.isAcceptable(fields)
        #expect(
            message.positions.count == (isGood ? 1 : 0), "\(String(decoding: bytes, as: UTF8.self)) \(message.refusals)"
        )
        guard isGood, let report = message.positions.first else { return }
        #expect(report.coordinate.latitude == fields["lat"]?.double.map { ($0 * 1e7).rounded() / 1e7 })
        #expect(report.coordinate.longitude == fields["lon"]?.double.map { ($0 * 1e7).rounded() / 1e7 })
        #expect(report.speed.map(Double.init) == fields["speed_kmh"]?.double.map { ($0 * 10).rounded() })
        #expect(report.hasFix == (fields["fix"].map { $0 == .boolean(true) } ?? true))
    }

    private static func isAcceptable(_ fields: [String: Reference]) -> Bool {
        func isNumber(_ name: String, _ range: ClosedRange<Double>, isRequired: Bool = false) -> Bool {
            guard let field = fields[name] else { return !isRequired }
            return field.double.map(range.contains) ?? false
        }
        func isBoolean(_ name: String) -> Bool {
            switch fields[name] {
            case nil, .boolean: true
            default: false
            }
        }
        func isWhole(_ name: String, _ range: ClosedRange<Int64>) -> Bool {
            switch fields[name] {
            case nil: true
            case .whole(let value): range.contains(value)
            default: false
            }
        }
        let isTimely =
            switch fields["time"] {
            case .string(let text): text.contains(#/^2026-03-02[T ]08:1[0-5]:[0-5][0-9](?:\.[0-9]+)?Z$/#.ignoresCase())
            case .some(let value): value.double.map { $0 >= 946_684_800_000 && $0 <= 1_772_439_940_000 } ?? false
            case nil: false
            }
        let isKnown = [nil, .string("wgs84")].contains(fields["coordinates"])
        let isOwn = [nil, .string("truck-0042")].contains(fields["terminal"])
        return isTimely && isKnown && isOwn && isNumber("lat", -90...90, isRequired: true)
            && isNumber("lon", -180...180, isRequired: true) && isNumber("speed_kmh", 0...250)
            && isNumber("heading_deg", 0...360) && isNumber("altitude_m", -2e8...2e8)
            && isNumber("odometer_km", 0...2e7)
            && isNumber("hdop", 0...3276) && isNumber("drum_rpm", -3276...3276) && isNumber("load_kg", -2e9...2e9)
            && isBoolean("ignition") && isBoolean("fix") && isWhole("seq", .min ... .max)
            && isWhole("satellites", 0...32767)
    }
}
