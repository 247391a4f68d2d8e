import Chronology
import FleetStore
import IngestionPipeline
import PostgresClient
import Seals
import Telemetry

/// Walks the chains of all lanes: the next page is fetched on the connection's queue while this one is hashed.
struct SealWalk {
    let worker: PostgresWorker
    /// Receive times: the batches between them are walked, with one on each side. Without them the whole chain is, and
    /// its sums are compared too.
    var from: Instant?
    var to: Instant?

    /// What was found in one lane.
    struct Outcome: Sendable {
        var name: String
        var batches: Int64 = 0
        var messages: Int64 = 0
        var rawBytes: Int64 = 0
        var milliseconds = 0
        var first: Int64?
        var last: Int64?
        /// Where the chain starts, when retention dropped what was before.
        var anchor: (number: Int64, note: String)?
        var failure: SealBreak?
    }

    /// Bytes that are fetched at once: large enough to keep the cores busy, small enough to hold twice in memory.
    private static let pageBytes = 8 << 20
    private static let pageRows = 2...1024

    /// One lane after the other; `said` is called after each.
    func run(_ said: (Outcome) -> Void) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for chain in try await self.worker.run({ try SealReader(connection: $0).chains() }) {
            let outcome = try await self.walkBesideRetention(chain)
            said(outcome)
            outcomes.append(outcome)
        }
        return outcomes
    }

    /// Retention may drop the oldest batches before they are fetched: where the chain begins later by now, the walk
    /// begins again from there.
    private func walkBesideRetention(_ lane: SealReader.LaneChain) async throws -> Outcome {
        var lane = lane
        while true {
            let outcome = try await self.walk(lane)
            guard let failure = outcome.failure, case .missing = failure.fault else { return outcome }
            let chains = try await self.worker.run { try SealReader(connection: $0).chains() }
            guard let now = chains.first(where: { $0.lane == lane.lane }), now.anchor.number > lane.anchor.number else {
                return outcome
            }
            lane = now
        }
    }

    private func walk(_ lane: SealReader.LaneChain) async throws -> Outcome {
        let begin = Clocks.monotonicMilliseconds()
        var outcome = Outcome(name: lane.name)
        if lane.anchor.number > 0 { outcome.anchor = (lane.anchor.number, lane.anchorNote ?? "") }
        let isWhole = self.from == nil && self.to == nil
        var start = lane.anchor
        var last = lane.head.number
        do {
            if !isWhole {
                let (from, to) = (self.from, self.to)
                let range = try await self.worker.run {
                    try SealReader(connection: $0).stretch(of: lane, from: from, to: to)
                }
                guard let range else { return outcome }
                start = try await self.link(before: range.lowerBound, in: lane)
                last = range.upperBound
            }
            var chain = SealChain(lane: lane.lane, after: start)
            defer {
                outcome.batches = chain.batchCount
                outcome.messages = chain.counts.received
                outcome.rawBytes = chain.rawByteCount
                outcome.first = chain.batchCount > 0 ? start.number + 1 : nil
                outcome.last = chain.batchCount > 0 ? chain.end.number : nil
                outcome.milliseconds = Clocks.monotonicMilliseconds() - begin
            }
            try await self.take(&chain, through: last)
            if last == lane.head.number {
                if lane.highestNumber > lane.head.number {
                    throw SealBreak(lane.highestNumber, .headDiffers(said: lane.head.number))
                }
                try chain.finish(at: lane.head)
            } else if chain.end.number < last {
                throw SealBreak(chain.end.number + 1, .missing(through: last))
            }
            if isWhole { try chain.compare(sums: lane.counts, dropped: lane.droppedCounts) }
        } catch let failure as SealBreak {
            outcome.failure = failure
        }
        return outcome
    }

    private func take(_ chain: inout SealChain, through last: Int64) async throws {
        let lane = chain.lane
        var page = try await self.page(
            of: lane, after: chain.end.number, through: last, limit: Self.pageRows.lowerBound)
        while let end = page.last?.number {
            let average = page.reduce(0) { $0 + $1.sealed.count } / page.count + 1
            let limit = min(max(Self.pageBytes / average, Self.pageRows.lowerBound), Self.pageRows.upperBound)
            async let next = self.page(of: lane, after: end, through: last, limit: limit)
            try await chain.take(page)
            Terminal.progress("\(end) / \(last)")
            page = try await next
        }
        Terminal.endProgress()
    }

    private func page(of lane: Int32, after number: Int64, through last: Int64, limit: Int) async throws
        -> [SealedBatch]
    {
        try await self.worker.run {
            try SealReader(connection: $0).batches(of: lane, after: number, through: last, limit: limit)
        }
    }

    /// The link that the first batch of a stretch hangs on.
    private func link(before first: Int64, in lane: SealReader.LaneChain) async throws -> ChainLink {
        if first - 1 == lane.anchor.number { return lane.anchor }
        let found = try await self.worker.run { try SealReader(connection: $0).link(first - 1, of: lane.lane) }
        guard let found else { throw SealBreak(first - 1, .missing(through: first - 1)) }
        return found
    }
}
