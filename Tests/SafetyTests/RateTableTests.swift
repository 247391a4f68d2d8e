import Chronology
import Registers
import Safety
import Testing

/// Which count and which exposure a year has.
@Suite struct RateTableTests {
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: day) ?? CivilDate(daysSince1970: 0)
    }

    private static func accident(
        _ id: String, _ date: CivilDate, company: String? = nil, plate: String? = nil, deaths: Int = 0
    ) -> Accident {
        Accident(
            accidentID: id, occurredAt: Instant(startOf: date, at: .shanghai).advanced(bySeconds: 3600), plate: plate,
            company: company, deathsWithin7Days: deaths, deathsWithin30Days: deaths)
    }

    /// 2015 reported, 2020 before the telemetry, 2026 measured.
    private static var registers: SafetyRegisters {
        var registers = SafetyRegisters()
        registers.vehicles = [
            Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer, company: "A", capacityCubicMetres: 8),
            Vehicle(plate: "浙F00002", terminal: "T2", kind: .mixer, company: "B"),
        ]
        registers.companies = [Company(company: "A", district: "海宁市"), Company(company: "B", district: "330481")]
        registers.districts = [District(district: "330481", name: "海宁市")]
        registers.baselines = [
            Baseline(year: 2015, vehicleKilometres: 18e6, accidents: 12, source: "police"),
            Baseline(year: 2020, vehicleKilometres: 20e6, accidents: 8),
            Baseline(year: 2021, vehicleKilometres: 21e6),
        ]
        registers.accidents = [
            Self.accident("1", Self.day(2026, 3, 2), plate: "浙F00001"),
            Self.accident("2", Self.day(2026, 3, 3), company: "B"),
            Self.accident("3", Self.day(2021, 12, 31), company: "A"),
        ]
        return registers
    }

    private static func table(
        _ year: Int, _ change: (inout RateQuestion) -> Void = { _ in }, registers: SafetyRegisters = Self.registers
    ) -> RateTable {
        var question = RateQuestion(year: year, baselineYear: 2015, today: Self.day(2026, 3, 31))
        change(&question)
        let roster = SafetyRoster(registers)
        var sums = SafetyDay()
        sums.exposure.days = 4
        sums.exposure.drivenMillimetres = 500_000_000
        sums.exposure.unseenMillimetres = 50_000_000
        let measured = TerminalStretch(
            terminal: "T1", from: Self.day(2026, 3, 2), to: Self.day(2026, 3, 5), sums: sums)
        let load = LoadCount(
            terminal: "T1", date: Self.day(2026, 3, 2), plant: "P1", deliveries: 6, ticketedDeliveries: 3, loads: 5,
            ticketedLoads: 2, ticketLitres: 15_000)
        var ledgers: [Int: SafetyLedger] = [:]
        for year in question.years {
            let period = question.period(of: year)
            ledgers[year] = SafetyLedger(
                from: period.from, to: period.to, months: year == 2026 ? [measured] : [],
                loads: year == 2026 ? [load] : [], roster: roster)
        }
        return RateTable(
            question, roster: roster, ledgers: ledgers, extent: (Self.day(2026, 3, 2), Self.day(2026, 3, 5)))
    }

    /// The worked example, from the register of baselines alone.
    @Test(arguments: DefinitionCard.ExposureSource.allCases)
    func aYearBeforeTheTelemetryIsAsReported(source: DefinitionCard.ExposureSource) {
        let row = Self.table(2020) { $0.exposure = source }.row(.city)
        #expect(row.count == 8 && row.exposure == 20e6 && row.coverage == 1)
        #expect(isClose(row.ratio, 0.6) && isClose(row.target?.probability, 0.33813537056799464))
        #expect(row.periodTo == Self.day(2020, 12, 31))
        #expect(row.definition == "accidents/vehicle_km;exposure=reported;baseline=2015;v1")
    }

    @Test func reportedExposureTakesTheRegistersCountWhereNoneWasReported() {
        let row = Self.table(2021).row(.city)
        #expect(row.count == 1 && row.exposure == 21e6)
    }

    @Test func aMeasuredYearEndsTodayAndSaysItsCoverage() {
        let row = Self.table(2026).row(.city)
        #expect(row.count == 2 && row.exposure == 500 && row.periodTo == Self.day(2026, 3, 31))
        // 90 % of the kilometres, one truck of two, 4 days of 90.
        #expect(isClose(row.coverage, 0.9 * 0.5 * 4 / 90))
        #expect(row.card.exposureSource == .telemetry)
    }

    /// Two messages half a year apart are two days seen, not half a year.
    @Test func silenceBetweenTwoDaysIsNotSeen() {
        let roster = SafetyRoster(Self.registers)
        var sums = SafetyDay()
        sums.exposure.days = 1
        sums.exposure.drivenMillimetres = 500_000_000
        let stretches = [(1, 2), (3, 31)].map { month, day in
            TerminalStretch(
                terminal: "T1", from: Self.day(2026, month, day), to: Self.day(2026, month, day), sums: sums)
        }
        let ledger = SafetyLedger(
            from: Self.day(2026, 1, 1), to: Self.day(2026, 3, 31), months: stretches, roster: roster)
        #expect(ledger.daysHeard == 2)
        let row = RateTable(
            RateQuestion(year: 2026, today: Self.day(2026, 3, 31)), roster: roster, ledgers: [2026: ledger],
            extent: (Self.day(2026, 1, 2), Self.day(2026, 3, 31))
        ).row(.city)
        // Two days of two trucks' ninety.
        #expect(isClose(row.coverage, 2.0 / 180))
        #expect(!row.isComparable)
        let board = CapacityBoard(year: 2026, ledger: ledger, roster: roster)
        #expect(board.days == 2 && board.sentence.zh.contains("不足四周"))
    }

    /// Before the register of accidents began, and in years to come, nobody knows; that is not 0.
    @Test(arguments: [2009, 2030]) func aYearThatNobodyCountedHasNoCount(year: Int) {
        var registers = Self.registers
        registers.baselines.append(Baseline(year: year, vehicleKilometres: 20e6))
        let row = Self.table(year, registers: registers).row(.city)
        #expect(!row.isCounted && row.rate == nil && row.ratio == nil && row.target == nil)
        #expect(row.cells.contains(.integer(nil)) && !row.cells.contains(.integer(0)))
        let said = RateSentences.all(row)
        #expect(said.count == 1 && said[0].zh.contains("事故数不明") && !said[0].zh.contains("0 起"))
    }

    @Test func aYearWithoutExposureHasNoRate() {
        let row = Self.table(2026) { $0.exposure = .reported }.row(.city)
        #expect(row.count == 2 && row.exposure == nil && row.rate == nil && row.ratio == nil && row.coverage == nil)
    }

    @Test func accidentsFindTheirCompanyAndDistrict() {
        let companies = Self.table(2026) { $0.breakdown = .company }.rows
        #expect(companies.map(\.scope) == [.company("A"), .company("B")] && companies.map(\.count) == [1, 1])
        #expect(companies.map(\.exposure) == [500, nil])
        let districts = Self.table(2026) { $0.breakdown = .district }.rows
        #expect(districts.map(\.scope) == [.district("330481")] && districts.map(\.count) == [2])
    }

    /// Three loads of full drums and 15 m³ by ticket; two trucks for 90 days of the year.
    @Test func volumesAndVehicles() {
        #expect(Self.table(2026) { $0.denominator = .volume }.row(.city).exposure == 39)
        let vehicles = Self.table(2026) { $0.denominator = .vehicles }.row(.city)
        #expect(isClose(vehicles.exposure, 2 * 90.0 / 365) && vehicles.coverage == 1)
    }

    @Test func anEmptyRegisterIsNoBaselineOfZero() {
        var registers = Self.registers
        registers.baselines = [Baseline(year: 2015, vehicleKilometres: 18e6)]
        let row = Self.table(2026, registers: registers).row(.city)
        #expect(row.baseline == nil && row.ratio == nil && row.target == nil)
        registers.baselines = [Baseline(year: 2015, vehicleKilometres: 18e6, accidents: 0)]
        let zero = Self.table(2026, registers: registers).row(.city)
        #expect(zero.ratio == nil && zero.ratioInterval?.high == .infinity && zero.target?.restsOnPrior == true)
        #expect(zero.definition.hasSuffix(";probability=prior"))
    }

    @Test func deathsSayThatTheyComeInClusters() {
        let row = Self.table(2026) { $0.numerator = .deaths30Days }.row(.city)
        #expect(row.definition.hasSuffix(";deaths=clustered"))
    }

    @Test func aTerminalThatChangesTrucksIsToldApartByDays() {
        var registers = SafetyRegisters()
        registers.vehicles = [
            Vehicle(
                plate: "浙F00001", terminal: "T1", kind: .mixer, company: "A",
                period: ValidPeriod(from: Self.day(2026, 3, 1), through: Self.day(2026, 3, 3))),
            Vehicle(
                plate: "浙F00002", terminal: "T1", kind: .mixer, company: "B",
                period: ValidPeriod(from: Self.day(2026, 3, 4), through: nil)),
        ]
        let roster = SafetyRoster(registers)
        func stretch(_ first: Int, _ last: Int, _ kilometres: Int64) -> TerminalStretch {
            var sums = SafetyDay()
            sums.exposure.drivenMillimetres = kilometres * 1_000_000
            return TerminalStretch(
                terminal: "T1", from: Self.day(2026, 3, first), to: Self.day(2026, 3, last), sums: sums)
        }
        #expect(roster.changingTerminals(from: Self.day(2026, 3, 2), to: Self.day(2026, 3, 31)) == ["T1"])
        let ledger = SafetyLedger(
            from: Self.day(2026, 3, 2), to: Self.day(2026, 3, 31), months: [stretch(2, 5, 100)],
            days: [stretch(2, 2, 10), stretch(3, 3, 20), stretch(4, 4, 30), stretch(5, 5, 40)], roster: roster)
        #expect(ledger.sums(in: .company("A")).exposure.kilometres == 30)
        #expect(ledger.sums(in: .company("B")).exposure.kilometres == 70)
        #expect(ledger.sums(in: .city).exposure.kilometres == 100)
    }
}
