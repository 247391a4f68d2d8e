/// A string of a JSON document: where it stands.
package struct JSONText: Sendable {
    /// The bytes between the quotes, escapes as they stand.
    package let range: Range<Int>
    package let hasEscapes: Bool

    @inline(__always)
    init(range: Range<Int>, hasEscapes: Bool) {
        self.range = range
        self.hasEscapes = hasEscapes
    }

    /// Reads from the opening quote on.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at start: Int) throws(JSONFailure) {
        guard start < bytes.count else { throw JSONFailure(.unexpectedEnd, at: start) }
        guard bytes[start] == UInt8(ascii: "\"") else { throw JSONFailure(.unexpectedByte, at: start) }
        var position = start &+ 1
        var hasEscapes = false
        while true {
            let stop = StringStops.index(in: bytes.word(at: position))
            position &+= stop
            if stop == 8 { continue }
            guard position < bytes.count else { throw JSONFailure(.unexpectedEnd, at: bytes.count) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else { throw JSONFailure(.controlCharacter, at: position) }
            hasEscapes = true
            position = try Self.escape(bytes, at: position).end
        }
        self.range = Range(uncheckedBounds: (start &+ 1, position))
        self.hasEscapes = hasEscapes
    }

    /// The string itself.
    package func string(_ bytes: Span<UInt8>) -> String {
        guard self.hasEscapes else { return String(validUTF8: bytes.extracting(self.range)) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(self.range.count)
        var position = self.range.lowerBound
        while position < self.range.upperBound {
            guard bytes[position] == UInt8(ascii: "\\") else {
                unescaped.append(bytes[position])
                position += 1
                continue
            }
            // The escapes were checked when the string was read.
            guard let escape = try? Self.escape(bytes, at: position) else { break }
            unescaped += Array(String(escape.scalar).utf8)
            position = escape.end
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// The character that an escape stands for, and where it ends; a surrogate pair is one escape.
    private static func escape(
        _ bytes: Span<UInt8>, at start: Int
    ) throws(JSONFailure) -> (scalar: Unicode.Scalar, end: Int) {
        guard start + 1 < bytes.count else { throw JSONFailure(.unexpectedEnd, at: bytes.count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): return ("\"", start + 2)
        case UInt8(ascii: "\\"): return ("\\", start + 2)
        case UInt8(ascii: "/"): return ("/", start + 2)
        case UInt8(ascii: "b"): return ("\u{8}", start + 2)
        case UInt8(ascii: "f"): return ("\u{C}", start + 2)
        case UInt8(ascii: "n"): return ("\n", start + 2)
        case UInt8(ascii: "r"): return ("\r", start + 2)
        case UInt8(ascii: "t"): return ("\t", start + 2)
        case UInt8(ascii: "u"):
            let unit = try self.hexadecimal(bytes, at: start + 2)
            if let scalar = Unicode.Scalar(unit) { return (scalar, start + 6) }
            // The first half of a pair; the second has to follow.
            guard unit < 0xDC00, start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
                bytes[start + 7] == UInt8(ascii: "u")
            else { throw JSONFailure(.badEscape, at: start) }
            let low = try self.hexadecimal(bytes, at: start + 8)
            guard (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw JSONFailure(.badEscape, at: start) }
            return (scalar, start + 12)
        default: throw JSONFailure(.badEscape, at: start)
        }
    }

    private static func hexadecimal(_ bytes: Span<UInt8>, at start: Int) throws(JSONFailure) -> UInt32 {
        guard start + 4 <= bytes.count else { throw JSONFailure(.unexpectedEnd, at: bytes.count) }
        var value: UInt32 = 0
        for index in start..<(start + 4) {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw JSONFailure(.badEscape, at: index)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

extension String {
    /// Bytes that are known to be UTF-8; empty if they are not after all.
    init(validUTF8 bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) {
            self = String(copying: text)
        } else {
            self = ""
        }
    }
}
