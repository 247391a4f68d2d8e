import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// What rests on halts alone: an honest truck is washed and parked at its plant, eats, waits and breaks down.
@Suite struct InferredSupplyTests {
    typealias Row = RuleTests.Row

    /// Stands at 4000 m, `north` metres off the road, where so many other loads went.
    private static func stood(
        north: Double = 150, others: Int = 0, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            let spot = Case.point(4000).moved(metres: north, bearingDegrees: 0)
            $0.delivery.destination = DeliveryEnd(kind: .unknown, coordinate: spot)
            $0.context.placeDrops = PlaceDrops(shown: others)
            $0.context.roads = HaulRuleTests.roads
            change(&$0)
        }
    }

    private static let unrelated = TicketRuleTests.unrelated
    private static func prove(_ it: inout Case) { it.delivery.confidence["discharge"] = 1 }

    static let unregisteredDestinationRows: [Row] = [
        Row("a stay at the plant, and a halt", .insufficient, stood()),
        Row("another load went there", .insufficient, stood(others: 1)),
        Row("other loads went there", .hit, stood(others: 2)),
        Row("nobody counted", .insufficient, stood { $0.context.placeDrops = nil }),
        Row("a sensor shows the discharge", .hit, stood(prove)),
        Row("a note shows the load", .hit, stood { $0.tickets = [Case.ticket()] }),
        Row("a note of another truck shows none", .insufficient) {
            stood { $0.tickets = [Case.ticket(plate: "浙F99999")] }(&$0)
        },
        Row("a note shows the load, and it stood on the road", .insufficient) {
            stood(north: 20) { $0.tickets = [Case.ticket()] }(&$0)
        },
        Row("on the road, where other loads went", .hit, stood(north: 20, others: 2)),
        Row("a discharge on the road", .hit, stood(north: 20, prove)),
        Row("loaded outside the registers", .hit) {
            stood()(&$0)
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(30_000))
        },
    ]

    @Test(arguments: Self.unregisteredDestinationRows)
    func unregisteredDestination(row: Row) { RuleTests.check("unregistered-destination", row) }

    /// The drum turns back for so many seconds, after so many at registered sites; other loads are known to go there.
    private static func washed(
        _ seconds: Double, after poured: Double?, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        stood(others: 2) {
            prove(&$0)
            $0.delivery.haul?.drop = Case.drum(-seconds)
            $0.delivery.haul?.pouredSeconds = poured
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 10)]
            change(&$0)
        }
    }

    static let washedRows: [Row] = [
        Row("washed out after the pour", .insufficient, washed(420, after: 900)),
        Row("with a note for that site", .insufficient, washed(420, after: 900) { $0.tickets = [Case.ticket()] }),
        Row("poured as long as at the site", .hit, washed(900, after: 900)),
        Row("poured a part at the site, and the rest here", .hit, washed(300, after: 420)),
        Row("nothing shows a pour at the site", .hit, washed(420, after: nil)),
        Row("the load cell shows that a part was left", .hit) {
            washed(420, after: 900)(&$0)
            for (minute, load) in [(30.0, Int32(9000)), (37, 0)] {
                let fix = Fix(time: Case.minutes(minute), coordinate: Case.point(4000), load: load)
                $0.delivery.haul?.drop.note(fix, AnalysisParameters.standard.evidence)
            }
        },
    ]

    @Test(arguments: Self.washedRows)
    func whoHasPouredTheLoadWashesTheDrum(row: Row) { RuleTests.check("unregistered-destination", row) }

    static let diversionRows: [Row] = [
        Row("off the road", .hit, stood { $0.tickets = [Case.ticket()] }),
        Row("a breakdown on the road", .insufficient, stood(north: 20) { $0.tickets = [Case.ticket()] }),
        Row("a discharge on the road", .hit) {
            stood(north: 20, prove)(&$0)
            $0.tickets = [Case.ticket()]
        },
    ]

    @Test(arguments: Self.diversionRows)
    func diversion(row: Row) { RuleTests.check("diversion", row) }

    /// Stands at the site for so many minutes, with no note of its own.
    private static func called(
        for minutes: Double, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            $0.tickets = [unrelated]
            $0.delivery.unloadEnd = $0.delivery.unloadStart.advanced(bySeconds: minutes * 60)
            change(&$0)
        }
    }

    static let ticketMissingRows: [Row] = [
        Row("fetched the crew", .insufficient, called(for: 6)),
        Row("poured", .hit, called(for: 9)),
        Row("a sensor shows a short pour", .hit, called(for: 6, prove)),
        Row("went for a meal", .insufficient, stood { $0.tickets = [unrelated] }),
        Row("where other loads went", .hit, stood(others: 2) { $0.tickets = [unrelated] }),
    ]

    @Test(arguments: Self.ticketMissingRows)
    func ticketMissing(row: Row) { RuleTests.check("ticket-missing", row) }

    /// Stood at a stall, then some minutes at the site.
    private static func breakfast(
        _ minutes: Double, sure: Double = 0.8, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(30_000))
            $0.delivery.confidence["origin"] = sure
            $0.delivery.unloadEnd = $0.delivery.unloadStart.advanced(bySeconds: minutes * 60)
            change(&$0)
        }
    }

    static let unlicensedOriginRows: [Row] = [
        Row("a meal, and papers fetched at the site", .insufficient, breakfast(6)),
        Row("a pour", .hit, breakfast(9)),
        Row("a sensor shows the load", .hit, breakfast(6, sure: 0.95)),
        Row("a sensor shows the discharge", .hit, breakfast(6, prove)),
        Row("a suspected plant", .hit, breakfast(6) { $0.delivery.origin.kind = .suspectedPlant }),
        Row("the engine was off", .insufficient, rested(580)),
        Row("it was off for most of the time", .hit, rested(400)),
        Row("it ran for long enough to be loaded", .hit, rested(2400, of: 2700)),
        Row("it was off, and a sensor shows the load", .hit, rested(580, sure: 0.95)),
        Row("it was off, and a sensor shows the discharge", .hit, rested(580, prove)),
        Row("it was off at a suspected plant", .hit, rested(580) { $0.delivery.origin.kind = .suspectedPlant }),
    ]

    /// Stood for so long outside every register, so many seconds of it with the ignition off, and then long at a site.
    private static func rested(
        _ off: Double, of seconds: Double = 600, sure: Double = 0.8,
        _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        self.breakfast(15, sure: sure) {
            $0.delivery.loadStart = Case.loaded.advanced(bySeconds: -seconds)
            $0.delivery.haul?.engineOffSeconds = off
            change(&$0)
        }
    }

    @Test(arguments: Self.unlicensedOriginRows)
    func unlicensedOrigin(row: Row) { RuleTests.check("unlicensed-origin", row) }

    /// The register of vehicles says that the terminal went into another truck, or out of this one, on the way.
    @Test(arguments: ["浙F99999", nil], ["diversion", "unregistered-destination"])
    func aTerminalThatChangedTrucksAccusesNeither(plate: String?, rule: String) throws {
        let changed = Case(
            Self.stood(others: 2) {
                $0.tickets = [Case.ticket()]
                let noon = Case.minutes(10)
                var next = $0.registers.vehicles[0]
                $0.registers.vehicles[0].period = ValidPeriod(from: Case.minutes(-1e6), to: noon)
                guard let plate else { return }
                (next.plate, next.period) = (plate, ValidPeriod(from: noon, to: nil))
                $0.registers.vehicles.append(next)
            })
        #expect(try #require(changed.judgement(rule)).outcome == .insufficient)
    }

    static let ticketTruckMismatchRows: [Row] = [
        Row("fetched the crew, at the time of another truck's note", .insufficient, strange(6)),
        Row("poured", .hit, strange(9)),
        Row("a sensor shows a short pour", .hit, strange(6, prove)),
    ]

    private static func strange(
        _ minutes: Double, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            called(for: minutes, change)(&$0)
            $0.tickets = [Case.ticket(plate: "浙F99999")]
        }
    }

    @Test(arguments: Self.ticketTruckMismatchRows)
    func ticketTruckMismatch(row: Row) { RuleTests.check("ticket-truck-mismatch", row) }

    static let licenceInvalidRows: [Row] = [
        Row("fetched the crew", .insufficient, revoked(6)),
        Row("its own note shows a load, poured quickly", .hit, revoked(6) { $0.tickets = [Case.ticket()] }),
        Row("a note of another truck shows none", .insufficient) {
            revoked(6) { $0.tickets = [Case.ticket(plate: "浙F99999")] }(&$0)
        },
        Row("poured", .hit, revoked(9)),
    ]

    private static func revoked(
        _ minutes: Double, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            called(for: minutes, change)(&$0)
            $0.registers.plants[0].status = .revoked
        }
    }

    @Test(arguments: Self.licenceInvalidRows)
    func licenceInvalid(row: Row) { RuleTests.check("licence-invalid", row) }

    /// Nobody is accused, and nothing is called clear.
    @Test func aMealIsNoVerdict() {
        let judged = Case(Self.stood { $0.tickets = [Self.unrelated] }).judged
        #expect(judged.verdict == .insufficientData && judged.suspicions.isEmpty && judged.score == 0)
    }
}
