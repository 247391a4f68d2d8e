import Chronology
import Geodesy
import Telemetry

/// The way between two fixes that follow each other, and what of it belongs to a day.
struct ExposureSegment {
    let from: Instant
    let to: Instant
    /// Along the straight line, in millimetres; 0 where the truck stood.
    let millimetres: Int64
    /// By the odometer, where both fixes have one and it can be believed.
    let odometerMillimetres: Int64?
    let isGap: Bool
    let isMoving: Bool

    /// `to` is later than `from`.
    init(from: PositionReport, to: PositionReport, _ parameters: SafetyParameters.Exposure) {
        self.from = from.recordedAt
        self.to = to.recordedAt
        let seconds = to.recordedAt.seconds(since: from.recordedAt)
        let metres = from.coordinate.distanceMetres(to: to.coordinate)
        self.isGap = seconds > parameters.gap
        if let before = from.speed, let after = to.speed, seconds <= parameters.shortInterval {
            // The receiver's noise over a second looks like a speed; its own speed does not.
            self.isMoving = Double(max(before, after)) / 10 > parameters.movingSpeed
        } else {
            self.isMoving =
                (self.isGap && metres >= parameters.noise)
                || Self.shows(
                    metres: metres, in: seconds, noise: parameters.noise, shortInterval: parameters.shortInterval,
                    movingSpeed: parameters.movingSpeed)
        }
        let isBridge = self.isGap && seconds <= parameters.longestBridge && metres >= parameters.noise
        let counts = self.isGap ? isBridge : self.isMoving
        self.millimetres = counts ? Self.millimetres(metres) : 0
        self.odometerMillimetres = Self.odometer(from, to, seconds: seconds, metres: metres, parameters)
    }

    /// Whether two places show that the truck drove from one to the other: so far apart that it is no noise, and fast
    /// enough; or, where they are too close in time to be far apart, at twice the speed.
    static func shows(
        metres: Double, in seconds: Double, noise: Double, shortInterval: Double, movingSpeed: Double
    ) -> Bool {
        let speed = seconds > 0 ? metres / seconds * 3.6 : 0
        return (metres >= noise && speed > movingSpeed) || (seconds <= shortInterval && speed > movingSpeed * 2)
    }

    private static func millimetres(_ metres: Double) -> Int64 {
        metres.isFinite && metres < 1e9 ? Int64((metres * 1000).rounded()) : 0
    }

    /// Not backwards, not faster than a truck, and not far behind the straight line.
    private static func odometer(
        _ from: PositionReport, _ to: PositionReport, seconds: Double, metres: Double,
        _ parameters: SafetyParameters.Exposure
    ) -> Int64? {
        guard let before = from.odometer, let after = to.odometer else { return nil }
        let millimetres = (Int64(after) - Int64(before)) * 10_000
        let most = seconds * parameters.maximumSpeed / 3.6 + parameters.odometerStep
        guard millimetres >= 0, Double(millimetres) / 1000 <= most,
            metres - Double(millimetres) / 1000 <= parameters.odometerStep
        else { return nil }
        return millimetres
    }

    /// Adds the part of the segment that lies in [`start`, `end`). The parts of all days are together the segment, to
    /// the millimetre and the microsecond.
    func add(to amounts: inout ExposureAmounts, from start: Instant, until end: Instant) {
        let (first, last) = (max(self.from, start), min(self.to, end))
        guard last > first else { return }
        func part(_ whole: Int64) -> Int64 { self.share(of: whole, until: last) - self.share(of: whole, until: first) }
        let line = part(self.millimetres)
        if self.isGap {
            amounts.bridgedMillimetres &+= line
        } else {
            amounts.seenMillimetres &+= line
            if self.isMoving { amounts.movingMicroseconds &+= last.microseconds - first.microseconds }
        }
        var driven = line
        if let odometerMillimetres {
            driven = part(odometerMillimetres)
            amounts.odometerMillimetres &+= driven
            amounts.comparedMillimetres &+= line
        }
        amounts.drivenMillimetres &+= driven
        if self.isGap { amounts.unseenMillimetres &+= driven }
    }

    /// What of `whole` lies before `time`, at a steady pace.
    private func share(of whole: Int64, until time: Instant) -> Int64 {
        if time >= self.to { return whole }
        if time <= self.from { return 0 }
        let share = time.seconds(since: self.from) / self.to.seconds(since: self.from)
        return Int64((Double(whole) * share).rounded(.down))
    }
}
