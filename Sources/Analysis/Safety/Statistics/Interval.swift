/// A confidence or credible interval. `low` is a number; `high` may be infinite, which is written as null.
package struct Interval: Hashable, Sendable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// `nil` where a bound is undefined.
    init?(_ low: Double, _ high: Double) {
        guard low.isFinite, !high.isNaN else { return nil }
        self.init(low: low, high: high)
    }

    package var isBounded: Bool { self.high.isFinite }

    package func contains(_ value: Double) -> Bool { self.low <= value && value <= self.high }

    /// The interval of a quantity that is this one times `factor`.
    func scaled(by factor: Double) -> Interval? {
        // 0 × ∞ has no value, and an unbounded interval stays so.
        Interval(self.low * factor, self.isBounded ? self.high * factor : .infinity)
    }
}

extension Interval: Codable {
    /// The keys of the written form.
    private enum CodingKeys: String, CodingKey { case low, high }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.low = try container.decode(Double.self, forKey: .low)
        self.high = try container.decodeIfPresent(Double.self, forKey: .high) ?? .infinity
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.low, forKey: .low)
        // JSON has no infinity.
        if self.isBounded {
            try container.encode(self.high, forKey: .high)
        } else {
            try container.encodeNil(forKey: .high)
        }
    }
}

/// How much of the distribution an interval leaves outside on either side.
enum Confidence {
    /// `nil` unless the level lies between 0 and 1.
    static func tail(_ level: Double) -> Double? { level > 0 && level < 1 ? (1 - level) / 2 : nil }
}
