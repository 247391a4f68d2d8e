import Geodesy
import Registers
import Tracks

/// Grounds where trucks only wait: in a yard before the site, loaded, or before the plant, empty.
///
/// Each trip was loaded once. Two grounds that come up on the same trips explain the same loads, so that only one of
/// them is the plant; which, other things tell: trips on which only one was touched, sensors, cement tankers, trucks
/// that came loaded from a plant of the registers, halts shorter or longer than any load, a halt both before and after
/// the other as at a weighbridge, and a ground just before the site and far from where the trucks came from. Where they
/// tell nothing, or contradict each other, it stays open: one is named, and its card says so.
struct WaitingGrounds {
    /// They tell that trucks wait there.
    private(set) var sure = Set<Int>()
    /// As likely as not the plant, instead of the one that is named.
    private(set) var open = Set<Int>()
    private let map: HaltMap
    private let parameters: AnalysisParameters
    private var suspects: AnalysisParameters.Suspects { self.parameters.suspects }

    /// What the trips say of one ground.
    private struct Tally {
        var trips = 0
        /// Trips on which no other ground was touched.
        var alone = 0
        /// Trips on which the site is close by, and every ground touched before far away.
        var beforeSite = 0
        /// Trips on which sensors show a load here.
        var takes = 0
        /// How long its halts were.
        var seconds: [Double] = []

        var median: Double { self.seconds.isEmpty ? 0 : self.seconds[self.seconds.count / 2] }
    }

    /// Two grounds, in the order in which trips touched them first.
    private struct Pair: Hashable {
        var first: Int
        var second: Int
    }

    /// What the trips say of two grounds that they touched.
    private struct PairTally {
        var trips = 0
        /// Trips that touched the first again after the second.
        var around = 0
        /// Metres from the second to the drop, added up.
        var metresToDrop = 0.0
    }

    /// One of two grounds that explain the same loads is not the plant, or as likely as not.
    private struct Relation {
        var wait: Int
        var isSure: Bool
        var trips: Int
    }

    init(_ map: HaltMap, _ parameters: AnalysisParameters) {
        self.map = map
        self.parameters = parameters
        while true {
            let relations = self.relations().sorted {
                ($1.isSure ? 1 : 0, $1.trips, $0.wait) < ($0.isSure ? 1 : 0, $0.trips, $1.wait)
            }
            guard let best = relations.first else { break }
            if best.isSure {
                for relation in relations where relation.isSure { self.sure.insert(relation.wait) }
            } else {
                self.open.insert(best.wait)
            }
        }
    }

    var all: Set<Int> { self.sure.union(self.open) }

    /// Gives up the grounds whose trips the plants that were found do not explain; `false`: there are none.
    mutating func keepOnlyExplained(by plants: Set<Int>) -> Bool {
        let waits = self.all
        var (trips, explained) = ([Int: Int](), [Int: Int]())
        for trip in self.map.trips {
            let grounds = Set(trip.halts.map(\.ground))
            let isExplained = !grounds.isDisjoint(with: plants)
            for ground in grounds where waits.contains(ground) {
                trips[ground, default: 0] += 1
                if isExplained { explained[ground, default: 0] += 1 }
            }
        }
        let lost = waits.filter { !self.isMost(explained[$0] ?? 0, of: trips[$0] ?? 0) }
        self.sure.subtract(lost)
        self.open.subtract(lost)
        return !lost.isEmpty
    }

