import Chronology
import Registers
import Tracks

/// A load that was taken elsewhere and driven through the yard of a plant, which lends its note and its gate.
extension CycleReader {
    /// The halt outside every register at which a truck may have been loaded that comes to this plant: read now, or
    /// remembered where reading begins anew with this stop. How long it then stands here does not matter yet.
    func loadElsewhere(before stop: Stop) -> CycleState.Elsewhere? {
        if let known = self.state.elsewhere, known.start == stop.start { return known }
        guard let halt = self.haltElsewhere(before: stop), let coordinate = halt.coordinate,
            stop.start.seconds(since: halt.end) < self.cycles.freshSeconds
        else { return nil }
        return CycleState.Elsewhere(start: stop.start, halt: Haul.Halt(halt, at: coordinate))
    }

    private func haltElsewhere(before stop: Stop) -> Stop? {
        guard self.state.isLoaded else { return self.unknownLoad(for: stop) }
        // A sensor, or the place, showed that load.
        guard let load = self.state.load, load.end.kind != .plant, load.isDark != true, let period = load.period,
            self.likelyDrop(before: stop) == nil
        else { return nil }
        return self.stops.first { $0.start == period.start && !$0.isVisit }
    }

    /// Whether a truck stood at a plant for less than the fastest load takes, and no sensor shows one. It came and went
    /// somewhere between two reports, in the middle as likely as not.
    func isTooShortToLoad(_ stop: Stop) -> Bool {
        stop.seconds + (stop.edgeSeconds ?? 0) / 2 < self.cycles.fastestLoadSeconds && !self.takesLoad(stop)
    }

    /// Whether a truck whose sensors showed that it was loaded outside the registers drives through a plant with that
    /// load: it is too short a stay for another one, and the sensors, heard all the while, show none. However long it
    /// stays, a load cell that shows the load all the while shows that none was taken.
    func passesSensed(_ stop: Stop) -> Bool {
        if self.staysFull(at: stop) { return true }
        guard self.state.isLoaded, let load = self.state.load, load.end.kind != .plant, load.isSensed == true,
            let period = load.period, stop.start.seconds(since: period.end) < self.cycles.freshSeconds,
            self.isTooShortToLoad(stop), self.isHeard(stop), self.likelyDrop(before: stop) == nil
        else { return false }
        // A drum that turned fast for a moment may have begun late, or stopped early.
        return stop.evidence.loadChange != nil
            || stop.evidence.loadingSeconds < self.evidence.loadingSeconds / 4
    }

    /// Whether the load cell shows at a plant what was taken outside the registers, and no more of it, and no less.
    private func staysFull(at stop: Stop) -> Bool {
        guard self.state.isLoaded, let load = self.state.load, load.end.kind != .plant, load.isSensed == true,
            let change = stop.evidence.loadChange, abs(change) < self.evidence.loadChange,
            let taken = self.stops.first(where: { $0.start == load.period?.start && !$0.isVisit })?.evidence,
            taken.loadChange != nil, let full = taken.lastLoad, let shown = stop.evidence.firstLoad
        else { return false }
        return abs(Double(shown) - Double(full)) < self.evidence.loadChange
    }

    /// Whether sensors show that a truck takes its load at a halt outside the registers, which at the plant before,
    /// where the same sensors were heard, took none: it called there for the note.
    func takesFirstLoad(_ stop: Stop) -> Bool {
        guard self.state.isLoaded, let load = self.state.load, load.end.kind == .plant, load.isDark != true,
            load.isSensed == false, self.kind(of: load) != .bulkCement, self.kind(at: stop.end) != .bulkCement,
            self.takesLoad(stop),
            let call = self.stops.first(where: { $0.start == load.period?.start && $0.place?.id == load.end.id }),
            self.isAway(stop, from: call.place, call.coordinate)
        else { return false }
        if stop.evidence.loadChange != nil {
            return call.evidence.loadChange != nil && self.isNextToEmpty(call.evidence.lastLoad)
                && self.isNextToEmpty(stop.evidence.firstLoad) && self.staysLoaded(after: stop)
        }
        // A drum that takes its loads slowly shows none at the plant, and mixes them up faster on the way.
        return call.evidence.loadChange == nil
            && call.evidence.loadingSeconds < self.evidence.loadingSeconds / 4
            && self.state.provenDrops > 0 && (self.state.hasShownLoad == true || self.isLikelySpot(stop))
            && stop.evidence.loadingSeconds >= self.cycles.mixingMaximum && !self.isQueueForSite(stop)
    }

    /// Whether a load cell reads less than what makes a load.
    private func isNextToEmpty(_ load: Int32?) -> Bool {
        load.map { Double($0) < self.evidence.loadChange } ?? false
    }

    /// Whether the load cell shows the load again at the next stop, so that it was no slip of the cell.
    private func staysLoaded(after stop: Stop) -> Bool {
        let next = self.stops.first { $0.start >= stop.end && $0.evidence.firstLoad != nil }
        return next.map { !self.isNextToEmpty($0.evidence.firstLoad) } ?? true
    }
}
