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

    /// The card's identifier, with what has to be known of this row's figures: that one of its counts is by another
    /// window, that the register began within the period, that so many of its years were reported, that a year's
    /// reported exposure was taken for so many of its days, that the baseline's exposure came about in another way,
    /// that deaths of so many accidents are not known, that deaths come in clusters, which makes every interval of them
    /// too narrow, and that a probability rests on the prior alone.
    package var definition: String {
        var parts = [self.card.identifier]
        if let days = self.observation.otherWindow { parts.append("counted_window=\(days)d") }
        if let day = self.observation.countedSince { parts.append("counted_since=\(day)") }
        if let day = self.baseline?.countedSince { parts.append("baseline_counted_since=\(day)") }
        if self.observation.reportedYears > 0 { parts.append("reported_years=\(self.observation.reportedYears)") }
        if let days = self.observation.scaledTo { parts.append("exposure_days=\(days.over)/\(days.all)") }
        if let days = self.baseline?.scaledTo { parts.append("baseline_exposure_days=\(days.over)/\(days.all)") }
        if let days = self.baseline?.otherWindow { parts.append("baseline_window=\(days)d") }
        if self.isOfTwoMethods, let source = self.baseline?.source {
            parts.append("baseline_exposure=\(source.rawValue)")
        }
        let open = self.observation.openDeaths.total
        if open > 0 { parts.append("deaths_unknown=\(open)") }
        if self.card.numerator.isDeaths { parts.append("deaths=clustered") }
        if self.target?.restsOnPrior ?? false { parts.append("probability=prior") }
        return parts.joined(separator: ";")
    }

    /// What `definition` adds to the card's identifier.
    static let flags = [
        "counted_window=", "counted_since=", "baseline_counted_since=", "reported_years=", "exposure_days=",
        "baseline_exposure_days=", "baseline_window=",
        "baseline_exposure=", "deaths_unknown=", "deaths=", "probability=",
    ]

    /// Whether the exposures of the two years were come by in different ways, reported and measured.
    package var isOfTwoMethods: Bool {
        guard let now = self.observation.source, let before = self.baseline?.source,
            self.observation.measuredExposure != nil, self.baseline?.measuredExposure != nil
        else { return false }
        return now != before
    }
}
