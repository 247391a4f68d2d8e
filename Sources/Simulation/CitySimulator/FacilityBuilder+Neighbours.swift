import Geodesy

/// Places that lie so close together that a fence alone does not tell them apart.
extension FacilityBuilder {
    /// An industrial park: a second plant in the rear, behind the yard of a valid one and through its gate.
    mutating func addPlantBehindAnother() {
        let number = self.facilities.count + 1
        for front in self.facilities.indices where self.facilities[front].licence == .valid {
            let yard = self.facilities[front].yard
            let rear = Yard(
                gate: yard.gate + yard.inward * (yard.depth + 12), inward: yard.inward,
                outline: .quadrilateral(halfWidth: 45, depth: 90, leftShift: 0, rightShift: 0))
            let isFree = self.isApart(rear, from: front) && self.isOffRoads(rear)
            guard isFree else { continue }
            self.append(.concretePlant, number, name: CityNames.plant(number), idPrefix: "P", rear)
            self.facilities[number - 1].neighbour = front
            self.facilities[number - 1].company = self.facilities[front].company
            return
        }
    }

    /// A site at most 150 m from the fence of a valid plant that has no other neighbour.
    mutating func addSiteBesidePlant() {
        let number = self.facilities.count { $0.kind == .site } + 1
        let behind = Set(self.facilities.compactMap(\.neighbour))
        for plant in self.facilities.indices
        where self.facilities[plant].kind == .concretePlant && self.facilities[plant].licence == .valid
            && self.facilities[plant].neighbour == nil && !behind.contains(plant)
        {
            guard let index = self.joints.firstIndex(where: { $0.contains { $0.facility == plant } }),
                let joint = self.joints[index].first(where: { $0.facility == plant })
            else { continue }
            for _ in 0..<60 {
                let metres = joint.metres + self.random.uniform(61, 300) * (self.random.chance(0.5) ? 1 : -1)
                let road = self.roads.roads[index]
                guard metres > 150, metres < road.length - 150 else { continue }
                let (point, direction) = road.point(at: metres)
                let inward = self.random.chance(0.5) ? direction.turnedLeft : direction.turnedLeft * -1
                let yard = Yard(
                    gate: point + inward * 30, inward: inward,
                    outline: .quadrilateral(halfWidth: 45, depth: 90, leftShift: 0, rightShift: 0))
                let other = self.facilities[plant].yard
                let between = yard.centre.distance(to: other.centre) - yard.radius - other.radius
                guard (0...150).contains(between), self.isOpenGround(yard, besideRoad: index, at: metres),
                    self.isApart(yard, from: plant)
                else { continue }
                self.joints[index].append((metres, self.facilities.count))
                self.append(.site, number, name: CityNames.site(number), idPrefix: "S", yard)
                self.facilities[self.facilities.count - 1].neighbour = plant
                self.facilities[self.facilities.count - 1].approvedPlants = [self.facilities[plant].id]
                return
            }
        }
    }

    /// Whether the yard overlaps none but perhaps that of its neighbour, and leaves unknown places well apart.
    private func isApart(_ yard: Yard, from neighbour: Int) -> Bool {
        self.facilities.indices.allSatisfy { index in
            let other = self.facilities[index].yard
            return index == neighbour || yard.centre.distance(to: other.centre) > yard.radius + other.radius + 180
        }
    }

    private func isOffRoads(_ yard: Yard) -> Bool {
        !River.isNear(yard.centre)
            && self.roads.roads.allSatisfy { road in
                zip(road.shape, road.shape.dropFirst()).allSatisfy { a, b in
                    yard.centre.distance(toSegment: a, b) > yard.radius + 20
                }
            }
    }
}
