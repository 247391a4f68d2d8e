import Chronology
import Geodesy
import Registers

/// Reads the cells of one row and collects what is wrong with them. Each method answers `nil` for an empty cell or a
/// missing column, and also for a wrong value, which is then in `errors`.
struct RegisterRow {
    private let row: CSVTable.Row
    private let header: RegisterHeader
    private(set) var errors: [RowError] = []
    private(set) var warnings: [RowError] = []

    init(_ row: CSVTable.Row, header: RegisterHeader) {
        self.row = row
        self.header = header
    }

    /// Longest id or number: PostgreSQL's index rows end at 2,704 bytes.
    private static let maximumIDBytes = 256
    private static let maximumTextBytes = 65536

    mutating func fail(_ column: RegisterColumn, zh: String, en: String) {
        self.errors.append(RowError(line: self.row.line, column: self.name(of: column), Remark(zh: zh, en: en)))
    }

    mutating func warn(_ column: RegisterColumn, _ remark: Remark?) {
        guard let remark else { return }
        self.warnings.append(RowError(line: self.row.line, column: self.name(of: column), remark))
    }

    /// The cell without the spaces around it; `nil` when there is nothing.
    func cell(_ column: RegisterColumn) -> String? {
        guard let position = self.header.positions[column], position.index < self.row.cells.count else { return nil }
        let text = self.row.cells[position.index].trimmed
        return text.isEmpty ? nil : text
    }

    /// Any text; not NUL, which PostgreSQL cannot keep.
    mutating func text(_ column: RegisterColumn) -> String? {
        guard let text = self.cell(column) else { return nil }
        guard text.utf8.count <= Self.maximumTextBytes, !text.utf8.contains(0) else {
            self.fail(column, zh: "文字过长或含有 NUL", en: "the text is too long or contains NUL")
            return nil
        }
        return text
    }

    /// An id, a number or a name by which others refer to the row: short, on one line.
    mutating func id(_ column: RegisterColumn) -> String? {
        guard let text = self.cell(column) else { return nil }
        guard text.utf8.count <= Self.maximumIDBytes,
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            self.fail(
                column, zh: "编号过长（上限 \(Self.maximumIDBytes) 字节）或含有控制字符",
                en: "the id is longer than \(Self.maximumIDBytes) bytes or contains control characters")
            return nil
        }
        return text
    }

    /// What `value` answers; an empty cell of a required column is an error.
    mutating func required<Value>(
        _ column: RegisterColumn, _ value: (inout RegisterRow, RegisterColumn) -> Value?
    ) -> Value? {
        if self.cell(column) == nil {
            self.fail(column, zh: "必填，不能为空", en: "required, but empty")
            return nil
        }
        return value(&self, column)
    }

    /// A finite decimal number in `range`; full-width digits and thousands separators (`1,200`) are understood.
    mutating func number(_ column: RegisterColumn, in range: ClosedRange<Double>) -> Double? {
        guard let text = self.cell(column) else { return nil }
        guard let number = DecimalText.number(text) else {
            self.fail(column, zh: "不是数字", en: "not a number")
            return nil
        }
        guard range.contains(number) else {
            let limits = "\(NumberText.shortest(range.lowerBound))…\(NumberText.shortest(range.upperBound))"
            self.fail(column, zh: "超出范围 \(limits)", en: "outside \(limits)")
            return nil
        }
        return number
    }

    /// A value of a fixed list, by the contract's code in any letter case or by one of its Chinese names.
    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ column: RegisterColumn, _ names: [String: Value]
    ) -> Value? where Value.RawValue == String {
        guard let text = self.cell(column)?.halfWidth else { return nil }
        let code = String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        if let value = Value(rawValue: code) ?? names[text.lowercased()] { return value }
        let codes = Value.allCases.map(\.rawValue).joined(separator: ", ")
        self.fail(column, zh: "不认识的值，可用：\(codes)", en: "unknown value; one of \(codes)")
        return nil
    }

    mutating func boolean(_ column: RegisterColumn) -> Bool? {
        guard let text = self.cell(column)?.halfWidth.lowercased() else { return nil }
        switch text {
        case "true", "t", "yes", "y", "1", "是", "有", "已安装", "已装": return true
        case "false", "f", "no", "n", "0", "否", "无", "未安装", "未装": return false
        default:
            self.fail(column, zh: "须为 true/false 或 是/否", en: "must be true or false (是/否)")
            return nil
        }
    }

    /// Parts between `;`, also `；` and `、`; empty parts and repetitions are left out.
    mutating func list(_ column: RegisterColumn) -> [String] {
        guard let text = self.text(column) else { return [] }
        var seen: Set<String> = []
        return text.split(whereSeparator: { $0 == ";" || $0 == "；" || $0 == "、" })
            .map { String($0).trimmed }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    private func name(of column: RegisterColumn) -> String {
        self.header.positions[column]?.name ?? column.rawValue
    }
}

