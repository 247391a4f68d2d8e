import Chronology
import Seals
import Telemetry

@testable import IngestionPipeline

/// A message to be published: what it is and what must become of it.
struct SimulatedMessage {
    /// What becomes of the message when it is stored for the first time.
    enum Fate: Equatable { case stored, duplicate, quarantined }

    var topic: [UInt8]
    var payload: [UInt8]
    var fate: Fate
}

/// A database that takes one lane's batches: everything in it was committed. It checks each batch as it comes.
final class SimulatedStore: LaneStore {
    private let world: SimulatedWorld
    /// What the lane holds unacknowledged: a batch must be exactly that.
    private let inHand: () -> [Int]
    private let messages: [SimulatedMessage]
    private var head = LaneHead(lane: 7, number: 0, hash: BatchSeal.genesis)
    private var positions: [Key: PositionReport] = [:]
    private(set) var counts = MessageCounts()
    /// Messages by the state in which they were first stored, and how often each was received.
    private(set) var firstStates: [Int: SimulatedMessage.Fate] = [:]
    private(set) var order: [Int] = []
    private(set) var receivedCount = 0
    private(set) var latest: [TerminalID: Instant] = [:]
    private(set) var lastHeartbeat: LaneHeartbeat?
    private let isConnected: () -> Bool
    private var isOpen = false
    /// Whether newest positions may have been kept from their table since it was opened: the next opening brings them.
    private(set) var owesNewest = false
    /// How often it was tried while the database was away.
    private(set) var triesWhileAway = 0
    /// What was sent ahead since the last commit.
    private var ahead: [LoggedPosition] = []

    private struct Key: Hashable {
        var terminal: TerminalID
        var time: Instant
    }

    /// Rows of this terminal are refused, whatever they say.
    static let refusedTerminal = "REFUSED"

    init(
        world: SimulatedWorld, messages: [SimulatedMessage], isConnected: @escaping () -> Bool,
        inHand: @escaping () -> [Int]
    ) {
        self.isConnected = isConnected
        self.world = world
        self.messages = messages
        self.inHand = inHand
    }

    func holds(_ id: Int) -> Bool { self.firstStates[id] != nil }

    /// Rows by terminal and time: the count of distinct reports.
    var rowCount: Int { self.positions.count }

    func open() throws(LaneStoreError) -> LaneHead {
        try self.stepOrDie()
        self.world.advance(self.world.number(in: 1...10))
        self.isOpen = false
        self.ahead = []
        if self.world.isDatabaseAway {
            self.triesWhileAway += 1
            throw self.failure(.reconnect, "database away for long")
        }
        if self.world.happens(self.world.faults.openFails) { throw self.failure(.reconnect, "database away") }
        if self.world.happens(self.world.faults.stops) { throw self.failure(.stop, "schema is missing") }
        self.isOpen = true
        // What a lost connection kept from the newest positions is read from the log.
        self.latest.merge(self.newest(), uniquingKeysWith: max)
        self.owesNewest = false
        return self.head
    }

    func changedDevices() throws(LaneStoreError) -> DeviceDirectory? { nil }

    func sendAhead(_ batch: ProcessedBatch, number: Int64) throws(LaneStoreError) {
        try self.stepOrDie()
        self.world.require(self.isOpen, "rows sent ahead on a closed connection")
        self.world.require(number == self.head.number + 1, "batch \(number) sent ahead after \(self.head.number)")
        self.world.require(
            batch.positions.starts(with: self.ahead), "batch \(number) is no longer what was sent ahead of it")
        self.ahead = batch.positions
        if self.world.isDatabaseAway { throw self.lost("away while sending ahead") }
        if self.world.happens(self.world.faults.serializationFailure) { throw self.failure(.retry, "deadlock ahead") }
        if self.world.happens(self.world.faults.lostBeforeCommit) { throw self.lost("lost while sending ahead") }
        if self.world.happens(self.world.faults.stops) { throw self.failure(.stop, "permission revoked") }
    }

