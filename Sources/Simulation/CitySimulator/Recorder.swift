import Geodesy

/// The terminal: looks at the truth with the eyes of a cheap receiver and writes reports.
struct Recorder {
    private let truckDay: TruckDay
    private let truck: Truck
    private let faults: TerminalFaults
    private let cheat: TerminalCheat?
    private let coordinates: CoordinateSystem
    /// Kilometres on the clock at the start of the day.
    private let odometer: Double
    private var random: SplitMix64
    /// The error of the last position: it wanders, it does not jump.
    private var error = Point(x: 0, y: 0)
    private var errorSecond = -3600
    private var lastHeading: Int16?
    private var lastFix: Sample?
    private(set) var samples: [Sample] = []
    private(set) var leaps: [Leap] = []

    /// A position that was far off for once.
    struct Leap {
        var second: Int
        var metres: Double
        /// Seconds since the report before.
        var gap: Int
    }

    private init(truckDay: TruckDay, truck: Truck, plan: CityPlan, odometer: Double, cheat: TerminalCheat?) {
        self.truckDay = truckDay
        self.truck = truck
        self.faults = TerminalFaults(truck: truck, day: truckDay.day, plan: plan)
        self.cheat = cheat
        self.coordinates = truck.habits.coordinates
        self.odometer = odometer
        self.random = SplitMix64(seed: plan.seed, for: .noise, truck: truck.number, day: truckDay.day)
    }

    /// The position reports of one day in the order of their times, which all differ.
    static func record(
        _ truckDay: TruckDay, of truck: Truck, plan: CityPlan, odometer: Double, cheat: TerminalCheat? = nil
    ) -> [Sample] {
        var recorder = Recorder(truckDay: truckDay, truck: truck, plan: plan, odometer: odometer, cheat: cheat)
        recorder.recordDay()
        return recorder.samples
    }

    /// The positions of a day that were far off.
    static func leaps(_ truckDay: TruckDay, of truck: Truck, plan: CityPlan) -> [Leap] {
        var recorder = Recorder(truckDay: truckDay, truck: truck, plan: plan, odometer: 0, cheat: nil)
        recorder.recordDay()
        return recorder.leaps
    }

    private mutating func recordDay() {
        var segment = 0
        var second = self.random.integer(0...self.truck.habits.sampling - 1)
        var stillSince = -3600
        var blindUntil = -1
        var wasOff = true
        // The day begins as the night before ended: parked since long ago.
        var isAsleep = self.truck.habits.parked != .reports && self.truck.habits.parked != .signsOfLife
        while second < TruckDay.length {
            let state = self.truckDay.state(at: second, from: &segment)
            if state.speed > 0 { stillSince = second }
            let isOff = !state.activity.isIgnitionOn
            // The key wakes it before the wheels do, and keeps it awake for as long as a halt.
            if wasOff, !isOff { stillSince = second }
            wasOff = isOff
            let standing = second - stillSince
            if self.sleeps(isOff: isOff, standing: standing) {
                isAsleep = true
            } else {
                if isAsleep {
                    // A receiver that wakes looks for its satellites first.
                    blindUntil = second + (self.faults.spikeChance > 0 ? self.random.integer(0...25) : 0)
                    isAsleep = false
                }
                if !self.faults.isSilent(at: second), !self.truckDay.isDark(at: second) {
                    let isBlind =
                        second < blindUntil || self.isJammed(at: second) || self.faults.isBlind(at: second)
                        || self.faults.spikeChance > 0 && River.isTunnel(state.point)
                    self.samples.append(self.sample(of: state, at: second, hasFix: !isBlind))
                }
            }
            second += self.pause(isOff: isOff && standing > 150, isAsleep: isAsleep)
            // Nothing wakes it before the truck's next activity.
            let current = self.truckDay.segments[segment]
            if isAsleep, current.drive == nil { second = max(second, current.end) }
        }
    }

    private func isJammed(at second: Int) -> Bool {
        self.cheat.map { $0.kind == .jammed && $0.seconds.contains(second) } ?? false
    }

    private func sleeps(isOff: Bool, standing: Int) -> Bool {
        switch self.truck.habits.parked {
        case .reports, .signsOfLife: false
        case .sleepsWhenOff: isOff && standing > 120
        case .sleepsWhenStill: standing > 150
        }
    }

    private func pause(isOff: Bool, isAsleep: Bool) -> Int {
        let usual = self.truck.habits.sampling
        // A sleeping terminal is woken by a motion sensor, which is quicker than its timer.
        if isAsleep { return min(usual, 5) }
        guard isOff else { return usual }
        return switch self.truck.habits.parked {
        case .signsOfLife: max(usual, 300)
        case .reports: max(usual, 60)
        case .sleepsWhenOff, .sleepsWhenStill: usual
        }
    }

