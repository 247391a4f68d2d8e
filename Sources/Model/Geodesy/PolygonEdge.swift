/// One edge of a ring, in 1e-7 degree, and its part in the even-odd test.
struct PolygonEdge: Sendable {
    var fromLatitude: Int32
    var fromLongitude: Int32
    var toLatitude: Int32
    var toLongitude: Int32

    /// What an edge says about a point.
    enum Side {
        /// The ray from the point to the east does not cross the edge.
        case apart
        case crossed
        /// The point lies on the edge.
        case touched
    }

    init(from start: Coordinate, to end: Coordinate) {
        self.fromLatitude = start.latitudeE7
        self.fromLongitude = start.longitudeE7
        self.toLatitude = end.latitudeE7
        self.toLongitude = end.longitudeE7
    }

    /// Exact, because it compares two products of integers. (Products of valid coordinates stay below 2^63; the
    /// wrapping operators only keep an impossible coordinate from stopping the process.)
    func side(of point: Coordinate) -> Side {
        let y = point.latitudeE7
        let x = point.longitudeE7
        if self.fromLatitude > y && self.toLatitude > y || self.fromLatitude < y && self.toLatitude < y {
            return .apart
        }
        if self.fromLatitude == self.toLatitude {
            let isBetween =
                min(self.fromLongitude, self.toLongitude) <= x && x <= max(self.fromLongitude, self.toLongitude)
            return isBetween ? .touched : .apart
        }
        // x against the edge's longitude at y, both sides multiplied by the height of the edge.
        let height = Int64(self.toLatitude) - Int64(self.fromLatitude)
        let left = (Int64(x) - Int64(self.fromLongitude)) &* height
        let right =
            (Int64(y) - Int64(self.fromLatitude)) &* (Int64(self.toLongitude) - Int64(self.fromLongitude))
        if left == right { return .touched }
        // The lower end belongs to the edge, the upper one does not: a corner is crossed once.
        guard (self.fromLatitude > y) != (self.toLatitude > y) else { return .apart }
        return (left < right) == (height > 0) ? .crossed : .apart
    }
}

extension Polygon {
    /// Every ring's edges, the closing ones included.
    var edges: [PolygonEdge] {
        var edges: [PolygonEdge] = []
        edges.reserveCapacity(self.rings.reduce(0) { $0 + $1.count })
        for ring in self.rings {
            guard var previous = ring.last else { continue }
            for corner in ring {
                edges.append(PolygonEdge(from: previous, to: corner))
                previous = corner
            }
        }
        return edges
    }
}
