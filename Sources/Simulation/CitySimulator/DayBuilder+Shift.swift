import Registers

/// When a truck begins, how often it goes, when it eats and refuels, and when it is home again.
extension DayBuilder {
    private static let hour = 3600
    /// After this the truck is on its spot in the depot, so that the next day can begin there.
    private static let curfew = TruckDay.length - 900

    static func plan(_ truck: Truck, day: Int, in city: City) -> TruckDay {
        var builder = DayBuilder(city: city, truck: truck, day: day)
        builder.work()
        builder.goHome()
        let tickets = builder.tickets.map { ticket in
            Ticket(
                ticketID: ticket.id, plantID: ticket.plantID, siteID: ticket.siteID, plate: truck.plate,
                product: ticket.product, volumeCubicMetres: ticket.volume, issuedAt: builder.instant(ticket.issuedAt))
        }
        return TruckDay(
            truck: truck.number, day: day, segments: builder.segments, drops: builder.drops, tickets: tickets,
            metres: builder.metres)
    }

    /// What kind of shift a truck has on a day does not depend on anything else.
    private enum Shift { case day, afterNight, night, off }

    private func shift(on day: Int) -> Shift {
        func roll(_ day: Int) -> Double {
            var random = SplitMix64(seed: self.city.plan.seed, for: .shift, truck: self.truck.number, day: day)
            return random.unit()
        }
        let today = roll(day)
        if today < 0.04 { return .off }
        guard self.truck.kind == .mixer else { return .day }
        if today > 0.9 { return .night }
        return day > 0 && roll(day - 1) > 0.9 ? .afterNight : .day
    }

    private mutating func work() {
        var (start, last) = (0, 27 * Self.hour / 2)
        switch self.shift(on: self.day) {
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
            if !hasEaten, self.clock > 7 * Self.hour {
                hasEaten = true
                trial.eat()
            }
            trial.cycle(isRefuelling: isRefuelling && number == 1)
            let home = trial.city.freeSeconds(from: trial.berth.facility, to: trial.truck.depot) * 2.2 + 1800
            guard trial.clock + Int(home) < Self.curfew else { return }
            self = trial
        }
    }

    private mutating func cycle(isRefuelling: Bool) {
        let trip =
            switch self.truck.kind {
            case .mixer: self.mixerTrip()
            case .bulkCement: self.tankerTrip()
            case .mortar: self.mortarTrip()
            }
        guard let trip else { return }
        self.maybeVisit(
            .fuel, before: trip.origin, chance: isRefuelling ? 1 : 0, prior: .refuel, activity: .refuelling)
        self.run(trip)
        self.maybeVisit(.wash, before: trip.origin, chance: 0.12, prior: .wash, activity: .washing)
    }

    /// In the depot, in a truck park, or at the roadside.
    private mutating func eat() {
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
        self.travel(to: Berth(facility: self.truck.depot, point: self.truck.parking))
        self.stand(TruckDay.length - self.clock, .parked)
    }
}