    private mutating func sample(of state: TruckDay.State, at second: Int, hasFix: Bool) -> Sample {
        let habits = self.truck.habits
        var sample = Sample(second: Int32(second), latitudeE6: 0, longitudeE6: 0)
        if habits.hasSequence { sample.sequence = Int32(self.samples.count) }
        if habits.hasIgnition { sample.ignition = state.activity.isIgnitionOn }
        if habits.hasOdometer {
            sample.odometer = Int32((self.odometer + state.metresDriven / 1000) * 100)
        }
        if habits.hasDrum { sample.drum = self.drum(state) }
        if habits.hasLoad {
            let weight = max(0, state.load * self.random.uniform(0.99, 1.01) + self.random.uniform(-40, 40))
            sample.load = Int32(weight / 10) * 10
        }
        guard hasFix else {
            sample.hasFix = false
            // Some say (0, 0) then, some the place where they last knew.
            if let lastFix, self.truck.number.isMultiple(of: 2) {
                sample.latitudeE6 = lastFix.latitudeE6
                sample.longitudeE6 = lastFix.longitudeE6
            }
            if habits.hasQuality {
                let few = Int16(self.random.integer(0...3))
                sample.satellites = self.isJammed(at: second) ? 0 : few
            }
            return sample
        }
        self.place(&sample, state)
        if habits.hasQuality {
            sample.satellites = Int16(self.random.integer(7...18))
            sample.hdop = Int16(self.random.integer(6...18))
        }
        if habits.hasAltitude { sample.altitude = Int16(self.random.integer(2...9)) }
        self.lastFix = sample
        return sample
    }

    /// Position, speed and heading as the receiver computes them.
    private mutating func place(_ sample: inout Sample, _ state: TruckDay.State) {
        let noise = self.truck.habits.noise
        let isMoving = state.speed > 0.5
        // A first-order process: what is left of the error fades with the time since; parked, it drifts further and
        // more slowly.
        let elapsed = Double(Int(sample.second) - self.errorSecond)
        let kept = 1 / (1 + elapsed / (isMoving ? 40 : 400))
        let spread = noise * (isMoving ? 1 : 1.5) * (1 - kept * kept).squareRoot()
        self.error = self.error * kept + Point(x: self.random.gaussian(), y: self.random.gaussian()) * spread
        self.errorSecond = Int(sample.second)
        var point = state.point + self.error
        if self.random.chance(self.faults.spikeChance) {
            let off = self.random.direction() * self.random.uniform(300, 4000)
            point = point + off
            let gap = Int(sample.second - (self.samples.last?.second ?? sample.second))
            self.leaps.append(Leap(second: Int(sample.second), metres: off.length, gap: gap))
        }
        let degrees = self.coordinates.fromWGS84(latitude: Plane.latitude(point), longitude: Plane.longitude(point))
        sample.latitudeE6 = Int32((degrees.latitude * 1e6).rounded())
        sample.longitudeE6 = Int32((degrees.longitude * 1e6).rounded())
        let doppler = noise > 0 ? self.random.gaussian() * 0.4 : 0
        let jitter = noise > 0 && self.random.chance(0.3) ? self.random.uniform(0, 1.2) : 0
        let speed = isMoving ? max(0, state.speed * 3.6 + doppler) : jitter
        sample.speed = Int16((speed * 10).rounded())
        if isMoving {
            let wobble = noise > 0 ? self.random.gaussian() * 1.5 : 0
            let tenths = Int(((state.direction.heading + wobble) * 10).rounded())
            self.lastHeading = Int16((tenths % 3600 + 3600) % 3600)
        }
        sample.heading = self.lastHeading
    }

    /// Tenths of a turn a minute: positive mixes or takes a load, negative discharges.
    private mutating func drum(_ state: TruckDay.State) -> Int16 {
        let isLoaded = state.load > 100
        let turns: Double =
            switch state.activity {
            case .parked, .resting, .refuelling, .unloadingBulk: 0
            case .loading: 12
            case .driving, .weighing, .idling: isLoaded ? 3 : 1
            // The load is mixed up once more before it leaves the drum.
            case .waiting: 12
            case .pouring: -5
            case .washing: state.secondsIntoSegment / 30 % 3 == 2 ? -6 : 8
            }
        guard turns != 0 else { return 0 }
        return Int16((turns + self.random.uniform(-0.6, 0.6)) * 10)
    }
}
