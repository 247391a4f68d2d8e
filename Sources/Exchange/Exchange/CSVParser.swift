import Registers

/// Takes valid UTF-8 apart into the records of a CSV file, one after the other.
struct CSVParser {
    /// One record, of any length.
    struct Record {
        /// The line on which it begins, from 1.
        var line: Int
        var cells: [String] = []
        var hasTextAfterQuote = false
    }

    static let textAfterQuote = Remark(
        zh: "右引号之后还有文字；单元格里的引号须写成两个", en: "text after a closing quote; double a quote inside a cell")

    private let bytes: [UInt8]
    private let limits: CSVLimits
    private var index = 0
    private var line = 1

    init(_ bytes: [UInt8], limits: CSVLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The next record with any content; `nil` at the end of the file.
    mutating func next() throws(ExchangeError) -> Record? {
        while self.index < self.bytes.count {
            let record = try self.record()
            if record.hasTextAfterQuote || !record.cells.allSatisfy(Self.isBlank) { return record }
        }
        return nil
    }

    private mutating func record() throws(ExchangeError) -> Record {
        var record = Record(line: self.line)
        while true {
            guard record.cells.count < self.limits.columns else {
                throw ExchangeError(
                    .tooLarge,
                    Remark(
                        zh: "一行超过 \(self.limits.columns) 列", en: "more than \(self.limits.columns) columns"),
                    line: record.line)
            }
            let isQuoted = self.index < self.bytes.count && self.bytes[self.index] == Self.quote
            let cell = isQuoted ? try self.quotedCell() : self.plainCell()
            if isQuoted, self.index < self.bytes.count, !Self.endsCell(self.bytes[self.index]) {
                record.hasTextAfterQuote = true
                _ = self.plainCell()
            }
            guard cell.count <= self.limits.cellBytes else {
                throw ExchangeError(
                    .tooLarge,
                    Remark(
                        zh: "一个单元格超过 \(self.limits.cellBytes) 字节",
                        en: "a cell of more than \(self.limits.cellBytes) bytes"), line: record.line)
            }
            record.cells.append(String(decoding: cell, as: UTF8.self))
            guard self.index < self.bytes.count, self.bytes[self.index] == Self.comma else {
                self.skipLineEnd()
                return record
            }
            self.index += 1
        }
    }

    /// Up to the next comma, line end or the end of the file.
    private mutating func plainCell() -> ArraySlice<UInt8> {
        let start = self.index
        while self.index < self.bytes.count, !Self.endsCell(self.bytes[self.index]) { self.index += 1 }
        return self.bytes[start..<self.index]
    }

    /// From the opening quote to behind the closing one; two quotes inside are one.
    private mutating func quotedCell() throws(ExchangeError) -> ArraySlice<UInt8> {
        let firstLine = self.line
        var cell: ArraySlice<UInt8> = []
        self.index += 1
        while self.index < self.bytes.count {
            let byte = self.bytes[self.index]
            if byte == Self.quote {
                self.index += 1
                guard self.index < self.bytes.count, self.bytes[self.index] == Self.quote else { return cell }
            } else if byte == Self.lineFeed
                || byte == Self.carriageReturn && self.byte(after: self.index) != Self.lineFeed
            {
                self.line += 1
            }
            cell.append(byte)
            self.index += 1
        }
        throw ExchangeError(
            .malformedTable,
            Remark(zh: "第 \(firstLine) 行的引号没有结束", en: "the quotation begun on line \(firstLine) never ends"),
            line: firstLine)
    }

    private mutating func skipLineEnd() {
        guard self.index < self.bytes.count else { return }
        let isPair =
            self.bytes[self.index] == Self.carriageReturn && self.byte(after: self.index) == Self.lineFeed
        self.index += isPair ? 2 : 1
        self.line += 1
    }

    private func byte(after index: Int) -> UInt8? {
        index + 1 < self.bytes.count ? self.bytes[index + 1] : nil
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private static func endsCell(_ byte: UInt8) -> Bool {
        byte == self.comma || byte == self.lineFeed || byte == self.carriageReturn
    }

    private static func isBlank(_ cell: String) -> Bool {
        cell.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\u{3000}" || $0 == "\u{A0}" }
    }
}
