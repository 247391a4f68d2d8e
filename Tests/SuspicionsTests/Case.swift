import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Tracks

/// One delivery from plant P1 to site S1 in March 2026, and the registers by which it is judged; a test changes what
/// it is about.
struct Case {
    var registers: RegisterSnapshot
    var parameters = AnalysisParameters.standard
    var delivery: Delivery
    /// Other deliveries, of this load and of others.
    var others: [Delivery] = []
    /// Suspects that people dismissed.
    var dismissed: [SuspectedPlace] = []
    /// Rows whose coordinates are in question.
    var questioned: [QuestionedPlace] = []
    /// Rows whose coordinates a person confirmed.
    var confirmed: Set<PlaceReference> = []
    /// The delivery notes of the day; none: no source covers it.
    var tickets: [Ticket] = []
    /// Judged long after, so that nothing is waited for.
    var context = DeliveryContext(asOf: Self.loaded.advanced(bySeconds: 3 * 86_400))

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
        let truck = Vehicle(
            plate: "浙F12345", terminal: "T1", kind: .mixer, capacityCubicMetres: 10, tareTonnes: 13,
            grossLimitTonnes: 31)
        self.registers = RegisterSnapshot(revision: 7, plants: [plant], sites: [site], vehicles: [truck])
        let arrived = Self.loaded.advanced(bySeconds: 1800)
        self.delivery = Delivery(
            deliveryID: "D-1", loadID: "L-1", terminal: TerminalID("T1")!, plate: "浙F12345",
            origin: DeliveryEnd(kind: .plant, id: "P1", coordinate: Self.point(0)),
            loadStart: Self.loaded.advanced(bySeconds: -600), loadEnd: Self.loaded,
            destination: DeliveryEnd(kind: .site, id: "S1", coordinate: Self.point(9000)), unloadStart: arrived,
            unloadEnd: arrived.advanced(bySeconds: 1200), distanceKilometres: 9, coverage: 1,
            confidence: ["origin": 0.7, "destination": 0.6], isFinal: true, settledAt: arrived,
            haul: Haul(since: Self.loaded))
        // What is known only by halts stands with others like it; `InferredSupplyTests` has those that stand alone.
        self.context.placeDrops = PlaceDrops(shown: 2)
    }

    init(_ change: (inout Case) -> Void) {
        self.init()
        change(&self)
    }

    var world: World {
        World(
            registers: self.registers, parameters: self.parameters, dismissedPlaces: self.dismissed,
            questionedPlaces: self.questioned, confirmedPlaces: self.confirmed)
    }

    var judged: JudgedDelivery {
        let world = self.world
        var context = self.context
        if !self.tickets.isEmpty {
            context.take(TicketMatching([self.delivery] + self.others, self.tickets, in: world), for: self.delivery)
        }
        context.otherDrops = self.others.filter { $0.loadID == self.delivery.loadID }
        return Judge(world: world).judge(self.delivery, context)
    }

    func judgement(_ rule: String) -> Judgement? { self.judged.judgements.first { $0.rule == rule } }

    /// Minutes after the loading ended.
    static func minutes(_ minutes: Double) -> Instant { Self.loaded.advanced(bySeconds: minutes * 60) }

    /// A note of this truck from P1 to S1, issued as loading ended.
    static func ticket(
        _ id: String = "K1", plant: String = "P1", site: String = "S1", plate: String = "浙F12345",
        product: String? = "C30", volume: Double? = 7, at minutes: Double = 0
    ) -> Ticket {
        Ticket(
            ticketID: id, plantID: plant, siteID: site, plate: plate, product: product, volumeCubicMetres: volume,
            issuedAt: Self.minutes(minutes))
    }

    /// Another drop of the same load.
    func drop(at east: Double, site: String? = nil, minutes: Double) -> Delivery {
        var other = self.delivery
        other.deliveryID = "D-\(minutes)"
        other.destination = DeliveryEnd(kind: site == nil ? .unknown : .site, id: site, coordinate: Self.point(east))
        other.unloadStart = Self.minutes(minutes)
        other.unloadEnd = Self.minutes(minutes + 10)
        return other
    }

    /// The same trip again, so many minutes later.
    func load(later minutes: Double) -> Delivery {
        var other = self.delivery
        other.deliveryID = "D-later-\(minutes)"
        other.loadID = "L-later-\(minutes)"
        other.loadStart = other.loadStart?.advanced(bySeconds: minutes * 60)
        other.loadEnd = other.loadEnd?.advanced(bySeconds: minutes * 60)
        other.unloadStart = other.unloadStart.advanced(bySeconds: minutes * 60)
        other.unloadEnd = other.unloadEnd.advanced(bySeconds: minutes * 60)
        return other
    }

    /// What a drum says that turned for so many seconds, negative ones back.
    static func drum(_ seconds: Double) -> CarryingEvidence {
        var evidence = CarryingEvidence()
        var passed = 0.0
        while passed < seconds.magnitude {
            let fix = Fix(
                time: Self.minutes(40).advanced(bySeconds: passed), coordinate: Self.point(0),
                drum: seconds < 0 ? -60 : 30)
            evidence.add(fix, until: min(10, seconds.magnitude - passed), AnalysisParameters.standard.evidence)
            passed += 10
        }
        return evidence
    }
}
