import Chronology
import Geodesy
import Registers
import Tracks

/// Loads and drops that lie wholly in a stretch of which nothing was seen: at the place before whose gate the truck
/// went dark or came back, if the time was enough. Nobody saw it, so the confidence is low and says why.
extension CycleReader {
    /// A load that nobody saw.
    struct DarkLoad {
        var end: DeliveryEnd
        var period: CycleState.Load.Period
        var confidence: Double
    }

    /// The load in the dark before this drop, since the last one; `nil` where a load was seen that explains it as well.
    ///
    /// A plant of the register explains it better than anything else: of two places the innocent one. A place where
    /// trucks load without a register counts only if no plant of the register could have been reached.
    func darkLoad(before drop: Stop) -> DarkLoad? {
        guard self.kind(at: drop.start) != .bulkCement, !self.mayHaveComeLoaded(to: drop) else { return nil }
        if let seen = self.unknownLoad(for: drop), self.takesLoad(seen) { return nil }
        let since = self.state.lastDrop?.end ?? self.state.since
        let stretches = self.stops.filter { stop in
            stop.locus == .unseen && stop.start >= since && stop.end <= drop.start
                && self.kind(at: stop.end) != .bulkCement
        }
        for stretch in stretches.reversed() {
            guard let gap = self.gaps.first(where: { $0.start == stretch.start && $0.end == stretch.end }) else {
                continue
            }
            if let load = self.darkLoad(in: gap, stretch) { return load }
        }
        return nil
    }

    private func darkLoad(in gap: Haul.Gap, _ stretch: Stop) -> DarkLoad? {
        let plants = self.plants(reachableIn: gap)
        let atGate = plants.filter { min($0.before, $0.after) <= self.world.parameters.hauls.queueDistance }
        if let nearest = atGate.min(by: { ($0.metres, $0.id) < ($1.metres, $1.id) }) {
            let end = DeliveryEnd(kind: .plant, id: nearest.id, coordinate: nil)
            // The nearer plant is likelier, and surely it is only where there is no other.
            return self.load(at: end, nearest, in: stretch, confidence: plants.count > 1 ? 0.5 : 0.7)
        }
        guard plants.isEmpty, let spot = self.spot(reachableIn: gap) else { return nil }
        return self.load(at: self.unregisteredEnd(at: spot.coordinate), spot, in: stretch, confidence: 0.7)
    }

    /// A place to which the truck could have driven in the dark, been loaded, and come back.
    private struct Reachable {
        var id: String
        var coordinate: Coordinate?
        /// Metres to it from where the truck went dark, and from it to where it came back.
        var before: Double
        var after: Double

        var metres: Double { self.before + self.after }
    }

    private func isReachable(_ place: Reachable, in gap: Haul.Gap, seconds: Double) -> Bool {
        place.metres <= gap.reach(stopping: seconds, self.world.parameters)
    }

    private func seconds(toDrive metres: Double) -> Double {
        metres * self.world.parameters.standing.detour / (self.cycles.darkSpeed / 3.6)
    }

    private func plants(reachableIn gap: Haul.Gap) -> [Reachable] {
        var found: [Reachable] = []
        for plant in self.world.registers.plants where plant.licenceKind != .cement {
            let place = Reachable(
                id: plant.plantID, before: plant.fence.distanceMetres(to: gap.from),
                after: plant.fence.distanceMetres(to: gap.to))
            guard self.isReachable(place, in: gap, seconds: self.cycles.loadSeconds),
                self.world.index.plant(plant.plantID, at: gap.start) ?? plant == plant
            else { continue }
            found.append(place)
        }
        return found
    }

    /// A suspected plant, or where this truck was loaded before, with both ends of the stretch around it.
    private func spot(reachableIn gap: Haul.Gap) -> Reachable? {
        let suspected = self.world.suspectedPlaces.map { (id: $0.id, point: $0.coordinate) }
        let known = self.state.loadingSpots(at: gap.start, self.cycles).map { (id: "", point: $0) }
        return (suspected + known).compactMap { id, point in
            let place = Reachable(
                id: id, coordinate: point, before: gap.from.nearbyMetres(to: point),
                after: gap.to.nearbyMetres(to: point))
            let isAround = max(place.before, place.after) <= self.cycles.darkSpotDistance
            return isAround && self.isReachable(place, in: gap, seconds: self.cycles.loadSeconds) ? place : nil
        }.min { ($0.metres, $0.id) < ($1.metres, $1.id) }
    }

    private func load(at end: DeliveryEnd, _ place: Reachable, in stretch: Stop, confidence: Double) -> DarkLoad {
        // It came as fast as such trucks do, and left in time to be where it was seen again.
        let start = stretch.start.advanced(bySeconds: self.seconds(toDrive: place.before).rounded())
        let left = stretch.end.advanced(bySeconds: -self.seconds(toDrive: place.after).rounded())
        return DarkLoad(
            end: end,
            period: .init(
                start: start, end: left, metresAtEnd: stretch.metresAtEnd - place.after,
                coveredAtEnd: stretch.coveredAtEnd),
            confidence: confidence)
    }

    /// The drop in the dark of a load that was dropped nowhere else: at the one site at whose gate the truck went dark
    /// or came back, if there was time to pour.
    func darkDrop(before closing: Stop?, until end: Instant? = nil) -> StopReading? {
        guard let load = self.state.load, self.kind(of: load) != .bulkCement, load.isDark != true,
            let period = load.period
        else { return nil }
        let last = closing?.start ?? end ?? self.asOf
        for stretch in self.stops where stretch.locus == .unseen {
            guard stretch.start >= period.end, stretch.end <= last,
                stretch.start.seconds(since: period.end) <= self.longestHaul(of: load),
                let gap = self.gaps.first(where: { $0.start == stretch.start && $0.end == stretch.end })
            else { continue }
            let sites = self.sites(reachableIn: gap)
            // Of two sites nobody can tell which it was.
            guard sites.count == 1, let site = sites.first else { continue }
            var stop = stretch
            stop.locus = .near(PlaceReference(.site, site.id))
            stop.start = stretch.start.advanced(bySeconds: self.seconds(toDrive: site.before).rounded())
            stop.end = stretch.end.advanced(bySeconds: -self.seconds(toDrive: site.after).rounded())
            stop.isUnseen = true
            return StopReading(role: .drop, stop: stop, confidence: 0.6, latestStart: stretch.start)
        }
        return nil
    }

    private func sites(reachableIn gap: Haul.Gap) -> [Reachable] {
        let gate = self.world.parameters.hauls.queueDistance
        let ids = Set(
            [gap.from, gap.to].flatMap { self.world.sites(within: gate, of: $0, at: gap.start) })
        return ids.sorted().compactMap { id in
            let site = PlaceReference(.site, id)
            guard let before = self.world.metres(from: gap.from, to: site, at: gap.start),
                let after = self.world.metres(from: gap.to, to: site, at: gap.start)
            else { return nil }
            let place = Reachable(id: id, before: before, after: after)
            return self.isReachable(place, in: gap, seconds: self.cycles.dropSeconds) ? place : nil
        }
    }
}
