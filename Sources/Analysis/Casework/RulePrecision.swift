/// How often a rule was right, by what people decided: of its hits that were looked at, those that held.
package struct RulePrecision: Hashable, Sendable {
    package var rule: String
    /// Confirmed, taken into a case, or handled.
    package var upheld: Int
    /// Dismissed, or a false alarm.
    package var dismissed: Int

    package init(rule: String, upheld: Int, dismissed: Int) {
        self.rule = rule
        self.upheld = upheld
        self.dismissed = dismissed
    }

    package var decided: Int { self.upheld + self.dismissed }

    /// `nil` before anything was decided.
    package var share: Double? { self.decided > 0 ? Double(self.upheld) / Double(self.decided) : nil }

    /// The 95 % interval of Wilson (1927): it stays within 0–1 and is of use for few decisions too.
    package var interval: (low: Double, high: Double)? {
        guard let share = self.share else { return nil }
        let n = Double(self.decided)
        let z = 1.959963984540054  // the normal's 97.5 % point
        let denominator = 1 + z * z / n
        let middle = (share + z * z / (2 * n)) / denominator
        let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / denominator
        return (max(0, middle - half), min(1, middle + half))
    }
}
