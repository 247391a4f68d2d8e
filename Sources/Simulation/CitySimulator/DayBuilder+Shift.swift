import Registers

/// When a truck begins, how often it goes, when it eats and refuels, and when it is home again.
extension DayBuilder {
    private static let hour = 3600
    /// After this the truck is on its spot in the depot, so that the next day can begin there.
    private static let curfew = TruckDay.length - 900

    static func plan(_ truck: Truck, day: Int, in city: City) -> TruckDay {
        city.planned.day(day, ofTruck: truck.number) { Self.planned(truck, day: day, in: city) }
    }

    private static func planned(_ truck: Truck, day: Int, in city: City) -> TruckDay {
        var builder = DayBuilder(city: city, truck: truck, day: day)
        builder.work()
        builder.goHome()
        let tickets = builder.tickets.map { ticket in
            Ticket(
                ticketID: ticket.id, plantID: ticket.plantID, siteID: ticket.siteID, plate: ticket.plate,
                product: ticket.product, volumeCubicMetres: ticket.volume, issuedAt: builder.instant(ticket.issuedAt))
        }
        return TruckDay(
            truck: truck.number, day: day, segments: builder.segments, drops: builder.drops, tickets: tickets,
            incidents: builder.incidents, darkness: builder.darkness, metres: builder.metres,
            volumes: Dictionary(builder.loads.map { ($0.id, $0.kilograms / 2350) }, uniquingKeysWith: { $1 }))
    }

    /// What kind of shift a truck has on a day does not depend on anything else.
    enum Shift: Int { case day, afterNight, night, off }

    static func shift(of truck: Truck, on day: Int, in plan: CityPlan) -> Shift {
        func roll(_ day: Int) -> Double {
            var random = SplitMix64(seed: plan.seed, for: .shift, truck: truck.number, day: day)
            return random.unit()
        }
        let today = roll(day)
        if today < 0.04 { return .off }
        guard truck.kind == .mixer else { return .day }
        if today > 0.9 { return .night }
        return day > 0 && roll(day - 1) > 0.9 ? .afterNight : .day
    }

    private mutating func work() {
        var (start, last) = (0, 27 * Self.hour / 2)
        switch Self.shift(of: self.truck, on: self.day, in: self.city.plan) {
        case .off: return
        case .day: start = self.random.integer(Self.hour * 3 / 2...Self.hour * 7 / 2)
        case .afterNight: start = self.random.integer(Self.hour * 6...Self.hour * 7)
        case .night: (start, last) = (self.random.integer(Self.hour * 13...Self.hour * 15), Self.hour * 19)
        }
        let target = self.truck.kind == .mixer ? self.random.integer(3...8) : self.random.integer(2...4)
        let isRefuelling = self.random.chance(0.4)
        var hasEaten = start > 7 * Self.hour
        self.stand(start, .parked)
        for number in 0..<target where self.clock < last {
            var trial = self
            trial.tripNumber = number
            if !hasEaten, self.clock > 7 * Self.hour {
                hasEaten = true
                trial.eat()
            }
            if trial.truck.isPump {
                trial.pump()
            } else if trial.livesEveryday {
                trial.liveAndCycle(isFirst: number == 0, isRefuelling: isRefuelling && number == 1)
            } else {
                trial.cycle(isRefuelling: isRefuelling && number == 1)
            }
            guard trial.isHomeInTime else { return }
            self = trial
        }
        guard self.truck.kind == .mixer, !self.truck.isPump else { return }
        let isTurnedAway = self.random.chance(0.03)
        if isTurnedAway || self.rarity == .overnightLoad { self.takeLoadHome() }
    }

    private var isHomeInTime: Bool {
        let home = self.city.freeSeconds(from: self.berth.facility, to: self.truck.depot) * 2.2 + 1800
        return self.clock + Int(home) < Self.curfew
    }

    /// The last load of the day goes to no site: turned away by telephone, it is parked with the truck.
    private mutating func takeLoadHome() {
        var trial = self
        trial.load(at: trial.truck.homePlant)
        if let site = trial.random.pick(trial.sites(suppliedBy: trial.truck.homePlant)) {
            trial.issueTicket(
                from: trial.truck.homePlant, to: site, Trip(origin: trial.truck.homePlant, destinations: []))
        }
        guard trial.isHomeInTime else { return }
        trial.addIncident(.overnightLoad, from: trial.clock, to: TruckDay.length)
        self = trial
    }

    /// A pump truck stands at a site for hours and carries nothing.
    private mutating func pump() {
        guard let site = self.random.pick(self.city.pouringSites) else { return }
        let start = self.clock
        self.travel(to: Berth(facility: site, point: self.pouringSpot(in: site)))
        self.stand(self.random.draw(.pumping), .waiting)
        self.maybeVisit(.wash, before: site, chance: 0.3, prior: .wash, activity: .washing)
        self.addIncident(.pumpTruck, from: start, to: self.clock)
    }

    mutating func cycle(isRefuelling: Bool, waitsForPump: Bool = false) {
        let planned =
            switch self.truck.kind {
            case .mixer: self.mixerTrip()
            case .bulkCement: self.tankerTrip()
            case .mortar: self.mortarTrip()
            }
        guard var trip = planned else { return }
        trip.waitsForPump = waitsForPump
        self.maybeVisit(
            .fuel, before: trip.origin, chance: isRefuelling ? 1 : 0, prior: .refuel, activity: .refuelling)
        self.run(trip)
        self.maybeVisit(.wash, before: trip.origin, chance: 0.12, prior: .wash, activity: .washing)
    }

    /// In the depot, in a truck park, or at the roadside.
    private mutating func eat() {
        guard !self.livesEveryday else { return self.washOutAndEat() }
        let seconds = self.random.draw(.lunch)
        let roll = self.random.unit()
        let parks = self.city.facilities(.parking)
        if roll < 0.4 {
            self.travel(to: Berth(facility: self.truck.depot, point: self.truck.parking))
            self.stand(seconds, .resting)
        } else if roll < 0.75, let park = self.random.pick(parks) {
            let aside = self.random.uniform(-0.5, 0.5)
            self.travel(to: Berth(facility: park, point: self.facilities[park].yard.spot(aside: aside, deep: 0.55)))
            self.stand(seconds, .resting)
        } else {
            self.roadsideRest = seconds
        }
    }

    private mutating func goHome() {
        self.roadsideRest = 0
        // Nothing comes after it, so that whatever is wrong with it changes no load.
        let isRushing = DriveHome.Kind(of: self.truck, day: self.day, plan: self.city.plan) == .rushed
        self.travel(to: Berth(facility: self.truck.depot, point: self.truck.parking), isRushing: isRushing)
        self.move(to: self.truck.parking)
        self.stand(TruckDay.length - self.clock, .parked)
    }
}
