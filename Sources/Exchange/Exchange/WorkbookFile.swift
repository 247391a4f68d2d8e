/// One sheet of a workbook for people: a title, sentences, and below them a table.
package struct WorkbookSheet: Sendable {
    /// How the numbers of a column are shown; what the cell holds is the number itself.
    package enum Style: Sendable {
        case plain, percent, two
    }

    /// Of at most 31 characters; `nil`: Excel's own name.
    package var name: String?
    /// A line each, the first in bold.
    package var lead: [String]
    package var columns: [String]
    package var styles: [Style]
    package var rows: [[TableCell]]

    /// - Parameter styles: of the columns; `plain` where they end.
    package init(
        _ name: String?, lead: [String] = [], columns: [String], styles: [Style] = [], rows: [[TableCell]]
    ) {
        self.name = name
        self.lead = lead
        self.columns = columns
        self.styles = styles
        self.rows = rows
    }
}

/// A workbook of several sheets, in XLSX.
package enum WorkbookFile {
    /// Empty where the system has no memory for it.
    package static func bytes(_ sheets: [WorkbookSheet]) -> [UInt8] { XLSXWriter.write(sheets) }
}
