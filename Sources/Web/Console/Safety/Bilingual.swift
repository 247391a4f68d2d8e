/// Words in both languages inside one text. The safety page is written once with all of them, and its last step takes
/// those of one reader, or of both in a file that is sent to others.
package enum Bilingual {
    /// Whose words are kept.
    package enum Reader: Hashable { case zh, en, everybody }

    // Of Unicode's private use: no text that people write holds them, and one that does loses them.
    private static let (opening, dividing, closing, below): (Character, Character, Character, Character) = (
        "\u{E000}", "\u{E001}", "\u{E002}", "\u{E003}"
    )

    /// 中文 and the English after it.
    package static func inline(_ zh: String, _ en: String) -> String { Self.joined(zh, en, Self.dividing) }

    /// 中文 and the English on a line of its own.
    static func block(_ zh: String, _ en: String) -> String { Self.joined(zh, en, Self.below) }

    private static func joined(_ zh: String, _ en: String, _ divider: Character) -> String {
        "\(Self.opening)\(Self.plain(zh))\(divider)\(Self.plain(en))\(Self.closing)"
    }

    /// Without marks of this kind.
    private static func plain(_ text: String) -> String {
        let marks = [Self.opening, Self.dividing, Self.closing, Self.below]
        return text.contains(where: marks.contains) ? text.filter { !marks.contains($0) } : text
    }

    /// Finished markup, with the words of that reader only.
    package static func words(of reader: Reader, in markup: String) -> String {
        var result = ""
        result.reserveCapacity(markup.utf8.count)
        let parts = markup.split(separator: Self.opening, omittingEmptySubsequences: false)
        result += Self.plain(String(parts[0]))
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: Self.closing),
                let middle = part[..<end].firstIndex(where: { $0 == Self.dividing || $0 == Self.below })
            else {
                // Somebody's text holds a mark of its own.
                result += Self.plain(String(part))
                continue
            }
            let (zh, en) = (part[..<middle], part[part.index(after: middle)..<end])
            switch reader {
            case .zh: result += zh
            case .en: result += en
            case .everybody:
                result +=
                    part[middle] == Self.below ? "\(zh)<span class=\"en\" lang=\"en\">\(en)</span>" : "\(zh) \(en)"
            }
            result += Self.plain(String(part[part.index(after: end)...]))
        }
        return result
    }
}
