/// A table as CSV (RFC 4180): a header line, lines that end in a line feed, quotes only where they are needed.
struct CommaSeparatedWriter {
    private(set) var text: String

    init(header: [String]) {
        self.text = ""
        self.append(header)
    }

    mutating func append(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { self.text += "," }
            self.text += Self.quoted(field)
        }
        self.text += "\n"
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard needsQuotes else { return field }
        var text = "\""
        for character in field.unicodeScalars {
            if character == "\"" { text += "\"\"" } else { text.unicodeScalars.append(character) }
        }
        return text + "\""
    }
}

/// Reads a table back, by column name.
struct CommaSeparatedReader {
    private let columns: [String: Int]
    let rows: [[String]]

    init(_ text: String) {
        var lines = Self.lines(of: text)
        let header = lines.isEmpty ? [] : lines.removeFirst()
        self.columns = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.rows = lines
    }

    /// `nil` where the table has no such column or the row is too short.
    func value(_ column: String, of row: [String]) -> String? {
        guard let index = self.columns[column], index < row.count else { return nil }
        return row[index]
    }

    /// The fields of each line; a quoted field may hold commas, doubled quotes and line ends.
    private static func lines(of text: String) -> [[String]] {
        var lines: [[String]] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && bytes.first == UInt8(ascii: "\""):
                bytes.removeFirst()
                field.append(byte)
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(string(field))
                field = []
            case 0x0D where !isQuoted: continue
            case 0x0A where !isQuoted:
                if !fields.isEmpty || !field.isEmpty { lines.append(fields + [string(field)]) }
                (fields, field) = ([], [])
            default: field.append(byte)
            }
        }
        if !fields.isEmpty || !field.isEmpty { lines.append(fields + [string(field)]) }
        return lines
    }
}
