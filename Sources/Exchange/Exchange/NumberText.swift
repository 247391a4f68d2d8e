/// Numbers as the machine formats write them.
package enum NumberText {
    /// The shortest decimal text that reads back as the same number; `inf` and `-inf` where it is unbounded, empty
    /// where it is undefined.
    package static func shortest(_ number: Double) -> String {
        guard !number.isNaN else { return "" }
        guard number.isFinite else { return number < 0 ? "-inf" : "inf" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// Decimal numbers as people type them into a register.
enum DecimalText {
    /// A finite number: a sign, digits, perhaps with a comma before each third, a fraction, an exponent. Not what
    /// `Double.init` also takes: `nan`, `inf`, `0x1p3`.
    static func number(_ text: String) -> Double? {
        var digits = Array(text.halfWidth.utf8)
        if digits.contains(UInt8(ascii: ",")) {
            guard Self.hasThousands(digits) else { return nil }
            digits.removeAll { $0 == UInt8(ascii: ",") }
        }
        guard Self.isDecimal(digits), let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite
        else { return nil }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isDecimal(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func takeDigits() -> Bool {
            let before = rest.count
            rest = rest.drop(while: Self.isDigit)
            return rest.count < before
        }
        func take(_ candidates: String) -> Bool {
            guard let first = rest.first, candidates.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take("+-")
        let hasWhole = takeDigits()
        let hasFraction = take(".") && takeDigits()
        guard hasWhole || hasFraction else { return false }
        if take("eE") {
            _ = take("+-")
            guard takeDigits() else { return false }
        }
        return rest.isEmpty
    }

    /// Whether every comma stands where thousands are separated: `1,200`, `12,345,678.5`; not `1,5`.
    private static func hasThousands(_ text: [UInt8]) -> Bool {
        let whole = text.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }.prefix { $0 != UInt8(ascii: ".") }
        let groups = whole.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return !text.drop { $0 != UInt8(ascii: ".") }.contains(UInt8(ascii: ","))
            && groups.allSatisfy { $0.allSatisfy(Self.isDigit) }
            && (1...3).contains(groups.first?.count ?? 0) && groups.dropFirst().allSatisfy { $0.count == 3 }
    }
}
