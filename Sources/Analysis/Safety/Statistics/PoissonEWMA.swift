/// An exponentially weighted moving average of counts: zₜ = w·xₜ + (1 − w)·zₜ₋₁ from z₀ = μ, with the upper limit
/// μ + L·√(μ · w/(2−w) · (1 − (1−w)²ᵗ)) (Borror, Champ and Rigdon, Journal of Quality Technology 30, 1998).
package struct PoissonEWMA: Hashable, Sendable {
    package let mean: Double
    package let weight: Double
    /// L, in standard deviations.
    package let width: Double

    package init?(mean: Double, weight: Double = 0.2, width: Double = 3) {
        guard mean.isMeasured, weight > 0, weight <= 1, width.isMeasured else { return nil }
        self.mean = mean
        self.weight = weight
        self.width = width
    }

    /// One point of the chart.
    package struct Point: Hashable, Sendable {
        package var average: Double
        package var limit: Double
        package var isSignal: Bool { self.average > self.limit }
    }

    package func chart(_ counts: [Int]) -> [Point] {
        var average = self.mean
        var remembered = 1.0
        return counts.map { count in
            average = self.weight * Double(count) + (1 - self.weight) * average
            remembered *= (1 - self.weight) * (1 - self.weight)
            let variance = self.mean * self.weight / (2 - self.weight) * (1 - remembered)
            return Point(average: average, limit: self.mean + self.width * variance.squareRoot())
        }
    }
}
