import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing

/// The rules about who may supply what, one table a rule.
@Suite struct SupplyRuleTests {
    typealias Row = RuleTests.Row

    private static func truck(_ kind: Vehicle.Kind) -> @Sendable (inout Case) -> Void {
        { $0.registers.vehicles[0].kind = kind }
    }

    static let licenceScopeRows: [Row] = [
        Row("a mixer at a concrete plant", .no) { _ in },
        Row("a mixer at a mortar plant may carry wet mortar", .insufficient) {
            $0.registers.plants[0].licenceKind = .mortar
        },
        Row("wet mortar in a mixer, as the note says", .no) {
            $0.registers.plants[0].licenceKind = .mortar
            $0.tickets = [Case.ticket(product: "WM M10")]
        },
        Row("concrete by the note from a mortar plant", .hit) {
            $0.registers.plants[0].licenceKind = .mortar
            $0.tickets = [Case.ticket(product: "C30")]
        },
        Row("mortar from a concrete plant", .hit) { $0.tickets = [Case.ticket(product: "预拌砂浆 M7.5")] },
        Row("priming mortar before concrete", .no) { $0.tickets = [Self.mortar(at: -3), Case.ticket()] },
        Row("priming mortar that is nearer than concrete", .no) {
            $0.tickets = [Self.mortar("同配比砂浆"), Case.ticket(at: 3)]
        },
        Row("mortar by its grade beside concrete", .no) { $0.tickets = [Self.mortar("M20"), Case.ticket(at: 1)] },
        Row("more mortar than concrete, and little of both", .no) {
            $0.tickets = [Self.mortar("M20", 2), Case.ticket(volume: 1, at: 1)]
        },
        Row("priming mortar alone", .no) { $0.tickets = [Self.mortar("润管砂浆", 2)] },
        Row("priming mortar by name, but much", .hit) { $0.tickets = [Self.mortar(volume: 3.5)] },
        Row("a little mortar that primes nothing", .hit) { $0.tickets = [Self.mortar("M20")] },
        Row("priming mortar that went to no site", .hit) {
            $0.tickets = [Self.mortar()]
            RuleTests.unloadAt(9030)(&$0)
        },
        Row("priming mortar of a cement plant", .hit) {
            $0.registers.plants[0].licenceKind = .cement
            $0.tickets = [Self.mortar()]
        },
        Row("mortar for the wall beside concrete", .hit) {
            $0.tickets = [Self.mortar("预拌砂浆 M7.5", 6), Case.ticket(volume: 4, at: 1)]
        },
        Row("concrete from a mortar plant, with its priming mortar", .hit) {
            $0.registers.plants[0].licenceKind = .mortar
            $0.tickets = [Self.mortar(), Case.ticket(at: 1)]
        },
        Row("a plant with both licences", .no) {
            var mortar = $0.registers.plants[0]
            mortar.licenceKind = .mortar
            $0.registers.plants.append(mortar)
            $0.tickets = [Case.ticket(product: "预拌砂浆 M7.5")]
        },
        Row("an unregistered truck without a note", .insufficient) { $0.registers.vehicles = [] },
        Row("a product nobody can read goes by the truck", .no) { $0.tickets = [Case.ticket(product: "特种料")] },
        Row("an unknown place", .insufficient) { $0.delivery.origin = DeliveryEnd(kind: .unknown) },
        Row("no registered plant", .no, RuleTests.loadAt(5000)),
    ]

    @Test(arguments: Self.licenceScopeRows)
    func licenceScope(row: Row) { RuleTests.check("licence-scope", row) }

    private static func mortar(
        _ product: String = "润泵砂浆", _ volume: Double = 1, at minutes: Double = 0
    ) -> Ticket {
        Case.ticket("M1", product: product, volume: volume, at: minutes)
    }

    private static func mortar(volume: Double) -> Ticket { self.mortar("润泵砂浆", volume) }

    private static func month(_ volume: Double, capacity: Double? = 120_000) -> @Sendable (inout Case) -> Void {
        {
            $0.registers.plants[0].capacityPerYear = capacity
            $0.context.plantMonth = PlantMonth(plantID: "P1", volume: volume, loads: 1000)
        }
    }

    static let overCapacityRows: [Row] = [
        Row("a month's capacity to the last", .no, month(10_000)),
        Row("above", .hit, month(10_001)),
        Row("no capacity registered", .insufficient, month(20_000, capacity: nil)),
        Row("the volume is not known", .insufficient) { $0.registers.plants[0].capacityPerYear = 120_000 },
        Row("no plant", .insufficient) {
            month(20_000)(&$0)
            RuleTests.loadAt(5000)(&$0)
        },
    ]

