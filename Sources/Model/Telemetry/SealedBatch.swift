package import Chronology

/// One sealed batch as its row in the log has it (decision D3): the compressed original and what is said of it.
package struct SealedBatch: Sendable, Hashable {
    package var number: Int64
    /// The raw messages as one zstd frame.
    package var sealed: [UInt8]
    package var hash: [UInt8]
    /// The hash of the batch before it, as it stood when this one was sealed; `nil` in batches older than this column.
    package var previousHash: [UInt8]?
    package var messageCount: Int
    package var rawByteCount: Int
    package var counts: MessageCounts
    package var firstReceivedAt: Instant
    package var lastReceivedAt: Instant

    package init(
        number: Int64, sealed: [UInt8], hash: [UInt8], previousHash: [UInt8]?, messageCount: Int, rawByteCount: Int,
        counts: MessageCounts, firstReceivedAt: Instant, lastReceivedAt: Instant
    ) {
        self.number = number
        self.sealed = sealed
        self.hash = hash
        self.previousHash = previousHash
        self.messageCount = messageCount
        self.rawByteCount = rawByteCount
        self.counts = counts
        self.firstReceivedAt = firstReceivedAt
        self.lastReceivedAt = lastReceivedAt
    }
}

/// A place in a lane's chain: a batch's number and hash. Number 0 with the genesis hash stands before the first batch.
package struct ChainLink: Sendable, Hashable {
    package var number: Int64
    package var hash: [UInt8]

    package init(number: Int64, hash: [UInt8]) {
        self.number = number
        self.hash = hash
    }
}
