/// The roads of the city: junctions and the stretches between them, driven in both directions.
struct RoadNetwork: Sendable {
    /// A stretch of road from one node to another, a little bent.
    struct Road: Sendable {
        var from: Int
        var to: Int
        /// From node to node, both included.
        var shape: [Point]
        /// Metres per second that trucks drive here when nothing is in the way.
        var speed: Double
        var length: Double
        /// Trucks wait before it, and are carried.
        var isFerry: Bool

        init(from: Int, to: Int, shape: [Point], speed: Double, isFerry: Bool = false) {
            self.isFerry = isFerry
            self.from = from
            self.to = to
            self.shape = shape
            self.speed = speed
            self.length = zip(shape, shape.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
        }

        /// The point `metres` along the road and the direction there.
        func point(at metres: Double) -> (point: Point, direction: Point) {
            var left = metres
            for (a, b) in zip(self.shape, self.shape.dropFirst()) {
                let length = a.distance(to: b)
                if left <= length { return (a + (b - a) * (left / length), (b - a).normalized) }
                left -= length
            }
            let end = self.shape[self.shape.count - 1]
            return (end, (end - self.shape[self.shape.count - 2]).normalized)
        }
    }

    private(set) var nodes: [Point] = []
    private(set) var roads: [Road] = []
    /// The roads at each node.
    private(set) var roadsAtNode: [[Int]] = []

    mutating func addNode(_ point: Point) -> Int {
        self.nodes.append(point)
        self.roadsAtNode.append([])
        return self.nodes.count - 1
    }

    mutating func addRoad(_ road: Road) {
        self.roadsAtNode[road.from].append(self.roads.count)
        self.roadsAtNode[road.to].append(self.roads.count)
        self.roads.append(road)
    }

    /// Whether lights may stand here: three roads or more meet.
    func isJunction(_ node: Int) -> Bool { self.roadsAtNode[node].count >= 3 }

    /// Replaces each road by its parts between new nodes.
    /// - Parameter cuts: per road, metres from its start, ascending and inside the road.
    /// - Returns: the new nodes, per road, in the order of the cuts.
    mutating func cut(_ cuts: [[Double]]) -> [[Int]] {
        let old = self.roads
        self.roads = []
        self.roadsAtNode = Array(repeating: [], count: self.nodes.count)
        var added: [[Int]] = []
        for (road, cuts) in zip(old, cuts) {
            var from = road.from
            var start = 0.0
            var nodes: [Int] = []
            for cut in cuts {
                let node = self.addNode(road.point(at: cut).point)
                let shape = Self.part(of: road, from: start, to: cut)
                self.addRoad(Road(from: from, to: node, shape: shape, speed: road.speed, isFerry: road.isFerry))
                nodes.append(node)
                (from, start) = (node, cut)
            }
            let shape = Self.part(of: road, from: start, to: road.length)
            self.addRoad(Road(from: from, to: road.to, shape: shape, speed: road.speed, isFerry: road.isFerry))
            added.append(nodes)
        }
        return added
    }

    private static func part(of road: Road, from start: Double, to end: Double) -> [Point] {
        var shape = [road.point(at: start).point]
        var along = 0.0
        for (a, b) in zip(road.shape, road.shape.dropFirst()) {
            along += a.distance(to: b)
            if along > start + 0.01, along < end - 0.01 { shape.append(b) }
        }
        return shape + [road.point(at: end).point]
    }
}

/// The quickest ways from everywhere to one node (Dijkstra 1959).
struct RouteTree: Sendable {
    /// Seconds to the goal at the roads' speeds; infinite where no road leads.
    private(set) var seconds: [Double]
    /// The road to take at each node; − 1 at the goal.
    private(set) var nextRoad: [Int]

    /// - Parameters:
    ///   - goal: the node that all ways lead to.
    ///   - network: the roads.
    ///   - weights: a factor per road on its driving time.
    init(to goal: Int, in network: RoadNetwork, weights: [Double]) {
        self.seconds = Array(repeating: .infinity, count: network.nodes.count)
        self.nextRoad = Array(repeating: -1, count: network.nodes.count)
        self.seconds[goal] = 0
        var queue = NearestFirst()
        queue.insert(goal, seconds: 0)
        while let (node, reached) = queue.popNearest() {
            guard reached <= self.seconds[node] else { continue }
            for index in network.roadsAtNode[node] {
                let road = network.roads[index]
                let other = road.from == node ? road.to : road.from
                let seconds = reached + road.length / road.speed * weights[index]
                guard seconds < self.seconds[other] else { continue }
                self.seconds[other] = seconds
                self.nextRoad[other] = index
                queue.insert(other, seconds: seconds)
            }
        }
    }
}

/// A binary heap of nodes by the time to reach them.
private struct NearestFirst {
    private var heap: [(node: Int, seconds: Double)] = []

    mutating func insert(_ node: Int, seconds: Double) {
        self.heap.append((node, seconds))
        var index = self.heap.count - 1
        while index > 0, self.heap[index].seconds < self.heap[(index - 1) / 2].seconds {
            self.heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popNearest() -> (node: Int, seconds: Double)? {
        guard let nearest = self.heap.first else { return nil }
        let last = self.heap.removeLast()
        guard !self.heap.isEmpty else { return nearest }
        self.heap[0] = last
        var index = 0
        while true {
            var least = index
            for child in [index * 2 + 1, index * 2 + 2] where child < self.heap.count {
                if self.heap[child].seconds < self.heap[least].seconds { least = child }
            }
            guard least != index else { return nearest }
            self.heap.swapAt(index, least)
            index = least
        }
    }
}
