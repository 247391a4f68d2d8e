/// Rates of many small units, each drawn towards the rate of all by as much as its own count is uncertain (Marshall,
/// Applied Statistics 40, 1991): m = Σx/ΣE, s² = ΣE(r−m)²/ΣE, A = max(0, s² − m/Ē), Cᵢ = A/(A + m/Eᵢ),
/// ϑᵢ = m + Cᵢ(rᵢ − m).
///
/// A = 0 says that the units differ no more than chance makes them differ: then all have the rate of all.
package struct EmpiricalBayes: Hashable, Sendable {
    /// One unit's count and exposure.
    package struct Unit: Hashable, Sendable {
        package var count: Int
        package var exposure: Double

        package init(count: Int, exposure: Double) {
            self.count = count
            self.exposure = exposure
        }

        var isMeasured: Bool { self.count >= 0 && self.exposure.isMeasured }
    }

    /// The rate of all.
    package let overall: Double
    /// The spread of the crude rates, s².
    package let spread: Double
    /// What of it is no chance, A.
    package let between: Double
    /// By unit; `nil` for one without exposure, which has no part in the figures of the others.
    package let shrinkage: [Double?]
    package let rates: [Double?]
    /// Σ(x − Em)²/(Em), its degrees of freedom, and how often chance alone makes it as large.
    package let dispersion: Double
    package let degrees: Int
    package let pDispersion: Double?

    /// `nil` where no unit has any exposure.
    package init?(_ units: [Unit]) {
        let measured = units.filter(\.isMeasured)
        let exposure = measured.reduce(0) { $0 + $1.exposure }
        guard exposure.isMeasured else { return nil }
        let overall = measured.reduce(0) { $0 + Double($1.count) } / exposure
        let spread =
            measured.reduce(0) { sum, unit in
                let distance = Double(unit.count) / unit.exposure - overall
                return sum + unit.exposure * distance * distance
            } / exposure
        let between = max(0, spread - overall / (exposure / Double(measured.count)))
        guard overall.isFinite, spread.isFinite, between.isFinite else { return nil }
        let shrinkage: [Double?] = units.map { unit in
            guard unit.isMeasured else { return nil }
            return between > 0 ? between / (between + overall / unit.exposure) : 0
        }
        self.overall = overall
        self.spread = spread
        self.between = between
        self.shrinkage = shrinkage
        self.rates = zip(units, shrinkage).map { unit, share in
            share.map { overall + $0 * (Double(unit.count) / unit.exposure - overall) }
        }
        self.dispersion =
            overall > 0
            ? measured.reduce(0) { sum, unit in
                let expected = unit.exposure * overall
                let distance = Double(unit.count) - expected
                return sum + distance * distance / expected
            } : 0
        self.degrees = measured.count - 1
        self.pDispersion =
            self.degrees > 0
            ? Distributions.chiSquared(atLeast: self.dispersion, degrees: self.degrees).ifDefined : nil
    }
}
