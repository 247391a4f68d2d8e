package import Chronology
package import Geodesy

/// A right turn as the reports show it: what the camera rules need of one.
package struct ObservedTurn: Hashable, Sendable, Codable {
    package var start: Instant
    package var end: Instant
    package var coordinate: Coordinate
    /// Degrees by which the course went to the right.
    package var angle: Double
    /// The highest speed in it in km/h; `nil` where no report names one.
    package var maximumSpeed: Double?

    package init(start: Instant, end: Instant, coordinate: Coordinate, angle: Double, maximumSpeed: Double? = nil) {
        self.start = start
        self.end = end
        self.coordinate = coordinate
        self.angle = angle
        self.maximumSpeed = maximumSpeed
    }
}
