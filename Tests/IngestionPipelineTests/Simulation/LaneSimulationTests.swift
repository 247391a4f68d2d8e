import Chronology
import Foundation
import Logging
import Telemetry
import Testing

@testable import IngestionPipeline

/// The real lane and its state machine against a broker, a database and a clock that are simulated, with faults drawn
/// from a seed (craft.md §9). A seed that fails prints itself; alone it runs with `SIMULATION_SEED=n`, and
/// `SIMULATION_SEEDS=n` runs so many.
@Suite struct LaneSimulationTests {
    private static let seeds: Range<UInt64> = {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["SIMULATION_SEED"].flatMap(UInt64.init) { return one..<one + 1 }
        return 0..<(environment["SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 300)
    }()

    @Test func nothingIsLostWhateverFails() {
        for seed in Self.seeds {
            let simulation = LaneSimulation(seed: seed)
            simulation.run()
            #expect(simulation.world.violations.isEmpty, "\(simulation.world.story)")
            guard simulation.world.violations.isEmpty else { return }
        }
    }

    /// Some seeds have the database away for an hour, with nothing else that ends the process.
    @Test func anHourWithoutADatabaseIsMet() {
        var seeds = 0
        for seed in 0..<300 as Range<UInt64> {
            let world = SimulatedWorld(seed: seed)
            let ends = world.faults.kill + world.faults.restart + world.faults.stops
            if !world.outage.isEmpty, ends == 0 { seeds += 1 }
        }
        #expect(seeds > 5)
    }

    /// The faults are met: a simulation in which nothing happens would show nothing.
    @Test func theFaultsHappen() {
        var duplicates: Int64 = 0
        var starts = 0
        for seed in 1000..<1050 as Range<UInt64> {
            let simulation = LaneSimulation(seed: seed)
            simulation.run()
            duplicates += simulation.store.counts.duplicate
            starts += simulation.starts
        }
        #expect(duplicates > 200)
        #expect(starts > 100)
    }
}

/// One seed from its first message to rest.
final class LaneSimulation {
    let world: SimulatedWorld
    let broker: SimulatedBroker
    let source: SimulatedSource
    let store: SimulatedStore
    private(set) var starts = 0
    private let messages: [SimulatedMessage]
    private let limits: LaneStateMachine.Limits
    /// So much later everything must be at rest; the longest pause is 15 s.
    private static let patienceMilliseconds = 600_000

    init(seed: UInt64) {
        let world = SimulatedWorld(seed: seed)
        self.world = world
        let messages = Self.messages(world)
        self.messages = messages
        var time = 0
        let pace = world.number(in: 1...40)
        let schedule = messages.indices.map { id -> (time: Int, id: Int) in
            // Bursts and silences.
            time += world.number(in: 0...9) == 0 ? world.number(in: 0...2000) : world.number(in: 0...pace) / 20
            return (time, id)
        }
        self.broker = SimulatedBroker(
            world: world, window: [20, 100, 1000, 10_000][world.number(in: 0...3)],
            isStrict: world.number(in: 0...1) == 0,
            schedule: schedule)
        let source = SimulatedSource(
            world: world, broker: self.broker, messages: messages,
            keepAliveMilliseconds: [300, 120_000][world.number(in: 0...1)])
        self.source = source
        let broker = self.broker
        self.store = SimulatedStore(world: world, messages: messages, isConnected: { broker.isConnected }) {
            source.inHand
        }
        var limits = LaneStateMachine.Limits()
        limits.messages = [1, 10, 300, 5000][world.number(in: 0...3)]
        limits.messagesAhead = [1, 7, 500][world.number(in: 0...2)]
        limits.bytes = world.number(in: 0...4) == 0 ? 2000 : limits.bytes
        self.limits = limits
        // Unowned: the store knows the broker, and a simulation that keeps itself alive is a leak.
        self.broker.onAcknowledged = { [unowned store = self.store] id in
            world.require(store.holds(id), "message \(id) was acknowledged before it was committed")
        }
    }

    func run() {
        while !self.isAtRest, self.world.violations.isEmpty {
            self.starts += 1
            self.world.isKilled = false
            guard self.world.now < self.world.faultsEnd + Self.patienceMilliseconds, self.starts < 10_000 else {
                self.world.require(false, "no end: \(self.store.order.count) of \(self.messages.count) stored")
                return
            }
            self.startOnce()
        }
        self.checkTheEnd()
    }

    /// A lane whose database has just come back has its newest positions still to bring.
    private var isAtRest: Bool { self.broker.isDone && !self.world.isFaulty && !self.store.owesNewest }

    /// One process from start to end, whichever end it takes.
    private func startOnce() {
        let world = self.world
        let deadline = world.faultsEnd + Self.patienceMilliseconds
        var isStopping = false
        guard
            let lane = try? Lane(
                source: self.source, store: self.store, decoder: MessageDecoder(), limits: self.limits,
                seed: world.seed, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
                now: { world.readClock() }, monotonicMilliseconds: { world.now },
                pause: { world.advance($0) },
                isStopRequested: {
                    isStopping =
                        isStopping || world.isKilled || world.now > deadline || world.happens(world.faults.restart)
                        || self.isAtRest || !world.violations.isEmpty
                    return isStopping
                })
        else { return world.require(false, "zstd") }
        let failure = lane.run()
        world.note("ended: \(failure ?? "as ordered")")
        world.require(failure != nil || isStopping, "the lane ended by itself")
        world.require(!self.broker.isConnected, "the lane ended and left its connection open")
        if failure != nil {
            // Somebody needs a moment to mend it.
            world.advance(world.number(in: 100...5000))
        }
    }

    private func checkTheEnd() {
        guard self.world.violations.isEmpty else { return }
        let states = self.store.firstStates
        self.world.require(states.count == self.messages.count, "\(states.count) of \(self.messages.count) stored")
        self.world.require(self.store.order == Array(self.messages.indices), "first stored in another order than sent")
        let counts = self.store.counts
        self.world.require(counts.received == Int64(self.store.receivedCount), "received and the sum of states differ")
        let good = self.messages.count { $0.fate == .stored }
        self.world.require(self.store.rowCount == good, "\(self.store.rowCount) rows of \(good) reports")
        self.world.require(counts.stored == Int64(good), "\(counts.stored) stored of \(good)")
        let bad = self.messages.count { $0.fate == .quarantined }
        self.world.require(counts.quarantined >= Int64(bad), "\(counts.quarantined) quarantined of \(bad)")
        if self.starts == 1, !self.world.outage.isEmpty {
            // The longest pause is 15 s, and jitter takes up to half of it.
            self.world.require(
                (200...600).contains(self.store.triesWhileAway), "\(self.store.triesWhileAway) tries in an hour")
        }
        self.world.require(self.store.latest == self.store.newest(), "the newest positions are not those of the log")
    }

    /// Reports of a few terminals, and now and then a repeat, a report without sense, or one the database refuses.
    private static func messages(_ world: SimulatedWorld) -> [SimulatedMessage] {
        var good: [(message: SimulatedMessage, id: Int)] = []
        return (0..<world.number(in: 1...600)).map { id in
            let kind = world.number(in: 0...99)
            if kind == 0, let repeated = good.last {
                return SimulatedMessage(
                    topic: repeated.message.topic, payload: repeated.message.payload, fate: .duplicate)
            }
            if kind <= 5, kind >= 3, let contradicted = good.last {
                // Three places, so that contradictions repeat and contradict each other.
                return SimulatedMessage(
                    topic: contradicted.message.topic, payload: Self.report(contradicted.id, latitude: "30.\(kind)"),
                    fate: .quarantined)
            }
            let name = kind == 1 ? SimulatedStore.refusedTerminal : "T\(id % 17)"
            let message = SimulatedMessage(
                topic: Array("fleet/v1/\(name)/position".utf8),
                payload: kind == 2 ? Array("{ no report: \(id)".utf8) : Self.report(id, latitude: "30.7"),
                fate: kind == 1 || kind == 2 ? .quarantined : .stored)
            if message.fate == .stored { good.append((message, id)) }
            return message
        }
    }

    private static func report(_ id: Int, latitude: String) -> [UInt8] {
        Array(#"{"time":\#(1_771_000_000_000 + Int64(id) * 1000),"lat":\#(latitude),"lon":120.7,"seq":\#(id)}"#.utf8)
    }
}
