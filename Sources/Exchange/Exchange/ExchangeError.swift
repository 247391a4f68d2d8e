package import Registers

/// Why a file as a whole could not be read. What is wrong with single rows is collected as `RowError`s instead.
package struct ExchangeError: Error, Hashable, Sendable {
    /// What went wrong.
    package enum Code: String, Sendable {
        /// Neither UTF-8 nor GB 18030.
        case unknownEncoding = "unknown-encoding"
        /// The system's converter for GB 18030 is not installed.
        case noConverter = "no-converter"
        /// A limit of `CSVLimits` or of the replay reader is exceeded.
        case tooLarge = "too-large"
        /// Not a table: no header, or a quotation that never ends.
        case malformedTable = "malformed-table"
        /// The file cannot be opened or read.
        case unreadableFile = "unreadable-file"
    }

    package var code: Code
    package var message: Remark
    /// Line of the file, from 1.
    package var line: Int?
    /// Byte of the file, from 0.
    package var offset: Int?

    package init(_ code: Code, _ message: Remark, line: Int? = nil, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.line = line
        self.offset = offset
    }
}

extension ExchangeError: CustomStringConvertible {
    /// One line for a terminal, with the line of the file where there is one.
    package var description: String {
        guard let line = self.line else { return "\(self.message.zh) / \(self.message.en)" }
        return "第 \(line) 行：\(self.message.zh) / line \(line): \(self.message.en)"
    }
}

extension Remark {
    /// What the model's errors say in one text, Chinese first: `中文 / English`.
    init(bilingual text: String) {
        guard let stroke = text.firstRange(of: " / ") else {
            self.init(zh: text, en: text)
            return
        }
        self.init(zh: String(text[..<stroke.lowerBound]), en: String(text[stroke.upperBound...]))
    }
}

/// What is wrong, or remarkable, at one place of a table.
package struct RowError: Hashable, Sendable, Codable {
    /// Line of the file on which the row begins, from 1; quoted line breaks count as lines.
    package var line: Int
    /// The column's header as it stands in the file (the contract's name where the column is missing); `nil`: the
    /// row as a whole.
    package var column: String?
    package var message: Remark

    package init(line: Int, column: String? = nil, _ message: Remark) {
        self.line = line
        self.column = column
        self.message = message
    }
}

extension [RowError] {
    /// With what was found later, by line; a row that was refused as a whole already is not refused so again.
    package func joined(by others: [RowError]) -> [RowError] {
        let whole = Set(self.filter { $0.column == nil }.map(\.line))
        return (self + others.filter { $0.column != nil || !whole.contains($0.line) }).sorted { $0.line < $1.line }
    }
}

extension RowError: CustomStringConvertible {
    /// One line for a terminal: `第 3 行「lat」：… / line 3, lat: …`
    package var description: String {
        let zhColumn = self.column.map { "「\($0)」" } ?? ""
        let enColumn = self.column.map { ", \($0)" } ?? ""
        return "第 \(self.line) 行\(zhColumn)：\(self.message.zh) / line \(self.line)\(enColumn): \(self.message.en)"
    }
}
