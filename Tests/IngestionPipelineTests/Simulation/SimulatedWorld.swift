import Chronology
import RepeatableRandom

/// What everything in one simulation shares: the clock, the dice, the faults, and what was seen.
final class SimulatedWorld {
    let seed: UInt64
    let faults: SimulatedFaults
    private var random: SplitMix64
    /// Milliseconds since the beginning.
    private(set) var now = 0
    /// From here on nothing fails any more, and everything must come to rest.
    let faultsEnd: Int
    /// While the database is away altogether: in some seeds for an hour, in the others never.
    let outage: Range<Int>
    /// How far the server's clock is off what it was, in milliseconds.
    private var clockOffset = 0
    private static let days = 24 * 3_600_000
    /// The process was killed: nothing that it still tries has any effect.
    var isKilled = false
    private(set) var violations: [String] = []
    private(set) var lastEvents: [String] = []

    init(seed: UInt64) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        self.faults = SimulatedFaults(using: &random)
        let end = Int.random(in: 2_000...60_000, using: &random)
        let away = Int.random(in: 0..<end, using: &random)
        self.outage = away..<(Int.random(in: 0..<4, using: &random) == 0 ? away + 3_600_000 : away)
        self.faultsEnd = max(end, self.outage.upperBound)
        self.random = random
    }

    var isDatabaseAway: Bool { self.outage.contains(self.now) }

    /// What the server's clock says; somebody may have set it, by days.
    func readClock() -> Instant {
        if self.happens(self.faults.clockIsSet) { self.clockOffset = self.number(in: -5 * Self.days...5 * Self.days) }
        return Instant(microseconds: 1_772_000_000_000_000 + Int64(self.now + self.clockOffset) * 1000)
    }

    var isFaulty: Bool { self.now < self.faultsEnd }

    func advance(_ milliseconds: Int) { self.now += max(0, milliseconds) }

    /// Whether a fault of this probability happens now.
    func happens(_ probability: Double) -> Bool {
        guard probability > 0, self.isFaulty else { return false }
        return Double.random(in: 0..<1, using: &self.random) < probability
    }

    func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.random) }

    func note(_ event: @autoclosure () -> String) {
        if self.lastEvents.count == 60 { self.lastEvents.removeFirst() }
        self.lastEvents.append("\(self.now) ms: \(event())")
    }

    func require(_ condition: Bool, _ what: @autoclosure () -> String) {
        guard !condition else { return }
        self.note("VIOLATED: \(what())")
        if self.violations.count < 5 { self.violations.append(what()) }
    }

    /// What a person needs to see of a seed that failed.
    var story: String {
        """
        seed \(self.seed) (alone: SIMULATION_SEED=\(self.seed)): \(self.violations.joined(separator: "; "))
        \(self.faults)
        \(self.lastEvents.joined(separator: "\n"))
        """
    }
}

/// How likely each fault is. Every seed switches some of them off entirely, so that rare combinations are met too.
struct SimulatedFaults {
    /// The connection breaks while reading, or before the broker has taken all acknowledgements.
    var cutWhileReading = 0.0
    var cutWhileAcknowledging = 0.0
    var connectRefused = 0.0
    /// Breaks after part of a resumed session's backlog, before SUBACK.
    var cutWhileConnecting = 0.0
    var openFails = 0.0
    /// The transaction is rolled back and may be run again.
    var serializationFailure = 0.0
    /// The connection breaks before COMMIT …
    var lostBeforeCommit = 0.0
    /// … or after it took effect.
    var lostAfterCommit = 0.0
    var slowCommit = 0.0
    var publishFails = 0.0
    /// A schema error: the lane stops and somebody mends it.
    var stops = 0.0
    /// kill -9 before the next step.
    var kill = 0.0
    /// An ordered stop, and a new start.
    var restart = 0.0
    /// The server's clock jumps, forwards or back.
    var clockIsSet = 0.0

    init(using random: inout SplitMix64) {
        func draw(_ most: Double) -> Double {
            Bool.random(using: &random) ? 0 : Double.random(in: 0...most, using: &random)
        }
        self.cutWhileReading = draw(0.02)
        self.cutWhileAcknowledging = draw(0.1)
        self.connectRefused = draw(0.5)
        self.cutWhileConnecting = draw(0.3)
        self.openFails = draw(0.5)
        self.serializationFailure = draw(0.3)
        self.lostBeforeCommit = draw(0.1)
        self.lostAfterCommit = draw(0.1)
        self.slowCommit = draw(0.2)
        self.publishFails = draw(0.1)
        self.stops = draw(0.01)
        self.kill = draw(0.01)
        self.restart = draw(0.01)
        self.clockIsSet = draw(0.05)
    }
}
