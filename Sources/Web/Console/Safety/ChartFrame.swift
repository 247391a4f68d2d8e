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
    /// Where something is drawn that a label must not hide.
    private(set) var drawn: [ChartBox] = []

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
        if !closed, style.description == "observed" {
            let places = points.map { (x: self.px($0.0), y: self.py($0.1)) }
            for (from, to) in zip(places, places.dropFirst()) { self.drawn += ChartBox.along(from, to) }
        }
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
        self.drawn.append(ChartBox(x: x, y: y, width: max(0, width), height: max(0, height)))
        self.body.element("rect", " class=\"\(style)\"" + place) { $0.element("title", "", title) }
    }

    /// A dot with words for whoever points at it.
    mutating func dot(_ x: Double, _ y: Double, radius: Double = 4, _ style: StaticString, _ title: String) {
        self.drawn.append(
            ChartBox(
                x: self.px(x) - radius - 1, y: self.py(y) - radius - 1, width: 2 * radius + 2, height: 2 * radius + 2))
        let place =
            " cx=\"\(Self.number(self.px(x)))\" cy=\"\(Self.number(self.py(y)))\" r=\"\(Self.number(radius))\""
        self.body.element("circle", " class=\"\(style)\"" + place) { $0.element("title", "", title) }
    }

    /// A triangle with words for whoever points at it: what a dot must not be taken for, without its colour.
    mutating func triangle(
        _ x: Double, _ y: Double, radius: Double = 4, pointsUp: Bool, _ style: StaticString, _ title: String
    ) {
        let (x, y) = (self.px(x), self.py(y))
        self.drawn.append(
            ChartBox(x: x - radius - 1, y: y - radius - 1, width: 2 * radius + 2, height: 2 * radius + 2))
        let (tip, base) = pointsUp ? (y - radius, y + radius) : (y + radius, y - radius)
        let corners = [(x, tip), (x + radius, base), (x - radius, base)]
        let text = corners.map { "\(Self.number($0.0)),\(Self.number($0.1))" }.joined(separator: " ")
        self.body.element("polygon", " class=\"\(style)\" points=\"\(text)\"") { $0.element("title", "", title) }
    }

    /// Words at a place of the paper; `anchor` is start, middle or end.
    mutating func words(_ text: String, x: Double, y: Double, _ anchor: StaticString, _ style: StaticString = "tick") {
        self.body.element(
            "text",
            " class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\"", text)
    }

    /// A label of the horizontal line at a height of the paper: above or below it, at either end or
    /// between, wherever it hides nothing. To be set when all else is drawn.
    mutating func label(_ text: String, ofLineAt height: Double) {
        let width = ChartBox.width(of: text)
        let (first, last) = (Self.left + 4, Self.width - Self.right - width)
        let starts = [last, first, (first + last) / 2, first + (last - first) / 4, first + (last - first) * 3 / 4]
        self.label(text, at: starts.flatMap { [($0, height - 4), ($0, height + 12)] })
    }

    /// A label beside the dot at a place of the paper.
    mutating func label(_ text: String, besideDotAt place: (x: Double, y: Double)) {
        let width = ChartBox.width(of: text)
        self.label(
            text,
            at: [
                (place.x + 7, place.y + 4), (place.x - 7 - width, place.y + 4), (place.x - width / 2, place.y - 8),
                (place.x - width / 2, place.y + 17),
            ])
    }

    /// At the first of the places that hides nothing, else at the one that hides least.
    private mutating func label(_ text: String, at places: [(x: Double, y: Double)]) {
        let width = ChartBox.width(of: text)
        let inside = places.map { place in
            (
                x: min(max(place.x, Self.left), max(Self.left, Self.width - width)),
                y: min(max(place.y, Self.top + 9), Self.height - Self.bottom - 3)
            )
        }
        let hidden = inside.map { place in
            let box = ChartBox(x: place.x, y: place.y - 10, width: width, height: 13)
            return self.drawn.reduce(0) { $0 + $1.overlap(with: box) }
        }
        guard let least = hidden.min(), let index = hidden.firstIndex(of: least) else { return }
        let place = inside[index]
        self.drawn.append(ChartBox(x: place.x, y: place.y - 10, width: width, height: 13))
        self.words(text, x: place.x, y: place.y, "start", "note")
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

/// A part of the paper, in its own units.
struct ChartBox: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    /// The area in common.
    func overlap(with other: ChartBox) -> Double {
        let width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        let height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return width > 0 && height > 0 ? width * height : 0
    }

    /// Small boxes along a line.
    static func along(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) -> [ChartBox] {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let steps = min(200, max(1, Int((max(dx.magnitude, dy.magnitude) / 4).rounded(.up))))
        return (0...steps).map { step in
            let share = Double(step) / Double(steps)
            return ChartBox(x: from.x + share * dx - 1, y: from.y + share * dy - 1, width: 2, height: 2)
        }
    }

    /// Of words in the charts' 11 px: Han characters are as wide as they are high, others about six tenths of it.
    static func width(of text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2e80 ? 6.6 : 11.4) }
    }
}
