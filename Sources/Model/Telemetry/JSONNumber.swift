/// A number of a JSON document: ± `mantissa` · 10^`exponent`, as written.
package struct JSONNumber: Sendable {
    package let range: Range<Int>
    private let isNegative: Bool
    private let mantissa: UInt64
    private let exponent: Int
    /// There are more digits than the mantissa holds, which then means nothing.
    private let isLong: Bool

    /// What a number is where only a whole one will do.
    package enum Whole: Hashable, Sendable {
        case value(Int64)
        /// It has a fraction.
        case fraction
        /// Beyond Int64.
        case beyond
    }

    /// Reads from the sign or the first digit on.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at start: Int) throws(JSONFailure) {
        let isNegative = start < bytes.count && bytes[start] == UInt8(ascii: "-")
        let first = isNegative ? start &+ 1 : start
        var mantissa: UInt64 = 0
        var position = Self.digits(bytes, from: first, into: &mantissa)
        var digitCount = position &- first
        // At least one digit, and no zero before others.
        guard digitCount == 1 || digitCount > 1 && bytes[first] != UInt8(ascii: "0") else {
            throw JSONFailure(.badNumber, at: first)
        }
        var exponent = 0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            let fraction = position &+ 1
            position = Self.digits(bytes, from: fraction, into: &mantissa)
            guard position > fraction else { throw JSONFailure(.badNumber, at: position) }
            exponent = fraction &- position
            digitCount &-= exponent
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            exponent &+= try Self.exponent(bytes, &position)
        }
        self.range = Range(uncheckedBounds: (start, position))
        self.isNegative = isNegative
        self.mantissa = mantissa
        self.exponent = exponent
        // Nineteen digits always fit into 64 bits.
        self.isLong = digitCount > 19
    }

    /// Takes the digits from `start` on into the number; gives where they end.
    @inline(__always)
    private static func digits(_ bytes: Span<UInt8>, from start: Int, into number: inout UInt64) -> Int {
        var position = start
        while true {
            let word = bytes.word(at: position)
            let count = DigitWords.count(in: word)
            guard count > 0 else { return position }
            // Whatever overflows is marked as long, and read another way.
            number = number &* Self.wholePowersOfTen[count] &+ DigitWords.value(of: word, count: count)
            position &+= count
            guard count == 8 else { return position }
        }
    }

    /// The value and the end of a number like `-12.5`: at most seven digits before the point and seven behind it, no
    /// exponent, and not at the document's very end. `nil` for any other, which `JSONNumber` reads or refuses.
    @inline(__always)
    static func short(_ bytes: Span<UInt8>, at start: Int) -> (value: Double, end: Int)? {
        // A sign, seven digits, a point, a word.
        guard bytes.holds(17, at: start) else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var position = isNegative ? start &+ 1 : start
        let whole = bytes.wordInside(at: position)
        var count = DigitWords.count(in: whole)
        guard count > 0, count < 8, count == 1 || whole.byte(0) != UInt8(ascii: "0") else { return nil }
        var value = Double(Int64(truncatingIfNeeded: DigitWords.value(of: whole, count: count)))
        var next = whole.byte(count)
        position &+= count
        if next == UInt8(ascii: ".") {
            let fraction = bytes.wordInside(at: position &+ 1)
            count = DigitWords.count(in: fraction)
            guard count > 0, count < 8 else { return nil }
            // Fourteen digits in all: everything before the division is exact.
            let power = Self.powersOfTen[count]
            value = value * power + Double(Int64(truncatingIfNeeded: DigitWords.value(of: fraction, count: count)))
            value /= power
            next = fraction.byte(count)
            position &+= count &+ 1
        }
        guard next | 0x20 != UInt8(ascii: "e") else { return nil }
        return (isNegative ? -value : value, position)
    }

    private static let wholePowersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
    ]

    /// The nearest double; `nil` beyond its range.
    @inline(__always)
    package func double(_ bytes: Span<UInt8>) -> Double? {
        // Both factors are exact, so the one rounding is right (Clinger, "How to Read Floating Point Numbers
        // Accurately", 1990).
        if !self.isLong, self.mantissa <= 1 << 53, self.exponent >= -22, self.exponent <= 22 {
            // Signed, because that is one instruction.
            let whole = Double(Int64(truncatingIfNeeded: self.mantissa))
            let power = Self.powersOfTen[Int(self.exponent.magnitude)]
            let value = self.exponent < 0 ? whole / power : whole * power
            return self.isNegative ? -value : value
        }
        return self.longDouble(bytes)
    }

    @inline(never)
    private func longDouble(_ bytes: Span<UInt8>) -> Double? {
        guard let value = Double(String(validUTF8: bytes.extracting(self.range))), value.isFinite else { return nil }
        return value
    }

    /// The number as a whole one, exactly; `1.0` and `1e3` are whole.
    package func whole(_ bytes: Span<UInt8>) -> Whole {
        guard self.isLong || self.exponent != 0 else { return self.signed(self.mantissa) }
        return self.wholeOfDigits(bytes)
    }

    private func wholeOfDigits(_ bytes: Span<UInt8>) -> Whole {
        var digits = Digits(bytes, self.range)
        // Digits.exponent counts from the last digit that is not zero.
        guard digits.count > 0 else { return .value(0) }
        let exponent = self.exponent + digits.trailingZeros
        guard exponent >= 0 else { return .fraction }
        guard digits.count + exponent <= 19 else { return .beyond }
        for _ in 0..<exponent { digits.value *= 10 }
        return self.signed(digits.value)
    }

    private func signed(_ magnitude: UInt64) -> Whole {
        if self.isNegative {
            return magnitude <= UInt64(Int64.max) + 1 ? .value(Int64(truncatingIfNeeded: 0 &- magnitude)) : .beyond
        }
        return Int64(exactly: magnitude).map { .value($0) } ?? .beyond
    }

    /// `+12` after the `e`; far beyond any use it stands still.
    private static func exponent(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONFailure) -> Int {
        var isNegative = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var value = 0
        while position < bytes.count, case let byte = bytes[position], byte >= 0x30, byte <= 0x39 {
            value = min(value * 10 + Int(byte - 0x30), 1_000_000_000)
            position += 1
        }
        guard position > start else { throw JSONFailure(.badNumber, at: position) }
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The digits of a number without zeros before and after.
    private struct Digits {
        /// How many there are.
        var count = 0
        /// The first nineteen of them.
        var value: UInt64 = 0
        var trailingZeros = 0

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            for index in range {
                let byte = bytes[index]
                if byte | 0x20 == UInt8(ascii: "e") { break }
                guard byte >= 0x30, byte <= 0x39 else { continue }
                if byte == 0x30 {
                    self.trailingZeros += self.count > 0 ? 1 : 0
                    continue
                }
                self.append(0, times: self.trailingZeros)
                self.trailingZeros = 0
                self.append(UInt64(byte - 0x30), times: 1)
            }
        }

        private mutating func append(_ digit: UInt64, times: Int) {
            for _ in 0..<times {
                self.count += 1
                if self.count <= 19 { self.value = self.value * 10 + digit }
            }
        }
    }
}
