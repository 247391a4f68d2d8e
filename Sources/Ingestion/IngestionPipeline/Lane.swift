package import Chronology
package import Logging
import Metrics
package import Telemetry

/// One lane: receive, decode, seal, store, acknowledge, in this order, on one thread of its own (decision D2).
/// `LaneStateMachine` decides; this carries out.
package final class Lane<Source: MessageSource, Store: LaneStore> {
    private let source: Source
    private let store: Store
    private let decoder: MessageDecoder
    private let limits: LaneStateMachine.Limits
    private let logger: Logger
    private let now: () -> Instant
    private let monotonicMilliseconds: () -> Int
    private let pause: (_ milliseconds: Int) -> Void
    private let isStopRequested: () -> Bool
    private var machine: LaneStateMachine
    private let compressor: ZstdCompressor
    private var raw = RawBatch()
    private var head = LaneHead(lane: 0, number: 0, hash: BatchSeal.genesis)
    private var latest = LatestPositions()
    private var lastHeartbeatAt = Int.min
    private var lastReceivedAt: Instant?
    private let batchDuration = Timer(label: "tongxing_ingestion_batch_duration_seconds")
    private let batchCount = Counter(label: "tongxing_ingestion_batches_total")
    private let interruptionCount = Counter(label: "tongxing_ingestion_interruptions_total")

    /// - Parameters:
    ///   - now: the server's clock, for receive times.
    ///   - monotonicMilliseconds: a clock that never jumps, for batch ages and heartbeats.
    ///   - pause: waits so long, or until a stop is requested.
    ///   - isStopRequested: asked between any two steps.
    package init(
        source: Source, store: Store, decoder: MessageDecoder, limits: LaneStateMachine.Limits, seed: UInt64,
        logger: Logger, now: @escaping () -> Instant, monotonicMilliseconds: @escaping () -> Int,
        pause: @escaping (_ milliseconds: Int) -> Void, isStopRequested: @escaping () -> Bool
    ) throws(ZstdError) {
        self.source = source
        self.store = store
        self.decoder = decoder
        self.limits = limits
        self.machine = LaneStateMachine(limits: limits, seed: seed)
        self.compressor = try ZstdCompressor()
        self.logger = logger
        self.now = now
        self.monotonicMilliseconds = monotonicMilliseconds
        self.pause = pause
        self.isStopRequested = isStopRequested
    }

    /// Runs until a stop is requested (returns nil) or a person has to mend something (returns what).
    package func run() -> String? {
        var effect = self.machine.handle(.started, at: self.monotonicMilliseconds())
        while true {
            switch effect {
            case .finish:
                self.end(cleanly: true)
                return nil
            case .fail(let message):
                self.end(cleanly: false)
                return message
            case .openStore, .connect, .read, .commit, .acknowledge, .abandon, .wait:
                let event = self.carryOut(effect)
                if self.isStopRequested() { self.machine.requestStop() }
                effect = self.machine.handle(event, at: self.monotonicMilliseconds())
            }
        }
    }

    /// - Parameter cleanly: everything read was committed and acknowledged, so that a farewell acknowledges no more.
    private func end(cleanly: Bool) {
        if cleanly { self.source.disconnect() } else { self.source.abandon() }
        let changes = self.latest.takeChanges()
        let heartbeat = LaneHeartbeat(
            isSubscribed: false, uncommitted: 0, lastReceivedAt: self.lastReceivedAt, message: "stopped")
        try? self.store.publish(changes, heartbeat: heartbeat)
        self.store.close()
    }

    private func carryOut(_ effect: LaneStateMachine.Effect) -> LaneStateMachine.Event {
        switch effect {
        case .openStore: self.openStore()
        case .connect: self.connect()
        case .read(let milliseconds): self.read(waitingUpTo: milliseconds)
        case .commit: self.commit()
        case .acknowledge: self.acknowledge()
        case .abandon: self.abandon()
        case .wait(let milliseconds): self.wait(milliseconds)
        case .finish, .fail: .waited
        }
    }

    private func openStore() -> LaneStateMachine.Event {
        do throws(LaneStoreError) {
            self.head = try self.store.open()
            return .storeOpened
        } catch {
            return .storeFailed(error.remedy, error.message)
        }
    }

    private func connect() -> LaneStateMachine.Event {
        self.raw.reset()
        do {
            try self.source.connect(into: &self.raw)
            self.logger.info(
                "Subscribed", metadata: ["lane.id": "\(self.head.lane)", "batch.last": "\(self.head.number)"])
            self.noteReceived()
            self.lastHeartbeatAt = .min
            return .connected(messages: self.raw.messages.count, bytes: self.raw.bytes.count)
        } catch {
            return .sourceFailed("broker: \(error)")
        }
    }

    private func read(waitingUpTo milliseconds: Int32) -> LaneStateMachine.Event {
        do {
            let room = self.limits.messages - self.raw.messages.count
            let before = self.raw.messages.count
            let more = try self.source.read(into: &self.raw, limit: room, waitingUpTo: milliseconds)
            if self.raw.messages.count > before { self.noteReceived() }
            try self.source.keepAlive(nothingIsUncommitted: self.raw.isEmpty)
            if self.raw.isEmpty { try self.beat() }
            return .read(messages: self.raw.messages.count, bytes: self.raw.bytes.count, more: more)
        } catch let error as LaneStoreError {
            return .storeFailed(error.remedy, error.message)
        } catch {
            return .sourceFailed("broker: \(error)")
        }
    }

    private func noteReceived() { self.lastReceivedAt = self.raw.messages.last?.receivedAt ?? self.lastReceivedAt }

    private func commit() -> LaneStateMachine.Event {
        let start = self.monotonicMilliseconds()
        do {
            let number = self.head.number + 1
            let processed = ProcessedBatch(decoding: self.raw, with: self.decoder)
            let seal = try BatchSeal.seal(
                self.raw, lane: self.head.lane, number: number, after: self.head.hash, compressor: self.compressor)
            let counts = try self.store.commit(processed, sealed: seal, number: number, raw: self.raw)
            self.head.number = number
            self.head.hash = seal.hash
            self.latest.take(processed.positions)
            self.count(counts, milliseconds: self.monotonicMilliseconds() - start)
            return .committed
        } catch let error as LaneStoreError {
            return .storeFailed(error.remedy, error.message)
        } catch {
            return .storeFailed(.stop, "sealing a batch failed: \(error)")
        }
    }

    private func count(_ counts: MessageCounts, milliseconds: Int) {
        self.batchCount.increment()
        self.batchDuration.recordMilliseconds(milliseconds)
        if counts.quarantined > 0 {
            self.logger.warning(
                "Messages quarantined",
                metadata: ["count": "\(counts.quarantined)", "batch.number": "\(self.head.number)"])
        }
    }

    private func acknowledge() -> LaneStateMachine.Event {
        do {
            try self.source.acknowledge()
            self.raw.reset()
            try self.beat()
            return .acknowledged
        } catch let error as LaneStoreError {
            return .storeFailed(error.remedy, error.message)
        } catch {
            return .sourceFailed("broker: \(error)")
        }
    }

    private func abandon() -> LaneStateMachine.Event {
        self.interruptionCount.increment()
        self.logger.warning("Lane interrupted", metadata: ["reason": "\(self.machine.trouble)"])
        self.source.abandon()
        self.raw.reset()
        self.store.close()
        return .waited
    }

    private func wait(_ milliseconds: Int) -> LaneStateMachine.Event {
        self.pause(milliseconds)
        return .waited
    }

    /// Once a second: the newest positions and a sign of life.
    private func beat() throws(LaneStoreError) {
        let now = self.monotonicMilliseconds()
        guard self.lastHeartbeatAt == .min || now - self.lastHeartbeatAt >= 1000 else { return }
        self.lastHeartbeatAt = now
        let heartbeat = LaneHeartbeat(
            isSubscribed: self.machine.isSubscribed || self.machine.trouble.isEmpty,
            uncommitted: self.raw.messages.count,
            lastReceivedAt: self.lastReceivedAt, message: self.machine.trouble)
        try self.store.publish(self.latest.takeChanges(), heartbeat: heartbeat)
    }
}
