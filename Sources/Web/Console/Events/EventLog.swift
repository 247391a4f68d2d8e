/// Which events each client still has to get: the bounded history of all events and one bounded queue a client.
/// A pure value; `EventHub` carries out what it says.
///
/// A client's queue: `waiting` holds events in order. One event too many and all of them, oldest first, give way to
/// one `reset`, because a client that far behind is served faster by loading everything again.
package struct EventLog: Sendable {
    /// Counts for `/metrics`.
    package struct Totals: Hashable, Sendable {
        package var published: UInt64 = 0
        package var resets: UInt64 = 0
    }

    /// One stream of events and what waits for it.
    private struct Client: Sendable {
        /// The first bytes of the stream, until they are sent.
        var preamble: [UInt8]
        var waiting: [ServerSentEvent] = []
        var needsHeartbeat = false
    }

    package private(set) var totals = Totals()
    private let run: UInt64
    private let historyLimit: Int
    private let queueLimit: Int
    private let clientLimit: Int
    private let retryMilliseconds: Int
    private var lastNumber: UInt64 = 0
    /// The newest events, oldest first, without gaps in their numbers.
    private var history: [ServerSentEvent] = []
    private var clients: [UInt64: Client] = [:]
    private var lastClient: UInt64 = 0

    /// `run` tells the ids of this run from those of another; any number that differs from run to run.
    package init(run: UInt64, historyLimit: Int, queueLimit: Int, clientLimit: Int, retryMilliseconds: Int = 2000) {
        self.run = run
        self.retryMilliseconds = retryMilliseconds
        self.historyLimit = max(0, historyLimit)
        self.queueLimit = max(1, queueLimit)
        self.clientLimit = clientLimit
    }

    package var clientCount: Int { self.clients.count }

    package var hasRoom: Bool { self.clients.count < self.clientLimit }

    package var lastID: EventID { EventID(run: self.run, number: self.lastNumber) }

    /// Takes in a client. Without an id it gets what comes from now on; with the id of an event whose followers are
    /// all in the history, those; with any other text a `reset`.
    /// - Returns: the client's handle, or `nil` when there are too many.
    package mutating func subscribe(after lastEventID: String?) -> UInt64? {
        guard self.hasRoom else { return nil }
        self.lastClient += 1
        // A fresh client learns where it stands before the first event, so that it can come back without a loss.
        let start = lastEventID == nil ? self.lastID : nil
        var client = Client(
            preamble: ServerSentEvent.preamble(retryMilliseconds: self.retryMilliseconds, startingAt: start))
        if let lastEventID {
            if let missed = self.followers(of: lastEventID), missed.count <= self.queueLimit {
                client.waiting = missed
            } else {
                client.waiting = [self.reset()]
            }
        }
        self.clients[self.lastClient] = client
        return self.lastClient
    }

    package mutating func unsubscribe(_ handle: UInt64) {
        self.clients[handle] = nil
    }

    /// Adds an event for everyone.
    /// - Returns: the clients that have something to get.
    package mutating func publish(_ kind: ServerSentEvent.Kind, data: [UInt8]) -> [UInt64] {
        self.lastNumber += 1
        self.totals.published += 1
        let event = ServerSentEvent(id: self.lastID, kind: kind, data: data)
        self.history.append(event)
        // Cut in large steps: removing the first of an array moves all others.
        if self.history.count >= 2 * max(1, self.historyLimit) {
            self.history.removeFirst(self.history.count - self.historyLimit)
        }
        for handle in Array(self.clients.keys) { self.enqueue(event, for: handle) }
        return Array(self.clients.keys)
    }

    /// Time has passed: clients with nothing to get will get a comment.
    /// - Returns: those clients.
    package mutating func heartbeat() -> [UInt64] {
        let idle = self.clients.filter { $0.value.waiting.isEmpty }.map(\.key)
        for handle in idle { self.clients[handle]?.needsHeartbeat = true }
        return idle
    }

    /// The bytes that `handle` has to get now, which then count as sent; empty when there are none.
    package mutating func take(for handle: UInt64) -> [UInt8] {
        guard var client = self.clients[handle] else { return [] }
        var bytes = client.preamble
        for event in client.waiting { bytes += event.encoded }
        if bytes.isEmpty, client.needsHeartbeat { bytes = ServerSentEvent.heartbeat }
        client.preamble = []
        client.waiting.removeAll(keepingCapacity: true)
        client.needsHeartbeat = false
        self.clients[handle] = client
        return bytes
    }

    private mutating func enqueue(_ event: ServerSentEvent, for handle: UInt64) {
        guard let count = self.clients[handle]?.waiting.count else { return }
        if count < self.queueLimit {
            self.clients[handle]?.waiting.append(event)
        } else {
            let reset = self.reset()
            self.clients[handle]?.waiting = [reset]
        }
    }

    /// Told to load everything again as of the newest event, which it then has.
    private mutating func reset() -> ServerSentEvent {
        self.totals.resets += 1
        return ServerSentEvent(id: self.lastID, kind: .reset, data: Array("{}".utf8))
    }

    /// `nil` when the id is not of this run, lies ahead, or is older than the history.
    private func followers(of text: String) -> [ServerSentEvent]? {
        guard let id = EventID(text), id.run == self.run, id.number <= self.lastNumber else { return nil }
        let missing = self.lastNumber - id.number
        guard missing <= UInt64(min(self.history.count, self.historyLimit)) else { return nil }
        return Array(self.history.suffix(Int(missing)))
    }
}
