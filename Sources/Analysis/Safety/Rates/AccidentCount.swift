package import Chronology
package import Registers

/// Accidents counted by a definition card.
package struct AccidentCount: Hashable, Sendable {
    package private(set) var count = 0
    /// What is not known of them as the card asks for it.
    package private(set) var openDeaths = OpenDeaths()

    /// Of the accidents from the first to the last day, both included, in China. Rows with one id count once. An
    /// accident does not say what kind of truck it was: who asks for a kind gives its accidents, as those of the city.
    package init(
        of accidents: some Sequence<Accident>, in scope: RateScope, from: CivilDate, to: CivilDate, card: DefinitionCard
    ) {
        var seen: Set<String> = []
        for accident in accidents
        where scope.contains(district: accident.district, company: accident.company, kind: nil) {
            let date = accident.occurredAt.date(at: .shanghai)
            guard date >= from, date <= to, seen.insert(accident.accidentID).inserted else { continue }
            self.add(accident, card)
        }
    }

    private mutating func add(_ accident: Accident, _ card: DefinitionCard) {
        let deaths = accident.deaths(withinDays: card.deathWindowDays)
        switch card.numerator {
        case .accidents: self.count += 1
        case .fatalAccidents:
            if accident.isFatal(withinDays: card.deathWindowDays) {
                self.count += 1
            } else if deaths == nil {
                self.openDeaths.unclear += accident.severity?.saysNobodyDied ?? false ? 0 : 1
            } else if Self.isKnownFor7DaysAlone(accident, card) {
                self.openDeaths.byShorterWindow += accident.severity?.saysNobodyDied ?? false ? 0 : 1
            }
        case .deaths7Days, .deaths30Days:
            if let deaths, deaths >= 0 {
                let (sum, overflow) = self.count.addingReportingOverflow(deaths)
                self.count = overflow ? .max : sum
                let isOpen = Self.isKnownFor7DaysAlone(accident, card)
                self.openDeaths.byShorterWindow += isOpen && accident.severity?.saysNobodyDied != true ? 1 : 0
            } else if accident.isFatal(withinDays: 30) {
                self.openDeaths.leftOut += 1
            } else {
                self.openDeaths.unclear += accident.severity?.saysNobodyDied ?? false ? 0 : 1
            }
        }
    }

    private static func isKnownFor7DaysAlone(_ accident: Accident, _ card: DefinitionCard) -> Bool {
        card.deathWindowDays >= 30 && accident.deathsWithin30Days == nil && accident.deathsWithin7Days != nil
    }
}
