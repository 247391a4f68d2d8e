import Chronology
import Geodesy

extension PositionReport {
    /// What we accept of a native position: ranges of the contract, rounded to the stored units, on WGS-84.
    /// Rounding is to the nearest, halves away from zero.
    init(
        _ native: borrowing NativePosition, from topic: NativeTopic, receivedAt: Instant, limits: ValidationLimits
    ) throws(ReportProblem) {
        try topic.terminal.check(claimed: native.terminal)
        let time = try limits.check(native.time, receivedAt: receivedAt)
        let coordinate = try Coordinate(native, in: native.coordinates ?? topic.coordinates)
        self.init(recordedAt: time, coordinate: coordinate, hasFix: native.fix ?? true)
        self.speed = try Self.scaled(native.speed, by: 10, within: 0...250, .speed)
        self.course = try Self.scaled(native.heading, by: 10, within: 0...360, .heading)
        self.altitude = try Self.scaled(native.altitude, by: 10, within: Self.anyNumber, .altitude)
        self.ignition = native.ignition
        self.odometer = try Self.scaled(native.odometer, by: 100, within: Self.noNegative, .odometer)
        self.hdop = try Self.scaled(native.hdop, by: 10, within: Self.noNegative, .hdop)
        self.drum = try Self.scaled(native.drum, by: 10, within: Self.anyNumber, .drum)
        self.load = try Self.scaled(native.load, by: 1, within: Self.anyNumber, .load)
        if let satellites = native.satellites {
            guard satellites >= 0, let stored = Int16(exactly: satellites) else {
                throw ReportProblem(.outOfRange, .satellites)
            }
            self.satellites = stored
        }
        self.sequence = native.sequence
    }

    private static let anyNumber = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    private static let noNegative = 0...Double.greatestFiniteMagnitude

    /// The value in units of 1 / `factor`; a problem outside `range` and where the stored integer ends.
    @inline(__always)
    private static func scaled<Stored: FixedWidthInteger>(
        _ value: Double?, by factor: Double, within range: ClosedRange<Double>, _ field: NativePosition.Field
    ) throws(ReportProblem) -> Stored? {
        guard let value else { return nil }
        // The contract's range, and far inside Int64: beyond 2^53 a double has no halves.
        guard value >= range.lowerBound, value <= range.upperBound, (value * factor).magnitude < 0x1p53 else {
            throw ReportProblem(.outOfRange, field)
        }
        let units = value * factor
        var whole = Int64(units)
        let rest = units - Double(whole)
        if rest >= 0.5 { whole += 1 } else if rest <= -0.5 { whole -= 1 }
        guard let stored = Stored(exactly: whole) else { throw ReportProblem(.outOfRange, field) }
        return stored
    }
}

extension Coordinate {
    fileprivate init(_ native: borrowing NativePosition, in system: CoordinateSystem) throws(ReportProblem) {
        guard let latitude = native.latitude else { throw ReportProblem(.missingField, .lat) }
        guard let longitude = native.longitude else { throw ReportProblem(.missingField, .lon) }
        guard latitude.magnitude <= 90 else { throw ReportProblem(.outOfRange, .lat) }
        guard longitude.magnitude <= 180 else { throw ReportProblem(.outOfRange, .lon) }
        // (0, 0) says "no fix" in every system, and has to stay recognisable.
        let isNowhere = latitude == 0 && longitude == 0
        guard let coordinate = (isNowhere ? .wgs84 : system).coordinate(latitude: latitude, longitude: longitude) else {
            throw ReportProblem(.outOfRange, .lat)
        }
        self = coordinate
    }
}

extension ReportProblem {
    fileprivate init(_ reason: Refusal.Reason, _ field: NativePosition.Field) {
        self.init(reason: reason, detail: field.rawValue)
    }
}

extension TerminalID {
    /// A payload may name its terminal; it has to be the topic's.
    func check(claimed: String?) throws(ReportProblem) {
        guard let claimed, claimed != self.text else { return }
        throw ReportProblem(reason: .foreignTerminal, detail: "terminal")
    }
}

extension ValidationLimits {
    /// The report's time when it is there and plausible.
    func check(_ time: Instant?, receivedAt: Instant) throws(ReportProblem) -> Instant {
        guard let time else { throw ReportProblem(reason: .missingField, detail: "time") }
        guard time >= self.earliest, time <= receivedAt.advanced(bySeconds: self.secondsAheadOfServer) else {
            let suspicion = ClockSuspicion(recordedAt: time, receivedAt: receivedAt, limits: self)
            throw ReportProblem(reason: .badTime, detail: suspicion.map { "time \($0.rawValue)" } ?? "time")
        }
        return time
    }
}
