import Chronology
import Registers
import Safety
import Testing

/// Rates over 36 whole months: which months they hold, what they add up, and what they are compared with.
@Suite struct RollingRateTests {
    private static func day(_ year: Int, _ month: Int, _ day: Int = 1) -> CivilDate {
        CivilDate(year: year, month: month, day: day) ?? CivilDate(daysSince1970: 0)
    }

    private static func accident(_ id: String, _ date: CivilDate) -> Accident {
        Accident(accidentID: id, occurredAt: Instant(startOf: date, at: .shanghai).advanced(bySeconds: 3600))
    }

    /// An accident on the 5th of each month of 2020–2026, and one truck.
    private static var registers: SafetyRegisters {
        var registers = SafetyRegisters()
        registers.vehicles = [Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer, capacityCubicMetres: 8)]
        registers.accidents = (0..<84).map { Self.accident("\($0)", Self.day(2020 + $0 / 12, $0 % 12 + 1, 5)) }
        return registers
    }

    /// A thousand kilometres a day from the first of a month to the last of another, all seen, and a load a month.
    private static func ledger(
        _ from: CivilDate, _ to: CivilDate, roster: SafetyRoster, perDay: Int64 = 1000
    ) -> SafetyLedger {
        var stretches: [TerminalStretch] = []
        var loads: [LoadCount] = []
        var first = CivilDate(daysSince1970: from.daysSince1970 - from.day + 1)
        while first <= to {
            let last = min(to, Self.day(first.year, first.month, CivilDate.days(inMonth: first.month, of: first.year)))
            let days = Int64(last.daysSince1970 - max(first, from).daysSince1970 + 1)
            var sums = SafetyDay()
            (sums.exposure.days, sums.exposure.drivenMillimetres) = (days, perDay * days * 1_000_000)
            stretches.append(TerminalStretch(terminal: "T1", from: max(first, from), to: last, sums: sums))
            loads.append(
                LoadCount(
                    terminal: "T1", date: last, plant: nil, deliveries: 1, ticketedDeliveries: 0, loads: 1,
                    ticketedLoads: 0, ticketLitres: 0))
            first = CivilDate(daysSince1970: last.daysSince1970 + 1)
        }
        return SafetyLedger(from: from, to: to, months: stretches, loads: loads, roster: roster)
    }

    /// Of a question of 2026 asked on a day, with telemetry from a day on.
    private static func rolling(
        _ registers: SafetyRegisters = Self.registers, today: CivilDate, since first: CivilDate = Self.day(2020, 1),
        _ change: (inout RateQuestion) -> Void = { _ in }
    ) -> RollingRates {
        var question = RateQuestion(year: 2026, today: today)
        change(&question)
        let roster = SafetyRoster(registers)
        let ledger = Self.ledger(first, today, roster: roster)
        var ledgers: [Int: SafetyLedger] = [:]
        for year in question.years where year >= first.year {
            let period = question.period(of: year)
            ledgers[year] = Self.ledger(max(first, period.from), period.to, roster: roster)
        }
        return RateTable(question, roster: roster, ledgers: ledgers, extent: (first, today))
            .rolling(.city, ledger: ledger)
    }

    /// Of a month that goes on nothing is told; on its last day it is over.
    @Test(arguments: [
        (Self.day(2026, 6, 15), Self.day(2026, 5, 31)), (Self.day(2026, 6, 30), Self.day(2026, 6, 30)),
        (Self.day(2026, 1, 30), Self.day(2025, 12, 31)), (Self.day(2027, 3, 1), Self.day(2026, 12, 31)),
    ])
    func aWindowIsThirtySixWholeMonths(today: CivilDate, end: CivilDate) throws {
        let rolling = Self.rolling(today: today)
        let row = try #require(rolling.current)
        #expect(row.periodTo == end && rolling.last == end && row.count == 36)
        let from = Self.day(end.month == 12 ? end.year - 2 : end.year - 3, end.month % 12 + 1)
        #expect(row.periodFrom == from)
        // A thousand kilometres a day.
        #expect(row.exposure == Double(end.daysSince1970 - from.daysSince1970 + 1) * 1000 && row.coverage == 1)
        #expect(row.rate.map { isClose($0, 36e6 / (row.exposure ?? 0)) } == true)
        // Garwood of 36: χ²(0.025; 72)/2 and χ²(0.975; 74)/2.
        let interval = try #require(row.interval)
        #expect(isClose(interval.low * (row.exposure ?? 0) / 1e6, 25.2139574173, within: 1e-6))
        #expect(isClose(interval.high * (row.exposure ?? 0) / 1e6, 49.8391744892, within: 1e-6))
        let stretch = try #require(RollingRates.stretch(RateQuestion(year: 2026, today: today)))
        #expect(stretch.to == end && stretch.from <= row.periodFrom)
    }

    @Test func aYearThatHasNotBegunHasNone() {
        let none = Self.rolling(today: Self.day(2026, 6, 15)) { $0.year = 2027 }
        #expect(none == RollingRates() && none.sentence == RollingRates.missing && none.cautions.isEmpty)
    }

    /// Three whole years are what these years are, each by itself, added up; whatever the denominator.
    @Test(arguments: DefinitionCard.Denominator.allCases)
    func threeYearsAreTheSumOfTheirYears(denominator: DefinitionCard.Denominator) throws {
        let today = Self.day(2026, 12, 31)
        let row = try #require(Self.rolling(today: today) { $0.denominator = denominator }.current)
        let roster = SafetyRoster(Self.registers)
        var (count, exposure) = (0, 0.0)
        for year in 2024...2026 {
            var question = RateQuestion(year: year, today: today)
            question.denominator = denominator
            let ledger = Self.ledger(Self.day(year, 1), Self.day(year, 12, 31), roster: roster)
            let one = RateTable(
                question, roster: roster, ledgers: [year: ledger], extent: (Self.day(2020, 1), today)
            ).row(.city)
            count += one.count
            exposure += try #require(one.exposure)
        }
        #expect(row.count == count && isClose(row.exposure, exposure))
        #expect(denominator != .vehicles || isClose(exposure, 3))
        #expect(row.definition == "accidents/\(denominator.rawValue);exposure=telemetry;period=36m;v6")
        #expect(DefinitionRegister.entry(of: row.definition)?.text.period == .months36)
        let unseen = RateTable(RateQuestion(year: 2026, today: today), roster: roster, ledgers: [:], extent: nil)
        #expect(unseen.rolling(.city, ledger: nil).rows.isEmpty, "nothing was driven, as far as anybody knows")
    }

    /// The last window and the first share no month; those between share 35 with their neighbours.
    @Test func onlyWindowsWithoutACommonMonthAreCompared() throws {
        var registers = Self.registers
        // 36 in the 36 months before, 12 in the last.
        registers.accidents.removeAll { accident in
            let date = accident.occurredAt.date(at: .shanghai)
            return date >= Self.day(2023, 7) && date.month % 3 != 0
        }
        let rolling = Self.rolling(registers, today: Self.day(2026, 6, 30))
        #expect(rolling.rows.count == RollingRates.ends)
        let (current, before) = (try #require(rolling.current), try #require(rolling.before))
        #expect(before.periodTo == Self.day(2023, 6, 30) && current.periodFrom == Self.day(2023, 7))
        #expect(current.count == 12 && before.count == 36)
        let change = try #require(rolling.change)
        #expect(change.count == 12 && change.baselineCount == 36)
        #expect(isClose(change.ratio, 12.0 / 36 * (before.exposure ?? 0) / (current.exposure ?? 0)))
        let interval = try #require(change.interval())
        #expect(interval.high < 1)
        let said = rolling.sentence
        #expect(said.zh.hasPrefix("36 个月滚动：2023-07-01 至 2026-06-30：12 起事故"))
        #expect(said.zh.contains("（2020-07-01 至 2023-06-30）为 36 起事故，率之比 0.33（95% 区间 ") && !said.zh.contains("相容"))
        #expect(said.en.contains("had 36 accidents: ratio of the rates 0.33 (95 % interval "))
        #expect(rolling.cautions.first?.en.hasPrefix("Neighbouring points share 35 months") == true)
        // All alike: the interval holds 1, and the sentence says so.
        let steady = Self.rolling(today: Self.day(2026, 6, 30)).sentence
        #expect(steady.zh.contains("与没有变化相容") && steady.en.contains("compatible with no change"))
    }

    /// Where half of a window was not seen nobody says what changed.
    @Test func whatWasNotSeenIsNotCompared() throws {
        let rolling = Self.rolling(today: Self.day(2026, 6, 30), since: Self.day(2022, 1))
        #expect(rolling.change == nil && rolling.sentence.en.contains("not compared"))
        let before = try #require(rolling.before)
        #expect(isClose(before.coverage, 546.0 / 1095) && !before.isWellSeen, "18 months of 36")
        #expect(rolling.current?.coverage == 1)
    }

    /// Years before the telemetry are as reported, whole or not at all.
    @Test func reportedYearsAreTakenWhole() throws {
        var registers = Self.registers
        registers.baselines = [2021, 2022, 2023].map {
            Baseline(year: $0, vehicleKilometres: 2e6, accidents: 5, source: "yearbook")
        }
        let rolling = Self.rolling(registers, today: Self.day(2026, 12, 31), since: Self.day(2024, 1))
        // Ends of 2023, 2024, 2025, and 2026, in which nothing reported is left.
        #expect(rolling.rows.map(\.periodTo.year) == [2023, 2024, 2025, 2026])
        #expect(rolling.rows.allSatisfy { $0.periodTo.month == 12 })
        #expect(rolling.rows.map(\.count) == [15, 5 + 5 + 12, 5 + 24, 36])
        #expect(rolling.rows.map(\.observation.reportedYears) == [0, 2, 1, 0])
        #expect(rolling.rows.map(\.card.exposureSource) == [.reported, .telemetry, .telemetry, .telemetry])
        #expect(isClose(rolling.rows[1].exposure, 4e6 + 366_000) && isClose(rolling.rows[1].coverage, 1))
        #expect(rolling.rows[1].definition.hasSuffix(";v6;reported_years=2"))
        for row in rolling.rows { #expect(DefinitionRegister.entry(of: row.definition) != nil) }
        // The methods differ.
        #expect(rolling.change == nil)
        let asked = Self.rolling(registers, today: Self.day(2026, 12, 31), since: Self.day(2024, 1)) {
            $0.exposure = .reported
        }
        #expect(asked.rows.map(\.periodTo.year) == [2023] && asked.current == nil)
        let mixed = Self.rolling(registers, today: Self.day(2024, 12, 31), since: Self.day(2024, 1)) { $0.year = 2024 }
        #expect(mixed.cautions.contains { $0.zh.contains("其中 2 年为上报数") })
    }

    /// Half of the measured part was seen, beside reported years that count as seen.
    @Test func theCoverageIsThatOfTheWhole() throws {
        var registers = Self.registers
        registers.vehicles.append(Vehicle(plate: "浙F00002", terminal: "T2", kind: .mixer))
        registers.baselines = [2022, 2023].map { Baseline(year: $0, vehicleKilometres: 500_000, accidents: 5) }
        let today = Self.day(2024, 12, 31)
        let rolling = Self.rolling(registers, today: today, since: Self.day(2024, 1)) { $0.year = 2024 }
        let row = try #require(rolling.current)
        #expect(isClose(row.exposure, 1_366_000) && isClose(row.coverage, 1_366_000 / (1_000_000 + 732_000)))
    }

    /// Before the register of accidents began nobody counted, and a month without a registered truck or a word has no
    /// exposure that anybody knows: neither is 0.
    @Test func whatNobodyKnowsMakesNoRate() {
        var late = Self.registers
        late.accidents.removeAll { $0.occurredAt.date(at: .shanghai) < Self.day(2024, 1) }
        let rolling = Self.rolling(late, today: Self.day(2026, 6, 30))
        #expect(rolling.rows.isEmpty && rolling.sentence == RollingRates.missing)
        #expect(!Self.rolling(late, today: Self.day(2026, 12, 31)).rows.isEmpty)
        // A register that began within the window says so; a window before its first accident has no rate.
        late.accidents.removeAll { $0.occurredAt.date(at: .shanghai) < Self.day(2024, 9) }
        late.baselines = [2022, 2023].map { Baseline(year: $0, vehicleKilometres: 2e6, accidents: 5) }
        let begun = Self.rolling(late, today: Self.day(2024, 12, 31), since: Self.day(2024, 1)) { $0.year = 2024 }
        #expect(begun.current?.count == 14 && begun.current?.observation.countedSince == Self.day(2024, 9, 5))
        #expect(begun.current?.definition.contains(";counted_since=2024-09-05;reported_years=2") == true)
        #expect(begun.cautions.contains { $0.zh.contains("最早的一起在 2024-09-05") })
        late.accidents.removeAll { $0.occurredAt.date(at: .shanghai) < Self.day(2025, 1) }
        let unknown = Self.rolling(late, today: Self.day(2024, 12, 31), since: Self.day(2024, 1)) { $0.year = 2024 }
        #expect(unknown.rows.isEmpty)
        var bought = Self.registers
        bought.vehicles[0].period = ValidPeriod(from: Self.day(2026, 1), through: nil)
        let young = Self.rolling(bought, today: Self.day(2026, 6, 30), since: Self.day(2026, 1))
        #expect(young.rows.isEmpty, "the kilometres of half a year under the accidents of three")
    }

    /// The baseline year stands beside windows that do not hold it, and the target is told of these alone.
    @Test func aWindowIsNotComparedWithAYearOfItsOwn() throws {
        var registers = Self.registers
        registers.baselines = [Baseline(year: 2015, vehicleKilometres: 1e6, accidents: 72, source: "yearbook")]
        let rolling = Self.rolling(registers, today: Self.day(2026, 6, 30)) { $0.baselineYear = 2015 }
        let row = try #require(rolling.current)
        #expect(row.baseline?.count == 72 && isClose(row.ratio, 36e6 / 1_096_000 / 72) && row.target != nil)
        #expect(row.definition.contains(";period=36m;baseline=2015;v6;baseline_exposure=reported"))
        let inside = Self.rolling(registers, today: Self.day(2026, 6, 30)) { $0.baselineYear = 2021 }
        // 2021 is in every window that ends by November 2024.
        #expect(inside.rows.first?.baseline == nil && inside.rows.first?.card.baselineYear == nil)
        #expect(inside.rows.first?.definition.contains("baseline") == false)
        #expect(inside.rows.filter { $0.baseline == nil }.map(\.periodTo).max() == Self.day(2024, 11, 30))
        #expect(inside.current?.baseline != nil)
    }
}
