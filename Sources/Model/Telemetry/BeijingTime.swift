import Chronology

/// `YYMMDDhhmmss` on China's clocks as twelve digits, a nibble each: what JT/T 808 writes wherever it says a time.
struct BeijingTime: Hashable, Sendable {
    /// The last digit lowest; the uppermost 16 bits are empty.
    var digits: UInt64

    /// Six bytes that are known to be there.
    init(_ bytes: Span<UInt8>, at start: Int) {
        self.digits = 0
        for index in start..<(start + 6) { self.digits = self.digits << 8 | UInt64(bytes[index]) }
    }

    /// The same as text; `nil` unless it is twelve digits.
    init?(_ text: String) {
        guard text.utf8.count == 12 else { return nil }
        self.digits = 0
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            self.digits = self.digits << 4 | UInt64(byte - 0x30)
        }
    }

    /// The moment; `nil` when the digits are no date of 2000–2099 and time of day.
    var instant: Instant? {
        guard let year = self.pair(5), let month = self.pair(4), let day = self.pair(3), let hour = self.pair(2),
            let minute = self.pair(1), let second = self.pair(0), hour < 24, minute < 60, second < 60,
            let date = CivilDate(year: 2000 + year, month: month, day: day)
        else { return nil }
        let midnight = Instant(startOf: date, at: .shanghai).microseconds
        return Instant(microseconds: midnight + Int64(hour * 3600 + minute * 60 + second) * 1_000_000)
    }

    /// Two digits as a number, counted from the last pair; `nil` when a nibble is none.
    private func pair(_ place: Int) -> Int? {
        let pair = Int(truncatingIfNeeded: self.digits >> UInt64(place * 8) & 0xFF)
        guard pair >> 4 <= 9, pair & 0x0F <= 9 else { return nil }
        return (pair >> 4) * 10 + pair & 0x0F
    }
}
