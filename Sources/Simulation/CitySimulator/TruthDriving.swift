import Chronology
import Geodesy
import Registers

/// What a truck and its terminal really did on one day of which the rules about driving ought to tell, whoever drove
/// and for whatever reason: the rules of the catalogue, held against where the truck was second by second.
struct TruthDriving {
    /// Something to be told, before its times are known to the calendar.
    struct Thing {
        var rule: String
        /// Of the day.
        var seconds: Range<Int>
        /// Whether it lasts so long, and is seen so well, that an alert has to come.
        var isCertain: Bool
    }

    let day: TruckDay
    let truck: Truck
    let city: City
    let faults: TerminalFaults
    /// When the positions are not those of the truck.
    let spoilt: [Range<Int>]
    /// Where and when it stood, by their start.
    let stands: [Stand]

    init(_ day: TruckDay, of truck: Truck, in city: City) {
        self.day = day
        self.truck = truck
        self.city = city
        self.faults = TerminalFaults(truck: truck, day: day.day, plan: city.plan)
        let cheats = TerminalCheat(day, of: truck, in: city).map { [$0.seconds] } ?? []
        let home = DriveHome(day, of: truck, plan: city.plan).map { [$0.seconds] } ?? []
        self.spoilt = cheats + home
        self.stands = Stand.all(on: day)
    }

    var things: [Thing] {
        let found =
            self.speeding + self.fatigue + self.restricted + self.longStops + self.silences + self.brokenPositions
            + self.strayPositions + self.rightTurns + self.foreign
        guard self.truck.habits.clockOffset != 0 else { return found }
        // By a clock that is eight hours off nothing has to be told, and of what is told the day is another.
        return found.filter { $0.rule != "silent-vehicle" }.map {
            Thing(rule: $0.rule, seconds: $0.seconds, isCertain: false)
        }
    }

    /// What the truck has on it.
    enum Cargo { case none, unseen, seen }

    /// Seen is a load that was taken at a plant of the register, with the terminal switched on.
    func cargo(at second: Int, weighing kilograms: Double) -> Cargo {
        guard kilograms > Self.emptyKilograms else { return .none }
        let time = self.city.plan.start(ofDay: self.day.day).advanced(bySeconds: Double(second))
        let drop = self.day.drops.first { $0.loadEnd <= time && time <= $0.unloadEnd && $0.originKind == .plant }
        guard let drop else { return .unseen }
        let start = self.city.plan.start(ofDay: self.day.day)
        let load = Int(drop.loadStart.seconds(since: start))..<Int(drop.loadEnd.seconds(since: start)) + 1
        return self.isHeard(load) ? .seen : .unseen
    }

    private static let emptyKilograms = 100.0

    /// Whether the terminal is on all the while, sees its satellites, and is left alone.
    func isHeard(_ seconds: Range<Int>) -> Bool {
        let gaps = self.faults.silences + self.faults.blindness + self.day.darkness + self.spoilt
        return !gaps.contains { $0.overlaps(seconds) }
    }

    var sampling: Int { self.truck.habits.sampling }
}

extension TruthDriving {
    /// More than a tenth over 60 km/h with a load, over 80 without, for ten seconds.
    private var speeding: [Thing] {
        self.day.segments.compactMap { segment -> Thing? in
            guard let drive = segment.drive else { return nil }
            let cargo = self.cargo(at: segment.start, weighing: segment.loadAtStart)
            let limit = cargo == .none ? 88.0 : 66
            // Of a load that nobody saw the truck may be taken for an empty one, and of what a first drop left.
            let certain = cargo == .seen && !self.hasDropped(by: segment.start) ? 66.0 : 88
            let runs = drive.runs(fasterThan: (limit - 1) / 3.6, for: 8)
            guard let first = runs.first, let last = runs.last else { return nil }
            let isCertain =
                !drive.path.crossings.contains(.tunnel)
                && drive.runs(fasterThan: (certain + 2) / 3.6, for: 13 + 2 * self.sampling).contains {
                    self.isHeard(segment.start + $0.lowerBound..<segment.start + $0.upperBound)
                }
            return Thing(
                rule: "speeding", seconds: segment.start + first.lowerBound..<segment.start + last.upperBound,
                isCertain: isCertain)
        }
    }

