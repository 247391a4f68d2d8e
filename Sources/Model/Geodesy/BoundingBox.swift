import Glibc

/// A box of latitude and longitude, its edges included. It never crosses the 180th meridian.
package struct BoundingBox: Hashable, Sendable {
    package var south: Int32
    package var west: Int32
    package var north: Int32
    package var east: Int32

    /// Edges in 1e-7 degree.
    package init(south: Int32, west: Int32, north: Int32, east: Int32) {
        self.south = south
        self.west = west
        self.north = north
        self.east = east
    }

    /// The smallest box around the points; `nil` without any.
    package init?(around points: some Sequence<Coordinate>) {
        var iterator = points.makeIterator()
        guard let first = iterator.next() else { return nil }
        self.init(south: first.latitudeE7, west: first.longitudeE7, north: first.latitudeE7, east: first.longitudeE7)
        while let point = iterator.next() {
            self.south = min(self.south, point.latitudeE7)
            self.north = max(self.north, point.latitudeE7)
            self.west = min(self.west, point.longitudeE7)
            self.east = max(self.east, point.longitudeE7)
        }
    }

    package func contains(_ point: Coordinate) -> Bool {
        point.latitudeE7 >= self.south && point.latitudeE7 <= self.north && point.longitudeE7 >= self.west
            && point.longitudeE7 <= self.east
    }

    package func union(_ other: BoundingBox) -> BoundingBox {
        BoundingBox(
            south: min(self.south, other.south), west: min(self.west, other.west), north: max(self.north, other.north),
            east: max(self.east, other.east))
    }

    /// A box that holds every point within `metres` of this one (a little more than that); it takes in all longitudes
    /// where it would reach a pole or cross the 180th meridian.
    package func expanded(byMetres metres: Double) -> BoundingBox {
        guard metres > 0 else { return self }
        // A thousandth and two steps on top cover the rounding of this arithmetic.
        let north = metres / Sphere.metresPerDegree * 1e7 * 1.001 + 2
        let top = min(Double(self.north) + north, 90e7)
        let bottom = min(max(Double(self.south) - north, -90e7), top)
        let narrowest = cos(max(top.magnitude, bottom.magnitude) * Sphere.radiansPerE7)
        // How far a circle of that radius bulges east: asin(sin r / cos φ), at most this with the narrowest parallel.
        let east = narrowest > 1e-6 ? north / narrowest : .infinity
        let left = Double(self.west) - east
        let right = Double(self.east) + east
        let crosses = left < -180e7 || right > 180e7 || top >= 90e7 || bottom <= -90e7
        return BoundingBox(
            south: Int32(bottom.rounded(.down)), west: crosses ? -1_800_000_000 : Int32(left.rounded(.down)),
            north: Int32(top.rounded(.up)), east: crosses ? 1_800_000_000 : Int32(right.rounded(.up)))
    }

    package var center: Coordinate {
        Coordinate(
            latitudeE7: Int32((Int64(self.south) + Int64(self.north)) / 2),
            longitudeE7: Int32((Int64(self.west) + Int64(self.east)) / 2))
    }
}
