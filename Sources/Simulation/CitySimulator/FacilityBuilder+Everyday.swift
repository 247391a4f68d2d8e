/// Where trucks halt without a trip: places that no register knows, and where nothing is loaded or unloaded.
extension FacilityBuilder {
    /// How far from a plant its drivers walk, or drive, for a meal.
    private static let nearPlant = 350.0...1500.0

    /// One near every plant that may supply, and some anywhere.
    mutating func addRoadside() {
        let plants = self.facilities.indices.filter {
            self.facilities[$0].kind == .concretePlant && self.facilities[$0].maySupply
        }
        for plant in plants { self.addRoadside(near: self.facilities[plant].yard.centre) }
        for _ in 0..<min(max(3, self.plan.trucks / 6), 20) {
            let number = self.facilities.count { $0.kind == .roadside } + 1
            _ = self.add(.roadside, name: CityNames.roadside(number), idPrefix: "E", separation: 400)
        }
    }

    /// None where there is no room.
    private mutating func addRoadside(near point: Point) {
        let near = self.roads.roads.indices.filter { index in
            let shape = self.roads.roads[index].shape
            return zip(shape, shape.dropFirst()).contains {
                point.distance(toSegment: $0, $1) < Self.nearPlant.upperBound
            }
        }
        let size = YardSize.usual(.roadside)
        for _ in 0..<600 {
            guard let index = self.random.pick(near) else { return }
            let metres = self.roads.roads[index].length * self.random.uniform(0.05, 0.95)
            let (gate, direction) = self.roads.roads[index].point(at: metres)
            let inward = self.random.chance(0.5) ? direction.turnedLeft : direction.turnedLeft * -1
            let setback = self.random.uniform(size.setback.lowerBound, size.setback.upperBound)
            let yard = Yard(gate: gate + inward * setback, inward: inward, outline: size.outline(using: &self.random))
            guard Self.nearPlant.contains(yard.centre.distance(to: point)),
                self.isFree(yard, onRoad: index, at: metres, separation: 200)
            else { continue }
            let number = self.facilities.count { $0.kind == .roadside } + 1
            self.joints[index].append((metres, self.facilities.count))
            self.append(.roadside, number, name: CityNames.roadside(number), idPrefix: "E", yard)
            return
        }
    }
}
