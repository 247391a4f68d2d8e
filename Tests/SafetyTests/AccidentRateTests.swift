import Chronology
import Foundation
import Registers
import Safety
import Testing

/// Rows and sentences of accident rates.
@Suite struct AccidentRateTests {
    private func row(
        _ count: Int, _ exposure: Double?, baseline: Observation?,
        numerator: DefinitionCard.Numerator = .fatalAccidents,
        coverage: Double? = 1
    ) throws -> AccidentRate {
        AccidentRate(
            scope: .city, from: try #require(CivilDate(year: 2020, month: 1, day: 1)),
            to: try #require(CivilDate(year: 2020, month: 12, day: 31)),
            card: DefinitionCard(numerator: numerator, denominator: .vehicleKilometres, baselineYear: 2015),
            observed: Observation(count: count, exposure: exposure, coverage: coverage), baseline: baseline)
    }

    /// 8 in 20 million km against 12 in 18 million: the worked example of the method.
    @Test func theWorkedExample() throws {
        let row = try self.row(8, 20e6, baseline: Observation(count: 12, exposure: 18e6))
        #expect(isClose(row.rate, 0.4) && isClose(row.baselineRate, 12.0 / 18))
        #expect(isClose(row.interval?.low, 0.1726917) && isClose(row.interval?.high, 0.7881593, within: 1e-6))
        #expect(isClose(row.ratio, 0.6) && isClose(row.reduction, 0.4) && isClose(row.progress, 0.8))
        #expect(isClose(row.ratioInterval?.low, 0.2127459694759472))
        #expect(isClose(row.ratioInterval?.high, 1.596237703071767))
        #expect(isClose(row.target?.probability, 0.33813537056799464) && row.allowedCount == 6)
        #expect(row.cells.count == AccidentRate.columns.count)
        let text = RateSentences.finding(row)
        #expect(
            text.zh == "2020 年 8 起死亡事故，按 2015 年口径相当于每百万车公里 0.40 起死亡事故（95% 区间 0.17–0.79），较 2015 年下降 40%"
                + "（比值 0.60，95% 区间 0.21–1.60），达到“下降 50%”的概率约 34%。")
        #expect(
            text.en
                == "2020: 8 fatal accidents, 0.40 per million vehicle-km (95 % interval 0.17–0.79), down 40% on 2015 "
                + "(ratio 0.60, 95 % interval 0.21–1.60); the probability that it fell by 50% or more is about 34%.")
        #expect(RateSentences.cautions(row).isEmpty)
    }

    @Test func aBaselineOfZeroLeavesTheRatioEmpty() throws {
        let row = try self.row(1, 1e6, baseline: Observation(count: 0, exposure: 1e6))
        #expect(row.ratio == nil && row.reduction == nil && row.progress == nil && row.baselineRate == 0)
        #expect(row.ratioInterval.map { $0.low > 0 && $0.high == .infinity } ?? false)
        #expect(row.target?.restsOnPrior == true)
        #expect(row.cells[11] == .number(nil) && row.cells[13] == .number(.infinity))
        let cautions = RateSentences.cautions(row).map(\.zh)
        #expect(cautions.contains { $0.contains("先验") } && cautions.contains { $0.contains("数量很小") })
        #expect(RateSentences.finding(row).zh.contains("无法给出比值"))
    }

    @Test(arguments: [0.0, -1, .nan, .infinity])
    func withoutExposureTheRateIsUndefined(exposure: Double) throws {
        let row = try self.row(3, exposure, baseline: Observation(count: 2, exposure: 1e6))
        #expect(row.rate == nil && row.interval == nil && row.ratio == nil && row.ratioInterval == nil)
        #expect(row.target == nil && row.reduction == nil)
        #expect(RateSentences.finding(row).zh.contains("不是 0"))
        let unknown = try self.row(3, nil, baseline: nil)
        #expect(unknown.rate == nil && unknown.allowedCount == nil && RateSentences.allowance(unknown) == nil)
    }

    /// What a year of 0, 1 and 2 prints.
    @Test(arguments: [(0, 0.0, 0.18444), (1, 0.05, 0.27858), (2, 0.1, 0.36123)])
    func quietYears(count: Int, rate: Double, high: Double) throws {
        let row = try self.row(count, 20e6, baseline: Observation(count: 12, exposure: 18e6))
        #expect(isClose(row.rate, rate) && isClose(row.interval?.high, high, within: 1e-4))
        #expect(RateSentences.cautions(row).contains { $0.en.contains("small") })
        if count == 0 { #expect(row.reduction == 1 && row.interval?.low == 0) }
    }

    @Test func deathsComeInClusters() throws {
        let row = try self.row(
            8, 20e6, baseline: Observation(count: 12, exposure: 18e6), numerator: .deaths7Days, coverage: 0.7)
        let cautions = RateSentences.cautions(row)
        #expect(cautions.contains { $0.zh.contains("成簇") } && cautions.contains { $0.en.contains("70%") })
        #expect(row.card.identifier == "deaths_7d/vehicle_km;window=7d;exposure=telemetry;baseline=2015;v5")
    }

    /// All accidents of a baseline year over the few kilometres that were seen of it would make any year a success.
    @Test(arguments: [(1.0, true, false), (0.8, true, true), (0.5, true, true), (0.2, false, true)])
    func aBaselineThatWasHardlySeenIsNotComparedWith(coverage: Double, compares: Bool, warns: Bool) throws {
        let row = try self.row(8, 20e6, baseline: Observation(count: 12, exposure: 18e6, coverage: coverage))
        #expect(row.isWellSeen && row.isComparable == compares)
        let text = RateSentences.finding(row)
        #expect(text.zh.contains("下降 40%") == compares && text.en.contains("down 40%") == compares)
        #expect(text.zh.contains("2015 年的暴露量只观测到约 20%") == !compares)
        #expect(RateSentences.cautions(row).contains { $0.en.contains("the baseline's exposure") } == warns)
        #expect((RateSentences.allowance(row) != nil) == compares)
    }

    @Test func rowsSurviveJSON() throws {
        for baseline in [Observation(count: 12, exposure: 18e6), Observation(count: 0, exposure: 18e6)] {
            let row = try self.row(8, 20e6, baseline: baseline)
            #expect(try JSONDecoder().decode(AccidentRate.self, from: JSONEncoder().encode(row)) == row)
        }
    }

    @Test func accidentsAreCountedByTheCard() throws {
        func accident(_ id: String, _ time: String, _ within7: Int?, _ within30: Int?) throws -> Accident {
            Accident(
                accidentID: id, occurredAt: try #require(Instant(rfc3339: time)), company: "甲", district: "330481",
                deathsWithin7Days: within7, deathsWithin30Days: within30)
        }
        let accidents = [
            try accident("1", "2020-01-01T00:00:00+08:00", 0, 0), try accident("2", "2020-06-01T00:00:00Z", 0, 1),
            try accident("3", "2020-12-31T15:59:59Z", 2, 3), try accident("3", "2020-12-31T15:59:59Z", 2, 3),
            try accident("4", "2020-12-31T16:00:00Z", 1, 1), try accident("5", "2020-05-01T00:00:00Z", nil, 2),
        ]
        func count(_ numerator: DefinitionCard.Numerator, _ scope: RateScope = .city) throws -> AccidentCount {
            AccidentCount(
                of: accidents, in: scope, from: try #require(CivilDate(year: 2020, month: 1, day: 1)),
                to: try #require(CivilDate(year: 2020, month: 12, day: 31)),
                card: DefinitionCard(numerator: numerator, denominator: .vehicles))
        }
        #expect(try count(.accidents).count == 4)
        #expect(try count(.fatalAccidents).count == 3)
        #expect(try count(.deaths7Days).count == 2)
        #expect(try count(.deaths7Days).openDeaths.leftOut == 1 && count(.deaths30Days).openDeaths.total == 0)
        #expect(try count(.deaths30Days).count == 6)
        #expect(try count(.accidents, .district("330402")).count == 0)
        #expect(try count(.accidents, .company("甲")).count == 4)
    }

    @Test func baselinesAreTakenForTheirScopeAndWindow() {
        let rows = [
            Baseline(year: 2015, vehicleKilometres: 18e6, fatalAccidents: 12, deaths: 13, deathWindowDays: 7),
            Baseline(year: 2015, district: "330481", vehicleKilometres: 3e6, fatalAccidents: 1),
            Baseline(year: 2015, vehicleKind: .mixer, vehicleKilometres: 10e6, fatalAccidents: 7),
        ]
        func figures(_ numerator: DefinitionCard.Numerator, _ scope: RateScope, _ kinds: [String] = []) -> Observation?
        {
            BaselineFigures.observation(
                rows, year: 2015, scope: scope,
                card: DefinitionCard(numerator: numerator, denominator: .vehicleKilometres, vehicleKinds: kinds))
        }
        func of7Days(_ count: Int, _ exposure: Double) -> Observation {
            var observation = Observation(count: count, exposure: exposure)
            observation.otherWindow = 7
            return observation
        }
        #expect(figures(.fatalAccidents, .city) == of7Days(12, 18e6))
        #expect(figures(.fatalAccidents, .district("330481")) == of7Days(1, 3e6))
        #expect(figures(.fatalAccidents, .city, ["mixer"]) == of7Days(7, 10e6))
        #expect(figures(.fatalAccidents, .city, ["mixer", "mortar"]) == nil)
        #expect(figures(.deaths7Days, .city)?.count == 13 && figures(.deaths30Days, .city) == nil)
        #expect(figures(.accidents, .city) == nil && figures(.fatalAccidents, .company("甲")) == nil)
    }

    @Test func noRowCountsTwice() {
        func count(_ rows: [Baseline], _ scope: RateScope) -> Int? {
            BaselineFigures.observation(
                rows, year: 2015, scope: scope,
                card: DefinitionCard(numerator: .accidents, denominator: .vehicleKilometres))?.count
        }
        func row(_ accidents: Int, district: String? = nil, company: String? = nil) -> Baseline {
            Baseline(year: 2015, district: district, company: company, vehicleKilometres: 1e6, accidents: accidents)
        }
        // A company's total and a part of it; two parts; one district by two of its names.
        #expect(count([row(10, company: "甲"), row(4, district: "330481", company: "甲")], .company("甲")) == 10)
        let parts = [row(6, district: "330402", company: "甲"), row(4, district: "330481", company: "甲")]
        #expect(count(parts, .company("甲")) == 10)
        #expect(count([row(10, district: "330481"), row(10, district: "330481")], .district("330481")) == nil)
    }

    @Test func companiesAreNeverRanked() throws {
        let funnel = CompanyFunnel([
            "乙": Observation(count: 9, exposure: 2e6), "甲": Observation(count: 0, exposure: 1e6),
            "丙": Observation(count: 1, exposure: 0),
        ])
        #expect(funnel.points.map(\.name) == ["丙", "乙", "甲"].sorted())
        let without = try #require(funnel.points.first { $0.name == "丙" })
        #expect(without.place == .undefined && without.expected == nil && without.shrunkRate == nil)
        #expect(isClose(funnel.overallRate, 3e-6))
    }

    /// Without figures nobody is as usual, and whoever lies outside has the share of its exposure beside it.
    @Test func theFunnelInWords() {
        for observations in [[:], ["甲": Observation(count: 1, exposure: nil)]] as [[String: Observation]] {
            let text = CompanyFunnel(observations).sentence
            #expect(text.zh.contains("没有数据不等于都正常") && !text.en.contains("within what chance"))
        }
        // One alone is what all are: nothing is said of differences.
        let one = CompanyFunnel(["甲": Observation(count: 3, exposure: 1e6), "乙": .uncounted]).sentence
        #expect(one.zh.contains("只有一家企业可以比较") && !one.zh.contains("彼此的差别"))
        #expect(one.en.contains("Only one company") && !one.en.contains("Every company"))
        let alike = CompanyFunnel([
            "甲": Observation(count: 3, exposure: 1e6), "乙": Observation(count: 4, exposure: 1e6),
        ])
        #expect(alike.sentence.zh.contains("都在随机波动范围之内"))
        let apart = CompanyFunnel([
            "甲": Observation(count: 40, exposure: 1e6, coverage: 0.8), "乙": Observation(count: 5, exposure: 1e6),
            "丙": Observation(count: 5, exposure: 1e6), "丁": Observation(count: 5, exposure: 1e6),
        ]).sentence
        #expect(apart.zh.contains("高于随机波动范围：甲 (80%)") && apart.zh.contains("低于随机波动范围："))
        #expect(apart.en.contains("above what chance does: 甲 (80%)") && apart.en.contains("below it: "))
        // Nobody counted: no 0, and why there is no place.
        let uncounted = CompanyFunnel(["甲": .uncounted, "乙": Observation(count: 5, exposure: 1e6)]).points
        #expect(uncounted.map(\.count) == [5, nil] && uncounted.map { $0.reason?.zh } == [nil, "无人统计，不是 0"])
        // All its accidents over a third of its kilometres: nothing is said of it.
        let hardlySeen = CompanyFunnel([
            "甲": Observation(count: 40, exposure: 1e6, coverage: 0.3), "乙": Observation(count: 5, exposure: 1e6),
        ])
        #expect(hardlySeen.points.first { $0.name == "甲" }?.place == .undefined)
        #expect(!hardlySeen.sentence.zh.contains("甲"))
        #expect(hardlySeen.points.first { $0.name == "甲" }?.reason?.zh == "暴露量观测不足一半")
    }

    /// All accidents of a company over a third of its kilometres would raise what is expected of everybody else, and
    /// no rate of its own is told either. Whoever was left out is said.
    @Test func theRateOfAllIsOfThoseWhoWereSeen() throws {
        let seen: [String: Observation] = [
            "乙": Observation(count: 5, exposure: 1e6), "丙": Observation(count: 7, exposure: 1e6, coverage: 0.5),
        ]
        let alone = CompanyFunnel(seen)
        let beside = CompanyFunnel(
            seen.merging(
                ["甲": Observation(count: 40, exposure: 1e6, coverage: 0.3), "丁": .uncounted],
                uniquingKeysWith: { first, _ in first }))
        #expect(isClose(beside.overallRate, 6e-6) && beside.overallRate == alone.overallRate)
        #expect(beside.included == 2 && beside.leftOut == 1 && alone.leftOut == 0)
        for point in alone.points { #expect(beside.points.contains(point), "\(point.name)") }
        let left = try #require(beside.points.first { $0.name == "甲" })
        #expect(left.expected == nil && left.shrunkRate == nil && left.warning == nil && left.action == nil)
        #expect(beside.sentence.zh.hasSuffix("合计率由暴露量观测过半的 2 家算出；另有 1 家不足一半，不计入、不判断。"))
        #expect(beside.sentence.en.contains("1 of which less was seen is left out"))
        #expect(!alone.sentence.zh.contains("另有"))
        let nobody = CompanyFunnel(["甲": Observation(count: 4, exposure: 1e6, coverage: 0.3)])
        #expect(nobody.overallRate == nil && nobody.sentence.zh.contains("没有企业可以比较"))
    }

    /// A part in words stands in a sentence of either language, also where it is next to nothing.
    @Test(arguments: [
        (0.001, "只观测到不足 1%", "Of the exposure, less than 1% was seen"),
        (0.2, "只观测到约 20%", "Of the exposure, about 20% was seen"),
    ])
    func partsInWords(coverage: Double, zh: String, en: String) throws {
        let row = try self.row(8, 20e6, baseline: nil, coverage: coverage)
        let cautions = RateSentences.cautions(row)
        #expect(cautions.contains { $0.zh.contains(zh) } && cautions.contains { $0.en.contains(en) })
        let before = try self.row(8, 20e6, baseline: Observation(count: 12, exposure: 18e6, coverage: coverage))
        for statement in RateSentences.all(row) + RateSentences.all(before) {
            #expect(!statement.en.contains("nly below") && !statement.en.contains("nly about"), "\(statement.en)")
        }
        #expect(FigureText.part(0.999).en == "more than 99%" && FigureText.part(.nan).zh == "不明的份额")
    }

    @Test func powerAndAllowanceInWords() throws {
        #expect(RateSentences.power(perYear: 10, baselineYears: 4)?.zh.contains("年才能看出") == true)
        #expect(RateSentences.power(perYear: 2)?.en.contains("would not show") == true)
        // What makes it hard is the baseline's own chance: how long it is stands beside it.
        #expect(RateSentences.power(perYear: 12)?.zh.hasPrefix("按每年约 12.00 起、基准 1 年计，") == true)
        #expect(RateSentences.power(perYear: 10, baselineYears: 4)?.en.contains("4 years of baseline") == true)
        #expect(RateSentences.power(perYear: 0) == nil)
        // The number is that of the sentence: against the baseline, else against the years before.
        let many = try self.row(20, 20e6, baseline: Observation(count: 40, exposure: 20e6))
        #expect(RateSentences.yearsUntilAHalvingShows(many, among: []) == 1)
        #expect(RateSentences.power(many, among: []).zh.contains("约需 1 年"))
        let few = try self.row(1, 20e6, baseline: Observation(count: 2, exposure: 20e6))
        #expect(RateSentences.yearsUntilAHalvingShows(few, among: [many]) == nil)
        let row = try self.row(8, 20e6, baseline: Observation(count: 12, exposure: 18e6))
        #expect(RateSentences.allowance(row)?.en == "The target allows 6 in this period: 2 too many.")
        #expect(RateSentences.quiet(days: 150, perYear: 6)?.zh.contains("8%") == true)
        // The way to the target never stands without its interval either.
        #expect(
            RateSentences.progress(row)?.zh
                == "下降 50% 的目标已走完 80%（95% 区间 -119% – 157%；负值为上升，超过 100% 为已越过目标）。")
        let rose = try self.row(12, 10e6, baseline: Observation(count: 12, exposure: 20e6))
        #expect(RateSentences.progress(rose)?.en.hasPrefix("-200% of the way to the target of 50% less") == true)
        #expect(RateSentences.progress(try self.row(8, 20e6, baseline: nil)) == nil)
    }
}
