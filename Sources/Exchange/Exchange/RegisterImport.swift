package import Geodesy
package import Registers

/// Reads one register from the bytes of a CSV file or of an Excel workbook (its first sheet), by `contract.md` §2.
///
/// Every bad row is reported, by line and column; the rows that are good are given all the same, so that a caller can
/// check them further, but an import with any error changes nothing. What is only remarkable — extra columns,
/// national formats, rows that stand there twice — is a warning.
///
/// Plates are kept as GA 36 writes them (`浙F·12345` becomes `浙F12345`, with a warning) where they are plates at all.
package enum RegisterImport {
    /// A good row and the line on which it stands.
    package struct Row: Hashable, Sendable {
        package var line: Int
        package var record: RegisterRecord
        /// What the row's fence was declared in.
        package var declared: CoordinateSystem

        package init(line: Int, record: RegisterRecord, declared: CoordinateSystem = .wgs84) {
            self.line = line
            self.record = record
            self.declared = declared
        }
    }

    /// What a file came to.
    package struct Result: Hashable, Sendable {
        package var kind: RegisterKind
        /// How the file was written; `nil` when that could not be told, and for a workbook.
        package var encoding: SourceText.Encoding?
        /// The good rows in the order of the file, each once.
        package var rows: [Row] = []
        /// In the order of the lines. When there is one, nothing may be imported.
        package var errors: [RowError] = []
        package var warnings: [RowError] = []

        package var records: [RegisterRecord] { self.rows.map(\.record) }

        init(kind: RegisterKind) {
            self.kind = kind
        }
    }

    /// The kinds that `read` knows.
    package static let supportedKinds = RegisterKind.allCases

    package static func read(
        kind: RegisterKind, bytes: [UInt8], limits: CSVLimits = CSVLimits()
    ) -> Result {
        var result = Result(kind: kind)
        do {
            let isWorkbook = XLSXReader.isWorkbook(bytes)
            var table =
                try isWorkbook ? XLSXReader.table(bytes, limits: limits) : CSVTable(csv: bytes, limits: limits)
            result.encoding = isWorkbook ? nil : table.encoding
            if !isWorkbook {
                for row in table.rows.indices {
                    table.rows[row].cells = table.rows[row].cells.map { TextEscapes.unguarded($0) }
                }
            }
            Self.read(table, into: &result)
        } catch {
            result.errors.append(RowError(line: error.line ?? 1, error.message))
        }
        return result
    }

    /// Reads a table that came from elsewhere than CSV.
    package static func read(kind: RegisterKind, table: CSVTable) -> Result {
        var result = Result(kind: kind)
        result.encoding = table.encoding
        Self.read(table, into: &result)
        return result
    }

    private static func read(_ table: CSVTable, into result: inout Result) {
        let header = RegisterHeader(table.header, of: result.kind)
        result.errors = header.errors
        result.warnings = header.warnings
        // Without its columns every single row would be reported for the same reason.
        guard header.errors.isEmpty else { return }
        result.errors = table.faults
        for row in table.rows {
            var cells = RegisterRow(row, header: header)
            let record = cells.record(of: result.kind)
            result.errors.append(contentsOf: cells.errors)
            result.warnings.append(contentsOf: cells.warnings)
            guard let record, cells.errors.isEmpty else { continue }
            let declared = record.fence == nil ? nil : cells.coordinateSystem()
            result.rows.append(Row(line: row.line, record: record, declared: declared ?? .wgs84))
        }
        if table.rows.isEmpty, table.faults.isEmpty {
            result.warnings.append(
                RowError(line: table.header.line, Remark(zh: "只有表头，没有数据", en: "a header and no rows")))
        }
        result.removeRepetitions()
        result.findOverlaps()
        result.findSharedTerminals()
        // Stable, so that the columns of one row keep their order.
        result.errors.sort { $0.line < $1.line }
        result.warnings.sort { $0.line < $1.line }
    }
}

extension RegisterImport.Result {
    /// Keeps the first of several rows that are the same in every column.
    fileprivate mutating func removeRepetitions() {
        var first: [RegisterRecord: Int] = [:]
        self.rows.removeAll { row in
            guard let line = first.updateValue(row.line, forKey: row.record) else { return false }
            first[row.record] = line
            self.warnings.append(
                RowError(
                    line: row.line,
                    Remark(zh: "与第 \(line) 行相同，只取一次", en: "the same as line \(line), taken once")))
            return true
        }
    }

    /// Rows of one id that hold at the same time contradict each other.
    fileprivate mutating func findOverlaps() {
        for (key, rows) in Dictionary(grouping: self.rows, by: \.record.key) where rows.count > 1 {
            for (earlier, later) in Self.overlaps(in: rows) {
                let hasPeriod = later.record.period != .always || earlier.record.period != .always
                self.errors.append(
                    RowError(
                        line: later.line,
                        hasPeriod
                            ? Remark(
                                zh: "编号「\(key)」的有效期与第 \(earlier.line) 行重叠",
                                en: "the validity of \"\(key)\" overlaps that of line \(earlier.line)")
                            : Remark(
                                zh: "编号「\(key)」在第 \(earlier.line) 行已有，内容不同",
                                en: "\"\(key)\" stands on line \(earlier.line) already, with other content")))
            }
        }
    }

    /// One terminal in two trucks at a time: nobody can tell then whose its reports are. A warning, because
    /// registrations are often corrected late.
    fileprivate mutating func findSharedTerminals() {
        guard self.kind == .vehicles else { return }
        let byTerminal = Dictionary(grouping: self.rows) { row -> String in
            guard case .vehicle(let vehicle) = row.record else { return "" }
            return TerminalNames.stripped(vehicle.terminal)
        }
        for rows in byTerminal.values where rows.count > 1 {
            for (earlier, later) in Self.overlaps(in: rows) where earlier.record.key != later.record.key {
                self.warnings.append(
                    RowError(
                        line: later.line,
                        Remark(
                            zh: "同一终端同时装在第 \(earlier.line) 行的另一辆车上",
                            en: "its terminal is in another vehicle, of line \(earlier.line), at the same time")))
            }
        }
    }

    /// Each row that begins before an earlier one has ended, with that one; by line, the smaller first.
    private static func overlaps(
        in rows: [RegisterImport.Row]
    ) -> [(earlier: RegisterImport.Row, later: RegisterImport.Row)] {
        let sorted = rows.sorted {
            ($0.record.period.from, $0.line) < ($1.record.period.from, $1.line)
        }
        var pairs: [(earlier: RegisterImport.Row, later: RegisterImport.Row)] = []
        guard var longest = sorted.first else { return [] }
        for row in sorted.dropFirst() {
            let end = longest.record.period.to
            if end.map({ row.record.period.from < $0 }) ?? true {
                pairs.append(longest.line < row.line ? (longest, row) : (row, longest))
            }
            if let end, row.record.period.to.map({ $0 > end }) ?? true { longest = row }
        }
        return pairs
    }
}
