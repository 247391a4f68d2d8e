import Chronology
import Registers

/// Plans one truck's day: a clock that goes forward with every stretch of standing and driving.
struct DayBuilder {
    /// A spot in a facility.
    struct Berth {
        var facility: Int
        var point: Point
    }

    /// One load while it is on the truck.
    struct Load {
        var id: String
        var originKind: TruthDelivery.OriginKind
        var originID: String
        var berth: Berth
        var start: Int
        var end: Int
        var kilograms: Double
        /// Rules that ought to hit for what is known of it so far.
        var rules: [String] = []
        var edgeCases: Set<EdgeCase> = []
    }

    let city: City
    let truck: Truck
    let day: Int
    var random: SplitMix64
    private(set) var clock = 0
    private(set) var berth: Berth
    private(set) var segments: [TruckDay.Segment] = []
    private(set) var metres = 0.0
    private(set) var kilograms = 0.0
    private var direction = Point(x: 0, y: 1)
    /// When the truck last came in, and went out, through a gate.
    private(set) var arrival = 0
    private(set) var departure = 0
    /// Seconds of a meal at the roadside during the next drive.
    var roadsideRest = 0
    var loads: [Load] = []
    var drops: [TruthDelivery] = []
    var tickets: [PlannedTicket] = []
    var incidents: [TruthIncident] = []
    /// When the driver switches the terminal off.
    var darkness: [Range<Int>] = []
    /// What the load was carried across.
    var crossings: Set<EdgeCase> = []
    /// Of the day, counted from 0.
    var tripNumber = 0
    /// What the first trips of the day are to be, and a rare edge case that is to happen on it.
    let meant: [Trip.Scheme]
    let rarity: EdgeCase?
    /// The queue in which the truck has yet to creep today.
    var creeping: CreepingQueue?
    /// Whether the last load, the last drop, still waits for its departure.
    private var hasOpenLoad = false
    private var hasOpenDrop = false

    /// A ticket before its times are known to the calendar.
    struct PlannedTicket {
        var id: String
        var loadID: String
        var plantID: String
        var siteID: String
        var plate: String
        var product: String
        var volume: Double
        var issuedAt: Int
    }

    init(city: City, truck: Truck, day: Int) {
        self.city = city
        self.truck = truck
        self.day = day
        self.random = SplitMix64(seed: city.plan.seed, for: .trips, truck: truck.number, day: day)
        self.berth = Berth(facility: truck.depot, point: truck.parking)
        self.direction = city.facilities[truck.depot].yard.inward
        self.meant = Roster.schemes(of: truck, day: day, in: city)
        self.rarity = Roster.rarity(of: truck, day: day, in: city)
        self.creeping = CreepingQueue(of: truck, day: day, plan: city.plan)
    }

    var facilities: [Facility] { self.city.facilities }

    func instant(_ second: Int) -> Instant {
        Instant(microseconds: self.city.plan.start(ofDay: self.day).microseconds + Int64(second) * 1_000_000)
    }

    /// Stands where it is.
    mutating func stand(_ seconds: Int, _ activity: TruckDay.Activity, kilograms: Double? = nil) {
        guard seconds > 0 else { return }
        let load = kilograms ?? self.kilograms
        self.segments.append(
            TruckDay.Segment(
                start: self.clock, end: self.clock + seconds, activity: activity, point: self.berth.point,
                direction: self.direction, drive: nil, loadAtStart: self.kilograms, loadAtEnd: load,
                metresBefore: self.metres))
        self.clock += seconds
        self.kilograms = load
    }

    /// Drives to another facility; nothing happens if it is there already.
    /// - Parameters:
    ///   - berth: where it comes to a stand.
    ///   - queue: seconds before the gate.
    ///   - isRushing: whether the driver disregards the limits.
    ///   - wait: a halt on the road so many metres before the gate.
    ///   - mayCreep: whether it may be the drive on which the truck creeps in a queue today.
    mutating func travel(
        to berth: Berth, queue: Int = 0, isRushing: Bool = false, wait: Drive.Halt? = nil, mayCreep: Bool = false
    ) {
        guard berth.facility != self.berth.facility else { return }
        let mood = self.random.chance(0.2) ? 1 : 0
        if mayCreep, self.creep(to: berth, mood: mood, queue: queue) { return }
        let path = self.city.path(
            from: self.berth.facility, self.berth.point, to: berth.facility, berth.point, mood: mood)
        let before = wait.map { [Drive.Halt(metres: path.gateIn - $0.metres, seconds: $0.seconds)] } ?? []
        self.travel(path, to: berth, queue: queue, halts: before, rush: isRushing ? DriveHome.rush(on: path) : nil)
    }

