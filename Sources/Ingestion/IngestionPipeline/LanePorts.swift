package import Chronology
package import Telemetry

/// Where messages come from: one MQTT session. Blocking, used by the lane's thread alone.
package protocol MessageSource {
    /// Connects and subscribes. Messages that arrive meanwhile go into `batch`.
    func connect(into batch: inout RawBatch) throws
    /// Reads what is there, up to `limit` messages, waiting up to `milliseconds` for the first.
    /// - Returns: whether the limit was reached, so that more may wait.
    func read(into batch: inout RawBatch, limit: Int, waitingUpTo milliseconds: Int32) throws -> Bool
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
    /// Stores one batch in one transaction. `settle` runs inside it, once the log has answered for every row.
    func commit(
        _ batch: ProcessedBatch, sealed: BatchSeal, number: Int64, raw: RawBatch
    ) throws(LaneStoreError) -> MessageCounts
    /// Writes the newest position of each vehicle and the lane's heartbeat.
    func publish(_ latest: [LoggedPosition], heartbeat: LaneHeartbeat) throws(LaneStoreError)
    func close()
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
