import Registers

/// Which cell of a row holds which column of the register, read from a table's header.
struct RegisterHeader {
    /// Where a column stands, and how the file writes it.
    struct Position {
        var index: Int
        var name: String
    }

    private(set) var positions: [RegisterColumn: Position] = [:]
    /// Faults that make the whole table unreadable: a column missing, or there twice.
    private(set) var errors: [RowError] = []
    /// Columns that are left out.
    private(set) var warnings: [RowError] = []
    /// Where an extra column "vin" stands: it is left out like any other, but its format is worth a check.
    private(set) var vin: Position?

    init(_ header: CSVTable.Row, of kind: RegisterKind) {
        let rules = ColumnRule.columns(of: kind)
        var columns: [String: RegisterColumn] = [:]
        for rule in rules {
            for name in [rule.column.rawValue] + rule.aliases { columns[Self.canonical(name)] = rule.column }
        }
        for (index, cell) in header.cells.enumerated() {
            let position = Position(index: index, name: cell.trimmed)
            let found = columns[Self.canonical(cell)] ?? columns[Self.canonical(Self.withoutUnit(cell))]
            if let found {
                self.place(found, at: position, line: header.line)
            } else if !position.name.isEmpty {
                if Self.vinNames.contains(Self.canonical(cell)) { self.vin = position }
                self.warnings.append(
                    RowError(
                        line: header.line, column: position.name,
                        Remark(zh: "不认识的列，未导入", en: "unknown column, left out")))
            }
        }
        for rule in rules where rule.isRequired && self.positions[rule.column] == nil {
            self.errors.append(Self.missing(rule, in: header))
        }
    }

    private mutating func place(_ column: RegisterColumn, at position: Position, line: Int) {
        guard let first = self.positions[column] else {
            self.positions[column] = position
            return
        }
        self.errors.append(
            RowError(
                line: line, column: position.name,
                Remark(
                    zh: "与「\(first.name)」是同一列（\(column.rawValue)）",
                    en: "the same column (\(column.rawValue)) as \"\(first.name)\"")))
    }

    private static let vinNames: Set = ["vin", "车架号", "车辆识别代号", "车辆识别代码"]

    private static func missing(_ rule: ColumnRule, in header: CSVTable.Row) -> RowError {
        let zhName = rule.aliases.first.map { "（\($0)）" } ?? ""
        var remark = Remark(
            zh: "缺少必需的列 \(rule.column.rawValue)\(zhName)", en: "the required column is missing")
        if header.cells.count == 1, let separator = header.cells[0].first(where: { ";；\t|".contains($0) }) {
            let shown = separator == "\t" ? "TAB" : String(separator)
            remark.zh += "；文件似以 \(shown) 分隔，须用逗号"
            remark.en += "; the file seems to be separated by \(shown), not by commas"
        }
        return RowError(line: header.line, column: rule.column.rawValue, remark)
    }

    /// Letter case, width, spaces, `_` and `-` make no difference between two headers.
    private static func canonical(_ name: String) -> String {
        let kept = name.halfWidth.lowercased().unicodeScalars
            .filter { !$0.properties.isWhitespace && $0 != "_" && $0 != "-" && $0 != "*" }
        return String(String.UnicodeScalarView(kept))
    }

    /// `容积（m³）` without the unit in brackets, where it is the contract's own. `年产能（万m³）` stays as it is, and is
    /// an unknown column: read as cubic metres it would be wrong by four digits.
    private static func withoutUnit(_ name: String) -> String {
        let text = name.halfWidth.trimmed
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex else { return name }
        let unit = text[text.index(after: open)...].dropLast().lowercased()
        return Self.plainUnits.contains(unit) ? String(text[..<open]) : name
    }

    private static let plainUnits: Set = [
        "m3", "m³", "立方米", "方", "m3/年", "m³/年", "立方米/年", "t", "吨", "m", "米", "度", "°", "必填", "选填",
    ]
}

extension String {
    /// Without the spaces around it: blanks, tabs, line ends, no-break and ideographic spaces.
    var trimmed: String {
        let scalars = self.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Full-width forms (０-９, Ａ-Ｚ, ！-～ and the ideographic space) as their ASCII counterparts.
    var halfWidth: String {
        guard self.utf8.contains(where: { $0 >= 0x80 }) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in self.unicodeScalars {
            switch scalar {
            case "\u{3000}": text.append(" ")
            case "\u{FF01}"..."\u{FF5E}": text.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
