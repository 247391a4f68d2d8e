/// Escaping for the text formats that the product writes. Whatever stands in a register — quotes, line breaks, tags,
/// control characters — comes out as data, never as structure.
package enum TextEscapes {
    /// Appends `text` as a JSON string (RFC 8259), with its quotation marks.
    package static func appendJSON(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case UInt8(ascii: "\n"): output.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): output.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): output.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                output.append(contentsOf: "\\u00".utf8)
                output.append(Self.hexDigit(byte >> 4))
                output.append(Self.hexDigit(byte & 0x0F))
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Appends `text` as one CSV cell (RFC 4180), quoted only where it has to be.
    ///
    /// The text stays exactly what it is, also when it begins with `=`, `+`, `-` or `@`: these are machine formats. A
    /// spreadsheet takes such a cell for a formula, so tables for people are XLSX, where a cell's type says that it is
    /// text; registers, which people open as CSV all the same and read in again, pass through `guarded` before.
    package static func appendCSV(_ text: String, to output: inout [UInt8]) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): false
            default: true
            }
        }
        // Spaces at the ends survive readers that trim only between quotes.
        let hasOuterSpace = text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ")
        guard !isPlain || hasOuterSpace else {
            output.append(contentsOf: text.utf8)
            return
        }
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }

    /// `text` as a spreadsheet takes it for text: with an apostrophe before what it would run as a formula.
    /// `unguarded` gives back exactly what was.
    package static func guarded(_ text: String) -> String { Self.isFormula(text) ? "'" + text : text }

    /// Without the apostrophe that `guarded`, or a spreadsheet, put before a formula.
    package static func unguarded(_ text: String) -> String {
        text.hasPrefix("'") && Self.isFormula(text) ? String(text.dropFirst()) : text
    }

    /// Whether a spreadsheet would reckon with the text; also behind apostrophes, or these would be lost in reading.
    /// Numbers with a sign and telephone numbers call nothing.
    private static func isFormula(_ text: String) -> Bool {
        let rest = text.unicodeScalars.drop { $0 == "'" }
        guard let first = rest.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) else { return false }
        let isNumber = rest.allSatisfy { "+-0123456789. ()".unicodeScalars.contains($0) }
        return !isNumber
    }

    /// `text` as the content of an XML 1.0 element or attribute. Characters that XML cannot hold at all, such as NUL,
    /// become U+FFFD.
    package static func xml(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&apos;"
            // A reader would turn a carriage return into a line feed.
            case "\r": output += "&#13;"
            case "\t", "\n": output.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
