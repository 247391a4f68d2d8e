import Chronology
import Foundation
import Safety
import TestSupport
import Testing

/// Every vector of both files, at 1e-6 relative.
@Suite struct VectorFileTests {
    /// Where vectors are from.
    enum Source: String, CaseIterable {
        /// `Vectors/rates.json`, which `Vectors/make.py` writes.
        case own
        /// Those that may lie beside the repository.
        case shared

        var url: URL? {
            switch self {
            case .own: RepositoryRoot.url?.appending(path: "Tests/SafetyTests/Vectors/rates.json")
            case .shared: SharedData.url("statistics/rate-vectors.json")
            }
        }

        /// Their own, always; the others where they are.
        static let there = Self.allCases.filter { $0 == .own || $0.url != nil }
    }

    /// A part of the file: numbers by name, one level down.
    private struct Vectors {
        let root: [String: Any]

        init(_ source: Source) throws {
            let url = try #require(source.url)
            self.root = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        }

        func object(_ name: String) throws -> [String: Any] { try #require(self.root[name] as? [String: Any]) }

        func numbers(_ name: String) throws -> [String: Double] {
            try self.object(name).compactMapValues { ($0 as? NSNumber)?.doubleValue }
        }
    }

    private static func list(_ value: Any?) throws -> [Double] {
        try #require(value as? [NSNumber]).map(\.doubleValue)
    }

    @Test(arguments: Source.there) func intervalsOfCounts(source: Source) throws {
        let vectors = try Vectors(source)
        for (name, interval) in [("S01_garwood", true), ("S02_midp", false)] {
            for (text, value) in try vectors.object(name) {
                let count = try #require(Int(text))
                let expected = try #require(value as? [String: NSNumber])
                let found = interval ? ExactPoisson.interval(count: count) : MidPPoisson.interval(count: count)
                #expect(isClose(found?.low, try #require(expected["lo"]).doubleValue), "\(name) \(count)")
                #expect(isClose(found?.high, try #require(expected["hi"]).doubleValue), "\(name) \(count)")
            }
        }
        let none = try vectors.object("S04_zero_deaths_12.5_Mvkm")
        let jeffreys = try #require(GammaRate.jeffreys.updated(count: 0, exposure: 12.5))
        let limits = try Self.list(none["jeffreys_95"])
        #expect(isClose(jeffreys.mean, 0.04) && isClose(jeffreys.interval()?.low, limits[0]))
        #expect(isClose(jeffreys.interval()?.high, limits[1]))
        #expect(isClose(ExactPoisson.interval(count: 0, exposure: 12.5)?.high, try #require(none["hi"] as? Double)))
    }

    /// A ratio by its name in the file.
    struct Pair: Sendable {
        let name: String
        let (count, exposure, baseline, baselineExposure): (Int, Double, Int, Double)

        init(_ name: String, _ count: Int, _ exposure: Double, _ baseline: Int, _ baselineExposure: Double) {
            self.name = name
            (self.count, self.exposure) = (count, exposure)
            (self.baseline, self.baselineExposure) = (baseline, baselineExposure)
        }
    }

    private static let pairs = [
        Pair("S07_hangzhou_core_4_to_1_equal_exposure", 1, 1.0, 4, 1.0),
        Pair("S08_hangzhou_all_6_to_5_equal_exposure", 5, 1, 6, 1),
        Pair("S10_R_poisson_test_11of800_21of3011", 11, 800, 21, 3011),
        Pair("S11_zero_after_5_before_equal", 0, 1, 5, 1),
        Pair("S13_exposure_adjusted_8_in_20Mvkm_vs_12_in_18Mvkm", 8, 20, 12, 18),
    ]

    @Test(arguments: Source.there, Self.pairs)
    func ratios(source: Source, pair: Pair) throws {
        let vectors = try Vectors(source)
        let expected = try vectors.numbers(pair.name)
        let limits = try Self.list(try vectors.object(pair.name)["ci"])
        let ratio = try #require(
            RateRatio(
                count: pair.count, exposure: pair.exposure, baselineCount: pair.baseline,
                baselineExposure: pair.baselineExposure))
        let found = [
            "rr": ratio.ratio, "p_less": ratio.pLess(), "p_greater": ratio.pGreater(), "p_central": ratio.pCentral(),
            "p_minlike": ratio.pMinimumLikelihood(), "p_mid_two": ratio.pMid(), "p_mid_less": ratio.pMidLess(),
        ]
        for (name, value) in found { #expect(isClose(value, try #require(expected[name])), "\(name)") }
        #expect(isClose(ratio.interval()?.low, limits[0]) && isClose(ratio.interval()?.high, limits[1]))
    }

