import Chronology
import Testing

@testable import Safety

/// Funnel, shrinkage, control charts, before and after: against values computed with scipy 1.17.1.
@Suite struct ChartTests {
    @Test(arguments: [
        (1.0, 2.9019487, 4.8676256), (3.2, 6.7059958, 9.6024162), (10, 16.1599507, 20.6620008),
    ])
    func funnelLimits(expected: Double, warning: Double, action: Double) throws {
        #expect(isClose(FunnelPlot.limits(expected: expected)?.high, warning))
        #expect(isClose(FunnelPlot.limits(expected: expected, probability: 0.998)?.high, action))
    }

    @Test func placesInTheFunnel() {
        #expect(isClose(FunnelPlot.limits(expected: 10)?.low, 3.7751879))
        #expect(FunnelPlot.limits(expected: 1)?.low == 0)
        #expect(FunnelPlot.place(count: 3, expected: 3.2) == .usual)
        #expect(FunnelPlot.place(count: 7, expected: 3.2) == .usual)
        #expect(FunnelPlot.place(count: 8, expected: 3.2) == .noticeablyMany)
        #expect(FunnelPlot.place(count: 11, expected: 3.2) == .farMore)
        #expect(FunnelPlot.place(count: 0, expected: 10) == .farFewer)
        #expect(FunnelPlot.place(count: 0, expected: 0) == .undefined)
        #expect(FunnelPlot.limits(expected: .infinity) == nil)
    }

    /// Whoever is named as outside is there by chance as rarely as the sentence says, whatever is expected of him.
    @Test(arguments: [0.01, 0.045, 0.24, 0.5, 1, 2, 3.2, 10, 40, 200])
    func chanceAloneNamesNobodyMoreOftenThanIsSaid(expected: Double) {
        var (many, few, farMore, farFewer) = (0.0, 0.0, 0.0, 0.0)
        for count in 0..<600 {
            let below = count == 0 ? 0 : Distributions.poisson(atMost: count - 1, mean: expected)
            let chance = Distributions.poisson(atMost: count, mean: expected) - below
            switch FunnelPlot.place(count: count, expected: expected) {
            case .noticeablyMany: many += chance
            case .noticeablyFew: few += chance
            case .farMore: farMore += chance
            case .farFewer: farFewer += chance
            case .usual, .undefined: break
            }
        }
        #expect(farMore <= 0.001 + 1e-9 && farFewer <= 0.001 + 1e-9)
        #expect(many + farMore <= 0.025 + 1e-9 && few + farFewer <= 0.025 + 1e-9)
    }

    /// The supply of Jiaxing's seven districts in 2015, in 10,000 m³.
    private static let supply = [483.3, 83.5, 107.8, 162.1, 134.7, 320.2, 304.2]

    private func districts(_ counts: [Int]) throws -> EmpiricalBayes {
        try #require(EmpiricalBayes(zip(counts, Self.supply).map { EmpiricalBayes.Unit(count: $0, exposure: $1) }))
    }

    @Test func districtsThatDifferByChanceAlone() throws {
        let districts = try self.districts([3, 0, 1, 1, 0, 2, 4])
        #expect(isClose(districts.overall * 100, 0.6893094372728412))
        #expect(isClose(districts.spread, 1.4621238997877083e-05) && districts.between == 0)
        #expect(districts.rates.allSatisfy { $0 == districts.overall })
        #expect(isClose(districts.dispersion, 3.3849200273717983) && districts.degrees == 6)
        #expect(isClose(districts.pDispersion, 0.759212258714021))
    }

    @Test func districtsThatDifferByMore() throws {
        let districts = try self.districts([12, 0, 1, 1, 0, 2, 9])
        #expect(isClose(districts.between, 5.692786033734663e-05))
        let rates = [
            2.150476025308543, 1.2019208451629633, 1.3867634008922773, 1.2145646037960134, 1.0517879727908626,
            1.0600066362120273, 2.2974407296094483,
        ]
        #expect(zip(districts.rates, rates).allSatisfy { isClose($0.map { $0 * 100 }, $1) })
        #expect(isClose(districts.pDispersion, 0.046343810135780796))
    }

    @Test func aDistrictWithoutExposureHasNoRate() throws {
        let bayes = try #require(EmpiricalBayes([.init(count: 1, exposure: 10), .init(count: 3, exposure: 0)]))
        #expect(bayes.rates == [0.1, nil] && bayes.pDispersion == nil)
        #expect(EmpiricalBayes([]) == nil && EmpiricalBayes([.init(count: 1, exposure: .nan)]) == nil)
        #expect(EmpiricalBayes([.init(count: 0, exposure: 1), .init(count: 0, exposure: 2)])?.rates == [0, 0])
    }

