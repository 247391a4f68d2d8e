package import Geodesy

/// One row of the register of plants (站, not company): its licence, the fence, and the period for which they hold.
package struct Plant: Hashable, Sendable, Codable {
    /// What the licence is for.
    package enum LicenceKind: String, Sendable, Codable, CaseIterable { case concrete, mortar, cement }

    /// What the authority says of it.
    package enum Status: String, Sendable, Codable, CaseIterable {
        case valid, rectifying, suspended, revoked, cancelled

        /// Only a valid plant, and one told to mend something while it goes on, may supply.
        package var maySupply: Bool { self == .valid || self == .rectifying }
    }

    package var plantID: String
    package var name: String
    package var creditCode: String?
    package var licenceNumber: String?
    package var licenceKind: LicenceKind
    package var status: Status
    package var period: ValidPeriod
    package var district: String?
    /// Licensed capacity in m³ a year.
    package var capacityPerYear: Double?
    package var fence: Fence

    package init(
        plantID: String, name: String, creditCode: String? = nil, licenceNumber: String? = nil,
        licenceKind: LicenceKind, status: Status, period: ValidPeriod, district: String? = nil,
        capacityPerYear: Double? = nil, fence: Fence
    ) {
        self.plantID = plantID
        self.name = name
        self.creditCode = creditCode
        self.licenceNumber = licenceNumber
        self.licenceKind = licenceKind
        self.status = status
        self.period = period
        self.district = district
        self.capacityPerYear = capacityPerYear
        self.fence = fence
    }
}
