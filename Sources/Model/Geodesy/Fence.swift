/// The outline of a plant, a site or a place on WGS-84.
package enum Fence: Hashable, Sendable, Codable {
    case circle(center: Coordinate, radiusMetres: Double)
    case polygon(Polygon)
}

/// One or more rings of longitude and latitude; a point is inside by the even-odd rule over all of them, so that
/// a hole is a ring inside a ring and a multipolygon is several rings side by side.
package struct Polygon: Hashable, Sendable, Codable {
    /// Each ring has at least three distinct corners; the closing corner is not repeated.
    package var rings: [[Coordinate]]

    package init(rings: [[Coordinate]]) {
        self.rings = rings
    }
}
