import Chronology
import Registers

/// Loads, drives, unloads.
extension DayBuilder {
    mutating func run(_ trip: Trip) {
        if let first = trip.firstCall {
            self.travel(to: Berth(facility: first, point: self.loadingSpot(in: first)))
            self.stand(self.random.integer(200...480), .waiting)
        }
        self.load(at: trip.origin, isOverloaded: trip.isOverloaded)
        if trip.firstCall != nil { self.loads[self.loads.count - 1].edgeCases.insert(.sisterPlant) }
        if let refusing = trip.refusingSite { self.bringBack(from: refusing, to: trip.origin) }
        if let site = trip.ticketSite { self.issueTicket(from: trip.ticketPlant ?? trip.origin, to: site, trip) }
        if trip.waitsForPump { self.waitForPump() }
        self.noteRulesOfLoad(trip)
        if let stopover = trip.stopover {
            self.stop(stopover, before: trip.destinations[0])
        } else if !trip.isDarkOnTheWay, !trip.isDarkAtLoad {
            self.maybeVisit(
                .weighbridge, before: trip.destinations[0], chance: 0.15, prior: .weigh, activity: .weighing)
        }
        let full = self.kilograms
        let first = trip.destinations.count > 1 ? self.random.uniform(0.4, 0.6) : 1
        for (index, destination) in trip.destinations.enumerated() {
            self.drop(
                at: destination, leaving: index == 0 ? full * (1 - first) : 0, share: index == 0 ? first : 1 - first,
                trip)
        }
        if trip.isDarkAtLoad, let load = self.loads.last {
            self.darkness.append(load.start - 90..<load.end + 90)
        }
    }

    private func loadingSpot(in plant: Int, aside: Double = 0.12) -> Point {
        self.facilities[plant].yard.spot(aside: aside, deep: 0.5)
    }

    /// - Parameter isOverloaded: the drum is filled, whatever the truck may weigh then.
    mutating func load(at plant: Int, isOverloaded: Bool = false) {
        let facility = self.facilities[plant]
        let isTanker = self.truck.kind != .mixer
        let spot = facility.yard.spot(
            aside: (isTanker ? 0.45 : self.random.chance(0.5) ? 0.12 : -0.12) + self.random.uniform(-0.02, 0.02),
            deep: 0.5 + self.random.uniform(-0.02, 0.02))
        let queue = self.random.chance(0.6) ? self.random.draw(.queueAtPlant) : 0
        self.travel(
            to: Berth(facility: plant, point: spot), queue: facility.kind == .hiddenPlant ? queue / 4 : queue,
            mayCreep: true)
        // It may have been in the yard all night.
        if self.city.plan.hasEverydayLife { self.move(to: spot) }
        let usual = self.truck.fullLoad * self.random.uniform(0.75, 1)
        let kilograms = isOverloaded ? self.truck.fullLoad : min(usual, self.truck.legalLoad)
        self.open(
            Load(
                id: self.name("L", self.loads.count + 1),
                originKind: facility.kind == .hiddenPlant ? .hiddenPlant : .plant, originID: facility.id,
                berth: self.berth, start: self.arrival, end: self.clock, kilograms: kilograms))
        let seconds = self.random.draw(isTanker ? .loadBulk : .loadMixer)
        self.stand(seconds, .loading, kilograms: kilograms)
        if facility.neighbour != nil { self.loads[self.loads.count - 1].edgeCases.insert(.sharedGate) }
        self.crossings = []
    }

    /// A site refuses the load; back at the plant it is made good, and a new note will be written.
    private mutating func bringBack(from site: Int, to plant: Int) {
        self.issueTicket(from: plant, to: site, Trip(origin: plant, destinations: [site]))
        self.travel(to: Berth(facility: site, point: self.pouringSpot(in: site)))
        let arrived = self.arrival
        self.stand(self.random.integer(300...840), .waiting)
        self.travel(to: Berth(facility: plant, point: self.loadingSpot(in: plant)))
        self.addIncident(.returnedConcrete, from: arrived, to: self.departure)
        guard var load = self.loads.last else { return }
        load.id = self.name("L", self.loads.count + 1)
        (load.start, load.end) = (self.arrival, self.clock)
        load.berth = self.berth
        load.edgeCases.insert(.returnedConcrete)
        self.open(load)
        self.stand(self.random.integer(300...600), .loading)
        self.crossings = []
    }

