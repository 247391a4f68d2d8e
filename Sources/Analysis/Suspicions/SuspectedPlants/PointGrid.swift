import Geodesy
import Glibc
import Tracks

/// Points by number, found by distance: a hash table of cells about as large as the distances that are asked for.
struct PointGrid {
    let radiusMetres: Double
    private let side: Double
    private var cells: [Cell: [Entry]] = [:]

    private struct Cell: Hashable {
        var row: Int
        var column: Int
    }

    private struct Entry {
        var point: Coordinate
        var number: Int32
    }

    /// - Parameter radiusMetres: the longest distance that will be asked for.
    init(radiusMetres: Double) {
        self.radiusMetres = max(1, radiusMetres)
        self.side = self.radiusMetres / Sphere.metresPerDegree * 1e7
    }

    mutating func insert(_ point: Coordinate, _ number: Int32) {
        self.cells[self.cell(point), default: []].append(Entry(point: point, number: number))
    }

    /// The number of the nearest point within `metres`; of equally near ones the smallest.
    func nearest(to point: Coordinate, within metres: Double) -> Int? {
        var best: (metres: Double, number: Int32)?
        self.forEach(within: metres, of: point) { away, number in
            if best.map({ (away, number) < ($0.metres, $0.number) }) ?? true { best = (away, number) }
        }
        return best.map { Int($0.number) }
    }

    /// The numbers of all points within `metres`, ascending.
    func all(within metres: Double, of point: Coordinate) -> [Int] {
        var found: [Int] = []
        self.forEach(within: metres, of: point) { _, number in found.append(Int(number)) }
        return found.sorted()
    }

    private func forEach(within metres: Double, of point: Coordinate, _ body: (Double, Int32) -> Void) {
        let home = self.cell(point)
        let shrink = max(0.05, cos(point.latitude * .pi / 180))
        let columns = Int((1.01 / shrink).rounded(.up))
        for row in home.row - 1...home.row + 1 {
            for column in home.column - columns...home.column + columns {
                for entry in self.cells[Cell(row: row, column: column)] ?? [] {
                    let away = entry.point.nearbyMetres(to: point)
                    if away <= metres { body(away, entry.number) }
                }
            }
        }
    }

    private func cell(_ point: Coordinate) -> Cell {
        Cell(
            row: Int((Double(point.latitudeE7) / self.side).rounded(.down)),
            column: Int((Double(point.longitudeE7) / self.side).rounded(.down)))
    }
}
