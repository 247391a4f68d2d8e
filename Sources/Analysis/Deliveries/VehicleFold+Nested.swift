import Chronology
import Tracks

/// A site inside a plant's own fence: who loads, unloads there and loads again has never left the plant. What the truck
/// does at such a site divides the visit at the plant into one before and one after. And a plant inside the fence of
/// the site that it supplies, which the truck has never left either: a load there divides the visit at the site.
extension VehicleFold {
    /// The visits going on at the plants whose fences hold the whole site, or the sites whose fences hold the whole
    /// plant, as they are now; `nil`: none.
    func outerVisits(around inner: PlaceReference, at instant: Instant, in world: World) -> [Stop]? {
        guard inner.kind != .place else { return nil }
        let visits = self.presences.filter {
            Self.isOfOtherKind($0.place, inner) && $0.isVisit(world.parameters.visits)
                && world.isEnclosed(inner, by: $0.place, at: instant)
        }
        return visits.isEmpty ? nil : visits.map { $0.stop(isOpen: false) }
    }

    private static func isOfOtherKind(_ outer: PlaceReference, _ inner: PlaceReference) -> Bool {
        inner.kind == .site ? outer.kind == .plant : inner.kind == .plant && outer.kind == .site
    }

    /// Where a truck is about to leave a site in which it stood long enough for a drop, or a plant in which it stood
    /// long enough for a load, the visits around it end with its arrival there. They begin anew with its departure,
    /// unless it leaves what is around as well.
    mutating func splitOuterVisits(_ step: Track.Step, _ inside: [PlaceReference], _ world: World) {
        let parameters = world.parameters
        for inner in self.presences where self.isOver(inner, step, parameters) {
            let isSite = inner.place.kind == .site
            let short = isSite ? parameters.cycles.loadSeconds : parameters.cycles.dropSeconds
            for index in self.presences.indices.reversed() {
                let outer = self.presences[index]
                guard Self.isOfOtherKind(outer.place, inner.place), outer.end >= inner.end,
                    world.isEnclosed(inner.place, by: outer.place, at: inner.start)
                else { continue }
                let before = inner.outerBefore?.first { $0.locus == .visit(outer.place) }
                if inside.contains(outer.place) {
                    var begun = Presence(
                        outer.place, step, metres: self.track.metres, covered: self.track.coveredSeconds)
                    // The plant is given up minutes after it was left, when the pour may go on already.
                    if !isSite, !step.isRestart { begun.begin(after: inner, standingSince: self.track.stay?.start) }
                    self.presences[index] = begun
                } else if before != nil, outer.end.seconds(since: inner.end) < short {
                    self.presences.remove(at: index)
                } else {
                    continue
                }
                if let before { self.add(before, parameters) }
            }
        }
    }

    private func isOver(_ presence: Presence, _ step: Track.Step, _ parameters: AnalysisParameters) -> Bool {
        let cycles = parameters.cycles
        let long = presence.place.kind == .site ? cycles.dropSeconds : cycles.loadSeconds
        return presence.place.kind != .place && presence.end < step.fix.time && presence.isVisit(parameters.visits)
            && presence.stayedSeconds >= long && self.isGone(presence, step, parameters.visits)
    }
}
