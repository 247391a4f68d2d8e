import Deliveries
import Suspicions
import Telemetry

/// How well the analysis did: counts of drops, and what follows from them.
package struct ScoreTable: Hashable, Sendable {
    /// One rule: the true drops that it ought to hit, the found drops that it hit, and those that are both.
    package struct Rule: Hashable, Sendable {
        package var expected = 0
        package var hits = 0
        package var right = 0
        /// Expected, the drop was found, and the rule said openly that it cannot tell.
        package var insufficient = 0
        /// Trucks that an alert told of though there was nothing at all to tell of them by this rule.
        package var wronged = 0
        /// Alerts that the product itself took back; they are none of the hits.
        package var withdrawn = 0

        package init(expected: Int = 0, hits: Int = 0, right: Int = 0) {
            (self.expected, self.hits, self.right) = (expected, hits, right)
        }

        mutating func add(_ other: Rule) {
            self.expected += other.expected
            self.hits += other.hits
            self.right += other.right
            self.insufficient += other.insufficient
            self.wronged += other.wronged
            self.withdrawn += other.withdrawn
        }

        /// `nil` where nothing was expected.
        package var recall: Double? { ratio(self.right, self.expected) }
        /// `nil` where nothing was hit.
        package var precision: Double? { ratio(self.right, self.hits) }
    }

    /// The drops, or incidents without one, of one edge case.
    package struct Hardship: Hashable, Sendable {
        package var drops = 0
        package var found = 0
        /// Of those found: both places are right.
        package var placesRight = 0
        /// Found drops that are honest and were called suspicious.
        package var accused = 0
        /// Incidents, found drops that lie in one and never were, and of these the suspicious.
        package var incidents = 0
        package var invented = 0
        package var inventedAccused = 0

        package init() {}

        mutating func add(_ other: Hardship) {
            self.drops += other.drops
            self.found += other.found
            self.placesRight += other.placesRight
            self.accused += other.accused
            self.incidents += other.incidents
            self.invented += other.invented
            self.inventedAccused += other.inventedAccused
        }
    }

    package var trueDeliveries = 0
    package var foundDeliveries = 0
    /// Pairs of a true and a found drop.
    package var matched = 0
    /// Of the pairs: the place of loading, of unloading, is the right one.
    package var originsRight = 0
    package var destinationsRight = 0
    /// True drops of black supply, and those of them found with the verdict `suspicious`.
    package var blackSupply = 0
    package var blackSupplyCaught = 0
    /// True drops that are honest, and those of them found with the verdict `suspicious`.
    package var honest = 0
    package var honestAccused = 0
    /// Drops found `suspicious` that never happened.
    package var inventedAccused = 0
    /// Found drops with the verdict `insufficient_data`.
    package var insufficient = 0
    /// Places outside every register where trucks were truly loaded, places found suspected, and those that are both;
    /// `nil` where nobody asked.
    package var hiddenPlants: Rule?
    /// Seconds, over the pairs; `nil` without pairs.
    package var medianUnloadStartError: Double?
    package var medianUnloadEndError: Double?
    /// Over the pairs whose load was seen.
    package var medianLoadStartError: Double?
    /// By code; only rules that the truth can foretell, of drops, of notes and of terminals. An invented drop's hits
    /// count as wrong.
    package var rules: [String: Rule] = [:]
    package var edgeCases: [EdgeCase: Hardship] = [:]

    package init() {
        for code in TruthDelivery.knownRules { self.rules[code] = Rule() }
    }

    /// Share of the true drops that were found; `nil` without any.
    package var recall: Double? { ratio(self.matched, self.trueDeliveries) }
    /// Share of the found drops that are true; `nil` without any.
    package var precision: Double? { ratio(self.matched, self.foundDeliveries) }
    package var originShare: Double? { ratio(self.originsRight, self.matched) }
    package var destinationShare: Double? { ratio(self.destinationsRight, self.matched) }
    package var blackSupplyShare: Double? { ratio(self.blackSupplyCaught, self.blackSupply) }
    package var accusedShare: Double? { ratio(self.honestAccused, self.honest) }
}

extension ScoreTable {
    /// Takes in the rules about notes and terminals.
    package mutating func take(_ alerts: [String: Rule]) { self.rules.merge(alerts) { $1 } }

