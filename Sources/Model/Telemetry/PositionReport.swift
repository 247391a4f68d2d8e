package import Chronology
package import Geodesy

/// One position of one terminal, accepted: in range, in stored units, on WGS-84. A missing value is unknown, never
/// zero.
package struct PositionReport: Hashable, Sendable, Codable {
    /// Event time, by the terminal's clock.
    package var recordedAt: Instant
    package var coordinate: Coordinate
    /// Whether the receiver had a fix. Without one a report is stored and never moves anything.
    package var hasFix: Bool
    /// Speed over ground in 0.1 km/h, 0–2500.
    package var speed: Int16?
    /// Course over ground in 0.1°, 0–3600 (0 is north, 900 east).
    package var course: Int16?
    /// Height in 0.1 m.
    package var altitude: Int32?
    package var ignition: Bool?
    /// Odometer in 10 m.
    package var odometer: Int32?
    package var satellites: Int16?
    /// Horizontal dilution of precision in 0.1.
    package var hdop: Int16?
    /// Drum speed in 0.1 rpm: positive mixes or takes a load, negative discharges.
    package var drum: Int16?
    /// Load in kg.
    package var load: Int32?
    /// The terminal's own count of its reports.
    package var sequence: Int64?

    package init(recordedAt: Instant, coordinate: Coordinate, hasFix: Bool = true) {
        self.recordedAt = recordedAt
        self.coordinate = coordinate
        self.hasFix = hasFix
    }
}

/// The state of the cameras of one terminal at one time, accepted.
package struct CameraReport: Hashable, Sendable, Codable {
    package var recordedAt: Instant
    /// By camera name, sorted by name; `right_blind_spot` is the one the law asks for.
    package var cameras: [CameraStatus]

    package init(recordedAt: Instant, cameras: [CameraStatus]) {
        self.recordedAt = recordedAt
        self.cameras = cameras
    }
}

/// What one camera says of itself.
package struct CameraStatus: Hashable, Sendable, Codable {
    /// The states a camera can report.
    package enum State: String, Sendable, Codable, CaseIterable {
        case ok, lost, occluded, fault
    }

    /// 1–64 bytes of UTF-8 without control characters.
    package var name: String
    package var state: State

    package init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}