    /// Whether the truck has begun to unload what it carries.
    private func hasDropped(by second: Int) -> Bool {
        let time = self.city.plan.start(ofDay: self.day.day).advanced(bySeconds: Double(second))
        let load = self.day.drops.first { $0.loadEnd <= time && time <= $0.unloadEnd }?.loadID
        return self.day.drops.contains { $0.loadID == load && $0.unloadStart <= time }
    }

    /// Four hours without a rest of twenty minutes.
    private var fatigue: [Thing] {
        let stood = self.stands.map(\.seconds)
        // A rest of about twenty minutes is one or not, by the reports at its ends; so is a stretch in the dark.
        let rests = stood.filter { $0.count >= Self.restSeconds + 300 }
        let quiet = (self.day.darkness + self.faults.silences).filter { $0.count >= Self.restSeconds - 100 }
        let interruptions = stood.filter { $0.count >= Self.restSeconds - 100 } + quiet + self.spoilt
        let certain = Self.gaps(between: interruptions).filter {
            $0.count > Self.fatigueSeconds + 2 * self.sampling + 60
        }
        return Self.gaps(between: rests).filter { $0.count + Self.restSeconds + 60 > Self.fatigueSeconds }.map { span in
            Thing(
                rule: "fatigue-driving",
                seconds: min(span.lowerBound + Self.fatigueSeconds, span.upperBound)..<span.upperBound
                    + Self.restSeconds, isCertain: certain.contains { $0.overlaps(span) })
        }
    }

    private static let restSeconds = 1200
    private static let fatigueSeconds = 4 * 3600

    /// What lies between stretches, each of which may overlap others.
    private static func gaps(between stretches: [Range<Int>]) -> [Range<Int>] {
        var (gaps, end) = ([Range<Int>](), 0)
        for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if stretch.lowerBound > end { gaps.append(end..<stretch.lowerBound) }
            end = max(end, stretch.upperBound)
        }
        return gaps
    }

    /// With a load for more than twenty minutes where no known place is near.
    private var longStops: [Thing] {
        self.stands.compactMap { stand -> Thing? in
            let late = stand.seconds.lowerBound + Self.longStopSeconds
            guard late < stand.seconds.upperBound else { return nil }
            let cargo = self.cargo(at: late, weighing: self.day.state(at: late).load)
            let place = Plane.coordinate(stand.point)
            let metres =
                self.city.facilities.filter(\.kind.isRegistered)
                .map { $0.yard.fence.distanceMetres(to: place) }.min() ?? .infinity
            guard cargo != .none, metres > Self.nearMetres - 40 else { return nil }
            let lasts = stand.seconds.count > Self.longStopSeconds + 2 * self.sampling + 60
            let isCertain =
                cargo == .seen && metres > Self.nearMetres + 40 && lasts && self.isHeard(stand.seconds)
                && self.truck.habits.parked != .sleepsWhenStill
            return Thing(rule: "long-stop", seconds: late..<stand.seconds.upperBound, isCertain: isCertain)
        }
    }

    private static let longStopSeconds = 1200
    private static let nearMetres = 300.0

    /// Inside a closed zone without a permit.
    private var restricted: [Thing] {
        let start = self.city.plan.start(ofDay: self.day.day).advanced(bySeconds: Double(self.truck.habits.clockOffset))
        return self.city.zones.filter { !$0.permitPlates.contains(self.truck.plate) }.flatMap { zone -> [Thing] in
            guard case .circle(let center, let radius) = zone.fence else { return [] }
            let middle = Plane.point(center)
            var things: [Thing] = []
            var (inside, deep, segment) = (Range<Int>?.none, 0, 0)
            for second in stride(from: 0, to: TruckDay.length, by: Self.step) {
                let state = self.day.state(at: second, from: &segment)
                let metres = state.point.distance(to: middle) - radius
                let isIn =
                    metres < Self.fenceMetres && zone.isClosed(at: start.advanced(bySeconds: Double(second)))
                if isIn {
                    inside = (inside?.lowerBound ?? second)..<second + Self.step
                    // Only what moves, or reports at rest, is seen there.
                    let isAwake = state.speed > 0 || self.truck.habits.parked == .reports
                    if metres < -Self.fenceMetres, isAwake, self.isHeard(second..<second + Self.step) {
                        deep += Self.step
                    }
                }
                if let seconds = inside, !isIn || second + Self.step >= TruckDay.length {
                    things.append(
                        Thing(rule: "restricted-zone", seconds: seconds, isCertain: deep > 2 * self.sampling + 120))
                    (inside, deep) = (nil, 0)
                }
            }
            return things
        }
    }

    /// Seconds between two looks at a truck.
    private static let step = 10
    /// Metres of a fence within which a receiver may err.
    private static let fenceMetres = 40.0
}

