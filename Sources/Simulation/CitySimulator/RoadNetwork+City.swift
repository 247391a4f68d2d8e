extension RoadNetwork {
    private static let columns = 11
    static let rows = 9
    /// Metres between arterial roads.
    static let spacing = 2800.0
    /// The ring road runs along this row and column of the grid, counted from every side.
    private static let ring = 2
    /// The junction in the middle, and one of the ring north of it.
    static let centre = Self.rows / 2 * Self.columns + Self.columns / 2
    static let ringNorth = (Self.rows - 1 - Self.ring) * Self.columns + Self.columns / 2
    private static let arterialSpeed = 50 / 3.6
    private static let ringSpeed = 72 / 3.6

    /// A grid of arterial roads, none of them quite straight, some missing, with a quicker ring around the centre.
    static func city(using random: inout SplitMix64) -> RoadNetwork {
        var network = RoadNetwork()
        for row in 0..<Self.rows {
            for column in 0..<Self.columns {
                let east = (Double(column) - Double(Self.columns - 1) / 2) * Self.spacing
                let north = (Double(row) - Double(Self.rows - 1) / 2) * Self.spacing
                let x = east + random.uniform(-350, 350)
                _ = network.addNode(Point(x: x, y: north + random.uniform(-350, 350)))
            }
        }
        var degree = Array(repeating: 0, count: network.nodes.count)
        let pairs = Self.neighbours
        for pair in pairs { (degree[pair.0], degree[pair.1]) = (degree[pair.0] + 1, degree[pair.1] + 1) }
        for (from, to) in pairs {
            let isRing = Self.isRing(from) && Self.isRing(to) && Self.isAlongRing(from, to)
            // A node keeps three roads at least, so that the network stays in one piece.
            if !isRing, degree[from] > 3, degree[to] > 3, random.chance(0.12) {
                (degree[from], degree[to]) = (degree[from] - 1, degree[to] - 1)
                continue
            }
            let shape = Self.bent(network.nodes[from], network.nodes[to], using: &random)
            let speed = isRing ? Self.ringSpeed : Self.arterialSpeed * random.uniform(0.85, 1.1)
            let road = Road(from: from, to: to, shape: shape, speed: speed)
            if from / Self.columns == River.ferryRow, shape[0].x < River.x, shape[shape.count - 1].x > River.x {
                network.addFerry(along: road)
            } else {
                network.addRoad(road)
            }
        }
        return network
    }

    /// The road as far as the bank, the ferry, and the road from the other bank.
    private mutating func addFerry(along road: Road) {
        func bank(_ x: Double) -> Point {
            let (a, b) = (road.shape[0], road.shape[road.shape.count - 1])
            return a + (b - a) * ((x - a.x) / (b.x - a.x))
        }
        let (west, east) = (bank(River.x - River.halfWidth), bank(River.x + River.halfWidth))
        let (first, second) = (self.addNode(west), self.addNode(east))
        self.addRoad(Road(from: road.from, to: first, shape: [road.shape[0], west], speed: road.speed))
        self.addRoad(Road(from: first, to: second, shape: [west, east], speed: River.ferrySpeed, isFerry: true))
        self.addRoad(
            Road(from: second, to: road.to, shape: [east, road.shape[road.shape.count - 1]], speed: road.speed))
    }

    private static var neighbours: [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for row in 0..<self.rows {
            for column in 0..<self.columns {
                let node = row * self.columns + column
                if column + 1 < self.columns { pairs.append((node, node + 1)) }
                if row + 1 < self.rows { pairs.append((node, node + self.columns)) }
            }
        }
        return pairs
    }

    private static func isRing(_ node: Int) -> Bool {
        let (row, column) = node.quotientAndRemainder(dividingBy: self.columns)
        let inRow = min(row, self.rows - 1 - row)
        let inColumn = min(column, self.columns - 1 - column)
        return min(inRow, inColumn) == self.ring
    }

    /// Two neighbours on the ring are joined by it unless the road cuts a corner, which a grid of this size has not:
    /// they share the row or the column that the ring follows.
    private static func isAlongRing(_ a: Int, _ b: Int) -> Bool {
        let rows = (a / self.columns, b / self.columns)
        let columns = (a % self.columns, b % self.columns)
        let onRow = rows.0 == rows.1 && min(rows.0, self.rows - 1 - rows.0) == self.ring
        let onColumn = columns.0 == columns.1 && min(columns.0, self.columns - 1 - columns.0) == self.ring
        return onRow || onColumn
    }

    private static func bent(_ a: Point, _ b: Point, using random: inout SplitMix64) -> [Point] {
        let along = b - a
        let side = along.turnedLeft
        let first = a + along * random.uniform(0.28, 0.4) + side * random.uniform(-0.05, 0.05)
        let second = a + along * random.uniform(0.6, 0.72) + side * random.uniform(-0.05, 0.05)
        return [a, first, second, b]
    }
}
