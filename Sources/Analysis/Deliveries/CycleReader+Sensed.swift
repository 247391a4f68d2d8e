import Chronology
import Registers
import Tracks

/// What sensors show where a halt by itself tells nothing: at a known place, at a site where trucks are loaded, and at
/// the beginning or the end of a long rest.
extension CycleReader {
    /// Long parked: what a sensor shows of the rest comes first, then what went before is over.
    ///
    /// Without a sensor a rest is no drop, whether or not there is a note (`contract.md` §5 wants evidence of the stop
    /// itself): a driver who takes a truck that was washed at the plant home shows the same, and so does a load
    /// that was refused. `LongStop` tells of it while it lasts, with the note that says that the truck is loaded.
    mutating func takeRest(_ stop: Stop) {
        self.dropShown(at: stop)
        guard !self.keepsLoad(at: stop) else { return }
        let isLoading = self.showsLoad(stop)
        self.rest(stop, isCertain: true)
        if isLoading { self.waiting.append(stop) }
    }

    /// Takes a halt at a known place, if a sensor shows a load or a drop there.
    mutating func takeSensed(_ stop: Stop) -> Bool {
        guard !stop.isOpen, stop.place?.kind == .place else { return false }
        if self.state.isLoaded { return self.dropShown(at: stop) }
        guard self.showsLoad(stop) else { return false }
        self.waiting.append(stop)
        return true
    }

    /// The halt, at a place of the registers or in a long rest, at which sensors show that the truck took what it now
    /// unloads. It counts only then: drums are washed in a yard, too, so that a drum's word alone needs the discharge.
    func shownLoad(for drop: Stop) -> Stop? {
        self.waiting.last { stop in
            (self.isRegistered(stop) || stop.seconds >= self.cycles.restSeconds) && self.takesLoad(stop)
                && (stop.evidence.loadChange != nil || self.discharges(drop, isAfterDrop: false))
                && self.isAway(stop, from: drop.place, drop.coordinate)
        }
    }

    /// Whether sensors show an empty truck being loaded: the load stays above what was on it after the last drop, so
    /// that no sensor was merely off for a while; or a drum that has shown a discharge, and so turns the right way.
    func showsLoad(_ stop: Stop) -> Bool {
        guard self.takesLoad(stop), self.kind(at: stop.end) != .bulkCement, stop.place?.kind != .plant,
            self.isAway(stop, from: self.state.lastDrop)
        else { return false }
        if stop.evidence.loadChange != nil, let after = stop.evidence.lastLoad {
            guard let before = self.state.lastDrop?.evidence.lastLoad else { return true }
            return Double(after) - Double(before) >= self.evidence.loadChange
        }
        // Who waits at a site with the rest of a load mixes it up, too.
        let mayWait =
            stop.place?.kind == .site && (self.isStillFresh(at: stop) || self.mayHaveComeLoaded(to: stop))
        return self.state.provenDrops > 0 && !self.isWash(stop) && !mayWait && !self.mayBeMixing(stop)
    }

    /// Whether a drum that turns fast mixes up what the last drop left on the truck: that drop need not have emptied
    /// it, the concrete is young enough for another, and the drum turns for less long than loads take, or in the queue
    /// outside the next site. Where the truck is known to be loaded it is a load.
    func mayBeMixing(_ stop: Stop) -> Bool {
        guard let last = self.state.lastDrop, stop.evidence.loadChange == nil, self.isStillFresh(at: stop),
            !self.isLikelySpot(stop)
        else { return false }
        let poured = max(last.pouredSeconds ?? 0, last.evidence.dischargeSeconds)
        return poured < self.world.parameters.rules.wholePourSeconds
            && (stop.evidence.loadingSeconds < self.cycles.mixingMaximum || self.isQueueForSite(stop))
    }

    /// Whether the next site or plant at which it was is a site, outside whose gate it stood.
    func isQueueForSite(_ stop: Stop) -> Bool {
        let next = self.stops.first { $0.isVisit && $0.start >= stop.end && $0.place?.kind != .place }
        guard let visit = next, let site = visit.place, site.kind == .site, let here = stop.coordinate,
            visit.start.seconds(since: stop.end) <= self.world.parameters.visits.entrySeconds,
            let metres = self.world.metres(from: here, to: site, at: stop.start)
        else { return false }
        return metres <= self.world.parameters.hauls.queueDistance
    }

    /// Whether what looks like a load at a site is the rest of the last one, which is mixed up and then poured unheard,
    /// as the terminal sleeps.
    func mixesUpRest(_ stop: Stop) -> Bool {
        self.state.lastDrop != nil && self.isStillFresh(at: stop) && !self.isHeard(stop)
    }

    /// Where a truck was loaded that was at no plant.
    func loadingEnd(of stop: Stop) -> DeliveryEnd {
        guard self.isRegistered(stop), let place = stop.place else { return self.unregisteredEnd(at: stop.coordinate) }
        return DeliveryEnd(kind: place.kind.endKind, id: place.id, coordinate: stop.coordinate)
    }

    /// Whether it stood in a site, or at a known place.
    func isRegistered(_ stop: Stop) -> Bool {
        switch stop.place?.kind {
        case .site: stop.isVisit
        case .place: true
        case .plant, nil: false
        }
    }

    private func isWash(_ stop: Stop) -> Bool {
        guard let place = stop.place, place.kind == .place else { return false }
        return self.world.index.place(place.id)?.kind == .wash
    }

    /// Writes down the drop at a known place, or at the beginning of a long rest, if a sensor shows that the load went.
    @discardableResult private mutating func dropShown(at stop: Stop) -> Bool {
        guard self.state.isLoaded, stop.place.map({ $0.kind == .place }) ?? true, stop.isUnseen != true,
            self.isUnloaded(stop)
        else { return false }
        var drop = stop
        if stop.seconds >= self.cycles.restSeconds {
            // A pour ends long before the rest does: where the drum stops, where the load cell first reads nothing, or
            // after as long as one lasts.
            let poured =
                stop.evidence.firstDischarge?.advanced(bySeconds: stop.evidence.dischargeSeconds)
                ?? stop.evidence.emptiedAt
            drop.end = min(stop.end, poured ?? stop.start.advanced(bySeconds: self.cycles.longDropSeconds))
        }
        self.append(StopReading(role: .drop, stop: drop, latestStart: stop.start), confidence: 0.95)
        return true
    }

    /// Whether the sensors show that what was on the truck was left here: the load is gone and does not show again at
    /// the next stop, or the drum turned back for as long as a pour takes, and not only for a rinse.
    private func isUnloaded(_ stop: Stop) -> Bool {
        // Who is towed to a yard has the concrete broken out there, over hours and with a drum that stands.
        let emptied = (stop.evidence.emptiedAt ?? stop.end).seconds(since: stop.start)
        let isTowed = stop.place != nil && emptied > self.cycles.longDropSeconds
        if !isTowed, let change = stop.evidence.loadChange {
            guard change <= -self.evidence.loadChange, let left = stop.evidence.lastLoad else { return false }
            let next = self.stops.first { $0.start >= stop.end && $0.evidence.firstLoad != nil }
            guard let shown = next?.evidence.firstLoad else { return true }
            return Double(shown) - Double(left) < self.evidence.loadChange
        }
        return stop.evidence.dischargeSeconds >= self.cycles.usualDropSeconds && self.state.load?.isSensed != false
            && !self.isWash(stop)
    }
}
