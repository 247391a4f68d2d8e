import Chronology
import Registers
import Safety
import Testing

/// What has to be known of a count, said wherever it is shown: windows of death, deaths that nobody counted, figures of
/// two methods.
@Suite struct UnknownDeathsTests {
    private static func day(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: year, month: month, day: day))
    }

    private static func accident(
        _ id: String, _ date: CivilDate, _ within7: Int? = nil, _ within30: Int? = nil,
        _ severity: Accident.Severity? = nil
    ) -> Accident {
        Accident(
            accidentID: id, occurredAt: Instant(startOf: date, at: .shanghai).advanced(bySeconds: 3600),
            severity: severity, deathsWithin7Days: within7, deathsWithin30Days: within30)
    }

    private static func row(
        _ baselines: [Baseline], _ accidents: [Accident], year: Int = 2026,
        _ change: (inout RateQuestion) -> Void = { _ in }
    ) throws -> AccidentRate {
        var registers = SafetyRegisters()
        registers.baselines = baselines
        registers.accidents = accidents
        registers.vehicles = [Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer)]
        var question = RateQuestion(year: year, baselineYear: 2015, today: try Self.day(2026, 12, 31))
        question.numerator = .fatalAccidents
        change(&question)
        let roster = SafetyRoster(registers)
        var sums = SafetyDay()
        sums.exposure.days = 365
        sums.exposure.drivenMillimetres = 20_000_000_000_000
        let stretch = TerminalStretch(
            terminal: "T1", from: try Self.day(2026, 1, 1), to: try Self.day(2026, 12, 31), sums: sums)
        let ledger = SafetyLedger(
            from: try Self.day(2026, 1, 1), to: try Self.day(2026, 12, 31), months: [stretch], roster: roster)
        let extent = (first: try Self.day(2026, 1, 1), last: try Self.day(2026, 12, 31))
        return RateTable(question, roster: roster, ledgers: [2026: ledger], extent: extent).row(.city)
    }

    private static func says(_ row: AccidentRate, _ zh: String) -> Bool {
        RateSentences.cautions(row).contains { $0.zh.contains(zh) }
    }

    /// Police count the dead of 7 days, the card those of 30: compared, and said, with the way in which it errs.
    @Test(arguments: [(7, true), (nil, true), (30, false)] as [(Int?, Bool)])
    func fatalAccidentsOfAnotherWindowSaySo(window: Int?, warns: Bool) throws {
        let baseline = Baseline(year: 2015, vehicleKilometres: 18e6, fatalAccidents: 12, deathWindowDays: window)
        let row = try Self.row([baseline], [Self.accident("1", Self.day(2026, 3, 1), 1, 1)])
        #expect(row.ratio != nil)
        #expect(Self.says(row, "死亡期限不同：基准年按 7 日内死亡统计，本期按 30 日内") == warns)
        #expect(Self.says(row, "降幅可能偏小") == warns)
        #expect(row.definition.contains(";baseline_window=7d") == warns)
        #expect(DefinitionRegister.entry(of: row.definition) != nil)
    }

    @Test func aReportedYearOfTheSameWindowIsNoDifferenceAndSaysItsOwn() throws {
        let rows = [2015, 2020].map {
            Baseline(year: $0, vehicleKilometres: 18e6, fatalAccidents: 12, deathWindowDays: 7)
        }
        let row = try Self.row(rows, [], year: 2020)
        #expect(!Self.says(row, "死亡期限不同") && Self.says(row, "按 7 日内死亡统计（未注明的按 7 日），本口径为 30 日内"))
        // The other way round the fall is flattered.
        let reported = [
            Baseline(year: 2015, vehicleKilometres: 18e6, fatalAccidents: 12, deathWindowDays: 30),
            Baseline(year: 2020, vehicleKilometres: 18e6, fatalAccidents: 6, deathWindowDays: 7),
        ]
        #expect(Self.says(try Self.row(reported, [], year: 2020), "降幅可能偏大"))
    }

    /// Deaths of another window are no baseline, also where the register has an accident of that year;
    /// nobody is left to guess why.
    @Test func deathsOfAnotherWindowAreRefusedAloud() throws {
        let baseline = Baseline(year: 2015, vehicleKilometres: 18e6, deaths: 13, deathWindowDays: 7)
        let accidents = [
            Self.accident("0", try Self.day(2015, 5, 1), 1, 1), Self.accident("1", try Self.day(2026, 5, 1), 1, 1),
        ]
        let row = try Self.row([baseline], accidents) { $0.numerator = .deaths30Days }
        #expect(row.baseline == nil && row.ratio == nil && row.refusedWindow == 7)
        #expect(RateSentences.finding(row).zh.contains("2015 年上报的死亡人数按 7 日内统计，与本口径（30 日内）不同"))
        let same = try Self.row([baseline], accidents) { $0.numerator = .deaths7Days }
        #expect(same.baseline?.count == 13 && same.refusedWindow == nil)
        // The year itself.
        let own = try Self.row([baseline], accidents, year: 2015) {
            $0.numerator = .deaths30Days
            $0.baselineYear = nil
        }
        #expect(!own.isCounted && RateSentences.finding(own).zh.contains("死亡人数不明——该年上报的死亡人数按 7 日内统计"))
    }

    @Test func deathsThatNobodyCountedAreSaid() throws {
        let day = try Self.day(2026, 3, 1)
        let accidents = [
            Self.accident("1", day, 1, 2), Self.accident("2", day, 1, nil), Self.accident("3", day, nil, nil, .larger),
            Self.accident("4", day), Self.accident("5", day, 0, nil), Self.accident("6", day, nil, nil, .property),
            Self.accident("7", day, 0, nil, .property), Self.accident("8", day, 0, nil, .fatal),
        ]
        func open(_ numerator: DefinitionCard.Numerator) throws -> (AccidentRate, [Int]) {
            let row = try Self.row([], accidents) { $0.numerator = numerator }
            let open = row.observation.openDeaths
            return (row, [row.count, open.leftOut, open.byShorterWindow, open.unclear])
        }
        #expect(try open(.accidents).1 == [8, 0, 0, 0])
        // 2 of an unknown number, 3 by its class, 8 by its class though nobody was dead after 7 days.
        #expect(try open(.fatalAccidents).1 == [4, 0, 1, 1])
        #expect(try open(.deaths7Days).1 == [2, 1, 0, 1])
        #expect(try open(.deaths30Days).1 == [3, 1, 3, 1])
        let row = try open(.deaths30Days).0
        #expect(row.definition.contains(";deaths_unknown=5"))
        for words in ["1 起死亡事故未登记 30 日内的死亡人数，未计入", "3 起事故只登记了 7 日内的死亡人数", "1 起事故既无死亡人数"] {
            #expect(Self.says(row, words), "\(words)")
        }
        #expect(
            RateSentences.cautions(row).contains { $0.en.hasPrefix("3 accidents are registered with deaths within 7") })
        #expect(Self.says(try open(.fatalAccidents).0, "1 起事故只登记到 7 日内无人死亡"))
        #expect(RateSentences.cautions(try open(.accidents).0).allSatisfy { !$0.zh.contains("死亡") })
    }

    /// One accident with three dead is one fatal accident, and both are said.
    @Test func fatalAccidentsStandBesideTheirDeaths() throws {
        let day = try Self.day(2026, 3, 1)
        let accidents = [
            Self.accident("1", day, 2, 3), Self.accident("2", day, 0, 1), Self.accident("3", day, 0, 0),
            Self.accident("4", day, nil, nil, .fatal),
        ].map { AccidentMoment(accident: $0, terminal: nil, camera: nil) }
        let said = try #require(RateSentences.deaths(accidents))
        #expect(said.zh.hasPrefix("登记事故 4 起，其中死亡事故 3 起；7 日内死亡 2 人（1 起不明），30 日内 4 人（1 起不明）"))
        #expect(said.en.contains("fatal 3; deaths within 7 days 2 (1 not known), within 30 4 (1 not known)"))
        #expect(RateSentences.deaths([]) == nil)
    }

    /// A reported baseline beside measured kilometres.
    @Test(arguments: [
        (DefinitionCard.Denominator.vehicleKilometres, "本期由终端实测"), (.vehicles, "本期按登记在册的车日折算"),
    ])
    func figuresOfTwoMethodsSaySo(denominator: DefinitionCard.Denominator, words: String) throws {
        let baselines = [2015, 2020].map {
            Baseline(year: $0, vehicles: 2000, vehicleKilometres: 18e6, accidents: 12)
        }
        let accidents = [Self.accident("1", try Self.day(2026, 3, 1), 0, 0)]
        func row(_ year: Int) throws -> AccidentRate {
            try Self.row(baselines, accidents, year: year) {
                $0.numerator = .accidents
                $0.denominator = denominator
            }
        }
        let measured = try row(2026)
        #expect(Self.says(measured, words) && measured.definition.contains(";baseline_exposure=reported"))
        let reported = try row(2020)
        #expect(!Self.says(reported, "方法不同") && !reported.definition.contains("baseline_exposure"))
        let series = RateSentences.series([reported, measured], beside: measured)
        #expect(series.count == 1 && series[0].zh.contains("不是同一序列"))
        #expect(RateSentences.series([reported, try row(2015)], beside: measured).isEmpty)
    }
}