    @Test(arguments: Source.there) func probabilitiesAndPower(source: Source) throws {
        let vectors = try Vectors(source)
        for (text, expected) in try vectors.numbers("S14_prob_halved_jeffreys") {
            let numbers = text.split(whereSeparator: { ",;".contains($0) }).compactMap {
                Double($0.drop { $0 != "=" }.dropFirst())
            }
            let target = TargetProbability(
                target: 0.5, count: Int(numbers[2]), exposure: numbers[3], baselineCount: Int(numbers[0]),
                baselineExposure: numbers[1])
            #expect(isClose(target?.probability, expected), "\(text)")
        }
        for (mean, expected) in try vectors.numbers("S16_power_to_show_any_reduction_when_truth_is_half") {
            #expect(isClose(TestPower(expectedBefore: try #require(Double(mean))).power, expected))
        }
        for (mean, expected) in try vectors.numbers("S17_power_to_show_halved_when_truth_is_0.35") {
            let test = TestPower(expectedBefore: try #require(Double(mean)), truth: 0.35, hypothesis: 0.5)
            #expect(isClose(test.power, expected))
        }
    }

    @Test(arguments: Source.there) func shrinkage(source: Source) throws {
        let vectors = try Vectors(source)
        let supply = try Self.list(try vectors.object("S19_EB_marshall")["exposure_wan_m3"])
        for name in ["S19_EB_marshall", "S20_EB_marshall_overdispersed"] {
            let expected = try vectors.object(name)
            let counts = try Self.list(expected["x"])
            let bayes = try #require(
                EmpiricalBayes(zip(counts, supply).map { EmpiricalBayes.Unit(count: Int($0), exposure: $1) }))
            #expect(isClose(bayes.spread, try #require(expected["s2"] as? Double)))
            #expect(isClose(bayes.between, try #require(expected["A"] as? Double)))
            #expect(zip(bayes.shrinkage, try Self.list(expected["shrink"])).allSatisfy { isClose($0, $1) })
            #expect(
                zip(bayes.rates, try Self.list(expected["eb_per_Mm3"])).allSatisfy { isClose($0.map { $0 * 100 }, $1) })
            #expect(isClose(bayes.pDispersion, try #require(expected["p"] as? Double)))
        }
    }

