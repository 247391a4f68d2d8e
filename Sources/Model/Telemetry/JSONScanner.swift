/// Walks a JSON document (RFC 8259, strictly) in place, without building anything of it.
///
/// The scanner is a position in bytes that the caller keeps: each step is given the same bytes that the scanner was
/// made for. Whoever walks with `nextField` or `nextElement` reads or skips each value before the next step. Names
/// that occur twice are the caller's business; `JSONScanner.fields(of:)` refuses them.
package struct JSONScanner: Sendable {
    /// Objects and arrays inside each other, at most.
    package static let maximumDepth = 64

    /// What a value is, known from its first byte.
    package enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    /// The next byte to read.
    package private(set) var position = 0
    private var depth = 0
    /// One bit a level, the innermost lowest: 1 is an object, 0 an array. `maximumDepth` is its width.
    private var nesting: UInt64 = 0
    /// Directly after `{` or `[`, where no comma is due.
    private var isFirst = false

    /// Stands before the document's value. Throws when the bytes are not UTF-8.
    package init(_ bytes: Span<UInt8>) throws(JSONFailure) {
        do {
            _ = try UTF8Span(validating: bytes)
        } catch {
            throw JSONFailure(.invalidUTF8, at: error.byteOffsets.lowerBound)
        }
    }

    /// What the next value is. Stands on its first byte afterwards.
    package mutating func kind(_ bytes: Span<UInt8>) throws(JSONFailure) -> Kind {
        self.position = Self.space(bytes, self.position)
        switch try Self.byte(bytes, self.position) {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw JSONFailure(.unexpectedByte, at: self.position)
        }
    }

    /// Whether the next value begins like one of `kind`. Stands on its first byte afterwards.
    @inline(__always)
    mutating func isNext(_ kind: Kind, _ bytes: Span<UInt8>) -> Bool {
        let position = Self.space(bytes, self.position)
        self.position = position
        guard position < bytes.count else { return false }
        let byte = bytes[position]
        return switch kind {
        case .object: byte == UInt8(ascii: "{")
        case .array: byte == UInt8(ascii: "[")
        case .string: byte == UInt8(ascii: "\"")
        case .number: byte &- 0x30 <= 9 || byte == UInt8(ascii: "-")
        case .boolean: byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f")
        case .null: byte == UInt8(ascii: "n")
        }
    }

    /// Steps into the object at hand; then comes `nextField`.
    package mutating func beginObject(_ bytes: Span<UInt8>) throws(JSONFailure) {
        try self.begin(UInt8(ascii: "{"), bit: 1, bytes)
    }

    /// Steps into the array at hand; then comes `nextElement`.
    package mutating func beginArray(_ bytes: Span<UInt8>) throws(JSONFailure) {
        try self.begin(UInt8(ascii: "["), bit: 0, bytes)
    }

    /// The name of the object's next field, whose value comes next; `nil` after the last, outside the object.
    package mutating func nextField(_ bytes: Span<UInt8>) throws(JSONFailure) -> JSONText? {
        guard try self.separator(bytes, end: UInt8(ascii: "}")) else { return nil }
        let name = try JSONText(bytes, at: Self.space(bytes, self.position))
        let colon = Self.space(bytes, name.range.upperBound &+ 1)
        guard try Self.byte(bytes, colon) == UInt8(ascii: ":") else { throw JSONFailure(.unexpectedByte, at: colon) }
        self.position = colon &+ 1
        return name
    }

    /// Passes over `, "name": ` when the next field has that name and stands just so (or without the spaces); nothing
    /// happens otherwise. A short way for what nearly every field looks like: what it does not take, `nextField` does.
    @inline(__always)
    mutating func takesName(_ name: NameCode, mask: NameCode, count: Int, _ bytes: Span<UInt8>) -> Bool {
        // Comma, space, quote; at most fifteen bytes of a name; quote, colon, space, and one more.
        guard bytes.holds(22, at: self.position) else { return false }
        let lead = bytes.wordInside(at: self.position)
        var start = self.position
        if self.isFirst {
            guard lead & 0xFF == 0x22 else { return false }
            start &+= 1
        } else if lead & 0xFF_FFFF == 0x22_202C {
            start &+= 3
        } else {
            guard lead & 0xFFFF == 0x222C else { return false }
            start &+= 2
        }
        guard bytes.wordInside(at: start) & mask.low == name.low else { return false }
        guard mask.high == 0 || bytes.wordInside(at: start &+ 8) & mask.high == name.high else { return false }
        let end = start &+ count
        let follow = bytes.halfWordInside(at: end)
        guard follow & 0xFFFF == 0x3A22 else { return false }
        self.isFirst = false
        self.position = end &+ ((follow &>> 16) & 0xFF == 0x20 ? 3 : 2)
        return true
    }

    /// Passes over a `}` directly behind a field's value; nothing happens where anything else stands.
    @inline(__always)
    mutating func takesEnd(_ bytes: Span<UInt8>) -> Bool {
        guard self.position < bytes.count, bytes[self.position] == UInt8(ascii: "}"), !self.isFirst else {
            return false
        }
        self.depth -= 1
        self.nesting >>= 1
        self.position &+= 1
        return true
    }

    /// Whether the array has another element, which comes next; `false` after the last, outside the array.
    package mutating func nextElement(_ bytes: Span<UInt8>) throws(JSONFailure) -> Bool {
        try self.separator(bytes, end: UInt8(ascii: "]"))
    }

    /// Reads a string.
    package mutating func text(_ bytes: Span<UInt8>) throws(JSONFailure) -> JSONText {
        let text = try JSONText(bytes, at: Self.space(bytes, self.position))
        self.position = text.range.upperBound &+ 1
        return text
    }

    /// Reads a number.
    package mutating func number(_ bytes: Span<UInt8>) throws(JSONFailure) -> JSONNumber {
        guard let number = try self.numberIfNext(bytes) else { throw JSONFailure(.unexpectedByte, at: self.position) }
        return number
    }

    /// Reads a number; `nil` where another value stands.
    @inline(__always)
    mutating func numberIfNext(_ bytes: Span<UInt8>) throws(JSONFailure) -> JSONNumber? {
        guard self.isNext(.number, bytes) else { return nil }
        let number = try JSONNumber(bytes, at: self.position)
        self.position = number.range.upperBound
        return number
    }

    /// Reads a number of the common short form as a double; `nil`, and nothing happens, where anything else stands.
    @inline(__always)
    mutating func takesShortNumber(_ bytes: Span<UInt8>) -> Double? {
        guard let (value, end) = JSONNumber.short(bytes, at: self.position) else { return nil }
        self.position = end
        return value
    }

    /// Reads `true` or `false`.
    package mutating func boolean(_ bytes: Span<UInt8>) throws(JSONFailure) -> Bool {
        let start = Self.space(bytes, self.position)
        // "true" and "alse" as words.
        if bytes.word(at: start) & 0xFFFF_FFFF == 0x6575_7274 {
            self.position = start + 4
            return true
        }
        guard try Self.byte(bytes, start) == UInt8(ascii: "f"),
            bytes.word(at: start + 1) & 0xFFFF_FFFF == 0x6573_6C61
        else { throw JSONFailure(.unexpectedByte, at: start) }
        self.position = start + 5
        return false
    }

    /// Passes over the next value, whatever it is, and gives the bytes it took. Everything in it is checked.
    @discardableResult
    package mutating func skip(_ bytes: Span<UInt8>) throws(JSONFailure) -> Range<Int> {
        let start = Self.space(bytes, self.position)
        let outside = self.depth
        try self.skipScalarOrBegin(bytes)
        while self.depth > outside {
            let isObject = self.nesting & 1 == 1
            let goesOn = isObject ? try self.nextField(bytes) != nil : try self.nextElement(bytes)
            if goesOn { try self.skipScalarOrBegin(bytes) }
        }
        return start..<self.position
    }

    /// Throws unless nothing but white space is left.
    package mutating func end(_ bytes: Span<UInt8>) throws(JSONFailure) {
        self.position = Self.space(bytes, self.position)
        guard self.position == bytes.count else { throw JSONFailure(.trailingBytes, at: self.position) }
    }

    private mutating func skipScalarOrBegin(_ bytes: Span<UInt8>) throws(JSONFailure) {
        switch try self.kind(bytes) {
        case .object: try self.beginObject(bytes)
        case .array: try self.beginArray(bytes)
        case .string: _ = try self.text(bytes)
        case .number: _ = try self.number(bytes)
        case .boolean: _ = try self.boolean(bytes)
        case .null:
            // "null"
            guard bytes.word(at: self.position) & 0xFFFF_FFFF == 0x6C6C_756E else {
                throw JSONFailure(.unexpectedByte, at: self.position)
            }
            self.position += 4
        }
    }

    private mutating func begin(_ opening: UInt8, bit: UInt64, _ bytes: Span<UInt8>) throws(JSONFailure) {
        let start = Self.space(bytes, self.position)
        guard try Self.byte(bytes, start) == opening else { throw JSONFailure(.unexpectedByte, at: start) }
        guard self.depth < Self.maximumDepth else { throw JSONFailure(.tooDeep, at: start) }
        self.depth += 1
        self.nesting = self.nesting << 1 | bit
        self.isFirst = true
        self.position = start + 1
    }

    /// Passes the comma before the next field or element, or the end of the object or array.
    @inline(__always)
    private mutating func separator(_ bytes: Span<UInt8>, end: UInt8) throws(JSONFailure) -> Bool {
        let position = Self.space(bytes, self.position)
        let byte = try Self.byte(bytes, position)
        let isFirst = self.isFirst
        self.isFirst = false
        if byte == UInt8(ascii: ","), !isFirst {
            self.position = position &+ 1
            return true
        }
        if byte == end {
            self.depth -= 1
            self.nesting >>= 1
            self.position = position &+ 1
            return false
        }
        guard isFirst else { throw JSONFailure(.unexpectedByte, at: position) }
        self.position = position
        return true
    }

    /// The first byte at or after `position` that is no white space.
    @inline(__always)
    private static func space(_ bytes: Span<UInt8>, _ position: Int) -> Int {
        var position = position
        while position < bytes.count, case let byte = bytes[position], byte <= 0x20 {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            position &+= 1
        }
        return position
    }

    @inline(__always)
    private static func byte(_ bytes: Span<UInt8>, _ position: Int) throws(JSONFailure) -> UInt8 {
        guard position < bytes.count else { throw JSONFailure(.unexpectedEnd, at: position) }
        return bytes[position]
    }
}
