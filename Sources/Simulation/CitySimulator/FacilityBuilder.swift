import Geodesy
import Registers

/// Puts the places along the roads, and gives them names, owners, licences and lists.
struct FacilityBuilder {
    private(set) var roads: RoadNetwork
    var facilities: [Facility] = []
    private(set) var districts: [District] = []
    private(set) var companies: [Company] = []
    let plan: CityPlan
    var random: SplitMix64
    /// Per road of the network as it was: where facilities join it.
    var joints: [[(metres: Double, facility: Int)]]

    init(roads: RoadNetwork, plan: CityPlan) {
        self.roads = roads
        self.plan = plan
        self.random = SplitMix64(seed: plan.seed, for: .places)
        self.joints = Array(repeating: [], count: roads.roads.count)
    }

    mutating func build() {
        self.districts = CityNames.districts
        self.addProducers()
        self.addSites()
        self.addPlaces()
        self.addHaulierAndBuilders()
        self.addSiteThatMixes()
        if self.plan.hasCheats { self.limitCapacity() }
        if self.plan.hasEverydayLife { self.addRoadside() }
        self.joinRoads()
    }

    private mutating func addProducers() {
        let trucks = self.plan.trucks
        let valid = min(max(3, trucks / 8), 40)
        var licences = Array(repeating: Facility.Licence.valid, count: valid) + [.expired, .suspended]
        licences[valid - 1] = .rectifying
        for licence in licences {
            let name = CityNames.plant(self.facilities.count + 1)
            let index = self.add(.concretePlant, name: name, idPrefix: "P", separation: 900)
            self.facilities[index].licence = licence
            // The first two belong to one company.
            self.facilities[index].company =
                index == 1
                ? self.facilities[0].company
                : self.addCompany(.producer, district: self.facilities[index].district)
        }
        self.addPlantBehindAnother()
        for number in 1...min(max(1, trucks / 100), 5) {
            let index = self.add(.mortarPlant, name: CityNames.mortarPlant(number), idPrefix: "M", separation: 900)
            self.facilities[index].company = self.addCompany(.producer, district: self.facilities[index].district)
        }
        for number in 1...min(max(1, trucks / 60), 6) {
            let index = self.add(.cementPlant, name: CityNames.cementPlant(number), idPrefix: "C", separation: 900)
            self.facilities[index].company = self.addCompany(.producer, district: self.facilities[index].district)
        }
        for number in 1...min(max(2, trucks / 15), 12) {
            _ = self.add(.hiddenPlant, name: CityNames.hiddenPlant(number), idPrefix: "H", separation: 700)
        }
    }

    private mutating func addSites() {
        let count = min(max(8, self.plan.trucks / 2), 150)
        let concrete = self.facilities.filter { $0.kind == .concretePlant }
        let mortar = self.facilities.filter { $0.kind == .mortarPlant }.map(\.id)
        for number in 1...count {
            let index = self.add(.site, name: CityNames.site(number), idPrefix: "S", separation: 600)
            // Every fourth site has no list, so that every plant has customers.
            guard !number.isMultiple(of: 4) else { continue }
            var approved = [concrete[number % concrete.count].id]
            for _ in 0..<self.random.integer(0...2) {
                if let plant = self.random.pick(concrete), !approved.contains(plant.id) { approved.append(plant.id) }
            }
            if self.random.chance(0.5) { approved += mortar }
            self.facilities[index].approvedPlants = approved
        }
        self.addSiteBesidePlant()
        for number in 1...min(max(4, self.plan.trucks / 8), 30) {
            _ = self.add(.unregisteredSite, name: CityNames.unregisteredSite(number), idPrefix: "U", separation: 700)
        }
    }

    private mutating func addPlaces() {
        let trucks = self.plan.trucks
        let counts: [(Facility.Kind, String, Int)] = [
            (.depot, "D", min(max(2, trucks / 12), 60)), (.fuel, "F", min(max(3, trucks / 20), 20)),
            (.weighbridge, "W", min(max(2, trucks / 25), 12)), (.wash, "A", min(max(2, trucks / 25), 12)),
            (.silo, "L", 1), (.parking, "K", min(max(2, trucks / 30), 12)), (.lot, "O", min(max(2, trucks / 20), 8)),
        ]
        for (kind, prefix, count) in counts {
            for number in 1...count {
                let name = kind == .lot ? CityNames.lot(number) : CityNames.place(kind, number)
                _ = self.add(kind, name: name, idPrefix: prefix, separation: 500)
            }
        }
    }

    private mutating func addHaulierAndBuilders() {
        _ = self.addCompany(.haulier, district: 0)
        _ = self.addCompany(.builder, district: 1)
    }

    private mutating func addCompany(_ kind: CityNames.CompanyKind, district: Int) -> Int {
        let number = self.companies.count + 1
        let code = self.districts[district].district
        self.companies.append(
            Company(
                company: CityNames.company(kind, number), creditCode: CityNames.creditCode(number, district: code),
                kind: kind.rawValue, district: code, contact: nil))
        return self.companies.count - 1
    }

