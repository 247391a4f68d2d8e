/// Places that break a rule by what goes in or out.
extension FacilityBuilder {
    /// A site that gets cement and no concrete.
    mutating func addSiteThatMixes() {
        let number = self.facilities.count { $0.kind == .site } + 1
        let site = self.add(.site, name: CityNames.site(number), idPrefix: "S", separation: 600)
        self.facilities[site].mixesItsOwn = true
    }

    /// A plant that sends out what its licence allows in a month when the simulated days, or half a month, are about
    /// two thirds over.
    mutating func limitCapacity() {
        let plants = self.facilities.indices.filter {
            self.facilities[$0].kind == .concretePlant && self.facilities[$0].maySupply
        }
        // Every fourth truck belongs to it: where there are four plants, or eight, the second has those of the crooked
        // alone, which load elsewhere.
        guard plants.count > 2 else { return }
        let plant = plants[plants.count.isMultiple(of: 4) ? 2 : 1]
        // Mixers are spread evenly; each carries some five loads of nine cubic metres a day.
        let daily = Double(self.plan.trucks) / Double(plants.count) * 0.85 * 45
        let days = min(Double(self.plan.days ?? 15), 15)
        self.facilities[plant].yearlyCapacity = (12 * daily * max(days * 0.65, 0.5)).rounded()
    }
}
