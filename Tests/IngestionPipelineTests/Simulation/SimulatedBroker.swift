import Chronology
import Seals

@testable import IngestionPipeline

/// A broker with one persistent session at QoS 1, as mosquitto 2.0.11 behaves (`limits.md` A): a resumed session's
/// backlog comes before SUBACK, what was not acknowledged comes again in order after a reconnect, and every PUBACK lets
/// as many waiting messages go as the window has places, so that more than a window may be on its way.
final class SimulatedBroker {
    private let world: SimulatedWorld
    /// Places in the window: mosquitto's default of 20, or the client's receive maximum.
    let window: Int
    /// Holds to the window strictly, as other brokers do.
    private let isStrict: Bool
    /// Everything to be published, in order of time.
    private let schedule: [(time: Int, id: Int)]
    private var nextPublished = 0
    private var queue: [Int] = []
    private var unacknowledged: [Int] = []
    /// Sent and not yet read by the client; only while connected.
    private var wire: [Int] = []
    /// Acknowledgements written by the client and not yet taken by the broker.
    private var acknowledgementsOnWire: [Int] = []
    private(set) var isConnected = false
    /// Called with every message the broker forgets.
    var onAcknowledged: (Int) -> Void = { _ in }

    init(world: SimulatedWorld, window: Int, isStrict: Bool, schedule: [(time: Int, id: Int)]) {
        self.world = world
        self.window = window
        self.isStrict = isStrict
        self.schedule = schedule
    }

    var isDone: Bool {
        self.pump()
        return self.nextPublished == self.schedule.count && self.queue.isEmpty && self.unacknowledged.isEmpty
    }

    /// The session is resumed: the unacknowledged first, then what waits, as far as the window allows.
    func connect() {
        self.isConnected = true
        self.wire = self.unacknowledged
        self.send(atMost: self.window - self.unacknowledged.count)
    }

    /// The connection is gone: unread messages with it, and of the acknowledgements on their way an unknown part.
    func cut() {
        guard self.isConnected else { return }
        let taken = self.world.number(in: 0...self.acknowledgementsOnWire.count)
        for id in self.acknowledgementsOnWire.prefix(taken) { self.take(acknowledgementOf: id) }
        self.acknowledgementsOnWire = []
        self.isConnected = false
        self.wire = []
    }

    func acknowledge(_ ids: [Int]) { self.acknowledgementsOnWire += ids }

    /// Up to `limit` messages that have arrived.
    func read(limit: Int) -> [Int] {
        self.pump()
        let read = Array(self.wire.prefix(limit))
        self.wire.removeFirst(read.count)
        return read
    }

    var hasMore: Bool { !self.wire.isEmpty }

    /// When the next message is published, if any is to come.
    var nextTime: Int? { self.nextPublished < self.schedule.count ? self.schedule[self.nextPublished].time : nil }

    /// Lets the broker do what it would have done by now.
    func pump() {
        let acknowledged = self.acknowledgementsOnWire
        self.acknowledgementsOnWire = []
        for id in acknowledged { self.take(acknowledgementOf: id) }
        while self.nextPublished < self.schedule.count, self.schedule[self.nextPublished].time <= self.world.now {
            self.queue.append(self.schedule[self.nextPublished].id)
            self.nextPublished += 1
        }
        if self.isConnected { self.send(atMost: self.window - self.unacknowledged.count) }
    }

    private func take(acknowledgementOf id: Int) {
        guard let index = self.unacknowledged.firstIndex(of: id) else {
            return self.world.require(false, "message \(id) was acknowledged and not on its way")
        }
        self.world.require(index == 0, "message \(id) was acknowledged out of order")
        self.unacknowledged.remove(at: index)
        self.onAcknowledged(id)
        if self.isConnected, !self.isStrict { self.send(atMost: self.window) }
    }

    private func send(atMost count: Int) {
        let sent = self.queue.prefix(max(0, count))
        self.queue.removeFirst(sent.count)
        self.unacknowledged += sent
        self.wire += sent
    }
}

/// The client's side of the connection, as `MQTTConsumer` drives libmosquitto: acknowledgements queue up while messages
/// are read, and every write, whatever it is for, sends all of them.
final class SimulatedSource: MessageSource {
    private let world: SimulatedWorld
    private let broker: SimulatedBroker
    private let messages: [SimulatedMessage]
    private let keepAliveMilliseconds: Int
    private var queuedAcknowledgements: [Int] = []
    private var lastWriteAt = 0
    private var pingSentAt: Int?
    private var isPingQueued = false
    /// How many messages still come before SUBACK; `nil` when it has come.
    private var backlog: Int?

