package import Chronology
package import Geodesy
package import Telemetry
package import Tracks
import Glibc

/// Where trucks usually drive, learned from the fleet's own tracks: cells of some 30 m that several trucks, or one on
/// several days, have driven through. The order in which tracks are learned does not matter.
package struct UsualRoads: Hashable, Sendable, Codable {
    /// For each cell the passes that were seen, few and the smallest names first, so that any order gives the same.
    private var cells: [Int64: [UInt32]] = [:]
    private let parameters: AnalysisParameters.Roads

    package init(_ parameters: AnalysisParameters.Roads) {
        self.parameters = parameters
    }

    /// What is known of a point.
    package enum Reading: Hashable, Sendable {
        case onRoad
        case offRoad
        /// Too few roads are known near by.
        case unknown
    }

    /// Learns from one truck's fixes of one day, in the order of their time.
    package mutating func learn(_ fixes: [Fix], of terminal: TerminalID, on day: CivilDate) {
        let pass = Self.pass(terminal, day)
        for (earlier, later) in zip(fixes, fixes.dropFirst()) {
            let seconds = later.time.seconds(since: earlier.time)
            let metres = earlier.coordinate.nearbyMetres(to: later.coordinate)
            guard seconds > 0, metres / seconds * 3.6 >= self.parameters.drivingSpeed else { continue }
            self.note(later.coordinate, pass)
            guard metres <= self.parameters.longestStep else { continue }
            let steps = max(1, Int(metres / (self.parameters.cell / 2)))
            for step in 1..<max(2, steps) {
                self.note(earlier.coordinate.between(later.coordinate, share: Double(step) / Double(steps)), pass)
            }
        }
    }

    /// The cell that a report shows to have been driven through: where a truck was when it said that it drove. Only a
    /// believed fix with a speed shows one.
    package func cell(drivenThroughBy report: PositionReport) -> Int64? {
        guard report.hasFix, !report.coordinate.isNullIsland, let speed = report.speed,
            Double(speed) >= self.parameters.drivingSpeed * 10
        else { return nil }
        return self.cell(of: report.coordinate).key
    }

    /// Takes a cell with the number of passes that were counted elsewhere.
    package mutating func note(cell key: Int64, passes: Int) {
        self.cells[key] = (0..<max(0, min(passes, self.parameters.passes))).map { UInt32($0) }
    }

    /// The cells that decide about a point, row by row.
    package func cells(around point: Coordinate, within distance: Double) -> [ClosedRange<Int64>] {
        let center = self.cell(of: point)
        let reach = Int64((max(distance, self.parameters.knownRadius) / self.parameters.cell).rounded(.up)) + 1
        let (west, east) = (center.column - reach, center.column + reach)
        // Columns west of the meridian come behind those east of it.
        let parts: [ClosedRange<Int64>] = west < 0 && east >= 0 ? [west...(-1), 0...east] : [west...east]
        var found: [ClosedRange<Int64>] = []
        for row in (center.row - reach)...(center.row + reach) {
            found += parts.map { Cell.key(row, $0.lowerBound)...Cell.key(row, $0.upperBound) }
        }
        return found
    }

    /// Whether a point lies within `distance` metres of a road.
    package func reading(at point: Coordinate, within distance: Double) -> Reading {
        if self.roads(near: point, within: distance, atLeast: 1) { return .onRoad }
        let isKnown = self.roads(
            near: point, within: self.parameters.knownRadius, atLeast: self.parameters.knownCells)
        return isKnown ? .offRoad : .unknown
    }

    private mutating func note(_ point: Coordinate, _ pass: UInt32) {
        let key = self.cell(of: point).key
        var passes = self.cells[key] ?? []
        guard !passes.contains(pass) else { return }
        guard self.cells.count < self.parameters.cellLimit || !passes.isEmpty else { return }
        passes.append(pass)
        passes.sort()
        self.cells[key] = Array(passes.prefix(max(1, self.parameters.passes)))
    }

    private func isRoad(_ key: Int64) -> Bool { (self.cells[key]?.count ?? 0) >= self.parameters.passes }

    /// Whether at least so many road cells lie, with any part of them, within a distance.
    private func roads(near point: Coordinate, within distance: Double, atLeast needed: Int) -> Bool {
        let (side, center) = (self.parameters.cell, self.cell(of: point))
        let reach = Int64((distance / side).rounded(.up)) + 1
        var found = 0
        for row in -reach...reach {
            for column in -reach...reach {
                let east = max(0, (Double(column) - center.east).magnitude - 0.5) * side
                let north = max(0, (Double(row) - center.north).magnitude - 0.5) * side
                guard east * east + north * north <= distance * distance,
                    self.isRoad(Cell.key(center.row + row, center.column + column))
                else { continue }
                found += 1
                if found >= needed { return true }
            }
        }
        return false
    }

    /// A cell, and where in it a point lies: from its centre, in cells.
    private struct Cell {
        var row: Int64
        var column: Int64
        var north: Double
        var east: Double

        var key: Int64 { Self.key(self.row, self.column) }

        static func key(_ row: Int64, _ column: Int64) -> Int64 { row << 32 | (column & 0xFFFF_FFFF) }
    }

    /// Columns are as wide as the latitude, to the whole degree, makes them.
    private func cell(of point: Coordinate) -> Cell {
        let height = max(1, self.parameters.cell / Sphere.metresPerDegree * 1e7)
        let degree = (point.latitude + 0.5).rounded(.down)
        let width = height / max(0.01, cos(degree * .pi / 180))
        let (row, column) = (Double(point.latitudeE7) / height, Double(point.longitudeE7) / width)
        return Cell(
            row: Int64(row.rounded(.down)), column: Int64(column.rounded(.down)),
            north: row - row.rounded(.down) - 0.5, east: column - column.rounded(.down) - 0.5)
    }

    /// FNV-1a over the terminal and the day.
    private static func pass(_ terminal: TerminalID, _ day: CivilDate) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for byte in "\(terminal.text)/\(day)".utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}

extension Coordinate {
    /// The point on the straight way to another one near by.
    func between(_ other: Coordinate, share: Double) -> Coordinate {
        let north = (Double(other.latitudeE7) - Double(self.latitudeE7)) * share
        let east = (Double(other.longitudeE7) - Double(self.longitudeE7)) * share
        return Coordinate(
            latitude: (Double(self.latitudeE7) + north) / 1e7, longitude: (Double(self.longitudeE7) + east) / 1e7)
            ?? self
    }
}