    /// Leaves out rules that nobody looked for.
    package mutating func forget(_ codes: [String]) { for code in codes { self.rules[code] = nil } }

    /// Adds the counts of another city; of the medians, which cannot be added, the larger one stays.
    package mutating func add(_ other: ScoreTable) {
        self.trueDeliveries += other.trueDeliveries
        self.foundDeliveries += other.foundDeliveries
        self.matched += other.matched
        self.originsRight += other.originsRight
        self.destinationsRight += other.destinationsRight
        self.blackSupply += other.blackSupply
        self.blackSupplyCaught += other.blackSupplyCaught
        self.honest += other.honest
        self.honestAccused += other.honestAccused
        self.inventedAccused += other.inventedAccused
        self.insufficient += other.insufficient
        func larger(_ one: Double?, _ two: Double?) -> Double? { [one, two].compactMap(\.self).max() }
        self.medianUnloadStartError = larger(self.medianUnloadStartError, other.medianUnloadStartError)
        self.medianUnloadEndError = larger(self.medianUnloadEndError, other.medianUnloadEndError)
        self.medianLoadStartError = larger(self.medianLoadStartError, other.medianLoadStartError)
        for (code, rule) in other.rules { self.rules[code, default: Rule()].add(rule) }
        for (edgeCase, hardship) in other.edgeCases { self.edgeCases[edgeCase, default: Hardship()].add(hardship) }
        if let hidden = other.hiddenPlants {
            var sum = self.hiddenPlants ?? Rule()
            sum.add(hidden)
            self.hiddenPlants = sum
        }
    }

    mutating func countTruth(_ truth: [TruthDelivery]) {
        for drop in truth {
            if drop.isBlackSupply { self.blackSupply += 1 } else { self.honest += 1 }
            for code in drop.expectedRules { self.rules[code]?.expected += 1 }
            for edgeCase in drop.edgeCases { self.edgeCases[edgeCase, default: Hardship()].drops += 1 }
        }
    }

    mutating func countInvented(_ found: [JudgedDelivery], matched: Set<Int>) {
        for (index, delivery) in found.enumerated() {
            for code in Set(delivery.suspicions) { self.rules[code]?.hits += 1 }
            if delivery.verdict == .insufficientData { self.insufficient += 1 }
            if !matched.contains(index), delivery.verdict == .suspicious { self.inventedAccused += 1 }
        }
    }

    /// Counts incidents, and found drops without a true one that lie in them.
    mutating func countInvented(_ invented: [JudgedDelivery], by incidents: [TruthIncident]) {
        for incident in incidents {
            var hardship = self.edgeCases[incident.edgeCase, default: Hardship()]
            hardship.incidents += 1
            let within = invented.filter { judged in
                let delivery = judged.delivery
                return delivery.terminal.text == incident.terminal && delivery.unloadStart < incident.end
                    && delivery.unloadEnd > incident.start
            }
            hardship.invented += within.count
            hardship.inventedAccused += within.count { $0.verdict == .suspicious }
            self.edgeCases[incident.edgeCase] = hardship
        }
    }

    mutating func count(truth: TruthDelivery, found: JudgedDelivery) {
        let (isOrigin, isDestination) = (truth.hasOrigin(of: found.delivery), truth.hasDestination(of: found.delivery))
        if isOrigin { self.originsRight += 1 }
        if isDestination { self.destinationsRight += 1 }
        for edgeCase in truth.edgeCases {
            var hardship = self.edgeCases[edgeCase, default: Hardship()]
            hardship.found += 1
            if isOrigin && isDestination { hardship.placesRight += 1 }
            if !truth.isBlackSupply, found.verdict == .suspicious { hardship.accused += 1 }
            self.edgeCases[edgeCase] = hardship
        }
        if found.verdict == .suspicious {
            if truth.isBlackSupply { self.blackSupplyCaught += 1 } else { self.honestAccused += 1 }
        }
        for judgement in found.judgements
        where judgement.outcome == .insufficient && truth.expectedRules.contains(judgement.rule) {
            self.rules[judgement.rule]?.insufficient += 1
        }
        for code in Set(found.suspicions) where truth.expectedRules.contains(code) { self.rules[code]?.right += 1 }
    }
}

private func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
}
