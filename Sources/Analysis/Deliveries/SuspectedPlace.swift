package import Geodesy

/// A place outside the registers that the search for suspected plants takes for one: as far as deliveries need it.
package struct SuspectedPlace: Hashable, Sendable, Codable {
    package var id: String
    package var coordinate: Coordinate
    /// A halt no farther from the coordinate was there.
    package var radiusMetres: Double

    package init(id: String, coordinate: Coordinate, radiusMetres: Double) {
        self.id = id
        self.coordinate = coordinate
        self.radiusMetres = radiusMetres
    }
}
