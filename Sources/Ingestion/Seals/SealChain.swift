package import Telemetry

/// Walks one lane's chain of batches in order and finds its first break. The batches of a page are opened and hashed
/// on several cores: each needs of its predecessor only the hash that stands in the log.
package struct SealChain: Sendable {
    package let lane: Int32
    /// The last batch that held.
    package private(set) var end: ChainLink
    package private(set) var batchCount: Int64 = 0
    package private(set) var rawByteCount: Int64 = 0
    package private(set) var counts = MessageCounts()

    /// - Parameter start: the batch before the first one to come.
    package init(lane: Int32, after start: ChainLink) {
        self.lane = lane
        self.end = start
    }

    /// Takes the next batches, in order of number; throws at the first that does not hold.
    package mutating func take(_ batches: [SealedBatch]) async throws(SealBreak) {
        var held: [SealedBatch] = []
        var gap: SealBreak?
        var expected = self.end.number + 1
        for batch in batches {
            guard batch.number == expected else {
                gap = SealBreak(expected, .missing(through: batch.number - 1))
                break
            }
            held.append(batch)
            expected += 1
        }
        let first = await self.firstBreak(held)
        // What stands before a break has held.
        if let first { held.removeAll { $0.number >= first.batch } }
        for batch in held {
            self.batchCount += 1
            self.rawByteCount += Int64(batch.rawByteCount)
            self.counts += batch.counts
        }
        if let last = held.last { self.end = ChainLink(number: last.number, hash: last.hash) }
        if let found = first ?? gap { throw found }
    }

    /// Compares the end of the chain with what the lane says of it.
    package func finish(at head: ChainLink) throws(SealBreak) {
        guard self.end.number == head.number else {
            throw SealBreak(self.end.number, .headDiffers(said: head.number))
        }
        guard self.end.hash == head.hash else { throw SealBreak(self.end.number, .headHashDiffers) }
    }

    /// Compares the sums over all batches, those of dropped ones included, with the lane's.
    package func compare(sums said: MessageCounts, dropped: MessageCounts) throws(SealBreak) {
        var found = self.counts
        found += dropped
        let states: [(String, Int64, Int64)] = [
            ("stored", said.stored, found.stored), ("duplicate", said.duplicate, found.duplicate),
            ("quarantined", said.quarantined, found.quarantined), ("ignored", said.ignored, found.ignored),
            ("positions", said.positions, found.positions),
            ("camera_reports", said.cameraReports, found.cameraReports), ("alarms", said.alarms, found.alarms),
        ]
        for (state, said, found) in states where said != found {
            throw SealBreak(self.end.number, .sumDiffers(state: state, said: said, found: found))
        }
    }

    private func firstBreak(_ batches: [SealedBatch]) async -> SealBreak? {
        // As many pieces as a small machine has cores; the first break of the earliest piece is the first of all.
        let pieces = 4
        let length = max(1, (batches.count + pieces - 1) / pieces)
        return await withTaskGroup(of: SealBreak?.self) { group in
            for start in stride(from: 0, to: batches.count, by: length) {
                let before = start == 0 ? self.end.hash : batches[start - 1].hash
                let piece = batches[start..<min(batches.count, start + length)]
                group.addTask { Self.firstBreak(piece, lane: self.lane, after: before) }
            }
            var first: SealBreak?
            for await found in group {
                guard let found else { continue }
                if first.map({ found.batch < $0.batch }) ?? true { first = found }
            }
            return first
        }
    }

    private static func firstBreak(
        _ batches: ArraySlice<SealedBatch>, lane: Int32, after previous: [UInt8]
    ) -> SealBreak? {
        var previous = previous
        for batch in batches {
            do throws(SealBreak) {
                try BatchSeal.check(batch, lane: lane, after: previous)
            } catch {
                return error
            }
            previous = batch.hash
        }
        return nil
    }
}
