import Chronology
import Registers

extension DayBuilder {
    /// What a truck does with one load.
    enum Scheme {
        case honest
        /// A licensed plant that is not on the site's list.
        case notApproved
        case hiddenToSite, hiddenToUnregistered
        /// A licensed load that ends where nobody registered a site.
        case diverted
        /// A plant whose licence has expired or is suspended.
        case invalidPlant
    }

    /// Where one load comes from and goes to, and the site that its ticket names.
    struct Trip {
        var origin: Int
        var destinations: [Int]
        var ticketSite: Int?
    }

    mutating func mixerTrip() -> Trip? {
        let usual = self.truck.homePlant
        let plants = self.city.facilities(.concretePlant).filter { self.facilities[$0].maySupply }
        let licensed = self.random.chance(0.9) ? usual : self.random.pick(plants) ?? usual
        let hidden = self.city.facilities(.hiddenPlant)
        let unregistered = self.random.pick(self.city.facilities(.unregisteredSite))
        switch self.scheme() {
        case .honest: return self.honestTrip(from: licensed)
        case .notApproved:
            let sites = self.city.facilities(.site).filter { site in
                let list = self.facilities[site].approvedPlants
                return !list.isEmpty && !list.contains(self.facilities[licensed].id)
            }
            guard let site = self.random.pick(sites) else { return self.honestTrip(from: licensed) }
            return Trip(origin: licensed, destinations: [site], ticketSite: site)
        case .hiddenToSite:
            guard let site = self.random.pick(self.city.facilities(.site)) else { return nil }
            return Trip(origin: hidden[self.truck.number / 4 % hidden.count], destinations: [site])
        case .hiddenToUnregistered:
            guard let unregistered else { return nil }
            return Trip(origin: hidden[self.truck.number / 4 % hidden.count], destinations: [unregistered])
        case .diverted:
            guard let unregistered else { return nil }
            let ticketSite = self.random.pick(self.sites(suppliedBy: licensed))
            return Trip(origin: licensed, destinations: [unregistered], ticketSite: ticketSite)
        case .invalidPlant:
            let invalid = self.city.facilities(.concretePlant).filter { !self.facilities[$0].maySupply }
            guard let plant = self.random.pick(invalid) else { return self.honestTrip(from: licensed) }
            return self.honestTrip(from: plant)
        }
    }

    private mutating func scheme() -> Scheme {
        let roll = self.random.unit()
        guard self.city.plan.hasCheats else { return .honest }
        guard self.truck.isCrooked, self.random.chance(0.5) else { return roll < 0.03 ? .notApproved : .honest }
        return roll < 0.36
            ? .hiddenToSite : roll < 0.62 ? .hiddenToUnregistered : roll < 0.8 ? .diverted : .invalidPlant
    }

    private mutating func honestTrip(from plant: Int) -> Trip? {
        let sites = self.sites(suppliedBy: plant)
        guard let site = self.random.pick(sites) else { return nil }
        var destinations = [site]
        if self.random.chance(0.05), let second = self.random.pick(sites), second != site {
            destinations.append(second)
        }
        return Trip(origin: plant, destinations: destinations, ticketSite: site)
    }

    func sites(suppliedBy plant: Int) -> [Int] {
        self.city.facilities(.site).filter { site in
            let list = self.facilities[site].approvedPlants
            return list.isEmpty || list.contains(self.facilities[plant].id)
        }
    }

    mutating func tankerTrip() -> Trip? {
        let isHidden = self.truck.isCrooked && self.random.chance(0.4)
        let plants = self.city.facilities(isHidden ? .hiddenPlant : .concretePlant)
        return self.random.pick(plants).map { Trip(origin: self.truck.homePlant, destinations: [$0]) }
    }

    mutating func mortarTrip() -> Trip? {
        self.random.pick(self.sites(suppliedBy: self.truck.homePlant)).map { site in
            Trip(origin: self.truck.homePlant, destinations: [site], ticketSite: site)
        }
    }

    /// Loads, drives, unloads.
    mutating func run(_ trip: Trip) {
        self.load(at: trip.origin)
        if let site = trip.ticketSite { self.issueTicket(from: trip.origin, to: site) }
        self.maybeVisit(.weighbridge, before: trip.destinations[0], chance: 0.15, prior: .weigh, activity: .weighing)
        let full = self.kilograms
        let first = trip.destinations.count > 1 ? self.random.uniform(0.4, 0.6) : 1
        for (index, destination) in trip.destinations.enumerated() {
            self.drop(
                at: destination, leaving: index == 0 ? full * (1 - first) : 0, share: index == 0 ? first : 1 - first)
        }
    }