    private static let series = [0, 1, 0, 0, 2, 1, 0, 2, 1, 3, 0, 2]

    @Test func cusum() throws {
        let chart = try #require(PoissonCUSUM(usual: 0.5, changed: 1, threshold: 4))
        #expect(isClose(chart.reference, 0.7213475204444817))
        let path = [
            0, 0.2786524795555183, 0, 0, 1.2786524795555183, 1.5573049591110364, 0.8359574386665547,
            2.1146099182220732, 2.3932623977775913, 4.671914877333109, 3.9505673568886275, 5.229219836444146,
        ]
        #expect(zip(chart.path(Self.series), path).allSatisfy { isClose($0, $1) })
        #expect(chart.signals(Self.series) == [9, 11])
    }

    /// Run lengths in control, doubled and halved.
    @Test(arguments: [
        (2.0, 31.975588287193535, 6.628552754214702, 260.75042179077917),
        (3, 81.01658789607711, 10.013664642747148, 1715.9947864340281),
        (4, 189.64967354799433, 13.655821092240942, 10933.604364240304),
        (5, 428.0472352957184, 17.47413278398386, 70465.54632481566),
    ])
    func runLengths(threshold: Double, usual: Double, doubled: Double, halved: Double) throws {
        let chart = try #require(PoissonCUSUM(reference: 0.75, threshold: threshold))
        #expect(isClose(chart.averageRunLength(mean: 0.5, steps: 4), usual))
        #expect(isClose(chart.averageRunLength(mean: 1, steps: 4), doubled))
        #expect(isClose(chart.averageRunLength(mean: 0.25, steps: 4), halved))
        #expect(chart.averageRunLength(mean: 0.5, steps: 3) == nil)
    }

    @Test func ewma() throws {
        let chart = try #require(PoissonEWMA(mean: 0.5)).chart(Self.series)
        #expect(isClose(chart[9].average, 1.3162335232000002) && isClose(chart[9].limit, 1.2030188))
        #expect(isClose(chart[11].average, 1.2423894548480003) && isClose(chart[11].limit, 1.2054351967109136))
        #expect(chart.enumerated().filter { $0.element.isSignal }.map(\.offset) == [9, 11])
        #expect(PoissonEWMA(mean: 0) == nil && PoissonEWMA(mean: 1, weight: .nan) == nil)
    }

    /// 6 deaths a year: 150 and 120 quiet days.
    @Test func quietTimes() throws {
        #expect(isClose(TimeSinceEvent.probability(ofQuiet: 150, perYear: 6), 0.0849448187))
        #expect(isClose(TimeSinceEvent.probability(ofQuiet: 120, perYear: 6), 0.1390943583))
        let death = try #require(Instant(rfc3339: "2026-03-01T23:30:00Z"))
        let date = try #require(CivilDate(year: 2026, month: 3, day: 10))
        #expect(TimeSinceEvent.days(since: [death, .distantPast], at: date) == 8)
        #expect(TimeSinceEvent.days(since: [Instant](), at: date) == nil)
        #expect(TimeSinceEvent.days(since: [.distantFuture], at: date) == nil)
        // A report on a past month knows nothing of what came later; the first event begins the time.
        let first = try #require(Instant(rfc3339: "2025-03-10T04:00:00Z"))
        let events = [first, first.advanced(bySeconds: 100 * 86_400), death, .distantFuture]
        #expect(isClose(TimeSinceEvent.perYear(events, until: date), 2))
        #expect(TimeSinceEvent.perYear([first, .distantFuture], until: date) == nil)
        #expect(TimeSinceEvent.perYear([death, death.advanced(bySeconds: 86_400)], until: date) == nil)
    }