extension TruthDriving {
    /// The server hears nothing for ten minutes of a terminal that was last seen moving, or loaded.
    private var silences: [Thing] {
        let outages = self.faults.outages.map { $0.clamped(to: 0..<TruckDay.length) }
        let causes = (self.faults.silences + outages + self.day.darkness).filter { !$0.isEmpty }
        return Self.merged(causes + self.sleeps, within: self.sampling + 5).compactMap { quiet -> Thing? in
            let before = max(0, quiet.lowerBound - self.sampling - 5)..<quiet.lowerBound
            guard !before.isEmpty, quiet.count + 2 * self.sampling + 10 > Self.silentSeconds else { return nil }
            let states = before.map { ($0, self.day.state(at: $0)) }
            let cargo = states.last.map { self.cargo(at: $0, weighing: $1.load) } ?? .none
            guard cargo != .none || states.contains(where: { $1.speed > 4 / 3.6 }) else { return nil }
            let moved = states.allSatisfy { $1.speed > 7 / 3.6 && !River.isTunnel($1.point) }
            let isCertain =
                moved && self.isHeard(before) && causes.contains { $0.count > Self.silentSeconds + 80 && $0 == quiet }
            return Thing(
                rule: "silent-vehicle", seconds: quiet.lowerBound + Self.silentSeconds / 2..<quiet.upperBound + 1,
                isCertain: isCertain)
        }
    }

    private static let silentSeconds = 600

    /// When the terminal sleeps because the truck stands.
    private var sleeps: [Range<Int>] {
        switch self.truck.habits.parked {
        case .reports, .signsOfLife: []
        case .sleepsWhenStill:
            self.stands.map(\.seconds).filter { $0.count > 150 }.map { $0.lowerBound + 150..<$0.upperBound }
        case .sleepsWhenOff:
            self.day.segments.filter { !$0.activity.isIgnitionOn && $0.end - $0.start > 120 }
                .map { $0.start + 120..<$0.end }
        }
    }