    private mutating func load(at plant: Int) {
        let facility = self.facilities[plant]
        let isTanker = self.truck.kind != .mixer
        let spot = facility.yard.spot(
            aside: (isTanker ? 0.45 : self.random.chance(0.5) ? 0.12 : -0.12) + self.random.uniform(-0.02, 0.02),
            deep: 0.5 + self.random.uniform(-0.02, 0.02))
        let queue = self.random.chance(0.6) ? self.random.draw(.queueAtPlant) : 0
        self.travel(to: Berth(facility: plant, point: spot), queue: facility.kind == .hiddenPlant ? queue / 4 : queue)
        let kilograms = self.truck.fullLoad * self.random.uniform(0.75, 1)
        self.open(
            Load(
                id: self.name("L", self.loads.count + 1),
                originKind: facility.kind == .hiddenPlant ? .hiddenPlant : .plant, originID: facility.id,
                berth: self.berth, start: self.arrival, end: self.clock, kilograms: kilograms))
        let seconds = self.random.draw(isTanker ? .loadBulk : .loadMixer)
        self.stand(seconds, .loading, kilograms: kilograms)
    }

    /// - Parameters:
    ///   - place: the facility.
    ///   - kilograms: what stays on the truck.
    ///   - share: of the load that is poured here; less takes less time.
    private mutating func drop(at place: Int, leaving kilograms: Double, share: Double) {
        let facility = self.facilities[place]
        let queue = self.random.chance(0.5) ? self.random.draw(.queueAtSite) : 0
        self.travel(to: Berth(facility: place, point: self.pouringSpot(in: place)), queue: queue)
        // Only on the way here has the load got its end.
        guard let load = self.loads.last else { return }
        self.open(self.truth(of: load, to: facility))
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

    /// The place of the day's pour, a few metres to and fro.
    private mutating func pouringSpot(in place: Int) -> Point {
        let yard = self.facilities[place].yard
        if self.truck.kind == .bulkCement { return yard.spot(aside: -0.5, deep: 0.6 + self.random.uniform(0, 0.05)) }
        var today = SplitMix64(seed: self.city.plan.seed, for: .shift, truck: -1 - place, day: self.day)
        let (aside, deep) = (today.uniform(-0.5, 0.5), today.uniform(0.4, 0.68))
        return yard.spot(
            aside: aside + self.random.uniform(-0.06, 0.06), deep: deep + self.random.uniform(-0.04, 0.04))
    }

    private mutating func issueTicket(from plant: Int, to site: Int) {
        guard let load = self.loads.last else { return }
        let isMixer = self.truck.kind == .mixer
        let products = isMixer ? ["C25", "C30", "C35", "C40"] : ["DP M10", "DM M10"]
        let volume = load.kilograms / (isMixer ? 2350 : 1000)
        self.tickets.append(
            PlannedTicket(
                id: self.name("T", self.loads.count), plantID: self.facilities[plant].id,
                siteID: self.facilities[site].id, product: self.random.pick(products) ?? "C30",
                volume: (volume * 10).rounded() / 10, issuedAt: self.clock - self.random.integer(30...120)))
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
    private func name(_ prefix: String, _ count: Int) -> String {
        let date = self.instant(0).date(at: .shanghai).description.filter { $0 != "-" }
        return prefix + "-" + date + "-" + self.truck.terminal + "-" + String(count)
    }

    private func truth(of load: Load, to facility: Facility) -> TruthDelivery {
        let origin = self.facilities[load.berth.facility]
        var rules: [String] = []
        if load.originKind == .hiddenPlant { rules.append("unlicensed-origin") }
        if load.originKind == .plant, !origin.maySupply { rules.append("licence-invalid") }
        if !facility.kind.isRegistered { rules.append("unregistered-destination") }
        let isBlackSupply = !rules.isEmpty
        let list = facility.approvedPlants
        if load.originKind == .plant, !list.isEmpty, !list.contains(load.originID) {
            rules.append("supplier-not-approved")
        }
        let kind: TruthDelivery.DestinationKind =
            switch facility.kind {
            case .site: .site
            case .unregisteredSite, .hiddenPlant: .unregistered
            default: .plant
            }
        return TruthDelivery(
            truthID: self.name("D", self.drops.count + 1), loadID: load.id, plate: self.truck.plate,
            terminal: self.truck.terminal, originKind: load.originKind, originID: load.originID,
            originCoordinate: Plane.coordinate(load.berth.point), loadStart: self.instant(load.start),
            loadEnd: self.instant(load.end), destinationKind: kind, destinationID: facility.id,
            destinationCoordinate: Plane.coordinate(self.berth.point), unloadStart: self.instant(self.arrival),
            unloadEnd: self.instant(self.arrival), isBlackSupply: isBlackSupply, expectedRules: rules)
    }
}
