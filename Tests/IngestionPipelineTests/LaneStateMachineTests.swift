import Testing

@testable import IngestionPipeline

@Suite struct LaneStateMachineTests {
    private func machine() -> LaneStateMachine {
        var limits = LaneStateMachine.Limits()
        limits.messages = 10
        return LaneStateMachine(limits: limits, seed: 1)
    }

    /// Feeds events one a millisecond and gives the effects.
    private func effects(_ events: [LaneStateMachine.Event]) -> [LaneStateMachine.Effect] {
        var machine = self.machine()
        return events.enumerated().map { machine.handle($0.element, at: $0.offset) }
    }

    @Test func acknowledgesAfterTheCommitAndThenReadsOn() {
        let effects = self.effects([
            .started, .storeOpened, .connected(messages: 0, bytes: 0), .read(messages: 3, bytes: 30, more: false),
            .read(messages: 3, bytes: 30, more: false), .committed, .acknowledged,
        ])
        #expect(
            effects == [
                .openStore, .connect, .read(waitingUpTo: 250), .read(waitingUpTo: 8), .commit, .acknowledge,
                .read(waitingUpTo: 250),
            ])
    }

    @Test func aFullBatchClosesAtOnce() {
        let effects = self.effects([
            .started, .storeOpened, .connected(messages: 0, bytes: 0), .read(messages: 10, bytes: 1, more: true),
        ])
        #expect(effects.last == .commit)
    }

    @Test func anOldBatchClosesThoughMoreComes() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected(messages: 0, bytes: 0), at: 0)
        #expect(machine.handle(.read(messages: 1, bytes: 1, more: false), at: 1) == .read(waitingUpTo: 8))
        #expect(machine.handle(.read(messages: 2, bytes: 2, more: false), at: 50) == .read(waitingUpTo: 8))
        #expect(machine.handle(.read(messages: 3, bytes: 3, more: false), at: 101) == .commit)
    }

    @Test func aBatchThatTheStoreCannotTakeIsLeftWithTheBroker() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected(messages: 10, bytes: 1), at: 0)
        #expect(machine.handle(.storeFailed(.reconnect, "gone"), at: 1) == .abandon)
        guard case .wait(let pause) = machine.handle(.waited, at: 2) else { return #expect(Bool(false)) }
        #expect((100...200).contains(pause))
        #expect(machine.handle(.waited, at: 3) == .openStore)
    }

    @Test func aSerializationFailureIsTriedAgainAFewTimes() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected(messages: 10, bytes: 1), at: 0)
        for _ in 1..<5 {
            guard case .wait = machine.handle(.storeFailed(.retry, "deadlock"), at: 1) else {
                return #expect(Bool(false))
            }
            #expect(machine.handle(.waited, at: 2) == .commit)
        }
        #expect(machine.handle(.storeFailed(.retry, "deadlock"), at: 3) == .abandon)
    }

    @Test func aSchemaErrorStopsTheLane() {
        #expect(self.effects([.started, .storeFailed(.stop, "migrate")]).last == .fail("migrate"))
    }

    @Test func aStopFinishesWhatWasRead() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected(messages: 0, bytes: 0), at: 0)
        machine.requestStop()
        #expect(machine.handle(.read(messages: 2, bytes: 2, more: true), at: 1) == .commit)
        #expect(machine.handle(.committed, at: 2) == .acknowledge)
        #expect(machine.handle(.acknowledged, at: 3) == .finish)
    }

    /// Whatever comes: between two acknowledgements lies a commit, and a farewell never follows an unsettled batch.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func neverAcknowledgesWithoutACommit(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var machine = LaneStateMachine(limits: LaneStateMachine.Limits(), seed: seed)
        var effect = machine.handle(.started, at: 0)
        var batch = 0
        var isCommitted = false
        for step in 1..<2000 {
            if Int.random(in: 0..<500, using: &random) == 0 { machine.requestStop() }
            let event: LaneStateMachine.Event
            switch effect {
            case .openStore:
                event = random.fails() ? .storeFailed(.reconnect, "x") : .storeOpened
            case .connect:
                batch = random.fails() ? batch : Int.random(in: 0...3, using: &random)
                event = random.fails() ? .sourceFailed("x") : .connected(messages: batch, bytes: batch)
                if case .sourceFailed = event { batch = 0 }
            case .read:
                batch += Int.random(in: 0...3000, using: &random)
                event = random.fails() ? .sourceFailed("x") : .read(messages: batch, bytes: batch, more: random.fails())
            case .commit:
                #expect(batch > 0, "seed \(seed)")
                switch Int.random(in: 0..<6, using: &random) {
                case 0: event = .storeFailed(.retry, "x")
                case 1: event = .storeFailed(.reconnect, "x")
                default:
                    event = .committed
                    isCommitted = true
                }
            case .acknowledge:
                #expect(isCommitted, "seed \(seed): acknowledged without a commit")
                event = random.fails() ? .sourceFailed("x") : .acknowledged
                (batch, isCommitted) = (0, false)
            case .abandon:
                (batch, isCommitted) = (0, false)
                event = .waited
            case .wait: event = .waited
            case .finish:
                #expect(batch == 0, "seed \(seed): a farewell would acknowledge an unsettled batch")
                return
            case .fail: return
            }
            effect = machine.handle(event, at: step)
        }
    }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators"; small and repeatable.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func fails() -> Bool { Int.random(in: 0..<10, using: &self) == 0 }
}
