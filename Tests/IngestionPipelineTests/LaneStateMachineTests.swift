import RepeatableRandom
import Testing

@testable import IngestionPipeline

private func read(
    _ messages: Int, bytes: Int = 1, rows: Int = 0, more: Bool = false, isSubscribed: Bool = true
) -> LaneStateMachine.Event {
    .read(
        LaneStateMachine.BatchSize(messages: messages, bytes: bytes, rows: rows), more: more, isSubscribed: isSubscribed
    )
}

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
            .started, .storeOpened, .connected, read(3),
            read(3), .committed, .acknowledged,
        ])
        #expect(
            effects == [
                .openStore, .connect, .read(waitingUpTo: 250), .read(waitingUpTo: 8), .commit, .acknowledge,
                .read(waitingUpTo: 250),
            ])
    }

    @Test func aFullBatchClosesAtOnce() {
        let effects = self.effects([
            .started, .storeOpened, .connected, read(10, more: true),
        ])
        #expect(effects.last == .commit)
    }

    /// A message may be a megabyte, or an array of a thousand reports.
    @Test func aBatchClosesOnBytesAndRowsToo() {
        for full in [read(1, bytes: 16 << 20, more: true), read(1, rows: 50_000, more: true)] {
            #expect(self.effects([.started, .storeOpened, .connected, full]).last == .commit)
        }
        #expect(
            self.effects([.started, .storeOpened, .connected, read(1, bytes: 16 << 20 - 1, rows: 49_999, more: true)])
                .last == .read(waitingUpTo: 8))
    }

    @Test func anOldBatchClosesThoughMoreComes() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected, at: 0)
        #expect(machine.handle(read(1), at: 1) == .read(waitingUpTo: 8))
        #expect(machine.handle(read(2), at: 50) == .read(waitingUpTo: 8))
        #expect(machine.handle(read(3), at: 101) == .commit)
    }

    @Test func aBatchThatTheStoreCannotTakeIsLeftWithTheBroker() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected, at: 0)
        _ = machine.handle(read(10), at: 0)
        #expect(machine.handle(.storeFailed(.reconnect, "gone"), at: 1) == .abandon)
        guard case .wait(let pause) = machine.handle(.waited, at: 2) else { return #expect(Bool(false)) }
        #expect((100...200).contains(pause))
        #expect(machine.handle(.waited, at: 3) == .openStore)
    }

    @Test func aSerializationFailureIsTriedAgainAFewTimes() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected, at: 0)
        _ = machine.handle(read(10), at: 0)
        for _ in 1..<5 {
            guard case .wait = machine.handle(.storeFailed(.retry, "deadlock"), at: 1) else {
                return #expect(Bool(false))
            }
            #expect(machine.handle(.waited, at: 2) == .commit)
        }
        #expect(machine.handle(.storeFailed(.retry, "deadlock"), at: 3) == .abandon)
    }

    /// Pauses grow while nothing works, and start small again after a quiet connection as after a commit.
    @Test func aQuietConnectionEndsTheBackOff() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        func pause() -> Int {
            _ = machine.handle(.sourceFailed("gone"), at: 1)
            guard case .wait(let milliseconds) = machine.handle(.waited, at: 2) else { return -1 }
            _ = machine.handle(.waited, at: 3)
            _ = machine.handle(.storeOpened, at: 4)
            return milliseconds
        }
        for round in 0..<10 { #expect((1...15_000).contains(pause()), "round \(round)") }
        #expect(pause() >= 7_500)
        _ = machine.handle(.connected, at: 5)
        _ = machine.handle(read(0), at: 6)
        #expect((100...200).contains(pause()))
    }

    /// A broker that takes the connection and refuses the subscription is no healthy one.
    @Test func aConnectionWithoutSubscriptionDoesNotEndTheBackOff() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        var pauses: [Int] = []
        for _ in 0..<10 {
            _ = machine.handle(.storeOpened, at: 1)
            _ = machine.handle(.connected, at: 1)
            _ = machine.handle(read(0, isSubscribed: false), at: 1)
            _ = machine.handle(.sourceFailed("refused"), at: 2)
            guard case .wait(let milliseconds) = machine.handle(.waited, at: 3) else { return #expect(Bool(false)) }
            pauses.append(milliseconds)
            #expect(machine.trouble == "refused")
            _ = machine.handle(.waited, at: 4)
        }
        #expect(pauses[9] >= 7_500)
    }

    /// A trigger or a constraint that somebody added refuses the batch row itself: no other connection mends it.
    @Test func aLogThatRefusesBatchAfterBatchStopsTheLane() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        for _ in 1..<5 {
            _ = machine.handle(.storeOpened, at: 0)
            _ = machine.handle(.connected, at: 0)
            _ = machine.handle(read(10), at: 0)
            #expect(machine.handle(.storeFailed(.reconnectAFewTimes, "23514"), at: 1) == .abandon)
            _ = machine.handle(.waited, at: 2)
            #expect(machine.handle(.waited, at: 3) == .openStore)
        }
        #expect(machine.handle(.storeFailed(.reconnectAFewTimes, "23514"), at: 4) == .fail("23514"))
    }

    @Test func aSchemaErrorStopsTheLane() {
        #expect(self.effects([.started, .storeFailed(.stop, "migrate")]).last == .fail("migrate"))
    }

    @Test func aStopFinishesWhatWasRead() {
        var machine = self.machine()
        _ = machine.handle(.started, at: 0)
        _ = machine.handle(.storeOpened, at: 0)
        _ = machine.handle(.connected, at: 0)
        machine.requestStop()
        #expect(machine.handle(read(2, more: true), at: 1) == .commit)
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
                event = random.fails() ? .sourceFailed("x") : .connected
            case .read:
                batch += Int.random(in: 0...3000, using: &random)
                event = random.fails() ? .sourceFailed("x") : read(batch, more: random.fails())
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

extension SplitMix64 {
    fileprivate mutating func fails() -> Bool { Int.random(in: 0..<10, using: &self) == 0 }
}
