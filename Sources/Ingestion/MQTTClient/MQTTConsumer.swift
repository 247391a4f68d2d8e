import CMosquitto
import Glibc

/// A subscriber that acknowledges when it is told to (decision D1): PUBACKs are queued by libmosquitto while messages
/// are read, and leave only with `acknowledge()`. One thread uses it, and its calls block.
package final class MQTTConsumer {
    private let client: MosquittoClient
    private let filters: [String]
    /// The last read stopped at its limit, so bytes may wait where `poll` cannot see them (libssl's buffer).
    private var mayHaveMore = false

    /// - Parameter onMessage: runs for every message within `connect` and `read`; the spans end with the call.
    package init(
        settings: MQTTSettings, filters: [String],
        onMessage: @escaping (_ topic: Span<UInt8>, _ payload: Span<UInt8>) -> Void
    ) throws(MQTTError) {
        self.client = try MosquittoClient(settings: settings, keepsSession: true)
        self.filters = filters
        self.client.onMessage = onMessage
        // MOSQ_OPT "external threads": nothing leaves until we call mosquitto_loop_write.
        mosquitto_threaded_set(self.client.pointer, true)
    }

    /// Whether the broker had kept our session at the last `connect`.
    package var resumedSession: Bool { self.client.hasSession }

    /// Connects, subscribes at QoS 1 and returns after SUBACK. On a resumed session the backlog follows CONNACK at
    /// once, so packets are read one by one up to CONNACK, and nothing is written after SUBSCRIBE: a write would
    /// acknowledge what was read (limits.md A, trap 1).
    package func connect(timeoutMilliseconds: Int32 = 10_000) throws(MQTTError) {
        self.mayHaveMore = false
        try self.client.open()
        try self.client.flush()
        try self.readOnePacketAtATime(until: timeoutMilliseconds) { self.client.connectCode != nil }
        try self.client.requireAccepted()
        try self.subscribe()
        try self.readOnePacketAtATime(until: timeoutMilliseconds) { self.client.granted != nil }
        guard let granted = self.client.granted else {
            throw MQTTError(.timedOut, "the broker did not answer SUBSCRIBE")
        }
        if let refused = zip(self.filters, granted).first(where: { $0.1 > 2 }) {
            throw MQTTError(.subscriptionRefused, "the broker refused the subscription to \(refused.0): check its ACL")
        }
    }

    private func subscribe() throws(MQTTError) {
        var patterns = self.filters.map { strdup($0) }
        defer { patterns.forEach { free($0) } }
        let code = mosquitto_subscribe_multiple(
            self.client.pointer, nil, CInt(patterns.count), &patterns, 1, 0, nil)
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            throw MQTTError(.invalidConfiguration, "a topic filter is not usable: \(self.filters)")
        }
        try self.client.flush()
    }

    private func readOnePacketAtATime(until milliseconds: Int32, _ isDone: () -> Bool) throws(MQTTError) {
        var remaining = milliseconds
        while !isDone(), remaining > 0 {
            if try self.client.readPacket() { continue }
            _ = self.client.wait(for: POLLIN, milliseconds: min(50, remaining))
            remaining -= 50
        }
    }

    /// Reads what is there, up to `limit` packets; waits up to `milliseconds` for the first.
    /// - Returns: whether the limit was reached, so that more may wait.
    package func read(limit: Int, waitingUpTo milliseconds: Int32) throws(MQTTError) -> Bool {
        if !self.mayHaveMore, !self.client.wait(for: POLLIN, milliseconds: milliseconds) { return false }
        self.mayHaveMore = false
        var empty = 0
        for _ in 0..<max(1, limit) {
            // A PINGRESP has no callback: only two empty reads in a row mean that nothing is left.
            empty = try self.client.readPacket() ? 0 : empty + 1
            if empty == 2 { return false }
        }
        self.mayHaveMore = true
        return true
    }

    /// Tells the broker that everything read so far is safe. Call it directly after a COMMIT, and only then.
    package func acknowledge() throws(MQTTError) {
        try self.client.flush()
    }

    /// Keep-alive. `mosquitto_loop_misc` only queues a PINGREQ; it leaves with the next write, which acknowledges all
    /// that was read, so it is written here only when `nothingIsUncommitted`.
    package func keepAlive(nothingIsUncommitted: Bool) throws(MQTTError) {
        let code = mosquitto_loop_misc(self.client.pointer)
        guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.connectionFailed, library: code) }
        if nothingIsUncommitted, mosquitto_want_write(self.client.pointer) { try self.client.flush() }
    }

    /// Says good-bye after everything was acknowledged; the session stays with the broker.
    package func disconnect() {
        mosquitto_disconnect(self.client.pointer)
        mosquitto_loop_write(self.client.pointer, 1)
    }
}
