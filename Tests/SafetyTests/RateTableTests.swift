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
        _ year: Int, registers: SafetyRegisters = Self.registers, _ change: (inout RateQuestion) -> Void = { _ in }
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
        #expect(row.definition == "accidents/vehicle_km;exposure=reported;baseline=2015;v5")
    }

    @Test func reportedExposureTakesTheRegistersCountWhereNoneWasReported() {
        let row = Self.table(2021).row(.city)
        #expect(row.count == 1 && row.exposure == 21e6)
    }

    /// What was reported of all of a year is taken for the days that are over, and that is said; a count of all of it
    /// is none of a part.
    @Test(arguments: [nil, 5] as [Int?])
    func aReportOfTheYearThatGoesOnIsTakenForItsDays(reported: Int?) {
        var registers = SafetyRegisters()
        registers.baselines = [
            Baseline(year: 2025, vehicles: 200, accidents: 12),
            Baseline(year: 2026, vehicles: 210, accidents: reported),
        ]
        registers.accidents = [Self.accident("1", Self.day(2026, 1, 9))]
        func row(_ today: CivilDate, _ registers: SafetyRegisters) -> AccidentRate {
            var question = RateQuestion(year: 2026, baselineYear: 2025, today: today)
            question.denominator = .vehicles
            return RateTable(question, roster: SafetyRoster(registers), ledgers: [:], extent: nil).row(.city)
        }
        let january = row(Self.day(2026, 1, 31), registers)
        #expect(january.count == 1 && isClose(january.exposure, 210.0 * 31 / 365) && january.coverage == 1)
        #expect(january.periodTo == Self.day(2026, 1, 31) && isClose(january.ratio, 365.0 / 31 / 210 / (12.0 / 200)))
        #expect(january.definition.contains(";v5;exposure_days=31/365"))
        #expect(DefinitionRegister.entry(of: january.definition)?.text.version == 5)
        #expect(RateSentences.cautions(january).contains { $0.zh.contains("31/365") && $0.en.contains("31 of 365") })
        // The year that is over is as it was reported.
        let whole = row(Self.day(2027, 1, 1), registers)
        #expect(whole.count == reported ?? 1 && whole.exposure == 210 && whole.periodTo == Self.day(2026, 12, 31))
        #expect(!whole.definition.contains("exposure_days"))
        // Without a register there is no count of January, whatever was reported of the year.
        registers.accidents = []
        let unknown = row(Self.day(2026, 1, 31), registers)
        #expect(!unknown.isCounted && unknown.rate == nil && unknown.target == nil)
        #expect(RateSentences.finding(unknown).zh.contains("上报的是全年数") == (reported != nil))
    }

    /// What came in later is no proof that anybody counted before: neither of a report about an earlier month, nor of
    /// the months of the year before the first; and a report of an earlier day knows nothing of it.
    @Test func aLaterAccidentDoesNotCountEarlierMonths() {
        var registers = SafetyRegisters()
        registers.baselines = [
            Baseline(year: 2025, vehicles: 200, accidents: 12), Baseline(year: 2026, vehicles: 210),
        ]
        registers.accidents = [Self.accident("1", Self.day(2026, 9, 15))]
        func row(_ today: CivilDate, until: CivilDate? = nil) -> AccidentRate {
            var question = RateQuestion(year: 2026, baselineYear: 2025, today: today)
            (question.denominator, question.countsUntil) = (.vehicles, until)
            return RateTable(question, roster: SafetyRoster(registers), ledgers: [:], extent: nil).row(.city)
        }
        for june in [row(Self.day(2026, 6, 30), until: Self.day(2026, 6, 30)), row(Self.day(2026, 6, 30))] {
            #expect(!june.isCounted && june.rate == nil && june.ratio == nil)
            #expect(RateSentences.finding(june).zh.contains("事故登记也尚未开始"))
        }
        let said = "最早的一起在 2026-09-15"
        let late = row(Self.day(2026, 11, 22))
        #expect(late.count == 1 && late.definition.contains(";counted_since=2026-09-15;"))
        #expect(DefinitionRegister.entry(of: late.definition) != nil)
        #expect(RateSentences.cautions(late).contains { $0.zh.contains(said) && $0.en.contains("2026-09-15") })
        #expect(RateSentences.series([late], beside: late).isEmpty)
        // A register that is known from January on says nothing of the kind.
        registers.accidents.append(Self.accident("0", Self.day(2026, 1, 20)))
        let early = row(Self.day(2026, 11, 22))
        #expect(early.count == 2 && !early.definition.contains("counted_since"))
        #expect(!RateSentences.cautions(early).contains { $0.zh.contains("最早的一起") })
        #expect(row(Self.day(2026, 6, 30)).count == 1)
    }

    /// A baseline of the register's own accidents says so, too, and so does the chart of the years.
    @Test func aRegisterThatBeganInTheBaselineYearSaysSo() {
        var registers = Self.registers
        registers.baselines = [Baseline(year: 2021, vehicleKilometres: 21e6)]
        let row = Self.table(2026, registers: registers) { $0.baselineYear = 2021 }.row(.city)
        #expect(row.baseline?.count == 1 && row.definition.contains(";baseline_counted_since=2021-12-31"))
        #expect(RateSentences.cautions(row).contains { $0.zh.hasPrefix("基准年的事故登记中最早的一起在 2021-12-31") })
        let year = Self.table(2021, registers: registers).row(.city)
        #expect(RateSentences.series([year, row], beside: row).contains { $0.en.contains("2021 may be too low") })
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

    /// A year is not compared with itself: "no change", and half of the chance that it was halved.
    @Test func noYearIsItsOwnBaseline() {
        let row = Self.table(2015).row(.city)
        #expect(row.count == 12 && row.rate != nil && row.card.baselineYear == nil)
        #expect(row.baseline == nil && row.ratio == nil && row.target == nil)
        #expect(RateSentences.allowance(row) == nil && !RateSentences.finding(row).zh.contains("2015 年口径"))
    }

    /// A register that began in September says of a year as little as telemetry that saw less than half of it: its
    /// count stands there, and is not compared; nor is a year with a baseline of which it holds less than half.
    @Test(arguments: [(7, 1, true), (9, 15, false)])
    func aRegisterOfLessThanHalfAYearComparesNothing(month: Int, day: Int, compares: Bool) {
        var registers = Self.registers
        registers.vehicles = []
        registers.baselines = [2024, 2025].map { Baseline(year: $0, vehicleKilometres: 20e6) }
        registers.baselines[0].accidents = 12
        registers.accidents = [Self.accident("1", Self.day(2025, month, day))]
        let row = Self.table(2025, registers: registers) { $0.baselineYear = 2024 }.row(.city)
        #expect(row.count == 1 && row.observation.countedSince == Self.day(2025, month, day) && row.rate != nil)
        #expect(row.isWellCounted == compares && row.isComparable == compares)
        let said = RateSentences.all(row).map(\.zh).joined()
        #expect(said.contains("下降 92%") == compares && said.contains("登记不足一半，不与 2024 年比较") == !compares)
        #expect((RateSentences.allowance(row) != nil) == compares && (RateSentences.progress(row) != nil) == compares)

        registers.baselines = [2025, 2026].map { Baseline(year: $0, vehicleKilometres: 20e6) }
        let next = Self.table(2026, registers: registers) {
            $0.baselineYear = 2025
            $0.exposure = .reported
        }.row(.city)
        #expect(next.baseline?.countedSince == Self.day(2025, month, day))
        #expect(next.isWellCounted && next.isBaselineWellCounted == compares && next.isComparable == compares)
        #expect(RateSentences.finding(next).en.contains("of 2025 less than half is registered") == !compares)
        #expect((RateSentences.finish(next) != nil) == compares)
    }

    /// Before the register of accidents began, and in years to come, nobody knows; that is not 0, and each says why.
    @Test(arguments: [(2009, "事故数不明"), (2030, "2030 年尚未开始"), (2027, "2027 has not begun")])
    func aYearThatNobodyCountedHasNoCount(year: Int, words: String) {
        var registers = Self.registers
        registers.baselines.append(Baseline(year: year, vehicleKilometres: 20e6))
        let row = Self.table(year, registers: registers).row(.city)
        #expect(!row.isCounted && row.rate == nil && row.ratio == nil && row.target == nil)
        #expect(row.cells.contains(.integer(nil)) && !row.cells.contains(.integer(0)))
        let said = RateSentences.all(row)
        #expect(said.count == 1 && (said[0].zh + said[0].en).contains(words) && !said[0].zh.contains("0 起"))
        #expect(said[0].zh.contains("尚未开始：") == (year > 2026))
        // Its kilometres were reported: it is the count that was not.
        #expect(!said[0].en.contains("Nothing was reported") && said[0].zh.contains("没有上报这一数量") == (year < 2026))
    }

    /// What was reported of a year that has not begun is no report, neither of the year nor as a baseline.
    @Test func theFutureHasNoFigures() {
        var registers = Self.registers
        registers.baselines.append(Baseline(year: 2030, vehicleKilometres: 20e6, accidents: 3))
        let row = Self.table(2030, registers: registers) { $0.exposure = .reported }.row(.city)
        #expect(!row.isCounted && row.observation.isYetToCome && row.exposure == nil && row.rate == nil)
        let beside = Self.table(2026, registers: registers) { $0.baselineYear = 2030 }.row(.city)
        #expect(beside.baseline == nil && beside.ratio == nil)
        // The year that goes on has begun.
        #expect(!RateQuestion(year: 2026, today: Self.day(2026, 1, 1)).isYetToCome(2026))
    }

    /// Kinds of trucks: reported figures by the rows of the kind, measured ones by the register of vehicles, accidents
    /// by their plate.
    @Test func kindsHaveTheirOwnRows() throws {
        var registers = Self.registers
        registers.vehicles[1].kind = .mortar
        registers.accidents[1].plate = "浙F00002"
        registers.accidents.append(Self.accident("4", Self.day(2026, 3, 4), company: "B"))
        registers.baselines += [
            Baseline(year: 2015, vehicleKind: .mixer, vehicleKilometres: 12e6, accidents: 9),
            Baseline(year: 2020, vehicleKind: .mortar, vehicleKilometres: 2e6, accidents: 3),
        ]
        let rows = Self.table(2026, registers: registers) { $0.breakdown = .kind }.rows
        #expect(rows.map(\.scope) == [.kind(.mixer), .kind(.mortar)])
        #expect(rows.map { $0.scope.text } == ["mixer", "mortar"])
        // One accident each; the one without a plate is of no kind, and the city has all three.
        #expect(rows.map(\.count) == [1, 1] && Self.table(2026, registers: registers).row(.city).count == 3)
        #expect(rows[0].exposure == 500 && rows[1].exposure == nil)
        #expect(rows[0].baseline?.count == 9 && isClose(rows[0].baselineRate, 0.75) && rows[1].baseline == nil)
        #expect(rows[0].definition.contains(";kinds=mixer;"))
        let entry = try #require(DefinitionRegister.entry(of: rows[0].definition))
        #expect(entry.card.vehicleKinds == ["mixer"])
        let reported = Self.table(2020, registers: registers) { $0.breakdown = .kind }.row(.kind(.mortar))
        #expect(reported.count == 3 && reported.exposure == 2e6 && reported.card.exposureSource == .reported)
    }

    /// Rows of all kinds are the whole where nobody reported it; rows of some are not.
    @Test func allKindsTogetherAreTheWhole() {
        func row(_ kinds: [Vehicle.Kind]) -> AccidentRate {
            var registers = Self.registers
            registers.baselines = kinds.map {
                Baseline(year: 2015, vehicleKind: $0, vehicleKilometres: 2e6, accidents: 3)
            }
            return Self.table(2026, registers: registers).row(.city)
        }
        #expect(row(Vehicle.Kind.allCases).baseline?.count == 3 * Vehicle.Kind.allCases.count)
        #expect(row([.mixer, .mortar]).baseline == nil)
    }

    /// A year of which deaths alone were reported has no fatal accidents: the register is no substitute, and the
    /// sentence does not say that nothing was reported.
    @Test func aReportOfDeathsAloneCountsNoFatalAccidents() {
        var registers = Self.registers
        registers.baselines.append(Baseline(year: 2022, vehicleKilometres: 20e6, deaths: 4, deathWindowDays: 7))
        let row = Self.table(2022, registers: registers) { $0.numerator = .fatalAccidents }.row(.city)
        #expect(!row.isCounted && row.rate == nil)
        let said = RateSentences.finding(row)
        #expect(said.zh.contains("只上报了死亡人数与死亡事故数中的另一项") && !said.zh.contains("尚未开始"))
        #expect(said.en.contains("the number of fatal accidents is not known"))
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
        // The scene of an accident and the home of a fleet are two things, and that stands beside districts alone.
        func warns(_ row: AccidentRate) -> Bool {
            RateSentences.cautions(row).contains { $0.zh.contains("外区县车辆在此的事故") && $0.en.contains("others' trucks") }
        }
        #expect(districts.allSatisfy(warns) && !companies.contains(where: warns))
    }

    /// Whoever reads for one district hears of loads that trucks of others brought to its sites, tickets and all,
    /// and of nothing that these drove: they are no m³ of its own trucks. A terminal that no register knows and that
    /// was heard driving is the city's.
    @Test func loadsOfOtherDistrictsTrucksAreNoExposure() {
        let roster = SafetyRoster(Self.registers)
        var sums = SafetyDay()
        (sums.exposure.days, sums.exposure.drivenMillimetres) = (1, 500_000_000)
        let date = Self.day(2026, 3, 2)
        let terminals = ["T1", "U9"]
        let loads = ["T1", "U9", "X7"].map {
            LoadCount(
                terminal: $0, date: date, plant: "P1", deliveries: 2, ticketedDeliveries: 1, loads: 1, ticketedLoads: 1,
                ticketLitres: 10_000)
        }
        let ledger = SafetyLedger(
            from: Self.day(2026, 1, 1), to: Self.day(2026, 3, 31),
            months: terminals.map { TerminalStretch(terminal: $0, from: date, to: date, sums: sums) }, loads: loads,
            roster: roster)
        var question = RateQuestion(year: 2026, today: Self.day(2026, 3, 31))
        question.denominator = .volume
        let table = RateTable(question, roster: roster, ledgers: [2026: ledger], extent: (date, date))
        #expect(table.row(.city).exposure == 20 && table.row(.company("A")).exposure == 10)
        let quality = QualityTable.rows(by: .city, ledger: ledger, roster: roster, facts: QualityFacts())
        #expect(quality.last?.counts.deliveries == 4 && quality.last?.counts.deliveriesWithTicket == 2)
        // What a plant of the district gave out is its volume, whoever carried it.
        #expect(ledger.entries.reduce(0) { $0 + $1.deliveries.ticketLitres } == 30_000)
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
