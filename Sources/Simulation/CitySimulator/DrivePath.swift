/// The line that a truck drives from one spot to another, with the speed of each part.
struct DrivePath: Sendable {
    /// A corner of the line before corners are rounded.
    struct Waypoint {
        /// A point of the way and when the truck is there.
        enum Mark { case none, junction, ferry, gateOut, gateIn, turning }

        var point: Point
        /// Metres per second on the part that begins here.
        var speed: Double
        var mark = Mark.none
    }

    /// A corner that was rounded.
    struct Bend {
        /// Metres from the start to where it begins and ends.
        var from: Double
        var to: Double
        /// Degrees by which it goes to the right; negative to the left.
        var right: Double
    }

    private(set) var points: [Point] = []
    /// Metres from the start to each point.
    private(set) var metres: [Double] = []
    /// Metres per second on the part after each point.
    private(set) var speeds: [Double] = []
    /// Metres from the start to the junctions, and to the gates at both ends.
    private(set) var junctions: [Double] = []
    /// Metres from the start to where ferries are boarded.
    private(set) var ferries: [Double] = []
    private(set) var bends: [Bend] = []
    private(set) var gateOut = 0.0
    private(set) var gateIn = 0.0
    /// Metres from the start to where the way to one goal becomes that to another.
    private(set) var turning: Double?

    var length: Double { self.metres.last ?? 0 }

    /// Rounds every corner as a truck of ten metres drives it.
    init(_ corners: [Waypoint]) {
        for (index, corner) in corners.enumerated() {
            guard index > 0, index + 1 < corners.count else {
                self.append(corner.point, speed: corner.speed)
                if corner.mark == .gateIn { self.gateIn = self.length }
                continue
            }
            self.round(corner, from: corners[index - 1].point, to: corners[index + 1].point)
        }
        if self.gateIn == 0 { self.gateIn = self.length }
    }

    private mutating func round(_ corner: Waypoint, from before: Point, to after: Point) {
        let (arriving, leaving) = (corner.point - before, after - corner.point)
        let bend = arriving.normalized.dot(leaving.normalized)
        // Less than 18°: no corner.
        if bend > 0.95 {
            self.append(corner.point, speed: corner.speed)
            self.mark(corner.mark)
            return
        }
        let cut = min(14, arriving.length * 0.4, leaving.length * 0.4)
        let start = corner.point - arriving.normalized * cut
        let end = corner.point + leaving.normalized * cut
        // 8 km/h in the tightest turns, 30 km/h in a slight one.
        let speed = min(corner.speed, 2.2 + (bend + 1) * 3.1)
        var begin = 0.0
        for step in 0...4 {
            let share = Double(step) / 4
            // A quadratic Bézier curve with the corner as its control point.
            let point =
                start * ((1 - share) * (1 - share)) + corner.point * (2 * share * (1 - share)) + end * (share * share)
            self.append(point, speed: step < 4 ? speed : corner.speed)
            if step == 0 { begin = self.length }
            if step == 2 { self.mark(corner.mark) }
        }
        let turned = leaving.heading - arriving.heading
        let right = turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned
        self.bends.append(Bend(from: begin, to: self.length, right: right))
    }

    private mutating func append(_ point: Point, speed: Double) {
        self.metres.append(self.points.last.map { self.length + $0.distance(to: point) } ?? 0)
        self.points.append(point)
        self.speeds.append(speed)
    }

    private mutating func mark(_ mark: Waypoint.Mark) {
        switch mark {
        case .none: break
        case .junction: self.junctions.append(self.length)
        case .ferry: self.ferries.append(self.length)
        case .gateOut: self.gateOut = self.length
        case .gateIn: self.gateIn = self.length
        case .turning: self.turning = self.length
        }
    }

    /// Straight from one spot of a yard to another.
    static func inYard(from start: Point, to end: Point) -> DrivePath {
        DrivePath([.init(point: start, speed: City.yardSpeed), .init(point: end, speed: 0)])
    }

    /// What the way crosses that makes it hard to follow.
    var crossings: Set<EdgeCase> {
        var found: Set<EdgeCase> = self.ferries.isEmpty ? [] : [.ferry]
        if zip(self.points, self.points.dropFirst()).contains(where: { River.isTunnel(from: $0, to: $1) }) {
            found.insert(.tunnel)
        }
        return found
    }

    /// Metres from the start to the middle of the river; `nil` where the way does not lead over it.
    var riverMetres: Double? {
        for (index, (a, b)) in zip(self.points, self.points.dropFirst()).enumerated() where River.isBetween(a, b) {
            let share = (River.x - a.x) / (b.x - a.x)
            return self.metres[index] + (self.metres[index + 1] - self.metres[index]) * share
        }
        return nil
    }

    /// The point `metres` along the line and the direction there.
    func point(at metres: Double) -> (point: Point, direction: Point) {
        guard self.points.count > 1 else { return (self.points.first ?? Point(x: 0, y: 0), Point(x: 0, y: 1)) }
        // The last part that begins at or before `metres`.
        var (low, high) = (0, self.points.count - 1)
        while low + 1 < high {
            let middle = (low + high) / 2
            if self.metres[middle] <= metres { low = middle } else { high = middle }
        }
        let along = self.points[low + 1] - self.points[low]
        let length = self.metres[low + 1] - self.metres[low]
        let share = length > 0 ? min(max((metres - self.metres[low]) / length, 0), 1) : 0
        return (self.points[low] + along * share, along.normalized)
    }
}

