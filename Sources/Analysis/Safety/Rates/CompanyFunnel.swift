/// Companies beside each other without a ranking: each has its place in the funnel and a rate drawn towards that of
/// all.
package struct CompanyFunnel: Hashable, Sendable {
    /// One company's point of the funnel.
    package struct Point: Hashable, Sendable {
        package var name: String
        package var observed: Observation
        /// What it would have with the rate of all.
        package var expected: Double?
        package var place: FunnelPlot.Place
        package var warning: Interval?
        package var action: Interval?
        /// Per unit of exposure, shrunk.
        package var shrunkRate: Double?
    }

    package let overallRate: Double?
    /// In the order of the names: never in the order of the rates.
    package let points: [Point]

    package init(_ observations: [String: Observation]) {
        let names = observations.keys.sorted()
        let all = names.compactMap { observations[$0] }
        let bayes = EmpiricalBayes(all.map { EmpiricalBayes.Unit(count: $0.count, exposure: $0.exposure ?? 0) })
        self.overallRate = bayes?.overall
        self.points = zip(names, all).enumerated().map { index, pair in
            let expected = pair.1.measuredExposure.flatMap { exposure in bayes.map { exposure * $0.overall } }
            return Point(
                name: pair.0, observed: pair.1, expected: expected,
                place: expected.map { FunnelPlot.place(count: pair.1.count, expected: $0) } ?? .undefined,
                warning: expected.flatMap { FunnelPlot.limits(expected: $0) },
                action: expected.flatMap { FunnelPlot.limits(expected: $0, probability: 0.998) },
                shrunkRate: bayes?.rates[index])
        }
    }
}
