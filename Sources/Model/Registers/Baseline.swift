/// Figures of one year as they were reported: the baseline year, and any year before the telemetry began. Empty
/// district, company and kind: the whole city. A missing figure is unknown, never 0.
package struct Baseline: Hashable, Sendable, Codable {
    package var year: Int
    package var district: String?
    package var company: String?
    package var vehicleKind: Vehicle.Kind?
    package var vehicles: Double?
    package var vehicleKilometres: Double?
    package var volumeCubicMetres: Double?
    package var accidents: Int?
    package var fatalAccidents: Int?
    package var deaths: Int?
    /// Within how many days after the accident the deaths are counted.
    package var deathWindowDays: Int?
    /// Who reported it, and where.
    package var source: String?

    package init(
        year: Int, district: String? = nil, company: String? = nil, vehicleKind: Vehicle.Kind? = nil,
        vehicles: Double? = nil, vehicleKilometres: Double? = nil, volumeCubicMetres: Double? = nil,
        accidents: Int? = nil, fatalAccidents: Int? = nil, deaths: Int? = nil, deathWindowDays: Int? = nil,
        source: String? = nil
    ) {
        self.year = year
        self.district = district
        self.company = company
        self.vehicleKind = vehicleKind
        self.vehicles = vehicles
        self.vehicleKilometres = vehicleKilometres
        self.volumeCubicMetres = volumeCubicMetres
        self.accidents = accidents
        self.fatalAccidents = fatalAccidents
        self.deaths = deaths
        self.deathWindowDays = deathWindowDays
        self.source = source
    }

    /// The register's identity: what the figures are about. A later report of the same takes the earlier one's place.
    package var identity: String {
        [String(self.year), self.district ?? "", self.company ?? "", self.vehicleKind?.rawValue ?? ""]
            .joined(separator: "\t")
    }
}
