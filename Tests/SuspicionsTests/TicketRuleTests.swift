import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// The rules about delivery notes, one table a rule.
@Suite struct TicketRuleTests {
    typealias Row = RuleTests.Row

    /// A note of another load, so that the plant and the day are covered.
    static let unrelated = Case.ticket("K9", plate: "浙F99999", at: 240)

    private static func noted(_ ticket: Ticket) -> @Sendable (inout Case) -> Void { { $0.tickets = [ticket] } }

    /// The truck came 110 minutes before it left.
    private static func waiting(_ tickets: Ticket...) -> @Sendable (inout Case) -> Void {
        {
            $0.delivery.loadStart = Case.minutes(-110)
            $0.tickets = tickets
        }
    }

    /// Two minutes before the truck left.
    private static let mortar = Case.ticket("M1", product: "润泵砂浆", volume: 1, at: -2)

    /// It got the plate 浙F54321 ten minutes after it had been loaded.
    private static func replated(_ tickets: Ticket...) -> @Sendable (inout Case) -> Void {
        {
            var next = $0.registers.vehicles[0]
            $0.registers.vehicles[0].period = ValidPeriod(from: .distantPast, to: Case.minutes(10))
            (next.plate, next.period) = ("浙F54321", ValidPeriod(from: Case.minutes(10), to: nil))
            $0.registers.vehicles.append(next)
            $0.delivery.plate = "浙F54321"
            $0.tickets = tickets
        }
    }

    static let ticketMissingRows: [Row] = [
        Row("there is a note", .no, noted(Case.ticket())),
        Row("there is none", .hit, noted(unrelated)),
        Row("no source of notes", .insufficient) { _ in },
        Row(
            "a note of another plant does not cover this one", .insufficient,
            noted(Case.ticket("K9", plant: "P2", at: 240))),
        Row("a note of another day does not cover this one", .insufficient, noted(Case.ticket("K9", at: 24 * 60))),
        Row("not a day yet", .insufficient) {
            $0.tickets = [unrelated]
            $0.context.asOf = Case.minutes(23 * 60)
        },
        Row("a note half an hour off is another load's", .hit, noted(Case.ticket(at: 31))),
        Row("a note half an hour late", .no, noted(Case.ticket(at: 29))),
        Row("early in a long stay", .no, waiting(Case.ticket(at: -100))),
        Row("half an hour before a long stay", .no, waiting(Case.ticket(at: -139))),
        Row("before that", .hit, waiting(Case.ticket(at: -141))),
        Row("another truck's early in a long stay", .hit, waiting(Case.ticket(plate: "浙F54321", at: -100))),
        Row("early in a long stay of a truck whose plate nobody knows", .no) {
            waiting(Case.ticket(at: -100))(&$0)
            ($0.registers.vehicles, $0.delivery.plate) = ([], nil)
        },
        Row("the terminal is in no register, so no plate can be compared", .insufficient) {
            $0.tickets = [unrelated]
            ($0.registers.vehicles, $0.delivery.plate) = ([], nil)
        },
        Row("a second drop needs none", .no) {
            $0.tickets = [unrelated]
            $0.others = [$0.drop(at: 12_000, minutes: 20)]
        },
        Row("three loads eight hours before their notes: the clock is wrong", .insufficient) {
            $0.others = [$0.load(later: 120), $0.load(later: 240)]
            $0.tickets = [480, 600, 720].map { Case.ticket("K\($0)", at: $0) }
        },
        Row("eight hours after them", .insufficient) {
            $0.others = [$0.load(later: 120), $0.load(later: 240)]
            $0.tickets = [-480, -360, -240].map { Case.ticket("K\($0)", at: $0) }
        },
        Row("two such loads, and no other note", .insufficient) {
            $0.others = [$0.load(later: 120)]
            $0.tickets = [480, 600].map { Case.ticket("K\($0)", at: $0) }
        },
        Row("one such load shows no clock", .hit) {
            $0.others = [$0.load(later: 120)]
            $0.tickets = [Case.ticket(at: 480)]
        },
        Row("three loads with notes, three beside: the clock is right", .hit) {
            $0.others = [120, 240, 1800, 1920, 2040].map($0.load)
            $0.tickets = [480, 600, 720, 1800, 1920, 2040].map { Case.ticket("K\($0)", at: $0) }
        },
        Row("nobody saw the load", .insufficient) {
            $0.tickets = [unrelated]
            $0.delivery.origin = DeliveryEnd(kind: .unknown)
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (nil, nil)
        },
    ]

