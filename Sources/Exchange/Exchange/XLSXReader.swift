import Chronology
import Registers

/// Reads the first sheet of an Excel workbook as a table, as CSV is read: the zip through libarchive, its XML parts
/// through expat. A row's line is its number in the sheet, so that errors are found where Excel shows them.
package enum XLSXReader {
    /// Whether a file is a zip archive, as workbooks are.
    package static func isWorkbook(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    package static func table(_ bytes: [UInt8], limits: CSVLimits = CSVLimits()) throws(ExchangeError) -> CSVTable {
        guard bytes.count <= limits.bytes else {
            throw ExchangeError(
                .tooLarge,
                Remark(
                    zh: "文件有 \(bytes.count) 字节，上限 \(limits.bytes)，请分成几个文件",
                    en: "the file has \(bytes.count) bytes, the limit is \(limits.bytes); split it"))
        }
        let parts = try ZipArchive.read(bytes, limit: 4 * limits.bytes) { path in
            path.hasPrefix("xl/") && (path.hasSuffix(".xml") || path.hasSuffix(".xml.rels"))
        }
        let workbook = try Workbook(parts)
        guard let sheet = parts[workbook.firstSheet] else {
            throw Self.malformed("没有工作表 \(workbook.firstSheet)", "no sheet \(workbook.firstSheet)")
        }
        var reader = SheetReader(workbook: workbook, limits: limits)
        return try reader.table(sheet)
    }

    static func malformed(_ zh: String, _ en: String, line: Int? = nil) -> ExchangeError {
        ExchangeError(
            .malformedTable, Remark(zh: "不是可用的 XLSX：\(zh)", en: "not an XLSX that can be used: \(en)"), line: line)
    }

    static func parse(_ bytes: [UInt8], _ part: String, _ events: XMLEvents) throws(ExchangeError) {
        if let reason = events.read(bytes) { throw Self.malformed("\(part)：\(reason)", "\(part): \(reason)") }
    }
}

/// What the sheet's cells refer to: shared texts, which styles are dates, where the first sheet lies.
private struct Workbook {
    private(set) var firstSheet = "xl/worksheets/sheet1.xml"
    private(set) var texts: [String] = []
    /// By style: whether its number is a date.
    private(set) var isDate: [Bool] = []
    /// Days count from 1904 rather than 1900.
    private(set) var startsIn1904 = false

    init(_ parts: [String: [UInt8]]) throws(ExchangeError) {
        guard let book = parts["xl/workbook.xml"] else {
            throw XLSXReader.malformed(
                "没有 xl/workbook.xml（旧版 .xls 请另存为 .xlsx）", "no xl/workbook.xml (save an old .xls as .xlsx)")
        }
        var sheetID: String?
        var startsIn1904 = false
        var events = XMLEvents()
        events.onStart = { name, attributes in
            if name == "sheet", sheetID == nil { sheetID = attributes["id"] }
            if name == "workbookPr" { startsIn1904 = ["1", "true"].contains(attributes["date1904"] ?? "") }
        }
        try XLSXReader.parse(book, "xl/workbook.xml", events)
        self.startsIn1904 = startsIn1904
        if let sheetID, let relations = parts["xl/_rels/workbook.xml.rels"] {
            try self.find(sheetID, in: relations)
        }
        if let shared = parts["xl/sharedStrings.xml"] { try self.readTexts(shared) }
        if let styles = parts["xl/styles.xml"] { try self.readStyles(styles) }
    }

    private mutating func find(_ id: String, in relations: [UInt8]) throws(ExchangeError) {
        var target: String?
        var events = XMLEvents()
        events.onStart = { name, attributes in
            if name == "Relationship", attributes["Id"] == id { target = attributes["Target"] }
        }
        try XLSXReader.parse(relations, "xl/_rels/workbook.xml.rels", events)
        guard let target else { return }
        self.firstSheet = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }

    /// Runs of differently formatted text are one text; readings above the characters (`rPh`) are none of it.
    private mutating func readTexts(_ bytes: [UInt8]) throws(ExchangeError) {
        var texts: [String] = []
        var current = ""
        var (isText, isReading) = (false, false)
        var events = XMLEvents()
        events.onStart = { name, _ in
            if name == "si" { current = "" }
            if name == "t" { isText = true }
            if name == "rPh" { isReading = true }
        }
        events.onEnd = { name in
            if name == "si" { texts.append(current) }
            if name == "t" { isText = false }
            if name == "rPh" { isReading = false }
        }
        events.onText = { if isText, !isReading { current += $0 } }
        try XLSXReader.parse(bytes, "xl/sharedStrings.xml", events)
        self.texts = texts
    }

    private mutating func readStyles(_ bytes: [UInt8]) throws(ExchangeError) {
        var codes: [Int: String] = [:]
        var formats: [Int] = []
        var isInCells = false
        var events = XMLEvents()
        events.onStart = { name, attributes in
            if name == "numFmt", let id = attributes["numFmtId"].flatMap({ Int($0) }) {
                codes[id] = attributes["formatCode"]
            }
            if name == "cellXfs" { isInCells = true }
            if name == "xf", isInCells { formats.append(attributes["numFmtId"].flatMap { Int($0) } ?? 0) }
        }
        events.onEnd = { if $0 == "cellXfs" { isInCells = false } }
        try XLSXReader.parse(bytes, "xl/styles.xml", events)
        self.isDate = formats.map { id in codes[id].map(Self.isDate) ?? Self.builtInDates.contains(id) }
    }

    /// ECMA-376, 18.8.30, with those of the Chinese editions.
    private static let builtInDates = Set(Array(14...22) + Array(27...36) + Array(45...47) + Array(50...58))

    /// Letters of a date outside quotation marks, brackets and escapes.
    private static func isDate(_ code: String) -> Bool {
        var (isQuoted, isBracketed, isEscaped) = (false, false, false)
        for letter in code.lowercased() {
            if isEscaped {
                isEscaped = false
            } else if letter == "\\" || letter == "_" {
                isEscaped = true
            } else if letter == "\"" {
                isQuoted.toggle()
            } else if !isQuoted {
                if letter == "[" { isBracketed = true }
                if letter == "]" { isBracketed = false }
                if !isBracketed, "ymdhs年月日时分秒".contains(letter) { return true }
            }
        }
        return false
    }
}

/// Walks through the cells of one sheet.
private struct SheetReader {
    let workbook: Workbook
    let limits: CSVLimits

    /// A row in the making.
    private final class State {
        var rows: [CSVTable.Row] = []
        var cells: [Int: String] = [:]
        var line = 0
        var column = -1
        var kind = ""
        var style = 0
        var text = ""
        var isValue = false
        var isReading = false
        var failure: ExchangeError?
    }

    mutating func table(_ sheet: [UInt8]) throws(ExchangeError) -> CSVTable {
        let state = State()
        try XLSXReader.parse(sheet, self.workbook.firstSheet, self.events(state))
        if let failure = state.failure { throw failure }
        guard let first = state.rows.first else {
            throw ExchangeError(
                .malformedTable, Remark(zh: "第一个工作表是空的，没有表头", en: "the first sheet is empty: no header"), line: 1)
        }
        var table = CSVTable(header: first, rows: [])
        let width = first.cells.count
        for row in state.rows.dropFirst() {
            guard row.cells.count <= width else {
                table.faults.append(
                    RowError(
                        line: row.line,
                        Remark(
                            zh: "有 \(row.cells.count) 个单元格，表头有 \(width) 个",
                            en: "\(row.cells.count) cells, but the header has \(width)")))
                continue
            }
            let missing = [String](repeating: "", count: width - row.cells.count)
            table.rows.append(CSVTable.Row(line: row.line, cells: row.cells + missing))
        }
        return table
    }

    private func events(_ state: State) -> XMLEvents {
        var events = XMLEvents()
        events.onStart = { name, attributes in
            switch name {
            case "row":
                state.line = attributes["r"].flatMap { Int($0) }.flatMap(Self.line) ?? state.line + 1
                state.cells = [:]
                state.column = -1
            case "c":
                state.column = attributes["r"].flatMap(Self.column) ?? state.column + 1
                state.kind = attributes["t"] ?? "n"
                state.style = attributes["s"].flatMap { Int($0) } ?? 0
                state.text = ""
            case "v", "t": state.isValue = true
            case "rPh": state.isReading = true
            default: break
            }
        }
        events.onText = { if state.isValue, !state.isReading { state.text += $0 } }
        events.onEnd = { name in
            switch name {
            case "v", "t": state.isValue = false
            case "rPh": state.isReading = false
            case "c": self.finishCell(state)
            case "row": self.finishRow(state)
            default: break
            }
        }
        return events
    }

    private func finishCell(_ state: State) {
        guard !state.text.isEmpty, state.failure == nil else { return }
        guard (0..<self.limits.columns).contains(state.column), state.text.utf8.count <= self.limits.cellBytes else {
            state.failure = ExchangeError(
                .tooLarge, Remark(zh: "列数或单元格超过上限", en: "too many columns, or too long a cell"), line: state.line)
            return
        }
        let text: String? =
            switch state.kind {
            case "s":
                Int(state.text).flatMap { self.workbook.texts.indices.contains($0) ? self.workbook.texts[$0] : nil }
            case "b": state.text == "1" ? "true" : "false"
            case "n": self.number(state.text, style: state.style)
            default: state.text
            }
        guard let text else {
            state.failure = XLSXReader.malformed("单元格引用的文本不存在", "a cell refers to no text", line: state.line)
            return
        }
        state.cells[state.column] = text
    }

    private func finishRow(_ state: State) {
        guard let last = state.cells.filter({ !$0.value.trimmed.isEmpty }).keys.max(), state.failure == nil else {
            return
        }
        guard state.rows.count <= self.limits.rows else {
            state.failure = ExchangeError(
                .tooLarge,
                Remark(
                    zh: "超过 \(self.limits.rows) 行，请分成几个文件", en: "more than \(self.limits.rows) rows; split the file"),
                line: state.line)
            return
        }
        state.rows.append(CSVTable.Row(line: state.line, cells: (0...last).map { state.cells[$0] ?? "" }))
    }

    /// Sheets end at 1,048,576; what claims to be far beyond is numbered on.
    private static func line(_ number: Int) -> Int? { (1...1 << 24).contains(number) ? number : nil }

    /// `AB12` is column 27; `nil` for anything else.
    private static func column(_ reference: String) -> Int? {
        var column = 0
        for byte in reference.utf8.prefix(while: { !(0x30...0x39).contains($0) }) {
            guard (0x41...0x5A).contains(byte), column < 20_000 else { return nil }
            column = column * 26 + Int(byte - 0x40)
        }
        return column > 0 ? column - 1 : nil
    }

    /// As it would stand in a CSV: numbers in shortest form, dates as days or as clocks in China.
    private func number(_ text: String, style: Int) -> String {
        guard let number = Double(text), number.isFinite else { return text }
        let isDate = self.workbook.isDate.indices.contains(style) && self.workbook.isDate[style]
        guard isDate, (0..<2_958_466).contains(number) else { return NumberText.shortest(number) }
        let seconds = (number * 86400).rounded()
        let day = Int(seconds / 86400)
        let clock = Self.clock(Int(seconds) - day * 86400)
        // A time of day without a day.
        if number < 1 { return clock }
        let date = CivilDate(daysSince1970: day - (self.workbook.startsIn1904 ? 24107 : 25569)).description
        return clock == "00:00:00" ? date : date + " " + clock
    }

    private static func clock(_ second: Int) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
    }
}
