import Deliveries
package import Suspicions
import Chronology
import Geodesy
import Telemetry

/// Compares what the analysis found with what really happened.
package enum Score {
    /// Two unload intervals that lie further apart than this are not the same drop.
    package static let usualTolerance = 300.0

    /// Pairs true and found drops one to one, terminal by terminal, the longest common time first, and counts.
    /// - Parameters:
    ///   - truth: every drop of the period.
    ///   - found: what was derived for the same period; drops of terminals that the truth does not know are invented.
    ///   - tolerance: seconds that may lie between two unload intervals of one pair.
    /// - Returns: the counts, and what follows from them.
    package static func compare(
        truth: [TruthDelivery], found: [JudgedDelivery], incidents: [TruthIncident] = [],
        tolerance: Double = Score.usualTolerance
    ) -> ScoreTable {
        let truth = truth.map(\.asRecorded)
        let pairs = Self.pairs(truth: truth, found: found, tolerance: tolerance)
        var table = ScoreTable()
        table.trueDeliveries = truth.count
        table.foundDeliveries = found.count
        table.matched = pairs.count
        table.countInvented(found, matched: Set(pairs.map(\.found)))
        table.countTruth(truth)
        table.medianUnloadStartError = Self.median(
            pairs.map { abs(found[$0.found].delivery.unloadStart.seconds(since: truth[$0.truth].unloadStart)) })
        table.medianUnloadEndError = Self.median(
            pairs.map { abs(found[$0.found].delivery.unloadEnd.seconds(since: truth[$0.truth].unloadEnd)) })
        table.medianLoadStartError = Self.median(
            pairs.compactMap { pair in
                found[pair.found].delivery.loadStart.map {
                    abs($0.seconds(since: truth[pair.truth].loadStart))
                }
            })
        for pair in pairs { table.count(truth: truth[pair.truth], found: found[pair.found]) }
        let matched = Set(pairs.map(\.found))
        table.countInvented(found.indices.filter { !matched.contains($0) }.map { found[$0] }, by: incidents)
        return table
    }

    /// Loads of a hidden plant from which on it has to be found.
    package static let enoughLoads = 10

    /// Counts the hidden plants that were used often enough to be found, and those found within `tolerance` metres of
    /// their yard. One with fewer loads need not be found, and is no mistake if it is: a hit that is wrong is a
    /// suspected place at which no hidden plant is.
    package static func compare(
        hiddenPlants truth: [TruthHiddenPlant], found: [SuspectedPlant], tolerance: Double = 100
    ) -> ScoreTable.Rule {
        func isAt(_ plant: TruthHiddenPlant, _ suspect: SuspectedPlant) -> Bool {
            suspect.coordinate.distanceMetres(to: plant.coordinate) <= plant.radiusMetres + tolerance
        }
        let used = truth.filter { $0.loads >= Self.enoughLoads }
        let found = found.filter { $0.status != .dismissed }
        var rule = ScoreTable.Rule()
        rule.expected = used.count
        rule.right = used.count { plant in found.contains { isAt(plant, $0) } }
        rule.hits = rule.right + found.count { suspect in !truth.contains { isAt($0, suspect) } }
        return rule
    }

    /// A true and a found drop, by index, that are taken for the same.
    package struct Pair: Hashable, Sendable {
        package var truth: Int
        package var found: Int
        /// Seconds that the two unload intervals share; negative: seconds between them.
        package var overlap: Double
        /// Seconds between the two starts, to choose between equals.
        package var startError: Double
    }

    /// The pairs that `compare` counts; an index that is in none is a drop that was missed, or invented.
    package static func pairs(
        truth: [TruthDelivery], found: [JudgedDelivery], tolerance: Double = Score.usualTolerance
    ) -> [Pair] {
        let byTerminal = Dictionary(grouping: found.indices) { found[$0].delivery.terminal.text }
        var candidates: [Pair] = []
        for (index, drop) in truth.enumerated() {
            for other in byTerminal[drop.terminal] ?? [] {
                let delivery = found[other].delivery
                let end = min(drop.unloadEnd, delivery.unloadEnd)
                let overlap = end.seconds(since: max(drop.unloadStart, delivery.unloadStart))
                guard overlap >= -tolerance else { continue }
                let startError = abs(delivery.unloadStart.seconds(since: drop.unloadStart))
                candidates.append(Pair(truth: index, found: other, overlap: overlap, startError: startError))
            }
        }
        candidates.sort {
            ($1.overlap, $0.startError, $0.truth, $0.found) < ($0.overlap, $1.startError, $1.truth, $1.found)
        }
        var takenTruth = Set<Int>()
        var takenFound = Set<Int>()
        return candidates.filter { pair in
            guard !takenTruth.contains(pair.truth), !takenFound.contains(pair.found) else { return false }
            takenTruth.insert(pair.truth)
            takenFound.insert(pair.found)
            return true
        }
    }

    /// The middle value, or the mean of the two in the middle; `nil` of nothing.
    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

extension TruthDelivery {
    /// By the clock of its terminal: what the analysis can know.
    package var asRecorded: TruthDelivery {
        guard self.edgeCases.contains(.clockOffset) else { return self }
        let seconds = Double(EdgeCase.clockOffsetSeconds)
        var delivery = self
        delivery.loadStart = self.loadStart.advanced(bySeconds: seconds)
        delivery.loadEnd = self.loadEnd.advanced(bySeconds: seconds)
        delivery.unloadStart = self.unloadStart.advanced(bySeconds: seconds)
        delivery.unloadEnd = self.unloadEnd.advanced(bySeconds: seconds)
        // Whether it was night nobody can tell by such a clock.
        delivery.expectedRules.removeAll { $0 == "night-pour" }
        return delivery
    }

    /// Metres from the true place within which a place without an id may be said to be.
    private static let placeTolerance = 200.0

    /// Whether `found` names the place of loading; where no register knows it, that it is none, and where.
    func hasOrigin(of found: Delivery) -> Bool {
        switch self.originKind {
        case .plant: found.origin.kind == .plant && found.origin.id == self.originID
        case .hiddenPlant: Self.isNowhere(found.origin, near: self.originCoordinate)
        }
    }

    /// The same for the place of unloading.
    func hasDestination(of found: Delivery) -> Bool {
        switch self.destinationKind {
        case .plant: found.destination.kind == .plant && found.destination.id == self.destinationID
        case .site: found.destination.kind == .site && found.destination.id == self.destinationID
        case .unregistered: Self.isNowhere(found.destination, near: self.destinationCoordinate)
        }
    }

    private static func isNowhere(_ end: DeliveryEnd, near coordinate: Coordinate) -> Bool {
        guard end.kind == .unknown || end.kind == .suspectedPlant else { return false }
        guard let stood = end.coordinate else { return false }
        return Plane.point(stood).distance(to: Plane.point(coordinate)) <= Self.placeTolerance
    }
}
