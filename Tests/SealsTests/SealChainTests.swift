import Chronology
import Seals
import Telemetry
import Testing

/// Whatever is done to a chain, its first break is found and named.
@Suite struct SealChainTests {
    private static let genesis = ChainLink(number: 0, hash: BatchSeal.genesis)

    /// A lane's chain of `count` batches of different lengths.
    static func chain(_ count: Int, lane: Int32 = 1, after start: ChainLink = Self.genesis) throws -> [SealedBatch] {
        let compressor = try ZstdCompressor()
        var previous = start
        return try (0..<count).map { index in
            var raw = RawBatch()
            for message in 0...(index % 7) {
                raw.append(
                    topic: Array("fleet/v1/T\(message)/position".utf8).span,
                    payload: Array(#"{"n":\#(index * 100 + message)}"#.utf8).span,
                    receivedAt: Instant(seconds: 1_772_000_000 + Int64(index * 10 + message)))
            }
            let number = previous.number + 1
            let seal = try BatchSeal.seal(
                raw, lane: lane, number: number, after: previous.hash, compressor: compressor)
            var counts = MessageCounts()
            counts.stored = Int64(raw.messages.count)
            defer { previous = ChainLink(number: number, hash: seal.hash) }
            return SealedBatch(
                number: number, sealed: seal.compressed, hash: seal.hash, previousHash: previous.hash,
                messageCount: raw.messages.count, rawByteCount: seal.rawByteCount, counts: counts,
                firstReceivedAt: raw.messages[0].receivedAt,
                lastReceivedAt: raw.messages[raw.messages.count - 1].receivedAt)
        }
    }

    /// The first break of a chain that should end at `head`.
    private static func walk(_ batches: [SealedBatch], head: ChainLink, pages: Int = 5) async -> SealBreak? {
        var chain = SealChain(lane: 1, after: Self.genesis)
        do throws(SealBreak) {
            for start in stride(from: 0, to: batches.count, by: pages) {
                try await chain.take(Array(batches[start..<min(start + pages, batches.count)]))
            }
            try chain.finish(at: head)
            return nil
        } catch {
            return error
        }
    }

    private static func broken(_ meddle: (inout [SealedBatch]) -> Void) async throws -> SealBreak? {
        var batches = try Self.chain(20)
        let head = ChainLink(number: 20, hash: batches[19].hash)
        #expect(await Self.walk(batches, head: head) == nil)
        meddle(&batches)
        let found = await Self.walk(batches, head: head)
        // The same whatever the pages are.
        #expect(await Self.walk(batches, head: head, pages: 100) == found)
        #expect(await Self.walk(batches, head: head, pages: 1) == found)
        return found
    }

    @Test func everyFlippedByteIsFound() async throws {
        let length = try Self.chain(20)[11].sealed.count
        for index in 0..<length {
            let found = try await Self.broken { $0[11].sealed[index] ^= 0x20 }
            #expect(found?.batch == 12, "byte \(index)")
        }
    }

    @Test(arguments: [1, 5, 100])
    func whatStandsBeforeABreakHasHeld(pages: Int) async throws {
        var batches = try Self.chain(20)
        batches[11].sealed[8] ^= 1
        var chain = SealChain(lane: 1, after: Self.genesis)
        await #expect(throws: SealBreak.self) {
            for start in stride(from: 0, to: batches.count, by: pages) {
                try await chain.take(Array(batches[start..<min(start + pages, batches.count)]))
            }
        }
        #expect(chain.batchCount == 11)
        #expect(chain.end == ChainLink(number: 11, hash: batches[10].hash))
        #expect(chain.counts.stored == batches[..<11].reduce(0) { $0 + $1.counts.stored })
    }

    @Test func aChangedHashIsFoundAtItsBatch() async throws {
        let found = try await Self.broken { $0[4].hash[0] ^= 1 }
        #expect(found == SealBreak(5, .hashDiffers))
    }

