import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

/// A drop after a halt outside every register, which a note of the plant's load before explains as well.
@Suite struct RestOfLoadRuleTests {
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var outcome: Judgement.Outcome
        var verdict: Verdict
        var change: @Sendable (inout Case) -> Void

        init(
            _ description: String, _ outcome: Judgement.Outcome, _ verdict: Verdict,
            _ change: @escaping @Sendable (inout Case) -> Void
        ) {
            (self.description, self.outcome, self.verdict, self.change) = (description, outcome, verdict, change)
        }
    }

    /// Loaded at P1 until minute 0, a part poured at S2 from minute 12 to 22, 10 minutes at a halt from minute 30,
    /// poured at S1 from minute 50.
    private static func split(_ change: (inout Case) -> Void) -> Case {
        Case {
            var site = $0.registers.sites[0]
            (site.siteID, site.fence) = ("S2", .circle(center: Case.point(5000), radiusMetres: 60))
            $0.registers.sites.append(site)
            var first = $0.delivery
            (first.deliveryID, first.loadID) = ("D-0", "L-0")
            first.destination = DeliveryEnd(kind: .site, id: "S2", coordinate: Case.point(5000))
            (first.unloadStart, first.unloadEnd) = (Case.minutes(12), Case.minutes(22))
            $0.others = [first]
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(16_000))
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (Case.minutes(30), Case.minutes(40))
            ($0.delivery.unloadStart, $0.delivery.unloadEnd) = (Case.minutes(50), Case.minutes(65))
            $0.delivery.haul?.earlier = Haul.EarlierLoad(
                plantID: "P1", coordinate: Case.point(0), start: Case.minutes(-10), end: Case.minutes(0))
            change(&$0)
        }
    }

    private static func notes(second: Double = 4.5, site: String = "S1", at minute: Double = -1) -> [Ticket] {
        [
            Case.ticket("K1", site: "S2", volume: 4, at: -2),
            Case.ticket("K2", site: site, volume: second, at: minute),
        ]
    }

    /// Neither a sensor nor another load there shows that it was one.
    private static func single(_ test: inout Case) { test.delivery.confidence["origin"] = 0.6 }

    static let rows: [Row] = [
        Row("a note for the second site", .no, .clear) { $0.tickets = notes() },
        Row("a long halt, and the note", .no, .clear) {
            $0.tickets = notes()
            $0.delivery.loadEnd = Case.minutes(65)
            ($0.delivery.unloadStart, $0.delivery.unloadEnd) = (Case.minutes(75), Case.minutes(90))
        },
        Row("no note for the second site", .hit, .suspicious) { $0.tickets = [notes()[0]] },
        Row("both notes for the first site", .hit, .suspicious) { $0.tickets = notes(site: "S2") },
        Row("written when it was gone from the plant", .hit, .suspicious) { $0.tickets = notes(at: 20) },
        Row("more than the drum holds", .insufficient, .insufficientData) { $0.tickets = notes(second: 9) },
        Row("a suspected plant", .insufficient, .insufficientData) {
            $0.tickets = notes()
            $0.delivery.origin = DeliveryEnd(kind: .suspectedPlant, id: "X1", coordinate: Case.point(16_000))
        },
        Row("no note of anything, and a single halt", .insufficient, .insufficientData) { single(&$0) },
        Row("a note of another truck alone", .insufficient, .insufficientData) {
            single(&$0)
            // Five hours before.
            $0.tickets = [Case.ticket("K9", site: "S2", plate: "浙F99999", at: -300)]
        },
        Row("a single halt, and a note of the load before for its first site", .insufficient, .insufficientData) {
            single(&$0)
            $0.tickets = [notes()[0]]
        },
        Row("no note, where it was loaded again and again", .hit, .suspicious) {
            $0.delivery.confidence["origin"] = 0.8
        },
        Row("no note, and a sensor that shows the load", .hit, .suspicious) {
            $0.delivery.confidence["origin"] = 0.95
        },
        Row("no note, and no load before of which there may be a rest", .hit, .suspicious) {
            single(&$0)
            $0.delivery.haul?.earlier = nil
        },
        Row("no note, and the drop at no registered site", .hit, .suspicious) {
            single(&$0)
            $0.delivery.destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(12_000))
        },
        Row("no note, at a suspected plant", .hit, .suspicious) {
            single(&$0)
            $0.delivery.origin = DeliveryEnd(kind: .suspectedPlant, id: "X1", coordinate: Case.point(16_000))
        },
        Row("a sensor shows the load: there is none before", .hit, .suspicious) {
            $0.tickets = notes()
            $0.delivery.haul?.earlier = nil
        },
    ]

    @Test(arguments: Self.rows)
    func aNoteOfTheLoadBeforeSpeaksForTheSecondSite(row: Row) throws {
        let test = Self.split(row.change)
        let judged = test.judged
        let answer = try #require(judged.judgements.first { $0.rule == "unlicensed-origin" })
        #expect(answer.outcome == row.outcome)
        #expect(judged.verdict == row.verdict, "\(judged.suspicions)")
        if row.outcome == .no { #expect(judged.delivery.ticketID == "K2") }
        if row.outcome == .insufficient {
            #expect(answer.facts.contains { $0.zh.contains("剩余") && $0.en.contains("the rest of the load") })
        }
    }

    /// Sold on the way: the note stays with the load that was taken at the plant.
    @Test func aLoadThatWentElsewhereKeepsItsNote() {
        let test = Self.split {
            $0.others[0].destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(5000))
            $0.tickets = [Case.ticket("K1", at: -1)]
        }
        let matching = TicketMatching([test.delivery] + test.others, test.tickets, in: test.world)
        #expect(matching.matches.map(\.load.loadID) == ["L-0"])
        #expect(test.judgement("unlicensed-origin")?.outcome == .hit)
    }
}