    @Test(arguments: Source.there) func charts(source: Source) throws {
        let vectors = try Vectors(source)
        let cusum = try vectors.object("S22_poisson_cusum")
        let series = try Self.list(cusum["series"]).map { Int($0) }
        let chart = try #require(PoissonCUSUM(usual: 0.5, changed: 1, threshold: 3))
        #expect(zip(chart.path(series), try Self.list(cusum["S_path"])).allSatisfy { isClose($0, $1) })
        let ewma = try vectors.object("S23_ewma_w0.2_mu0.5_L3")
        let points = try #require(PoissonEWMA(mean: 0.5)).chart(series)
        #expect(zip(points, try Self.list(ewma["z"])).allSatisfy { isClose($0.average, $1) })
        #expect(zip(points, try Self.list(ewma["ucl"])).allSatisfy { isClose($0.limit, $1) })
        for (text, value) in try #require(cusum["ARL"] as? [String: [String: Double]]) {
            let threshold = try #require(Double(text.dropFirst(2)))
            let rounded = try #require(PoissonCUSUM(reference: 0.75, threshold: threshold))
            for (name, mean) in [("in_control", 0.5), ("doubled", 1), ("halved", 0.25)] {
                #expect(isClose(rounded.averageRunLength(mean: mean, steps: 4), try #require(value[name])), "\(text)")
            }
        }
    }

    @Test(arguments: Source.there) func ratesOfTrucksAndOneSidedLimits(source: Source) throws {
        let vectors = try Vectors(source)
        let trucks = try vectors.numbers("S05_6_deaths_2100_trucks_per_10k")
        let row = AccidentRate(
            scope: .city, from: CivilDate(daysSince1970: 0), to: CivilDate(daysSince1970: 364),
            card: DefinitionCard(numerator: .deaths7Days, denominator: .vehicles),
            observed: Observation(count: 6, exposure: 2100))
        #expect(isClose(row.rate, try #require(trucks["rate"])))
        #expect(isClose(row.interval?.low, try #require(trucks["lo"])))
        #expect(isClose(row.interval?.high, try #require(trucks["hi"])))
        let none = try vectors.numbers("S04_zero_deaths_12.5_Mvkm")
        #expect(
            isClose(ExactPoisson.upperLimit(count: 0).map { $0 / 12.5 }, try #require(none["hi_one_sided_95"])))
    }

    @Test(arguments: Source.there) func beforeAndAfter(source: Source) throws {
        let vectors = try Vectors(source)
        let hauer = try vectors.numbers("S25_hauer_EB")
        let study = try #require(
            BeforeAfter(before: 12, after: 5, mean: 6, overdispersion: 0.4, exposureRatio: 1.1))
        let found: [String: Double?] = [
            "w": study.weight, "eb": study.expectedBefore, "var_eb": study.varianceBefore, "pi": study.expectedAfter,
            "var_pi": study.varianceAfter, "theta": study.effect, "se": study.standardError,
            "naive_ratio": study.naiveRatio,
        ]
        for (name, value) in found { #expect(isClose(value, try #require(hauer[name])), "\(name)") }
        let limits = try Self.list(try vectors.object("S25_hauer_EB")["CI95"])
        #expect(isClose(study.interval()?.low, limits[0]) && isClose(study.interval()?.high, limits[1]))
        let group = try vectors.numbers("S26_comparison_group")
        let compared = try #require(
            ComparisonGroup(treatedBefore: 12, treatedAfter: 5, comparisonBefore: 200, comparisonAfter: 180))
        #expect(isClose(compared.expectedAfter, try #require(group["expected_after"])))
        #expect(isClose(compared.ratio, try #require(group["ratio"])))
        #expect(isClose(compared.effect, try #require(group["theta_hauer"])))
        #expect(isClose(compared.logStandardError, try #require(group["log_se"])))
        let ends = try Self.list(try vectors.object("S26_comparison_group")["ci"])
        #expect(isClose(compared.interval()?.low, ends[0]) && isClose(compared.interval()?.high, ends[1]))
    }

    @Test(arguments: Source.there) func pathsCeilingsAndShares(source: Source) throws {
        let vectors = try Vectors(source)
        let path = try vectors.object("S28_required_path_2015_2020_from_10_to_5")
        for (name, values) in [
            ("linear", TargetProgress.linearPath(from: 10, to: 5, years: 5)),
            ("geometric", TargetProgress.geometricPath(from: 10, to: 5, years: 5)),
        ] {
            let expected = try Self.list(path[name])
            #expect(values.count == expected.count && zip(values, expected).allSatisfy { isClose($0, $1) }, "\(name)")
        }
        let geometric = TargetProgress.geometricPath(from: 10, to: 5, years: 5)
        #expect(isClose(geometric[1] / geometric[0], try #require(path["annual_factor"] as? Double)))
        for (text, expected) in try vectors.numbers("S29_predictive_finish_under_ceiling") {
            let numbers = text.matches(of: /[0-9]+/).compactMap { Int($0.0) }
            let probability = YearInProgress.probability(
                atMost: numbers[0], count: numbers[1], exposure: Double(numbers[2]),
                remainingExposure: Double(numbers[3] - numbers[2]))
            #expect(isClose(probability, expected), "\(text)")
        }
        for (year, value) in try vectors.object("S31_right_turn_share_hangzhou") {
            let figures = try #require(value as? [String: NSNumber])
            let total = DeathShare.impliedTotal(
                deaths: try #require(figures["right_turn_deaths"]).intValue,
                share: try #require(figures["share"]).doubleValue)
            #expect(isClose(total, try #require(figures["implied_total"]).doubleValue), "\(year)")
        }
    }

    /// A vector that is added must not pass unread.
    @Test(arguments: Source.there) func everyVectorIsRead(source: Source) throws {
        let read = [
            "S01", "S02", "S04", "S05", "S07", "S08", "S10", "S11", "S13", "S14", "S16", "S17", "S19", "S20", "S22",
            "S23", "S25", "S26", "S28", "S29", "S31",
        ]
        #expect(Set(try Vectors(source).root.keys.map { String($0.prefix(3)) }) == Set(read))
    }
}
