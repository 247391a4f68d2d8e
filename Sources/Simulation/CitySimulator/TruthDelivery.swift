package import Chronology
package import Geodesy

/// One drop as it really happened in the simulated city.
package struct TruthDelivery: Hashable, Sendable, Codable {
    /// What sort of place the load came from.
    package enum OriginKind: String, Sendable, Codable {
        /// A plant of the register, whatever its licence.
        case plant
        /// A plant that no register knows.
        case hiddenPlant = "hidden_plant"
    }

    /// What sort of place it went to.
    package enum DestinationKind: String, Sendable, Codable {
        case site
        /// A place that no register knows; for a tanker, a hidden plant.
        case unregistered
        /// A plant of the register, supplied with cement.
        case plant
    }

    package var truthID: String
    /// Shared by the drops of one load.
    package var loadID: String
    package var plate: String
    package var terminal: String
    package var originKind: OriginKind
    package var originID: String
    /// Where the truck stood under the loader.
    package var originCoordinate: Coordinate
    /// Through the gate going in, and going out: waiting outside the gate belongs to neither.
    package var loadStart: Instant
    package var loadEnd: Instant
    package var destinationKind: DestinationKind
    package var destinationID: String
    package var destinationCoordinate: Coordinate
    package var unloadStart: Instant
    package var unloadEnd: Instant
    /// Whether the delivery deserves the verdict `suspicious`.
    package var isBlackSupply: Bool
    /// Codes of the rules that ought to hit, of those the simulator knows.
    package var expectedRules: [String]
    /// What makes the trip hard to read.
    package var edgeCases: [EdgeCase]

    package init(
        truthID: String, loadID: String, plate: String, terminal: String, originKind: OriginKind, originID: String,
        originCoordinate: Coordinate, loadStart: Instant, loadEnd: Instant, destinationKind: DestinationKind,
        destinationID: String, destinationCoordinate: Coordinate, unloadStart: Instant, unloadEnd: Instant,
        isBlackSupply: Bool, expectedRules: [String], edgeCases: [EdgeCase] = []
    ) {
        self.truthID = truthID
        self.loadID = loadID
        self.plate = plate
        self.terminal = terminal
        self.originKind = originKind
        self.originID = originID
        self.originCoordinate = originCoordinate
        self.loadStart = loadStart
        self.loadEnd = loadEnd
        self.destinationKind = destinationKind
        self.destinationID = destinationID
        self.destinationCoordinate = destinationCoordinate
        self.unloadStart = unloadStart
        self.unloadEnd = unloadEnd
        self.isBlackSupply = isBlackSupply
        self.expectedRules = expectedRules
        self.edgeCases = edgeCases
    }

    /// Rules whose hits the simulator can foretell, and of which one makes a drop black supply.
    package static let decidingRules = [
        "unlicensed-origin", "licence-invalid", "licence-scope", "name-lending", "cement-to-unregistered",
        "unregistered-destination", "diversion", "partial-diversion", "ticket-missing", "ticket-truck-mismatch",
        "duplicate-ticket",
    ]

    /// The rules whose hits the simulator can foretell.
    package static let knownRules =
        Self.decidingRules + [
            "supplier-not-approved", "ticket-time-mismatch", "ticket-volume-mismatch", "overload", "over-age",
            "mid-route-stop", "night-pour", "gap-in-haul", "dark-stay", "over-capacity", "on-site-mixing",
            "off-corridor",
        ]
}

/// A plant that no register knows, and how much it was used.
package struct TruthHiddenPlant: Hashable, Sendable, Codable {
    package var hiddenPlantID: String
    package var coordinate: Coordinate
    /// Of a circle around its yard.
    package var radiusMetres: Double
    package var loads: Int
    package var firstLoad: Instant?
    package var lastLoad: Instant?

    package init(
        hiddenPlantID: String, coordinate: Coordinate, radiusMetres: Double, loads: Int = 0, firstLoad: Instant? = nil,
        lastLoad: Instant? = nil
    ) {
        self.hiddenPlantID = hiddenPlantID
        self.coordinate = coordinate
        self.radiusMetres = radiusMetres
        self.loads = loads
        self.firstLoad = firstLoad
        self.lastLoad = lastLoad
    }
}
