package import Chronology
package import Geodesy

/// A right turn as the reports show it.
package struct RightTurn: Codable, Hashable, Sendable {
    package var start: Instant
    package var end: Instant
    package var coordinate: Coordinate
    /// Degrees by which the course turned to the right.
    package var angle: Double
    /// The highest speed in it in km/h, as far as the reports around each part of it agree; `nil` where they name none.
    package var maximumSpeed: Double?

    package init(start: Instant, end: Instant, coordinate: Coordinate, angle: Double, maximumSpeed: Double?) {
        self.start = start
        self.end = end
        self.coordinate = coordinate
        self.angle = angle
        self.maximumSpeed = maximumSpeed
    }
}

/// How much of the driving was reported closely enough to see turns in it.
package struct TurnCoverage: Codable, Hashable, Sendable {
    package private(set) var drivingSeconds = 0.0
    package private(set) var seenSeconds = 0.0

    package init() {}

    /// 0–1; `nil` where nothing was driven. A sparse track shows few turns, and that says nothing of their number.
    package var share: Double? { self.drivingSeconds > 0 ? self.seenSeconds / self.drivingSeconds : nil }

    mutating func add(_ seconds: Double, isSeen: Bool) {
        self.drivingSeconds += seconds
        if isSeen { self.seenSeconds += seconds }
    }
}
