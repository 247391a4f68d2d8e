import Chronology
import Geodesy
import Registers
import Safety
import Testing

/// Whoever sees a part of the city reads tables of that part: of the rest he has single rows, which are no sums.
@Suite struct ReachTests {
    private static func day(_ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: 2026, month: month, day: day))
    }

    /// What an account of D1 reads: its company's truck, the accident of another company there, and a row about D2.
    private static func registers(_ reach: SafetyReach?) throws -> SafetyRegisters {
        var registers = SafetyRegisters()
        let moment = Instant(startOf: try Self.day(3, 2), at: .shanghai)
        let center = try #require(Coordinate(latitude: 30.7, longitude: 120.7))
        registers.reach = reach
        registers.vehicles = [
            Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer, company: "A", blindSpotCamera: true),
            Vehicle(plate: "浙F00002", terminal: "T2", kind: .mortar, company: "B", blindSpotCamera: true),
        ]
        registers.companies = [Company(company: "A", district: "一区"), Company(company: "B", district: "D2")]
        registers.districts = [District(district: "D1", name: "一区"), District(district: "D2", name: "二区")]
        registers.accidents = [
            Accident(accidentID: "1", occurredAt: moment, plate: "浙F00001"),
            Accident(accidentID: "2", occurredAt: moment, company: "B", district: "一区"),
        ]
        registers.plants = ["D1", "D2"].map {
            Plant(
                plantID: "P" + $0, name: $0, licenceKind: .concrete, status: .valid, period: .always, district: $0,
                fence: .circle(center: center, radiusMetres: 100))
        }
        registers.plans = [Plan(year: 2026, district: "一区"), Plan(year: 2026, district: "二区")]
        return registers
    }

    private static let part = SafetyReach(districts: ["D1", "一区"], companies: ["A"])

    private static func ledger(_ roster: SafetyRoster) throws -> SafetyLedger {
        SafetyLedger(from: try Self.day(3, 1), to: try Self.day(3, 31), months: [], roster: roster)
    }

    @Test func ratesAreOfOnesOwnScopes() throws {
        let all = SafetyRoster(try Self.registers(nil))
        #expect(all.scopes(by: .district) == [.district("D1"), .district("D2")])
        #expect(all.scopes(by: .company) == [.company("A"), .company("B")])
        let own = SafetyRoster(try Self.registers(Self.part))
        #expect(own.scopes(by: .district) == [.district("D1")])
        #expect(own.scopes(by: .company) == [.company("A")])
        #expect(own.scopes(by: .city) == [.city])
        #expect(own.scopes(by: .kind) == [.kind(.mixer), .kind(.mortar)])
        let today = try Self.day(3, 31)
        var question = RateQuestion(year: 2026, today: today)
        question.breakdown = .company
        let rows = RateTable(question, roster: own, ledgers: [2026: try Self.ledger(own)], extent: nil).rows
        #expect(rows.map(\.scope) == [.company("A")] && rows.map(\.observation.count) == [1])
        let funnel = CompanyFunnel(
            Dictionary(uniqueKeysWithValues: rows.map { ($0.scope.text, $0.observation) }))
        #expect(!funnel.points.contains { $0.name == "B" })
    }

    /// Where the register is kept, a part of the city without an accident of its own has had none.
    @Test func noneInAKeptRegisterIsCounted() throws {
        var registers = try Self.registers(Self.part)
        registers.accidents = []
        func row(_ year: Int, kept: [CivilDate]?) throws -> Observation {
            registers.firstAccidentDays = kept
            let roster = SafetyRoster(registers)
            let question = RateQuestion(year: year, today: try Self.day(3, 31))
            return RateTable(question, roster: roster, ledgers: [:], extent: nil).row(.city).observation
        }
        let first = try Self.day(3, 2)
        #expect(try row(2026, kept: [first]).isCounted && row(2026, kept: [first]).count == 0)
        for kept in [nil, []] as [[CivilDate]?] { #expect(try !row(2026, kept: kept).isCounted) }
        #expect(try !row(2025, kept: [first]).isCounted, "before the first")
    }

    @Test func camerasQualityAndCapacityToo() throws {
        for (reach, districts, companies) in [
            (nil, ["D1", "D2"], ["A", "B"]), (Self.part, ["D1"], ["A"]),
        ] as [(SafetyReach?, [String], [String])] {
            let roster = SafetyRoster(try Self.registers(reach))
            let ledger = try Self.ledger(roster)
            func quality(_ breakdown: RateBreakdown) -> [String] {
                QualityTable.rows(by: breakdown, ledger: ledger, roster: roster, facts: QualityFacts())
                    .map(\.scope.text)
            }
            #expect(quality(.district) == districts && quality(.company) == companies)
            let cameras = [CameraBreakdown.district, .company].map {
                CameraRateTable.rows(by: $0, ledger: ledger, roster: roster).map(\.scope)
            }
            #expect(cameras == [districts, companies])
            #expect(CapacityBoard(year: 2026, ledger: ledger, roster: roster).districts.map(\.district) == districts)
        }
    }

    /// A district that is called as another's code takes nothing of it.
    @Test func aCodeIsMeantBeforeAName() throws {
        var registers = SafetyRegisters()
        registers.districts = [
            District(district: "C9", name: "D1"), District(district: "D1", name: "一区"),
            District(district: "D2", name: "一区"),
        ]
        let roster = SafetyRoster(registers)
        #expect(["D1", "C9", "一区", "x"].map { roster.code(ofDistrict: $0) } == ["D1", "C9", "D1", "x"])
    }
}