    func commit(
        _ batch: ProcessedBatch, number: Int64, raw: RawBatch, seal: () -> BatchSeal?
    ) throws(LaneStoreError) -> CommittedBatch {
        try self.stepOrDie()
        self.world.require(self.isOpen, "a commit on a closed connection")
        self.world.require(number == self.head.number + 1, "batch \(number) follows \(self.head.number)")
        self.world.require(
            batch.positions.starts(with: self.ahead), "batch \(number) is not what was sent ahead of it")
        // Whatever the outcome, its transaction ends here.
        self.ahead = []
        let ids = self.inHand()
        self.world.require(
            ids.count == raw.messages.count
                && zip(ids, raw.messages).allSatisfy { self.messages[$0].payload[...] == raw.bytes[$1.payload] },
            "batch \(number) is not what the connection has given since the last acknowledgement")
        self.world.advance(
            self.world.happens(self.world.faults.slowCommit) ? self.world.number(in: 1000...200_000) : 3)
        if self.world.isDatabaseAway { throw self.lost("away before COMMIT") }
        if self.world.happens(self.world.faults.serializationFailure) { throw self.failure(.retry, "deadlock") }
        if self.world.happens(self.world.faults.lostBeforeCommit) { throw self.lost("lost before COMMIT") }
        if self.world.happens(self.world.faults.stops) { throw self.failure(.stop, "permission revoked") }
        // A deadlock in the middle of the rows seals the batch once more.
        if self.world.happens(self.world.faults.serializationFailure) { _ = seal() }
        guard let sealed = seal() else { throw self.failure(.stop, "not sealed") }
        let settled = self.apply(batch, sealed, number, raw, ids)
        if self.world.happens(self.world.faults.lostAfterCommit) { throw self.lost("lost after COMMIT") }
        return settled
    }

    private func apply(
        _ batch: ProcessedBatch, _ sealed: BatchSeal, _ number: Int64, _ raw: RawBatch, _ ids: [Int]
    ) -> CommittedBatch {
        let before = self.positions.count
        var outcomes: [RowOutcome] = []
        for row in batch.positions + batch.contradictions {
            let key = Key(terminal: row.terminal, time: row.report.recordedAt)
            if row.terminal.text == Self.refusedTerminal {
                outcomes.append(.refused("23514"))
            } else if let known = self.positions[key] {
                outcomes.append(known == row.report ? .duplicate : .conflict)
            } else {
                self.positions[key] = row.report
                outcomes.append(.added)
            }
        }
        var settled = batch
        let counts = settled.settle(positions: outcomes, cameras: [], in: raw)
        self.world.require(
            counts.received == Int64(raw.messages.count), "batch \(number): \(counts) of \(raw.messages.count) messages"
        )
        self.world.require(
            counts.positions == Int64(self.positions.count - before), "batch \(number): rows and counts differ")
        self.verify(sealed, number, raw)
        self.counts += counts
        self.receivedCount += raw.messages.count
        for id in ids where self.firstStates[id] == nil {
            self.firstStates[id] = self.messages[id].fate
            self.order.append(id)
        }
        self.head = LaneHead(lane: self.head.lane, number: number, hash: sealed.hash)
        return CommittedBatch(counts: counts, positions: outcomes)
    }

    private func verify(_ sealed: BatchSeal, _ number: Int64, _ raw: RawBatch) {
        let string = try? ZstdCompressor.decompress(sealed.compressed, limit: 64 << 20)
        self.world.require(
            string.map { BatchSeal.hash($0, after: self.head.hash) } == sealed.hash, "batch \(number) breaks the chain")
        let messages = string.flatMap { BatchSeal.messages(of: $0, lane: self.head.lane, number: number) }
        self.world.require(messages?.bytes == raw.bytes, "batch \(number) does not hold its messages")
    }

    func publish(_ latest: [LoggedPosition], heartbeat: LaneHeartbeat) throws(LaneStoreError) {
        try self.stepOrDie()
        guard self.isOpen else { throw LaneStoreError(.reconnect, "not connected") }
        if self.world.isDatabaseAway || self.world.happens(self.world.faults.publishFails) {
            throw self.lost("lost while publishing")
        }
        self.world.require(
            !heartbeat.isSubscribed || self.isConnected(), "a lane without a connection calls itself ready")
        // The newest positions are written in a transaction of their own.
        self.ahead = []
        self.lastHeartbeat = heartbeat
        for row in latest {
            self.world.require(
                self.positions[Key(terminal: row.terminal, time: row.report.recordedAt)] == row.report,
                "the newest position of \(row.terminal) is none of the log")
            self.latest[row.terminal] = max(self.latest[row.terminal] ?? .distantPast, row.report.recordedAt)
        }
    }

    func close() {
        self.isOpen = false
        if self.world.isKilled { self.owesNewest = true }
    }

    /// The newest report of each terminal, as the log has it.
    func newest() -> [TerminalID: Instant] {
        var newest: [TerminalID: Instant] = [:]
        for key in self.positions.keys { newest[key.terminal] = max(newest[key.terminal] ?? .distantPast, key.time) }
        return newest
    }

    private func lost(_ why: String) -> LaneStoreError {
        self.isOpen = false
        return self.failure(.reconnect, why)
    }

    private func failure(_ remedy: LaneStoreError.Remedy, _ why: String) -> LaneStoreError {
        self.world.note(why)
        if remedy != .retry { self.owesNewest = true }
        return LaneStoreError(remedy, why)
    }

    private func stepOrDie() throws(LaneStoreError) {
        if self.world.happens(self.world.faults.kill) { self.world.isKilled = true }
        guard self.world.isKilled else { return }
        self.owesNewest = true
        throw LaneStoreError(.reconnect, "killed")
    }
}
