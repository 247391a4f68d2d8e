import Chronology
import Tracks

/// A site inside a plant's own fence: who loads, unloads there and loads again has never left the plant. What the truck
/// does at such a site divides the visit at the plant into one before and one after.
extension VehicleFold {
    /// The visits going on at the plants whose fences hold the whole site, as they are now; `nil`: none.
    func plantVisits(around site: PlaceReference, at instant: Instant, in world: World) -> [Stop]? {
        guard site.kind == .site else { return nil }
        let visits = self.presences.filter {
            $0.place.kind == .plant && $0.isVisit(world.parameters.visits)
                && world.isEnclosed(site, by: $0.place, at: instant)
        }
        return visits.isEmpty ? nil : visits.map { $0.stop(isOpen: false) }
    }

    /// Where a truck is about to leave a site in which it stood long enough for a drop, the visits at the plants around
    /// it end with its arrival there. They begin anew with its departure, unless it leaves the plant as well.
    mutating func splitPlantVisits(_ step: Track.Step, _ inside: [PlaceReference], _ world: World) {
        let parameters = world.parameters
        for site in self.presences where self.isOver(site, step, parameters) {
            for index in self.presences.indices.reversed() {
                let plant = self.presences[index]
                guard plant.place.kind == .plant, plant.end >= site.end,
                    world.isEnclosed(site.place, by: plant.place, at: site.start)
                else { continue }
                let before = site.plantsBefore?.first { $0.locus == .visit(plant.place) }
                if inside.contains(plant.place) {
                    self.presences[index] = Presence(
                        plant.place, step, metres: self.track.metres, covered: self.track.coveredSeconds)
                } else if before != nil, plant.end.seconds(since: site.end) < parameters.cycles.loadSeconds {
                    self.presences.remove(at: index)
                } else {
                    continue
                }
                if let before { self.add(before, parameters) }
            }
        }
    }

    private func isOver(_ presence: Presence, _ step: Track.Step, _ parameters: AnalysisParameters) -> Bool {
        presence.place.kind == .site && presence.end < step.fix.time && presence.isVisit(parameters.visits)
            && presence.stayedSeconds >= parameters.cycles.dropSeconds && self.isGone(presence, step, parameters.visits)
    }
}
