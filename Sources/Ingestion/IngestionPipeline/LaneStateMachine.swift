/// Decides what a lane does next, and does nothing itself: every outcome comes in as an event with the time of a
/// monotonic clock, and one effect comes out. So the rule "acknowledge after commit, never before" can be read, and
/// tested without a broker, a database or a clock.
package struct LaneStateMachine: Sendable {
    /// What has happened.
    package enum Event: Sendable, Hashable {
        case started
        case storeOpened
        case connected
        /// What the batch holds after a read, whether more may wait, and whether the broker has confirmed the
        /// subscription.
        case read(BatchSize, more: Bool, isSubscribed: Bool)
        case committed
        case acknowledged
        case storeFailed(LaneStoreError.Remedy, String)
        case sourceFailed(String)
        case waited
    }

    /// What a batch holds, as far as it has been read.
    package struct BatchSize: Sendable, Hashable {
        package var messages = 0
        /// Of the messages as they came.
        package var bytes = 0
        /// Of the log and of quarantine, in the messages that have been decoded.
        package var rows = 0

        package init(messages: Int = 0, bytes: Int = 0, rows: Int = 0) {
            self.messages = messages
            self.bytes = bytes
            self.rows = rows
        }
    }

    /// What is to be done next.
    package enum Effect: Sendable, Hashable {
        case openStore
        case connect
        case read(waitingUpTo: Int32)
        case commit
        case acknowledge
        /// Forget the batch and drop the source's connection; the broker sends the messages again.
        case abandon
        case wait(milliseconds: Int)
        case finish
        /// Stop for good, with the one line that says why.
        case fail(String)
    }

    /// When a batch closes, and how long pauses are.
    package struct Limits: Sendable, Hashable {
        /// A batch closes with so many messages …
        package var messages = 5000
        /// Of a batch that grows, so many at a time are decoded and sent to the database while reading goes on: enough
        /// that a small batch is one piece, few enough that the two are at work at once.
        package var messagesAhead = 500
        /// Likewise so many bytes.
        package var bytesAhead = 1 << 20
        /// … or so many bytes …
        package var bytes = 16 << 20
        /// … or so many rows of decoded messages, each of which may be an array of a thousand reports …
        package var rows = 50_000
        /// … or when nothing more came for so long …
        package var idleMilliseconds = 8
        /// … or when its first message is so old.
        package var ageMilliseconds = 100
        /// How long an empty lane waits for a message before it looks after its keep-alive and heartbeat.
        package var restMilliseconds = 250
        /// Back-off after the first failure, doubled by each further one up to the longest.
        package var firstPauseMilliseconds = 200
        package var longestPauseMilliseconds = 15_000
        /// How often one transaction is tried again before the connections are dropped.
        package var retries = 5
        /// How often in a row the log may refuse a batch as a whole, on new connections, before the lane stops.
        package var refusals = 5

        package init() {}
    }

    /// Where the lane is. Each state waits for the outcome of the effect that led to it.
    private enum State: Sendable, Hashable {
        case idle
        case opening
        case connecting
        case reading
        case committing(attempt: Int)
        case acknowledging
        case pausing
        case retrying(attempt: Int)
        case abandoning
        case finished
    }

    private let limits: Limits
    private var state: State = .idle
    private var batchCount = 0
    private var batchStartedAt = 0
    private var failures = 0
    /// Batches that the log refused as a whole since it last took one.
    private var refusals = 0
    private var stopping = false
    private var jitter: UInt64
    /// Why the lane is not reading, for the heartbeat; empty while it does.
    package private(set) var trouble = ""

    /// - Parameter seed: for the jitter of the pauses, so that lanes do not come back in step.
    package init(limits: Limits = Limits(), seed: UInt64) {
        self.limits = limits
        self.jitter = seed | 1
    }

    package mutating func handle(_ event: Event, at milliseconds: Int) -> Effect {
        switch event {
        case .started:
            return self.enter(.opening, .openStore)
        case .storeOpened:
            return self.stopping ? self.finish() : self.enter(.connecting, .connect)
        case .connected:
            return self.continued(BatchSize(), more: true, at: milliseconds)
        case .read(let size, let more, let isSubscribed):
            if isSubscribed {
                self.trouble = ""
                // A connection over which nothing waits is healthy too; one whose batches are never stored is not.
                if size.messages == 0 { self.failures = 0 }
            }
            return self.continued(size, more: more, at: milliseconds)
        case .committed:
            self.failures = 0
            self.refusals = 0
            return self.enter(.acknowledging, .acknowledge)
        case .acknowledged:
            self.batchCount = 0
            return self.stopping
                ? self.finish() : self.enter(.reading, .read(waitingUpTo: Int32(limits.restMilliseconds)))
        case .storeFailed(let remedy, let message):
            return self.storeFailed(remedy, message)
        case .sourceFailed(let message):
            self.trouble = message
            return self.enter(.abandoning, .abandon)
        case .waited:
            return self.resumed()
        }
    }

    /// From the next event on, the lane finishes what it has read and ends.
    package mutating func requestStop() {
        self.stopping = true
    }

    private mutating func enter(_ state: State, _ effect: Effect) -> Effect {
        self.state = state
        return effect
    }

    /// After a read: go on reading, or close the batch.
    private mutating func continued(_ size: BatchSize, more: Bool, at now: Int) -> Effect {
        let gained = size.messages > self.batchCount
        if self.batchCount == 0, gained { self.batchStartedAt = now }
        self.batchCount = size.messages
        guard size.messages > 0 else {
            return self.stopping
                ? self.finish() : self.enter(.reading, .read(waitingUpTo: Int32(self.limits.restMilliseconds)))
        }
        let isFull =
            size.messages >= self.limits.messages || size.bytes >= self.limits.bytes || size.rows >= self.limits.rows
        let isOld = now - self.batchStartedAt >= self.limits.ageMilliseconds
        if isFull || isOld || self.stopping || (!gained && !more) {
            return self.enter(.committing(attempt: 1), .commit)
        }
        return self.enter(.reading, .read(waitingUpTo: Int32(self.limits.idleMilliseconds)))
    }

    private mutating func storeFailed(_ remedy: LaneStoreError.Remedy, _ message: String) -> Effect {
        self.trouble = message
        switch (remedy, self.state) {
        case (.stop, _):
            return self.enter(.finished, .fail(message))
        case (.reconnectAFewTimes, _) where self.refusals + 1 >= self.limits.refusals:
            return self.enter(.finished, .fail(message))
        case (.reconnectAFewTimes, _):
            self.refusals += 1
            return self.enter(.abandoning, .abandon)
        case (.retry, .committing(let attempt)) where attempt < self.limits.retries:
            return self.enter(.retrying(attempt: attempt + 1), .wait(milliseconds: 5 * attempt))
        default:
            return self.enter(.abandoning, .abandon)
        }
    }

    private mutating func resumed() -> Effect {
        switch self.state {
        case .abandoning:
            // The source is gone and the batch forgotten: nothing was acknowledged, so nothing is lost.
            self.batchCount = 0
            return self.stopping ? self.finish() : self.enter(.pausing, .wait(milliseconds: self.nextPause()))
        case .retrying(let attempt):
            return self.enter(.committing(attempt: attempt), .commit)
        default:
            return self.stopping ? self.finish() : self.enter(.opening, .openStore)
        }
    }

    private mutating func finish() -> Effect { self.enter(.finished, .finish) }

    /// 200 ms, 400 ms … 15 s, each between half and the whole of that: 10 failures take about 50 s.
    private mutating func nextPause() -> Int {
        self.failures = min(self.failures + 1, 16)
        let whole = min(
            self.limits.longestPauseMilliseconds, self.limits.firstPauseMilliseconds << (self.failures - 1))
        self.jitter = self.jitter &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return whole / 2 + Int(self.jitter >> 33) % max(1, whole / 2)
    }
}