    /// Stretches with less than so many seconds between them are one.
    private static func merged(_ stretches: [Range<Int>], within seconds: Int) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, stretch.lowerBound <= last.upperBound + seconds {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, stretch.upperBound)
            } else {
                merged.append(stretch)
            }
        }
        return merged
    }

    /// A position that stays, or leaps, on the way home.
    private var brokenPositions: [Thing] {
        guard let home = DriveHome(self.day, of: self.truck, plan: self.city.plan) else { return [] }
        let gaps = self.faults.silences + self.faults.blindness + self.day.darkness
        let crossings = self.day.segments.last { $0.drive != nil }?.drive?.path.crossings ?? []
        let isWhole = !gaps.contains { $0.overlaps(home.seconds) } && !crossings.contains(.tunnel)
        // The leaps are counted by day in China, which ends at midnight.
        let isOneDay = !home.seconds.contains(Self.midnight)
        let isFrozen = home.kind == .frozen
        return [
            Thing(
                rule: isFrozen ? "frozen-position" : "teleport", seconds: home.seconds,
                isCertain: isWhole && (isFrozen || isOneDay))
        ]
    }

    /// Of the city's day, which begins at 04:00.
    private static let midnight = 20 * 3600

    /// A cheap receiver is off by kilometres now and then, which is told when it is so three times between two
    /// midnights.
    private var strayPositions: [Thing] {
        guard self.city.plan.hasFaults else { return [] }
        let leaps = Recorder.leaps(self.day, of: self.truck, plan: self.city.plan)
        return [leaps.filter { $0.second < Self.midnight }, leaps.filter { $0.second >= Self.midnight }].compactMap {
            leaps in
            // No truck drives 44 metres a second; by as much as it drives, the other way, a leap is longer or shorter.
            let possible = leaps.filter { $0.metres > 20 * Double($0.gap) + 50 }
            let sure = leaps.filter { $0.metres > 70 * Double($0.gap) + 120 && self.isHeard($0.second..<$0.second + 1) }
            guard possible.count >= Self.leapsADay, let last = possible.last else { return nil }
            return Thing(
                rule: "teleport", seconds: possible[Self.leapsADay - 1].second..<last.second + 1,
                isCertain: sure.count >= Self.leapsADay)
        }
    }

    private static let leapsADay = 3

    /// What is said of another truck, or of another day, need not be told of this one, and is no mistake.
    private var foreign: [Thing] {
        guard let cheat = TerminalCheat(self.day, of: self.truck, in: self.city), cheat.kind != .jammed else {
            return []
        }
        return [
            "speeding", "fatigue-driving", "restricted-zone", "teleport", "fast-right-turn", "blind-right-turn",
        ].map { Thing(rule: $0, seconds: cheat.seconds, isCertain: false) }
    }
}

/// Where a truck stood, and when.
struct Stand {
    var seconds: Range<Int>
    var point: Point

    /// Slower than this, in metres per second, is standing, within so many metres.
    private static let speed = 5 / 3.6
    private static let radius = 60.0

    static func all(on day: TruckDay) -> [Stand] {
        var stands: [Stand] = []
        func add(_ seconds: Range<Int>, at point: Point) {
            if let last = stands.last, last.seconds.upperBound >= seconds.lowerBound - 1,
                last.point.distance(to: point) <= Self.radius
            {
                stands[stands.count - 1].seconds = last.seconds.lowerBound..<seconds.upperBound
            } else {
                stands.append(Stand(seconds: seconds, point: point))
            }
        }
        for segment in day.segments {
            guard let drive = segment.drive else {
                add(segment.start..<segment.end, at: segment.point)
                continue
            }
            for run in drive.runs(slowerThan: Self.speed) {
                add(
                    segment.start + run.lowerBound..<segment.start + run.upperBound,
                    at: drive.path.point(at: Double(drive.travelled[run.lowerBound])).point)
            }
        }
        return stands
    }
}

extension Drive {
    /// Seconds of the drive in which it was faster all the while, for at least so long.
    func runs(fasterThan speed: Double, for seconds: Int) -> [Range<Int>] {
        self.runs { $0 > speed }.filter { $0.count >= seconds }
    }

    /// Seconds of the drive in which it was slower all the while.
    func runs(slowerThan speed: Double) -> [Range<Int>] { self.runs { $0 < speed } }

    private func runs(where holds: (Double) -> Bool) -> [Range<Int>] {
        guard self.seconds > 0 else { return [] }
        var runs: [Range<Int>] = []
        var start: Int?
        for second in 1...self.seconds {
            if holds(self.speed(at: second)) {
                start = start ?? second
            } else if let begin = start {
                runs.append(begin..<second)
                start = nil
            }
        }
        if let start { runs.append(start..<self.seconds + 1) }
        return runs
    }
}
