import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing

/// One table a rule: what is changed, and what the rule then says.
@Suite struct RuleTests {
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var outcome: Judgement.Outcome
        var change: @Sendable (inout Case) -> Void

        init(_ description: String, _ outcome: Judgement.Outcome, _ change: @escaping @Sendable (inout Case) -> Void) {
            (self.description, self.outcome, self.change) = (description, outcome, change)
        }
    }

    static func loadAt(_ east: Double) -> @Sendable (inout Case) -> Void {
        { $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(east)) }
    }

    static func unloadAt(_ east: Double) -> @Sendable (inout Case) -> Void {
        { $0.delivery.destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(east)) }
    }

    /// A known place five kilometres from the plant, at an end of the delivery.
    private static func depot(_ test: inout Case, _ kind: Place.Kind, _ put: (inout Delivery, DeliveryEnd) -> Void) {
        let point = Case.point(5000)
        test.registers.places = [
            Place(placeID: "D1", name: "停车场", kind: kind, fence: .circle(center: point, radiusMetres: 80))
        ]
        put(&test.delivery, DeliveryEnd(kind: .place, id: "D1", coordinate: point))
    }

    static let unlicensedOriginRows = [
        Row("a registered plant", .no) { _ in },
        Row("a plant without a valid licence is another rule's", .no) { $0.registers.plants[0].status = .revoked },
        Row("far from every plant", .hit, loadAt(5000)),
        Row("in a registered depot", .hit) { Self.depot(&$0, .depot) { $0.origin = $1 } },
        Row("at a registered site", .hit) { $0.delivery.origin = $0.delivery.destination },
        Row("79 m outside the fence", .no, loadAt(179)),
        Row("82 m outside the fence", .hit, loadAt(182)),
        Row("an unknown place", .insufficient) { $0.delivery.origin = DeliveryEnd(kind: .unknown) },
        Row("no register of plants", .insufficient) {
            loadAt(5000)(&$0)
            $0.registers.plants = []
        },
        Row("a plant of the neighbouring city whose register is loaded", .no) {
            loadAt(5000)(&$0)
            $0.registers.plants[0].fence = .circle(center: Case.point(5000), radiusMetres: 90)
        },
        Row("the old yard of a plant that moved the month before", .hit) {
            loadAt(0)(&$0)
            Self.move(&$0.registers, on: Case.date(2026, 2, 1))
        },
        Row("the yard of a plant that moved away the month after", .no) {
            loadAt(0)(&$0)
            Self.move(&$0.registers, on: Case.date(2026, 4, 1))
        },
        Row("the last yard of a plant whose licence ran out", .no) {
            loadAt(0)(&$0)
            $0.registers.plants[0].period = ValidPeriod(from: Case.date(2020, 1, 1), through: Case.date(2026, 1, 31))
        },
        Row("a suspect that was checked and dismissed", .no) {
            loadAt(5000)(&$0)
            $0.dismissed = [SuspectedPlace(id: "X-1", coordinate: Case.point(5150), radiusMetres: 80)]
        },
        Row("another place than the suspect that was dismissed", .hit) {
            loadAt(5000)(&$0)
            $0.dismissed = [SuspectedPlace(id: "X-1", coordinate: Case.point(5170), radiusMetres: 80)]
        },
    ]

    /// The plant of the case stands 5 km to the east from that day on.
    static func move(_ registers: inout RegisterSnapshot, on date: CivilDate) {
        var later = registers.plants[0]
        later.period = ValidPeriod(from: date, through: nil)
        later.fence = .circle(center: Case.point(5000), radiusMetres: 100)
        registers.plants[0].period.to = later.period.from
        registers.plants.append(later)
    }

    @Test(arguments: Self.unlicensedOriginRows)
    func unlicensedOrigin(row: Row) { Self.check("unlicensed-origin", row) }

    /// How sure the load is, and how grave the hit.
    @Test(arguments: [(0.6, 3), (0.69, 3), (0.7, 4), (0.8, 4), (0.95, 4)])
    func oneHaltAndNothingElseIsNotUrgent(confidence: Double, severity: Int) throws {
        let test = Case {
            Self.loadAt(5000)(&$0)
            $0.delivery.confidence["origin"] = confidence
        }
        let judgement = try #require(test.judgement("unlicensed-origin"))
        #expect(judgement.outcome == .hit && judgement.severity == severity)
        #expect(judgement.parameters["urgent_confidence"] == 0.7)
        let says = judgement.counterfacts.contains { $0.zh.contains("一次停留") && $0.en.contains("single halt") }
        #expect(says == (severity == 3))
        #expect(test.judged.verdict == .suspicious)
    }

    static let licenceInvalidRows = [
        Row("valid", .no) { _ in },
        Row("rectifying may supply", .no) { $0.registers.plants[0].status = .rectifying },
        Row("suspended", .hit) { $0.registers.plants[0].status = .suspended },
        Row("revoked", .hit) { $0.registers.plants[0].status = .revoked },
        Row("cancelled", .hit) { $0.registers.plants[0].status = .cancelled },
        Row("ran out the day before", .hit) {
            $0.registers.plants[0].period = ValidPeriod(from: Case.date(2020, 1, 1), through: Case.date(2026, 3, 1))
        },
        Row("runs out that day: dates are inclusive", .no) {
            $0.registers.plants[0].period = ValidPeriod(from: Case.date(2020, 1, 1), through: Case.date(2026, 3, 2))
        },
        Row("begins the next day", .hit) {
            $0.registers.plants[0].period = ValidPeriod(from: Case.date(2026, 3, 3), through: nil)
        },
        Row("suspended from the day after on", .no) {
            $0.registers.plants[0].period = ValidPeriod(from: Case.date(2020, 1, 1), through: Case.date(2026, 3, 2))
            var later = $0.registers.plants[0]
            later.status = .suspended
            later.period = ValidPeriod(from: Case.date(2026, 3, 3), through: nil)
            $0.registers.plants.append(later)
        },
        Row("no known plant", .no, loadAt(5000)),
        Row("an unknown place", .insufficient) { $0.delivery.origin = DeliveryEnd(kind: .unknown) },
        Row("no register of plants", .insufficient) { $0.registers.plants = [] },
        Row("the plant is gone from the register", .insufficient) { $0.registers.plants[0].plantID = "P9" },
    ]

    @Test(arguments: Self.licenceInvalidRows)
    func licenceInvalid(row: Row) { Self.check("licence-invalid", row) }

    static let unregisteredDestinationRows = [
        Row("a registered site", .no) { _ in },
        Row("far from every site", .hit, unloadAt(5000)),
        Row("in a registered depot", .insufficient) { Self.depot(&$0, .depot) { $0.destination = $1 } },
        Row("at a silo", .no) { Self.depot(&$0, .silo) { $0.destination = $1 } },
        Row("79 m outside the fence", .no, unloadAt(9139)),
        Row("82 m outside the fence", .hit, unloadAt(9142)),
        Row("a site whose registration ran out", .hit) {
            $0.registers.sites[0].period = ValidPeriod(from: Case.date(2025, 1, 1), through: Case.date(2026, 3, 1))
        },
        Row("a site completed but still registered", .no) { $0.registers.sites[0].status = .completed },
        Row("no register of sites", .insufficient) {
            unloadAt(5000)(&$0)
            $0.registers.sites = []
        },
        Row("an unknown place", .insufficient) { $0.delivery.destination = DeliveryEnd(kind: .unknown) },
        Row("cement at a plant", .no) {
            $0.delivery.destination = DeliveryEnd(kind: .plant, id: "P1", coordinate: Case.point(0))
        },
    ]

    @Test(arguments: Self.unregisteredDestinationRows)
    func unregisteredDestination(row: Row) { Self.check("unregistered-destination", row) }

    static let supplierNotApprovedRows = [
        Row("on the list", .no) { _ in },
        Row("not on the list", .hit) { $0.registers.sites[0].approvedPlants = ["P7", "P8"] },
        Row("no list", .insufficient) { $0.registers.sites[0].approvedPlants = [] },
        Row("an unknown origin", .insufficient) {
            $0.registers.sites[0].approvedPlants = ["P7"]
            loadAt(5000)(&$0)
        },
        Row("no site", .insufficient, unloadAt(5000)),
        Row("the note is of another phase within the same fence", .no) {
            phases(&$0)
            $0.tickets = [Case.ticket(site: "S2")]
        },
        Row("no note says which phase", .hit, phases),
    ]

    /// S2 is in the same fence as S1 and lists the plant, which S1 does not.
    private static func phases(_ it: inout Case) {
        it.registers.sites[0].approvedPlants = ["P7"]
        var other = it.registers.sites[0]
        (other.siteID, other.approvedPlants) = ("S2", ["P1"])
        it.registers.sites.append(other)
    }

    @Test(arguments: Self.supplierNotApprovedRows)
    func supplierNotApproved(row: Row) { Self.check("supplier-not-approved", row) }

    static func check(_ rule: String, _ row: Row) {
        let judgement = Case(row.change).judgement(rule)
        #expect(judgement?.outcome == row.outcome)
        #expect(judgement?.registerRevision == 7)
        let statements = (judgement?.facts ?? []) + (judgement?.counterfacts ?? [])
        #expect(judgement?.facts.isEmpty == false)
        for statement in statements {
            #expect(!statement.zh.isEmpty && !statement.en.isEmpty)
            #expect(statement.zh.unicodeScalars.contains { $0.value >= 0x4E00 })
            #expect(!statement.en.unicodeScalars.filter { $0.value < 0x4E00 }.isEmpty)
        }
        guard row.outcome == .hit else { return }
        #expect(statements.last?.en.contains("not a finding of guilt") == true)
        #expect((judgement?.counterfacts.count ?? 0) >= 2)
    }
}
