import Chronology
import Geodesy
import Registers
import Tracks

/// Loads and drops outside every register: what a halt proves by its sensors, and what is likely without.
extension CycleReader {
    /// Whether the sensors show that something was discharged.
    func discharges(_ stop: Stop, isAfterDrop: Bool) -> Bool {
        if let change = stop.evidence.loadChange { return change <= -self.evidence.loadChange }
        let needed = isAfterDrop ? self.evidence.dischargeSecondsAfterDrop : self.evidence.dischargeSeconds
        return stop.evidence.dischargeSeconds >= needed
    }

    /// Whether the sensors show that something was taken.
    func takesLoad(_ stop: Stop) -> Bool {
        if let change = stop.evidence.loadChange { return change >= self.evidence.loadChange }
        return stop.evidence.loadingSeconds >= self.evidence.loadingSeconds
            && stop.evidence.dischargeSeconds < self.evidence.dischargeSeconds
    }

    /// Whether the sensors were heard all through the halt; a drum can turn back while its terminal sleeps.
    func isHeard(_ stop: Stop) -> Bool {
        stop.evidence.loadChange != nil
            || stop.evidence.drumKnownSeconds >= self.evidence.heardShare * stop.seconds
    }

    /// Whether sensors show that a load was taken; `nil`: they were not heard all through the halt.
    func isSensed(_ stop: Stop) -> Bool? {
        if self.takesLoad(stop) { return true }
        return self.isHeard(stop) ? false : nil
    }

    /// Whether the sensors of this truck, known to show a discharge, show none here.
    func isRefuted(_ stop: Stop) -> Bool {
        self.state.provenDrops >= 2 && self.isHeard(stop) && !self.discharges(stop, isAfterDrop: false)
    }

    func isLongEnough(_ stop: Stop) -> Bool {
        let kind = self.carrying ?? self.kind(at: stop.start)
        if kind == .bulkCement { return stop.stayedSeconds >= self.cycles.tankerDropSeconds }
        return stop.stayedSeconds >= self.cycles.dropSeconds
            || stop.stayedSeconds >= self.cycles.shortDropSeconds && self.discharges(stop, isAfterDrop: false)
    }

    /// Whether a truck of which nobody saw a load stood longer than any pour lasts, and nothing shows one.
    func isTooLong(_ stop: Stop) -> Bool {
        self.kind(at: stop.start) == .mixer && stop.seconds > self.cycles.unseenDropMaximum
            && !self.discharges(stop, isAfterDrop: false)
    }

    func dropConfidence(_ reading: StopReading) -> Double {
        let isShort = reading.stop.seconds < 2 * self.cycles.dropSeconds
        return reading.confidence * (isShort && !self.discharges(reading.stop, isAfterDrop: false) ? 0.85 : 1)
    }

    /// Takes a halt outside the registers: by its sensors a load or a drop, else something to be explained later.
    mutating func takeUnknown(_ stop: Stop) {
        guard !stop.isOpen else { return }
        let reading = StopReading(role: .unknown, stop: stop, latestStart: stop.start)
        if !self.state.isLoaded, self.takesLoad(stop), self.isAway(stop, from: self.state.lastDrop),
            !self.mayBeMixing(stop)
        {
            self.beginLoad(stop)
            self.waiting = []
        } else if self.takesFirstLoad(stop) {
            // It had called at the plant empty, and nothing that it did since was a drop.
            self.beginLoad(stop)
            self.waiting = []
            self.short = []
        } else if self.state.isLoaded, self.discharges(stop, isAfterDrop: false),
            stop.seconds >= self.cycles.shortDropSeconds
        {
            // What came out in the queue outside the site of the pour was a sample, or water.
            if !self.isOutsideGate(stop) { self.append(reading, confidence: 0.95) }
        } else if !self.state.isLoaded, let last = self.state.lastDrop, self.discharges(stop, isAfterDrop: true),
            self.isAway(stop, from: last)
        {
            // Longer than rinsing takes: some of the load was left over, and was left here.
            self.dropAgain(reading, after: last)
        } else if self.isLoadedAgain(at: stop) {
            // What it carried before is gone, and there is a halt at which it went.
            self.dropUnseen(before: stop)
            self.finishBeforeNewLoad()
            self.beginLoad(stop)
            self.waiting = []
        } else {
            self.waiting.append(stop)
        }
    }

