import CMosquitto
import Glibc

/// A subscriber that acknowledges when it is told to (decision D1): PUBACKs are queued by libmosquitto while messages
/// are read, and leave only with `acknowledge()`. One thread uses it, and its calls block.
package final class MQTTConsumer {
    let client: MosquittoClient
    private let filters: [String]
    /// The last read stopped at its limit, so bytes may wait where `poll` cannot see them (libssl's buffer).
    private var mayHaveMore = false
    /// Bytes of topics and payloads that have come in the last `read`.
    private var receivedBytes = 0
    /// A message has come since the last write, so that the next one acknowledges it.
    private var owesAcknowledgements = false
    /// For so long nothing came while SUBACK is awaited.
    private var silentMilliseconds: Int32 = 0
    /// SUBACK came, and was looked at.
    package private(set) var isSubscribed = false
    /// The filters that the last SUBACK granted at QoS 0 only: what comes while this subscriber is away is not kept.
    package private(set) var filtersWithoutPromise: [String] = []
    /// How long a broker may be silent that owes an answer.
    private static let patienceMilliseconds: Int32 = 10_000
    /// For so long messages gather once the first has come. Read one by one as they come, each costs a wake-up of this
    /// thread, a `poll` and two `recv`; a client that sleeps has dozens to take at once, and the broker wakes nobody.
    private static let gatheringMicroseconds: UInt32 = 2000

    /// - Parameters:
    ///   - keepsSession: `false`: the broker forgets the session with the connection, for who only looks.
    ///   - onMessage: runs for every message within the calls of this object; the spans end with the call.
    package init(
        settings: MQTTSettings, filters: [String], keepsSession: Bool = true,
        onMessage: @escaping (_ topic: Span<UInt8>, _ payload: Span<UInt8>) -> Void
    ) throws(MQTTError) {
        self.client = try MosquittoClient(settings: settings, keepsSession: keepsSession)
        self.filters = filters
        self.client.onMessage = { [unowned self] topic, payload in
            self.receivedBytes += topic.count + payload.count
            self.owesAcknowledgements = true
            onMessage(topic, payload)
        }
        // MOSQ_OPT "external threads": nothing leaves until we call mosquitto_loop_write.
        mosquitto_threaded_set(self.client.pointer, true)
    }

    /// Whether this is a topic filter: 1–65,535 bytes of UTF-8 with wildcards where they may stand.
    package static func maySubscribe(to filter: String) -> Bool {
        !filter.isEmpty && !filter.utf8.contains(0)
            && mosquitto_sub_topic_check2(filter, filter.utf8.count) == MOSQ_ERR_SUCCESS.rawValue
    }

    /// Whether the socket is read and written in large pieces; see `CSocketBuffer`.
    var isBuffered: Bool { self.client.isBuffered }
    var hasBytesAhead: Bool { self.client.hasBytesAhead }

    /// Whether the broker had kept our session at the last `connect`.
    package var resumedSession: Bool { self.client.hasSession }

    /// Connects, subscribes at QoS 1 and returns after SUBACK; what came before it went to `onMessage`, all of it. For
    /// who may acknowledge what came with CONNACK: ingestion calls `open`.
    package func connect() throws(MQTTError) {
        try self.open()
        if self.mayHaveMore { try self.acknowledge() }
        try self.readOnePacketAtATime { self.client.granted != nil }
        guard try self.takeAnswer() else { throw Self.noAnswer }
    }

    /// Connects and sends SUBSCRIBE. Its answer comes within a `read`: on a resumed session the backlog of an outage
    /// stands before it, more than one batch should hold. Up to CONNACK packets are read one by one, so that nothing
    /// has been read when SUBSCRIBE is written: a write acknowledges what was read (limits.md A, trap 1). What came
    /// with CONNACK all the same goes to `onMessage`.
    package func open() throws(MQTTError) {
        self.mayHaveMore = false
        self.isSubscribed = false
        self.filtersWithoutPromise = []
        self.silentMilliseconds = 0
        self.receivedBytes = 0
        self.owesAcknowledgements = false
        try self.client.open()
        self.client.bufferSocket()
        try self.client.flush()
        try self.readOnePacketAtATime { self.client.connectCode != nil }
        try self.client.requireAccepted()
        try self.subscribe()
        // Over TLS libmosquitto reads on while libssl holds bytes: messages may have come together with CONNACK. Then
        // SUBSCRIBE leaves with their acknowledgements, after a commit.
        self.mayHaveMore = self.receivedBytes > 0
        if !self.mayHaveMore { try self.client.flush() }
    }

    /// Whether SUBACK has come; throws when it says no.
    private func takeAnswer() throws(MQTTError) -> Bool {
        guard let granted = self.client.granted else { return false }
        if let refused = zip(self.filters, granted).first(where: { $0.1 > 2 }) {
            throw MQTTError(.subscriptionRefused, "the broker refused the subscription to \(refused.0): check its ACL")
        }
        self.filtersWithoutPromise = zip(self.filters, granted).filter { $0.1 == 0 }.map(\.0)
        self.isSubscribed = true
        return true
    }

    private static var noAnswer: MQTTError { MQTTError(.timedOut, "the broker did not answer SUBSCRIBE") }

    private func subscribe() throws(MQTTError) {
        var patterns = self.filters.map { strdup($0) }
        defer { patterns.forEach { free($0) } }
        let code = mosquitto_subscribe_multiple(
            self.client.pointer, nil, CInt(patterns.count), &patterns, 1, 0, nil)
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            throw MQTTError(.invalidConfiguration, "a topic filter is not usable: \(self.filters)")
        }
    }

    /// Ends when nothing at all came for too long. The backlog of an outage stands before the answer that is waited
    /// for, and over a slow line takes longer than any answer: while bytes come, the broker is there.
    private func readOnePacketAtATime(_ isDone: () -> Bool) throws(MQTTError) {
        var silent: Int32 = 0
        while !isDone(), silent < Self.patienceMilliseconds {
            if try self.client.readPacket() {
                silent = 0
                continue
            }
            try self.client.writeConnect()
            silent = self.client.wait(for: POLLIN, milliseconds: 50) ? 0 : silent + 50
        }
    }

    /// Reads what is there, up to `limit` packets, or a packet over `bytes` of topics and payloads; waits up to
    /// `milliseconds` for the first, and a moment more for those behind it.
    /// - Returns: whether a limit was reached, so that more may wait.
    package func read(limit: Int, bytes: Int = .max, waitingUpTo milliseconds: Int32) throws(MQTTError) -> Bool {
        if !self.mayHaveMore, !self.client.wait(for: POLLIN, milliseconds: milliseconds) {
            try self.noteSilence(milliseconds)
            return false
        }
        if !self.mayHaveMore, !self.client.hasBytesAhead { usleep(Self.gatheringMicroseconds) }
        self.mayHaveMore = false
        self.silentMilliseconds = 0
        self.receivedBytes = 0
        var empty = 0
        for _ in 0..<max(1, limit) {
            // A PINGRESP has no callback: only two empty reads in a row mean that nothing is left.
            empty = try self.client.readPacket() ? 0 : empty + 1
            if !self.isSubscribed { _ = try self.takeAnswer() }
            if empty == 2 { return false }
            if self.receivedBytes >= bytes { break }
        }
        self.mayHaveMore = true
        return true
    }

    private func noteSilence(_ milliseconds: Int32) throws(MQTTError) {
        guard !self.isSubscribed else { return }
        self.silentMilliseconds += max(1, milliseconds)
        if self.silentMilliseconds >= Self.patienceMilliseconds { throw Self.noAnswer }
    }

    /// Tells the broker that everything read so far is safe. Call it directly after a COMMIT, and only then.
    package func acknowledge() throws(MQTTError) {
        try self.client.flush()
        self.owesAcknowledgements = false
    }

    /// Keep-alive. `mosquitto_loop_misc` only queues a PINGREQ; it leaves with the next write, which acknowledges all
    /// that was read, so it is written here only when `nothingIsUncommitted`.
    package func keepAlive(nothingIsUncommitted: Bool) throws(MQTTError) {
        let code = mosquitto_loop_misc(self.client.pointer)
        guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.connectionFailed, library: code) }
        if nothingIsUncommitted, mosquitto_want_write(self.client.pointer) { try self.acknowledge() }
    }

    /// Says good-bye; the session stays with the broker. Where a message has come that was not acknowledged it goes
    /// without a word: the farewell would take its acknowledgement along.
    package func disconnect() {
        mosquitto_disconnect(self.client.pointer)
        if !self.owesAcknowledgements { mosquitto_loop_write(self.client.pointer, 1) }
    }
}
