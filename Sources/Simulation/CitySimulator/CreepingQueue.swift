import Registers

/// A queue in which an honest mixer creeps once on some days, with a load or without: a halt of minutes, a truck's
/// length or a few forward, and again. Nothing is loaded or dropped in it.
///
/// How often is chosen, not measured: often enough that a city of two days has it both ways.
struct CreepingQueue: Sendable {
    /// Whether it is the one on the way to a drop; else on the way to a load.
    var isLoaded: Bool
    /// From the head of the queue to its end: metres before the halt in front, and seconds.
    private(set) var steps: [(metres: Double, seconds: Int)] = []

    /// Share of an honest mixer's days.
    private static let chance = 0.4
    static let halts = 5...8
    static let metres = 60.0...100.0
    static let seconds = 120...240

    /// A stream of its own decides it, so that everything else is drawn as ever.
    init?(of truck: Truck, day: Int, plan: CityPlan) {
        guard plan.hasEveryCase, truck.kind == .mixer, !truck.isCrooked, !truck.isPump else { return nil }
        var random = SplitMix64(seed: plan.seed, for: .queues, truck: truck.number, day: day)
        guard random.chance(Self.chance) else { return nil }
        self.isLoaded = (truck.number + day).isMultiple(of: 2)
        for _ in 0..<random.integer(Self.halts) {
            let metres = random.uniform(Self.metres.lowerBound, Self.metres.upperBound)
            self.steps.append((metres, random.integer(Self.seconds)))
        }
    }

    /// Its halts on a way, the head of the queue so many metres from the start.
    func halts(before head: Double) -> [Drive.Halt] {
        var metres = head
        return self.steps.map { step in
            metres -= step.metres
            return Drive.Halt(metres: metres, seconds: step.seconds)
        }
    }
}

extension DayBuilder {
    /// Seconds of driving that the ferry may cost; who would lose more queues before a bridge or a tunnel.
    private static let ferryDetour = 900.0
    /// After 20:00 nobody queues, so that every truck is home in time.
    private static let lastQueue = 16 * 3600
    /// Metres of road at the bank that belong to those who board.
    private static let boarding = 60.0

    /// Drives to another facility through today's queue, if this is the drive for it.
    /// - Returns: whether it was.
    mutating func creep(to berth: Berth, mood: Int, queue: Int) -> Bool {
        guard let creeping = self.creeping, creeping.isLoaded == (self.kilograms > 0), self.roadsideRest == 0,
            self.clock < Self.lastQueue
        else { return false }
        let (from, spot) = (self.berth.facility, self.berth.point)
        let path =
            self.city.pathByFerry(from: from, spot, to: berth.facility, berth.point, detourBelow: Self.ferryDetour)
            ?? self.city.path(from: from, spot, to: berth.facility, berth.point, mood: mood)
        // Not inside a tunnel, where nobody is seen.
        let narrow = path.riverMetres.map { $0 - River.tunnelHalfLength }
        guard let head = path.ferries.first ?? narrow else { return false }
        let halts = creeping.halts(before: head - Self.boarding)
        guard halts.allSatisfy({ $0.metres > path.gateOut + 100 }) else { return false }
        self.creeping = nil
        let start = self.clock
        self.travel(path, to: berth, queue: queue, halts: halts)
        if creeping.isLoaded {
            self.crossings.insert(.creepingQueue)
        } else {
            self.addIncident(.creepingQueue, from: start, to: self.arrival)
        }
        return true
    }
}
