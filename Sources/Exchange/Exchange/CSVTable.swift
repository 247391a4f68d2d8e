import Registers

/// The bounds of a table that is read. Exceeding one refuses the file, with the line where it happened.
package struct CSVLimits: Hashable, Sendable {
    /// Size of the file.
    package var bytes: Int
    package var rows: Int
    package var columns: Int
    /// Size of one cell in UTF-8.
    package var cellBytes: Int

    package init(bytes: Int = 64 << 20, rows: Int = 1_000_000, columns: Int = 256, cellBytes: Int = 1 << 20) {
        self.bytes = bytes
        self.rows = rows
        self.columns = columns
        self.cellBytes = cellBytes
    }
}

/// A table as read from a file: rows of as many cells as the header has.
package struct CSVTable: Hashable, Sendable {
    /// One row with the line of the file on which it begins, from 1.
    package struct Row: Hashable, Sendable {
        package var line: Int
        package var cells: [String]

        package init(line: Int, cells: [String]) {
            self.line = line
            self.cells = cells
        }
    }

    package var header: Row
    package var rows: [Row]
    /// Rows that were left out: of another length than the header, or with text after a closing quote.
    package var faults: [RowError]
    package var encoding: SourceText.Encoding

    package init(header: Row, rows: [Row], faults: [RowError] = [], encoding: SourceText.Encoding = .utf8) {
        self.header = header
        self.rows = rows
        self.faults = faults
        self.encoding = encoding
    }

    /// Reads RFC 4180 with the usual liberties: lines end in CRLF, LF or CR, a quotation mark inside an unquoted
    /// cell stands for itself, and lines without any content (also `,,,`) are skipped.
    ///
    /// Throws when the file as a whole is no table: an unknown encoding, no header, a quotation that never ends, or
    /// a limit exceeded.
    package init(csv source: [UInt8], limits: CSVLimits = CSVLimits()) throws(ExchangeError) {
        guard source.count <= limits.bytes else {
            throw ExchangeError(
                .tooLarge,
                Remark(
                    zh: "文件有 \(source.count) 字节，上限 \(limits.bytes)，请分成几个文件",
                    en: "the file has \(source.count) bytes, the limit is \(limits.bytes); split it"))
        }
        let text = try SourceText(decoding: source)
        var parser = CSVParser(text.bytes, limits: limits)
        guard let header = try parser.next() else {
            throw ExchangeError(
                .malformedTable, Remark(zh: "文件是空的，没有表头", en: "the file is empty: no header"), line: 1)
        }
        guard !header.hasTextAfterQuote else {
            throw ExchangeError(.malformedTable, CSVParser.textAfterQuote, line: header.line)
        }
        self.init(header: Row(line: header.line, cells: header.cells), rows: [], encoding: text.encoding)
        while let record = try parser.next() {
            guard self.rows.count + self.faults.count < limits.rows else {
                throw ExchangeError(
                    .tooLarge,
                    Remark(
                        zh: "超过 \(limits.rows) 行，请分成几个文件",
                        en: "more than \(limits.rows) rows; split the file"), line: record.line)
            }
            self.append(record)
        }
    }

    private mutating func append(_ record: CSVParser.Record) {
        if record.hasTextAfterQuote {
            self.faults.append(RowError(line: record.line, CSVParser.textAfterQuote))
        } else if record.cells.count != self.header.cells.count {
            self.faults.append(
                RowError(
                    line: record.line,
                    Remark(
                        zh: "有 \(record.cells.count) 个单元格，表头有 \(self.header.cells.count) 个",
                        en: "\(record.cells.count) cells, but the header has \(self.header.cells.count)")))
        } else {
            self.rows.append(Row(line: record.line, cells: record.cells))
        }
    }
}
