import Chronology
import Geodesy

/// Halts of a truck whose receiver drifts so far that no two fixes lie close together.
extension Track {
    /// Takes a fix outside any halt among those about one place.
    mutating func scatter(_ candidate: Candidate, _ standing: AnalysisParameters.Standing) {
        let (time, here) = (candidate.fix.time, candidate.fix.coordinate)
        guard let newest = self.scattered?.last, time.seconds(since: newest.fix.time) < standing.mergeGap else {
            self.scattered = [candidate]
            return
        }
        let far = self.scattered?.lastIndex { $0.fix.coordinate.nearbyMetres(to: here) > standing.driftExtent }
        if let far { self.scattered?.removeSubrange(...far) }
        guard self.scattered?.isEmpty == true || time.seconds(since: newest.fix.time) >= standing.driftSpacing else {
            return
        }
        self.scattered?.append(candidate)
        if let count = self.scattered?.count, count > standing.driftLimit { self.scattered?.removeFirst() }
    }

    /// Whether the fixes jump to and fro and get nowhere: the way from the middle of the first third to that of the
    /// last is small beside the jumps.
    static func isDrift(_ scattered: [Candidate], _ standing: AnalysisParameters.Standing) -> Bool {
        guard let first = scattered.first, let last = scattered.last,
            last.fix.time.seconds(since: first.fix.time) >= standing.driftDuration
        else { return false }
        let points = scattered.map(\.fix.coordinate)
        let jumps = zip(points, points.dropFirst()).reduce(0) { $0 + $1.0.nearbyMetres(to: $1.1) }
        let third = max(1, points.count / 3)
        guard jumps >= standing.driftStep * Double(points.count - 1),
            let from = Self.middle(of: points.prefix(third)), let to = Self.middle(of: points.suffix(third))
        else { return false }
        return jumps >= standing.driftRatio * from.nearbyMetres(to: to)
    }

    /// The mean of points that lie close together.
    private static func middle(of points: ArraySlice<Coordinate>) -> Coordinate? {
        guard !points.isEmpty else { return nil }
        let count = Int64(points.count)
        let (north, east) = points.reduce((Int64(0), Int64(0))) {
            ($0.0 + Int64($1.latitudeE7), $0.1 + Int64($1.longitudeE7))
        }
        return Coordinate(latitudeE7: Int32(north / count), longitudeE7: Int32(east / count))
    }
}