    /// Whether a truck without a sensor halts, as long as a load takes, where it has been loaded before, either empty
    /// or after a halt at which a full one may have been emptied.
    private func isLoadedAgain(at stop: Stop) -> Bool {
        guard self.kind(at: stop.end) != .bulkCement,
            self.isSuspected(stop) || self.state.knows(stop.coordinate, at: stop.start, self.cycles),
            stop.seconds >= self.cycles.unknownLoadSeconds, stop.seconds <= self.cycles.unknownLoadMaximum,
            !self.isHeard(stop), self.isAway(stop, from: self.state.lastDrop)
        else { return false }
        return self.state.isLoaded ? self.likelyDrop(before: stop) != nil : true
    }

    /// How sure it is that a halt outside every register was a load: by a sensor, by repetition, or by nothing but the
    /// drop that followed.
    func loadConfidence(_ stop: Stop) -> Double {
        if self.takesLoad(stop) { return self.cycles.provenLoadConfidence }
        let loads = self.state.loads(at: stop.coordinate, before: stop.start, self.cycles)
        let isRepeated = self.isSuspected(stop) || loads >= self.cycles.repeatedLoads
        return isRepeated ? self.cycles.repeatedLoadConfidence : self.cycles.singleLoadConfidence
    }

    /// Whether the halt was at a place that the search for suspected plants takes for one.
    func isSuspected(_ stop: Stop) -> Bool {
        stop.coordinate.map { self.world.suspectedPlace(at: $0) != nil } ?? false
    }

    /// The end of a delivery outside every register: a suspected plant, or unknown.
    func unregisteredEnd(at coordinate: Coordinate?) -> DeliveryEnd {
        if let place = coordinate.flatMap(self.world.suspectedPlace(at:)) {
            return DeliveryEnd(kind: .suspectedPlant, id: place.id, coordinate: coordinate)
        }
        return DeliveryEnd(kind: .unknown, coordinate: coordinate)
    }

    /// Far enough from where the truck was unloaded that it is not the queue or the wash-out there.
    func isAway(_ stop: Stop, from drop: CycleState.Drop?) -> Bool {
        guard let drop else { return true }
        return self.isAway(stop, from: drop.place, drop.coordinate)
    }

    func isAway(_ stop: Stop, from place: PlaceReference?, _ coordinate: Coordinate?) -> Bool {
        guard let here = stop.coordinate else { return false }
        if let there = coordinate, here.nearbyMetres(to: there) <= self.cycles.unknownLoadDistance { return false }
        guard let place, let metres = self.world.metres(from: here, to: place, at: stop.start) else { return true }
        return metres > self.cycles.unknownLoadDistance / 2
    }

    /// The halt at which a truck was loaded that now unloads at `drop` without having been at a plant.
    func unknownLoad(for drop: Stop) -> Stop? {
        guard self.kind(at: drop.start) != .bulkCement else { return nil }
        if let shown = self.shownLoad(for: drop) { return shown }
        guard !self.mayHaveComeLoaded(to: drop) else { return nil }
        let last = self.state.lastDrop
        // Between two sites a second drop explains the way as well, so that a short halt is no load.
        let isOtherSite = last.map { $0.place != drop.place } ?? false
        let shortest = isOtherSite ? self.cycles.unknownLoadBetweenSites : self.cycles.unknownLoadSeconds
        let halts = self.waiting.filter { stop in
            stop.seconds >= shortest && stop.seconds <= self.cycles.unknownLoadMaximum
                && !self.isRegistered(stop) && self.kind(at: stop.end) != .bulkCement
                && self.isAway(stop, from: drop.place, drop.coordinate) && self.isAway(stop, from: last)
                && !(self.takesLoad(stop) && self.mayBeMixing(stop))
        }
        if let proven = halts.last(where: self.takesLoad) { return proven }
        // A drum that shows its discharges, or showed the load before, would have shown the loading.
        let isTold = self.state.provenDrops >= 2 || self.state.load?.isSensed == true
        var unheard = halts.filter { !(isTold && self.isHeard($0)) }
        if isOtherSite, drop.place?.kind != .plant, self.isStillFresh(at: drop) {
            unheard.removeAll { self.isOnTheWay($0, to: drop) && !self.isLikelySpot($0) }
        }
        var share = 1.0
        var best: (stop: Stop, likelihood: Double)?
        for stop in unheard.reversed() {
            let likelihood = share * self.likelihood(ofLoad: stop)
            if likelihood > best?.likelihood ?? 0 { best = (stop, likelihood) }
            share *= self.cycles.earlierLoadShare
        }
        return best?.stop
    }

