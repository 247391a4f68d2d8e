/// Who reports: the terminal's name in its topic, 1–32 of `A-Z a-z 0-9 _ -`; a JT/T 808 phone number stands without
/// its leading zeros.
package struct TerminalID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name's bytes from the highest byte of the first on, and zeros behind them, which no name holds. In place
    /// rather than in a `String`: a message asks for its terminal half a dozen times, and this is compared and hashed
    /// without a look elsewhere, and copied without counting references. Its order is that of the names.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init?(_ text: some StringProtocol) {
        guard (1...32).contains(text.utf8.count) else { return nil }
        for (index, byte) in text.utf8.enumerated() {
            guard Self.isAllowed(byte) else { return nil }
            self.put(byte, at: index)
        }
    }

    /// The same on bytes.
    package init?(_ bytes: Span<UInt8>) {
        guard (1...32).contains(bytes.count) else { return nil }
        for index in bytes.indices {
            guard Self.isAllowed(bytes[index]) else { return nil }
            self.put(bytes[index], at: index)
        }
    }

    private mutating func put(_ byte: UInt8, at index: Int) {
        let bits = UInt64(byte) << UInt64(56 - index % 8 * 8)
        switch index / 8 {
        case 0: self.words.0 |= bits
        case 1: self.words.1 |= bits
        case 2: self.words.2 |= bits
        default: self.words.3 |= bits
        }
    }

    package var text: String {
        let words = [self.words.0, self.words.1, self.words.2, self.words.3]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) } }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A phone number, which stands without its leading zeros (of zeros only, one stays); `nil` unless it is 1–32
    /// digits.
    package init?(phone bytes: Span<UInt8>) {
        guard (1...32).contains(bytes.count) else { return nil }
        var start = 0
        for index in bytes.indices {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            if index == start, bytes[index] == 0x30, index < bytes.count - 1 { start += 1 }
        }
        self.init(bytes.extracting(start..<bytes.count))
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = TerminalID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a terminal's name: \(text)"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }

    package var description: String { self.text }

    package static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension TerminalID: Comparable {
    package static func == (lhs: TerminalID, rhs: TerminalID) -> Bool { lhs.words == rhs.words }

    package static func < (lhs: TerminalID, rhs: TerminalID) -> Bool { lhs.words < rhs.words }

    /// Most names are short: a word of zeros says nothing that the words before it do not.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.words.0)
        if self.words.1 != 0 { hasher.combine(self.words.1) }
        if self.words.2 != 0 { hasher.combine(self.words.2) }
        if self.words.3 != 0 { hasher.combine(self.words.3) }
    }

    package func _rawHashValue(seed: Int) -> Int {
        let front = QuickHash.value(self.words.0, self.words.1, seed: seed)
        // Names of up to sixteen characters end here.
        guard self.words.2 != 0 else { return front }
        return QuickHash.value(self.words.2, self.words.3, seed: front)
    }
}
