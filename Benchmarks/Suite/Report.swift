import Foundation

/// What a figure has to reach.
struct Goal: Codable {
    var isCeiling: Bool
    var value: Double
    /// Whether the ratio to the peer is meant, or the figure itself.
    var isRatio: Bool

    static func atMost(_ value: Double) -> Goal { Goal(isCeiling: true, value: value, isRatio: false) }
    static func atLeast(_ value: Double) -> Goal { Goal(isCeiling: false, value: value, isRatio: false) }
    static func ratioAtMost(_ value: Double) -> Goal { Goal(isCeiling: true, value: value, isRatio: true) }
    static func ratioAtLeast(_ value: Double) -> Goal { Goal(isCeiling: false, value: value, isRatio: true) }

    var text: String { (self.isCeiling ? "≤ " : "≥ ") + Report.number(self.value) + (self.isRatio ? " ×" : "") }
}

/// One figure: the median and the spread of its runs, and the peer or limit of the same run that it is held against.
struct Measurement: Codable {
    var benchmark: String
    var what: String
    var unit: String
    var values: [Double]
    var median: Double
    /// The figure divided by the peer's: the median over the rounds when both were measured in each, else of the
    /// medians; nil for the peer itself.
    var ratioToPeer: Double?
    var peer: String?
    var goal: Goal?
    var isMet: Bool?

    init(
        _ benchmark: String, _ what: String, unit: String, values: [Double], peer: Measurement? = nil, goal: Goal? = nil
    ) {
        self.benchmark = benchmark
        self.what = what
        self.unit = unit
        self.values = values
        self.median = Self.median(values)
        self.peer = peer?.what
        if let peer {
            self.ratioToPeer =
                values.count == peer.values.count
                ? Self.median(zip(values, peer.values).map { $0 / $1 }) : self.median / peer.median
        }
        self.goal = goal
        if let goal, let figure = goal.isRatio ? self.ratioToPeer : self.median {
            self.isMet = goal.isCeiling ? figure <= goal.value : figure >= goal.value
        }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}

/// All figures of one run, and the machine they were taken on.
struct Report {
    var machine: Machine
    var measurements: [Measurement] = []

    var markdown: String {
        let header = [
            "基准 benchmark", "项目 what", "中位数 median", "最小–最大 min–max", "单位 unit", "比值 ratio", "目标 goal", "达到 met",
        ]
        let rows = self.measurements.map { row in
            [
                row.benchmark, row.what, Self.number(row.median),
                "\(Self.number(row.values.min() ?? .nan)) – \(Self.number(row.values.max() ?? .nan))", row.unit,
                row.ratioToPeer.map { "\(Self.number($0)) × \(row.peer ?? "")" } ?? "",
                row.goal?.text ?? "", row.isMet.map { $0 ? "是 yes" : "**否 no**" } ?? "",
            ]
        }
        let table = ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        return self.machine.lines.map { "- " + $0 }.joined(separator: "\n") + "\n\n" + table.joined(separator: "\n")
            + "\n"
    }

    /// Writes `latest.md`, `latest.json` and, where there are figures for it, `ingestion.svg`.
    func write(to folder: URL) throws {
        /// The JSON document.
        struct Document: Codable {
            var machine: Machine
            var measurements: [Measurement]
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("# 基准测试结果 Benchmark results\n\n\(self.markdown)".utf8)
            .write(to: folder.appendingPathComponent("latest.md"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try encoder.encode(Document(machine: self.machine, measurements: self.measurements))
            .write(to: folder.appendingPathComponent("latest.json"))
        if let chart = Chart(self.measurements) {
            try Data(chart.svg.utf8).write(to: folder.appendingPathComponent("ingestion.svg"))
        }
    }

    /// Three significant digits, thousands grouped.
    static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "–" }
        let digits = max(0, 2 - Int(floor(log10(abs(value)))))
        guard digits == 0 else { return String(format: "%.\(min(digits, 9))f", value) }
        let unit = pow(10, floor(log10(abs(value))) - 2)
        var text = String(Int((value / unit).rounded() * unit))
        var index = text.count - 3
        while index > (value < 0 ? 1 : 0) {
            text.insert(",", at: text.index(text.startIndex, offsetBy: index))
            index -= 3
        }
        return text
    }
}
