package import Deliveries
package import Geodesy

/// A place outside every register where trucks seem to be loaded: a lead for a person to check, never a finding.
package struct SuspectedPlant: Hashable, Sendable, Codable {
    /// `X-<latitude>-<longitude>` of the place where it was first seen, in 1e-4 degree; kept when it is seen again.
    package var suspectedPlantID: String
    /// The middle of the loading halts.
    package var coordinate: Coordinate
    /// Metres around it within which a halt belongs to it.
    package var radiusMetres: Double
    package var evidence: PlantEvidence
    /// 0–100: the sum of the reasons' points.
    package var score: Double
    package var reasons: [PlantReason]
    /// Whether it was once likely enough for deliveries to take it for a place of loading, and is a lead still: a score
    /// that wavers around the limit does not change deliveries to and fro. Never while the load may as well have been
    /// taken at another place (`PlantEvidence.isOneOfTwo`).
    package var isLikely: Bool
    package var status: SuspectStatus
    /// What people decided, in order.
    package var decisions: [SuspectDecision]
    /// The parameters' version and the registers' revision it was found with.
    package var parametersVersion: Int
    package var registerRevision: Int64

    package init(
        suspectedPlantID: String, coordinate: Coordinate, radiusMetres: Double, evidence: PlantEvidence, score: Double,
        reasons: [PlantReason], isLikely: Bool, status: SuspectStatus = .lead, decisions: [SuspectDecision] = [],
        parametersVersion: Int, registerRevision: Int64
    ) {
        self.suspectedPlantID = suspectedPlantID
        self.coordinate = coordinate
        self.radiusMetres = radiusMetres
        self.evidence = evidence
        self.score = score
        self.reasons = reasons
        self.isLikely = isLikely
        self.status = status
        self.decisions = decisions
        self.parametersVersion = parametersVersion
        self.registerRevision = registerRevision
    }

    /// What deliveries may take for a place of loading (`World.suspectedPlaces`); `nil`: not likely enough, or
    /// dismissed.
    package var loadingPlace: SuspectedPlace? {
        let isTaken =
            switch self.status {
            case .confirmed: true
            case .lead, .checking: self.isLikely
            case .dismissed: false
            }
        guard isTaken else { return nil }
        return SuspectedPlace(id: self.suspectedPlantID, coordinate: self.coordinate, radiusMetres: self.radiusMetres)
    }
}
