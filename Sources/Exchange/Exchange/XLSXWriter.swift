import CXLSXWriter
import Chronology
import Glibc
import Registers

/// Writes tables as an Excel workbook through libxlsxwriter. Texts are text cells, whatever they begin with; numbers
/// are numbers; times are dates of Excel in Beijing time, and their format says so.
enum XLSXWriter {
    /// What a sheet of Excel can hold (1,048,576 rows, the header among them).
    static let rowLimit = 1_048_575
    /// Characters of one cell.
    private static let cellLimit = 32_767
    /// Characters of a sheet's name, and those that it must not have.
    private static let (nameLimit, badInNames) = (31, Set("[]:*?/\\"))

    /// How the cells of a workbook look.
    private struct Formats {
        let head: UnsafeMutablePointer<lxw_format>?
        let title: UnsafeMutablePointer<lxw_format>?
        let moment: UnsafeMutablePointer<lxw_format>?
        let percent: UnsafeMutablePointer<lxw_format>?
        let two: UnsafeMutablePointer<lxw_format>?

        init(_ book: UnsafeMutablePointer<lxw_workbook>) {
            self.head = workbook_add_format(book)
            format_set_bold(self.head)
            format_set_text_wrap(self.head)
            self.title = workbook_add_format(book)
            format_set_bold(self.title)
            format_set_font_size(self.title, 14)
            self.moment = workbook_add_format(book)
            format_set_num_format(self.moment, "yyyy\\-mm\\-dd hh:mm:ss\"+08:00\"")
            self.percent = workbook_add_format(book)
            format_set_num_format(self.percent, "0.0%")
            self.two = workbook_add_format(book)
            format_set_num_format(self.two, "#,##0.00")
        }

        func format(_ style: WorkbookSheet.Style) -> UnsafeMutablePointer<lxw_format>? {
            switch style {
            case .plain: nil
            case .percent: self.percent
            case .two: self.two
            }
        }
    }

    static func write(columns: [String], rows: [[TableCell]]) -> [UInt8] {
        self.write([WorkbookSheet(nil, columns: columns, rows: rows)])
    }

    /// Rows beyond what a sheet can hold go onto further sheets, each with the header.
    static func write(_ sheets: [WorkbookSheet]) -> [UInt8] {
        // libxlsxwriter writes to a named file; this one is in memory and goes with its descriptor (1: MFD_CLOEXEC).
        let descriptor = memfd_create("tongxing.xlsx", 1)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var options = lxw_workbook_options()
        options.constant_memory = 0
        guard let book = workbook_new_opt("/proc/self/fd/\(descriptor)", &options) else { return [] }
        let formats = Formats(book)
        for sheet in sheets { Self.write(sheet, to: book, formats) }
        // Closing writes the file and frees the workbook, also when it fails.
        guard workbook_close(book) == LXW_NO_ERROR else { return [] }
        return Self.contents(of: descriptor)
    }

    private static func write(
        _ sheet: WorkbookSheet, to book: UnsafeMutablePointer<lxw_workbook>, _ formats: Formats
    ) {
        let top = sheet.lead.isEmpty ? 0 : sheet.lead.count + 1
        var start = 0
        repeat {
            let end = min(sheet.rows.count, start + Self.rowLimit - top)
            let name = start == 0 ? sheet.name.map(Self.sheetName) : nil
            guard let page = workbook_add_worksheet(book, name) else { break }
            for (row, line) in sheet.lead.enumerated() {
                worksheet_write_string(
                    page, lxw_row_t(row), 0, String(line.prefix(Self.cellLimit)), row == 0 ? formats.title : nil)
            }
            for (column, name) in sheet.columns.enumerated() {
                worksheet_write_string(page, lxw_row_t(top), lxw_col_t(column), name, formats.head)
            }
            if !sheet.columns.isEmpty { worksheet_freeze_panes(page, lxw_row_t(top + 1), 0) }
            if sheet.name != nil { Self.setUp(page, sheet, top) }
            for row in start..<end {
                for (column, cell) in sheet.rows[row].prefix(sheet.columns.count).enumerated() {
                    let style = sheet.styles.indices.contains(column) ? sheet.styles[column] : .plain
                    Self.write(
                        cell, to: page, lxw_row_t(row - start + top + 1), lxw_col_t(column), formats.moment,
                        formats.format(style))
                }
            }
            start = end
        } while start < sheet.rows.count
    }

    /// Wide enough to be read, and to be printed on A4 (9), landscape, as wide as the page.
    private static func setUp(_ page: UnsafeMutablePointer<lxw_worksheet>, _ sheet: WorkbookSheet, _ top: Int) {
        if !sheet.columns.isEmpty {
            worksheet_set_column(page, 0, 0, 24, nil)
            worksheet_set_column(page, 1, lxw_col_t(max(1, sheet.columns.count - 1)), 15, nil)
            worksheet_repeat_rows(page, lxw_row_t(top), lxw_row_t(top))
        }
        worksheet_set_landscape(page)
        worksheet_set_paper(page, 9)
        worksheet_fit_to_pages(page, 1, 0)
    }

    private static func sheetName(_ name: String) -> String {
        // Counted as Excel counts, in UTF-16.
        var (short, units) = ("", 0)
        for character in name where !Self.badInNames.contains(character) {
            units += character.utf16.count
            guard units <= Self.nameLimit else { break }
            short.append(character)
        }
        return short
    }

    private static func write(
        _ cell: TableCell, to sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t,
        _ moment: UnsafeMutablePointer<lxw_format>?, _ style: UnsafeMutablePointer<lxw_format>?
    ) {
        switch cell {
        case .text(let text?): Self.write(text, to: sheet, row, column)
        case .number(let number?) where number.isFinite: worksheet_write_number(sheet, row, column, number, style)
        case .number(let number?) where number.isInfinite:
            Self.write(NumberText.shortest(number), to: sheet, row, column)
        case .integer(let number?): worksheet_write_number(sheet, row, column, Double(number), nil)
        case .boolean(let flag?): worksheet_write_boolean(sheet, row, column, flag ? 1 : 0, nil)
        case .time(let instant?):
            worksheet_write_number(sheet, row, column, Self.serial(instant), moment)
        case .times(let instants):
            Self.write(instants.map(\.description).joined(separator: ";"), to: sheet, row, column)
        case .text(nil), .number, .integer(nil), .boolean(nil), .time(nil): break
        }
    }

    private static func write(
        _ text: String, to sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t
    ) {
        guard !text.isEmpty else { return }
        worksheet_write_string(sheet, row, column, String(text.prefix(Self.cellLimit)), nil)
    }

    /// Days since 1899-12-30 on a clock in China: what Excel calls a date.
    private static func serial(_ instant: Instant) -> Double {
        let seconds = Double(instant.microseconds) / 1e6 + Double(TimeZoneOffset.shanghai.seconds)
        return seconds / 86400 + 25569
    }

    private static func contents(of descriptor: Int32) -> [UInt8] {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size > 0, lseek(descriptor, 0, SEEK_SET) == 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var count = 0
        while count < bytes.count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard step > 0 else { return [] }
            count += step
        }
        return bytes
    }
}
