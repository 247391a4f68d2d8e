/// What a truck carries next: an honest load, or one of the schemes.
extension DayBuilder {
    mutating func mixerTrip() -> Trip? {
        let usual = self.truck.homePlant
        if self.tripNumber < self.meant.count { return self.trip(self.meant[self.tripNumber], from: usual) }
        let plants = self.city.facilities(.concretePlant).filter { self.facilities[$0].maySupply }
        let licensed = self.random.chance(0.9) ? usual : self.random.pick(plants) ?? usual
        let roll = self.random.unit()
        guard self.city.plan.hasCheats else { return self.honestTrip(from: licensed) }
        guard self.truck.isCrooked, self.random.chance(0.5) else {
            let isApproved = roll >= 0.03 || self.rarity != nil
            return isApproved ? self.honestTrip(from: licensed) : self.notApprovedTrip(from: licensed)
        }
        return self.trip(Trip.Scheme(share: roll, of: self.city.plan.cheats), from: licensed)
    }

    private mutating func trip(_ scheme: Trip.Scheme, from licensed: Int) -> Trip? {
        switch scheme {
        case .hiddenToSite, .hiddenToUnregistered, .lentName, .hiddenInTheDark:
            return self.hiddenTrip(scheme, from: licensed)
        case .diverted: return self.divertedTrip(from: licensed)
        case .unnoted: return self.unregisteredSite().map { Trip(origin: licensed, destinations: [$0]) }
        case .partlyDiverted:
            // Without a sensor nothing shows that something was discharged, and the catalogue has no row for it.
            guard self.truck.habits.showsDischarge else { return self.divertedTrip(from: licensed) }
            guard var trip = self.plainTrip(from: licensed), let third = self.unregisteredSite() else { return nil }
            trip.destinations.insert(third, at: 0)
            return trip
        case .invalidPlant:
            let invalid = self.city.facilities(.concretePlant).filter { !self.facilities[$0].maySupply }
            return self.random.pick(invalid).flatMap { self.plainTrip(from: $0) }
        case .wrongScope:
            guard let plant = self.random.pick(self.city.facilities(.mortarPlant)) else { return nil }
            return self.plainTrip(from: plant)
        case .withoutNote, .noteOfOtherTruck, .noteOfOtherTime, .noteOfTooMuch, .noteUsedBefore, .overloaded, .tooOld,
            .watered, .dark, .astray:
            guard var trip = self.plainTrip(from: licensed) else { return nil }
            Self.spoil(&trip, scheme)
            return trip
        }
    }

    private static func spoil(_ trip: inout Trip, _ scheme: Trip.Scheme) {
        switch scheme {
        case .withoutNote: trip.ticketSite = nil
        case .noteOfOtherTruck: trip.noteFault = .otherTruck
        case .noteOfOtherTime: trip.noteFault = .otherTime
        case .noteOfTooMuch: trip.noteFault = .tooMuch
        case .noteUsedBefore: trip.noteFault = .usedBefore
        case .overloaded: trip.isOverloaded = true
        case .tooOld: trip.stopover = .rest
        case .watered: trip.stopover = .lot
        case .dark: trip.isDarkOnTheWay = true
        case .astray: trip.stopover = .farAway
        default: break
        }
    }

    private mutating func hiddenTrip(_ scheme: Trip.Scheme, from licensed: Int) -> Trip? {
        let hidden = self.city.facilities(.hiddenPlant)
        let destination =
            scheme == .hiddenToUnregistered
            ? self.unregisteredSite() : self.random.pick(self.city.pouringSites)
        guard let destination else { return nil }
        var trip = Trip(origin: hidden[self.truck.number / 4 % hidden.count], destinations: [destination])
        if scheme == .lentName { (trip.ticketSite, trip.ticketPlant) = (destination, licensed) }
        trip.isDarkAtLoad = scheme == .hiddenInTheDark
        return trip
    }

    private mutating func divertedTrip(from plant: Int) -> Trip? {
        guard let place = self.unregisteredSite() else { return nil }
        return Trip(
            origin: plant, destinations: [place], ticketSite: self.random.pick(self.sites(suppliedBy: plant)))
    }

    private mutating func unregisteredSite() -> Int? {
        self.random.pick(self.city.facilities(.unregisteredSite))
    }

    private mutating func notApprovedTrip(from plant: Int) -> Trip? {
        let sites = self.city.pouringSites.filter { site in
            let list = self.facilities[site].approvedPlants
            return !list.isEmpty && !list.contains(self.facilities[plant].id)
        }
        guard let site = self.random.pick(sites) else { return self.honestTrip(from: plant) }
        return Trip(origin: plant, destinations: [site], ticketSite: site)
    }

    /// From a plant to a site, and nothing else.
    private mutating func plainTrip(from plant: Int) -> Trip? {
        self.random.pick(self.sites(suppliedBy: plant)).map {
            Trip(origin: plant, destinations: [$0], ticketSite: $0)
        }
    }

    private mutating func honestTrip(from plant: Int) -> Trip? {
        let beside = self.city.pouringSites.filter { self.facilities[$0].neighbour == plant }
        let sites = self.random.chance(0.15) && !beside.isEmpty ? beside : self.sites(suppliedBy: plant)
        guard let site = self.random.pick(sites) else { return nil }
        var trip = Trip(origin: plant, destinations: [site], ticketSite: site)
        let roll = self.random.unit()
        let other = self.random.pick(self.sites(suppliedBy: plant))
        if roll < 0.05 {
            if let other, other != site { trip.destinations.append(other) }
        } else if roll < 0.07 {
            trip.stopover = .fuel
        } else if roll < 0.1 {
            trip.firstCall = self.sister(of: plant)
        } else if roll < 0.11, let other, other != site {
            trip.refusingSite = other
        }
        if self.rarity == .returnedConcrete, self.tripNumber == 1,
            let refusing = self.sites(suppliedBy: plant).first(where: { $0 != site })
        {
            trip = Trip(origin: plant, destinations: [site], ticketSite: site, refusingSite: refusing)
        }
        return trip
    }

    /// Another plant of the company.
    private func sister(of plant: Int) -> Int? {
        self.city.facilities(.concretePlant).first { other in
            other != plant && self.facilities[other].maySupply
                && self.facilities[other].company == self.facilities[plant].company
        }
    }

    func sites(suppliedBy plant: Int) -> [Int] {
        self.city.pouringSites.filter { site in
            let list = self.facilities[site].approvedPlants
            return list.isEmpty || list.contains(self.facilities[plant].id)
        }
    }

    mutating func tankerTrip() -> Trip? {
        if self.city.plan.hasCheats, self.truck.number % 24 == 19, self.random.chance(0.7),
            let site = self.city.facilities(.site).first(where: { self.facilities[$0].mixesItsOwn })
        {
            return Trip(origin: self.truck.homePlant, destinations: [site])
        }
        let isMeant = self.city.plan.hasEveryCase && self.tripNumber == 0
        let isHidden = self.truck.isCrooked && (self.random.chance(0.4) || isMeant)
        let plants = self.city.facilities(isHidden ? .hiddenPlant : .concretePlant)
        return self.random.pick(plants).map { Trip(origin: self.truck.homePlant, destinations: [$0]) }
    }

    mutating func mortarTrip() -> Trip? {
        self.random.pick(self.sites(suppliedBy: self.truck.homePlant)).map { site in
            Trip(origin: self.truck.homePlant, destinations: [site], ticketSite: site)
        }
    }
}
