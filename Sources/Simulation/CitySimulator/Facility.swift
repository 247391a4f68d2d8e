import Geodesy

/// A place where trucks go: its yard, the gate on the side of the road, and the road before the gate.
struct Facility: Sendable {
    /// What sort it is.
    enum Kind: Sendable, CaseIterable {
        case concretePlant, mortarPlant, cementPlant, hiddenPlant
        case site, unregisteredSite
        case depot, fuel, weighbridge, wash, silo, parking
        /// Nobody's ground beside a road.
        case lot
        /// An eatery, a tyre shop, an inspection station: trucks halt there, and nothing is loaded or unloaded.
        case roadside

        /// Whether a register knows it.
        var isRegistered: Bool {
            switch self {
            case .hiddenPlant, .unregisteredSite, .lot, .roadside: false
            default: true
            }
        }
    }

    /// What a register says of a plant's licence during the simulated days.
    enum Licence: Sendable { case valid, rectifying, expired, suspended }

    var kind: Kind
    var id: String
    var name: String
    var yard: Yard
    /// The road node before the gate.
    var node: Int
    /// Index into the city's districts and companies.
    var district: Int
    var company: Int?
    var licence = Licence.valid
    /// Ids of the plants that may supply a site; empty: no list.
    var approvedPlants: [String] = []
    /// Cubic metres that a concrete plant may make in a year, by its licence.
    var yearlyCapacity = 600_000.0
    /// Whether a site mixes its own concrete: cement comes to it, and no mixer.
    var mixesItsOwn = false
    /// Index of the plant beside which a site lies, or through whose gate a plant is reached.
    var neighbour: Int?

    var maySupply: Bool { self.licence == .valid || self.licence == .rectifying }
}

/// The ground of a facility: a front along the road with the gate in it, and the land behind.
struct Yard: Sendable {
    /// The shape of its fence.
    enum Outline: Sendable {
        /// Metres that the fence reaches to either side of the gate and behind it, and how far its back corners are
        /// moved outwards.
        case quadrilateral(halfWidth: Double, depth: Double, leftShift: Double, rightShift: Double)
        case circle(radius: Double)
    }

    var gate: Point
    /// Away from the road, length 1.
    var inward: Point
    var outline: Outline

    /// Metres from the gate to the back.
    var depth: Double {
        switch self.outline {
        case .quadrilateral(_, let depth, _, _): depth
        case .circle(let radius): radius * 2
        }
    }

    /// Metres from the gate's axis that are inside everywhere between a quarter and three quarters of the depth.
    var clearHalfWidth: Double {
        switch self.outline {
        case .quadrilateral(let halfWidth, _, _, _): halfWidth
        case .circle(let radius): radius * 0.86
        }
    }

    var centre: Point { self.gate + self.inward * (self.depth / 2) }

    /// Of a circle around the centre that holds the yard.
    var radius: Double {
        switch self.outline {
        case .quadrilateral: self.corners.map { $0.distance(to: self.centre) }.max() ?? self.depth
        case .circle(let radius): radius
        }
    }

    /// A spot `aside` (− 1 to 1) of the clear half width and `deep` (0.25 to 0.75) of the depth.
    func spot(aside: Double, deep: Double) -> Point {
        self.gate + self.inward * (self.depth * deep) + self.inward.turnedLeft * (self.clearHalfWidth * aside)
    }

    /// The corners of a quadrilateral, counter-clockwise; none of a circle.
    var corners: [Point] {
        guard case .quadrilateral(let halfWidth, let depth, let left, let right) = self.outline else { return [] }
        let aside = self.inward.turnedLeft
        return [
            self.gate + aside * halfWidth, self.gate - aside * halfWidth,
            self.gate - aside * (halfWidth + right) + self.inward * depth,
            self.gate + aside * (halfWidth + left) + self.inward * depth,
        ]
    }

    var fence: Fence {
        switch self.outline {
        case .quadrilateral: .polygon(Polygon(rings: [self.corners.map(Plane.coordinate)]))
        case .circle(let radius): .circle(center: Plane.coordinate(self.centre), radiusMetres: radius)
        }
    }

    func contains(_ point: Point) -> Bool {
        switch self.outline {
        case .circle(let radius): return point.distance(to: self.centre) <= radius
        case .quadrilateral:
            let corners = self.corners
            return corners.indices.allSatisfy { index in
                let next = corners[(index + 1) % corners.count]
                return (next - corners[index]).cross(point - corners[index]) >= 0
            }
        }
    }
}