    @Test(arguments: Self.ticketMissingRows)
    func ticketMissing(row: Row) { RuleTests.check("ticket-missing", row) }

    /// Loaded in the yard of another plant, so far from the fence of the note's.
    private static func besideIt(_ metres: Double) -> @Sendable (inout Case) -> Void {
        {
            let place = Case.point(100 + metres)
            var other = $0.registers.plants[0]
            other.plantID = "P2"
            other.fence = .circle(center: place, radiusMetres: 10)
            $0.registers.plants.append(other)
            $0.delivery.origin = DeliveryEnd(kind: .plant, id: "P2", coordinate: place)
            $0.tickets = [Case.ticket()]
        }
    }

    static let nameLendingRows: [Row] = [
        Row("loaded where the note says", .no, noted(Case.ticket())),
        Row("loaded at a yard", .hit) {
            RuleTests.loadAt(5000)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("loaded at another plant", .hit) {
            var other = $0.registers.plants[0]
            other.plantID = "P2"
            other.fence = .circle(center: Case.point(-6000), radiusMetres: 100)
            $0.registers.plants.append(other)
            $0.delivery.origin = DeliveryEnd(kind: .plant, id: "P2", coordinate: Case.point(-6000))
            $0.tickets = [Case.ticket()]
        },
        Row("at the gate of the note's plant", .no) {
            RuleTests.loadAt(179)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("82 m outside its fence: the catalogue has one margin", .hit) {
            RuleTests.loadAt(182)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("in a neighbour's yard, 81 m from its fence: it may have queued there", .insufficient, besideIt(81)),
        Row("299 m from its fence", .insufficient, besideIt(299)),
        Row("301 m from its fence", .hit, besideIt(301)),
        Row("a plant of the note that no register has", .insufficient) {
            RuleTests.loadAt(5000)(&$0)
            $0.tickets = [Case.ticket(plant: "P77")]
        },
        Row("no note", .insufficient, noted(unrelated)),
        Row("no source of notes", .insufficient) { _ in },
    ]

    @Test(arguments: Self.nameLendingRows)
    func nameLending(row: Row) { RuleTests.check("name-lending", row) }

    /// Seconds by which the loads fit their notes, and the hours that the answer names.
    @Test(arguments: [(28_800.0, "8"), (-86_400, "24"), (nil, "8 or 24")] as [(Double?, String)])
    func aClockInDoubtIsNamed(seconds: Double?, hours: String) throws {
        let test = Case { $0.context.ticket = .clockInDoubt(seconds: seconds) }
        let judgement = try #require(test.judgement("diversion"))
        #expect(judgement.outcome == .insufficient)
        #expect(judgement.facts.contains { $0.en.contains("exactly \(hours) h beside the time") })
    }

    /// Loaded at P1, then six minutes at the revoked P2: whose note there is, and what is held against it.
    @Test(
        arguments: [
            ("P1", 0.0, true, []), ("P2", 25, true, ["licence-invalid"]),
            ("P1", 0, false, ["licence-invalid", "name-lending"]),
        ] as [(String, Double, Bool, [String])])
    func aNoteOfThePlantBeforeKeepsItsLoad(
        plant: String, minute: Double, hasStood: Bool, hits: [String]
    ) throws {
        let test = Case {
            var other = $0.registers.plants[0]
            (other.plantID, other.fence) = ("P2", .circle(center: Case.point(5000), radiusMetres: 100))
            other.status = .revoked
            $0.registers.plants.append(other)
            $0.registers.sites[0].approvedPlants = []
            $0.delivery.origin = DeliveryEnd(kind: .plant, id: "P2", coordinate: Case.point(5000))
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (Case.minutes(20), Case.minutes(26))
            if hasStood {
                $0.delivery.haul?.earlier = Haul.EarlierLoad(
                    plantID: "P1", coordinate: Case.point(0), start: Case.minutes(-8), end: Case.minutes(0))
            }
            $0.tickets = [Case.ticket(plant: plant, at: minute)]
        }
        let judged = test.judged
        #expect(judged.suspicions.filter { ["licence-invalid", "name-lending"].contains($0) } == hits)
        // The row keeps what was read.
        #expect(judged.delivery.origin.id == "P2" && judged.delivery.haul == test.delivery.haul)
        guard hits.isEmpty else { return }
        #expect(judged.verdict == .clear && judged.delivery.ticketID == "K1")
        let judgement = try #require(test.judgement("name-lending"))
        #expect(judgement.facts.contains { $0.zh.contains("短暂停留") && $0.en.contains("not taken for a load") })
    }

    /// A jam or a repair in the yard of a closed plant: without a note nobody can tell which of the stays was the load.
    @Test func aLoadedTruckThatStandsInAClosedPlantIsNotAccused() throws {
        func test(_ change: @escaping @Sendable (inout Case) -> Void) -> Case {
            Case {
                var other = $0.registers.plants[0]
                (other.plantID, other.fence) = ("P2", .circle(center: Case.point(5000), radiusMetres: 100))
                other.status = .revoked
                $0.registers.plants.append(other)
                $0.delivery.origin = DeliveryEnd(kind: .plant, id: "P2", coordinate: Case.point(5000))
                ($0.delivery.loadStart, $0.delivery.loadEnd) = (Case.minutes(20), Case.minutes(26))
                $0.delivery.haul?.earlier = Haul.EarlierLoad(
                    plantID: "P1", coordinate: Case.point(0), start: Case.minutes(-8), end: Case.minutes(0))
                change(&$0)
            }
        }
        for sensor in [false, true] {
            let judged = test { $0.delivery.confidence["discharge"] = sensor ? 1 : nil }
            let answer = try #require(judged.judgement("licence-invalid"))
            #expect(answer.outcome == .insufficient && answer.parameters["certain_reload_s"] == 1800)
            #expect(answer.facts.contains { $0.zh.contains("（P1）") && $0.en.contains("may have come loaded") })
            #expect(judged.judged.verdict == .insufficientData)
        }
        // It had stood nowhere before: a hit, which says on what it rests.
        let straight = test { $0.delivery.haul?.earlier = nil }
        let alone = try #require(straight.judgement("licence-invalid"))
        #expect(alone.outcome == .hit)
        #expect(alone.counterfacts.contains { $0.en.contains("a stay of 6 min") && $0.zh.contains("6 分钟") })
        let sensed = test {
            $0.delivery.haul?.earlier = nil
            $0.delivery.confidence["discharge"] = 1
        }
        let seen = try #require(sensed.judgement("licence-invalid"))
        #expect(seen.outcome == .hit && !seen.counterfacts.contains { $0.en.contains("inferred") })
    }

    static let diversionRows: [Row] = [
        Row("unloaded where the note says", .no, noted(Case.ticket())),
        Row("unloaded 5 km from there", .hit) {
            RuleTests.unloadAt(4000)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("499 m from the fence: the gate of the second part", .no) {
            RuleTests.unloadAt(9559)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("501 m", .hit) {
            RuleTests.unloadAt(9562)(&$0)
            $0.tickets = [Case.ticket()]
        },
        Row("a second drop of a load whose first was at the note's site", .no) {
            RuleTests.unloadAt(12_000)(&$0)
            $0.tickets = [Case.ticket()]
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 20)]
        },
        Row("at the note's site first, then unloaded at another site", .hit) {
            $0.delivery.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(4000))
            $0.delivery.haul?.halts = [HaulRuleTests.halt(at: 9000, place: PlaceReference(.site, "S1"))]
            $0.tickets = [Case.ticket()]
        },
        Row("at another site, and never at the note's", .hit) {
            $0.delivery.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(4000))
            $0.tickets = [Case.ticket()]
        },
        Row("at the note's site first, then unloaded where no site is", .hit) {
            RuleTests.unloadAt(4000)(&$0)
            $0.delivery.haul?.halts = [HaulRuleTests.halt(at: 9000, place: PlaceReference(.site, "S1"))]
            $0.tickets = [Case.ticket()]
        },
        Row("an unknown place", .insufficient) {
            $0.delivery.destination = DeliveryEnd(kind: .unknown)
            $0.tickets = [Case.ticket()]
        },
        Row("no source of notes", .insufficient) { _ in },
    ]

    @Test(arguments: Self.diversionRows)
    func diversion(row: Row) { RuleTests.check("diversion", row) }

    /// Seconds for which it was seen at the note's site, and at both ends was not seen elsewhere.
    @Test(arguments: [
        (200.0, 20.0, Judgement.Outcome.hit), (180, 120, .insufficient), (230, 20, .insufficient), (110, 120, .hit),
        (600, 20, .hit),
    ])
    func whatMayHaveBeenADropAtTheNotesSiteIsNoDiversion(seen: Double, edge: Double, outcome: Judgement.Outcome) {
        let test = Case {
            $0.delivery.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(4000))
            var halt = HaulRuleTests.halt(at: 9000, place: PlaceReference(.site, "S1"))
            (halt.end, halt.edgeSeconds) = (halt.start.advanced(bySeconds: seen), edge)
            $0.delivery.haul?.halts = [halt]
            $0.tickets = [Case.ticket()]
        }
        #expect(test.judgement("diversion")?.outcome == outcome)
    }

