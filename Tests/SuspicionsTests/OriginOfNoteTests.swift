import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing

/// At which plant a load is judged to have been taken, where its note is of another than the one that is read.
@Suite struct OriginOfNoteTests {
    private static let aboutPlants = [
        "licence-invalid", "licence-scope", "name-lending", "supplier-not-approved", "ticket-missing",
        "ticket-time-mismatch",
    ]

    private static func hits(_ test: Case) -> [String] {
        test.judged.suspicions.filter(Self.aboutPlants.contains)
    }

    // MARK: - Two licences in one yard

    /// What is changed in a yard that P1, for concrete, and P2, for mortar, share, and what is held against it.
    struct Yard: Sendable, CustomStringConvertible {
        var description: String
        var hits: [String]
        var change: @Sendable (inout Case) -> Void

        init(_ description: String, _ hits: [String], _ change: @escaping @Sendable (inout Case) -> Void) {
            (self.description, self.hits, self.change) = (description, hits, change)
        }
    }

    private static let mortar = "湿拌抹灰砂浆WP M10"

    private static func yard(_ change: (inout Case) -> Void) -> Case {
        Case {
            var other = $0.registers.plants[0]
            (other.plantID, other.name, other.licenceKind) = ("P2", "二号站", .mortar)
            other.fence = .circle(center: Case.point(10), radiusMetres: 90)
            $0.registers.plants.append(other)
            $0.registers.sites[0].approvedPlants = []
            change(&$0)
        }
    }

    static let yards: [Yard] = [
        Yard("wet mortar in a mixer, with the mortar plant's note", []) {
            $0.tickets = [Case.ticket(plant: "P2", product: mortar)]
        },
        Yard("concrete with the concrete plant's note", []) { $0.tickets = [Case.ticket()] },
        Yard("concrete with the mortar plant's note", ["licence-scope"]) {
            $0.tickets = [Case.ticket(plant: "P2")]
        },
        Yard("mortar with the concrete plant's note", ["licence-scope"]) {
            $0.tickets = [Case.ticket(product: mortar)]
        },
        Yard("the revoked plant's note, the other is read", ["licence-invalid"]) {
            $0.registers.plants[0].status = .revoked
            $0.delivery.origin.id = "P2"
            $0.tickets = [Case.ticket()]
        },
        Yard("the valid plant's note, a revoked one is read", []) {
            $0.registers.plants[0].status = .revoked
            $0.tickets = [Case.ticket(plant: "P2", product: mortar)]
        },
        Yard("the note's plant is on the site's list", []) {
            $0.registers.sites[0].approvedPlants = ["P2"]
            $0.tickets = [Case.ticket(plant: "P2", product: mortar)]
        },
        Yard("only the plant that is read is on it", ["supplier-not-approved"]) {
            $0.registers.sites[0].approvedPlants = ["P1"]
            $0.tickets = [Case.ticket(plant: "P2", product: mortar)]
        },
        Yard("another truck's note says nothing of this one's plant", ["licence-invalid"]) {
            $0.registers.plants[0].status = .revoked
            $0.tickets = [Case.ticket(plant: "P2", plate: "浙F99999", product: nil)]
        },
        Yard("no note", ["licence-invalid"]) { $0.registers.plants[0].status = .revoked },
        Yard("only the fence of the plant that is read holds the halt", ["licence-scope", "name-lending"]) {
            $0.registers.plants[0].fence = .circle(center: Case.point(0), radiusMetres: 600)
            $0.delivery.origin.coordinate = Case.point(-500)
            $0.tickets = [Case.ticket(plant: "P2", product: mortar)]
        },
        Yard("it stood at the edge of the note's fence, outside", ["licence-invalid"]) {
            $0.registers.plants[0].status = .revoked
            $0.delivery.origin.coordinate = Case.point(-95)
            $0.tickets = [Case.ticket(plant: "P2", product: nil)]
        },
    ]

    @Test(arguments: Self.yards)
    func inASharedYardTheNotesPlantIsTheOrigin(row: Yard) {
        let test = Self.yard(row.change)
        #expect(Self.hits(test) == row.hits)
        // The row keeps what was read.
        #expect(test.judged.delivery.origin == test.delivery.origin)
    }

    @Test func aHitAtTheNotesPlantSaysWhyItIsNotTheOneThatIsRead() throws {
        let test = Self.yard { $0.tickets = [Case.ticket(plant: "P2")] }
        let judgement = try #require(test.judgement("licence-scope"))
        #expect(judgement.facts.contains { $0.zh.contains("一号站（P1）和二号站（P2）") && $0.en.contains("both 一号站 (P1)") })
        let noted = Self.yard { $0.tickets = [Case.ticket(product: Self.mortar)] }
        let own = try #require(noted.judgement("licence-scope"))
        #expect(own.outcome == .hit && !own.facts.contains { $0.zh.contains("围栏") })
    }

    // MARK: - A long stand at another plant

