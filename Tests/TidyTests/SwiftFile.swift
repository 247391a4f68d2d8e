/// A Swift file taken apart, so that a word in a comment or a string is never mistaken for code.
///
/// A small scanner, not a parser: it knows line and nested block comments, strings, raw and multi-line ones,
/// and regular expressions between `#/` and `/#`. An interpolation is code.
struct SwiftFile: Sendable {
    var path: String
    /// The lines as they stand.
    var lines: [Substring]
    /// The same lines with comments and the insides of strings left out.
    var code: [String]
    /// What stands inside strings, with the line (from 1) on which each begins.
    var strings: [(line: Int, text: String)]

    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if self.lines.last == "" { self.lines.removeLast() }
        var scanner = Scanner(text: text)
        scanner.run()
        self.code = scanner.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.strings = scanner.strings
    }

    /// `path:line` and the line itself, as a person would want to find it.
    func place(_ line: Int, _ complaint: String) -> String {
        let text = self.lines.indices.contains(line - 1) ? self.lines[line - 1].drop(while: \.isWhitespace) : ""
        return "\(self.path):\(line): \(complaint): \(text.prefix(100))"
    }

    /// Every line of code that matches, with the complaint.
    func complaints(_ complaint: String, where matches: (String) -> Bool) -> [String] {
        self.code.enumerated().compactMap { index, line in
            !line.allSatisfy(\.isWhitespace) && matches(line) ? self.place(index + 1, complaint) : nil
        }
    }
}

/// Reads a file once from front to back.
private struct Scanner {
    /// Bytes of UTF-8: all that the scanner looks for is ASCII, and the rest is passed on as it is.
    private let characters: [UInt8]
    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let space = UInt8(ascii: " ")
    private var position = 0
    private var line = 1
    private var kept: [UInt8] = []
    private(set) var strings: [(line: Int, text: String)] = []

    init(text: String) { self.characters = Array(text.utf8) }

    var code: String { String(decoding: self.kept, as: UTF8.self) }

    mutating func run() {
        while self.position < self.characters.count {
            if self.isAt("//") {
                self.skipLineComment()
            } else if self.isAt("/*") {
                self.skipBlockComment()
            } else if self.isAt("#/") {
                self.skipRegex()
            } else if let hashes = self.hashesOfString() {
                self.readString(hashes: hashes)
            } else {
                self.keep()
            }
        }
    }

    private func isAt(_ text: String, offset: Int = 0) -> Bool {
        var index = self.position + offset
        for byte in text.utf8 {
            guard index < self.characters.count, self.characters[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Moves on by one character and keeps it, or a line break in its place.
    private mutating func keep() {
        self.kept.append(self.characters[self.position])
        self.drop()
    }

    /// Moves on by so many characters and keeps nothing but line breaks.
    private mutating func drop(_ count: Int = 1) {
        for _ in 0..<count where self.position < self.characters.count {
            if self.characters[self.position] == Self.newline { self.line += 1 }
            self.position += 1
        }
    }

    private mutating func skipLineComment() {
        while self.position < self.characters.count, self.characters[self.position] != Self.newline { self.drop() }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if self.isAt("/*") {
                depth += 1
                self.drop(2)
            } else if self.isAt("*/") {
                depth -= 1
                self.drop(2)
            } else {
                if self.characters[self.position] == Self.newline { self.kept.append(Self.newline) }
                self.drop()
            }
        } while depth > 0 && self.position < self.characters.count
    }

    private mutating func skipRegex() {
        self.drop(2)
        while self.position < self.characters.count, !self.isAt("/#") {
            if self.characters[self.position] == Self.newline { self.kept.append(Self.newline) }
            self.drop()
        }
        self.drop(2)
        self.kept += "regex".utf8
    }

    /// How many `#` stand before the quotation mark here; `nil` where no string begins.
    private func hashesOfString() -> Int? {
        var hashes = 0
        while self.isAt("#", offset: hashes) { hashes += 1 }
        return self.isAt("\"", offset: hashes) ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        let quote = self.isAt("\"\"\"", offset: hashes) ? "\"\"\"" : "\""
        let start = self.line
        var text: [UInt8] = []
        self.drop(hashes + quote.utf8.count)
        self.kept.append(Self.quote)
        while self.position < self.characters.count, !self.isAt(quote + fence) {
            if self.isAt("\\" + fence + "(") {
                text += self.readInterpolation(prefix: 1 + hashes).utf8
                continue
            }
            let isEscape = self.isAt("\\" + fence)
            let length = isEscape ? 1 + hashes + 1 : 1
            for offset in 0..<length where self.position + offset < self.characters.count {
                let character = self.characters[self.position + offset]
                text.append(character)
                if character == Self.newline { self.kept.append(Self.newline) }
            }
            self.drop(length)
        }
        self.drop(quote.utf8.count + hashes)
        self.kept.append(Self.quote)
        self.strings.append((start, String(decoding: text, as: UTF8.self)))
    }

    /// An interpolation is code: it stays in the code, and the string goes on behind it.
    private mutating func readInterpolation(prefix: Int) -> String {
        self.drop(prefix)
        self.kept.append(Self.space)
        var depth = 0
        repeat {
            if let hashes = self.hashesOfString() {
                self.readString(hashes: hashes)
                continue
            }
            if self.isAt("(") { depth += 1 }
            if self.isAt(")") { depth -= 1 }
            self.keep()
        } while depth > 0 && self.position < self.characters.count
        self.kept.append(Self.space)
        return "\\(…)"
    }
}
