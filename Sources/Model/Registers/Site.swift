package import Geodesy

/// One row of the register of construction sites.
package struct Site: Hashable, Sendable, Codable {
    /// How far the building has come, by the permit.
    package enum Status: String, Sendable, Codable, CaseIterable { case active, suspended, completed }

    package var siteID: String
    package var name: String
    package var permitNumber: String?
    package var status: Status
    package var period: ValidPeriod
    package var district: String?
    /// Ids of the plants that may supply it; empty: no list, nothing to judge.
    package var approvedPlants: [String]
    package var fence: Fence

    package init(
        siteID: String, name: String, permitNumber: String? = nil, status: Status, period: ValidPeriod,
        district: String? = nil, approvedPlants: [String] = [], fence: Fence
    ) {
        self.siteID = siteID
        self.name = name
        self.permitNumber = permitNumber
        self.status = status
        self.period = period
        self.district = district
        self.approvedPlants = approvedPlants
        self.fence = fence
    }
}

/// A known innocent place.
package struct Place: Hashable, Sendable, Codable {
    /// What it is known for.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case depot, fuel, weighbridge, wash, parking, silo
    }

    package var placeID: String
    package var name: String
    package var kind: Kind
    package var fence: Fence

    package init(placeID: String, name: String, kind: Kind, fence: Fence) {
        self.placeID = placeID
        self.name = name
        self.kind = kind
        self.fence = fence
    }
}