    @Test func aBatchThatWasReplacedIsFoundAtTheNextOne() async throws {
        let found = try await Self.broken { batches in
            var raw = RawBatch()
            raw.append(
                topic: Array("t".utf8).span, payload: Array("forged".utf8).span,
                receivedAt: batches[4].firstReceivedAt)
            guard let compressor = try? ZstdCompressor(),
                let seal = try? BatchSeal.seal(
                    raw, lane: 1, number: 5, after: batches[3].hash, compressor: compressor)
            else { return }
            batches[4].sealed = seal.compressed
            batches[4].hash = seal.hash
            batches[4].messageCount = 1
            batches[4].counts.stored = 1
            batches[4].rawByteCount = seal.rawByteCount
            batches[4].lastReceivedAt = batches[4].firstReceivedAt
        }
        #expect(found == SealBreak(6, .previousHashDiffers))
    }

    @Test func aChangedCountIsFound() async throws {
        #expect(
            try await Self.broken { $0[2].messageCount += 1 }
                == SealBreak(3, .countDiffers(.messages, said: 4, found: 3)))
        #expect(
            try await Self.broken { $0[2].counts.stored -= 1 }
                == SealBreak(3, .countDiffers(.states, said: 2, found: 3)))
        let bytes = try await Self.broken { $0[2].rawByteCount += 1 }
        #expect(bytes?.batch == 3)
        let time = try await Self.broken { $0[2].lastReceivedAt = $0[2].firstReceivedAt }
        #expect(time?.batch == 3)
    }

    @Test func aMissingStretchIsNamed() async throws {
        #expect(try await Self.broken { $0.remove(at: 9) } == SealBreak(10, .missing(through: 10)))
        #expect(try await Self.broken { $0.removeSubrange(4...7) } == SealBreak(5, .missing(through: 8)))
        #expect(try await Self.broken { $0.removeFirst() } == SealBreak(1, .missing(through: 1)))
    }

    @Test func twoSwappedBatchesAreFound() async throws {
        let found = try await Self.broken { batches in
            (batches[6].sealed, batches[7].sealed) = (batches[7].sealed, batches[6].sealed)
            (batches[6].hash, batches[7].hash) = (batches[7].hash, batches[6].hash)
        }
        #expect(found?.batch == 7)
    }

    @Test func aCutTailIsFound() async throws {
        #expect(try await Self.broken { $0.removeLast(3) } == SealBreak(17, .headDiffers(said: 20)))
        var chain = SealChain(lane: 1, after: Self.genesis)
        try await chain.take(try Self.chain(3))
        #expect(throws: SealBreak(3, .headHashDiffers)) { try chain.finish(at: ChainLink(number: 3, hash: [])) }
    }

    @Test func aChangedSumIsFound() async throws {
        var chain = SealChain(lane: 1, after: Self.genesis)
        try await chain.take(try Self.chain(4))
        var said = chain.counts
        try chain.compare(sums: said, dropped: MessageCounts())
        said.stored -= 1
        said.duplicate += 1
        #expect(throws: SealBreak(4, .sumDiffers(state: "stored", said: 9, found: 10))) {
            try chain.compare(sums: said, dropped: MessageCounts())
        }
    }

    @Test func aChainMayStartLater() async throws {
        let batches = try Self.chain(10)
        var chain = SealChain(lane: 1, after: ChainLink(number: 4, hash: batches[3].hash))
        try await chain.take(Array(batches[4...]))
        #expect(chain.end == ChainLink(number: 10, hash: batches[9].hash))
        var wrong = SealChain(lane: 1, after: ChainLink(number: 4, hash: batches[2].hash))
        await #expect(throws: SealBreak(5, .previousHashDiffers)) { try await wrong.take(Array(batches[4...])) }
        var foreign = SealChain(lane: 2, after: Self.genesis)
        await #expect(throws: SealBreak(1, .notThisBatch)) { try await foreign.take(batches) }
    }

    @Test func batchesBeforeThePreviousHashWasKeptStillVerify() async throws {
        var batches = try Self.chain(6)
        for index in batches.indices { batches[index].previousHash = nil }
        #expect(await Self.walk(batches, head: ChainLink(number: 6, hash: batches[5].hash)) == nil)
        batches[2].hash[3] ^= 1
        #expect(await Self.walk(batches, head: ChainLink(number: 6, hash: batches[5].hash))?.batch == 3)
    }
}
