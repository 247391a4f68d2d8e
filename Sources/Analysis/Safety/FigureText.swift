/// Numbers as sentences have them.
package enum FigureText {
    /// Two digits after the point, or three significant ones where that would leave nothing: `0.40`, `28.57`, `0.0042`.
    package static func figure(_ number: Double) -> String {
        guard number.isFinite else { return number > 0 ? "∞" : "?" }
        let magnitude = number.magnitude
        var digits = 2
        while magnitude > 0, digits < 9, magnitude * Self.scale(digits) < 100, magnitude < 0.1 { digits += 1 }
        return Self.decimal(number, digits: digits)
    }

    /// Whole per cent; never `0 %` or `100 %` for what is possible and not certain.
    package static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "?" }
        if share > 0, share < 0.005 { return "<1%" }
        if share < 1, share > 0.995 { return ">99%" }
        return Self.decimal(share * 100, digits: 0) + "%"
    }

    /// A probability in words. What was worked out is never certain: `大于 99%`,
    /// not 100 %.
    package static func chance(_ probability: Double) -> SafetyStatement {
        guard probability.isFinite else { return SafetyStatement(zh: "不明", en: "not known") }
        if probability < 0.005 { return SafetyStatement(zh: "小于 1%", en: "below 1%") }
        if probability > 0.995 { return SafetyStatement(zh: "大于 99%", en: "above 99%") }
        let share = Self.decimal(probability * 100, digits: 0) + "%"
        return SafetyStatement(zh: "约 " + share, en: "about " + share)
    }

    /// A share that was measured, in words that begin a sentence or follow a verb in either language.
    package static func part(_ share: Double) -> SafetyStatement {
        guard share.isFinite else { return SafetyStatement(zh: "不明的份额", en: "an unknown part") }
        if share < 0.005 { return SafetyStatement(zh: "不足 1%", en: "less than 1%") }
        if share > 0.995 { return SafetyStatement(zh: "超过 99%", en: "more than 99%") }
        let text = Self.decimal(share * 100, digits: 0) + "%"
        return SafetyStatement(zh: "约 " + text, en: "about " + text)
    }

    /// With two digits, as regulators publish their indicators: `99.54%`.
    package static func finePercent(_ share: Double) -> String {
        share.isFinite ? Self.decimal(share * 100, digits: 2) + "%" : "?"
    }

    static func decimal(_ number: Double, digits: Int) -> String {
        let scale = Self.scale(digits)
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 1e15 else { return number.description }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(whole) }
        let fraction = String(part)
        return sign + "\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private static func scale(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { product, _ in product * 10 } }
}
