import Chronology
import Deliveries
import Exchange
import Registers
import Suspicions
import Telemetry
import Tracks

/// What happened when: load, halts, gaps and unloading over speed, drum and right-hand camera.
struct TimelinePicture {
    private static let width = 1000.0
    private static let left = 90.0
    private static let right = 980.0

    private let from: Instant
    private let seconds: Double
    private var drawing = SVGText(width: Self.width, height: 360)

    static func draw(_ evidence: EvidenceCase, _ decoded: DecodedReports, inLog: [Bool?]) -> String {
        var picture = TimelinePicture(
            from: evidence.from, seconds: max(1, evidence.to.seconds(since: evidence.from)))
        let delivery = evidence.judged.delivery
        let reports = zip(decoded.positions, inLog).filter { $0.1 == true }.map(\.0.report)
        picture.spans(delivery)
        picture.speed(reports)
        picture.drum(reports)
        picture.cameras(
            decoded.cameras.map(\.report), holdSeconds: evidence.parameters.driving.cameraHold, until: evidence.to)
        picture.tickets(evidence)
        picture.axis()
        return picture.drawing.document(title: "时间线 Timeline \(delivery.deliveryID)")
    }

    private init(from: Instant, seconds: Double) {
        self.from = from
        self.seconds = seconds
    }

    private func x(_ time: Instant) -> Double {
        let share = min(1, max(0, time.seconds(since: self.from) / self.seconds))
        return Self.left + share * (Self.right - Self.left)
    }

    private mutating func span(_ start: Instant?, _ end: Instant?, _ color: String, _ name: String) {
        guard let start, let end else { return }
        let (first, last) = (self.x(start), self.x(end))
        self.drawing.rectangle(first, 20, max(2, last - first), 32, fill: color, opacity: 0.8)
        if !name.isEmpty { self.drawing.text(name, (first + last) / 2, 14, size: 12, anchor: "middle", fill: color) }
    }

    private mutating func spans(_ delivery: Delivery) {
        self.drawing.text("过程 course", 8, 40)
        self.span(delivery.loadEnd, delivery.unloadStart, "#ffccbc", "")
        self.span(delivery.loadStart, delivery.loadEnd, "#1b6ca8", "装 load")
        self.span(delivery.unloadStart, delivery.unloadEnd, "#2e7d32", "卸 unload")
        for halt in delivery.haul?.halts ?? [] { self.span(halt.start, halt.end, "#f9a825", "停 halt") }
        for gap in delivery.haul?.gaps ?? [] { self.span(gap.start, gap.end, "#c62828", "断 gap") }
    }

    /// Lines are not drawn over stretches of more than ten minutes without a report.
    private mutating func speed(_ reports: [PositionReport]) {
        let (bottom, scale) = (180.0, 110.0 / 100)
        self.drawing.text("速度 speed", 8, 110)
        self.drawing.text("km/h", 8, 126, size: 11)
        for mark in [0.0, 50, 100] {
            let y = bottom - mark * scale
            self.drawing.line([(Self.left, y), (Self.right, y)], stroke: "#ddd")
            self.drawing.text(String(Int(mark)), Self.left - 6, y + 4, size: 11, anchor: "end")
        }
        var line: [(x: Double, y: Double)] = []
        var last: Instant?
        for report in reports {
            guard let speed = report.speed else { continue }
            if let last, report.recordedAt.seconds(since: last) > TrailWriter.longestGapSeconds {
                self.drawing.line(line, stroke: "#d84315", width: 1.5)
                line = []
            }
            line.append((self.x(report.recordedAt), bottom - min(100, Double(speed) / 10) * scale))
            last = report.recordedAt
        }
        self.drawing.line(line, stroke: "#d84315", width: 1.5)
    }

    private mutating func drum(_ reports: [PositionReport]) {
        let middle = 222.0
        self.drawing.text("滚筒 drum", 8, 220)
        self.drawing.text("r/min", 8, 236, size: 11)
        self.drawing.line([(Self.left, middle), (Self.right, middle)], stroke: "#bbb")
        for report in reports {
            guard let drum = report.drum, drum != 0 else { continue }
            let height = min(28, max(1.5, Double(drum).magnitude / 10 * 2))
            self.drawing.rectangle(
                self.x(report.recordedAt) - 1, drum > 0 ? middle - height : middle, 2, height,
                fill: drum > 0 ? "#1b6ca8" : "#2e7d32")
        }
        self.drawing.text("＋搅拌 mixes，－卸料 discharges", Self.right, 264, size: 11, anchor: "end")
    }

    /// A camera's word is believed for as long as the rules believe it; then nothing is drawn: it is unknown.
    private mutating func cameras(_ reports: [CameraReport], holdSeconds: Double, until end: Instant) {
        self.drawing.text("右摄像头 camera", 8, 284, size: 11)
        let states = reports.compactMap { report in
            report.cameras.first { $0.name == "right_blind_spot" }.map { (report.recordedAt, $0.state) }
        }
        for (index, (time, state)) in states.enumerated() {
            let next = index + 1 < states.count ? states[index + 1].0 : end
            let last = min(next, time.advanced(bySeconds: holdSeconds))
            // In black and white the word and the height tell what the colour does.
            let (color, top) =
                switch state {
                case .ok: ("#a5d6a7", 281.0)
                case .lost: ("#ef9a9a", 274.0)
                case .occluded: ("#ffe082", 274.0)
                case .fault: ("#ce93d8", 274.0)
                }
            let width = max(2, self.x(last) - self.x(time))
            self.drawing.rectangle(self.x(time), top, width, 288 - top, fill: color)
            let isNews = index == 0 || states[index - 1].1 != state
            if isNews, width > 8 + 6 * Double(state.rawValue.count) {
                self.drawing.text(state.rawValue, self.x(time) + 3, 287, size: 11)
            }
        }
        self.drawing.text(
            "矮条 low bar: ok；高条 high bar: lost, occluded, fault；空白 blank: 未知 unknown", Self.right, 304, size: 11,
            anchor: "end")
    }

    private mutating func tickets(_ evidence: EvidenceCase) {
        for row in evidence.registers where row.wasKnown(at: evidence.derivedAt) {
            let delivery = evidence.judged.delivery
            guard case .ticket(let ticket) = row.record,
                ticket.plate == delivery.plate || delivery.ticketIDs.contains(ticket.ticketID),
                ticket.issuedAt >= evidence.from, ticket.issuedAt <= evidence.to
            else { continue }
            let x = self.x(ticket.issuedAt)
            self.drawing.line([(x, 18), (x, 312)], stroke: "#4527a0", width: 1.5, dash: "6 3")
            self.drawing.text("票 \(ticket.ticketID)", x + 3, 66, size: 11, fill: "#4527a0")
        }
    }

    private mutating func axis() {
        let steps = [60.0, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400]
        let step = steps.first { self.seconds / $0 <= 9 } ?? self.seconds
        let start = Double(self.from.microseconds) / 1e6
        var mark = (start / step).rounded(.up) * step
        self.drawing.line([(Self.left, 318), (Self.right, 318)], stroke: "#222")
        while mark <= start + self.seconds {
            let time = Instant(microseconds: Int64(mark * 1e6))
            let x = self.x(time)
            self.drawing.line([(x, 318), (x, 324)], stroke: "#222")
            self.drawing.text(String(ChinaTime.clock(time).prefix(5)), x, 338, size: 11, anchor: "middle")
            mark += step
        }
        self.drawing.text(
            "北京时间 Beijing time, " + String(ChinaTime.text(self.from).prefix(10)), Self.left, 354, size: 11)
    }
}
