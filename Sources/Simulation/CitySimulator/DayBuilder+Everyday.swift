import Registers

/// What honest mixers do every day beside their trips, and what becomes of some of these. None of it is a delivery but
/// the wait for the pump, after which the load goes where its note says.
///
/// How often is chosen, not measured: often enough that a city of one day has each, and that every truck does one.
extension DayBuilder {
    /// What comes before a trip, or instead of it.
    enum Everyday: CaseIterable {
        case yardErrand, crewFetched
        case breakdownReturned, breakdownTowed, refusedAtGate, waitForPump

        /// Share of the trips.
        var share: Double {
            switch self {
            case .yardErrand: 0.1
            case .crewFetched, .breakdownReturned, .refusedAtGate: 0.05
            case .breakdownTowed: 0.02
            case .waitForPump: 0.08
            }
        }

        /// By a number from 0 up to, not including, 1; most trips are as ever.
        init?(share: Double) {
            var left = share
            for kind in Self.allCases {
                left -= kind.share
                guard left >= 0 else {
                    self = kind
                    return
                }
            }
            return nil
        }
    }

    var livesEveryday: Bool { self.truck.livesEveryday(self.city.plan) }

    /// One trip of the day, and what belongs to it.
    mutating func liveAndCycle(isFirst: Bool, isRefuelling: Bool) {
        if isFirst, self.truck.sleepsInYard(self.city.plan), self.random.chance(0.6) {
            let start = self.clock
            self.runErrand()
            self.addIncident(.nightInYard, from: start, to: self.clock)
        }
        switch Everyday(share: self.random.unit()) {
        case .yardErrand:
            self.restInYard()
            self.cycle(isRefuelling: isRefuelling)
        case .crewFetched:
            self.fetchCrew()
            self.cycle(isRefuelling: isRefuelling)
        case .breakdownReturned: self.breakDown(isTowed: false)
        case .breakdownTowed: self.breakDown(isTowed: true)
        case .refusedAtGate: self.returnFromGate()
        case .waitForPump: self.cycle(isRefuelling: isRefuelling, waitsForPump: true)
        case nil: self.cycle(isRefuelling: isRefuelling)
        }
    }
}

/// Empty, in the yard of the plant and out of it.
extension DayBuilder {
    /// Out of the loader's way, where trucks are parked and washed.
    private mutating func yardSpot(of plant: Int) -> Point {
        self.facilities[plant].yard.spot(
            aside: (self.random.chance(0.5) ? 0.5 : -0.5) + self.random.uniform(-0.08, 0.08),
            deep: 0.6 + self.random.uniform(-0.05, 0.08))
    }

    /// Comes to its own plant without being called, or stays there.
    private mutating func goToYard() {
        let (plant, spot) = (self.truck.homePlant, self.yardSpot(of: self.truck.homePlant))
        if self.berth.facility == plant {
            self.move(to: spot)
        } else {
            self.travel(to: Berth(facility: plant, point: spot))
        }
    }

    /// The meal of the day.
    mutating func washOutAndEat() {
        self.goToYard()
        let start = self.arrival
        self.stand(self.random.integer(600...1200), .washing)
        self.halt(isNear: self.random.chance(0.5), seconds: self.random.integer(1800...3600))
        self.addIncident(.washOut, from: start, to: self.clock)
    }

    private mutating func restInYard() {
        self.goToYard()
        let start = self.arrival
        self.stand(self.random.integer(1200...3600), self.random.chance(0.5) ? .resting : .idling)
        self.runErrand()
        self.addIncident(.yardErrand, from: start, to: self.clock)
    }

    /// A tyre is changed, or the truck is inspected.
    private mutating func runErrand() {
        let seconds = self.random.chance(0.5) ? self.random.integer(1200...2400) : self.random.integer(3000...5400)
        self.halt(isNear: self.random.chance(0.3), seconds: seconds)
    }

    /// At the place by the road that is nearest to the plant, or at any.
    private mutating func halt(isNear: Bool, seconds: Int) {
        let (places, plant) = (self.city.facilities(.roadside), self.facilities[self.truck.homePlant].yard.centre)
        let nearest = places.min {
            self.facilities[$0].yard.centre.distance(to: plant) < self.facilities[$1].yard.centre.distance(to: plant)
        }
        let any = self.random.pick(places)
        guard let place = isNear ? nearest : any else { return }
        let spot = self.facilities[place].yard.spot(aside: self.random.uniform(-0.6, 0.6), deep: 0.5)
        self.travel(to: Berth(facility: place, point: spot))
        self.stand(seconds, .resting)
    }

