package import Chronology
package import Geodesy
package import Telemetry

/// A report that places the truck: what movement is made from.
package struct Fix: Hashable, Sendable, Codable {
    package var time: Instant
    package var coordinate: Coordinate
    /// Drum speed in 0.1 rpm, negative while it discharges.
    package var drum: Int16?
    /// Load in kg.
    package var load: Int32?
    /// Odometer in 10 m.
    package var odometer: Int32?
    package var ignition: Bool?

    package init(
        time: Instant, coordinate: Coordinate, drum: Int16? = nil, load: Int32? = nil, odometer: Int32? = nil,
        ignition: Bool? = nil
    ) {
        self.time = time
        self.coordinate = coordinate
        self.drum = drum
        self.load = load
        self.odometer = odometer
        self.ignition = ignition
    }

    /// The place, the time and the evidence of a report; whether it can be believed is `TrackCleaner`'s business.
    package init(_ report: PositionReport) {
        self.init(
            time: report.recordedAt, coordinate: report.coordinate, drum: report.drum, load: report.load,
            odometer: report.odometer, ignition: report.ignition)
    }
}