    /// The plant's load of which a truck may have dropped only a part before it stood at a halt that is read as its
    /// next load: it may have had fuel there. A delivery note for the site where it then unloads tells.
    func loadBefore(halt stop: Stop) -> Haul.EarlierLoad? {
        guard self.state.lastDrop != nil, !self.takesLoad(stop), let load = self.state.load, load.isDark != true else {
            return nil
        }
        var earlier = load.earlier
        if load.end.kind == .plant {
            guard let id = load.end.id, let period = load.period else { return nil }
            earlier = Haul.EarlierLoad(
                plantID: id, coordinate: load.end.coordinate, start: period.start, end: period.end)
        }
        guard let earlier else { return nil }
        let age = stop.end.seconds(since: earlier.end)
        return age <= self.world.parameters.quality.retardedMinutes * 60 ? earlier : nil
    }

    /// Whether the concrete of the last load is young enough for a second drop, with a retarder at the most, which then
    /// explains the way to another site better than a load at a halt that may have been a breakdown.
    func isStillFresh(at drop: Stop) -> Bool {
        guard let loadEnd = self.state.load?.period?.end else { return false }
        return drop.start.seconds(since: loadEnd) <= self.world.parameters.quality.retardedMinutes * 60
    }

    /// Whether a halt lies between the last drop and this one, so that the truck need not have gone there on purpose.
    private func isOnTheWay(_ stop: Stop, to drop: Stop) -> Bool {
        guard let from = self.state.lastDrop?.coordinate, let here = stop.coordinate, let to = drop.coordinate else {
            return true
        }
        let through = from.nearbyMetres(to: here) + here.nearbyMetres(to: to)
        return through <= self.cycles.detourOnTheWay * from.nearbyMetres(to: to)
    }

    /// Whether the truck has been loaded at this place before, or halts there again and again.
    func isLikelySpot(_ stop: Stop) -> Bool {
        self.isSuspected(stop) || self.state.knows(stop.coordinate, at: stop.start, self.cycles)
            || self.waiting.contains { $0.start != stop.start && self.isSameSpot($0, stop) }
    }

    /// Whether the truck was first heard of so shortly before that it may have been loaded then.
    func mayHaveComeLoaded(to drop: Stop) -> Bool {
        self.state.lastDrop == nil && !self.state.wasEmpty
            && drop.start.seconds(since: self.state.since) < self.cycles.historySeconds
    }

    /// Whether a load can have gone unseen before this drop: in the dark, or before the truck was first heard of.
    func mayHaveLoadedUnseen(before drop: Stop) -> Bool {
        let dark = drop.start.seconds(since: self.state.since) - (drop.coveredAtStart - self.state.coveredSince)
        return self.mayHaveComeLoaded(to: drop) || dark >= self.cycles.darkLoadSeconds
            || self.discharges(drop, isAfterDrop: false)
    }

    /// How well a halt's length fits a load: best at 8 minutes, half as well at half or twice that. A place where the
    /// truck has been loaded before, or halts again and again, is the likelier one.
    private func likelihood(ofLoad stop: Stop) -> Double {
        let ratio = stop.seconds / self.cycles.medianLoadSeconds
        let length = min(ratio, 1 / ratio)
        return self.isLikelySpot(stop) ? 2 * length : length
    }

    private func isSameSpot(_ one: Stop, _ other: Stop) -> Bool {
        guard let here = one.coordinate, let there = other.coordinate else { return false }
        return here.nearbyMetres(to: there) <= self.cycles.spotRadius
    }

    /// A load that was dropped at no place of the registers, when the next load or a rest shows that it is gone:
    /// dropped at the likeliest halt elsewhere, or else at a site visited all too shortly. A short pour at a road site
    /// comes first: who has poured has a meal by the way.
    mutating func dropUnseen(before closing: Stop?, until end: Instant? = nil) {
        guard self.state.isLoaded else { return }
        if let reading = self.likelyDrop(before: closing) ?? self.darkDrop(before: closing, until: end) {
            let comeback = closing.flatMap { self.comeback(from: reading.stop.end, to: $0) }
            self.append(reading, confidence: reading.confidence)
            if let last = self.drafts.indices.last, self.drafts[last].destination.kind == .unknown {
                self.drafts[last].haul?.comeback = comeback
            }
        }
    }

