import Registers

/// What may be wrong with a truck's last drive of the day: it carries nothing, and nothing comes after it, so that its
/// loads and drops are those of any other day.
struct DriveHome: Sendable {
    /// What is wrong.
    enum Kind: Sendable {
        /// The driver wants to be home.
        case rushed
        /// The terminal gives the position of a minute ago, and the speed of now.
        case frozen
        /// Now and then the position is kilometres off.
        case leaping

        /// Drivers who rush are those who break other rules, too; terminals break in any truck, three of every 24 in
        /// each way.
        init?(of truck: Truck, day: Int, plan: CityPlan) {
            guard plan.hasCheats, truck.habits.clockOffset == 0 else { return nil }
            var random = SplitMix64(seed: plan.seed, for: .home, truck: truck.number, day: day)
            // What is sent again has to be what was sent.
            let isRushed = random.chance(0.6) && truck.isCrooked && TerminalCheat.Kind(of: truck.number) != .replayed
            let isBroken = random.chance(0.5)
            switch truck.number % 24 {
            case 8, 14, 20: self = .frozen
            case 10, 16, 22: self = .leaping
            default:
                guard isRushed else { return nil }
                self = .rushed
                return
            }
            guard isBroken, plan.hasFaults else { return nil }
        }
    }

    var kind: Kind
    /// Of the day, in which the positions are wrong.
    var seconds: Range<Int>
    private let random: SplitMix64

    /// The drive on which the positions of a day are wrong, if there is one that is long enough to notice.
    init?(_ day: TruckDay, of truck: Truck, plan: CityPlan) {
        guard let kind = Kind(of: truck, day: day.day, plan: plan), kind != .rushed,
            let drive = day.segments.last(where: { $0.drive != nil }), drive.loadAtStart <= 100,
            truck.habits.sampling <= Self.slowest
        else { return nil }
        self.kind = kind
        self.seconds = drive.start + 60..<max(drive.end - 20, drive.start + 60)
        self.random = SplitMix64(seed: plan.seed, for: .home, truck: truck.number, day: day.day)
        let least = kind == .frozen ? Self.frozenSeconds : max(600, 14 * truck.habits.sampling)
        guard self.seconds.count > least else { return nil }
    }

    /// Seconds for which a frozen position has to last: what the rule asks for, and the reports at both ends.
    private static let frozenSeconds = 750
    /// Seconds between two reports beyond which a jump is no jump, but a drive.
    private static let slowest = 60
    /// How often a position leaps, and by how many metres: no truck drives that far in a minute, and two boxes of one
    /// name would be farther apart.
    private static let leaps = 4
    private static let metres = 4000.0...4600.0

    /// From the gate on: at least twice what the road is for, and as much in its bends.
    static func rush(on path: DrivePath) -> Drive.Rush {
        Drive.Rush(from: path.gateOut + 100, factor: 1.9, top: 106 / 3.6)
    }

    /// The reports of the day as they are sent.
    func spoilt(_ samples: [Sample]) -> [Sample] {
        switch self.kind {
        case .rushed: samples
        case .frozen: self.frozen(samples)
        case .leaping: self.leapt(samples)
        }
    }

    private func frozen(_ samples: [Sample]) -> [Sample] {
        var samples = samples
        var kept: Sample?
        for index in samples.indices where self.seconds.contains(Int(samples[index].second)) && samples[index].hasFix {
            let first = kept ?? samples[index]
            kept = first
            (samples[index].latitudeE6, samples[index].longitudeE6) = (first.latitudeE6, first.longitudeE6)
        }
        return samples
    }

    /// Every third position with a fix, so that those between show where the truck really is.
    private func leapt(_ samples: [Sample]) -> [Sample] {
        var (samples, random) = (samples, self.random)
        let indices = samples.indices.filter {
            self.seconds.contains(Int(samples[$0].second)) && samples[$0].hasFix
        }
        let chosen = indices.enumerated().filter { $0.offset % 3 == 1 }.map(\.element)
        // Spread over the drive: those of a minute would be one.
        let step = max(1, chosen.count / Self.leaps)
        for index in stride(from: 0, to: chosen.count, by: step).prefix(Self.leaps).map({ chosen[$0] }) {
            let away = random.direction() * random.uniform(Self.metres.lowerBound, Self.metres.upperBound)
            samples[index].latitudeE6 += Int32(away.y / Plane.metresPerDegreeNorth * 1e6)
            samples[index].longitudeE6 += Int32(away.x / Plane.metresPerDegreeEast * 1e6)
        }
        return samples
    }
}
