package import Chronology
package import Logging
import Metrics
package import Seals
package import Telemetry

/// One lane: receive, decode, seal, store, acknowledge, in this order, on one thread of its own (decision D2).
/// `LaneStateMachine` decides; this carries out.
package final class Lane<Source: MessageSource, Store: LaneStore> {
    private let source: Source
    private let store: Store
    private var decoder: MessageDecoder
    private let limits: LaneStateMachine.Limits
    private let logger: Logger
    private let now: () -> Instant
    private let monotonicMilliseconds: () -> Int
    private let pause: (_ milliseconds: Int) -> Void
    private let isStopRequested: () -> Bool
    private typealias BatchSize = LaneStateMachine.BatchSize
    private var machine: LaneStateMachine
    private let compressor: ZstdCompressor
    private var raw = RawBatch()
    /// As much of `raw` as has been decoded.
    private var processed = ProcessedBatch()
    private var head = LaneHead(lane: 0, number: 0, hash: BatchSeal.genesis)
    private var latest = LatestPositions()
    private var lastHeartbeatAt = Int.min
    private var lastReceivedAt: Instant?
    private let batchDuration = Timer(label: "tongxing_ingestion_batch_duration_seconds")
    private let batchCount = Counter(label: "tongxing_ingestion_batches_total")
    private let lostSessionCount = Counter(label: "tongxing_ingestion_sessions_lost_total")
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
                self.end(cleanly: true, "stopped")
                return nil
            case .fail(let message):
                self.end(cleanly: false, message)
                return message
            case .openStore, .connect, .read, .commit, .acknowledge, .abandon, .wait:
                let event = self.carryOut(effect)
                if self.isStopRequested() { self.machine.requestStop() }
                effect = self.machine.handle(event, at: self.monotonicMilliseconds())
            }
        }
    }

    /// - Parameter cleanly: everything read was committed and acknowledged, so that a farewell acknowledges no more.
    private func end(cleanly: Bool, _ message: String) {
        if cleanly { self.source.disconnect() } else { self.source.abandon() }
        self.sayFarewell(message)
        self.store.close()
    }

    /// The last sign of life before the connections go, where the store can still take one: `/readyz` must not show a
    /// lane as subscribed that is not.
    private func sayFarewell(_ message: String) {
        let heartbeat = LaneHeartbeat(
            isSubscribed: false, uncommitted: 0, lastReceivedAt: self.lastReceivedAt, message: message)
        try? self.publish(heartbeat)
    }

    private func publish(_ heartbeat: LaneHeartbeat) throws(LaneStoreError) {
        let changes = self.latest.takeChanges()
        do {
            try self.store.publish(changes, heartbeat: heartbeat)
        } catch {
            self.latest.putBack(changes)
            throw error
        }
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

    private func forgetBatch() {
        self.raw.reset()
        self.processed.reset()
    }

    private func connect() -> LaneStateMachine.Event {
        self.forgetBatch()
        do {
            try self.source.connect()
            self.logger.info(
                "Connected", metadata: ["lane.id": "\(self.head.lane)", "batch.last": "\(self.head.number)"])
            self.noteSession()
            self.lastHeartbeatAt = .min
            return .connected
        } catch {
            return .sourceFailed("broker: \(error)")
        }
    }

    /// A lane that has stored something had a session; a broker that does not know it has lost what waited in it.
    private func noteSession() {
        guard !self.source.hasResumedSession, self.head.number > 0 else { return }
        self.lostSessionCount.increment()
        self.logger.warning(
            "The broker has forgotten the session, and with it what waited there: is its persistence on?",
            metadata: ["lane.id": "\(self.head.lane)"])
    }

    private func read(waitingUpTo milliseconds: Int32) -> LaneStateMachine.Event {
        do {
            let room = min(self.limits.messages - self.raw.messages.count, self.limits.messagesAhead)
            let bytes = min(self.limits.bytes - self.raw.bytes.count, self.limits.bytesAhead)
            let before = self.raw.messages.count
            let wasSubscribed = self.source.isSubscribed
            let more = try self.source.read(
                into: &self.raw, limit: room, bytes: bytes, waitingUpTo: milliseconds)
            // Who waits for the lane is told at once.
            if self.source.isSubscribed, !wasSubscribed { self.lastHeartbeatAt = .min }
            if self.raw.messages.count > before { self.lastReceivedAt = self.raw.messages.last?.receivedAt }
            try self.source.keepAlive(nothingIsUncommitted: self.raw.isEmpty)
            if self.raw.isEmpty { try self.beat() }
            try self.workAhead()
            return .read(
                BatchSize(
                    messages: self.raw.messages.count, bytes: self.raw.bytes.count, rows: self.processed.rowCount),
                more: more, isSubscribed: self.source.isSubscribed)
        } catch let error as LaneStoreError {
            return .storeFailed(error.remedy, error.message)
        } catch {
            return .sourceFailed("broker: \(error)")
        }
    }

    /// Decodes and sends what has come, when it is worth a step of its own.
    private func workAhead() throws(LaneStoreError) {
        guard
            self.raw.messages.count - self.processed.messageCount >= self.limits.messagesAhead
                || self.raw.bytes.count - self.processed.byteCount >= self.limits.bytesAhead
        else { return }
        try self.decode()
        try self.store.sendAhead(self.processed, number: self.head.number + 1)
    }

    private func commit() -> LaneStateMachine.Event {
        let start = self.monotonicMilliseconds()
        do throws(LaneStoreError) {
            let number = self.head.number + 1
            try self.decode()
            var seal: BatchSeal?
            let committed = try self.store.commit(self.processed, number: number, raw: self.raw) {
                seal = try? BatchSeal.seal(
                    self.raw, lane: self.head.lane, number: number, after: self.head.hash, compressor: self.compressor)
                return seal
            }
            guard let seal else { return .storeFailed(.stop, "a batch was stored without its seal") }
            self.head.number = number
            self.head.hash = seal.hash
            self.latest.take(self.processed.positions, committed.positions)
            let later = committed.positions.dropFirst(self.processed.positions.count)
            self.latest.take(self.processed.contradictions, Array(later))
            self.count(committed.counts, milliseconds: self.monotonicMilliseconds() - start)
            return .committed
        } catch {
            return .storeFailed(error.remedy, error.message)
        }
    }

    /// Decodes what was read since the last time. How a terminal is read does not change within a batch.
    private func decode() throws(LaneStoreError) {
        if self.processed.messageCount == 0, let devices = try self.store.changedDevices() {
            self.decoder.devices = devices
        }
        self.processed.decode(self.raw, with: self.decoder)
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
            self.forgetBatch()
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
        self.forgetBatch()
        self.sayFarewell(self.machine.trouble)
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
            isSubscribed: self.source.isSubscribed,
            uncommitted: self.raw.messages.count,
            lastReceivedAt: self.lastReceivedAt, message: self.machine.trouble)
        try self.publish(heartbeat)
    }
}
