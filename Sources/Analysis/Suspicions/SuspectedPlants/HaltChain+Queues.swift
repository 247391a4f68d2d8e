import Chronology
import Geodesy
import Tracks

/// Visits that were a wait for something else: nothing was unloaded there.
extension HaltChain {
    /// Whether the truck went from one visit to the next without leaving the neighbourhood.
    static func isNear(_ here: Visit, _ there: Visit, _ suspects: AnalysisParameters.Suspects) -> Bool {
        here.lastSpot.nearbyMetres(to: there.firstSpot) <= suspects.haulDistance
            && there.start.seconds(since: here.end) <= suspects.shuttle
    }

    /// Whether the visit was followed by one at a registered site close by.
    func isQueue(at index: Int, _ suspects: AnalysisParameters.Suspects) -> Bool {
        guard index + 1 < self.visits.count, case .site = self.visits[index + 1].locus else { return false }
        return Self.isNear(self.visits[index], self.visits[index + 1], suspects)
    }

    /// Whether the next visits, each close to the one before, lead into a registered plant: it waited at its gate.
    func isBeforeGate(_ index: Int, _ suspects: AnalysisParameters.Suspects) -> Bool {
        var next = index + 1
        while next < self.visits.count, Self.isNear(self.visits[next - 1], self.visits[next], suspects) {
            switch self.visits[next].locus {
            case .plant: return true
            case .site, .known, .silo: return false
            case .ground, .open: next += 1
            }
        }
        return false
    }

    /// Halts in a row that make a queue.
    private static let fewestOfQueue = 3

    /// Whether the visit is part of a queue that creeps: several halts in a row, none of them as long as a drop, and
    /// the last on another spot than the first. A pour is done on one spot.
    func isCreeping(at index: Int, _ parameters: AnalysisParameters) -> Bool {
        guard self.visits[index].longestHalt < parameters.suspects.unknownDrop else { return false }
        var (first, last, halts) = (index, index, self.visits[index].halts)
        while halts < Self.fewestOfQueue, first > 0, self.creepsOn(from: first - 1, parameters) {
            first -= 1
            halts += self.visits[first].halts
        }
        while halts < Self.fewestOfQueue, last + 1 < self.visits.count, self.creepsOn(from: last, parameters) {
            last += 1
            halts += self.visits[last].halts
        }
        let moved = self.visits[first].firstSpot.nearbyMetres(to: self.visits[last].lastSpot)
        return halts >= Self.fewestOfQueue && moved > parameters.suspects.spotRadius
    }

    /// Whether the visit and the next follow each other as halts of a queue do.
    private func creepsOn(from index: Int, _ parameters: AnalysisParameters) -> Bool {
        let (here, there) = (self.visits[index], self.visits[index + 1])
        return there.start.seconds(since: here.end) <= parameters.standing.mergeGap
            && Self.isNear(here, there, parameters.suspects)
            && [here, there].allSatisfy { visit in
                switch visit.locus {
                case .ground, .open: visit.longestHalt < parameters.suspects.unknownDrop
                case .plant, .site, .known, .silo: false
                }
            }
    }
}
