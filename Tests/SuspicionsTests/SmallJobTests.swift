import Chronology
import Deliveries
import Geodesy
import RepeatableRandom
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// Small jobs outside the registers, which a city may exempt: what counts for one, and what is then said of it.
@Suite struct SmallJobTests {
    typealias Row = RuleTests.Row

    /// A drop at a place outside the registers, so many minutes after the load of the case.
    private static func drop(
        _ id: String, minutes: Double = 0, east: Double = 5000, volume: LoadVolume = .noted(9), load: String? = nil,
        terminal: String = "T1"
    ) -> PlaceDrop {
        PlaceDrop(
            deliveryID: id, loadID: load ?? "L\(id)", terminal: TerminalID(terminal)!,
            unloadStart: Case.minutes(minutes), coordinate: Case.point(east), volume: volume)
    }

    /// The case's own delivery was unloaded in the village with so much, and others came there so often before.
    private static func village(
        _ volume: LoadVolume = .noted(9), others: Int = 0, of each: LoadVolume = .noted(10), limit: Double = 30
    ) -> @Sendable (inout Case) -> Void {
        {
            RuleTests.unloadAt(5000)(&$0)
            $0.parameters.exemption.concreteVolume = limit
            let drops = (0..<others).map { Self.drop("\($0)", minutes: -60 * Double($0 + 1), volume: each) }
            guard let own = PlaceDrop($0.delivery, volume: volume) else { return }
            $0.context.smallJob = SmallJob(around: own, of: drops, in: $0.world)
        }
    }

    static let rows: [Row] = [
        Row("nothing is exempt where the city does not say so", .hit, village(.noted(3), limit: 0)),
        Row("one small load", .no, village(.noted(3))),
        Row("below the limit together", .no, village(.noted(9.9), others: 2)),
        Row("as much as the limit together", .hit, village(.noted(10), others: 2)),
        Row("below it by the drums", .no, village(.estimated(10), others: 1, of: .estimated(10))),
        Row("as much by the drums", .hit, village(.estimated(10), others: 2, of: .estimated(10))),
        Row("as much, as unknown loads count with a large drum", .hit, village(.unknown, others: 1, of: .unknown)),
        Row("unknown, and nothing is to be taken for it", .insufficient) {
            $0.parameters.exemption.loadVolume = 0
            village(.unknown, others: 2)(&$0)
        },
        Row("unknown, and enough without it", .hit) {
            $0.parameters.exemption.loadVolume = 0
            village(.unknown, others: 3)(&$0)
        },
        Row("what else came is not known", .insufficient) {
            village()(&$0)
            $0.context.smallJob = nil
        },
        Row("in the margin of a registered site", .no) {
            village(others: 9)(&$0)
            RuleTests.unloadAt(9139)(&$0)
        },
        Row("a site whose registration ran out is no small job", .hit) {
            $0.parameters.exemption.concreteVolume = 200
            $0.registers.sites[0].period = ValidPeriod(from: Case.date(2025, 1, 1), through: Case.date(2026, 3, 1))
        },
        Row("cement is not exempt", .hit) {
            $0.registers.vehicles[0].kind = .bulkCement
            village(.noted(3))(&$0)
        },
        Row("mortar, where only concrete is", .hit) {
            $0.registers.vehicles[0].kind = .mortar
            village(.noted(3))(&$0)
        },
        Row("19 t of mortar", .no) {
            $0.registers.vehicles[0].kind = .mortar
            $0.parameters.exemption.mortarTonnes = 20
            village(.noted(5), others: 1, of: .noted(5), limit: 0)(&$0)
        },
        Row("20.9 t of mortar", .hit) {
            $0.registers.vehicles[0].kind = .mortar
            $0.parameters.exemption.mortarTonnes = 20
            village(.noted(6), others: 1, of: .noted(5), limit: 0)(&$0)
        },
        Row("a truck of no register is taken for a mixer", .no) {
            $0.registers.vehicles = []
            village(.noted(3))(&$0)
        },
    ]

    @Test(arguments: Self.rows)
    func unregisteredDestination(row: Row) { RuleTests.check("unregistered-destination", row) }

    /// The law names concrete and mortar: cement for a small job is asked about as before.
    @Test func cementToASmallJobIsAskedAbout() {
        let tanker = Case {
            $0.registers.vehicles[0].kind = .bulkCement
            $0.registers.plants[0].licenceKind = .cement
            Self.village(.noted(3))(&$0)
            $0.delivery.unloadEnd = $0.delivery.unloadStart.advanced(bySeconds: 45 * 60)
        }
        #expect(tanker.judgement("cement-to-unregistered")?.outcome == .hit)
    }

