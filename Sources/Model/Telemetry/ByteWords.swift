/// Eight bytes at a time: how a scanner looks at text without a step for each byte.
extension Span<UInt8> {
    /// The eight bytes from `index` on, the first one lowest; zeros past the end.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        self.holds(8, at: index) ? self.wordInside(at: index) : self.lastWord(at: index)
    }

    /// The same where `holds(8, at: index)` is known.
    @inline(__always)
    func wordInside(at index: Int) -> UInt64 {
        // Every pattern of bits is a valid UInt64.
        UInt64(littleEndian: self.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// Four bytes, where `holds(4, at: index)` is known.
    @inline(__always)
    func halfWordInside(at index: Int) -> UInt32 {
        UInt32(littleEndian: self.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt32.self))
    }

    /// Whether there are so many bytes from `index` on.
    @inline(__always)
    func holds(_ count: UInt, at index: Int) -> Bool {
        UInt(bitPattern: index) &+ count <= UInt(bitPattern: self.count)
    }

    @inline(never)
    private func lastWord(at index: Int) -> UInt64 {
        let last = self.count - 8
        guard index < self.count else { return 0 }
        if last >= 0 { return self.wordInside(at: last) >> UInt64((index - last) * 8) }
        var word: UInt64 = 0
        for position in stride(from: self.count - 1, through: index, by: -1) {
            word = word << 8 | UInt64(self[position])
        }
        return word
    }
}

/// A short name as two words, to be compared at once: sixteen bytes, the first one lowest, zeros behind the name. A
/// zero byte in the name is not told from its end; where one can be (not in JSON), compare the lengths too.
struct NameCode: Hashable, Sendable {
    static let maximumLength = 16

    let low: UInt64
    let high: UInt64

    @inline(__always)
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// `nil` for more than `maximumLength` bytes.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count <= Self.maximumLength else { return nil }
        self.low = bytes.word(at: range.lowerBound).first(range.count)
        self.high = range.count > 8 ? bytes.word(at: range.lowerBound + 8).first(range.count - 8) : 0
    }

    /// All ones where a name of so many bytes stands.
    init(maskOf count: Int) {
        self.low = UInt64.max.first(count)
        self.high = count > 8 ? UInt64.max.first(count - 8) : 0
    }

    init?(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes.span, 0..<bytes.count)
    }
}

extension UInt64 {
    /// The lowest `count` bytes, zeros above.
    @inline(__always)
    func first(_ count: Int) -> UInt64 {
        count >= 8 ? self : self & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    /// One byte, counted from the lowest.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self &>> UInt64(truncatingIfNeeded: index &* 8))
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

/// Reads decimal digits, up to eight at once.
enum DigitWords {
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// How many digits the word begins with.
    @inline(__always)
    static func count(in word: UInt64) -> Int {
        // A byte above "9" carries into the top bit in the first term, one below "0" borrows from it in the second.
        // Carries go upwards only, so the lowest mark is right.
        let marks =
            ((word &+ 0x4646_4646_4646_4646) | (word &- self.zeros) | word) & 0x8080_8080_8080_8080
        return marks.trailingZeroBitCount >> 3
    }

    /// The number that the word's first `count` digits, one to eight of them, make: pairs, then fours, then all.
    @inline(__always)
    static func value(of word: UInt64, count: Int) -> UInt64 {
        // The missing digits become zeros in front.
        var value = (word &- self.zeros) &<< UInt64(truncatingIfNeeded: 64 &- count &* 8)
        value = (value &* 10 &+ value &>> 8) & 0x00FF_00FF_00FF_00FF
        value = (value &* 100 &+ value &>> 16) & 0x0000_FFFF_0000_FFFF
        return (value &* 10_000 &+ value &>> 32) & 0xFFFF_FFFF
    }
}
