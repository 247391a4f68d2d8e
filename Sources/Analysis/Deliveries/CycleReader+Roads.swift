import Chronology
import Registers
import Tracks

/// Sites that are a stretch of road: trucks on their way elsewhere pass them, and are held up there.
extension CycleReader {
    private func isAtRoadSite(_ stop: Stop) -> Bool {
        guard let place = stop.place, place.kind == .site else { return false }
        return self.world.isRoadSite(place.id, at: stop.start)
    }

    /// Whether lights or a jam explain a visit to such a site as well as a drop does: it nowhere stood for as long as
    /// convinces of a pour, and no sensor shows a discharge. The load goes to the site at which it then pours; to
    /// this one if to no other (`mayBePour`).
    func mayBeTraffic(_ stop: Stop) -> Bool {
        guard !self.discharges(stop, isAfterDrop: false) else { return false }
        let isShort = stop.stoodSeconds < self.world.parameters.rules.convincingDropSeconds
        return isShort && self.isAtRoadSite(stop) || self.mayBeYard(stop, isShort: isShort)
    }

    /// Whether the truck stood in the site around the plant at which it was loaded, and weighing, washing or waiting at
    /// the gate explains that as well: it was a short stand, or one beside the plant's fence.
    private func mayBeYard(_ stop: Stop, isShort: Bool) -> Bool {
        guard let load = self.state.load?.end, load.kind == .plant, let id = load.id, let site = stop.place,
            site.kind == .site, self.world.isSite(site.id, around: id, at: stop.start)
        else { return false }
        guard !isShort, let here = stop.coordinate else { return true }
        let metres = self.world.metres(from: here, to: PlaceReference(.plant, id), at: stop.start)
        return metres.map { $0 <= self.world.parameters.visits.margin } ?? false
    }

    /// Whether it stood there as long as the shortest pour takes, all the same.
    func mayBePour(_ stop: Stop) -> Bool {
        stop.stoodSeconds >= self.cycles.dropSeconds && self.isAtRoadSite(stop)
    }

    /// Seconds of a visit to a site that can have been a pour: creeping along a road pours nothing.
    func pouringSeconds(at stop: Stop) -> Double {
        self.isAtRoadSite(stop) ? min(stop.stoodSeconds, stop.stayedSeconds) : stop.stayedSeconds
    }

    /// Notes how the truck came back from its last drop, where nothing but a halt tells of a road site at which it was
    /// unloaded, or may have been unloaded as well: a breakdown there looks the same.
    mutating func noteComeback(to closing: Stop) {
        guard let last = self.drafts.indices.last, let drop = self.state.lastDrop,
            self.drafts[last].destination.kind == .site, self.drafts[last].confidence["discharge"] != 1,
            let id = self.drafts[last].destination.id,
            self.world.isRoadSite(id, at: drop.start) || self.short.contains(where: { self.mayBePour($0.stop) })
        else { return }
        let comeback = self.comeback(from: drop.end, to: closing)
        self.drafts[last].haul?.comeback = comeback
    }
}
