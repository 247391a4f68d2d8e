import Chronology
import Registers
import Tracks

/// What stays on a truck though it stands somewhere: over a night, in the street outside the plant, in the queue for
/// its site.
extension CycleReader {
    /// How long after the load a drop can begin, by what the truck is built to carry.
    func longestHaul(of load: CycleState.Load) -> Double {
        self.kind(of: load) == .mixer ? self.cycles.loadedMaximum : self.cycles.dryLoadedMaximum
    }

    /// Whether what was loaded last is too old for another drop; of a load that was not seen, since its first drop.
    func isStale(at drop: Stop) -> Bool {
        guard let load = self.state.load else { return false }
        return drop.start.seconds(since: load.period?.end ?? load.key) > self.longestHaul(of: load)
    }

    /// Whether cement or dry mortar is on the truck, which keeps.
    private var isDryLoaded: Bool { self.carrying.map { $0 != .mixer } ?? false }

    /// Whether a long rest leaves the load on the truck: cement and dry mortar wait for the morning, and for a silo
    /// that is full, until a drop or the next load. Who had stood before, away from every gate, for as long as
    /// unloading takes, rests empty.
    func keepsLoad(at rest: Stop) -> Bool {
        guard self.isDryLoaded else { return false }
        if rest.place?.kind != .place, self.isInQueueZone(rest) { return true }
        guard let drop = self.likelyDrop(before: nil)?.stop else { return true }
        return drop.seconds < self.world.parameters.cement.unloadSeconds || self.isInQueueZone(drop)
    }

    /// Whether it was outside the gate of a plant or a site.
    private func isInQueueZone(_ stop: Stop) -> Bool {
        guard let here = stop.coordinate else { return false }
        let distance = self.world.parameters.hauls.queueDistance
        return self.world.nearestPlace(to: here, within: distance, at: stop.start, where: { $0.kind != .place }) != nil
    }

    /// Whether such a load has been on the truck for longer than any stays there. Concrete ends with a rest.
    func isExpired(at instant: Instant) -> Bool {
        guard self.isDryLoaded, let load = self.state.load, let period = load.period else { return false }
        return instant.seconds(since: period.end) > self.longestHaul(of: load)
    }

    /// Whether a truck comes back to the plant at which it was loaded with that load on it: it never was farther away
    /// than in the street or in a car park near by, at no suspected plant, and no sensor says otherwise.
    ///
    /// From a queue outside the gate it comes back for as long as a truck stands at any plant by the way. After a halt
    /// farther off at which it could have been unloaded it comes back once, and not for as long as a load takes.
    func isReturn(_ stop: Stop) -> Bool {
        let fresh = self.cycles.freshSeconds
        guard self.state.isLoaded, let load = self.state.load, load.isDark != true, let period = load.period,
            load.end.kind == .plant, let id = load.end.id, stop.place == PlaceReference(.plant, id),
            stop.seconds < self.cycles.certainReloadSeconds,
            stop.start.seconds(since: period.end) < (self.isDryLoaded ? self.longestHaul(of: load) : fresh),
            stop.metresAtStart - period.metresAtEnd <= self.cycles.waitingDrive,
            !self.takesLoad(stop), !self.discharges(stop, isAfterDrop: true),
            !self.waiting.contains(where: self.isSuspected),
            !self.hasLeft(PlaceReference(.plant, id), from: period.end, to: stop.start)
        else { return false }
        guard self.likelyDrop(before: stop) != nil else { return true }
        return stop.seconds < self.cycles.medianLoadSeconds && load.hasWaitedAway != true
    }

    /// Whether the truck stood away from the plant meanwhile, went out of sight, or was at a site or discharged
    /// something.
    private func hasLeft(_ plant: PlaceReference, from start: Instant, to end: Instant) -> Bool {
        self.short.contains { self.pouringSeconds(at: $0.stop) >= self.cycles.shortDropSeconds }
            || self.stops.contains { stop in
                guard stop.start >= start, stop.end <= end else { return false }
                guard let here = stop.coordinate, !self.discharges(stop, isAfterDrop: false),
                    let metres = self.world.metres(from: here, to: plant, at: stop.start)
                else { return true }
                return metres > self.cycles.waitingDistance
            }
    }

    /// Whether a drum that turned back for a moment outside a site did so in the queue for the pour inside: a slump
    /// test, water, a rinse. While the truck may still go in, it is not said to have unloaded outside.
    ///
    /// Where it turned back for minutes, or turned back outside and was heard not to do so inside, it unloaded outside.
    func isOutsideGate(_ stop: Stop) -> Bool {
        let distance = self.world.parameters.hauls.queueDistance
        guard stop.evidence.loadChange == nil, let here = stop.coordinate,
            stop.evidence.dischargeSeconds < self.evidence.dischargeSecondsAfterDrop
        else { return false }
        let next = self.stops.first { $0.isVisit && $0.start >= stop.end && $0.place?.kind != .place }
        let limit = self.world.parameters.visits.entrySeconds
        guard let visit = next, let site = visit.place else {
            return self.asOf.seconds(since: stop.end) <= limit
                && !self.world.sites(within: distance, of: here, at: stop.start).isEmpty
        }
        guard site.kind == .site, visit.start.seconds(since: stop.end) <= limit,
            let metres = self.world.metres(from: here, to: site, at: stop.start), metres <= distance
        else { return false }
        return visit.isOpen
            || self.isLongEnough(visit) && !self.isRefuted(visit)
                && (self.discharges(visit, isAfterDrop: false) || !self.isHeard(visit))
    }
}
