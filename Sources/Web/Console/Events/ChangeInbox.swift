import Synchronization

/// Announcements that wait for the follower. Repeats of one kind are one, so it never holds more than there are kinds.
final class ChangeInbox: Sendable {
    private let pending: Mutex<Set<FleetChange>>
    private let wakeUps: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init() {
        self.pending = Mutex([])
        (self.wakeUps, self.waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ changes: some Sequence<FleetChange>) {
        self.pending.withLock { $0.formUnion(changes) }
        self.waker.yield()
    }

    /// Wakes after every `add`; several may share one wake-up. One consumer only.
    var arrivals: AsyncStream<Void> { self.wakeUps }

    func takeAll() -> Set<FleetChange> {
        self.pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
    }
}
