import Suspicions

/// How well the analysis did: counts of drops, and what follows from them.
package struct ScoreTable: Hashable, Sendable {
    /// One rule: the true drops that it ought to hit, the found drops that it hit, and those that are both.
    package struct Rule: Hashable, Sendable {
        package var expected = 0
        package var hits = 0
        package var right = 0

        package init() {}

        /// `nil` where nothing was expected.
        package var recall: Double? { ratio(self.right, self.expected) }
        /// `nil` where nothing was hit.
        package var precision: Double? { ratio(self.right, self.hits) }
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
    /// Seconds, over the pairs; `nil` without pairs.
    package var medianUnloadStartError: Double?
    package var medianUnloadEndError: Double?
    /// Over the pairs whose load was seen.
    package var medianLoadStartError: Double?
    /// By code; only rules that the truth can foretell. An invented drop's hits count as wrong.
    package var rules: [String: Rule] = [:]

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
    mutating func countTruth(_ truth: [TruthDelivery]) {
        for drop in truth {
            if drop.isBlackSupply { self.blackSupply += 1 } else { self.honest += 1 }
            for code in drop.expectedRules { self.rules[code]?.expected += 1 }
        }
    }

    mutating func countInvented(_ found: [JudgedDelivery], matched: Set<Int>) {
        for (index, delivery) in found.enumerated() {
            for code in Set(delivery.suspicions) { self.rules[code]?.hits += 1 }
            if delivery.verdict == .insufficientData { self.insufficient += 1 }
            if !matched.contains(index), delivery.verdict == .suspicious { self.inventedAccused += 1 }
        }
    }

    mutating func count(truth: TruthDelivery, found: JudgedDelivery) {
        if truth.hasOrigin(of: found.delivery) { self.originsRight += 1 }
        if truth.hasDestination(of: found.delivery) { self.destinationsRight += 1 }
        if found.verdict == .suspicious {
            if truth.isBlackSupply { self.blackSupplyCaught += 1 } else { self.honestAccused += 1 }
        }
        for code in Set(found.suspicions) where truth.expectedRules.contains(code) { self.rules[code]?.right += 1 }
    }
}

private func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
}