    /// The connection broke.
    struct Broken: Error {}

    init(world: SimulatedWorld, broker: SimulatedBroker, messages: [SimulatedMessage], keepAliveMilliseconds: Int) {
        self.world = world
        self.broker = broker
        self.messages = messages
        self.keepAliveMilliseconds = keepAliveMilliseconds
    }

    /// What the lane has read on this connection and not acknowledged.
    var inHand: [Int] { self.queuedAcknowledgements }

    func connect() throws {
        self.abandon()
        try self.stepOrDie()
        self.world.advance(self.world.number(in: 1...20))
        guard !self.world.happens(self.world.faults.connectRefused) else { throw self.broken("connect refused") }
        self.broker.connect()
        self.lastWriteAt = self.world.now
        // SUBSCRIBE has been written; the backlog comes before its answer.
        self.backlog = self.world.number(in: 0...self.broker.window)
        self.world.note("connected")
    }

    var isSubscribed: Bool { self.broker.isConnected && self.backlog == nil }

    var hasResumedSession: Bool { true }

    func read(into batch: inout RawBatch, limit: Int, bytes: Int, waitingUpTo milliseconds: Int32) throws -> Bool {
        try self.stepOrDie()
        try self.requireAlive()
        guard !self.world.happens(self.world.faults.cutWhileReading) else { throw self.broken("cut while reading") }
        if !self.broker.hasMore {
            let end = self.world.now + Int(milliseconds)
            self.world.advance(min(end, max(self.world.now, self.broker.nextTime ?? end)) - self.world.now)
            self.broker.pump()
        }
        // Packets trickle: now and then a read ends before the socket is empty.
        let room = min(max(1, limit), self.world.number(in: 1...200))
        var read = 0
        let before = batch.bytes.count
        while read < room, batch.bytes.count - before < bytes, let id = self.broker.read(limit: 1).first {
            self.take(id, into: &batch)
            read += 1
        }
        try self.answerSubscribe(after: read)
        return read == max(1, limit) || batch.bytes.count - before >= bytes
    }

    /// SUBACK comes after the backlog, or when there is none.
    private func answerSubscribe(after read: Int) throws {
        guard let backlog else { return }
        self.backlog = max(0, backlog - read)
        guard self.backlog == 0 || !self.broker.hasMore else { return }
        guard !self.world.happens(self.world.faults.cutWhileConnecting) else { throw self.broken("cut before SUBACK") }
        self.backlog = nil
        self.world.note("subscribed")
    }

    func acknowledge() throws {
        try self.stepOrDie()
        try self.requireAlive()
        self.write()
        guard !self.world.happens(self.world.faults.cutWhileAcknowledging) else {
            throw self.broken("cut while acknowledging")
        }
    }

    func keepAlive(nothingIsUncommitted: Bool) throws {
        try self.stepOrDie()
        try self.requireAlive()
        // mosquitto_loop_misc only queues a PINGREQ.
        if self.world.now - self.lastWriteAt >= self.keepAliveMilliseconds { self.isPingQueued = true }
        if nothingIsUncommitted, self.isPingQueued { self.write() }
    }

    func abandon() {
        self.queuedAcknowledgements = []
        self.isPingQueued = false
        self.broker.cut()
    }

    func disconnect() {
        guard !self.world.isKilled, self.broker.isConnected else { return self.abandon() }
        self.write()
        self.abandon()
    }

    private func take(_ id: Int, into batch: inout RawBatch) {
        let message = self.messages[id]
        batch.append(
            topic: message.topic.span, payload: message.payload.span,
            receivedAt: self.world.readClock())
        self.queuedAcknowledgements.append(id)
    }

    private func write() {
        self.broker.acknowledge(self.queuedAcknowledgements)
        self.queuedAcknowledgements = []
        self.isPingQueued = false
        self.lastWriteAt = self.world.now
    }

    /// The broker ends a connection that was silent for one and a half times the keep-alive.
    private func requireAlive() throws {
        guard self.broker.isConnected else { throw self.broken("not connected") }
        guard self.world.now - self.lastWriteAt <= self.keepAliveMilliseconds * 3 / 2 else {
            throw self.broken("keep-alive expired")
        }
    }

    private func stepOrDie() throws {
        if self.world.happens(self.world.faults.kill) { self.world.isKilled = true }
        guard !self.world.isKilled else { throw self.broken("killed") }
    }

    private func broken(_ why: String) -> Broken {
        self.world.note(why)
        self.queuedAcknowledgements = []
        self.broker.cut()
        return Broken()
    }
}
