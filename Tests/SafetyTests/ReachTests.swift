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

    /// What the page says of a district beside its rate is of the same accidents: one elsewhere of a truck of the
    /// district, which its account sees, is none of them.
    @Test func theHeadlineIsOfThePartsOwnAccidents() throws {
        var registers = try Self.registers(Self.part)
        let moment = Instant(startOf: try Self.day(3, 20), at: .shanghai)
        registers.accidents.append(
            Accident(
                accidentID: "3", occurredAt: moment, plate: "浙F00001", district: "D2", deathsWithin7Days: 1,
                deathsWithin30Days: 1))
        registers.districts.append(District(district: "D5", name: "镇", parent: "一区"))
        registers.reach?.districts.insert("D5")
        registers.accidents.append(Accident(accidentID: "4", occurredAt: moment, district: "镇"))
        registers.baselines = [
            Baseline(year: 2025, vehicles: 900, accidents: 90),
            Baseline(year: 2025, district: "一区", vehicles: 200, accidents: 24),
            Baseline(year: 2025, district: "D5", vehicles: 50, accidents: 2),
            Baseline(year: 2025, district: "D1", company: "A", vehicles: 20, accidents: 1),
        ]
        registers.firstAccidentDays = [try Self.day(1, 5)]
        let roster = SafetyRoster(registers)
        let today = try Self.day(3, 31)
        var question = RateQuestion(year: 2026, baselineYear: 2025, today: today)
        question.denominator = .vehicles
        let table = RateTable(question, roster: roster, ledgers: [2026: try Self.ledger(roster)], extent: nil)
        let row = table.row(.city)
        #expect(row.count == 3 && row.baseline?.count == 24 && row.baseline?.exposure == 200)
        #expect(table.row(.district("D1")).baseline == row.baseline)
        #expect(table.row(.company("A")).count == 2, "a company's accidents are its trucks', wherever they were")
        // Of the trucks of one kind as well.
        #expect(table.row(.kind(.mixer)).count == 1)
        #expect(table.control?.usual == 2 && table.control?.months.map(\.count) == [0, 0, 3])
        let first = try Self.day(1, 5)
        let quiet = QuietTime(roster.cityAccidents, kept: try #require(registers.firstAccidentDays), at: today)
        #expect(quiet.fatal == 0 && quiet.keptSince == first)
        // To the city all of them count.
        registers.reach = nil
        registers.firstAccidentDays = nil
        let all = SafetyRoster(registers)
        let whole = RateTable(question, roster: all, ledgers: [2026: try Self.ledger(all)], extent: nil).row(.city)
        #expect(whole.count == 4 && whole.baseline?.count == 90)
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
