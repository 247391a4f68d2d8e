import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// The rules about the way from plant to site and about the pour, one table a rule.
@Suite struct HaulRuleTests {
    typealias Row = RuleTests.Row

    static func halt(
        at east: Double, north: Double = 0, minutes: Double = 5, for length: Double = 4, drum: Double? = nil,
        place: PlaceReference? = nil
    ) -> Haul.Halt {
        Haul.Halt(
            start: Case.minutes(minutes), end: Case.minutes(minutes + length),
            coordinate: Case.point(east).moved(metres: north, bearingDegrees: 0), place: place,
            evidence: drum.map(Case.drum) ?? CarryingEvidence())
    }

    static func gap(_ from: Double, _ to: Double, minutes: Double = 5, for length: Double) -> Haul.Gap {
        Haul.Gap(
            start: Case.minutes(minutes), end: Case.minutes(minutes + length), from: Case.point(from),
            to: Case.point(to), metres: abs(to - from))
    }

    /// Two trucks have driven the road from the plant to beyond the site.
    static let roads: UsualRoads = {
        var roads = UsualRoads(AnalysisParameters.standard.roads)
        for name in ["A", "B"] {
            let fixes = (0...300).map {
                Fix(time: Case.minutes(Double($0) / 6), coordinate: Case.point(Double($0) * 100 - 5000))
            }
            roads.learn(fixes, of: TerminalID(name)!, on: Case.date(2026, 3, 1))
        }
        return roads
    }()

    private static func halted(_ halt: Haul.Halt) -> @Sendable (inout Case) -> Void {
        {
            $0.delivery.haul?.halts = [halt]
            $0.context.roads = Self.roads
        }
    }

    static let midRouteStopRows: [Row] = [
        Row("straight to the site", .no) { _ in },
        Row("off the road", .hit, halted(halt(at: 4000, north: 150))),
        Row("a light or a jam on the road", .no, halted(halt(at: 4000, north: 20, for: 25))),
        Row("under three minutes", .no, halted(halt(at: 4000, north: 150, for: 2.9))),
        Row("a fuel station", .no, halted(halt(at: 4000, north: 150, place: PlaceReference(.place, "F1")))),
        Row("a queue at the site's gate", .no, halted(halt(at: 8720, north: 150))),
        Row("where no road is known", .insufficient, halted(halt(at: 60_000))),
        Row("no roads learned", .insufficient) { $0.delivery.haul?.halts = [Self.halt(at: 4000, north: 150)] },
        Row("before an earlier drop of the load", .no) {
            halted(halt(at: 4000, north: 150))(&$0)
            $0.others = [$0.drop(at: 12_000, site: "S2", minutes: 15)]
        },
        Row("not recorded", .insufficient) { $0.delivery.haul = nil },
    ]

    /// The sensor may be mounted the wrong way round: the hit stands, is not urgent for it, and says so.
    @Test func aDrumInDoubtIsNamedBesideTheHit() throws {
        var halt = Self.halt(at: 4000, north: 150, drum: -120)
        halt.evidence = halt.evidence.withoutDirection
        let judgement = try #require(Case(Self.halted(halt)).judgement("mid-route-stop"))
        #expect(judgement.outcome == .hit && judgement.severity == 3)
        #expect(judgement.counterfacts.contains { $0.zh.contains("drum_forward") && $0.en.contains("drum_forward") })
        let right = try #require(Case(Self.halted(Self.halt(at: 4000, north: 150))).judgement("mid-route-stop"))
        #expect(!right.counterfacts.contains { $0.en.contains("drum_forward") })
    }

    @Test(arguments: Self.midRouteStopRows)
    func midRouteStop(row: Row) { RuleTests.check("mid-route-stop", row) }

    @Test func aDrumThatTurnsBackMakesAStopUrgent() {
        func severity(_ drum: Double?) -> Int? {
            Case(Self.halted(Self.halt(at: 4000, north: 150, drum: drum))).judgement("mid-route-stop")?.severity
        }
        #expect(severity(nil) == 3)
        #expect(severity(-10) == 3)
        #expect(severity(-20) == 4)
        #expect(severity(200) == 3)
    }

