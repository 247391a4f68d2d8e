import Chronology

/// A cell of a printed row.
package enum RateCell: Hashable, Sendable {
    case text(String)
    case integer(Int?)
    /// `nil` is undefined, infinity unbounded.
    case number(Double?)
}

extension AccidentRate {
    /// The columns of `accident-rates`, exactly as `contract.md` §5 has them.
    package static let columns = [
        "scope", "period_from", "period_to", "definition", "count", "exposure", "exposure_unit", "rate", "low", "high",
        "baseline_rate", "ratio", "ratio_low", "ratio_high", "reduction", "target", "probability_target_met",
        "coverage",
    ]

    /// In the order of `columns`.
    package var cells: [RateCell] {
        [
            .text(self.scope.text), .text(self.periodFrom.description), .text(self.periodTo.description),
            .text(self.definition), .integer(self.isCounted ? self.count : nil), .number(self.exposure),
            .text(self.card.denominator.rawValue), .number(self.rate), .number(self.interval?.low),
            .number(self.interval?.high), .number(self.baselineRate), .number(self.ratio),
            .number(self.ratioInterval?.low), .number(self.ratioInterval?.high), .number(self.reduction),
            .number(self.card.baselineYear == nil ? nil : self.card.target), .number(self.target?.probability),
            .number(self.coverage),
        ]
    }

    /// The card's identifier, with what has to be known of this row's figures: that deaths come in clusters, which
    /// makes
    /// every interval of them too narrow, and that a probability rests on the prior alone.
    package var definition: String {
        var text = self.card.identifier
        if self.card.numerator.isDeaths { text += ";deaths=clustered" }
        if self.target?.restsOnPrior ?? false { text += ";probability=prior" }
        return text
    }
}
