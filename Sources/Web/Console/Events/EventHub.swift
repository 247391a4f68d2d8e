/// The one place through which events reach all clients.
package actor EventHub {
    /// A client's place in the hub: a wake-up for every time there may be something to `take`.
    package struct Subscription: Sendable {
        let handle: UInt64
        /// Ends when the hub closes.
        let wakeUps: AsyncStream<Void>
        /// Ends this client's stream from outside.
        let end: @Sendable () -> Void
    }

    private var log: EventLog
    private var wakers: [UInt64: AsyncStream<Void>.Continuation] = [:]

    package init(log: EventLog) {
        self.log = log
    }

    package var clientCount: Int { self.log.clientCount }
    var hasRoom: Bool { self.log.hasRoom }
    package var totals: EventLog.Totals { self.log.totals }

    /// - Returns: `nil` when there are too many clients.
    func subscribe(after lastEventID: String?) -> Subscription? {
        guard let handle = self.log.subscribe(after: lastEventID) else { return nil }
        // One pending wake-up is enough: the client then takes all there is.
        let (stream, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wakers[handle] = waker
        waker.yield()
        return Subscription(handle: handle, wakeUps: stream, end: { waker.finish() })
    }

    func unsubscribe(_ subscription: Subscription) {
        self.log.unsubscribe(subscription.handle)
        self.wakers.removeValue(forKey: subscription.handle)?.finish()
    }

    func take(for subscription: Subscription) -> [UInt8] {
        self.log.take(for: subscription.handle)
    }

    package func publish(_ kind: ServerSentEvent.Kind, data: [UInt8]) {
        for handle in self.log.publish(kind, data: data) { self.wakers[handle]?.yield() }
    }

    func heartbeat() {
        for handle in self.log.heartbeat() { self.wakers[handle]?.yield() }
    }
}
