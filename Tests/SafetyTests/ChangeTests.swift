import Chronology
import Registers
import Safety
import Testing

/// Control charts and before-and-after as the page draws them, from registers to sentences.
@Suite struct ChangeTests {
    private static func date(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: year, month: month, day: day))
    }

    /// So many accidents on the 5th of each month from January of the year on.
    private static func accidents(_ counts: [Int], from year: Int) throws -> [Accident] {
        var accidents: [Accident] = []
        for (index, count) in counts.enumerated() {
            let day = try Self.date(year + index / 12, index % 12 + 1, 5)
            for number in 0..<count {
                accidents.append(
                    Accident(
                        accidentID: "\(index)-\(number)",
                        occurredAt: Instant(startOf: day, at: .shanghai).advanced(bySeconds: 3600),
                        deathsWithin7Days: number == 0 ? 3 : 0, deathsWithin30Days: number == 0 ? 3 : 0))
            }
        }
        return accidents
    }

    /// A year of 6 is 0.5 a month: the series of the vectors S22 and S23, with the reference rounded to quarters.
    @Test func theChartIsThatOfTheVectors() throws {
        let series = [0, 1, 0, 0, 2, 1, 0, 2, 1, 3, 0, 2]
        // The register is kept from 2025 on, so that January without an accident has a count.
        let accidents = try Self.accidents([1], from: 2025) + Self.accidents(series, from: 2026)
        var question = RateQuestion(year: 2026, baselineYear: 2025, today: try Self.date(2026, 12, 31))
        let control = try #require(
            ControlSeries(accidents, question: question, baseline: Observation(count: 6, exposure: 18e6)))
        #expect(control.usual == 0.5 && control.usualYears == 2025...2025 && control.months.map(\.count) == series)
        // k 0.75 and the lowest threshold whose false alarms are more than ten years apart: 4 (190 months, S22).
        #expect(control.threshold == 4)
        #expect(isClose(control.monthsToFalseAlarm, 189.64967354799433))
        #expect(isClose(control.monthsToDoubling, 13.655821092240942))
        let sums = [0, 0.25, 0, 0, 1.25, 1.5, 0.75, 2, 2.25, 4.5, 3.75, 5]
        #expect(zip(control.months.map(\.sum), sums).allSatisfy { isClose($0, $1) })
        #expect(control.months.filter(\.isSignal).map(\.month.month) == [10, 12])
        #expect(control.months.filter(\.isAverageSignal).map(\.month.month) == [10, 12])
        #expect(isClose(control.months.last?.average, 1.2423894548480003))
        // 4.5, 3.75 and 5: at the alarm, below it, at it again; rising since the sum was last 0 in April.
        #expect(
            control.sumAlarms.map(\.from.month) == [10, 12] && control.sumAlarms.map(\.risingSince?.month) == [5, 5])
        let said = control.sentence
        #expect(said.zh.contains("累积和自 2026-12 起报警，至 2026-12 未解除（约自 2026-05 起上升）（此前另有 1 段）"))
        #expect(said.zh.contains("加权均值自 2026-12 起报警") && said.zh.contains("应查明原因"))
        #expect(said.en.contains("every 190 months on average") && said.en.contains("since 2026-12 (rising from about"))

        // What was an alarm and is none any more is said, too.
        question.today = try Self.date(2026, 11, 30)
        let november = try #require(
            ControlSeries(accidents, question: question, baseline: Observation(count: 6, exposure: 18e6)))
        #expect(november.sentence.zh.contains("累积和曾于 2026-10 报警，现已回落"))
        #expect(november.sentence.en.contains("was at an alarm in 2026-10 and has come back"))
        #expect(!november.sentence.zh.contains("应查明原因"))

        // A month that goes on is not compared with whole ones.
        question.today = try Self.date(2026, 6, 20)
        let half = try #require(
            ControlSeries(accidents, question: question, baseline: Observation(count: 6, exposure: 18e6)))
        #expect(half.months.count == 5)
        #expect(half.sentence.zh.contains("2026-01 至 2026-05 累积和与加权均值均未报警"))
        question.today = try Self.date(2026, 2, 10)
        let january = try #require(
            ControlSeries(accidents, question: question, baseline: Observation(count: 6, exposure: 18e6)))
        #expect(january.sentence.zh.contains("：2026-01 累积和") && !january.sentence.zh.contains(" 至 "))
        #expect(january.sentence.en.contains("at an alarm in 2026-01.") && !january.sentence.en.contains(" to 2026-01"))
        // Deaths are drawn as fatal accidents, of which a baseline of deaths knows nothing: the register's is usual.
        question.numerator = .deaths7Days
        let fatal = try #require(
            ControlSeries(accidents, question: question, baseline: Observation(count: 6, exposure: 18e6)))
        #expect(fatal.numerator == .fatalAccidents && fatal.usual == 1.0 / 12 && fatal.usualYears == 2025...2025)
    }

    @Test func withoutABaselineTheYearsBeforeAreUsual() throws {
        let accidents = try Self.accidents(Array(repeating: 1, count: 30), from: 2024)
        let question = RateQuestion(year: 2026, today: try Self.date(2026, 7, 31))
        let control = try #require(ControlSeries(accidents, question: question, baseline: nil))
        #expect(control.usual == 1 && control.usualYears == 2024...2025)
        #expect(control.months.map(\.count) == [1, 1, 1, 1, 1, 1, 0])
        #expect(!control.months.contains { $0.isSignal })
        // One year alone has nothing before it.
        let first = RateQuestion(year: 2024, today: try Self.date(2024, 12, 31))
        #expect(ControlSeries(accidents, question: first, baseline: nil) == nil)
        #expect(ControlSeries([], question: question, baseline: Observation(count: 6, exposure: 1)) == nil)
    }

    /// Months before the register's first accident are not known: no zeros are drawn of them. A baseline that the
    /// register has from a month on is divided by these months.
    @Test func theChartBeginsWithTheRegister() throws {
        let accidents = try Self.accidents([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2], from: 2026)
        let question = RateQuestion(year: 2026, baselineYear: 2015, today: try Self.date(2026, 11, 30))
        var baseline = Observation(count: 6, exposure: 18e6)
        let control = try #require(ControlSeries(accidents, question: question, baseline: baseline))
        #expect(control.months.map(\.month.month) == [9, 10, 11] && control.months.map(\.count) == [1, 0, 2])
        baseline.countedSince = try Self.date(2015, 7, 3)
        #expect(ControlSeries(accidents, question: question, baseline: baseline)?.usual == 1)
        let before = RateQuestion(year: 2026, baselineYear: 2015, today: try Self.date(2026, 8, 31))
        #expect(ControlSeries(accidents, question: before, baseline: baseline) == nil)
    }

    /// A register that began in December says nothing of what is usual in a month, and months to come have no count.
    @Test func lessThanAYearIsNoMeasureAndTheFutureNoZero() throws {
        let late = try Self.accidents([2, 1, 1, 1, 1], from: 2026).map { accident in
            var moved = accident
            moved.occurredAt = accident.occurredAt.advanced(bySeconds: -31 * 86_400)
            return moved
        }
        let question = RateQuestion(year: 2026, today: try Self.date(2026, 7, 31))
        #expect(ControlSeries(late, question: question, baseline: nil) == nil)
        let years = try Self.accidents(Array(repeating: 1, count: 30), from: 2024)
        let future = RateQuestion(year: 2027, today: try Self.date(2026, 7, 31))
        #expect(ControlSeries(years, question: future, baseline: nil) == nil)
    }

    /// Whatever is usual, the threshold keeps false alarms ten years apart, and larger counts do not trap.
    @Test(arguments: [1, 3, 12, 60, 240, 1200, 100_000])
    func thresholdsForAnyLevel(perYear: Int) throws {
        let accidents = try Self.accidents([1], from: 2026)
        let question = RateQuestion(year: 2026, baselineYear: 2015, today: try Self.date(2026, 12, 31))
        let control = ControlSeries(accidents, question: question, baseline: Observation(count: perYear, exposure: 1))
        guard let control else { return #expect(perYear > 1000) }
        #expect(control.monthsToFalseAlarm >= 120 && control.monthsToDoubling < control.monthsToFalseAlarm)
    }

    /// A report about May that is made in December counts up to the end of May.
    @Test func aReportCountsUpToItsMonth() throws {
        var registers = SafetyRegisters()
        registers.accidents = try Self.accidents(Array(repeating: 1, count: 12), from: 2026)
        let roster = SafetyRoster(registers)
        var question = RateQuestion(year: 2026, today: try Self.date(2026, 12, 31))
        #expect(RateTable(question, roster: roster, ledgers: [:], extent: nil).row(.city).count == 12)
        question.countsUntil = try Self.date(2026, 5, 31)
        #expect(RateTable(question, roster: roster, ledgers: [:], extent: nil).row(.city).count == 5)
        // What is dated after today has not happened.
        question.countsUntil = nil
        question.today = try Self.date(2026, 5, 31)
        #expect(RateTable(question, roster: roster, ledgers: [:], extent: nil).row(.city).count == 5)
    }

    /// As the vector S29, in words: 3 after 243 of 365 days under a ceiling of 6.
    @Test func theRestOfAYear() throws {
        let card = DefinitionCard(numerator: .accidents, denominator: .vehicleKilometres, baselineYear: 2015)
        func rate(_ month: Int, _ day: Int, _ exposure: Double) throws -> AccidentRate {
            AccidentRate(
                scope: .city, from: try Self.date(2026, 1, 1), to: try Self.date(2026, month, day), card: card,
                observed: Observation(count: 3, exposure: exposure), baseline: Observation(count: 12, exposure: 12e6))
        }
        let sentence = try #require(RateSentences.finish(try rate(8, 31, 8e6 * 243 / 365 * 12 / 8)))
        #expect(sentence.zh.contains("全年上限 6") && sentence.zh.contains("约 86%"))
        #expect(RateSentences.finish(try rate(12, 31, 12e6)) == nil)
    }

    private static func rate(
        _ name: String, _ before: Int, _ after: Int, _ exposure: Double? = 10e6, coverage: Double = 1
    ) throws -> AccidentRate {
        AccidentRate(
            scope: .company(name), from: try Self.date(2026, 1, 1), to: try Self.date(2026, 12, 31),
            card: DefinitionCard(numerator: .accidents, denominator: .vehicleKilometres, baselineYear: 2015),
            observed: Observation(count: after, exposure: exposure, coverage: coverage),
            baseline: Observation(count: before, exposure: 10e6))
    }

    /// Four companies that differ by chance alone: the worst one's fall is what it would have had anyway.
    @Test func theWorstOfManyFallsByItself() throws {
        let table = try #require(
            BeforeAfterTable([
                Self.rate("甲", 6, 3), Self.rate("乙", 2, 3), Self.rate("丙", 1, 3), Self.rate("丁", 3, 3),
            ]))
        #expect(table.rows.map(\.name) == ["甲", "乙", "丙", "丁"] && table.overdispersion < 0.2)
        let worst = table.rows[0]
        #expect(worst.effect?.naiveRatio == 0.5)
        #expect(try #require(worst.effect).effect > 0.6, "regression to the mean is taken off")
        #expect(try #require(worst.effectInterval).high > 1)
        #expect(table.improved.isEmpty && table.sentence(before: 2015, after: 2026).zh.contains("不能说"))
        let compared = try #require(worst.comparison)
        #expect(isClose(compared.expectedAfter, 6 * 9.0 / 6) && isClose(compared.ratio, 3 / 9.0))
        // No ratio without its limits: the plain one has the exact ones of two counts, that beside the others the wider
        // of the two there are.
        let naive = try #require(worst.naiveInterval)
        let exact = try #require(RateRatio(count: 3, exposure: 10e6, baselineCount: 6, baselineExposure: 10e6))
        #expect(naive == exact.interval() && naive.low < 0.5 && naive.high > 1)
        let interval = try #require(worst.comparisonInterval)
        #expect(isClose(interval.low, 0.0397834170601) && isClose(interval.high, 2.45383247382))
        #expect(try #require(compared.interval()).high < interval.high)
    }

    /// With no accident after there is no logarithm, but an upper limit all the same; with none before no ratio, but a
    /// lower one.
    @Test func noneAfterAndNoneBeforeHaveLimitsToo() throws {
        let table = try #require(
            BeforeAfterTable([Self.rate("甲", 5, 0), Self.rate("乙", 7, 7), Self.rate("丙", 0, 2)]))
        let (none, begun) = (table.rows[0], table.rows[2])
        #expect(none.name == "甲" && none.comparison?.ratio == 0 && none.comparison?.interval() == nil)
        #expect(none.comparisonInterval?.low == 0)
        #expect(try #require(none.comparisonInterval).high > 1 && isClose(none.naiveInterval?.high, 1.0912791052))
        #expect(begun.name == "丙" && begun.effect?.naiveRatio == nil && begun.comparison == nil)
        #expect(begun.naiveInterval?.high == .infinity && begun.comparisonInterval == nil)
        for row in table.rows {
            #expect((row.effect?.naiveRatio == nil) || row.naiveInterval != nil, "\(row.name)")
            #expect((row.comparison == nil) == (row.comparisonInterval == nil), "\(row.name)")
        }
    }

    @Test func companiesWithoutExposureHaveNoPart() throws {
        let rates = try [
            Self.rate("甲", 6, 3), Self.rate("乙", 2, 3, nil), Self.rate("丙", 1, 3), Self.rate("丁", 3, 0, 0),
        ]
        #expect(BeforeAfterTable(rates) == nil, "two are no population")
        #expect(BeforeAfterTable(try rates + [Self.rate("戊", 0, 0)])?.rows.count == 3)
        // All its accidents over a tenth of its kilometres would be an accusation.
        #expect(BeforeAfterTable(try rates + [Self.rate("戊", 1, 1, 1e6, coverage: 0.1)]) == nil)
        #expect(BeforeAfterTable(try (0..<5).map { try Self.rate("\($0)", 0, 2) }) == nil)
        // Two accidents and then none prove nothing.
        let few = try #require(BeforeAfterTable(try (0..<8).map { try Self.rate("\($0)", $0 % 3, 0) }))
        #expect(few.improved.isEmpty && few.rows.allSatisfy { $0.effect?.effect == 0 })
        // A fall that is no luck: all others stayed as they were.
        let real = try #require(
            BeforeAfterTable(try (0..<8).map { try Self.rate("\($0)", 40, $0 == 3 ? 12 : 40) }))
        #expect(real.improved.map(\.name) == ["3"])
        #expect(real.sentence(before: 2015, after: 2026).en.contains("1 lies below 1 (3)"))
        // All of them had half: that is the city's fall, and nobody's own.
        let together = try #require(BeforeAfterTable(try (0..<4).map { try Self.rate("\($0)", 20, 10) }))
        #expect(together.rows.allSatisfy { $0.effectInterval.map { $0.high < 1 } ?? false })
        #expect(together.improved.isEmpty)
    }

    /// One accident that was a right turn is told as well as many are.
    @Test func rightTurnsInWords() throws {
        let start = Instant(startOf: try Self.date(2026, 3, 2), at: .shanghai)
        let moments = [true, nil].map { isRightTurn in
            AccidentMoment(
                accident: Accident(accidentID: "1", occurredAt: start, isRightTurn: isRightTurn), terminal: "T1",
                camera: .ok, holds: [])
        }
        let said = try #require(RateSentences.rightTurns(moments))
        #expect(said.zh.hasPrefix("写明是否右转的 1 起中右转 1 起（100%，95% 区间 "))
        #expect(
            said.en.hasPrefix("Accidents that say whether they were right turns: 1; right turns among them: 1 (100%"))
        #expect(said.en.hasSuffix("with a known truck: 1, with its camera known ok: 1."))
    }

    @Test(arguments: [
        ([CameraCondition.ok], CameraCondition.ok), ([.ok, .lost], .lost), ([.unknown, .ok], .unknown), ([], .unknown),
        ([.occluded, .unknown], .occluded),
    ])
    func theWorstOfTheMinuteCounts(conditions: [CameraCondition], expected: CameraCondition) {
        let start = Instant(microseconds: 1_000_000_000_000_000)
        let spans = conditions.enumerated().map { index, condition in
            CameraSpan(
                condition: condition, from: start.advanced(bySeconds: Double(index) * 20),
                to: start.advanced(bySeconds: Double(index + 1) * 20))
        }
        #expect(AccidentMoment.camera(at: start, spans: spans) == expected)
    }
}
