import Chronology
import Registers
import Safety
import Testing

/// Exposure added up by groups, and what an error of it makes of a rate.
@Suite struct ExposureRowTests {
    private static func day(_ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: 2026, month: month, day: day) ?? CivilDate(daysSince1970: 0)
    }

    private static var roster: SafetyRoster {
        var registers = SafetyRegisters()
        registers.vehicles = [
            Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer, company: "A", capacityCubicMetres: 8),
            Vehicle(plate: "浙F00002", terminal: "T2", kind: .mortar, capacityCubicMetres: 6),
        ]
        registers.companies = [Company(company: "A", district: "330481")]
        return SafetyRoster(registers)
    }

    private static func stretch(_ terminal: String, _ date: CivilDate, kilometres: Int64) -> TerminalStretch {
        var sums = SafetyDay()
        (sums.exposure.days, sums.exposure.drivenMillimetres) = (1, kilometres * 1_000_000)
        return TerminalStretch(terminal: terminal, from: date, to: date, sums: sums)
    }

    private static func load(_ terminal: String, _ date: CivilDate) -> LoadCount {
        LoadCount(
            terminal: terminal, date: date, plant: nil, deliveries: 1, ticketedDeliveries: 0, loads: 1,
            ticketedLoads: 0, ticketLitres: 0)
    }

    /// A company's truck in two months, one without a company, one terminal that no register knows, and a load of a
    /// truck of another district, of whose driving nothing was heard.
    private static var ledger: SafetyLedger {
        SafetyLedger(
            from: Self.day(3, 1), to: Self.day(4, 30),
            months: [
                Self.stretch("T1", Self.day(3, 2), kilometres: 10), Self.stretch("T1", Self.day(4, 3), kilometres: 20),
                Self.stretch("T2", Self.day(3, 2), kilometres: 5), Self.stretch("U9", Self.day(3, 2), kilometres: 1),
            ],
            loads: [
                Self.load("T1", Self.day(3, 2)), Self.load("U9", Self.day(3, 2)), Self.load("X7", Self.day(3, 2)),
            ],
            roster: Self.roster)
    }

    @Test(arguments: [
        (ExposureBreakdown.city, [(ExposureRow.Group.city, 36.0, Int64(2), 8.0)]),
        (.company, [(.company("A"), 30, 1, 8)]), (.district, [(.district("330481"), 30, 1, 8)]),
        (.kind, [(.kind("mixer"), 30, 1, 8), (.kind("mortar"), 5, 0, 0), (.unregistered, 1, 1, 0)]),
        (.month, [(.month(Self.day(3, 1)), 16, 2, 8), (.month(Self.day(4, 1)), 20, 0, 0)]),
        (.truck, [(.truck("浙F00001"), 30, 1, 8), (.truck("浙F00002"), 5, 0, 0), (.terminal("U9"), 1, 1, 0)]),
        (.day, [(.day(Self.day(3, 2)), 16, 2, 8), (.day(Self.day(4, 3)), 20, 0, 0)]),
    ])
    func rowsAreThoseOfTheBreakdown(
        breakdown: ExposureBreakdown, expected: [(ExposureRow.Group, Double, Int64, Double)]
    ) {
        let rows = ExposureRow.rows(by: breakdown, Self.ledger)
        #expect(rows.map(\.group) == expected.map(\.0))
        #expect(rows.map(\.amounts.kilometres) == expected.map(\.1))
        #expect(rows.map(\.amounts.deliveries) == expected.map(\.2), "X7 is nobody's of this register")
        #expect(rows.map(\.amounts.cubicMetres) == expected.map(\.3))
    }

    /// Words of a camera without a position say nothing of the way; what is not known is no 0 km.
    @Test func whatNothingPlacesWasNotDrivenZeroKilometres() {
        var sums = SafetyDay()
        sums.camera.daysHeard = 1
        let word = TerminalStretch(terminal: "T2", from: Self.day(3, 2), to: Self.day(3, 2), sums: sums)
        let ledger = SafetyLedger(
            from: Self.day(3, 1), to: Self.day(3, 31),
            months: [Self.stretch("T1", Self.day(3, 2), kilometres: 0), word], roster: Self.roster)
        let rows = ExposureRow.rows(by: .truck, ledger)
        #expect(rows.map(\.group) == [.truck("浙F00001"), .truck("浙F00002")])
        #expect(rows.map(\.amounts.isPlaced) == [true, false], "the first was heard and stood")
    }

    /// The page's rows are those of its breakdowns, one after the other.
    @Test func thePageHasAllOfThem() {
        let all = ExposureRow.rows(Self.ledger)
        for breakdown in [ExposureBreakdown.city, .month, .kind, .district, .company] {
            for row in ExposureRow.rows(by: breakdown, Self.ledger) { #expect(all.contains(row), "\(row.group)") }
        }
        #expect(all.count == 8)
    }

    private func rate(
        _ denominator: DefinitionCard.Denominator = .vehicleKilometres, count: Int = 8, exposure: Double? = 20e6,
        coverage: Double = 1, baseline: Observation? = Observation(count: 12, exposure: 18e6)
    ) -> AccidentRate {
        AccidentRate(
            scope: .city, from: Self.day(1, 1), to: Self.day(12, 31),
            card: DefinitionCard(numerator: .accidents, denominator: denominator, baselineYear: 2015),
            observed: Observation(count: count, exposure: exposure, coverage: coverage), baseline: baseline)
    }

    /// 8 in 20 million km against 12 in 18 million: the probabilities at 21 and 19 million are the regularised
    /// incomplete beta function, worked out by numerical integration elsewhere.
    @Test func anErrorOfFivePerCent() throws {
        let sensitivity = try #require(ExposureSensitivity(self.rate()))
        #expect(isClose(sensitivity.rate.low, 0.4 / 1.05) && isClose(sensitivity.rate.high, 0.4 / 0.95))
        #expect(isClose(sensitivity.interval?.low, 0.1726917 / 1.05, within: 1e-6))
        #expect(isClose(sensitivity.interval?.high, 0.7881593 / 0.95, within: 1e-6))
        #expect(isClose(sensitivity.ratio?.low, 0.6 / 1.05) && isClose(sensitivity.ratio?.high, 0.6 / 0.95))
        #expect(isClose(sensitivity.probability?.low, 0.29819959307))
        #expect(isClose(sensitivity.probability?.high, 0.37807658756))
        let said = try #require(RateSentences.sensitivity(self.rate()))
        #expect(
            said.en
                == "If the vehicle-km were wrong by ±5%, the rate would be 0.38–0.42 (95 % interval at the widest 0.16–0.83), "
                + "the probability that the target is met about 30% to about 38% (the baseline as it is).")
        #expect(said.zh.hasSuffix("达标概率约 30%至约 38%（基准不变）。"))
    }

    @Test func whereThereIsNoRateThereIsNoError() throws {
        #expect(ExposureSensitivity(self.rate(.vehicles)) == nil, "the register counts vehicles")
        for exposure in [nil, 0, -1, Double.infinity] {
            #expect(ExposureSensitivity(self.rate(exposure: exposure)) == nil)
        }
        #expect(ExposureSensitivity(self.rate(count: -1)) == nil)
        // Too little was seen for words, not for figures.
        #expect(ExposureSensitivity(self.rate(coverage: 0.3)) != nil)
        #expect(RateSentences.sensitivity(self.rate(coverage: 0.3)) == nil)
        // Without a baseline there is no ratio, and none of the target.
        let alone = try #require(ExposureSensitivity(self.rate(baseline: nil)))
        #expect(alone.ratio == nil && alone.probability == nil && alone.interval != nil)
        // No accident: the rate is 0 whatever the kilometres, its upper limit is not.
        let none = try #require(ExposureSensitivity(self.rate(count: 0)))
        #expect(none.rate == Interval(low: 0, high: 0) && isClose(none.interval?.high, 3.6888794541 / 20 / 0.95))
    }
}