    /// Looks for room beside a road; each hundred tries in vain make the neighbours closer.
    mutating func add(
        _ kind: Facility.Kind, name: String, idPrefix: String, separation: Double
    ) -> Int {
        let number = self.facilities.count { $0.kind == kind } + 1
        let size = YardSize.usual(kind)
        var room = separation
        var tries = 0
        while true {
            tries += 1
            if tries.isMultiple(of: 100) { room *= 0.8 }
            let index = self.random.integer(0...self.roads.roads.count - 1)
            let road = self.roads.roads[index]
            let metres = road.length * self.random.uniform(0.12, 0.88)
            let (point, direction) = road.point(at: metres)
            let inward = self.random.chance(0.5) ? direction.turnedLeft : direction.turnedLeft * -1
            let setback = self.random.uniform(size.setback.lowerBound, size.setback.upperBound)
            let yard = Yard(gate: point + inward * setback, inward: inward, outline: size.outline(using: &self.random))
            guard self.isFree(yard, onRoad: index, at: metres, separation: room) else { continue }
            self.joints[index].append((metres, self.facilities.count))
            self.append(kind, number, name: name, idPrefix: idPrefix, yard)
            return self.facilities.count - 1
        }
    }

    mutating func append(_ kind: Facility.Kind, _ number: Int, name: String, idPrefix: String, _ yard: Yard) {
        let text = idPrefix + (number < 10 ? "00" : number < 100 ? "0" : "") + String(number)
        let district = CityNames.district(of: yard.centre)
        self.facilities.append(Facility(kind: kind, id: text, name: name, yard: yard, node: -1, district: district))
    }

    /// Whether the ground is open, and apart from every other yard.
    func isFree(_ yard: Yard, onRoad index: Int, at metres: Double, separation: Double) -> Bool {
        guard self.isOpenGround(yard, besideRoad: index, at: metres) else { return false }
        let isApart = self.facilities.allSatisfy { other in
            yard.centre.distance(to: other.yard.centre) > separation + other.yard.radius / 2
        }
        return isApart
    }

    /// Whether nothing but other yards can be in the way: no road, no river, no other gate.
    func isOpenGround(_ yard: Yard, besideRoad index: Int, at metres: Double) -> Bool {
        let road = self.roads.roads[index]
        // A bend near the gate would bring the road through the yard.
        let isStraight = road.shape.allSatisfy { $0.distance(to: road.point(at: metres).point) > 130 }
        guard isStraight, !road.isFerry, !River.isNear(yard.centre),
            self.joints[index].allSatisfy({ abs($0.metres - metres) > 60 })
        else { return false }
        return self.roads.roads.enumerated().allSatisfy { other, road in
            other == index
                || zip(road.shape, road.shape.dropFirst()).allSatisfy { a, b in
                    yard.centre.distance(toSegment: a, b) > yard.radius + 60
                }
        }
    }

    private mutating func joinRoads() {
        for index in self.joints.indices { self.joints[index].sort { $0.metres < $1.metres } }
        let nodes = self.roads.cut(self.joints.map { $0.map(\.metres) })
        for (joints, nodes) in zip(self.joints, nodes) {
            for (joint, node) in zip(joints, nodes) { self.facilities[joint.facility].node = node }
        }
        // A plant behind another is reached through its gate.
        for (index, facility) in self.facilities.enumerated() where facility.node < 0 {
            self.facilities[index].node = facility.neighbour.map { self.facilities[$0].node } ?? 0
        }
    }
}

/// How large a yard of a kind is, and how far from the road.
struct YardSize {
    var halfWidth: ClosedRange<Double>
    var depth: ClosedRange<Double>
    /// Metres from the middle of the road to the gate.
    var setback: ClosedRange<Double>
    /// How many of these are fenced as a circle.
    var circles: Double

    static func usual(_ kind: Facility.Kind) -> YardSize {
        switch kind {
        case .concretePlant, .mortarPlant:
            YardSize(halfWidth: 55...90, depth: 110...170, setback: 25...45, circles: 0.3)
        case .cementPlant: YardSize(halfWidth: 90...130, depth: 180...260, setback: 30...60, circles: 0)
        case .hiddenPlant: YardSize(halfWidth: 25...35, depth: 50...75, setback: 50...110, circles: 0)
        case .site: YardSize(halfWidth: 45...110, depth: 80...180, setback: 20...40, circles: 0.4)
        case .roadside: YardSize(halfWidth: 20...30, depth: 40...60, setback: 15...60, circles: 0)
        case .lot: YardSize(halfWidth: 20...30, depth: 40...60, setback: 80...120, circles: 0)
        case .unregisteredSite: YardSize(halfWidth: 20...30, depth: 40...60, setback: 30...60, circles: 0)
        case .depot: YardSize(halfWidth: 60...80, depth: 110...140, setback: 25...40, circles: 0.5)
        case .fuel, .weighbridge, .wash:
            YardSize(halfWidth: 25...35, depth: 45...60, setback: 15...22, circles: 0.7)
        case .silo, .parking: YardSize(halfWidth: 35...50, depth: 70...100, setback: 18...30, circles: 0.5)
        }
    }

    func outline(using random: inout SplitMix64) -> Yard.Outline {
        let depth = random.uniform(self.depth.lowerBound, self.depth.upperBound)
        let halfWidth = random.uniform(self.halfWidth.lowerBound, self.halfWidth.upperBound)
        let shifts = (random.uniform(0, 15), random.uniform(0, 15))
        // Centimetres would be false precision in a register.
        guard !random.chance(self.circles) else { return .circle(radius: (depth / 2).rounded()) }
        return .quadrilateral(halfWidth: halfWidth, depth: depth, leftShift: shifts.0, rightShift: shifts.1)
    }
}
