/// Eight bytes at a time: how a scanner looks at text without a step for each byte.
extension Span<UInt8> {
    /// The eight bytes from `index` on, the first one lowest; zeros past the end.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        if index &+ 8 <= self.count {
            // Checked against the bounds; every pattern of bits is a valid UInt64.
            return UInt64(littleEndian: self.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
        }
        var word: UInt64 = 0
        var shift: UInt64 = 0
        var position = index
        while position < self.count {
            word |= UInt64(self[position]) << shift
            shift += 8
            position += 1
        }
        return word
    }
}

/// A short name as two words, to be compared at once.
struct NameCode: Hashable, Sendable {
    static let maximumLength = 16

    let low: UInt64
    let high: UInt64
    let count: Int

    /// `nil` for more than `maximumLength` bytes.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let count = range.upperBound &- range.lowerBound
        guard count <= Self.maximumLength else { return nil }
        self.count = count
        self.low = bytes.word(at: range.lowerBound) & Self.mask(count)
        self.high = count > 8 ? bytes.word(at: range.lowerBound &+ 8) & Self.mask(count &- 8) : 0
    }

    init?(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes.span, 0..<bytes.count)
    }

    /// The lowest `count` bytes.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
    }
}

/// Finds the bytes that end or interrupt a JSON string.
enum StringStops {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// How many bytes of the word come before the first quote, backslash or control character: 8 when there is none.
    /// (Alan Mycroft's test for a zero byte; marks above the lowest one may be wrong, that one never is.)
    @inline(__always)
    static func index(in word: UInt64) -> Int {
        let quote = word ^ (self.ones &* 0x22)
        let backslash = word ^ (self.ones &* 0x5C)
        let marks =
            ((quote &- self.ones) & ~quote | (backslash &- self.ones) & ~backslash
                | (word &- self.ones &* 0x20) & ~word) & self.tops
        return marks.trailingZeroBitCount >> 3
    }
}