    func likelyDrop(before closing: Stop?) -> StopReading? {
        guard let load = self.state.load, let period = load.period else { return nil }
        let isTanker = self.kind(of: load) == .bulkCement
        if !isTanker, let pour = self.briefDrop(where: self.mayBePour) { return pour }
        let shortest = isTanker ? self.cycles.tankerDropSeconds : self.cycles.unknownDropSeconds
        let plant = load.end.kind == .plant ? load.end.id.map { PlaceReference(.plant, $0) } : nil
        let halts = self.waiting.filter { stop in
            stop.seconds >= shortest && stop.seconds <= self.cycles.unknownDropMaximum
                && stop.start.seconds(since: period.end) <= self.longestHaul(of: load) && !self.isRefuted(stop)
                // A mixer at a suspected plant was loaded there, or waited for it.
                && !(!isTanker && self.isSuspected(stop))
                // Outside a gate of the plant it came from, or goes to, it was a queue.
                && self.isAway(stop, from: plant, load.end.coordinate)
                && self.isAway(stop, from: closing?.place, closing?.coordinate)
        }
        let ranked = halts.enumerated().map { ($1, self.likelihood(ofDrop: $1, of: load, after: period.end, rank: $0)) }
        if var likeliest = ranked.max(by: { $0.1 < $1.1 })?.0 {
            // Where inside the fence it stood nobody saw.
            if likeliest.isUnseen == true { likeliest.coordinate = nil }
            return StopReading(role: .unknown, stop: likeliest, confidence: 0.6, latestStart: likeliest.start)
        }
        return isTanker ? nil : self.briefDrop()
    }

    /// The longest of the visits that were read as no drop, among those that are meant.
    private func briefDrop(where isMeant: (Stop) -> Bool = { _ in true }) -> StopReading? {
        self.short
            .filter {
                self.pouringSeconds(at: $0.stop) >= self.cycles.shortDropSeconds && !self.isRefuted($0.stop)
                    && isMeant($0.stop)
            }
            .max { self.pouringSeconds(at: $0.stop) < self.pouringSeconds(at: $1.stop) }
            .map { reading in
                var reading = reading
                reading.confidence *= 0.6
                return reading
            }
    }

    /// How well a halt fits a pour: as long as one (a quarter of an hour to an hour and a half), while the concrete is
    /// fresh, and rather an earlier one, as who has poured has time to rest.
    private func likelihood(
        ofDrop stop: Stop, of load: CycleState.Load, after loadEnd: Instant, rank: Int
    ) -> Double {
        let (usual, long) = (self.cycles.usualDropSeconds, self.cycles.longDropSeconds)
        let length = stop.seconds < usual ? stop.seconds / usual : min(1, long / stop.seconds)
        let age = stop.start.seconds(since: loadEnd)
        let freshness = age <= self.cycles.freshSeconds ? 1 : self.cycles.freshSeconds / age
        // Cement goes where concrete comes from.
        let isFit = self.kind(of: load) == .bulkCement && self.isSuspected(stop)
        return length * freshness * (rank == 0 ? 1 : 0.9) * (isFit ? 2 : 1)
    }

    /// At the end of what is known of a truck: a drop elsewhere is shown once the concrete would be too old for a site.
    /// Of a load from a suspected plant it is shown as soon as the truck stood as long as a pour takes: wherever it
    /// goes next, it was loaded there.
    mutating func showLikelyDrop(until end: Instant) {
        guard self.state.isLoaded, let load = self.state.load, let period = load.period else { return }
        let isOld = end.seconds(since: period.end) >= self.cycles.freshSeconds
        let hasPoured = self.likelyDrop(before: nil).map { $0.stop.seconds >= self.cycles.usualDropSeconds } ?? false
        guard isOld || load.end.kind == .suspectedPlant && hasPoured else { return }
        let count = self.drafts.count
        self.dropUnseen(before: nil, until: end)
        for index in self.drafts.indices.dropFirst(count) {
            self.drafts[index].confidence[Delivery.likelyDrop] = self.cycles.unseenConfidence
        }
    }
}
