/// A count with the exposure in which it came about, in the denominator's own unit (vehicle-km, vehicles, m³).
package struct Observation: Hashable, Sendable, Codable {
    package var count: Int
    /// `nil`: not known. 0 or less gives no rate either: undefined, not 0.
    package var exposure: Double?
    /// The share of the exposure that was seen, 0–1; 1 for reported figures.
    package var coverage: Double?

    package init(count: Int, exposure: Double?, coverage: Double? = 1) {
        self.count = count
        self.exposure = exposure
        self.coverage = coverage
    }

    var measuredExposure: Double? { self.exposure.flatMap { $0.isMeasured ? $0 : nil } }
}
