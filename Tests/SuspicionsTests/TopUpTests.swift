import Deliveries
import Registers
import Suspicions
import Testing
import Tracks

/// What is said of a load that grew, by the load cell, after it had left its plant.
@Suite struct TopUpTests {
    /// What a load cell read at the beginning and at the end of a stay.
    private static func weighed(_ kilograms: [Int32]) -> CarryingEvidence {
        var evidence = CarryingEvidence()
        for (index, load) in kilograms.enumerated() {
            var fix = Fix(time: Case.minutes(10 + Double(index)), coordinate: Case.point(4000))
            fix.load = load
            evidence.note(fix, AnalysisParameters.standard.evidence)
        }
        return evidence
    }

    /// A load of P1 with its note that halted for ten minutes, and was dropped at S1.
    private static func halted(
        _ before: Int32, _ after: Int32, at place: PlaceReference? = nil, shown: Int32? = nil
    ) -> Case {
        Case {
            $0.delivery.haul?.halts = [
                Haul.Halt(
                    start: Case.minutes(10), end: Case.minutes(20), coordinate: Case.point(4000), place: place,
                    evidence: Self.weighed([before, after]))
            ]
            $0.delivery.haul?.drop = Self.weighed([shown ?? after, 0])
            $0.tickets = [Case.ticket()]
        }
    }

    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var expected: Judgement.Outcome
        var test: Case

        init(_ description: String, _ expected: Judgement.Outcome, _ test: Case) {
            (self.description, self.expected, self.test) = (description, expected, test)
        }
    }

    static let rows = [
        Row("half at the plant, half elsewhere", .insufficient, halted(8_000, 16_800)),
        Row("in a depot", .insufficient, halted(8_000, 16_800, at: PlaceReference(.place, "D1"))),
        Row("nothing taken", .no, halted(16_850, 16_800)),
        Row("water", .no, halted(16_200, 16_800)),
        Row("the cell was off when it came", .no, halted(0, 16_800)),
        Row("the cell slipped, and shows the old at the site", .no, halted(8_000, 16_800, shown: 7_950)),
        Row("at another plant", .no, halted(8_000, 16_800, at: PlaceReference(.plant, "P2"))),
    ]

    @Test(arguments: Self.rows)
    func aLoadThatGrewIsNotAllOfItsPlant(row: Row) {
        #expect(row.test.judgement("unlicensed-origin")?.outcome == row.expected)
    }

    @Test func theFactIsSaid() throws {
        let test = Self.halted(8_000, 16_800)
        #expect(test.judged.verdict != .clear)
        let judgement = try #require(test.judgement("unlicensed-origin"))
        #expect(judgement.parameters["load_change_kg"] == 2400)
        let (zh, en) = (judgement.facts.map(\.zh).joined(), judgement.facts.map(\.en).joined(separator: " "))
        #expect(zh.contains("由 8000 千克升至 16800 千克") && en.contains("from 8000 kg to 16800 kg"))
        #expect(!judgement.counterfacts.isEmpty)
    }
}