    /// For every other ground the waiting places that at least half of its trips touched, those with most trips first.
    func companions() -> [Int: [PlantEvidence.Companion]] {
        let waits = self.all
        var (trips, shared) = ([Int: Int](), [Pair: (trips: Int, before: Int)]())
        for trip in self.map.trips {
            let grounds = self.distinct(trip, without: [])
            for (index, ground) in grounds.enumerated() where !waits.contains(ground) {
                trips[ground, default: 0] += 1
                for (other, wait) in grounds.enumerated() where waits.contains(wait) {
                    shared[Pair(first: ground, second: wait), default: (0, 0)].trips += 1
                    if other < index { shared[Pair(first: ground, second: wait), default: (0, 0)].before += 1 }
                }
            }
        }
        var found: [Int: [PlantEvidence.Companion]] = [:]
        let ranked = shared.sorted { ($1.value.trips, $0.key.second) < ($0.value.trips, $1.key.second) }
        for (pair, count) in ranked where count.trips * 2 >= trips[pair.first] ?? 0 {
            found[pair.first, default: []].append(
                PlantEvidence.Companion(
                    coordinate: self.map.grounds.centers[pair.second],
                    metres: self.map.metres(pair.first, pair.second), trips: count.trips,
                    isBefore: count.before * 2 > count.trips, isOpen: self.open.contains(pair.second)))
        }
        return found
    }

    private func isMost(_ some: Int, of all: Int) -> Bool { Double(some) >= self.suspects.nearlyAlways * Double(all) }

    /// The grounds of a trip, each once, in the order in which it touched them first.
    private func distinct(_ trip: Trip, without waits: Set<Int>) -> [Int] {
        var grounds: [Int] = []
        for halt in trip.halts where !waits.contains(halt.ground) && !grounds.contains(halt.ground) {
            grounds.append(halt.ground)
        }
        return grounds
    }

    private func relations() -> [Relation] {
        let waits = self.all
        var (tallies, pairs) = ([Int: Tally](), [Pair: PairTally]())
        for trip in self.map.trips {
            let grounds = self.distinct(trip, without: waits)
            for (index, ground) in grounds.enumerated() {
                var tally = tallies[ground] ?? Tally()
                let metres = self.map.grounds.centers[ground].nearbyMetres(to: trip.drop)
                let others = grounds.filter { $0 != ground && !self.map.neighbours[ground].contains($0) }
                tally.trips += 1
                if others.isEmpty { tally.alone += 1 }
                if index > 0, metres <= self.suspects.waitDistance,
                    grounds[..<index].allSatisfy({ self.isFar($0, from: ground, trip.drop, metres) })
                {
                    tally.beforeSite += 1
                }
                let halts = trip.halts.filter { $0.ground == ground }
                if halts.contains(where: \.takesLoad) { tally.takes += 1 }
                tally.seconds.append(halts.map(\.seconds).max() ?? 0)
                tallies[ground] = tally
                for first in grounds[..<index] where !self.map.neighbours[ground].contains(first) {
                    var pair = pairs[Pair(first: first, second: ground)] ?? PairTally()
                    pair.trips += 1
                    pair.metresToDrop += metres
                    let last = trip.halts.lastIndex { $0.ground == first } ?? 0
                    if last > trip.halts.firstIndex(where: { $0.ground == ground }) ?? last { pair.around += 1 }
                    pairs[Pair(first: first, second: ground)] = pair
                }
            }
        }
        for ground in tallies.keys { tallies[ground]?.seconds.sort() }
        return pairs.compactMap { pair, count in
            let reverse = pairs[Pair(first: pair.second, second: pair.first)]?.trips ?? 0
            guard let first = tallies[pair.first], let second = tallies[pair.second],
                self.isMost(count.trips, of: count.trips + reverse)
            else { return nil }
            return self.relation(pair, count, first, second)
        }
    }

    /// Whether a ground is many times as far from another, and from the site close to that, as these two are apart.
    private func isFar(_ ground: Int, from other: Int, _ drop: Coordinate, _ metres: Double) -> Bool {
        let away = min(self.map.metres(ground, other), self.map.grounds.centers[ground].nearbyMetres(to: drop))
        return away >= self.suspects.waitDetour * metres
    }

