import Chronology
import Registers
import Safety
import Testing

/// Days since the last death, and how long a halving takes to be seen: also where they cannot be told.
@Suite struct QuietTimeTests {
    private static func accident(_ id: String, _ date: CivilDate, deaths: Int) -> Accident {
        Accident(
            accidentID: id, occurredAt: Instant(startOf: date, at: .shanghai).advanced(bySeconds: 3600),
            deathsWithin7Days: deaths, deathsWithin30Days: deaths)
    }

    /// Accidents as `day: deaths` from 2025-01-01 on, told on day 400.
    @Test(
        arguments: [
            ([:], "事故登记为空"), ([500: 1], "事故登记为空"), ([0: 0], "自 2025-01-01 起 400 天没有死亡事故；这与每年至多 3.37 起相容"),
            ([400: 0], "时间太短"), ([10: 0, 100: 1], "距登记中唯一一起死亡事故 300 天"), ([350: 1, 360: 2], "第一起距今不足一季度"),
            ([0: 1, 200: 1, 390: 1], "距上一次死亡事故 10 天；按每年 1.83 起计，这么久不发生的概率本来就约 95%"),
            ([0: 1, 400: 1], "距上一次死亡事故 0 天；按每年 0.91 起计，这么久不发生的概率本来就大于 99%"),
        ] as [([Int: Int], String)])
    func everyCaseHasASentence(days: [Int: Int], words: String) throws {
        let start = try #require(CivilDate(year: 2025, month: 1, day: 1))
        let accidents = days.map {
            Self.accident("\($0.key)", CivilDate(daysSince1970: start.daysSince1970 + $0.key), deaths: $0.value)
        }
        let quiet = QuietTime(accidents, at: CivilDate(daysSince1970: start.daysSince1970 + 400))
        #expect(quiet.sentence.zh.contains(words), "\(quiet.sentence.zh)")
        #expect(!quiet.sentence.en.isEmpty && !quiet.sentence.zh.contains("100%"))
    }

    /// A part of the city without an accident of its own has had none since the city's register is kept; and what
    /// nobody knows of later accidents is said.
    @Test func aKeptRegisterIsNotEmptyAndUnknownDeathsAreSaid() throws {
        let start = try #require(CivilDate(year: 2025, month: 1, day: 1))
        let today = CivilDate(daysSince1970: start.daysSince1970 + 400)
        let none = QuietTime([], kept: [start, CivilDate(daysSince1970: start.daysSince1970 + 500)], at: today)
        #expect(none.keptSince == start && none.sentence.zh.contains("自 2025-01-01 起 400 天没有死亡事故"))
        #expect(QuietTime([], kept: [today], at: start).sentence.zh.contains("事故登记为空"), "kept only later")
        func open(_ day: Int, _ deaths: Int?, _ severity: Accident.Severity? = nil) -> Accident {
            var accident = Self.accident("u\(day)", CivilDate(daysSince1970: start.daysSince1970 + day), deaths: 0)
            (accident.deathsWithin7Days, accident.deathsWithin30Days) = (deaths, nil)
            accident.severity = severity
            return accident
        }
        let fatal = Self.accident("f", CivilDate(daysSince1970: start.daysSince1970 + 100), deaths: 1)
        // Before the last fatal one it is no matter; a slight one says that nobody died.
        let quiet = QuietTime(
            [fatal, open(50, nil), open(200, nil), open(201, nil), open(202, nil, .injury)], at: today)
        #expect(quiet.days == 300 && quiet.unclear == 2)
        #expect(quiet.sentence.zh.contains("其间另有 2 起事故的死亡人数不明"))
        #expect(quiet.sentence.en.contains("2 later accidents have deaths that are not known"))
        let week = QuietTime([fatal, open(200, 0)], at: today)
        #expect(week.unclear == 1 && week.sentence.en.contains("1 later accident has deaths"), "after 7 days alone")
        #expect(QuietTime([fatal], at: today).sentence.en.contains("not known") == false)
    }

    private static func rate(_ year: Int, _ count: Int, baseline: Observation?, baselineYear: Int?) throws
        -> AccidentRate
    {
        AccidentRate(
            scope: .city, from: try #require(CivilDate(year: year, month: 1, day: 1)),
            to: try #require(CivilDate(year: year, month: 12, day: 31)),
            card: DefinitionCard(
                numerator: .accidents, denominator: .vehicleKilometres, baselineYear: baselineYear),
            observed: Observation(count: count, exposure: nil), baseline: baseline)
    }

    /// The power needs counts and no exposure; where there are none it says so.
    @Test(
        arguments: [
            (12, 2015, [], "按每年约 12.00 起、基准 1 年计"), (0, 2015, [], "2015 年为 0：从 0 起不能再下降"),
            (nil, 2015, [], "没有往年的数量"), (nil, nil, [20, 30], "按每年约 25.00 起、基准 2 年计"), (nil, nil, [0, 0], "往年 2 年均为 0"),
            (nil, nil, [], "没有往年的数量"),
        ] as [(Int?, Int?, [Int], String)])
    func thePowerIsAlwaysSaid(baseline: Int?, baselineYear: Int?, before: [Int], words: String) throws {
        let observed = baseline.map { Observation(count: $0, exposure: 18e6) }
        let current = try Self.rate(2026, 3, baseline: observed, baselineYear: baselineYear)
        let years = try before.enumerated().map {
            try Self.rate(2024 + $0.offset, $0.element, baseline: nil, baselineYear: nil)
        }
        let said = RateSentences.power(current, among: years + [current])
        #expect(said.zh.contains(words), "\(said.zh)")
        #expect(!said.en.isEmpty)
    }

    @Test(arguments: [
        (0.0, "小于 1%", "below 1%"), (0.004, "小于 1%", "below 1%"), (0.34, "约 34%", "about 34%"),
        (0.994, "约 99%", "about 99%"), (0.996, "大于 99%", "above 99%"), (1, "大于 99%", "above 99%"),
        (.nan, "不明", "not known"),
    ])
    func probabilitiesAreNeverCertain(probability: Double, zh: String, en: String) {
        let said = FigureText.chance(probability)
        #expect(said.zh == zh && said.en == en)
    }
}
