/// One report as the terminal writes it down, in the units of the payload: 64 bytes instead of 250.
struct Sample: Sendable {
    /// Seconds since the day's start.
    var second: Int32
    var latitudeE6: Int32
    var longitudeE6: Int32
    /// `nil` is an absent field.
    var altitude: Int16?
    /// 0.1 km/h.
    var speed: Int16?
    /// 0.1°, 0–3599.
    var heading: Int16?
    var satellites: Int16?
    /// 0.1.
    var hdop: Int16?
    /// 0.1 rpm.
    var drum: Int16?
    /// kg.
    var load: Int32?
    /// 10 m.
    var odometer: Int32?
    var sequence: Int32?
    var ignition: Bool?
    var hasFix = true
}

/// The state of a terminal's cameras at one second.
struct CameraSample: Sendable {
    /// What the truck is like at that moment.
    enum State: String, Sendable { case ok, lost, occluded, fault }

    var second: Int32
    /// In the order of the terminal's cameras.
    var states: [State]
}