    /// A short halt at the note's site stands beside the hit, and only there.
    @Test(arguments: [(true, 1), (false, 0)])
    func aCallAtTheNotesSiteSpeaksAgainstADiversion(hasCalled: Bool, count: Int) throws {
        let test = Case {
            $0.delivery.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(4000))
            let place = PlaceReference(.site, hasCalled ? "S1" : "S2")
            $0.delivery.haul?.halts = [HaulRuleTests.halt(at: 9000, place: place)]
            $0.tickets = [Case.ticket()]
        }
        let judgement = try #require(test.judgement("diversion"))
        #expect(judgement.outcome == .hit && judgement.severity == 4)
        let calls = judgement.counterfacts.filter { $0.zh.contains("曾在发货单上的工地") && $0.en.contains("refused there") }
        #expect(calls.count == count)
    }

    static let truckRows: [Row] = [
        Row("the same truck", .no, noted(Case.ticket())),
        Row("another truck", .hit, noted(Case.ticket(plate: "浙F54321"))),
        Row(
            "its own from hours ago, and another's of the same half hour", .no,
            waiting(Case.ticket(at: -100), Case.ticket("K2", plate: "浙F99999"))),
        Row("its own from hours ago, in the yard in front of the note's plant", .no) {
            besideIt(150)(&$0)
            waiting(Case.ticket(at: -100))(&$0)
        },
        Row("the plate that it bore when it was loaded", .no, replated(Case.ticket())),
        Row("the plate that it bore when it was unloaded", .no, replated(Case.ticket(plate: "浙F54321"))),
        Row("neither of its plates", .insufficient, replated(Case.ticket(plate: "浙F99999"))),
        Row("a terminal without a plate", .insufficient) {
            ($0.registers.vehicles, $0.delivery.plate) = ([], nil)
            $0.tickets = [Case.ticket()]
        },
        Row("no source of notes", .insufficient) { _ in },
    ]

    @Test(arguments: Self.truckRows)
    func ticketTruckMismatch(row: Row) { RuleTests.check("ticket-truck-mismatch", row) }

    static let timeRows: [Row] = [
        Row("issued as it left", .no, noted(Case.ticket())),
        Row("19 min later", .no, noted(Case.ticket(at: 19))),
        Row("21 min later", .hit, noted(Case.ticket(at: 21))),
        Row("21 min before the loading", .hit, noted(Case.ticket(at: -31))),
        Row("while it was loaded", .no, noted(Case.ticket(at: -9))),
        Row("early in a long stay", .no, waiting(Case.ticket(at: -100))),
        Row("21 min before a long stay", .hit, waiting(Case.ticket(at: -131))),
        Row("another truck's in a long stay", .no, waiting(Case.ticket(plate: "浙F54321", at: -85))),
        Row("after the arrival", .hit) {
            $0.delivery.unloadStart = Case.minutes(10)
            $0.tickets = [Case.ticket(at: 15)]
        },
        Row("nobody saw the load", .insufficient) {
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (nil, nil)
            $0.tickets = [Case.ticket()]
        },
    ]

    @Test(arguments: Self.timeRows)
    func ticketTimeMismatch(row: Row) { RuleTests.check("ticket-time-mismatch", row) }

    static let volumeRows: [Row] = [
        Row("a full drum", .no, noted(Case.ticket(volume: 10))),
        Row("more than the drum", .hit, noted(Case.ticket(volume: 10.5))),
        Row("a full drum with its priming mortar", .no) { $0.tickets = [Self.mortar, Case.ticket(volume: 9)] },
        Row("more with its priming mortar", .hit) { $0.tickets = [Self.mortar, Case.ticket(volume: 10)] },
        Row("another load's priming mortar", .no) {
            $0.tickets = [Self.mortar, Case.ticket(volume: 10)]
            $0.tickets[0].plate = "浙F99999"
        },
        Row("no volume", .insufficient, noted(Case.ticket(volume: nil))),
        Row("no drum registered", .insufficient) {
            $0.registers.vehicles[0].capacityCubicMetres = nil
            $0.tickets = [Case.ticket(volume: 20)]
        },
        Row("no source of notes", .insufficient) { _ in },
    ]

    @Test(arguments: Self.volumeRows)
    func ticketVolumeMismatch(row: Row) { RuleTests.check("ticket-volume-mismatch", row) }

    static let overloadRows: [Row] = [
        Row("6 m³: 27.1 t", .no, noted(Case.ticket(volume: 6))),
        Row("8 m³: 31.8 t, within what a scale errs", .no, noted(Case.ticket(volume: 8))),
        Row("10 m³: 36.5 t", .hit, noted(Case.ticket(volume: 10))),
        Row("10 m³ of mortar: 32.0 t", .no, noted(Case.ticket(product: "WM10", volume: 10))),
        Row("8 m³ and one of mortar: 33.7 t", .hit) { $0.tickets = [Self.mortar, Case.ticket(volume: 8)] },
        Row("7.4 m³ and one of mortar: 32.3 t", .no) { $0.tickets = [Self.mortar, Case.ticket(volume: 7.4)] },
        Row("no tare", .insufficient) {
            $0.registers.vehicles[0].tareTonnes = nil
            $0.tickets = [Case.ticket(volume: 10)]
        },
        Row("no limit", .insufficient) {
            $0.registers.vehicles[0].grossLimitTonnes = nil
            $0.tickets = [Case.ticket(volume: 10)]
        },
        Row("no volume", .insufficient, noted(Case.ticket(volume: nil))),
        Row("no source of notes", .insufficient) { _ in },
    ]

    @Test(arguments: Self.overloadRows)
    func overload(row: Row) { RuleTests.check("overload", row) }

    static let duplicateRows: [Row] = [
        Row("a number used once", .no, noted(Case.ticket())),
        Row("again at another site", .hit) { $0.tickets = [Case.ticket(), Case.ticket(site: "S2", at: 300)] },
        Row("again for another truck", .hit) { $0.tickets = [Case.ticket(), Case.ticket(plate: "浙F54321")] },
        Row("again at another time", .hit) { $0.tickets = [Case.ticket(), Case.ticket(at: 300)] },
        Row("sent twice within five minutes", .no) { $0.tickets = [Case.ticket(), Case.ticket(at: 4)] },
        Row(
            "sent again with the truck's new plate", .no, replated(Case.ticket(), Case.ticket(plate: "浙F54321", at: 4))),
        Row("sent again with another truck's", .hit, replated(Case.ticket(), Case.ticket(plate: "浙F99999", at: 4))),
        Row("two numbers of one load", .no) { $0.tickets = [Self.mortar, Case.ticket()] },
        Row("the priming mortar's number again", .hit) {
            $0.tickets = [Self.mortar, Case.ticket(), Case.ticket("M1", site: "S2", at: 300)]
        },
        Row("the priming mortar sent twice", .no) {
            $0.tickets = [Self.mortar, Case.ticket("M1", volume: 1, at: 1), Case.ticket()]
        },
        Row("another plant's own number", .no) { $0.tickets = [Case.ticket(), Case.ticket(plant: "P2", at: 300)] },
        // Loaded on 2 March 2026; numbers begin anew with the year.
        Row("a week later", .hit) { $0.tickets = [Case.ticket(), Case.ticket(site: "S2", at: days(7))] },
        Row("on the last day of the year", .hit) { $0.tickets = [Case.ticket(), Case.ticket(at: days(304))] },
        Row("on the first of the next", .no) { $0.tickets = [Case.ticket(), Case.ticket(at: days(305))] },
        Row("on the first day of the year", .hit) { $0.tickets = [Case.ticket(), Case.ticket(at: days(-60))] },
        Row("on the last of the year before", .no) { $0.tickets = [Case.ticket(), Case.ticket(at: days(-61))] },
        Row("a year before, for another truck and site", .no) {
            $0.tickets = [Case.ticket(), Case.ticket(site: "S2", plate: "浙F54321", at: days(-365))]
        },
        Row("no source of notes", .insufficient) { _ in },
    ]

    private static func days(_ number: Double) -> Double { number * 24 * 60 }

    @Test(arguments: Self.duplicateRows)
    func duplicateTicket(row: Row) { RuleTests.check("duplicate-ticket", row) }

    /// Minutes at which the number was given out beside the delivery's own note, and what is said of it.
    @Test(
        arguments: [
            ([], "used the number K1 once in 2026.", "2026 年内没有重复使用。", false),
            ([4], "once in 2026; what was sent again within 5 min", "5 分钟内重复上传的不算", false),
            ([Self.days(-365)], "used the number K1 once in 2026.", "2026 年内没有重复使用。", false),
            ([Self.days(7)], "used the number K1 twice in 2026: ", "2026 年内使用了 2 次：", true),
            ([Self.days(7), Self.days(7) + 3], "used the number K1 twice in 2026: ", "2026 年内使用了 2 次：", true),
            (
                [Self.days(-7), Self.days(7)], "used the number K1 3 times in 2026: among them ", "2026 年内使用了 3 次：其中：",
                false
            ),
        ] as [([Double], String, String, Bool)])
    func aNumberIsCountedByTheYear(others: [Double], en: String, zh: String, isFirst: Bool) throws {
        let test = Case { $0.tickets = [Case.ticket()] + others.map { Case.ticket(at: $0) } }
        let judgement = try #require(test.judgement("duplicate-ticket"))
        let fact = try #require(judgement.facts.first)
        #expect(fact.en.contains(en) && fact.zh.contains(zh), "\(fact)")
        #expect(judgement.parameters == ["repeat_s": 300, "number_months": 12])
        // The first of them is hardly the copy.
        #expect(judgement.counterfacts.contains { $0.en.contains("first of them") && $0.zh.contains("最早") } == isFirst)
    }

    /// Numbers that begin anew each month, or hardly ever.
    @Test(arguments: [
        (12, 30.0, true), (1, 29, true), (1, 30, false), (0, 30, false), (24, 305, true), (3, 29, true), (3, 30, false),
    ])
    func numbersBeginAnewAsThePlantHasThem(months: Int, days: Double, isHit: Bool) {
        var parameters = AnalysisParameters.standard
        parameters.tickets.numberMonths = months
        #expect(
            parameters.tickets.areNumberedTogether(Case.minutes(0), Case.minutes(Self.days(days))) == isHit,
            "2 March 2026 and so many days later")
    }

    /// A note alone: what is known of its truck, and what the rule says.
    struct GhostRow: Sendable, CustomStringConvertible {
        var description: String
        var outcome: Judgement.Outcome
        var change: @Sendable (inout TicketContext) -> Void

        init(
            _ description: String, _ outcome: Judgement.Outcome,
            _ change: @escaping @Sendable (inout TicketContext) -> Void
        ) {
            (self.description, self.outcome, self.change) = (description, outcome, change)
        }
    }

    static let ghostRows: [GhostRow] = [
        GhostRow("far away all the time", .hit) { _ in },
        GhostRow("a load fits it", .no) { $0.isMatched = true },
        GhostRow("the clock is eight hours off", .insufficient) { $0.isClockInDoubt = true },
        GhostRow("it was at the plant", .no) { $0.whereabouts?.nearestMetres = 0 },
        GhostRow("seen for 89 % of the time", .insufficient) { $0.whereabouts?.coverage = 0.89 },
        GhostRow("seen for 90 %", .hit) { $0.whereabouts?.coverage = 0.9 },
        GhostRow("no terminal", .insufficient) { $0.whereabouts = nil },
        GhostRow("no fix", .insufficient) { $0.whereabouts?.nearestMetres = nil },
        GhostRow("its data may still come in", .insufficient) { $0.asOf = Case.minutes(164) },
    ]

    @Test(arguments: Self.ghostRows)
    func ghostTicket(row: GhostRow) throws {
        var note = TicketContext(Case.ticket(), asOf: Case.minutes(166))
        note.whereabouts = TruckWhereabouts(coverage: 1, nearestMetres: 8000, fixes: 180)
        row.change(&note)
        let judgements = TicketJudge(world: Case().world).judge(note)
        let judgement = try #require(judgements.first { $0.rule == "ghost-ticket" })
        #expect(judgement.outcome == row.outcome)
        #expect(judgement.severity == 4)
        #expect(!judgement.facts.isEmpty)
        if row.outcome == .hit { #expect(judgement.counterfacts.last?.en.contains("not a finding of guilt") == true) }
    }

    @Test func aNumberUsedTwiceIsALeadOfTheNoteToo() {
        var note = TicketContext(Case.ticket(), asOf: Case.minutes(10_000))
        note.repetitions = [Case.ticket(site: "S2", at: 600)]
        let judgements = TicketJudge(world: Case().world).judge(note)
        #expect(judgements.first { $0.rule == "duplicate-ticket" }?.outcome == .hit)
    }

    @Test func whereATruckWasIsReadFromItsFixes() {
        let world = Case().world
        func fix(_ minutes: Double, _ east: Double) -> Fix {
            Fix(time: Case.minutes(minutes), coordinate: Case.point(east))
        }
        // Seen each minute for half an hour, then dark for half an hour in which it drove 5 km.
        let fixes = (0...30).map { fix(Double($0), 8000) } + [fix(60, 3000)]
        let seen = TruckWhereabouts(fixes, from: Case.minutes(0), to: Case.minutes(60), plant: "P1", in: world)
        #expect(abs(seen.coverage - 0.5) < 1e-9)
        #expect(abs((seen.nearestMetres ?? 0) - 2900) < 15)
        #expect(seen.fixes == 32)
        // A terminal that sleeps where it is parked is seen.
        let parked = TruckWhereabouts(
            [fix(-10, 8000), fix(70, 8010)], from: Case.minutes(0), to: Case.minutes(60), plant: "P1", in: world)
        #expect(parked.coverage == 1)
        #expect(parked.nearestMetres == nil)
        let nothing = TruckWhereabouts([], from: Case.minutes(0), to: Case.minutes(60), plant: "P1", in: world)
        #expect(nothing.coverage == 0)
    }

    /// What is said names the whole stay, and both plates' truck.
    @Test func theWordsOfALongStayAndOfANewPlateAreTrue() throws {
        let waited = Case(Self.waiting(Self.unrelated))
        let missing = try #require(waited.judgement("ticket-missing")?.facts.first)
        #expect(missing.zh.contains("从该车进站（2026-03-02 06:25）前 30 分钟到离站后 30 分钟"))
        #expect(missing.en.contains("from 30 min before it came (2026-03-02 06:25) to 30 min after it left"))
        let replated = Case(Self.replated(Case.ticket()))
        #expect(replated.judged.verdict == .clear && replated.judged.delivery.ticketID == "K1")
        let same = try #require(replated.judgement("ticket-truck-mismatch")?.facts.first)
        #expect(same.zh.contains("登记的车牌之一") && same.en.contains("between load and drop"))
    }

    @Test func notesDecideTheVerdict() {
        let honest = Case { $0.tickets = [Case.ticket()] }.judged
        #expect(honest.verdict == .clear)
        #expect(honest.delivery.ticketID == "K1")
        let missing = Case { $0.tickets = [Self.unrelated] }.judged
        #expect(missing.verdict == .suspicious)
        #expect(missing.delivery.ticketID == nil)
        #expect(Case { $0.tickets = [Case.ticket(plate: "浙F54321")] }.judged.verdict == .suspicious)
        let late = Case { $0.tickets = [Case.ticket(volume: 12, at: 25)] }.judged
        #expect(late.suspicions == ["ticket-time-mismatch", "ticket-volume-mismatch", "overload"])
        #expect(late.verdict == .clear)
    }

    /// Priming mortar and concrete: one load with two notes, which nobody else's load can take.
    @Test func aLoadHasAllItsNotes() throws {
        let own = Case { $0.tickets = [Case.ticket(volume: 8), Self.mortar] }
        let judged = own.judged
        #expect(judged.verdict == .clear)
        #expect(judged.delivery.ticketID == "K1" && judged.delivery.otherTicketIDs == ["M1"])
        #expect(judged.delivery.ticketIDs == ["K1", "M1"])
        for rule in ["ticket-missing", "ticket-truck-mismatch", "ticket-volume-mismatch", "name-lending", "diversion"] {
            let fact = try #require(own.judgement(rule)?.facts.first)
            #expect(fact.zh.contains("K1") && fact.zh.contains("M1"), "\(rule)")
            #expect(fact.en.contains("K1") && fact.en.contains("M1"), "\(rule)")
        }
        // The delivery of another truck, of that minute: its own note is missing, none of these is lent to it.
        let other = Case {
            $0.tickets = [Case.ticket(volume: 8), Self.mortar]
            $0.registers.vehicles.append(Vehicle(plate: "浙F20000", terminal: "T2", kind: .mixer))
            $0.others = [$0.delivery]
            ($0.delivery.deliveryID, $0.delivery.loadID) = ("D-2", "L-2")
            ($0.delivery.terminal, $0.delivery.plate) = (TerminalID("T2")!, "浙F20000")
        }
        #expect(other.judgement("ticket-missing")?.outcome == .hit)
        #expect(other.judgement("ticket-truck-mismatch")?.outcome != .hit)
        // One note alone is as ever.
        #expect(Case { $0.tickets = [Case.ticket()] }.judged.delivery.otherTicketIDs == nil)
    }

    @Test func theWeightIsThatOfAllNotes() throws {
        let fact = try #require(
            Case { $0.tickets = [Self.mortar, Case.ticket(volume: 8)] }.judgement("overload")?.facts.first)
        #expect(fact.zh.contains("8.0 立方米 × 2.35 吨/立方米 + 1.0 立方米砂浆 × 1.90 吨/立方米"), "\(fact.zh)")
        #expect(fact.en.contains("8.0 m³ × 2.35 t/m³ + 1.0 m³ of mortar × 1.90 t/m³"), "\(fact.en)")
    }
}
