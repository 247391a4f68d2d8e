import Deliveries
import Suspicions
import Testing

/// What is said of a load where the truck stood at the plant of its note for less than any load takes, and elsewhere
/// before.
@Suite struct ShortPassTests {
    /// Three and a half minutes at P1 with its note, after ten at a place that no register knows.
    private static func passed(_ change: (inout Case) -> Void = { _ in }) -> Case {
        Case {
            $0.delivery.loadStart = Case.minutes(-3.5)
            $0.delivery.haul?.elsewhere = Haul.Halt(
                start: Case.minutes(-30), end: Case.minutes(-20), coordinate: Case.point(4000))
            $0.tickets = [Case.ticket()]
            change(&$0)
        }
    }

    /// What unlicensed-origin and name-lending say, and the verdict.
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var origin: Judgement.Outcome
        var lending: Judgement.Outcome
        var verdict: Verdict
        var change: @Sendable (inout Case) -> Void

        init(
            _ description: String, _ origin: Judgement.Outcome, _ lending: Judgement.Outcome, _ verdict: Verdict,
            _ change: @escaping @Sendable (inout Case) -> Void = { _ in }
        ) {
            (self.description, self.origin, self.lending) = (description, origin, lending)
            (self.verdict, self.change) = (verdict, change)
        }
    }

    static let rows: [Row] = [
        Row("a short pass after a halt elsewhere", .insufficient, .insufficient, .insufficientData),
        Row("a quick load with no halt before", .no, .no, .clear) { $0.delivery.haul?.elsewhere = nil },
        Row("no source of notes", .insufficient, .insufficient, .insufficientData) { $0.tickets = [] },
        Row("a drum showed the load elsewhere", .hit, .hit, .suspicious) {
            $0.delivery.haul?.elsewhere = nil
            $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(4000))
            ($0.delivery.loadStart, $0.delivery.loadEnd) = (Case.minutes(-30), Case.minutes(-20))
            $0.delivery.confidence["origin"] = 0.95
        },
    ]

    @Test(arguments: Self.rows)
    func aNoteAndAPassDoNotMakeALoad(row: Row) {
        let test = Self.passed(row.change)
        #expect(test.judgement("unlicensed-origin")?.outcome == row.origin)
        #expect(test.judgement("name-lending")?.outcome == row.lending)
        #expect(test.judged.verdict == row.verdict)
    }

    @Test func bothPlacesAndWhatSpeaksForThePlantAreSaid() throws {
        let judgement = try #require(Self.passed().judgement("unlicensed-origin"))
        #expect(judgement.parameters["fastest_load_s"] == 240)
        let (zh, en) = (judgement.facts.map(\.zh).joined(), judgement.facts.map(\.en).joined(separator: " "))
        #expect(zh.contains("一号站（P1）只停留 3.5 分钟") && zh.contains("2026-03-02 07:45 至 2026-03-02 07:55"))
        #expect(zh.contains("发货单 K1") && zh.contains("不足以判断"))
        #expect(en.contains("for 3.5 min") && en.contains("outside every register") && en.contains("note K1"))
        #expect(judgement.counterfacts.contains { $0.zh.contains("生产（配料）记录") && $0.en.contains("batching") })
    }
}