extension City {
    fileprivate static let yardSpeed = 12 / 3.6
    private static let drivewaySpeed = 20 / 3.6

    /// A goal that a truck gives up on the way to it, and the node at which it does.
    struct Abandoned {
        var goal: Int
        var node: Int
    }

    /// From a spot in one facility out through its gate, over the roads, and in through the other's gate.
    func path(
        from: Int, _ start: Point, to: Int, _ end: Point, mood: Int, abandoning abandoned: Abandoned? = nil
    ) -> DrivePath {
        let goal = self.facilities[to]
        var corners = self.corners(from: start, outOf: from)
        var node = self.facilities[from].node
        if let abandoned {
            let tree = self.routes(to: abandoned.goal, mood: mood)
            self.appendRoads(from: node, to: abandoned.node, tree: tree, corners: &corners)
            // The node begins the rest of the way.
            corners.removeLast()
            node = abandoned.node
        }
        let turning = corners.count
        self.appendRoads(from: node, to: goal.node, tree: self.routes(to: to, mood: mood), corners: &corners)
        if abandoned != nil { corners[turning].mark = .turning }
        corners.append(.init(point: goal.yard.gate, speed: Self.yardSpeed, mark: .gateIn))
        corners.append(.init(point: end, speed: 0))
        return DrivePath(corners)
    }

    /// The same over the ferry, whatever is the quicker way: `nil` where they lie on one side of the river, there is
    /// no ferry, or it costs `limit` seconds of driving or more.
    func pathByFerry(
        from: Int, _ start: Point, to: Int, _ end: Point, detourBelow limit: Double
    ) -> DrivePath? {
        let (origin, goal) = (self.facilities[from], self.facilities[to])
        guard let ferry = self.ferry, River.isBetween(origin.yard.gate, goal.yard.gate) else { return nil }
        let isEastward = origin.yard.gate.x < River.x
        let (near, far) = isEastward ? (ferry.west, ferry.east) : (ferry.east, ferry.west)
        let onward = self.routes(to: to, mood: 0)
        let seconds = near.ways.seconds[origin.node] + far.ways.seconds[near.node] + onward.seconds[far.node]
        guard seconds - self.freeSeconds(from: from, to: to) < limit else { return nil }
        var corners = self.corners(from: start, outOf: from)
        // Each bank begins the next part of the way.
        self.appendRoads(from: origin.node, to: near.node, tree: near.ways, corners: &corners)
        corners.removeLast()
        self.appendRoads(from: near.node, to: far.node, tree: far.ways, corners: &corners)
        corners.removeLast()
        self.appendRoads(from: far.node, to: goal.node, tree: onward, corners: &corners)
        corners.append(.init(point: goal.yard.gate, speed: Self.yardSpeed, mark: .gateIn))
        corners.append(.init(point: end, speed: 0))
        return DrivePath(corners)
    }

    /// From a spot of a yard to its gate.
    private func corners(from start: Point, outOf facility: Int) -> [DrivePath.Waypoint] {
        let yard = self.facilities[facility].yard
        // A loop in the yard instead of turning on the spot.
        let aside = yard.inward.turnedLeft
        let offset = (start - yard.gate).dot(aside)
        let turn = start + aside * (offset > 0 ? -12 : 12)
        return [
            .init(point: start, speed: Self.yardSpeed), .init(point: turn, speed: Self.yardSpeed),
            .init(point: yard.gate, speed: Self.drivewaySpeed, mark: .gateOut),
        ]
    }

    /// A node of the usual way between two facilities, in its middle half; `nil` where there is none.
    func nodeHalfWay(from: Int, to: Int, using random: inout SplitMix64) -> Int? {
        let tree = self.routes(to: to, mood: 0)
        let whole = self.freeSeconds(from: from, to: to)
        var node = self.facilities[from].node
        var nodes: [Int] = []
        while tree.nextRoad[node] >= 0 {
            let road = self.roads.roads[tree.nextRoad[node]]
            node = road.from == node ? road.to : road.from
            if (0.3...0.8).contains(tree.seconds[node] / whole) { nodes.append(node) }
        }
        return random.pick(nodes)
    }

    private func appendRoads(from: Int, to: Int, tree: RouteTree, corners: inout [DrivePath.Waypoint]) {
        var node = from
        corners.append(.init(point: self.roads.nodes[node], speed: Self.drivewaySpeed))
        while node != to, tree.nextRoad[node] >= 0 {
            let road = self.roads.roads[tree.nextRoad[node]]
            let isForward = road.from == node
            let shape = isForward ? road.shape : road.shape.reversed()
            corners[corners.count - 1].speed = road.speed
            if road.isFerry { corners[corners.count - 1].mark = .ferry }
            for point in shape.dropFirst() { corners.append(.init(point: point, speed: road.speed)) }
            node = isForward ? road.to : road.from
            if node != to, self.roads.isJunction(node) { corners[corners.count - 1].mark = .junction }
        }
        corners[corners.count - 1].speed = Self.drivewaySpeed
    }
}
