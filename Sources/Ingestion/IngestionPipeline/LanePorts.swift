package import Chronology
package import Seals
package import Telemetry

/// Where messages come from: one MQTT session. Blocking, used by the lane's thread alone.
package protocol MessageSource {
    /// Connects and asks for the subscription; messages, and the answer, come with `read`.
    func connect() throws
    /// Whether the broker has confirmed the subscription.
    var isSubscribed: Bool { get }
    /// Whether the broker still had our session at the last `connect`.
    var hasResumedSession: Bool { get }
    /// Reads what is there, up to `limit` messages or the first one over `bytes`, waiting up to `milliseconds` for the
    /// first.
    /// - Returns: whether a limit was reached, so that more may wait.
    func read(into batch: inout RawBatch, limit: Int, bytes: Int, waitingUpTo milliseconds: Int32) throws -> Bool
    /// Everything read so far is safe. Called directly after a commit.
    func acknowledge() throws
    func keepAlive(nothingIsUncommitted: Bool) throws
    /// Ends the connection without acknowledging: the broker sends what was read again.
    func abandon()
    /// Ends the connection after everything was acknowledged.
    func disconnect()
}

/// Where a lane's batches go. Blocking, used by the lane's thread alone.
package protocol LaneStore {
    /// Connects, takes the lane's lock and says where its chain ends.
    func open() throws(LaneStoreError) -> LaneHead
    /// How to read the terminals, when that is not known or has changed since the last call; `nil` otherwise. Called
    /// before a batch is decoded.
    func changedDevices() throws(LaneStoreError) -> DeviceDirectory?
    /// The batch as far as it has been read. The store may send rows to the database ahead of the commit, so that the
    /// two work side by side; nothing holds, and nothing may be acknowledged, before `commit` has returned.
    func sendAhead(_ batch: ProcessedBatch, number: Int64) throws(LaneStoreError)
    /// Stores one batch in one transaction. `settle` runs inside it, once the log has answered for every row.
    ///
    /// `seal` seals it, once or more, while the database is busy with the rows; `nil`: it cannot be sealed, and nothing
    /// may be stored.
    func commit(
        _ batch: ProcessedBatch, number: Int64, raw: RawBatch, seal: () -> BatchSeal?
    ) throws(LaneStoreError) -> CommittedBatch
    /// Writes the newest position of each vehicle and the lane's heartbeat.
    func publish(_ latest: [LoggedPosition], heartbeat: LaneHeartbeat) throws(LaneStoreError)
    func close()
}

/// What became of a batch.
package struct CommittedBatch: Sendable {
    package var counts: MessageCounts
    /// Of each of the batch's positions, in their order, then of its contradictions.
    package var positions: [RowOutcome]

    package init(counts: MessageCounts, positions: [RowOutcome]) {
        self.counts = counts
        self.positions = positions
    }
}

/// The end of a lane's chain of batches.
package struct LaneHead: Sendable, Hashable {
    package var lane: Int32
    package var number: Int64
    package var hash: [UInt8]

    package init(lane: Int32, number: Int64, hash: [UInt8]) {
        self.lane = lane
        self.number = number
        self.hash = hash
    }
}

/// What a lane says of itself about once a second.
package struct LaneHeartbeat: Sendable, Hashable {
    /// Whether the broker has confirmed the subscription.
    package var isSubscribed: Bool
    /// Messages read and not yet committed.
    package var uncommitted: Int
    /// When the last message came; `nil` before the first.
    package var lastReceivedAt: Instant?
    /// What stands in the way, in a line; empty when nothing does.
    package var message: String

    package init(isSubscribed: Bool, uncommitted: Int, lastReceivedAt: Instant?, message: String) {
        self.isSubscribed = isSubscribed
        self.uncommitted = uncommitted
        self.lastReceivedAt = lastReceivedAt
        self.message = message
    }
}

/// Why a batch was not stored, and what to do about it.
package struct LaneStoreError: Error, Sendable {
    /// What to do about it.
    package enum Remedy: Sendable, Hashable {
        /// Run the same transaction again.
        case retry
        /// Drop both connections and come back after a pause; the broker keeps the messages.
        case reconnect
        /// As `reconnect`; when it goes on, a person has to mend something.
        case reconnectAFewTimes
        /// A person has to mend something.
        case stop
    }

    package var remedy: Remedy
    package var message: String

    package init(_ remedy: Remedy, _ message: String) {
        self.remedy = remedy
        self.message = message
    }
}
