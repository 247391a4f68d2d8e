import Foundation

/// The peers side by side as horizontal bars: messages a second, live and from a backlog; CPU time a message, split
/// into client and database. Colours are Okabe and Ito's, told apart by the colour-blind, and every bar has its figure.
struct Chart {
    /// One bar or, stacked, one row of them.
    private struct Row {
        var label: String
        var values: [Double]
    }

    private let rates: [Row]
    private let costs: [Row]

    /// `nil` when ingestion was not measured.
    init?(_ measurements: [Measurement]) {
        func value(_ subject: IngestionSubject, _ figure: IngestionFigure) -> Double? {
            measurements.first { $0.what == figure.name(of: subject) }?.median
        }
        self.rates = IngestionSubject.allCases.compactMap { subject in
            guard let live = value(subject, .live), let backlog = value(subject, .backlog) else { return nil }
            return Row(label: subject.label, values: [live, backlog])
        }
        self.costs = IngestionSubject.allCases.compactMap { subject in
            guard let client = value(subject, .backlogClient), let database = value(subject, .backlogDatabase),
                subject != .limit
            else { return nil }
            return Row(label: subject.label, values: [client, database])
        }
        guard !self.rates.isEmpty else { return nil }
    }

    private static let blue = "#0072B2"
    private static let orange = "#E69F00"
    private static let left = 330.0
    private static let width = 560.0

    var svg: String {
        let first = self.panel(
            self.rates, top: 60, title: "每秒消息数 messages a second",
            legend: ["实时 live", "积压 backlog"], stacked: false)
        let second = self.panel(
            self.costs, top: first.bottom + 60, title: "每条消息的 CPU 时间，微秒 CPU time a message, µs",
            legend: ["客户端 client", "数据库 database"], stacked: true)
        let height = Int(second.bottom + 20)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 \(height)" width="1000" height="\(height)" \
            font-family="'Noto Sans SC','WenQuanYi Zen Hei',sans-serif" font-size="14" role="img" \
            aria-label="摄取基准 ingestion benchmark">
            <rect width="100%" height="100%" fill="#fff"/>
            \(Self.text(20, 30, "从 MQTT 到 PostgreSQL，与同类方案同机同时测量 MQTT to PostgreSQL beside its peers, one run", size: 18))
            \(first.body)\(second.body)</svg>

            """
    }

    private func panel(
        _ rows: [Row], top: Double, title: String, legend: [String], stacked: Bool
    ) -> (body: String, bottom: Double) {
        let colors = [Self.blue, Self.orange]
        let largest = rows.map { stacked ? $0.values.reduce(0, +) : $0.values.max() ?? 0 }.max() ?? 1
        var body = Self.text(20, top, title, size: 16)
        for (index, name) in legend.enumerated() {
            let x = Self.left + 180 + Double(index) * 180
            body += Self.bar(x, top - 12, 14, 14, colors[index]) + Self.text(x + 20, top, name)
        }
        var y = top + 18
        for row in rows {
            body += Self.text(Self.left - 10, y + 21, row.label, anchor: "end")
            var x = Self.left
            for (index, value) in row.values.enumerated() {
                let length = value / largest * Self.width
                let line = stacked ? y + 6 : y + Double(index) * 16
                body += Self.bar(x, line, length, stacked ? 22 : 14, colors[index])
                if !stacked { body += Self.text(x + length + 6, line + 12, Report.number(value), size: 12) }
                if stacked { x += length }
            }
            if stacked { body += Self.text(x + 6, y + 22, row.values.map(Report.number).joined(separator: " + ")) }
            y += 40
        }
        return (body, y)
    }

    private static func bar(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String) -> String {
        String(format: "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"", x, y, width, height)
            + color + "\"/>\n"
    }

    private static func text(
        _ x: Double, _ y: Double, _ words: String, size: Int = 14, anchor: String = "start"
    ) -> String {
        let clean = words.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        return "<text x=\"\(Int(x))\" y=\"\(Int(y))\" font-size=\"\(size)\" text-anchor=\"\(anchor)\">\(clean)</text>\n"
    }
}