    @Test func theFiguresAreSaid() throws {
        let small = Case(Self.village(.noted(3.5), others: 1, of: .estimated(10)))
        let exempt = try #require(small.judgement("unregistered-destination"))
        #expect(exempt.facts.contains { $0.zh.contains("已知共 2 车、混凝土 13.5 立方米，不足零星工程豁免的 30 m³") })
        #expect(exempt.facts.contains { $0.en.contains("13.5 m³ of concrete are known to have come in 2 loads") })
        #expect(exempt.facts.contains { $0.zh.contains("其中 1 车没有发货单方量") && $0.en.hasPrefix("1 of the loads") })
        #expect(
            exempt.parameters
                == ["margin_m": 80, "exempt_m3": 30, "exempt_radius_m": 100, "exempt_days": 180])
        #expect(small.judged.verdict != .suspicious)

        let large = Case(Self.village(.noted(3.5), others: 5, of: .estimated(10)))
        let hit = try #require(large.judgement("unregistered-destination"))
        #expect(hit.facts.contains { $0.zh.contains("的第 3 车，已知运到混凝土 30.0 立方米") })
        #expect(hit.facts.contains { $0.en.contains("30.0 m³ of concrete came in 3 loads") })
        #expect(hit.counterfacts.contains { $0.en.hasPrefix("3 of the loads have no volume on a note") })
        #expect(hit.facts.last?.en.hasPrefix("Judged by register revision") == true)
        let off = try #require(Case(RuleTests.unloadAt(5000)).judgement("unregistered-destination"))
        #expect(off.parameters["margin_m"] == 80 && off.parameters["exempt_m3"] == nil)
    }

    @Test func whatCountsIsOfThePlaceTheTimeAndTheCargo() throws {
        var base = Case()
        base.parameters.exemption.concreteVolume = 200
        base.parameters.exemption.days = 10
        base.registers.vehicles.append(Vehicle(plate: "浙F20000", terminal: "T2", kind: .bulkCement))
        base.registers.vehicles.append(Vehicle(plate: "浙F30000", terminal: "T3", kind: .mortar))
        let day = 1440.0
        let own = Self.drop("own", volume: .noted(1))
        let drops = [
            own, Self.drop("at the edge", minutes: -10 * day, volume: .noted(2)),
            Self.drop("too early", minutes: -10 * day - 1), Self.drop("too late", minutes: 10 * day + 1),
            Self.drop("after it", minutes: 9 * day, east: 5099, volume: .estimated(4)),
            Self.drop("too far", east: 5102), Self.drop("cement", minutes: 5, terminal: "T2"),
            Self.drop("mortar", minutes: 5, terminal: "T3"),
            Self.drop("two drops", minutes: 7, volume: .unknown, load: "M"),
            Self.drop("of a load", minutes: 9, volume: .unknown, load: "M"),
        ]
        let job = try #require(SmallJob(around: own, of: drops, in: base.world))
        #expect(job.cubicMetres == 1 + 2 + 4 + 16)
        #expect([job.loads, job.estimatedLoads, job.unknownLoads] == [4, 1, 1])
        #expect(job.first == Case.minutes(-10 * day) && job.last == Case.minutes(9 * day))
        #expect(!job.isReached)
        #expect(SmallJob(around: own, of: drops.reversed(), in: base.world) == job, "in whatever order they are read")
    }

    /// Where a delivery comes, goes or counts otherwise, everything of which that changes a word is due, and what had
    /// enough before is not.
    @Test func whatChangesIsTouched() {
        var base = Case()
        base.parameters.exemption.concreteVolume = 30
        base.parameters.exemption.days = 2
        base.registers.vehicles.append(Vehicle(plate: "浙F20000", terminal: "T2", kind: .bulkCement))
        let world = base.world
        var dice = SplitMix64(seed: 4)
        var changes = 0
        for _ in 0..<60 {
            let drops = (0..<14).map { number in
                Self.drop(
                    "\(number)", minutes: Double(Int.random(in: 0..<120, using: &dice)) * 60,
                    east: Double(Int.random(in: 0..<300, using: &dice)),
                    volume: Bool.random(using: &dice) ? .noted(Double(Int.random(in: 1..<12, using: &dice))) : .unknown,
                    load: "L\(Int.random(in: 0..<12, using: &dice))",
                    terminal: Int.random(in: 0..<6, using: &dice) == 0 ? "T2" : "T1")
            }
            for gone in drops {
                let rest = drops.filter { $0 != gone }
                let touched = Set(SmallJob.touched(by: gone, among: drops, in: world))
                #expect(!touched.contains(gone.deliveryID))
                for other in rest {
                    let with = SmallJob(around: other, of: drops, in: world)
                    guard with != SmallJob(around: other, of: rest, in: world) else { continue }
                    changes += 1
                    #expect(touched.contains(other.deliveryID), "\(gone.deliveryID) → \(other.deliveryID)")
                }
            }
        }
        #expect(changes > 500)
        // Three hours apart 20 loads of 10 m³: the newest changes nothing of what had enough before.
        let busy = (0..<20).map { Self.drop("\($0)", minutes: Double($0) * 180, volume: .noted(10)) }
        #expect(SmallJob.touched(by: busy[19], among: busy, in: world).isEmpty)
    }
}
