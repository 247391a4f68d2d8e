package import Deliveries
package import Geodesy

/// The ways that a load under way may take: those that trucks have taken from its plant to each site it may be bound
/// for. Its delivery note names the site; without a note it may be any site of the register.
package struct ExpectedWays: Sendable {
    package var plantID: String
    package var sites: [String]
    package var corridors: Corridors

    package init(plantID: String, sites: [String], corridors: Corridors) {
        self.plantID = plantID
        self.sites = sites
        self.corridors = corridors
    }

    /// How a point lies to them.
    package enum Reading: Hashable, Sendable {
        /// To one of the sites too few trips are known: the truck may be on its way there.
        case insufficient
        case within
        /// So many metres off the nearest of them all.
        case off(metres: Double)
    }

    package func reading(of point: Coordinate) -> Reading {
        let pairs = self.sites.map { Corridors.Pair(plantID: self.plantID, siteID: $0) }
        for pair in pairs {
            guard let holds = self.corridors.hold(point, for: pair) else { return .insufficient }
            if holds { return .within }
        }
        let metres = pairs.compactMap { self.corridors.metres(to: point, for: $0) }.min()
        return metres.map { .off(metres: $0) } ?? .insufficient
    }
}