    /// Hauer's empirical Bayes: 12 before, 5 after, μ 6, k 0.4, exposure × 1.1.
    @Test func beforeAndAfter() throws {
        let study = try #require(
            BeforeAfter(before: 12, after: 5, mean: 6, overdispersion: 0.4, exposureRatio: 1.1))
        #expect(isClose(study.weight, 0.2941176470588235) && isClose(study.expectedBefore, 10.235294117647058))
        #expect(isClose(study.varianceBefore, 7.224913494809688) && isClose(study.expectedAfter, 11.258823529411766))
        #expect(isClose(study.effect, 0.41544477028348) && isClose(study.standardError, 0.201557007964464))
        #expect(isClose(study.interval()?.low, 0.02040029374877239))
        #expect(isClose(study.interval()?.high, 0.8104892468181876))
        #expect(isClose(study.naiveRatio, 0.3787878787878788))
        let none = try #require(BeforeAfter(before: 0, after: 0, mean: 6, overdispersion: 0.4))
        #expect(none.effect == 0 && none.naiveRatio == nil && none.interval().map { $0.high > 0.1 } ?? false)
    }

    @Test func comparisonGroup() throws {
        let study = try #require(
            ComparisonGroup(treatedBefore: 12, treatedAfter: 5, comparisonBefore: 200, comparisonAfter: 180))
        #expect(isClose(study.expectedAfter, 10.8) && isClose(study.ratio, 0.46296296296296297))
        #expect(isClose(study.effect, 0.42322668020992044) && isClose(study.logStandardError, 0.5421151989096864))
        #expect(isClose(study.interval()?.low, 0.15999151645981802))
        #expect(isClose(study.interval()?.high, 1.3396629384988432))
        #expect(ComparisonGroup(treatedBefore: 0, treatedAfter: 1, comparisonBefore: 1, comparisonAfter: 1) == nil)
    }

    /// The exact conditional limits of a table of two by two counts. Worked out with mpmath at 30 digits; scipy's
    /// `odds_ratio(…, kind="conditional")` gives the same, and so do, to the 1e-4 of its root finder, R's `fisher.test`
    /// of its own documentation (the twins of Fisher's `Convictions`: 0.003325764–0.363182271) and of a course's
    /// example (2, 10, 20, 13: 0.01256709–0.78740829).
    @Test(arguments: [
        (12, 5, 200, 180, 0.125509144989, 1.44836103354), (6, 3, 6, 9, 0.0397834170601, 2.45383247382),
        (12, 0, 200, 180, 0, 0.408042077465), (5, 0, 7, 7, 0, 1.62452746117), (0, 0, 3, 4, 0, .infinity),
        (10, 2, 3, 15, 0.00331716395066, 0.363189602357),
    ])
    func oddsRatios(
        _ treatedBefore: Int, _ treatedAfter: Int, _ comparisonBefore: Int, _ comparisonAfter: Int, low: Double,
        high: Double
    ) throws {
        let ratio = try #require(
            OddsRatio(
                treatedBefore: treatedBefore, treatedAfter: treatedAfter, comparisonBefore: comparisonBefore,
                comparisonAfter: comparisonAfter))
        #expect(isClose(ratio.interval()?.low, low) && isClose(ratio.interval()?.high, high))
        #expect(ratio.interval(confidence: 1) == nil)
    }

    @Test func oddsRatiosAsRPrintsThem() throws {
        let twins = try #require(
            OddsRatio(treatedBefore: 10, treatedAfter: 2, comparisonBefore: 3, comparisonAfter: 15)?.interval())
        #expect(isClose(twins.low, 0.003325764, within: 3e-3) && isClose(twins.high, 0.363182271, within: 1e-4))
        let course = try #require(
            OddsRatio(treatedBefore: 10, treatedAfter: 2, comparisonBefore: 13, comparisonAfter: 20)?.interval())
        #expect(isClose(course.low, 0.01256709, within: 3e-3) && isClose(course.high, 0.78740829, within: 1e-4))
        #expect(OddsRatio(treatedBefore: -1, treatedAfter: 0, comparisonBefore: 1, comparisonAfter: 1) == nil)
        #expect(OddsRatio(treatedBefore: .max, treatedAfter: 1, comparisonBefore: 1, comparisonAfter: 1) == nil)
    }

    /// By summation over all tables with the same sums: the limits hold the truth in 95 of 100, and in no fewer.
    @Test(arguments: [(9, 12, 24), (20, 30, 60), (3, 3, 40)], [0.1, 0.5, 1, 2.5])
    func oddsRatiosCoverAtLeastTheirLevel(sums: (treated: Int, after: Int, all: Int), truth: Double) throws {
        let (treated, after, all) = sums
        var (weight, total, covered) = (1.0, 0.0, 0.0)
        for count in max(0, treated + after - all)...min(treated, after) {
            let ratio = try #require(
                OddsRatio(
                    treatedBefore: treated - count, treatedAfter: count,
                    comparisonBefore: all - treated - after + count, comparisonAfter: after - count))
            total += weight
            if try #require(ratio.interval()).contains(truth) { covered += weight }
            weight *= truth * Double(treated - count) * Double(after - count)
            weight /= Double(count + 1) * Double(all - treated - after + count + 1)
        }
        #expect(covered / total >= 0.95)
    }

    /// Hangzhou's heavy trucks, 2019 and 2020.
    @Test func rightTurnShare() {
        #expect(isClose(DeathShare.impliedTotal(deaths: 65, share: 0.2876), 226.00834492350484))
        #expect(isClose(DeathShare.impliedTotal(deaths: 64, share: 0.3333), 192.01920192019202))
        #expect(DeathShare.impliedTotal(deaths: 1, share: 0) == nil)
    }
}