    private func relation(_ pair: Pair, _ count: PairTally, _ first: Tally, _ second: Tally) -> Relation? {
        guard count.trips >= self.suspects.fewestLoads else { return nil }
        let isFirstBound = self.isMost(count.trips, of: first.trips) && self.isUsual(pair.first, first)
        let isSecondBound = self.isMost(count.trips, of: second.trips) && self.isUsual(pair.second, second)
        let isBeforeSite = self.isMost(second.beforeSite, of: second.trips) && self.isUsual(pair.second, second)
        guard isFirstBound || isSecondBound || isBeforeSite else { return nil }
        let votes = self.votes(pair, count, first, second) + (isBeforeSite ? [true] : [])
        let (isFirst, isSecond) = (votes.contains(true), votes.contains(false))
        if isFirst, !isSecond {
            guard isSecondBound || isBeforeSite else { return nil }
            return Relation(wait: pair.second, isSure: true, trips: count.trips)
        }
        if isSecond, !isFirst {
            return isFirstBound ? Relation(wait: pair.first, isSure: true, trips: count.trips) : nil
        }
        guard isFirstBound, isSecondBound else { return nil }
        // Empty trucks wait near the plant, loaded ones near the site.
        let isNearPlant = self.map.metres(pair.first, pair.second) < count.metresToDrop / Double(count.trips)
        return Relation(wait: isNearPlant ? pair.first : pair.second, isSure: false, trips: count.trips)
    }

    /// Whether what trucks did at the ground was mostly such trips.
    private func isUsual(_ ground: Int, _ tally: Tally) -> Bool {
        let visits = self.map.visits[ground].filter { position in
            let chain = self.map.chains[position.chain]
            let seconds = chain.visits[position.visit].seconds
            return chain.kind == .mixer && seconds >= self.suspects.shortestLoad && seconds <= self.suspects.longestLoad
        }
        return tally.trips * 2 >= visits.count - self.map.licensed[ground]
    }

    /// What tells which of the two is the plant: `true` for the first.
    private func votes(_ pair: Pair, _ count: PairTally, _ first: Tally, _ second: Tally) -> [Bool] {
        var votes: [Bool] = []
        if first.takes >= 3, first.takes >= 3 * second.takes { votes.append(true) }
        if second.takes >= 3, second.takes >= 3 * first.takes { votes.append(false) }
        let tankers = (self.tankerVisits(pair.first), self.tankerVisits(pair.second))
        if tankers.0 >= 2, tankers.1 == 0 { votes.append(true) }
        if tankers.1 >= 2, tankers.0 == 0 { votes.append(false) }
        let licensed = (self.licensedShare(pair.first, first), self.licensedShare(pair.second, second))
        if licensed.1 >= 0.2, licensed.1 >= 3 * licensed.0 { votes.append(true) }
        if licensed.0 >= 0.2, licensed.0 >= 3 * licensed.1 { votes.append(false) }
        if self.hasOwnTrips(first), first.alone >= 4 * second.alone { votes.append(true) }
        if self.hasOwnTrips(second), second.alone >= 4 * first.alone { votes.append(false) }
        if self.isMost(count.around, of: count.trips) { votes.append(false) }
        if self.isLikeALoad(first.median), self.isUnlikeALoad(second.median) { votes.append(true) }
        if self.isLikeALoad(second.median), self.isUnlikeALoad(first.median) { votes.append(false) }
        return votes
    }

    private func isLikeALoad(_ seconds: Double) -> Bool {
        seconds >= self.suspects.usualLoadShortest && seconds <= self.suspects.usualLoadLongest
    }

    /// Clearly so: a minute more or less decides nothing.
    private func isUnlikeALoad(_ seconds: Double) -> Bool {
        seconds * 1.25 <= self.suspects.usualLoadShortest || seconds >= 1.25 * self.suspects.usualLoadLongest
    }

    private func hasOwnTrips(_ tally: Tally) -> Bool { tally.alone >= 3 && tally.alone * 10 >= tally.trips }

    /// How many of the halts there belong to loads of plants of the registers.
    private func licensedShare(_ ground: Int, _ tally: Tally) -> Double {
        Double(self.map.licensed[ground]) / Double(max(1, self.map.licensed[ground] + tally.trips))
    }

    private func tankerVisits(_ ground: Int) -> Int {
        self.map.visits[ground].count { position in
            let chain = self.map.chains[position.chain]
            let seconds = chain.visits[position.visit].seconds
            return chain.kind == .bulkCement && seconds >= self.suspects.tankerUnload
                && seconds <= self.suspects.tankerLongest
        }
    }
}
