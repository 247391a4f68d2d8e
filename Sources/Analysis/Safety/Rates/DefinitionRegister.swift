import Registers

/// The register of definition cards: every version of their text, and every card that a figure can carry.
package enum DefinitionRegister {
    /// The oldest first; of each period the last is that of new figures.
    package static let texts = [DefinitionText.first, .second, .third, .fourth, .fifth, .sixth]

    /// One card with what its words mean. A figure's card names a baseline year as well, which changes no word.
    package struct Entry: Hashable, Sendable {
        package let card: DefinitionCard
        package let text: DefinitionText

        /// What holds for this card, in the order in which it should be read.
        package var clauses: [DefinitionText.Clause] {
            var parts = ["scope"]
            if !self.card.vehicleKinds.isEmpty { parts.append("kinds") }
            parts.append(self.card.numerator.rawValue)
            if self.card.numerator.isDeaths { parts.append("clusters") }
            parts += [self.card.denominator.rawValue, self.card.exposureSource.rawValue]
            parts += ["period", "rate", "baseline", "ratio", "target", "companies"]
            let source = self.card.exposureSource.rawValue
            return parts.compactMap { part in
                self.text.clauses.first { $0.part == "\(part).\(source)" || $0.part == part }
            }
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

    /// Every card of every version, of all kinds of trucks together.
    package static var entries: [Entry] {
        var entries: [Entry] = []
        for text in Self.texts {
            for numerator in DefinitionCard.Numerator.allCases {
                for denominator in DefinitionCard.Denominator.allCases {
                    for source in DefinitionCard.ExposureSource.allCases {
                        let card = DefinitionCard(
                            numerator: numerator, denominator: denominator, exposureSource: source,
                            period: text.period, version: text.version)
                        entries.append(Entry(card: card, text: text))
                    }
                }
            }
        }
        return entries
    }

    /// The entry that the column `definition` of a row means, whatever its baseline year and kinds of trucks, and
    /// whatever it says of the row's figures; `nil` for what no version has.
    package static func entry(of definition: String) -> Entry? {
        let ofTheRow = ["baseline="] + AccidentRate.flags
        let parts = definition.split(separator: ";").filter { part in !ofTheRow.contains { part.hasPrefix($0) } }
        let named = parts.filter { $0.hasPrefix(DefinitionCard.kindsPrefix) }
        let identifier = parts.filter { !$0.hasPrefix(DefinitionCard.kindsPrefix) }.joined(separator: ";")
        guard let entry = Self.entries.first(where: { $0.card.identifier == identifier }), named.count <= 1 else {
            return nil
        }
        guard let kinds = named.first?.dropFirst(DefinitionCard.kindsPrefix.count).split(separator: "+") else {
            return entry
        }
        guard !kinds.isEmpty, kinds.allSatisfy({ Vehicle.Kind(rawValue: String($0)) != nil }) else { return nil }
        let card = DefinitionCard(
            numerator: entry.card.numerator, denominator: entry.card.denominator,
            exposureSource: entry.card.exposureSource, period: entry.card.period,
            vehicleKinds: kinds.map { String($0) }, version: entry.card.version)
        return Entry(card: card, text: entry.text)
    }
}
