/// A count with the exposure in which it came about, in the denominator's own unit (vehicle-km, vehicles, m³).
package struct Observation: Hashable, Sendable, Codable {
    package var count: Int
    /// Whether anybody counted. Where nobody did, `count` is 0 and means nothing: nothing is worked out of it, and
    /// nobody may be shown it.
    package var isCounted = true
    /// `nil`: not known. 0 or less gives no rate either: undefined, not 0.
    package var exposure: Double?
    /// The share of the exposure that was seen, 0–1; 1 for reported figures.
    package var coverage: Double?

    /// Nobody counted.
    package static let uncounted: Observation = {
        var unknown = Observation(count: 0, exposure: nil, coverage: nil)
        unknown.isCounted = false
        return unknown
    }()

    package init(count: Int, exposure: Double?, coverage: Double? = 1) {
        self.count = count
        self.exposure = exposure
        self.coverage = coverage
    }

    /// Whether enough of the exposure was seen to say anything: a count of a whole year over the kilometres of a few
    /// days would be an accusation.
    package var isWellSeen: Bool { self.coverage.map { $0 >= Self.leastCoverage } ?? true }

    private static let leastCoverage = 0.5

    var measuredExposure: Double? { self.exposure.flatMap { $0.isMeasured ? $0 : nil } }
}
