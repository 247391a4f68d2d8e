import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Tracks

/// One truck's halts, written by hand: it drives in a straight line and stands where it is told.
struct Diary {
    /// Kilometres east and north of the licensed plant.
    struct Spot: Sendable {
        var east: Double
        var north: Double

        init(_ east: Double, _ north: Double) { (self.east, self.north) = (east, north) }

        var coordinate: Coordinate {
            Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000)
                .moved(metres: self.east * 1000, bearingDegrees: 90).moved(metres: self.north * 1000, bearingDegrees: 0)
        }
    }

    static let plant = Spot(0, 0)
    static let sites = [Spot(8, 0), Spot(9.5, 1), Spot(11, -1), Spot(13, 0)]
    static let hidden = Spot(4, 3)
    static let unregistered = Spot(10, -4)
    static let elsewhere = Spot(5, -2)

    /// Monday, 2 March 2026, 06:00 in China.
    static let start = Instant(rfc3339: "2026-03-02T06:00:00+08:00")!

    let terminal: TerminalID
    private(set) var stays: [StayRecord] = []
    private(set) var time = Diary.start
    private var last: Spot?
    /// Numbers the halts, to make them lie a few metres apart.
    private var number = 0

    init(_ terminal: String) { self.terminal = TerminalID(terminal)! }

    /// Drives there at 30 km/h and stands for so many minutes.
    mutating func halt(_ spot: Spot, _ minutes: Double, loading: Int32 = 0, discharging: Int32 = 0, heard: Int32 = 0) {
        if let last {
            let metres = last.coordinate.distanceMetres(to: spot.coordinate)
            self.time = self.time.advanced(bySeconds: 60 + metres / 30 * 3.6)
        }
        self.number += 1
        let (east, north) = (Double(self.number * 7 % 9 - 4) * 0.005, Double(self.number * 5 % 7 - 3) * 0.005)
        let end = self.time.advanced(bySeconds: minutes * 60)
        self.stays.append(
            StayRecord(
                terminal: self.terminal, start: self.time, end: end,
                coordinate: Spot(spot.east + east, spot.north + north).coordinate, drumSeconds: heard,
                dischargeSeconds: discharging, loadingSeconds: loading))
        self.time = end
        self.last = spot
    }

    mutating func night(day: Int) {
        self.time = Self.start.advanced(bySeconds: Double(day) * 86_400 + Double(self.number % 5) * 300)
        self.last = nil
    }

    /// Trucks T1 … with their days; `round` is done three times a day.
    static func trucks(
        _ count: Int, days: Int, prefix: String = "T", _ round: (inout Diary, Int, Int) -> Void
    ) -> [StayRecord] {
        (1...count).flatMap { truck in
            var diary = Diary("\(prefix)\(truck)")
            for day in 0..<days {
                diary.night(day: day)
                for turn in 0..<3 { round(&diary, truck, turn + day) }
            }
            return diary.stays
        }
    }

    static var asOf: Instant { Self.start.advanced(bySeconds: 14 * 86_400) }

    /// The licensed plant and the sites; trucks T… are mixers of two owners, B… bulk tankers.
    static func world(_ change: (inout RegisterSnapshot) -> Void = { _ in }) -> World {
        let plants = [
            Plant(
                plantID: "P1", name: "一号站", licenceKind: .concrete, status: .valid, period: .always,
                fence: .circle(center: Self.plant.coordinate, radiusMetres: 100))
        ]
        let sites = Self.sites.enumerated().map { index, spot in
            Site(
                siteID: "S\(index + 1)", name: "S\(index + 1)", status: .active, period: .always,
                fence: .circle(center: spot.coordinate, radiusMetres: 60))
        }
        let mixers = (1...9).map {
            Vehicle(plate: "浙F0000\($0)", terminal: "T\($0)", kind: .mixer, company: $0 % 2 == 0 ? "甲" : "乙")
        }
        let tankers = (1...3).map { Vehicle(plate: "浙F1000\($0)", terminal: "B\($0)", kind: .bulkCement) }
        var registers = RegisterSnapshot(
            revision: 5, plants: plants, sites: sites, places: [], vehicles: mixers + tankers)
        change(&registers)
        return World(registers: registers)
    }

    static func search(
        _ stays: [StayRecord], known: [SuspectedPlant] = [], in world: World = Diary.world(),
        asOf: Instant = Diary.asOf
    ) -> [SuspectedPlant] {
        SuspectedPlantSearch(world: world).run(stays, known: known, asOf: asOf) { _ in [] }
    }

    /// Three trucks that load at the hidden plant and go to registered sites.
    static func black(_ count: Int = 3, days: Int = 4) -> [StayRecord] {
        Self.trucks(count, days: days) { diary, truck, turn in
            diary.halt(Self.hidden, 8)
            diary.halt(Self.sites[(truck + turn) % 4], 20)
        }
    }
}

extension SuspectedPlant {
    /// Metres from a spot.
    func metres(from spot: Diary.Spot) -> Double { self.coordinate.distanceMetres(to: spot.coordinate) }
}
