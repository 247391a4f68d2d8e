import Geodesy
import Glibc
import Tracks

/// Puts halts together to grounds: the yards, car parks and stretches of road on which many of them lie.
///
/// Halts fall into small cells; a cell belongs to the densest spot that is reached by climbing from cell to denser
/// cell (mode seeking, where DBSCAN would grow along a road from jam to jam). Lesser spots near a denser one are part
/// of its ground. All of it is made from sets: the order of the halts does not matter.
struct HaltGrounds {
    /// The ground of every halt, by the halt's index; −1: none.
    private(set) var labels: [Int32] = []
    /// The middle of each ground's densest spot.
    private(set) var centers: [Coordinate] = []
    private let nearby: PointGrid

    /// Cells are so many 1e-7 degrees wide and high: 28 m.
    private static let side: Int64 = 2500

    init(_ halts: [Coordinate], fewest: Int, _ parameters: AnalysisParameters.Suspects) {
        let keys = halts.map(Self.key)
        let order = halts.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        var cells: [Cell] = []
        var cellOf = [Int32](repeating: 0, count: halts.count)
        for index in order {
            if cells.last?.key != keys[index] { cells.append(Cell(key: keys[index])) }
            cells[cells.count - 1].add(halts[index])
            cellOf[index] = Int32(cells.count - 1)
        }
        let middles = cells.map(\.middle)
        let density = cells.indices.map { cell in
            Self.sum(over: cells, middles, around: cell, within: parameters.spotRadius) { cells[$0].count }
        }
        let spots = Self.climb(cells, middles, density, radius: parameters.spotRadius)
        var weight = [Int: Cell]()
        for (cell, spot) in spots.enumerated() { weight[spot, default: Cell(key: cells[spot].key)].merge(cells[cell]) }

        var grid = PointGrid(radiusMetres: parameters.groundRadius)
        var ground = [Int: Int32]()
        var centers: [Coordinate] = []
        let ranked = weight.sorted { ($1.value.count, $0.value.key) < ($0.value.count, $1.value.key) }
        for (spot, all) in ranked {
            if let near = grid.nearest(to: middles[spot], within: parameters.groundRadius) {
                ground[spot] = Int32(near)
            } else if all.count >= fewest {
                ground[spot] = Int32(centers.count)
                grid.insert(all.middle, Int32(centers.count))
                centers.append(all.middle)
            }
        }
        self.labels = cellOf.map { ground[spots[Int($0)]] ?? -1 }
        self.centers = centers
        self.nearby = grid
    }

    /// The ground whose middle is nearest to the point, if no farther than a ground's radius.
    func ground(at point: Coordinate) -> Int? {
        self.nearby.nearest(to: point, within: self.nearby.radiusMetres)
    }

    /// For every ground the others whose middle is no farther away, ascending.
    func neighbours(within metres: Double) -> [[Int]] {
        var grid = PointGrid(radiusMetres: metres)
        for (index, center) in self.centers.enumerated() { grid.insert(center, Int32(clamping: index)) }
        return self.centers.enumerated().map { index, center in
            grid.all(within: metres, of: center).filter { $0 != index }
        }
    }

    /// Halts close together, and their sum.
    private struct Cell {
        let key: UInt64
        var count = 0
        private var north: Int64 = 0
        private var east: Int64 = 0

        init(key: UInt64) { self.key = key }

        mutating func add(_ point: Coordinate) {
            self.count += 1
            self.north += Int64(point.latitudeE7)
            self.east += Int64(point.longitudeE7)
        }

        mutating func merge(_ other: Cell) {
            self.count += other.count
            self.north += other.north
            self.east += other.east
        }

        var middle: Coordinate {
            let count = Int64(max(1, self.count))
            return Coordinate(
                latitudeE7: Int32(clamping: self.north / count), longitudeE7: Int32(clamping: self.east / count))
        }
    }

    /// Row and column, both counted from the lowest Int32, the row first.
    private static func key(_ point: Coordinate) -> UInt64 {
        let row = (Int64(point.latitudeE7) - Int64(Int32.min)) / Self.side
        let column = (Int64(point.longitudeE7) - Int64(Int32.min)) / Self.side
        return UInt64(row) << 32 | UInt64(column)
    }

    /// For each cell the spot it belongs to: its densest neighbour's, or its own if none is denser.
    private static func climb(_ cells: [Cell], _ middles: [Coordinate], _ density: [Int], radius: Double) -> [Int] {
        var spots = cells.indices.map { cell in
            var best = cell
            Self.forEachNeighbour(of: cell, cells, middles, within: radius) { other in
                if (density[best], cells[other].key) < (density[other], cells[best].key) { best = other }
            }
            return best
        }
        // Each step leads to a denser cell, or to an equal one with a smaller key: there are no circles.
        for cell in spots.indices.sorted(by: { (density[$1], cells[$0].key) < (density[$0], cells[$1].key) }) {
            spots[cell] = spots[spots[cell]]
        }
        return spots
    }

    private static func sum(
        over cells: [Cell], _ middles: [Coordinate], around cell: Int, within radius: Double, of count: (Int) -> Int
    ) -> Int {
        var sum = 0
        Self.forEachNeighbour(of: cell, cells, middles, within: radius) { sum += count($0) }
        return sum
    }

    /// Calls `body` with every cell whose middle is within the radius of this cell's, itself included.
    private static func forEachNeighbour(
        of cell: Int, _ cells: [Cell], _ middles: [Coordinate], within radius: Double, _ body: (Int) -> Void
    ) {
        let metres = Double(Self.side) * Sphere.metresPerDegree / 1e7
        let shrink = max(0.05, cos(middles[cell].latitude * .pi / 180))
        let rows = Int64((radius / metres).rounded(.up)) + 1
        let columns = Int64((radius / (metres * shrink)).rounded(.up)) + 1
        let row = Int64(cells[cell].key >> 32)
        let column = Int64(cells[cell].key & 0xFFFF_FFFF)
        for near in max(0, row - rows)...row + rows {
            let first = UInt64(near) << 32 | UInt64(max(0, column - columns))
            let last = UInt64(near) << 32 | UInt64(column + columns)
            var index = Self.firstIndex(in: cells, from: first)
            while index < cells.count, cells[index].key <= last {
                if middles[index].nearbyMetres(to: middles[cell]) <= radius { body(index) }
                index += 1
            }
        }
    }

    private static func firstIndex(in cells: [Cell], from key: UInt64) -> Int {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
