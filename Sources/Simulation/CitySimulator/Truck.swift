import Geodesy
import Registers

/// One truck with its terminal: what it is, where it belongs, and how it reports.
struct Truck: Sendable {
    var number: Int
    var plate: String
    var terminal: String
    var kind: Vehicle.Kind
    /// Facilities, by index: where it parks at night, which may be the plant, and where it usually loads.
    var depot: Int
    var homePlant: Int
    /// Its own spot there.
    var parking: Point
    /// Cubic metres of concrete, or tonnes of cement or mortar.
    var capacity: Double
    var tareTonnes: Double
    /// Whether its owner breaks the rules now and then.
    var isCrooked: Bool
    /// Whether it is a pump truck, which carries nothing, though the register calls it a mixer.
    var isPump: Bool
    /// Factor on the speed of the road.
    var haste: Double
    var habits: TerminalHabits

    init(number: Int, in city: City) {
        var random = SplitMix64(seed: city.plan.seed, for: .trucks, truck: number)
        self.number = number
        self.plate = CityNames.plate(number + 1)
        let digits = String(number + 1)
        self.terminal = "SIM-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        self.kind = number % 12 == 7 ? .bulkCement : number % 20 == 13 ? .mortar : .mixer
        let depots = city.facilities(.depot)
        self.depot = depots[number % depots.count]
        let plants: [Int] =
            switch self.kind {
            case .mixer: city.facilities(.concretePlant).filter { city.facilities[$0].maySupply }
            case .bulkCement: city.facilities(.cementPlant)
            case .mortar: city.facilities(.mortarPlant)
            }
        self.homePlant = plants[number % plants.count]
        // Rows of seven, so that neighbours do not stand in one another.
        let slot = number / depots.count
        self.parking = city.facilities[self.depot].yard.spot(
            aside: Double(slot % 7 - 3) * 0.22, deep: 0.3 + Double(slot / 7 % 6) * 0.08)
        self.capacity = self.kind == .mixer ? Double(random.integer(8...12)) : 30
        self.tareTonnes = (random.uniform(13, 15.5) * 10).rounded() / 10
        // Every fourth mixer; every second tanker, the first one included.
        self.isPump = self.kind == .mixer && number % 20 == 17
        self.isCrooked =
            city.plan.hasCheats && !self.isPump && (self.kind == .mixer ? number % 4 == 1 : number % 24 == 7)
        self.haste = random.uniform(0.9, 1.08)
        self.habits = TerminalHabits(of: self.kind, plan: city.plan, using: &random)
        if self.isPump { (self.habits.hasDrum, self.habits.hasLoad) = (false, false) }
        if self.isCrooked, self.kind == .mixer { self.habits.suit(TerminalCheat.Kind(of: number), city.plan) }
        if number % 25 == 11, city.plan.hasFaults { self.habits.clockOffset = EdgeCase.clockOffsetSeconds }
        if self.sleepsInYard(city.plan) {
            self.depot = self.homePlant
            // Away from the loader.
            self.parking = city.facilities[self.homePlant].yard.spot(
                aside: slot.isMultiple(of: 2) ? 0.62 : -0.62, deep: 0.5 + Double(slot / 2 % 5) * 0.05)
        }
    }

    /// Kilograms that it may carry by its registered gross limit.
    var legalLoad: Double { (self.grossLimitTonnes - self.tareTonnes) * 1000 }
    var grossLimitTonnes: Double { self.kind == .mixer ? 31 : 49 }

    /// Kilograms on the truck after a full load.
    var fullLoad: Double { self.kind == .mixer ? self.capacity * 2350 : self.capacity * 1000 }
}

/// What a terminal reports, and when.
struct TerminalHabits: Sendable {
    /// Where it stands at night.
    enum Parked: Sendable {
        /// Reports on, once a minute.
        case reports
        /// Gives a sign of life every five minutes.
        case signsOfLife
        /// Sleeps while the ignition is off.
        case sleepsWhenOff
        /// Sleeps whenever it has stood still for a while, under a loader too.
        case sleepsWhenStill
    }

    /// Seconds between two reports on the move.
    var sampling: Int
    var parked: Parked
    var hasDrum: Bool
    /// Among the mixers those with the lowest have a drum sensor; from 0 up to, not including, 1.
    var drumRank: Double
    var hasLoad: Bool
    var hasOdometer: Bool
    var hasSequence: Bool
    var hasQuality: Bool
    var hasAltitude: Bool
    var hasIgnition: Bool
    /// Times as epoch milliseconds instead of text.
    var writesMilliseconds: Bool
    var coordinates: CoordinateSystem
    /// Deviation of its positions in metres.
    var noise: Double
    /// Kilometres on the clock when the simulation begins.
    var odometerStart: Double
    /// Names of its cameras; the right blind-spot camera first.
    var cameras: [String]
    /// Seconds that its clock is ahead.
    var clockOffset = 0

    /// Whether its sensors show that something was discharged.
    var showsDischarge: Bool { self.hasDrum || self.hasLoad }

    init(of kind: Vehicle.Kind, plan: CityPlan, using random: inout SplitMix64) {
        self.sampling = random.pick(plan.samplings) ?? plan.longestSampling
        let parked = random.unit()
        let sleepy: Parked = parked < 1.0 / 6 ? .sleepsWhenStill : parked < 1.0 / 3 ? .sleepsWhenOff : .signsOfLife
        self.parked = parked > 2.0 / 3 || !plan.hasFaults ? .reports : sleepy
        self.drumRank = random.unit()
        self.hasDrum = self.drumRank < 1.0 / 3 && kind == .mixer
        self.hasLoad = random.chance(0.08)
        self.hasOdometer = random.chance(0.6)
        self.hasSequence = random.chance(0.8)
        self.hasQuality = random.chance(0.7)
        self.hasAltitude = random.chance(0.3)
        self.hasIgnition = random.chance(0.85)
        self.writesMilliseconds = random.chance(0.1)
        self.coordinates = random.chance(0.05) ? .gcj02 : .wgs84
        self.noise = plan.hasNoise ? random.uniform(1.5, 4) : 0
        self.odometerStart = random.uniform(5_000, 250_000)
        let names = ["right_blind_spot", "front", "driver"]
        self.cameras = Array(names.prefix(random.chance(0.9) ? random.integer(1...3) : 0))
    }
}
