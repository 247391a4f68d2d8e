import Chronology
import Geodesy
import Registers
import Tracks

/// A truck's way to a certain drop with no plant of the registers on it: it was loaded on one of the grounds at which
/// it halted, and only stood at the others.
struct Trip {
    /// One halt, as long as a load takes.
    struct Halt: Hashable {
        var ground: Int
        var seconds: Double
        /// Whether sensors show that something was taken.
        var takesLoad: Bool
    }

    /// In the order of time; a ground may come up again.
    var halts: [Halt]
    var drop: Coordinate
}

extension HaltChain {
    /// What a visit is on a trip.
    private enum Step {
        case halt, plant, drop, rest, nothing
    }

    /// Finds the truck's trips and marks the visits on them; adds to `licensed`, by ground, the halts on the way to or
    /// from a plant of the registers, or between two drops of its load, which explains what the truck carried.
    mutating func findTrips(_ parameters: AnalysisParameters, licensed: inout [Int]) -> [Trip] {
        guard self.kind == .mixer else { return [] }
        var trips: [Trip] = []
        var halts: [Int] = []
        var plantLeft: Instant?
        for index in self.visits.indices {
            switch self.step(at: index, parameters) {
            case .nothing: continue
            case .halt:
                if self.visits[index].isInHaul {
                    for ground in self.grounds(of: [index]) { licensed[ground] += 1 }
                } else {
                    halts.append(index)
                }
                continue
            case .rest: plantLeft = nil
            case .plant:
                for ground in self.grounds(of: halts) { licensed[ground] += 1 }
                plantLeft = self.visits[index].end
            case .drop:
                let near = self.halts(halts, before: index, parameters.suspects)
                if self.isSoon(index, after: plantLeft, parameters.suspects) {
                    for ground in self.grounds(of: near) { licensed[ground] += 1 }
                } else if !near.isEmpty {
                    trips.append(self.trip(near, to: index, parameters.evidence))
                    self.mark(near)
                }
                plantLeft = nil
            }
            halts = []
        }
        return trips
    }

    private func grounds(of halts: [Int]) -> [Int] { halts.compactMap { self.visits[$0].ground } }

    /// Those from which a load may have come to the drop.
    private func halts(_ halts: [Int], before drop: Int, _ suspects: AnalysisParameters.Suspects) -> [Int] {
        let (start, place) = (self.visits[drop].start, self.visits[drop].coordinate)
        return halts.filter { halt in
            start.seconds(since: self.visits[halt].end) <= suspects.haul
                && place.nearbyMetres(to: self.visits[halt].coordinate) >= suspects.haulDistance
        }
    }

    private func isSoon(_ drop: Int, after left: Instant?, _ suspects: AnalysisParameters.Suspects) -> Bool {
        guard let left else { return false }
        return self.visits[drop].start.seconds(since: left) <= suspects.wayBack
    }

    private func trip(_ halts: [Int], to drop: Int, _ evidence: AnalysisParameters.Evidence) -> Trip {
        Trip(
            halts: halts.compactMap { index in
                let visit = self.visits[index]
                guard let ground = visit.ground else { return nil }
                return Trip.Halt(ground: ground, seconds: visit.seconds, takesLoad: visit.takesLoad(evidence))
            }, drop: self.visits[drop].coordinate)
    }

    private func step(at index: Int, _ parameters: AnalysisParameters) -> Step {
        let visit = self.visits[index]
        let (suspects, isRest) = (parameters.suspects, visit.seconds >= parameters.cycles.restSeconds)
        switch visit.locus {
        case .plant: return visit.seconds >= suspects.shortestLoad ? .plant : .nothing
        case .site: return visit.seconds >= suspects.siteDrop ? .drop : .nothing
        case .known, .silo: return isRest ? .rest : .nothing
        case .ground, .open:
            if isRest { return .rest }
            if visit.discharges(parameters.evidence) { return .drop }
            let isHalt = visit.seconds >= suspects.shortestLoad && visit.seconds <= suspects.longestLoad
            return isHalt && visit.ground != nil ? .halt : .nothing
        }
    }
}
