/// The register of definition cards: every version of their text, and every card that a figure can carry.
package enum DefinitionRegister {
    /// The oldest first; the last is that of new figures.
    package static let texts = [DefinitionText.first]

    /// One card with what its words mean. A figure's card names a baseline year as well, which changes no word.
    package struct Entry: Hashable, Sendable {
        package let card: DefinitionCard
        package let text: DefinitionText

        /// What holds for this card, in the order in which it should be read.
        package var clauses: [DefinitionText.Clause] {
            var parts = ["scope", self.card.numerator.rawValue]
            if self.card.numerator.isDeaths { parts.append("clusters") }
            parts += [self.card.denominator.rawValue, self.card.exposureSource.rawValue, "rate", "baseline", "ratio"]
            parts.append("target")
            return parts.compactMap { part in self.text.clauses.first { $0.part == part } }
        }

        package static let columns = [
            "definition", "version", "since", "fingerprint", "numerator", "death_window_days", "denominator", "per",
            "exposure", "target", "text_zh", "text_en",
        ]

        /// In the order of `columns`.
        package var cells: [RateCell] {
            let window = self.card.deathWindowDays
            return [
                .text(self.card.identifier), .integer(self.text.version), .text(self.text.since),
                .text(self.text.fingerprint), .text(self.card.numerator.rawValue),
                .integer(window > 0 ? window : nil), .text(self.card.denominator.rawValue),
                .number(self.card.denominator.unitSize), .text(self.card.exposureSource.rawValue),
                .number(self.card.target), .text(self.clauses.map(\.words.zh).joined()),
                .text(self.clauses.map(\.words.en).joined(separator: " ")),
            ]
        }
    }

    /// Every card of every version.
    package static var entries: [Entry] {
        var entries: [Entry] = []
        for text in Self.texts {
            for numerator in DefinitionCard.Numerator.allCases {
                for denominator in DefinitionCard.Denominator.allCases {
                    for source in DefinitionCard.ExposureSource.allCases {
                        let card = DefinitionCard(
                            numerator: numerator, denominator: denominator, exposureSource: source,
                            version: text.version)
                        entries.append(Entry(card: card, text: text))
                    }
                }
            }
        }
        return entries
    }

    /// The entry that the column `definition` of a row means, whatever its baseline year and whatever it says of the
    /// row's figures; `nil` for what no version has.
    package static func entry(of definition: String) -> Entry? {
        let ofTheRow = ["baseline="] + AccidentRate.flags
        let parts = definition.split(separator: ";").filter { part in !ofTheRow.contains { part.hasPrefix($0) } }
        let identifier = parts.joined(separator: ";")
        return Self.entries.first { $0.card.identifier == identifier }
    }
}
