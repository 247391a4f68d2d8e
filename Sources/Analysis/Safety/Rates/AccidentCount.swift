package import Chronology
package import Registers

/// Accidents counted by a definition card.
package struct AccidentCount: Hashable, Sendable {
    package private(set) var count = 0
    /// Accidents that belong here and whose deaths nobody counted within the card's window: the count may be too low.
    package private(set) var uncounted = 0

    /// Of the accidents from the first to the last day, both included, in China. Rows with one id count once.
    package init(
        of accidents: some Sequence<Accident>, in scope: RateScope, from: CivilDate, to: CivilDate, card: DefinitionCard
    ) {
        var seen: Set<String> = []
        for accident in accidents where scope.contains(district: accident.district, company: accident.company) {
            let date = accident.occurredAt.date(at: .shanghai)
            guard date >= from, date <= to, seen.insert(accident.accidentID).inserted else { continue }
            self.add(accident, card)
        }
    }

    private mutating func add(_ accident: Accident, _ card: DefinitionCard) {
        switch card.numerator {
        case .accidents: self.count += 1
        case .fatalAccidents: self.count += accident.isFatal(withinDays: card.deathWindowDays) ? 1 : 0
        case .deaths7Days, .deaths30Days:
            let deaths = accident.deaths(withinDays: card.deathWindowDays)
            if let deaths, deaths >= 0 {
                let (sum, overflow) = self.count.addingReportingOverflow(deaths)
                self.count = overflow ? .max : sum
            } else if accident.isFatal(withinDays: 30) {
                self.uncounted += 1
            }
        }
    }
}
