package import Chronology
package import Geodesy

/// A stretch of a track to recognise it by on another day: a hash over a few positions in a row, noise and all.
package struct TrackPrint: Codable, Hashable, Sendable {
    package var hash: Int64
    /// When the last of the positions was.
    package var time: Instant

    package init(hash: Int64, time: Instant) {
        self.hash = hash
        self.time = time
    }
}

/// Makes prints of a terminal's track while it moves. Which stretches are kept follows from the positions themselves,
/// so that the same track gives the same prints on any day, wherever it is begun.
package struct TrackPrintWatch: Codable, Hashable, Sendable {
    private var points: [Coordinate] = []
    private var lastAt: Instant?

    package init() {}

    /// Takes the next believed fix in the order of time; gives the print that it completes, if one is kept.
    package mutating func take(_ fix: Fix, _ parameters: AnalysisParameters) -> TrackPrint? {
        let rule = parameters.integrity
        // Over a break nothing is a stretch.
        if let lastAt = self.lastAt, fix.time.seconds(since: lastAt) > parameters.coverage.gap { self.points = [] }
        self.lastAt = fix.time
        if let last = self.points.last, last.nearbyMetres(to: fix.coordinate) < rule.replayStep { return nil }
        self.points.append(fix.coordinate)
        let window = max(2, min(rule.replayWindow, 64))
        if self.points.count > window { self.points.removeFirst(self.points.count - window) }
        guard self.points.count == window, !rule.isCoarse(self.points) else { return nil }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for point in self.points {
            for number in [point.latitudeE7, point.longitudeE7] {
                for shift in stride(from: 0, to: 32, by: 8) {
                    let byte = UInt64(truncatingIfNeeded: UInt32(bitPattern: number) >> UInt32(shift)) & 0xFF
                    hash = (hash ^ byte) &* 0x0000_0100_0000_01B3
                }
            }
        }
        // The low bits of FNV are the weakest.
        guard (hash >> 32) % rule.sample(of: self.points) == 0 else { return nil }
        return TrackPrint(hash: Int64(bitPattern: hash), time: fix.time)
    }
}

extension AnalysisParameters.Integrity {
    /// Of how many prints with points like these one is kept: the farther apart they are, the fewer there are of them
    /// on a way, and the more of them it takes to recognise it.
    func sample(of points: [Coordinate]) -> UInt64 {
        let metres = zip(points, points.dropFirst()).reduce(0) { $0 + $1.0.nearbyMetres(to: $1.1) }
        let step = metres / Double(max(1, points.count - 1))
        let share = min(1, max(1, self.replaySpacing) / max(1, step))
        return UInt64(max(1, (Double(max(1, self.replaySample)) * share).rounded(.up)))
    }

    /// Whether positions lie on a grid so wide that a truck repeats itself on any road.
    package func isCoarse(_ points: [Coordinate]) -> Bool {
        let grid = Int32(clamping: max(1, self.replayGridE7))
        return grid > 1 && points.allSatisfy { $0.latitudeE7 % grid == 0 && $0.longitudeE7 % grid == 0 }
    }
}
