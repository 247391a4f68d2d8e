import Foundation

extension Double {
    /// e to the power of `factor` times this.
    func exponential(_ factor: Double) -> Double { exp(factor * self) }
}