    @Test(arguments: Self.overCapacityRows)
    func overCapacity(row: Row) { RuleTests.check("over-capacity", row) }

    private static func tanker(at east: Double, minutes: Double = 45) -> @Sendable (inout Case) -> Void {
        {
            $0.registers.vehicles[0].kind = .bulkCement
            $0.registers.plants[0].licenceKind = .cement
            RuleTests.unloadAt(east)(&$0)
            $0.delivery.unloadEnd = $0.delivery.unloadStart.advanced(bySeconds: minutes * 60)
        }
    }

    static let cementRows: [Row] = [
        Row("at an unregistered place", .hit, tanker(at: 5000)),
        Row("in the margin of a site", .no, tanker(at: 9135)),
        Row("at a silo", .no) {
            tanker(at: 5000)(&$0)
            $0.delivery.destination = DeliveryEnd(kind: .place, id: "L1", coordinate: Case.point(5000))
        },
        Row("a suspect that was checked and dismissed", .no) {
            tanker(at: 5000)(&$0)
            $0.dismissed = [SuspectedPlace(id: "X-1", coordinate: Case.point(5000), radiusMetres: 80)]
        },
        Row("the tanker's row ends on the way", .insufficient) {
            tanker(at: 5000)(&$0)
            $0.registers.vehicles[0].period = ValidPeriod(from: .distantPast, to: Case.minutes(10))
        },
        Row("a rest too short to unload", .no, tanker(at: 5000, minutes: 20)),
        Row("a mixer", .no, RuleTests.unloadAt(5000)),
        Row("an unregistered truck", .insufficient) {
            tanker(at: 5000)(&$0)
            $0.registers.vehicles = []
        },
        Row("an unknown place", .insufficient) {
            tanker(at: 5000)(&$0)
            $0.delivery.destination.coordinate = nil
        },
        Row("no register of sites", .insufficient) {
            tanker(at: 5000)(&$0)
            $0.registers.sites = []
        },
    ]

    @Test(arguments: Self.cementRows)
    func cementToUnregistered(row: Row) { RuleTests.check("cement-to-unregistered", row) }

    private static func traffic(_ tankers: Int, _ mixers: Int) -> @Sendable (inout Case) -> Void {
        {
            $0.registers.vehicles[0].kind = .bulkCement
            $0.context.traffic = PlaceTraffic(tankers: tankers, tankersOfWeek: tankers, mixersOfWeek: mixers)
        }
    }

    static let onSiteMixingRows: [Row] = [
        Row("three tankers and no mixer", .hit, traffic(3, 0)),
        Row("two tankers", .no, traffic(2, 0)),
        Row("mixers come, too", .no, traffic(5, 1)),
        Row("a mixer's own delivery", .no) {
            $0.context.traffic = PlaceTraffic(tankers: 5, tankersOfWeek: 5, mixersOfWeek: 1)
        },
        Row("the tanker's row ends on the way", .hit) {
            traffic(3, 0)(&$0)
            $0.registers.vehicles[0].period = ValidPeriod(from: .distantPast, to: Case.minutes(10))
        },
        Row("what else came is not known", .insufficient) { $0.registers.vehicles[0].kind = .bulkCement },
        Row("an unregistered truck", .insufficient) {
            traffic(3, 0)(&$0)
            $0.registers.vehicles = []
        },
    ]

    @Test(arguments: Self.onSiteMixingRows)
    func onSiteMixing(row: Row) { RuleTests.check("on-site-mixing", row) }