    private mutating func fetchCrew() {
        guard let site = self.random.pick(self.sites(suppliedBy: self.truck.homePlant)) else { return }
        self.goToYard()
        let start = self.arrival
        self.stand(self.random.integer(600...1200), .washing)
        self.travel(to: Berth(facility: site, point: self.gateSpot(of: site)))
        self.stand(self.random.integer(300...480), .idling)
        self.addIncident(.crewFetched, from: start, to: self.clock)
    }

    /// Just inside.
    private mutating func gateSpot(of site: Int) -> Point {
        self.facilities[site].yard.spot(aside: self.random.uniform(-0.1, 0.1), deep: 0.25)
    }
}

/// With a load, and a note for it.
extension DayBuilder {
    /// Metres before the gate at which a truck waits that is not let in yet.
    private static let beforeGate = 600.0

    /// The truck has its load and its note, and stays.
    mutating func waitForPump() {
        self.move(to: self.yardSpot(of: self.berth.facility))
        self.stand(self.random.integer(75 * 60...95 * 60), .idling)
        self.loads[self.loads.count - 1].edgeCases.insert(.waitForPump)
    }

    /// A site of its plant at least so many seconds away.
    private mutating func site(awayBy seconds: Double) -> Int? {
        let plant = self.truck.homePlant
        return self.random.pick(
            self.sites(suppliedBy: plant).filter { self.city.freeSeconds(from: plant, to: $0) > seconds })
    }

    private mutating func load(for site: Int) {
        self.load(at: self.truck.homePlant)
        self.issueTicket(
            from: self.truck.homePlant, to: site, Trip(origin: self.truck.homePlant, destinations: []))
    }

    /// Stands at the roadside for an hour, on the way that everybody takes.
    /// - Parameter isTowed: to the nearest depot, where the concrete is broken out; else back to the plant.
    private mutating func breakDown(isTowed: Bool) {
        let plant = self.truck.homePlant
        guard let site = self.site(awayBy: 300),
            let node = self.city.nodeHalfWay(from: plant, to: site, using: &self.random)
        else { return }
        self.load(for: site)
        let depots = self.city.facilities(.depot)
        let depot = depots.min {
            self.city.freeSeconds(from: plant, to: $0) < self.city.freeSeconds(from: plant, to: $1)
        }
        let goal = isTowed ? depot ?? plant : plant
        let berth = Berth(facility: goal, point: self.yardSpot(of: goal))
        let path = self.city.path(
            from: plant, self.berth.point, to: goal, berth.point, mood: 0,
            abandoning: City.Abandoned(goal: site, node: node))
        let turning = path.turning ?? path.length / 2
        let metres = max(path.gateOut + 300, turning - self.random.uniform(40, 400))
        let halt = Drive.Halt(metres: metres, seconds: self.random.integer(50 * 60...70 * 60))
        let tow = isTowed ? [Drive.Jam(from: metres, to: path.length, speed: 12 / 3.6)] : []
        let start = self.clock
        self.travel(path, to: berth, halts: [halt], slow: tow)
        if isTowed {
            self.stand(self.random.integer(4 * 3600...5 * 3600), .parked, kilograms: 0)
        } else {
            self.takeBack()
        }
        self.addIncident(isTowed ? .breakdownTowed : .breakdownReturned, from: start, to: self.clock)
    }

    /// Into the plant's reclaimer.
    private mutating func takeBack() {
        self.stand(self.random.integer(300...600), .pouring, kilograms: 0)
        self.stand(self.random.integer(300...900), .washing)
    }

    private mutating func returnFromGate() {
        guard let site = self.site(awayBy: 180) else { return }
        self.load(for: site)
        let start = self.clock
        self.travel(
            to: Berth(facility: site, point: self.gateSpot(of: site)),
            wait: Drive.Halt(metres: Self.beforeGate, seconds: self.random.integer(50 * 60...70 * 60)))
        self.stand(self.random.integer(60...180), .idling)
        let plant = self.truck.homePlant
        self.travel(to: Berth(facility: plant, point: self.yardSpot(of: plant)))
        self.takeBack()
        self.addIncident(.refusedAtGate, from: start, to: self.clock)
    }
}

extension Truck {
    /// Whether it does what `EdgeCase.everyday` tells of: an honest mixer, in a city that has such a life.
    func livesEveryday(_ plan: CityPlan) -> Bool {
        plan.hasEverydayLife && self.kind == .mixer && !self.isCrooked && !self.isPump
    }

    /// Whether it is parked at night in the yard of its plant.
    func sleepsInYard(_ plan: CityPlan) -> Bool { self.livesEveryday(plan) && self.number.isMultiple(of: 3) }
}