    private mutating func stop(_ stopover: Trip.Stopover, before next: Int) {
        let (before, from) = (self.clock, self.berth.facility)
        switch stopover {
        case .fuel: self.maybeVisit(.fuel, before: next, chance: 1, prior: .refuel, activity: .refuelling)
        case .rest:
            guard let park = self.nearest(.parking, to: next) else { return }
            self.travel(to: Berth(facility: park, point: self.facilities[park].yard.spot(aside: 0, deep: 0.5)))
            self.stand(self.random.integer(4800...6000), .resting)
        case .lot:
            guard let lot = self.nearest(.lot, to: next) else { return }
            self.travel(to: Berth(facility: lot, point: self.facilities[lot].yard.spot(aside: 0, deep: 0.5)))
            self.stand(self.random.integer(260...460), .waiting)
        case .farAway:
            guard let place = self.city.placeFarOff(from: from, to: next) else { return }
            // Through its yard, without a halt.
            self.travel(to: Berth(facility: place, point: self.facilities[place].yard.spot(aside: 0, deep: 0.5)))
        }
        guard self.clock > before, self.berth.facility != from, !self.loads.isEmpty else { return }
        switch stopover {
        case .fuel: self.loads[self.loads.count - 1].edgeCases.insert(.refuelLoaded)
        case .lot: self.loads[self.loads.count - 1].rules.append("mid-route-stop")
        // Whether a way is unusual follows from those of others: `TruthWays`.
        case .rest, .farAway: break
        }
    }

    /// The one with the least detour.
    private func nearest(_ kind: Facility.Kind, to next: Int) -> Int? {
        self.city.facility(kind, between: self.berth.facility, and: next, detourBelow: .infinity)
    }

    /// - Parameters:
    ///   - place: the facility.
    ///   - kilograms: what stays on the truck.
    ///   - share: of the load that is poured here; less takes less time.
    private mutating func drop(at place: Int, leaving kilograms: Double, share: Double, _ trip: Trip) {
        let facility = self.facilities[place]
        let queue = self.random.chance(0.5) ? self.random.draw(.queueAtSite) : 0
        self.travel(to: Berth(facility: place, point: self.pouringSpot(in: place)), queue: queue, mayCreep: true)
        if trip.isDarkOnTheWay { self.switchOffOnTheWay() }
        // Only on the way here has the load got its end.
        guard let load = self.loads.last else { return }
        self.open(self.truth(of: load, to: facility, trip))
        switch self.truck.kind {
        case .mixer:
            self.stand(self.random.integer(20...240), .waiting)
            let seconds = Int(Double(self.random.draw(.pour)) * max(share, 0.6))
            self.stand(seconds, .pouring, kilograms: kilograms)
            if kilograms == 0, self.random.chance(0.4) { self.stand(self.random.draw(.wash), .washing) }
        case .bulkCement: self.stand(self.random.draw(.unloadCement), .unloadingBulk, kilograms: kilograms)
        case .mortar: self.stand(self.random.draw(.unloadMortar), .unloadingBulk, kilograms: kilograms)
        }
    }

    /// Off for all of the last drive but two minutes at each end, if that is long and far enough to be noticed.
    private mutating func switchOffOnTheWay() {
        guard let last = self.segments.last, let drive = last.drive else { return }
        let (from, to) = (last.start + 120, last.end - 120)
        guard to - from > 780, drive.seconds > 240,
            drive.path.point(at: Double(drive.travelled[120])).point
                .distance(to: drive.path.point(at: Double(drive.travelled[drive.seconds - 120])).point) > 2400
        else { return }
        self.darkness.append(from..<to)
        self.loads[self.loads.count - 1].rules.append("gap-in-haul")
    }

    /// The place of the day's pour, a few metres to and fro.
    mutating func pouringSpot(in place: Int) -> Point {
        let yard = self.facilities[place].yard
        if self.truck.kind == .bulkCement { return yard.spot(aside: -0.5, deep: 0.6 + self.random.uniform(0, 0.05)) }
        var today = SplitMix64(seed: self.city.plan.seed, for: .shift, truck: -1 - place, day: self.day)
        let (aside, deep) = (today.uniform(-0.5, 0.5), today.uniform(0.4, 0.68))
        return yard.spot(
            aside: aside + self.random.uniform(-0.06, 0.06), deep: deep + self.random.uniform(-0.04, 0.04))
    }

    /// A stop at a weighbridge, a wash or a fuel station, if one is near the way.
    mutating func maybeVisit(
        _ kind: Facility.Kind, before next: Int, chance: Double, prior: DurationPrior, activity: TruckDay.Activity
    ) {
        let isMeant = self.random.chance(chance)
        guard isMeant,
            let place = self.city.facility(kind, between: self.berth.facility, and: next, detourBelow: 420)
        else { return }
        let aside = self.random.uniform(-0.3, 0.3)
        self.travel(to: Berth(facility: place, point: self.facilities[place].yard.spot(aside: aside, deep: 0.5)))
        self.stand(self.random.draw(prior), activity)
    }

    /// `L-20260302-SIM-0001-3`
    func name(_ prefix: String, _ count: Int) -> String {
        let date = self.instant(0).date(at: .shanghai).description.filter { $0 != "-" }
        return prefix + "-" + date + "-" + self.truck.terminal + "-" + String(count)
    }
}
