import Foundation

/// The paper that a chart is drawn on: axes with round numbers, and where a value lies. It is drawn by the server,
/// so that
/// the page, the printed report and a saved file are the same picture.
struct ChartFrame {
    static let (width, height) = (420.0, 250.0)
    static let (left, right, top, bottom) = (46.0, 12.0, 24.0, 34.0)

    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    private(set) var body = Markup()

    init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
        self.x = Self.opened(x)
        self.y = Self.opened(y)
    }

    /// From 0 to a round number that is no smaller than any of the values.
    static func fromZero(_ values: [Double]) -> ClosedRange<Double> {
        let top = values.filter(\.isFinite).max() ?? 0
        guard top > 0 else { return 0...1 }
        let step = Self.step(top)
        return 0...(top / step).rounded(.up) * step
    }

    private static func opened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        guard range.lowerBound.isFinite, range.upperBound.isFinite else { return 0...1 }
        return range.upperBound > range.lowerBound ? range : range.lowerBound...range.lowerBound + 1
    }

    /// 1, 2 or 5 times a power of ten, about four to a length.
    private static func step(_ length: Double) -> Double {
        guard length.isFinite, length > 0 else { return 1 }
        let power = pow(10, (log10(length / 4)).rounded(.down))
        return [1.0, 2, 5, 10].map { $0 * power }.first { length / $0 <= 5 } ?? power * 10
    }

    func px(_ value: Double) -> Double {
        let share = (value - self.x.lowerBound) / (self.x.upperBound - self.x.lowerBound)
        return Self.left + min(max(share, 0), 1) * (Self.width - Self.left - Self.right)
    }

    /// What lies beyond the paper is drawn at its edge.
    func py(_ value: Double) -> Double {
        let share = (value - self.y.lowerBound) / (self.y.upperBound - self.y.lowerBound)
        return Self.height - Self.bottom - min(max(share, 0), 1) * (Self.height - Self.top - Self.bottom)
    }

    static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() && rounded.magnitude < 1e9 ? String(Int(rounded)) : String(rounded)
    }

    mutating func line(_ from: (Double, Double), _ to: (Double, Double), _ style: StaticString) {
        self.body.mark(
            "line",
            " class=\"\(style)\" x1=\"\(Self.number(from.0))\" y1=\"\(Self.number(from.1))\" "
                + "x2=\"\(Self.number(to.0))\" y2=\"\(Self.number(to.1))\"")
    }

    /// Points in the values' units.
    mutating func path(_ points: [(Double, Double)], _ style: StaticString, closed: Bool = false) {
        guard points.count > 1 else { return }
        let text = points.map { "\(Self.number(self.px($0.0))),\(Self.number(self.py($0.1)))" }.joined(separator: " ")
        if closed {
            self.body.mark("polygon", " class=\"\(style)\" points=\"\(text)\"")
        } else {
            self.body.mark("polyline", " class=\"\(style)\" points=\"\(text)\"")
        }
    }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, _ style: StaticString, _ title: String)
    {
        let place =
            " x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" "
            + "height=\"\(Self.number(max(0, height)))\""
        self.body.element("rect", " class=\"\(style)\"" + place) { $0.element("title", "", title) }
    }

    /// A dot with words for whoever points at it.
    mutating func dot(_ x: Double, _ y: Double, radius: Double = 4, _ style: StaticString, _ title: String) {
        let place =
            " cx=\"\(Self.number(self.px(x)))\" cy=\"\(Self.number(self.py(y)))\" r=\"\(Self.number(radius))\""
        self.body.element("circle", " class=\"\(style)\"" + place) { $0.element("title", "", title) }
    }

    /// Words at a place of the paper; `anchor` is start, middle or end.
    mutating func words(_ text: String, x: Double, y: Double, _ anchor: StaticString, _ style: StaticString = "tick") {
        self.body.element(
            "text",
            " class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\"", text)
    }

    /// Lines and numbers of the vertical axis, and what it counts.
    mutating func verticalAxis(_ title: String) {
        let step = Self.step(self.y.upperBound - self.y.lowerBound)
        var value = (self.y.lowerBound / step).rounded(.up) * step
        while value <= self.y.upperBound + step * 1e-6 {
            let height = self.py(value)
            self.line((Self.left, height), (Self.width - Self.right, height), "grid")
            self.words(Self.tick(value, step), x: Self.left - 5, y: height + 4, "end")
            value += step
        }
        self.words(title, x: 2, y: 10, "start", "unit")
    }

    /// Numbers of the horizontal axis.
    mutating func horizontalAxis(_ title: String, _ ticks: [(value: Double, text: String)]? = nil) {
        let step = Self.step(self.x.upperBound - self.x.lowerBound)
        var marks = ticks ?? []
        if ticks == nil {
            var value = (self.x.lowerBound / step).rounded(.up) * step
            while value <= self.x.upperBound + step * 1e-6 {
                marks.append((value, Self.tick(value, step)))
                value += step
            }
        }
        let base = Self.height - Self.bottom
        self.line((Self.left, base), (Self.width - Self.right, base), "axis")
        for mark in marks { self.words(mark.text, x: self.px(mark.value), y: base + 14, "middle") }
        self.words(title, x: Self.width - Self.right, y: Self.height - 4, "end", "unit")
    }

    private static func tick(_ value: Double, _ step: Double) -> String {
        let digits = max(0, Int((-log10(step)).rounded(.up)))
        return String(format: "%.\(min(digits, 9))f", value == 0 ? 0 : value)
    }

    /// The finished picture; `label` is read out where it cannot be seen.
    func finish(_ label: String) -> Markup {
        var svg = Markup()
        let (width, height) = (Self.number(Self.width), Self.number(Self.height))
        let label = Markup.escaped(label)
        svg.element(
            "svg",
            " xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
                + "aria-label=\"\(label)\""
        ) { $0.append(self.body) }
        return svg
    }
}
