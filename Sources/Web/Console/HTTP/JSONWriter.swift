package import Chronology
package import Geodesy

/// Writes JSON (RFC 8259) straight into bytes, members in the order in which they are written.
/// `JSONEncoder` would take ten times as long for a trail of a day.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    /// Whether the next value or member has a neighbour on its left.
    private var needsComma = false

    package init(reserving capacity: Int = 0) {
        self.bytes.reserveCapacity(capacity)
    }

    package mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
        try self.enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    package mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
        try self.enclosed(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    /// The name of the member whose value is written next.
    package mutating func name(_ name: String) {
        self.separate()
        self.quote(name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    package mutating func null() { self.raw("null") }

    package mutating func value(_ text: String) {
        self.separate()
        self.quote(text)
    }

    package mutating func value(_ flag: Bool) { self.raw(flag ? "true" : "false") }

    package mutating func value(_ number: some FixedWidthInteger) { self.raw(String(number)) }

    /// Shortest text that reads back the same; JSON knows neither infinity nor NaN, they become null.
    package mutating func value(_ number: Double) {
        guard number.isFinite else { return self.null() }
        let text = number.description
        self.raw(text.hasSuffix(".0") ? text.dropLast(2) : text[...])
    }

    /// RFC 3339 in UTC.
    package mutating func value(_ instant: Instant) {
        self.separate()
        self.bytes.append(UInt8(ascii: "\""))
        instant.write(to: &self.bytes)
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// `number` tenths, for speeds and the like.
    package mutating func tenths(_ number: some FixedWidthInteger) { self.decimal(Int(clamping: number), places: 1) }

    /// `number` divided by ten to the power of `places`, exactly, without zeros at its end: what the nearest `Double`
    /// would give as well, in a tenth of the time.
    private mutating func decimal(_ number: Int, places: Int) {
        self.separate()
        if number < 0 { self.bytes.append(UInt8(ascii: "-")) }
        let unit = (0..<places).reduce(1 as UInt) { unit, _ in unit * 10 }
        self.bytes.append(digits: Int(number.magnitude / unit), width: 1)
        self.bytes.append(fraction: Int(number.magnitude % unit), places: places)
    }

    /// A GeoJSON position: longitude, latitude.
    package mutating func position(_ coordinate: Coordinate) {
        self.array {
            $0.degrees(coordinate.longitudeE7)
            $0.degrees(coordinate.latitudeE7)
        }
    }

    /// An angle in degrees, from 1e-7 degrees.
    package mutating func degrees(_ number: Int32) { self.decimal(Int(number), places: 7) }

    private mutating func enclosed(
        _ opening: UInt8, _ closing: UInt8, _ content: (inout JSONWriter) throws -> Void
    ) rethrows {
        self.separate()
        self.bytes.append(opening)
        self.needsComma = false
        try content(&self)
        self.bytes.append(closing)
        self.needsComma = true
    }

    private mutating func raw(_ text: some StringProtocol) {
        self.separate()
        self.bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
    }

    private mutating func quote(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        defer { self.bytes.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: Self.isEscaped) else {
            self.bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): self.bytes.append(contentsOf: "\\n".utf8)
            case 0..<0x20, 0x7f:
                let digits = String(byte, radix: 16)
                self.bytes.append(contentsOf: (digits.count == 1 ? "\\u000" : "\\u00").utf8)
                self.bytes.append(contentsOf: digits.utf8)
            default: self.bytes.append(byte)
            }
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
    }
}

extension JSONWriter {
    /// One document, from its outermost object.
    package static func document(
        reserving capacity: Int = 256, _ members: (inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = JSONWriter(reserving: capacity)
        try writer.object(members)
        return writer.bytes
    }

    package mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { self.value(text) } else { self.null() }
    }

    package mutating func member(_ name: String, _ flag: Bool?) {
        self.name(name)
        if let flag { self.value(flag) } else { self.null() }
    }

    package mutating func member(_ name: String, _ number: Double?) {
        self.name(name)
        if let number { self.value(number) } else { self.null() }
    }

    package mutating func member(_ name: String, _ number: (some FixedWidthInteger)?) {
        self.name(name)
        if let number { self.value(number) } else { self.null() }
    }

    package mutating func member(_ name: String, _ instant: Instant?) {
        self.name(name)
        if let instant { self.value(instant) } else { self.null() }
    }

    package mutating func member(_ name: String, tenths number: (some FixedWidthInteger)?) {
        self.name(name)
        if let number { self.tenths(number) } else { self.null() }
    }

    /// An angle in degrees, from 1e-7 degrees.
    package mutating func member(_ name: String, degrees number: Int32) {
        self.name(name)
        self.degrees(number)
    }

    package mutating func objectMember(_ name: String, _ members: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try self.object(members)
    }

    package mutating func arrayMember(_ name: String, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try self.array(elements)
    }
}
