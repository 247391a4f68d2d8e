/// How the name of a terminal in a topic or a frame is compared with the name in a register.
///
/// A name matches exactly, letter for letter. A phone number — a name of ASCII digits only — also matches without its
/// leading zeros, because JT/T 808 pads numbers to 12 or 20 digits; the exact match wins over the stripped one.
package enum TerminalNames {
    /// How well two names agree; the smaller, the better.
    package enum Match: Int, Sendable, Comparable {
        case exact, withoutLeadingZeros

        package static func < (lhs: Match, rhs: Match) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// Whether the name is a phone number: ASCII digits only, at least one.
    package static func isPhoneNumber(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A phone number without its leading zeros (of zeros only, one stays); any other name as it is.
    package static func stripped(_ name: String) -> String {
        guard Self.isPhoneNumber(name) else { return name }
        let digits = name.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    /// `nil` when the two names mean different terminals.
    package static func match(_ one: String, _ other: String) -> Match? {
        if one == other { return .exact }
        return Self.stripped(one) == Self.stripped(other) ? .withoutLeadingZeros : nil
    }
}
