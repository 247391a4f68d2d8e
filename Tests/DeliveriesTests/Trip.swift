import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry

/// A small town on a plane in metres, and one truck that is told what to do in it.
///
///     east    0        5000      9000      12000     16000     20000
///     P1 plant (r 100) at 0, S1 site (r 60) at 9000, S2 site (r 60) at 12000, P2 plant at 20000,
///     depot at -3000, fuel station at 5000; everything on one road.
struct Trip {
    static let origin = Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000)
    static let terminal = TerminalID("T1")!
    static let plant = 0.0
    static let fuel = 5000.0
    static let site = 9000.0
    static let otherSite = 12_000.0
    static let hidden = 16_000.0
    static let otherPlant = 20_000.0
    static let depot = -3000.0

    private(set) var reports: [PositionReport] = []
    private(set) var time = Instant(seconds: 1_772_400_000)
    private var east: Double
    var interval = 15.0
    var noise = 6.0
    /// Drum speed in rpm that every report names.
    var drum: Double?
    var load: Int32?
    /// In 10 m; it stands still unless a story moves it.
    var odometer: Int32?
    var ignition: Bool?
    private var random = Scatter(seed: 11)

    init(at east: Double = Trip.depot) { self.east = east }

    static func point(_ east: Double, north: Double = 0) -> Coordinate {
        Self.origin.moved(metres: east, bearingDegrees: 90).moved(metres: north, bearingDegrees: 0)
    }

    mutating func drive(to east: Double, kmh: Double = 45) {
        let from = self.east
        let seconds = abs(east - from) / (kmh / 3.6)
        let start = self.time
        var passed = self.interval
        while passed < seconds {
            self.east = from + (east - from) * passed / seconds
            self.time = start.advanced(bySeconds: passed)
            self.report()
            passed += self.interval
        }
        self.time = start.advanced(bySeconds: seconds)
        self.east = east
    }

    mutating func stand(_ minutes: Double, drum: Double? = nil) {
        let usual = self.drum
        if let drum { self.drum = drum }
        let end = self.time.advanced(bySeconds: minutes * 60)
        while self.time < end {
            self.time = self.time.advanced(bySeconds: self.interval)
            self.report()
        }
        self.drum = usual
    }

    /// Stands while the terminal sleeps, and reports once on arrival.
    mutating func sleep(_ minutes: Double) {
        self.time = self.time.advanced(bySeconds: 1)
        self.report()
        self.time = self.time.advanced(bySeconds: minutes * 60)
    }

    /// Is elsewhere after a while that nobody saw.
    mutating func vanish(_ minutes: Double, to east: Double) {
        self.time = self.time.advanced(bySeconds: minutes * 60)
        self.east = east
    }

    /// Goes on reporting the last position with this speed.
    mutating func freeze(_ minutes: Double, kmh: Double) {
        guard var report = self.reports.last else { return }
        let end = self.time.advanced(bySeconds: minutes * 60)
        while self.time < end {
            self.time = self.time.advanced(bySeconds: self.interval)
            report.recordedAt = self.time
            report.speed = Int16(kmh * 10)
            self.reports.append(report)
        }
    }

    private mutating func report() {
        var report = PositionReport(
            recordedAt: self.time,
            coordinate: Self.point(self.east + self.random.next() * self.noise, north: self.random.next() * self.noise))
        report.drum = self.drum.map { Int16($0 * 10) }
        report.load = self.load
        report.odometer = self.odometer
        report.ignition = self.ignition
        self.reports.append(report)
    }

    /// The town, its registers changed by `change`.
    static func world(kind: Vehicle.Kind = .mixer, _ change: (inout RegisterSnapshot) -> Void = { _ in }) -> World {
        func circle(_ east: Double, _ radius: Double) -> Fence {
            .circle(center: Self.point(east), radiusMetres: radius)
        }
        func plant(_ id: String, _ east: Double) -> Plant {
            Plant(
                plantID: id, name: id, licenceKind: .concrete, status: .valid, period: .always,
                fence: circle(east, 100))
        }
        func site(_ id: String, _ east: Double) -> Site {
            Site(siteID: id, name: id, status: .active, period: .always, fence: circle(east, 60))
        }
        var registers = RegisterSnapshot(
            revision: 3, plants: [plant("P1", Self.plant), plant("P2", Self.otherPlant)],
            sites: [site("S1", Self.site), site("S2", Self.otherSite)],
            places: [
                Place(placeID: "D1", name: "D1", kind: .depot, fence: circle(Self.depot, 80)),
                Place(placeID: "F1", name: "F1", kind: .fuel, fence: circle(Self.fuel, 40)),
            ],
            vehicles: [Vehicle(plate: "浙F12345", terminal: "T1", kind: kind)])
        change(&registers)
        return World(registers: registers)
    }

    /// What it carries at its end.
    func cargo(in world: World = Trip.world()) -> Cargo? {
        var fold = VehicleFold(terminal: Self.terminal)
        for report in self.reports { _ = fold.take(report, receivedAt: report.recordedAt, in: world) }
        return fold.cargo(in: world)
    }

    /// Everything that is derived from the whole trip, the open drops last.
    func deliveries(in world: World = Trip.world()) -> [Delivery] {
        var fold = VehicleFold(terminal: Self.terminal)
        let final = self.reports.flatMap { fold.take($0, receivedAt: $0.recordedAt, in: world) }
        return final + fold.openDeliveries(in: world)
    }

    /// `P1>S1`, `?>S1` for an unknown place, `-` for one without coordinates; `|` between loads, `+` between drops
    /// of one load, `~` after what is not final.
    static func short(_ deliveries: [Delivery]) -> String {
        func name(_ end: DeliveryEnd) -> String { end.id ?? (end.coordinate == nil ? "-" : "?") }
        var text = ""
        for (index, delivery) in deliveries.enumerated() {
            let isSameLoad = index > 0 && deliveries[index - 1].loadID == delivery.loadID
            if index > 0 { text += isSameLoad ? "+" : "|" }
            text += isSameLoad ? name(delivery.destination) : name(delivery.origin) + ">" + name(delivery.destination)
            if !delivery.isFinal { text += "~" }
        }
        return text
    }
}

/// SplitMix64, as numbers from -1 to 1.
struct Scatter {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> Double {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / Double(1 << 52) - 1
    }
}
