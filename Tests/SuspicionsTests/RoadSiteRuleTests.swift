import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

/// The diversion to, or from, a site that is a stretch of road: a halt there may have been a breakdown or a jam.
@Suite struct RoadSiteRuleTests {
    typealias Row = RuleTests.Row

    /// So many metres long around `east`, and wide.
    private static func site(_ id: String, _ east: Double, _ length: Double, _ width: Double) -> Site {
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map { along, aside in
            Case.point(east + along * length).moved(metres: aside * width, bearingDegrees: 0)
        }
        return Site(
            siteID: id, name: id, status: .active, period: .always, fence: .polygon(Polygon(rings: [corners])))
    }

    /// With a note for S1, unloaded at S2: a stretch of road, or a building site.
    private static func unloaded(
        width: Double = 60, _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
    ) -> @Sendable (inout Case) -> Void {
        {
            $0.registers.sites.append(site("S2", 4000, 2000, width))
            $0.delivery.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(4000))
            $0.tickets = [Case.ticket()]
            change(&$0)
        }
    }

    private static func next(minutes: Double, isNoted: Bool = true) -> NextLoad {
        NextLoad(start: Case.minutes(90), end: Case.minutes(90 + minutes), isNoted: isNoted)
    }

    static let roadRows: [Row] = [
        Row("broken down, for all that is known", .insufficient, unloaded()),
        Row("emptied, as the next load shows", .hit, unloaded { $0.context.nextLoad = next(minutes: 10) }),
        Row("twenty minutes at the plant: it may have been emptied there", .insufficient) {
            unloaded { $0.context.nextLoad = next(minutes: 20) }(&$0)
        },
        Row("the next load has no note", .insufficient) {
            unloaded { $0.context.nextLoad = next(minutes: 10, isNoted: false) }(&$0)
        },
        Row("a sensor shows the discharge", .hit, unloaded { $0.delivery.confidence["discharge"] = 1 }),
        Row("a site as wide as a building site is", .hit, unloaded(width: 600)),
        Row("the road is the note's site", .no, unloaded { $0.tickets = [Case.ticket(site: "S2")] }),
        Row("then unloaded at the note's site", .no) {
            unloaded { $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)] }(&$0)
        },
    ]

    @Test(arguments: Self.roadRows)
    func diversionToARoad(row: Row) { RuleTests.check("diversion", row) }

    /// With a note for S1, a stretch of road where it stood for so long, unloaded at the building site S2.
    private static func held(
        minutes: Double, drum: Double? = nil, after isAfter: Bool = false, length: Double = 2000
    ) -> @Sendable (inout Case) -> Void {
        unloaded(width: 600) {
            $0.registers.sites[0] = site("S1", 9000, length, 60)
            let halt = HaulRuleTests.halt(
                at: 9000, minutes: isAfter ? 60 : 5, for: minutes, drum: drum, place: PlaceReference(.site, "S1"))
            if isAfter {
                $0.delivery.haul?.comeback = Haul.Comeback(plantID: "P1", start: Case.minutes(90), halts: [halt])
            } else {
                $0.delivery.haul?.halts = [halt]
            }
        }
    }

    static let partRows: [Row] = [
        Row("a jam or a short pour before", .insufficient, held(minutes: 6)),
        Row("the same after", .insufficient, held(minutes: 6, after: true)),
        Row("a light", .hit, held(minutes: 2)),
        Row("a drum shows that nothing was poured", .hit, held(minutes: 6, drum: 360)),
        Row("no stretch of road", .hit, held(minutes: 6, length: 300)),
    ]

    @Test(arguments: Self.partRows)
    func aHaltAtARoadThatTheNoteNames(row: Row) { RuleTests.check("diversion", row) }

    @Test func whatIsWantingIsSaid() throws {
        let answer = try #require(Case(Self.unloaded()).judgement("diversion"))
        #expect(answer.facts.contains { $0.zh.contains("道路工程") && $0.en.contains("a breakdown or a jam") })
        #expect(answer.parameters["road_site_m"] == 500 && answer.parameters["emptied_s"] == 900)
    }
}