extension RegisterRow {
    /// A moment with its time of day.
    mutating func moment(_ column: RegisterColumn) -> Instant? {
        guard let text = self.cell(column) else { return nil }
        switch RegisterDate(text) {
        case .moment(let instant, isWholeDay: _): return instant
        case .day:
            self.fail(column, zh: "缺少时刻，如 2026-03-02 08:15", en: "the time of day is missing (2026-03-02 08:15)")
        case nil:
            self.fail(
                column, zh: "不是时间，如 2026-03-02 08:15 或 RFC 3339",
                en: "not a time such as 2026-03-02 08:15 or RFC 3339")
        }
        return nil
    }

    /// The period between two columns of inclusive dates; a moment is taken to the second. `nil` after an error.
    mutating func period(from: RegisterColumn, to: RegisterColumn, isOpenWithoutStart: Bool) -> ValidPeriod? {
        let failures = self.errors.count
        if !isOpenWithoutStart, self.cell(from) == nil {
            self.fail(from, zh: "必填，不能为空", en: "required, but empty")
        }
        let start = self.date(from)
        let end = self.cell(to).map(Self.isForever) == true ? nil : self.date(to)
        guard self.errors.count == failures else { return nil }
        var period = ValidPeriod.always
        switch start {
        case .day(let day): period.from = Instant(startOf: day, at: .shanghai)
        case .moment(let instant, isWholeDay: _): period.from = instant
        case nil: break
        }
        switch end {
        case .day(let day), .moment(_, isWholeDay: .some(let day)):
            period.to = ValidPeriod(from: day, through: day).to
        case .moment(let instant, isWholeDay: nil): period.to = instant
        case nil: break
        }
        if let end = period.to, end <= period.from {
            self.fail(to, zh: "早于起始日期", en: "earlier than the first day")
            return nil
        }
        return period
    }

    private mutating func date(_ column: RegisterColumn) -> RegisterDate? {
        guard let text = self.cell(column) else { return nil }
        guard let date = RegisterDate(text) else {
            self.fail(
                column, zh: "不是日期，如 2026-03-02、2026/3/2、2026年3月2日",
                en: "not a date such as 2026-03-02, 2026/3/2 or 2026年3月2日")
            return nil
        }
        return date
    }

    /// How registers say that there is no last day.
    private static func isForever(_ text: String) -> Bool {
        switch text.halfWidth {
        case "长期", "长期有效", "永久", "永久有效", "无固定期限", "至今", "-", "9999-12-31", "9999/12/31": true
        default: false
        }
    }

    mutating func coordinateSystem() -> CoordinateSystem? {
        self.choice(.coordinates, Self.coordinateSystems)
    }

    /// CGCS2000, the land survey's system, differs from WGS-84 by centimetres.
    private static let coordinateSystems: [String: CoordinateSystem] = [
        "wgs-84": .wgs84, "gps": .wgs84, "cgcs2000": .wgs84, "天地图": .wgs84, "gcj-02": .gcj02, "火星坐标": .gcj02,
        "高德": .gcj02, "腾讯": .gcj02, "bd-09": .bd09, "百度": .bd09,
    ]

    /// The fence of `fence_wkt`, or the circle; `nil` without one, or after an error.
    mutating func fence(isRequired: Bool) -> Fence? {
        let failures = self.errors.count
        let system = self.coordinateSystem() ?? .wgs84
        let circle: [RegisterColumn] = [.latitude, .longitude, .radius]
        let given = circle.filter { self.cell($0) != nil }
        if self.cell(.fence) != nil {
            if !given.isEmpty {
                self.warn(
                    .fence,
                    Remark(
                        zh: "围栏与圆形都有，采用 fence_wkt", en: "both a polygon and a circle: fence_wkt is taken"))
            }
            return self.polygon(in: system, failures: failures)
        }
        guard !given.isEmpty else {
            guard isRequired else { return nil }
            self.fail(
                .fence, zh: "缺少围栏：须有 fence_wkt 或 lat、lon、radius_m",
                en: "no fence: fence_wkt, or lat, lon and radius_m")
            return nil
        }
        let latitude = self.required(.latitude) { $0.number($1, in: -90...90) }
        let longitude = self.required(.longitude) { $0.number($1, in: -180...180) }
        let radius = self.required(.radius) { $0.number($1, in: Fence.radiusRange) }
        guard self.errors.count == failures, let latitude, let longitude, let radius else { return nil }
        do {
            return try Fence.circle(latitude: latitude, longitude: longitude, radiusMetres: radius, in: system)
        } catch {
            self.fail(.latitude, error)
            return nil
        }
    }

    private mutating func polygon(in system: CoordinateSystem, failures: Int) -> Fence? {
        guard self.errors.count == failures, let text = self.cell(.fence) else { return nil }
        do {
            return try Fence.parse(wkt: text, in: system)
        } catch {
            self.fail(.fence, error)
            return nil
        }
    }

    private mutating func fail(_ column: RegisterColumn, _ error: FenceError) {
        let remark = Remark(bilingual: error.message)
        self.fail(column, zh: remark.zh, en: remark.en)
    }

    /// A vehicle's VIN is no column of the register; where a file has one, its format is checked all the same.
    mutating func checkVIN() {
        guard let position = self.header.vin, position.index < self.row.cells.count else { return }
        let text = self.row.cells[position.index].trimmed
        guard !text.isEmpty, let remark = NationalFormats.vin(text.halfWidth) else { return }
        self.warnings.append(RowError(line: self.row.line, column: position.name, remark))
    }
}
