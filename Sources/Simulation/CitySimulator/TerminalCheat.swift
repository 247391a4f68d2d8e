import Registers

/// Something done to a terminal to hide where its truck is, or whose it is.
struct TerminalCheat: Sendable {
    /// What is done.
    enum Kind: Sendable {
        /// A box that drowns the satellites while the truck leaves the depot.
        case jammed
        /// Yesterday's positions are sent once more, with new times.
        case replayed
        /// A second box of the same name drives about in another truck.
        case cloned

        /// Whose terminal is tampered with, now and then: one truck of every 24 for each kind.
        init?(of truck: Int) {
            switch truck % 24 {
            case 5: self = .jammed
            case 9: self = .cloned
            case 21: self = .replayed
            default: return nil
            }
        }

        /// The rule that ought to notice.
        var rule: String {
            switch self {
            case .jammed: "jamming"
            case .replayed: "replayed-track"
            case .cloned: "cloned-identity"
            }
        }
    }

    var kind: Kind
    /// Of the day.
    var seconds: Range<Int>
    /// Of a replay the second of yesterday at which it begins, of a clone the truck in which it drives.
    var source = 0

    /// What is done to a truck's terminal on one day, if anything: only where the rule has what it needs to notice.
    init?(_ day: TruckDay, of truck: Truck, in city: City) {
        guard city.plan.hasCheats, city.plan.hasFaults, truck.isCrooked, truck.habits.clockOffset == 0,
            let kind = Kind(of: truck.number)
        else { return nil }
        self.init(kind: kind, seconds: 0..<0)
        let isDone =
            switch kind {
            case .jammed: self.jam(day, of: truck, in: city)
            case .replayed: self.replay(day, of: truck, in: city)
            case .cloned: self.clone(day, of: truck, in: city)
            }
        guard isDone else { return nil }
    }

    private init(kind: Kind, seconds: Range<Int>) {
        self.kind = kind
        self.seconds = seconds
    }

    /// Other trucks that are looked at: enough to find witnesses in a city of any size.
    private static let witnesses = 12

    /// From a minute and a half after leaving the depot, if three others are seen there.
    private mutating func jam(_ day: TruckDay, of truck: Truck, in city: City) -> Bool {
        let others = city.trucks.filter { $0.depot == truck.depot && $0.number != truck.number }
            .prefix(Self.witnesses).map { ($0, DayBuilder.plan($0, day: day.day, in: city)) }
        for (before, drive) in zip(day.segments, day.segments.dropFirst())
        where before.activity == .parked && drive.drive != nil && drive.end - drive.start > 660 {
            let start = drive.start + 90
            let place = day.state(at: start).point
            let seen = others.count { other, otherDay in
                let state = otherDay.state(at: start + 120)
                let isReporting = other.habits.parked == .reports || state.speed > 1
                return isReporting && state.point.distance(to: place) < 1500
            }
            guard seen >= 3 else { continue }
            self.seconds = start..<min(drive.end - 60, start + 720)
            return true
        }
        return false
    }

    /// The longest drive of yesterday, while the truck is parked.
    private mutating func replay(_ day: TruckDay, of truck: Truck, in city: City) -> Bool {
        guard day.day > 0 else { return false }
        let yesterday = DayBuilder.plan(truck, day: day.day - 1, in: city)
        let drives = yesterday.segments.filter { $0.drive != nil }
        guard let longest = drives.max(by: { $0.end - $0.start < $1.end - $1.start }) else { return false }
        let length = min(longest.end - longest.start - 120, 2700)
        let parked = day.segments.last { $0.activity == .parked && $0.end - $0.start > length + 1800 }
        guard length >= max(900, 30 * truck.habits.sampling), let parked else { return false }
        self.seconds = parked.start + 900..<parked.start + 900 + length
        self.source = longest.start + 60
        return true
    }

    /// Half an hour in which the truck stands and another one drives about, far away.
    private mutating func clone(_ day: TruckDay, of truck: Truck, in city: City) -> Bool {
        let others = city.trucks.filter {
            $0.kind == .mixer && $0.number != truck.number && $0.habits.coordinates == truck.habits.coordinates
                && $0.habits.clockOffset == 0
        }
        let days = others.prefix(Self.witnesses).map { DayBuilder.plan($0, day: day.day, in: city) }
        for parked in day.segments where parked.drive == nil && parked.end - parked.start > 2700 {
            for start in stride(from: parked.start + 300, to: parked.end - 2400, by: 900) {
                let minutes = stride(from: start, to: start + 1800, by: 60)
                let other = days.first { other in
                    let states = minutes.map { other.state(at: $0) }
                    return states.allSatisfy { $0.point.distance(to: parked.point) > 6500 }
                        && states.count { $0.speed > 3 } > 15
                }
                guard let other else { continue }
                self.seconds = start..<start + 1800
                self.source = other.truck
                return true
            }
        }
        return false
    }
}

extension TerminalCheat {
    /// The reports of the day as they are sent.
    func tampered(_ samples: [Sample], of truck: Truck, day: Int, in city: City) -> [Sample] {
        switch self.kind {
        case .jammed: return samples
        case .replayed:
            let yesterday = Recorder.record(
                DayBuilder.plan(truck, day: day - 1, in: city), of: truck, plan: city.plan, odometer: 0)
            let others = samples.filter { !self.seconds.contains(Int($0.second)) }
            let shift = self.seconds.lowerBound - self.source
            return Self.merged(others, self.part(of: yesterday, shiftedBy: shift, odometer: samples.last?.odometer))
        case .cloned:
            let other = city.trucks[self.source]
            let samplesOfOther = Recorder.record(
                DayBuilder.plan(other, day: day, in: city), of: other, plan: city.plan, odometer: 0)
            return Self.merged(samples, self.part(of: samplesOfOther, shiftedBy: 0, odometer: samples.last?.odometer))
        }
    }

    private func part(of samples: [Sample], shiftedBy seconds: Int, odometer: Int32?) -> [Sample] {
        samples.compactMap { sample in
            var sample = sample
            sample.second += Int32(seconds)
            sample.odometer = odometer
            sample.sequence = nil
            return self.seconds.contains(Int(sample.second)) ? sample : nil
        }
    }

    /// By time; two reports of one second would be a conflict, and the first stays.
    private static func merged(_ own: [Sample], _ foreign: [Sample]) -> [Sample] {
        let taken = Set(own.map(\.second))
        return (own + foreign.filter { !taken.contains($0.second) }).sorted { $0.second < $1.second }
    }
}

extension TruckDay {
    /// What the truck does at one second, looked up from the start of the day.
    func state(at second: Int) -> State {
        var segment = 0
        return self.state(at: second, from: &segment)
    }
}

extension TerminalHabits {
    /// A terminal that is tampered with reports what the rule needs to notice.
    mutating func suit(_ cheat: TerminalCheat.Kind?, _ plan: CityPlan) {
        switch cheat {
        case .jammed:
            (self.hasQuality, self.hasOdometer) = (true, true)
            // Who sleeps until the truck drives was seen last too long before the jam to say where it began.
            self.parked = .reports
        case .cloned: self.parked = .reports
        case .replayed:
            // At a report a minute few drives are long enough to be sent again.
            if plan.hasEveryCase { self.sampling = min(self.sampling, plan.samplings[1]) }
        case nil: break
        }
    }
}
