import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing

@Suite struct JudgeTests {
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var verdict: Verdict
        var suspicions: [String]
        var score: Double
        var change: @Sendable (inout Case) -> Void

        init(
            _ description: String, _ verdict: Verdict, _ suspicions: [String], _ score: Double,
            _ change: @escaping @Sendable (inout Case) -> Void
        ) {
            (self.description, self.verdict, self.suspicions) = (description, verdict, suspicions)
            (self.score, self.change) = (score, change)
        }
    }

    static let rows = [
        Row("honest", .clear, [], 0) { _ in },
        Row("hardly seen", .insufficientData, [], 0) { $0.delivery.coverage = 0.59 },
        Row("a hit decides, however little was seen", .suspicious, ["licence-invalid"], 70) {
            $0.delivery.coverage = 0.1
            $0.registers.plants[0].status = .revoked
        },
        Row("an unknown load", .insufficientData, [], 0) {
            $0.delivery.origin = DeliveryEnd(kind: .unknown)
            $0.delivery.loadStart = nil
            $0.delivery.loadEnd = nil
        },
        Row("no register of sites", .insufficientData, [], 0) { $0.registers.sites = [] },
        Row("a site without a list hides nothing", .clear, [], 0) { $0.registers.sites[0].approvedPlants = [] },
        Row("not on the list stands beside the verdict", .clear, ["supplier-not-approved"], 20) {
            $0.registers.sites[0].approvedPlants = ["P7"]
        },
        Row("both ends", .suspicious, ["unlicensed-origin", "unregistered-destination"], 100) {
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(4000))
            $0.delivery.destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(5000))
        },
        Row("two groups add up", .suspicious, ["licence-invalid", "supplier-not-approved"], 90) {
            $0.registers.plants[0].status = .suspended
            $0.registers.sites[0].approvedPlants = ["P7"]
        },
    ]

    @Test(arguments: Self.rows)
    func verdictAndScore(row: Row) {
        let judged = Case(row.change).judged
        #expect(judged.verdict == row.verdict)
        #expect(judged.suspicions == row.suspicions)
        #expect(judged.score == row.score)
        #expect(judged.judgements.count == 23)
    }

    @Test func theWordsHaveTheNumbers() throws {
        let hit = try #require(
            Case { $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(5000)) }
                .judgement("unlicensed-origin"))
        #expect(hit.parameters == ["margin_m": 80, "urgent_confidence": 0.7])
        let zh = hit.facts.map(\.zh).joined() + hit.counterfacts.map(\.zh).joined()
        let en = hit.facts.map(\.en).joined() + hit.counterfacts.map(\.en).joined()
        for text in [zh, en] {
            #expect(text.contains("浙F12345"))
            #expect(text.contains("2026-03-02 08:05"))
            #expect(text.contains("30.74999, 120.80232"))
            #expect(text.contains("一号站"))
            #expect(text.contains("4.9"))
            #expect(text.contains("70 %"))
            #expect(text.contains("7"))
        }
    }

    @Test func aLicenceThatRanOutIsDated() throws {
        let hit = try #require(
            Case {
                $0.registers.plants[0].period = ValidPeriod(
                    from: Case.date(2020, 1, 1), through: Case.date(2026, 2, 28))
            }.judgement("licence-invalid"))
        #expect(hit.facts[0].zh.contains("2026-02-28"))
        #expect(hit.facts[0].en.contains("2026-02-28"))
    }
}
