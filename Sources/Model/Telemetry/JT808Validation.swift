import Chronology
import Geodesy

extension JT808Frame {
    /// What we accept of a frame: the topic's terminal, in clear.
    func check(from terminal: TerminalID) throws(ReportProblem) {
        guard self.phone == terminal else { throw ReportProblem(reason: .foreignTerminal, detail: "phone") }
        guard self.encryption == 0 else { throw ReportProblem(reason: .encrypted, detail: "encryption") }
    }
}

extension PositionReport {
    /// What we accept of a location: ranges of the contract, in stored units, on WGS-84. The serial number of the frame
    /// is no part of it: a location sent again under a new one says nothing new.
    init(
        _ location: JT808Location, _ settings: DeviceSettings, receivedAt: Instant, limits: ValidationLimits
    ) throws(ReportProblem) {
        guard let said = location.time.instant else { throw ReportProblem(reason: .badTime, detail: "time") }
        let time = try limits.check(said, receivedAt: receivedAt)
        let coordinate = try Coordinate(location, settings)
        self.init(recordedAt: time, coordinate: coordinate, hasFix: location.status.contains(.hasFix))
        guard location.speed <= 2500 else { throw ReportProblem(reason: .outOfRange, detail: "speed") }
        guard location.direction <= 360 else { throw ReportProblem(reason: .outOfRange, detail: "direction") }
        self.speed = Int16(location.speed)
        self.course = Int16(location.direction) * 10
        self.altitude = Int32(location.altitude) * 10
        self.ignition = location.status.contains(.ignition)
        if let mileage = location.items.mileage {
            // From 0.1 km to 10 m.
            guard let odometer = Int32(exactly: Int64(mileage) * 10) else {
                throw ReportProblem(reason: .outOfRange, detail: "mileage")
            }
            self.odometer = odometer
        }
        self.satellites = location.items.satellites.map { Int16($0) }
        self.drum = location.items.drum?.speed(settings.drumForward)
    }
}

extension JT808Items.Drum {
    /// The terminal says which way the drum turns and not how fast. One turn a minute is the least that is no trembling
    /// of a drum at rest: enough for a discharge, and far below the speed that proves a loading.
    private static let nominalSpeed: Int16 = 10

    /// In 0.1 rpm, positive where it mixes; `nil` while nobody has said what this device's forward is.
    fileprivate func speed(_ forward: DeviceSettings.DrumForward?) -> Int16? {
        if self == .stopped { return 0 }
        guard let forward else { return nil }
        return (self == .forward) == (forward == .mixes) ? Self.nominalSpeed : -Self.nominalSpeed
    }
}

extension Coordinate {
    fileprivate init(_ location: JT808Location, _ settings: DeviceSettings) throws(ReportProblem) {
        guard location.latitude <= 90_000_000 else { throw ReportProblem(reason: .outOfRange, detail: "latitude") }
        guard location.longitude <= 180_000_000 else { throw ReportProblem(reason: .outOfRange, detail: "longitude") }
        let status = location.status
        let latitudeE7 = Int32(location.latitude) * (status.contains(.isSouth) ? -10 : 10)
        let longitudeE7 = Int32(location.longitude) * (status.contains(.isWest) ? -10 : 10)
        let raw = Coordinate(latitudeE7: latitudeE7, longitudeE7: longitudeE7)
        let system = settings.coordinates ?? (status.contains(.isShifted) ? .gcj02 : .wgs84)
        // (0, 0) says "no fix" in every system, and has to stay recognisable.
        guard system != .wgs84, !raw.isNullIsland else {
            self = raw
            return
        }
        guard let shifted = system.coordinate(latitude: raw.latitude, longitude: raw.longitude) else {
            throw ReportProblem(reason: .outOfRange, detail: "latitude")
        }
        self = shifted
    }
}