    /// What a drum said in reports so many seconds before the next, from a minute on; tenths of rpm by the minute.
    private static func reports(
        from minute: Double, seconds: [Double], _ drum: (Double) -> Int16
    ) -> CarryingEvidence {
        var (evidence, now) = (CarryingEvidence(), minute)
        for length in seconds {
            let fix = Fix(time: Case.minutes(now), coordinate: Case.point(0), drum: drum(now))
            evidence.add(fix, until: length, AnalysisParameters.standard.evidence)
            now += length / 60
        }
        return evidence
    }

    /// Halted on the way, the drum turning back in reports so many seconds before the next.
    private static func turnedBack(_ seconds: [Double]) -> @Sendable (inout Case) -> Void {
        {
            var halt = Self.halt(at: 4000)
            halt.evidence = Self.reports(from: 10, seconds: seconds) { _ in -60 }
            Self.halted(halt)(&$0)
        }
    }

    static let partialDiversionRows: [Row] = [
        Row("straight to the site", .no) { _ in },
        Row("discharged on the way", .hit, halted(halt(at: 4000, drum: -60))),
        Row("a short reversal", .no, halted(halt(at: 4000, drum: -50))),
        Row("a stop without a drum is mid-route-stop's", .no, halted(halt(at: 4000, for: 20))),
        Row("washed out at a wash bay", .no, halted(halt(at: 4000, drum: -200, place: PlaceReference(.place, "W1")))),
        Row("in the queue of the site", .no, halted(halt(at: 8720, drum: -60))),
        Row("a single report of a reversal, the next 90 s later", .insufficient, turnedBack([90])),
        Row("two of them", .hit, turnedBack([45, 45])),
        Row("by a sensor that is likely mounted the wrong way round", .insufficient) {
            var halt = Self.halt(at: 4000, drum: -120)
            halt.evidence = halt.evidence.withoutDirection
            Self.halted(halt)(&$0)
        },
        Row("by such a sensor at a drop of its own at an unknown place", .insufficient) {
            RuleTests.unloadAt(4000)(&$0)
            $0.delivery.haul?.drop = Case.drum(-120).withoutDirection
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)]
        },
        Row("a single one at a drop of its own at an unknown place", .insufficient) {
            RuleTests.unloadAt(4000)(&$0)
            $0.delivery.haul?.drop = Self.reports(from: 30, seconds: [90]) { _ in -60 }
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)]
        },
        Row("a drop of its own at an unknown place, with proof", .hit) {
            RuleTests.unloadAt(4000)(&$0)
            $0.delivery.haul?.drop = Case.drum(-90)
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)]
        },
        Row("a drop of its own at an unknown place, without proof", .no) {
            RuleTests.unloadAt(4000)(&$0)
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)]
        },
        Row("a second drop at another site", .no) {
            $0.delivery.haul?.drop = Case.drum(-300)
            $0.others = [$0.drop(at: 12_000, site: "S2", minutes: 70)]
        },
        Row("a first drop before this one", .no) {
            halted(halt(at: 4000, drum: -60))(&$0)
            $0.others = [$0.drop(at: 12_000, site: "S2", minutes: 15)]
        },
        Row("nobody saw the load", .insufficient) { $0.delivery.haul?.isLoadSeen = false },
        Row("not recorded", .insufficient) { $0.delivery.haul = nil },
    ]

    @Test(arguments: Self.partialDiversionRows)
    func partialDiversion(row: Row) { RuleTests.check("partial-diversion", row) }

    private static func dark(_ gap: Haul.Gap) -> @Sendable (inout Case) -> Void { { $0.delivery.haul?.gaps = [gap] } }

    static let gapInHaulRows: [Row] = [
        Row("seen all the way", .no) { _ in },
        Row("11 min dark and 3 km on", .hit, dark(gap(3000, 6000, for: 11))),
        Row("dark since three minutes under the loader", .hit, dark(gap(0, 6000, minutes: -3, for: 14))),
        Row("of it too little on the way", .no, dark(gap(0, 6000, minutes: -3, for: 12.5))),
        Row("dark until it had stood at the site for a while", .hit, dark(gap(4000, 9000, minutes: 18, for: 25))),
        Row("of that too little on the way", .no, dark(gap(4000, 9000, minutes: 21, for: 25))),
        Row("a tunnel of 5 min", .no, dark(gap(3000, 6000, for: 5))),
        Row("dark in a jam", .no, dark(gap(3000, 4000, for: 20))),
        Row("it may be filled yet", .insufficient) {
            dark(gap(3000, 6000, for: 11))(&$0)
            $0.context.asOf = Case.minutes(120)
        },
        Row("since when it was loaded is not known", .insufficient) {
            dark(gap(3000, 6000, for: 11))(&$0)
            $0.delivery.haul?.isLoadSeen = false
        },
        Row("not recorded", .insufficient) { $0.delivery.haul = nil },
    ]

    @Test(arguments: Self.gapInHaulRows)
    func gapInHaul(row: Row) { RuleTests.check("gap-in-haul", row) }

    static let darkStayRows: [Row] = [
        Row("seen all the way", .no) { _ in },
        Row("dark for 20 min and 800 m on", .hit, dark(gap(4000, 4800, for: 20))),
        Row("dark for as long as the drive took", .no, dark(gap(3000, 4800, for: 9))),
        Row("far on when it came back", .no, dark(gap(3000, 6000, for: 30))),
        Row("dark at a depot", .no) {
            dark(gap(4000, 4800, for: 30))(&$0)
            $0.registers.places = [
                Place(
                    placeID: "D1", name: "D1", kind: .depot, fence: .circle(center: Case.point(4000), radiusMetres: 50))
            ]
        },
        Row("dark in the queue of the site", .no, dark(gap(8720, 8000, for: 30))),
        Row("the terminal slept while it stood", .no) {
            dark(gap(4000, 4800, for: 30))(&$0)
            $0.delivery.haul?.gaps[0].isPartOfHalt = true
        },
        Row("the ignition was off while it stood", .no, dark(stood(800, isIgnitionOn: false))),
        Row("it stood with the ignition on and came back 800 m on", .hit, dark(stood(800, isIgnitionOn: true))),
        Row("the terminal slept and woke 600 m on", .no, dark(stood(600, isIgnitionOn: true))),
        Row("it went dark where it is said to have been loaded, outside the registers", .hit) {
            dark(gap(4000, 4800, for: 20))(&$0)
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(4000))
        },
        Row("it may be filled yet", .insufficient) {
            dark(gap(4000, 4800, for: 20))(&$0)
            $0.context.asOf = Case.minutes(120)
        },
        Row("not recorded", .insufficient) { $0.delivery.haul = nil },
    ]

    /// Dark for twenty minutes, and then so many metres from where it stood.
    private static func stood(_ metres: Double, isIgnitionOn: Bool) -> Haul.Gap {
        var gap = Self.gap(4000, 4000 + metres, for: 20)
        (gap.isPartOfHalt, gap.isIgnitionOn) = (true, isIgnitionOn)
        return gap
    }

    @Test(arguments: Self.darkStayRows)
    func darkStay(row: Row) { RuleTests.check("dark-stay", row) }

    /// Nobody saw the load, and the truck was dark meanwhile, `east` metres from the only plant.
    static func unseenLoad(_ east: Double, minutes: Double, _ change: (inout Case) -> Void = { _ in }) -> JudgedDelivery
    {
        Case {
            $0.delivery.origin = DeliveryEnd(kind: .unknown)
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (nil, nil)
            $0.delivery.haul = Haul(since: Case.minutes(-60), isLoadSeen: false)
            $0.delivery.haul?.gaps = [Self.gap(east, east + 500, minutes: -20, for: minutes)]
            change(&$0)
        }.judged
    }

    @Test func aLoadThatMustHaveBeenInTheDarkDecides() {
        #expect(Self.unseenLoad(20_000, minutes: 25).verdict == .suspicious)
        // The plant was near enough to go there, load and come back.
        let near = Self.unseenLoad(2000, minutes: 25)
        #expect(near.suspicions == ["dark-stay"])
        #expect(near.verdict == .insufficientData)
        let fresh = Self.unseenLoad(20_000, minutes: 25) { $0.delivery.haul?.mayHaveComeLoaded = true }
        #expect(fresh.verdict == .insufficientData)
        let seen = Case(Self.dark(Self.gap(4000, 4800, for: 20))).judged
        #expect(seen.suspicions == ["dark-stay"])
        #expect(seen.verdict == .clear)
    }

    private static func poured(_ minutes: Double, _ product: String = "C30", _ degrees: Double? = nil)
        -> @Sendable (inout Case) -> Void
    {
        {
            $0.delivery.unloadStart = Case.minutes(minutes)
            $0.delivery.unloadEnd = Case.minutes(minutes + 20)
            $0.tickets = [Case.ticket(product: product)]
            $0.context.airTemperature = degrees
        }
    }

    static let overAgeRows: [Row] = [
        Row("half an hour", .no) { _ in },
        Row("90 min", .no, poured(90)),
        Row("91 min", .hit, poured(91)),
        Row("retarded concrete", .no, poured(140, "C30 缓凝")),
        Row("retarded concrete in the heat", .hit, poured(140, "C30 缓凝", 32)),
        Row("wet mortar", .no, poured(140, "WM M10")),
        Row("wet mortar in frost", .hit, poured(140, "WM M10", 1)),
        Row("dry mortar keeps", .no, poured(900, "DM M10")),
        Row("and in a silo truck, whatever its note calls it", .no) {
            poured(900, "预拌砂浆 M10")(&$0)
            $0.registers.vehicles[0].kind = .mortar
        },
        Row("wet mortar in a silo truck", .hit) {
            poured(900, "湿拌砂浆 M10")(&$0)
            $0.registers.vehicles[0].kind = .mortar
        },
        Row("the drum tells when the pour began", .hit) {
            poured(60)(&$0)
            $0.delivery.haul?.drop = Case.drum(-300)
            $0.delivery.loadEnd = Case.minutes(-60)
        },
        Row("heard all the while it waited for the pour", .hit) {
            poured(80)(&$0)
            $0.delivery.haul?.drop = Self.reports(from: 80, seconds: Array(repeating: 60, count: 20)) {
                $0 < 94.5 ? 30 : -60
            }
        },
        Row("not heard before the drum turned back: it may have poured on arrival", .no) {
            poured(80)(&$0)
            $0.delivery.haul?.drop = Self.reports(from: 95, seconds: Array(repeating: 60, count: 5)) { _ in -60 }
        },
        Row("a second drop, seen all the way", .hit) {
            poured(120)(&$0)
            $0.others = [$0.drop(at: 5000, site: "S2", minutes: 30)]
        },
        Row("a second drop, after long enough in the dark to be loaded again", .insufficient) {
            poured(120)(&$0)
            $0.others = [$0.drop(at: 5000, site: "S2", minutes: 30)]
            $0.delivery.haul?.gaps = [Self.gap(0, 400, minutes: 60, for: 12)]
        },
        Row("a second drop, dark for too short a time", .hit) {
            poured(120)(&$0)
            $0.others = [$0.drop(at: 5000, site: "S2", minutes: 30)]
            $0.delivery.haul?.gaps = [Self.gap(0, 400, minutes: 60, for: 6)]
        },
        Row("dark before the earlier drop", .hit) {
            poured(120)(&$0)
            $0.others = [$0.drop(at: 5000, site: "S2", minutes: 30)]
            $0.delivery.haul?.gaps = [Self.gap(0, 400, minutes: 5, for: 12)]
        },
        Row("dark on the only way of the load", .hit) {
            poured(120)(&$0)
            $0.delivery.haul?.gaps = [Self.gap(0, 400, minutes: 60, for: 12)]
        },
        Row("cement does not age", .no) {
            poured(500)(&$0)
            $0.tickets = []
            $0.registers.vehicles[0].kind = .bulkCement
        },
        Row("cement, and the truck's row ends on the way", .no) {
            poured(500)(&$0)
            $0.tickets = []
            $0.registers.vehicles[0].kind = .bulkCement
            $0.registers.vehicles[0].period = ValidPeriod(from: .distantPast, to: Case.minutes(10))
        },
        Row("nobody saw the load", .insufficient) { ($0.delivery.loadStart, $0.delivery.loadEnd) = (nil, nil) },
    ]

    @Test(arguments: Self.overAgeRows)
    func overAge(row: Row) { RuleTests.check("over-age", row) }

    /// The loading ended at 08:15.
    private static func atClock(_ hour: Double, for length: Double = 20) -> @Sendable (inout Case) -> Void {
        {
            $0.delivery.unloadStart = Case.minutes((hour - 8.25) * 60)
            $0.delivery.unloadEnd = Case.minutes((hour - 8.25) * 60 + length)
        }
    }

    static let nightPourRows: [Row] = [
        Row("in the morning", .no) { _ in },
        Row("until ten at night", .no, atClock(21.5, for: 30)),
        Row("past ten at night", .hit, atClock(21.9)),
        Row("at midnight", .hit, atClock(24)),
        Row("before six", .hit, atClock(29.9)),
        Row("at six", .no, atClock(30)),
        Row("cement at night", .no) {
            atClock(23)(&$0)
            $0.registers.vehicles[0].kind = .bulkCement
        },
        Row("cement, and the truck's row ends on the way", .no) {
            atClock(23)(&$0)
            $0.registers.vehicles[0].kind = .bulkCement
            $0.registers.vehicles[0].period = ValidPeriod(from: .distantPast, to: Case.minutes(10))
        },
        Row("at night by a clock in doubt", .insufficient) {
            atClock(23)(&$0)
            $0.context.ticket = .clockInDoubt(seconds: -28_800)
        },
        Row("at night by a clock that is one day off", .hit) {
            atClock(23)(&$0)
            $0.context.ticket = .clockInDoubt(seconds: 86_400)
        },
        Row("nobody saw the drop", .insufficient) {
            atClock(23)(&$0)
            $0.delivery.confidence[Delivery.unseenDrop] = 0.7
        },
    ]

    @Test(arguments: Self.nightPourRows)
    func nightPour(row: Row) { RuleTests.check("night-pour", row) }

    /// A way from the plant to the site that swings out to the north.
    static func way(north: Double, minutes: Double = 18) -> [Fix] {
        (0...36).map { step in
            let share = Double(step) / 36
            let swing = 4 * share * (1 - share) * north
            return Fix(
                time: Case.minutes(share * minutes),
                coordinate: Case.point(share * 9000).moved(metres: swing, bearingDegrees: 0))
        }
    }

    private static func driven(_ north: Double, trips: Int, minutes: Double = 18) -> @Sendable (inout Case) -> Void {
        {
            var corridors = Corridors(AnalysisParameters.standard.corridors)
            for trip in 0..<trips {
                corridors.learn(
                    Self.way(north: Double(trip) * 40), of: "L-known-\(trip)",
                    for: Corridors.Pair(plantID: "P1", siteID: "S1"))
            }
            $0.context.corridors = corridors
            $0.context.way = Self.way(north: north, minutes: minutes)
        }
    }

    static let offCorridorRows: [Row] = [
        Row("on the usual way", .no, driven(100, trips: 5)),
        Row("400 m beside it", .no, driven(550, trips: 5)),
        Row("2 km off", .hit, driven(2000, trips: 5)),
        Row("2 km off for two minutes", .no, driven(2000, trips: 5, minutes: 2)),
        Row("four trips known", .insufficient, driven(2000, trips: 4)),
        Row("its own trip teaches nothing", .insufficient) {
            driven(2000, trips: 4)(&$0)
            $0.context.corridors?.learn(
                Self.way(north: 2000), of: "L-1", for: Corridors.Pair(plantID: "P1", siteID: "S1"))
        },
        Row("2 km off, to weigh at a known place there", .no) {
            driven(2000, trips: 5)(&$0)
            $0.delivery.haul?.halts = [
                Self.halt(at: 4500, north: 2000, minutes: 9, place: PlaceReference(.place, "W1"))
            ]
        },
        Row("2 km off, and a halt where no place is known", .hit) {
            driven(2000, trips: 5)(&$0)
            $0.delivery.haul?.halts = [Self.halt(at: 4500, north: 2000, minutes: 9)]
        },
        Row("weighed before it left the usual way", .hit) {
            driven(2000, trips: 5)(&$0)
            $0.delivery.haul?.halts = [
                Self.halt(at: 100, minutes: 0.1, for: 1, place: PlaceReference(.place, "W1"))
            ]
        },
        Row("2 km off, and a halt at another site", .hit) {
            driven(2000, trips: 5)(&$0)
            $0.delivery.haul?.halts = [
                Self.halt(at: 4500, north: 2000, minutes: 9, place: PlaceReference(.site, "S2"))
            ]
        },
        Row("no track at hand", .insufficient) { _ in },
        Row("no plant", .insufficient) {
            driven(2000, trips: 5)(&$0)
            RuleTests.loadAt(5000)(&$0)
        },
    ]

    @Test(arguments: Self.offCorridorRows)
    func offCorridor(row: Row) { RuleTests.check("off-corridor", row) }
}
