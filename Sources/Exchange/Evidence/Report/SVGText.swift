import Exchange

/// A drawing as text: shapes are appended with numbers rounded to a tenth.
struct SVGText {
    private var body = ""
    let width: Double
    let height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// - Parameter title: what the picture shows, for those who cannot see it.
    func document(title: String) -> String {
        let size = "width=\"\(Self.number(self.width))\" height=\"\(Self.number(self.height))\""
        let box = "viewBox=\"0 0 \(Self.number(self.width)) \(Self.number(self.height))\""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\" font-family=\"sans-serif\">"
            + "<title>\(TextEscapes.xml(title))</title>\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" + self.body + "</svg>\n"
    }

    mutating func line(
        _ points: [(x: Double, y: Double)], stroke: String, width: Double = 1, dash: String? = nil,
        fill: String = "none", closed: Bool = false, opacity: Double = 1
    ) {
        guard points.count > 1 else { return }
        let list = points.map { Self.number($0.x) + "," + Self.number($0.y) }.joined(separator: " ")
        let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        let faint = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
        self.body +=
            "<\(closed ? "polygon" : "polyline") points=\"\(list)\" fill=\"\(fill)\"\(faint) stroke=\"\(stroke)\""
            + " stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\"\(dashes)/>\n"
    }

    mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: String, stroke: String = "#fff") {
        self.body +=
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\""
            + " fill=\"\(fill)\" stroke=\"\(stroke)\" stroke-width=\"1.5\"/>\n"
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, opacity: Double = 1
    ) {
        self.body +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\""
            + " height=\"\(Self.number(max(0, height)))\" fill=\"\(fill)\" fill-opacity=\"\(Self.number(opacity))\"/>\n"
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: String = "start", fill: String = "#222",
        bold: Bool = false
    ) {
        // A white halo keeps words readable over lines.
        self.body +=
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\""
            + " text-anchor=\"\(anchor)\" fill=\"\(fill)\"\(bold ? " font-weight=\"bold\"" : "")"
            + " paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\">\(TextEscapes.xml(text))</text>\n"
    }

    static func number(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e9 else { return "0" }
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
    }
}