    @Test func aMonthAddsUpItsLoads() throws {
        let base = Case()
        func load(_ minutes: Double, _ id: String) -> Delivery {
            var other = base.delivery
            (other.deliveryID, other.loadID) = ("D" + id, "L" + id)
            other.loadStart = Case.minutes(minutes - 10)
            other.loadEnd = Case.minutes(minutes)
            other.unloadStart = Case.minutes(minutes + 30)
            return other
        }
        let deliveries = [
            load(-3 * 1440, "of February"), load(-600, "noted"), load(-300, "not noted"), load(60, "later"),
            base.delivery,
        ]
        let tickets = [Case.ticket("K1", volume: 6, at: -600), Case.ticket("K2", volume: 7, at: 0)]
        let matching = TicketMatching(deliveries, tickets, in: base.world)
        let month = try #require(PlantMonth(upTo: base.delivery, of: deliveries, matching: matching, in: base.world))
        #expect(month == PlantMonth(plantID: "P1", volume: 6 + 10 + 7, loads: 3, estimatedLoads: 1))
        // The priming mortar of a load counts with it.
        let both = TicketMatching(deliveries, tickets + [Self.mortar(at: -4)], in: base.world)
        let more = try #require(PlantMonth(upTo: base.delivery, of: deliveries, matching: both, in: base.world))
        #expect(more == PlantMonth(plantID: "P1", volume: 6 + 10 + 8, loads: 3, estimatedLoads: 1))
        #expect(LoadVolume(of: base.delivery, both, in: base.world) == .noted(8))
    }

    /// An empty truck that was washed at the plant and called at a site is no load; a note or a sensor makes it one.
    @Test func aMonthLeavesOutWhatHaltsAloneShow() throws {
        let base = Case()
        var other = base.delivery
        (other.deliveryID, other.loadID) = ("D2", "L2")
        other.loadStart = Case.minutes(-310)
        other.loadEnd = Case.minutes(-300)
        other.unloadStart = Case.minutes(-270)
        other.unloadEnd = Case.minutes(-266)
        func month(_ other: Delivery, _ tickets: [Ticket]) throws -> PlantMonth {
            let matching = TicketMatching([other, base.delivery], tickets, in: base.world)
            return try #require(
                PlantMonth(upTo: base.delivery, of: [other, base.delivery], matching: matching, in: base.world))
        }
        let own = Case.ticket("K2", volume: 7, at: 0)
        #expect(try month(other, [own]) == PlantMonth(plantID: "P1", volume: 7, loads: 1, inferredLoads: 1))
        #expect(
            try month(other, [own, Case.ticket("K1", volume: 6, at: -300)])
                == PlantMonth(plantID: "P1", volume: 13, loads: 2))
        other.confidence["discharge"] = 1
        #expect(
            try month(other, [own]) == PlantMonth(plantID: "P1", volume: 17, loads: 2, estimatedLoads: 1))
    }

    /// Seconds for which the drum turned back at a place of no register, and whether that shows a load: wash water is
    /// none. Of rows that do not say how long it turned, it does.
    @Test(arguments: [(100.0, false), (239, false), (240, true), (nil, true)])
    func aRinseShowsNoLoad(seconds: Double?, isLoad: Bool) throws {
        let base = Case()
        var other = base.load(later: -300)
        other.destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(4000))
        other.confidence["discharge"] = 1
        if let seconds { other.haul?.drop = Case.drum(-seconds) } else { other.haul = nil }
        let tickets = [Case.ticket("K2", volume: 7, at: 0)]
        let matching = TicketMatching([other, base.delivery], tickets, in: base.world)
        let month = try #require(
            PlantMonth(upTo: base.delivery, of: [other, base.delivery], matching: matching, in: base.world))
        let counted = PlantMonth(plantID: "P1", volume: 17, loads: 2, estimatedLoads: 1)
        #expect(month == (isLoad ? counted : PlantMonth(plantID: "P1", volume: 7, loads: 1, inferredLoads: 1)))
    }

    @Test func trafficCountsThePlaceAndTheDays() {
        var base = Case()
        base.registers.vehicles.append(Vehicle(plate: "浙F20000", terminal: "T2", kind: .bulkCement))
        func unload(_ id: String, days: Double, terminal: String, site: String = "S1") -> Delivery {
            var other = base.delivery
            other.deliveryID = id
            other.terminal = TerminalID(terminal)!
            other.destination.id = site
            other.unloadStart = base.delivery.unloadStart.advanced(bySeconds: -days * 86_400)
            other.unloadEnd = base.delivery.unloadEnd.advanced(bySeconds: -days * 86_400)
            return other
        }
        let deliveries = [
            unload("A", days: 1, terminal: "T2"), unload("B", days: 10, terminal: "T2"),
            unload("C", days: 15, terminal: "T2"), unload("E", days: 1, terminal: "T2", site: "S2"),
            unload("F", days: -1, terminal: "T2"), unload("G", days: 2, terminal: "T1"),
        ]
        let traffic = PlaceTraffic(at: base.delivery, of: deliveries, in: base.world)
        #expect(traffic == PlaceTraffic(tankers: 2, tankersOfWeek: 1, mixersOfWeek: 2))
    }
}
