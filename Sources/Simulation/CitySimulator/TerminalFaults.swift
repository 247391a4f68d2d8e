/// What goes wrong with one terminal on one day. Times are seconds since the day's start.
struct TerminalFaults: Sendable {
    /// Nothing is recorded: the device restarts, or has no power.
    private(set) var silences: [Range<Int>] = []
    /// Recorded, but without a fix.
    private(set) var blindness: [Range<Int>] = []
    /// Recorded, but not sent before the end: no network.
    private(set) var outages: [Range<Int>] = []
    /// Chance that a position is far off.
    private(set) var spikeChance = 0.0
    /// Chance that a message is delivered a second time.
    private(set) var duplicateChance = 0.0

    init(truck: Truck, day: Int, plan: CityPlan) {
        guard plan.hasFaults else { return }
        var random = SplitMix64(seed: plan.seed, for: .faults, truck: truck.number, day: day)
        self.spikeChance = 0.0003
        self.duplicateChance = 0.004
        if random.chance(0.15) { self.silences.append(Self.interval(120...720, before: 18, using: &random)) }
        for _ in 0..<random.integer(0...3) {
            self.blindness.append(Self.interval(20...150, before: 18, using: &random))
        }
        if random.chance(0.4) { self.outages.append(Self.interval(180...1800, before: 18, using: &random)) }
        // These may last into the next day.
        if random.chance(0.04) { self.outages.append(Self.interval(7200...14_400, before: 24, using: &random)) }
    }

    /// Begins after the first hour of the day and before the given one.
    private static func interval(
        _ length: ClosedRange<Int>, before hour: Int, using random: inout SplitMix64
    ) -> Range<Int> {
        let start = random.integer(3600...hour * 3600)
        return start..<start + random.integer(length)
    }

    func isSilent(at second: Int) -> Bool { self.silences.contains { $0.contains(second) } }
    func isBlind(at second: Int) -> Bool { self.blindness.contains { $0.contains(second) } }

    /// When a report of this second can be sent; `nil` at once.
    func deliveryDelayed(at second: Int) -> Int? {
        self.outages.filter { $0.contains(second) }.map(\.upperBound).max()
    }
}