    /// Drives a way from gate to gate.
    /// - Parameters:
    ///   - path: from where the truck stands to `berth`.
    ///   - berth: where it comes to a stand.
    ///   - queue: seconds before the gate.
    ///   - others: halts and slow stretches beside those of the traffic.
    ///   - slow: the same.
    ///   - rush: where the driver disregards the limits.
    mutating func travel(
        _ path: DrivePath, to berth: Berth, queue: Int = 0, halts others: [Drive.Halt] = [],
        slow: [Drive.Jam] = [], rush: Drive.Rush? = nil
    ) {
        let (halts, jams) = self.traffic(on: path, queue: queue)
        let drive = Drive(
            path, halts: halts + others, jams: jams + slow,
            haste: self.truck.haste * self.random.uniform(0.95, 1.03), rush: rush)
        let start = self.clock
        self.follow(drive)
        self.departure = start + drive.second(at: path.gateOut)
        self.arrival = start + drive.second(at: path.gateIn)
        self.closeVisits()
        self.crossings.formUnion(path.crossings)
        self.berth = berth
    }

    /// Goes to another spot of the yard in which it stands.
    mutating func move(to point: Point) {
        guard self.berth.point.distance(to: point) > 5 else { return }
        self.follow(Drive(.inYard(from: self.berth.point, to: point), halts: [], jams: [], haste: 1))
        self.berth.point = point
    }

    private mutating func follow(_ drive: Drive) {
        self.segments.append(
            TruckDay.Segment(
                start: self.clock, end: self.clock + drive.seconds, activity: .driving, point: self.berth.point,
                direction: self.direction, drive: drive, loadAtStart: self.kilograms, loadAtEnd: self.kilograms,
                metresBefore: self.metres))
        self.clock += drive.seconds
        self.metres += drive.path.length
        self.direction = drive.path.point(at: drive.path.length).direction
    }

    mutating func open(_ load: Load) {
        self.loads.append(load)
        self.hasOpenLoad = true
    }

    mutating func open(_ drop: TruthDelivery) {
        self.drops.append(drop)
        self.hasOpenDrop = true
    }

    private mutating func closeVisits() {
        if self.hasOpenLoad { self.loads[self.loads.count - 1].end = self.departure }
        if self.hasOpenDrop {
            self.drops[self.drops.count - 1].unloadEnd = self.instant(self.departure)
            if self.truck.kind != .bulkCement { self.drops[self.drops.count - 1].expectNightPour() }
        }
        self.hasOpenLoad = false
        self.hasOpenDrop = false
    }

    /// Lights, jams, a queue before the gate, a meal and a breakdown, as chance has them.
    private mutating func traffic(on path: DrivePath, queue: Int) -> (halts: [Drive.Halt], jams: [Drive.Jam]) {
        var halts: [Drive.Halt] = []
        for junction in path.junctions where self.random.chance(0.35) {
            halts.append(.init(metres: junction - self.random.uniform(8, 30), seconds: self.random.integer(5...60)))
        }
        for ferry in path.ferries {
            halts.append(.init(metres: ferry - self.random.uniform(10, 60), seconds: self.random.draw(.ferry)))
        }
        var jams: [Drive.Jam] = []
        let (first, last) = (path.gateOut + 150, path.gateIn - 250)
        if first < last {
            let hour = (4 + self.clock / 3600) % 24
            let isRushHour = (7...8).contains(hour) || (17...18).contains(hour)
            if self.random.chance(isRushHour ? 0.3 : 0.06) {
                let start = self.random.uniform(first, last)
                let end = min(start + self.random.uniform(300, 1500), last)
                jams.append(.init(from: start, to: end, speed: self.random.uniform(2.2, 4.2)))
                for _ in 0..<self.random.integer(0...3) {
                    let metres = self.random.uniform(start, end)
                    halts.append(.init(metres: metres, seconds: self.random.integer(20...150)))
                }
            }
            if self.random.chance(0.008) {
                let metres = self.random.uniform(first, last)
                halts.append(.init(metres: metres, seconds: self.random.draw(.breakdown)))
            }
            if self.roadsideRest > 0 {
                halts.append(.init(metres: self.random.uniform(first, last), seconds: self.roadsideRest))
                self.roadsideRest = 0
            }
        }
        guard queue > 0 else { return (halts, jams) }
        // The queue moves up once in a while.
        let near = path.gateIn - self.random.uniform(12, 40)
        let far = path.gateIn - self.random.uniform(60, 150)
        let atFront = self.random.chance(0.5) ? queue : queue / 3
        halts.append(.init(metres: max(near, path.gateOut + 20), seconds: atFront))
        halts.append(.init(metres: max(far, path.gateOut + 10), seconds: queue - atFront))
        return (halts, jams)
    }
}
