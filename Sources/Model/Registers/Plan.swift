/// Capacity and supply that a plan or a yearly report gives for a district.
package struct Plan: Hashable, Sendable, Codable {
    package var year: Int
    package var district: String
    package var product: String?
    /// Per year, in `unit`.
    package var capacity: Double?
    package var supply: Double?
    /// As the register says it, such as `wan_m3` or `万吨`.
    package var unit: String?

    package init(
        year: Int, district: String, product: String? = nil, capacity: Double? = nil, supply: Double? = nil,
        unit: String? = nil
    ) {
        self.year = year
        self.district = district
        self.product = product
        self.capacity = capacity
        self.supply = supply
        self.unit = unit
    }

    /// The register's identity: what the figures are about.
    package var identity: String {
        [String(self.year), self.district, self.product ?? ""].joined(separator: "\t")
    }
}
