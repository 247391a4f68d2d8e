import Chronology
import Testing

@testable import Seals

@Suite struct BatchSealTests {
    private func batch() -> RawBatch {
        var batch = RawBatch()
        for number in 0..<100 {
            batch.append(
                topic: Array("fleet/v1/T\(number)/position".utf8).span, payload: Array("{\"n\":\(number)}\0".utf8).span,
                receivedAt: Instant(microseconds: Int64(number)))
        }
        return batch
    }

    @Test func whatIsSealedCanBeReadBack() throws {
        let batch = self.batch()
        let seal = try BatchSeal.seal(
            batch, lane: 3, number: 7, after: BatchSeal.genesis, compressor: try ZstdCompressor())
        let string = try ZstdCompressor.decompress(seal.compressed, limit: 1 << 20)
        #expect(string.count == seal.rawByteCount)
        #expect(BatchSeal.hash(string, after: BatchSeal.genesis) == seal.hash)
        let back = try #require(BatchSeal.messages(of: string, lane: 3, number: 7))
        #expect(back.bytes == batch.bytes)
        #expect(back.messages == batch.messages)
        #expect(BatchSeal.messages(of: string, lane: 3, number: 8) == nil)
    }

    /// The clock may be set back between two messages, and lengths take one to three bytes.
    @Test func timesThatJumpAndLengthsOfAllSizesComeBack() throws {
        var batch = RawBatch()
        let times: [Int64] = [1_772_439_330_000_000, 0, .max, .min, -1, 1_772_439_330_000_001]
        for (time, length) in zip(times, [0, 127, 128, 16_383, 16_384, 250]) {
            batch.append(
                topic: Array("t".utf8).span, payload: [UInt8](repeating: 7, count: length).span,
                receivedAt: Instant(microseconds: time))
        }
        let string = BatchSeal.string(batch, lane: -1, number: .max)
        let back = try #require(BatchSeal.messages(of: string, lane: -1, number: .max))
        #expect(back.messages == batch.messages)
        #expect(back.bytes == batch.bytes)
    }

    @Test func lengthsThatClaimTooMuchAreRefused() {
        let header = Array(BatchSeal.string(RawBatch(), lane: 1, number: 1).dropLast(4)) + [1, 0, 0, 0]
        let endless = [UInt8](repeating: 0xFF, count: 11)
        for lengths in [[0xFF], [0x80], endless, Array(endless.prefix(9)) + [1], [5], [127, 65]] as [[UInt8]] {
            #expect(BatchSeal.messages(of: header + [0] + lengths, lane: 1, number: 1) == nil)
            #expect(BatchSeal.messages(of: header + lengths, lane: 1, number: 1) == nil)
        }
    }

    @Test func everyChangedByteChangesTheHash() throws {
        let string = BatchSeal.string(self.batch(), lane: 1, number: 1)
        let hash = BatchSeal.hash(string, after: BatchSeal.genesis)
        for index in stride(from: 0, to: string.count, by: 97) {
            var changed = string
            changed[index] ^= 1
            #expect(BatchSeal.hash(changed, after: BatchSeal.genesis) != hash)
        }
        #expect(BatchSeal.hash(string, after: hash) != hash)
    }

    @Test func aTruncatedStringIsRefused() {
        let string = BatchSeal.string(self.batch(), lane: 1, number: 1)
        for length in 0..<string.count where length % 13 == 0 {
            #expect(BatchSeal.messages(of: Array(string.prefix(length)), lane: 1, number: 1) == nil)
        }
        #expect(BatchSeal.messages(of: string + [0], lane: 1, number: 1) == nil)
    }

    @Test func aFrameThatClaimsTooMuchIsRefused() throws {
        let frame = try ZstdCompressor().compress([UInt8](repeating: 7, count: 10_000))
        #expect(throws: ZstdError.self) { try ZstdCompressor.decompress(frame, limit: 9_999) }
        #expect(throws: ZstdError.self) { try ZstdCompressor.decompress([1, 2, 3], limit: 9_999) }
    }
}