    /// Loaded at P1 until minute 0, with its note or another, then from minute 20 at P2, 5 km on.
    private static func stand(_ minutes: Double, _ change: (inout Case) -> Void) -> Case {
        Case {
            var other = $0.registers.plants[0]
            (other.plantID, other.name) = ("P2", "二号站")
            other.fence = .circle(center: Case.point(5000), radiusMetres: 100)
            $0.registers.plants.append(other)
            $0.delivery.origin = DeliveryEnd(kind: .plant, id: "P2", coordinate: Case.point(5000))
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (Case.minutes(20), Case.minutes(20 + minutes))
            ($0.delivery.unloadStart, $0.delivery.unloadEnd) = (Case.minutes(40 + minutes), Case.minutes(60 + minutes))
            $0.delivery.haul?.earlier = Haul.EarlierLoad(
                plantID: "P1", coordinate: Case.point(0), start: Case.minutes(-8), end: Case.minutes(0))
            change(&$0)
        }
    }

    /// How long it stood at P2, what is changed, what name-lending says, all hits, and the verdict.
    struct Stand: Sendable, CustomStringConvertible {
        var description: String
        var minutes: Double
        var lending: Judgement.Outcome
        var hits: [String]
        var verdict: Verdict
        var change: @Sendable (inout Case) -> Void

        init(
            _ description: String, _ minutes: Double, _ lending: Judgement.Outcome, _ hits: [String],
            _ verdict: Verdict, _ change: @escaping @Sendable (inout Case) -> Void
        ) {
            (self.description, self.minutes, self.lending) = (description, minutes, lending)
            (self.hits, self.verdict, self.change) = (hits, verdict, change)
        }
    }

    private static func noted(_ tickets: Ticket...) -> @Sendable (inout Case) -> Void { { $0.tickets = tickets } }

    private static func revoked(_ indices: Int...) -> @Sendable (inout Case) -> Void {
        {
            $0.tickets = [Case.ticket()]
            for index in indices { $0.registers.plants[index].status = .revoked }
        }
    }

    static let stands: [Stand] = [
        Stand("a short lunch", 25, .no, [], .clear, noted(Case.ticket())),
        Stand("half an hour", 30, .insufficient, [], .clear, noted(Case.ticket())),
        Stand("a long lunch", 35, .insufficient, [], .clear, noted(Case.ticket())),
        Stand("a repair", 89, .insufficient, [], .clear, noted(Case.ticket())),
        Stand(
            "it had never stood at the note's plant", 35, .hit, ["name-lending", "supplier-not-approved"], .suspicious
        ) {
            $0.tickets = [Case.ticket()]
            $0.delivery.haul?.earlier = nil
        },
        Stand(
            "the note was written while it stood at the other", 35, .hit, ["name-lending", "supplier-not-approved"],
            .suspicious, noted(Case.ticket(at: 30))),
        Stand("on the way there", 35, .insufficient, [], .clear, noted(Case.ticket(at: 15))),
        Stand("the other's note", 35, .no, ["supplier-not-approved"], .clear, noted(Case.ticket(plant: "P2", at: 50))),
        Stand(
            "both plants' notes", 35, .no, ["supplier-not-approved"], .clear,
            noted(Case.ticket(), Case.ticket("K2", plant: "P2", at: 50))),
        Stand(
            "no note, the other revoked", 35, .insufficient, ["licence-invalid", "supplier-not-approved"], .suspicious
        ) {
            $0.registers.plants[1].status = .revoked
        },
        Stand("the other revoked", 35, .insufficient, [], .insufficientData, revoked(1)),
        Stand("the note's revoked", 35, .insufficient, [], .insufficientData, revoked(0)),
        Stand("both revoked", 35, .insufficient, ["licence-invalid"], .suspicious, revoked(0, 1)),
        Stand("the note's revoked, a short lunch", 25, .no, ["licence-invalid"], .suspicious, revoked(0)),
    ]

    @Test(arguments: Self.stands)
    func aLongStandAfterTheNoteLeavesItOpen(row: Stand) {
        let test = Self.stand(row.minutes, row.change)
        #expect(test.judgement("name-lending")?.outcome == row.lending)
        #expect(Self.hits(test) == row.hits)
        #expect(test.judged.verdict == row.verdict)
        #expect(test.judged.delivery.origin.id == "P2" && test.judged.delivery.haul == test.delivery.haul)
    }

    @Test func whatSpeaksForEachOfTheTwoIsSaid() throws {
        let test = Self.stand(35, Self.noted(Case.ticket()))
        #expect(test.judged.delivery.ticketID == "K1")
        let judgement = try #require(test.judgement("name-lending"))
        #expect(judgement.parameters["certain_reload_s"] == 1800 && judgement.parameters["possible_reload_s"] == 5400)
        let fact = try #require(judgement.facts.first)
        #expect(fact.zh.contains("停在一号站（P1），发货单 K1 由该站于 2026-03-02 08:15 开具") && fact.zh.contains("没有传感器"))
        #expect(fact.en.contains("was written at 2026-03-02 08:15") && fact.en.contains("no note of 二号站 (P2)"))
        let both = try #require(Self.stand(35, Self.revoked(0, 1)).judgement("licence-invalid"))
        #expect(both.counterfacts.first == fact)
    }
}
