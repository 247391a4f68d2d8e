package import Geodesy

/// The rings of an even-odd polygon sorted into GeoJSON's parts: an outer ring, and the holes directly inside it.
/// Rings that cross each other have no such parts; every ring then still appears once.
package struct PolygonParts: Hashable, Sendable {
    /// Per part the outer ring, counter-clockwise, then its holes, clockwise (RFC 7946, 3.1.6).
    package private(set) var parts: [[[Coordinate]]] = []

    package init(_ polygon: Polygon) {
        let rings = polygon.rings.filter { $0.count >= 3 }
        let containers = rings.indices.map { inner in
            rings.indices.filter { $0 != inner && Self.contains(rings[$0], rings[inner][0]) }
        }
        var partOfOuter: [Int: Int] = [:]
        for index in rings.indices where containers[index].count.isMultiple(of: 2) {
            partOfOuter[index] = self.parts.count
            self.parts.append([Self.turned(rings[index], counterClockwise: true)])
        }
        for index in rings.indices where !containers[index].count.isMultiple(of: 2) {
            let hole = Self.turned(rings[index], counterClockwise: false)
            let depth = containers[index].count
            let outer = containers[index].first { containers[$0].count == depth - 1 }
            if let part = outer.flatMap({ partOfOuter[$0] }) {
                self.parts[part].append(hole)
            } else {
                self.parts.append([hole.reversed()])
            }
        }
    }

    /// Even-odd test of a ray to the east (W. R. Franklin, "PNPOLY").
    private static func contains(_ ring: [Coordinate], _ point: Coordinate) -> Bool {
        var isInside = false
        var last = ring[ring.count - 1]
        for corner in ring {
            if (corner.latitudeE7 > point.latitudeE7) != (last.latitudeE7 > point.latitudeE7) {
                let rise = (point.latitude - corner.latitude) / (last.latitude - corner.latitude)
                if point.longitude < corner.longitude + rise * (last.longitude - corner.longitude) {
                    isInside.toggle()
                }
            }
            last = corner
        }
        return isInside
    }

    private static func turned(_ ring: [Coordinate], counterClockwise: Bool) -> [Coordinate] {
        var doubledArea = 0.0
        var last = ring[ring.count - 1]
        for corner in ring {
            doubledArea += last.longitude * corner.latitude - corner.longitude * last.latitude
            last = corner
        }
        return (doubledArea > 0) == counterClockwise ? ring : ring.reversed()
    }
}
