/// Who reports: the terminal's name in its topic, 1–32 of `A-Z a-z 0-9 _ -`; a JT/T 808 phone number stands without
/// its leading zeros.
package struct TerminalID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package init?(_ text: some StringProtocol) {
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = String(text)
    }

    /// The same on bytes.
    package init?(_ bytes: Span<UInt8>) {
        guard (1...32).contains(bytes.count) else { return nil }
        for index in bytes.indices {
            guard Self.isAllowed(bytes[index]) else { return nil }
        }
        // Letters, digits and two signs, as was just checked.
        self.text = String(copying: UTF8Span(unchecked: bytes, isKnownASCII: true))
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
    package static func < (lhs: TerminalID, rhs: TerminalID) -> Bool { lhs.text < rhs.text }
}
