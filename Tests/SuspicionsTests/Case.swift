import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry

/// One delivery from plant P1 to site S1 in March 2026, and the registers by which it is judged; a test changes what
/// it is about.
struct Case {
    var registers: RegisterSnapshot
    var delivery: Delivery

    static let loaded = Instant(rfc3339: "2026-03-02T08:15:00+08:00")!

    static func point(_ east: Double) -> Coordinate {
        Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000).moved(metres: east, bearingDegrees: 90)
    }

    static func date(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: day)!
    }

    init() {
        let plant = Plant(
            plantID: "P1", name: "一号站", licenceKind: .concrete, status: .valid,
            period: ValidPeriod(from: Self.date(2020, 1, 1), through: nil),
            fence: .circle(center: Self.point(0), radiusMetres: 100))
        let site = Site(
            siteID: "S1", name: "一号工地", status: .active,
            period: ValidPeriod(from: Self.date(2025, 1, 1), through: nil), approvedPlants: ["P1"],
            fence: .circle(center: Self.point(9000), radiusMetres: 60))
        self.registers = RegisterSnapshot(revision: 7, plants: [plant], sites: [site])
        let arrived = Self.loaded.advanced(bySeconds: 1800)
        self.delivery = Delivery(
            deliveryID: "D-1", loadID: "L-1", terminal: TerminalID("T1")!, plate: "浙F12345",
            origin: DeliveryEnd(kind: .plant, id: "P1", coordinate: Self.point(0)),
            loadStart: Self.loaded.advanced(bySeconds: -600), loadEnd: Self.loaded,
            destination: DeliveryEnd(kind: .site, id: "S1", coordinate: Self.point(9000)), unloadStart: arrived,
            unloadEnd: arrived.advanced(bySeconds: 1200), distanceKilometres: 9, coverage: 1,
            confidence: ["origin": 0.7, "destination": 0.6], isFinal: true, settledAt: arrived)
    }

    init(_ change: (inout Case) -> Void) {
        self.init()
        change(&self)
    }

    var judged: JudgedDelivery { Judge(world: World(registers: self.registers)).judge(self.delivery) }

    func judgement(_ rule: String) -> Judgement? { self.judged.judgements.first { $0.rule == rule } }
}
