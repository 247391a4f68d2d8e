import Chronology
import Registers
import Safety
import Testing

/// The values of the regulators' indicators, from a ledger and registers in which every number is known.
@Suite struct QualityTableTests {
    private static func day(_ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: 2026, month: month, day: day) ?? CivilDate(daysSince1970: 0)
    }

    private static func vehicle(
        _ number: Int, _ company: String?, kind: Vehicle.Kind = .mixer, until: CivilDate? = nil
    ) -> Vehicle {
        Vehicle(
            plate: "浙F0000\(number)", terminal: "T\(number)", kind: kind, company: company, capacityCubicMetres: 8,
            period: ValidPeriod(from: Self.day(1, 1), through: until))
    }

    /// Four trucks of two companies and one that left in February; A is of the district 330481, B of 330402.
    private static var roster: SafetyRoster {
        var registers = SafetyRegisters()
        registers.vehicles = [
            Self.vehicle(1, "A"), Self.vehicle(2, "A"), Self.vehicle(3, "B", kind: .mortar), Self.vehicle(4, "B"),
            Self.vehicle(5, "A", until: Self.day(2, 10)),
        ]
        registers.companies = [Company(company: "A", district: "330481"), Company(company: "B", district: "330402")]
        registers.districts = [
            District(district: "330481", name: "海宁市"), District(district: "330402", name: "南湖区"),
        ]
        return SafetyRoster(registers)
    }

    /// - Parameters:
    ///   - track: kilometres of track, and of them complete.
    ///   - records: stored, and of them qualified.
    private static func sums(
        track: (Int64, Int64), records: (Int64, Int64), jumps: Int64 = 0, ok: Int64 = 0, moving: Int64 = 0,
        turns: (ok: Int64, unknown: Int64) = (0, 0)
    ) -> SafetyDay {
        var sums = SafetyDay()
        sums.exposure.days = 3
        (sums.track.trackMillimetres, sums.track.completeMillimetres) = (track.0 * 1_000_000, track.1 * 1_000_000)
        (sums.track.records, sums.track.qualified) = records
        sums.track.jumpDays = jumps
        sums.camera.movingMicroseconds.ok = ok * 3_600_000_000
        sums.camera.movingMicroseconds.unknown = (moving - ok) * 3_600_000_000
        (sums.camera.turns.ok, sums.camera.turns.unknown) = (turns.ok, turns.unknown)
        return sums
    }

    private static var ledger: SafetyLedger {
        func stretch(_ terminal: String, _ month: Int, _ sums: SafetyDay) -> TerminalStretch {
            TerminalStretch(terminal: terminal, from: Self.day(month, 2), to: Self.day(month, 9), sums: sums)
        }
        func load(_ terminal: String, _ deliveries: Int64, _ ticketed: Int64) -> LoadCount {
            LoadCount(
                terminal: terminal, date: Self.day(3, 5), plant: "P1", deliveries: deliveries,
                ticketedDeliveries: ticketed, loads: deliveries, ticketedLoads: ticketed, ticketLitres: 0)
        }
        var silent = Self.sums(track: (0, 0), records: (0, 0))
        silent.exposure.days = 0
        return SafetyLedger(
            from: Self.day(2, 1), to: Self.day(3, 31),
            months: [
                stretch("T1", 3, Self.sums(track: (100, 90), records: (1000, 950), ok: 6, moving: 8, turns: (3, 1))),
                stretch("T2", 3, Self.sums(track: (50, 50), records: (500, 500), jumps: 1, ok: 1, moving: 2)),
                stretch("T3", 3, Self.sums(track: (10, 5), records: (100, 60))), stretch("T4", 3, silent),
                stretch("X9", 3, Self.sums(track: (40, 40), records: (400, 400))),
                stretch("T1", 2, Self.sums(track: (7, 7), records: (70, 70))),
            ],
            loads: [load("T1", 6, 3), load("T2", 2, 0), load("T3", 2, 0)], roster: Self.roster)
    }

    private static var facts: QualityFacts {
        var facts = QualityFacts()
        facts.firstDays = ["T1": Self.day(2, 2), "T2": Self.day(3, 2), "T3": Self.day(3, 2), "X9": Self.day(3, 2)]
        facts.refused = [
            ("T1", Self.day(3, 6), 25), ("T3", Self.day(3, 6), 100), (nil, Self.day(3, 7), 75),
            ("T1", Self.day(2, 28), 9),
        ]
        facts.platform = [
            (Self.day(3, 30), 86_400, 86_400), (Self.day(3, 31), 86_400, 82_080), (Self.day(2, 27), 86_400, 0),
        ]
        facts.tickets = [
            ("浙F00001", Self.day(3, 5), 5, 3), ("浙F00003", Self.day(3, 5), 3, 0),
            ("沪A99999", Self.day(3, 5), 2, 1), ("浙F00001", Self.day(2, 20), 50, 50),
        ]
        facts.ticketsSince = Self.day(2, 20)
        return facts
    }

    private static func row(
        _ breakdown: RateBreakdown, _ scope: RateScope, month: Int = 3, facts: QualityFacts = Self.facts
    ) throws -> QualityRow {
        let rows = QualityTable.rows(by: breakdown, ledger: Self.ledger, roster: Self.roster, facts: facts)
        return try #require(rows.first { $0.scope == scope && $0.month == Self.day(month, 1) })
    }

    private static func check(_ row: QualityRow, _ expected: [QualityIndicator: (Int64, Int64)?]) {
        for indicator in QualityIndicator.allCases {
            let share = row.counts.share(indicator)
            let wanted = expected[indicator] ?? nil
            #expect(share?.part == wanted?.0 && share?.whole == wanted?.1, "\(row.scope.text) \(indicator)")
        }
    }

    /// All ten by hand. The truck that left is not required any more; one never connected is no part of those online;
    /// what an unregistered terminal sent is received and not qualified; refused messages are received.
    @Test func theCityInMarch() throws {
        Self.check(
            try Self.row(.city, .city),
            [
                .connected: (3, 4), .online: (3, 3), .trackComplete: (185_000, 200_000),
                .dataQualified: (1510, 2000 + 200), .drifting: (1, 3), .platformUp: (168_480, 172_800),
                .cameraEffective: (7 * 3_600_000_000, 10 * 3_600_000_000), .rightTurnEffective: (3, 4),
                .ticketed: (3, 10), .tracked: (4, 10),
            ])
    }

    /// Each has its own trucks, messages and tickets, and none has the platform.
    @Test func companiesAndDistrictsHaveTheirOwn() throws {
        let ofA: [QualityIndicator: (Int64, Int64)?] = [
            .connected: (2, 2), .online: (2, 2), .trackComplete: (140_000, 150_000), .dataQualified: (1450, 1525),
            .drifting: (1, 2), .platformUp: nil, .cameraEffective: (7 * 3_600_000_000, 10 * 3_600_000_000),
            .rightTurnEffective: (3, 4), .ticketed: (3, 8), .tracked: (3, 5),
        ]
        Self.check(try Self.row(.company, .company("A")), ofA)
        Self.check(try Self.row(.district, .district("330481")), ofA)
        let ofB: [QualityIndicator: (Int64, Int64)?] = [
            .connected: (1, 2), .online: (1, 1), .trackComplete: (5000, 10_000), .dataQualified: (60, 200),
            .drifting: (0, 1), .ticketed: (0, 2), .tracked: (0, 3),
        ]
        Self.check(try Self.row(.company, .company("B")), ofB)
        Self.check(try Self.row(.district, .district("330402")), ofB)
        Self.check(
            try Self.row(.kind, .kind(.mortar)),
            [
                .connected: (1, 1), .online: (1, 1), .trackComplete: (5000, 10_000), .dataQualified: (60, 200),
                .drifting: (0, 1), .ticketed: (0, 2), .tracked: (0, 3),
            ])
    }

    /// A month has what belongs to it, and a truck counts as required in the month in which it left.
    @Test func monthsAreToldApart() throws {
        Self.check(
            try Self.row(.city, .city, month: 2),
            [
                .connected: (1, 5), .online: (1, 1), .trackComplete: (7000, 7000), .dataQualified: (70, 79),
                .drifting: (0, 1), .platformUp: (0, 86_400), .tracked: (50, 50),
            ])
    }

    /// Where no ticket was ever imported a delivery without one is no failing: undefined, and it says why.
    @Test func withoutTicketsTheShareIsUndefined() throws {
        var facts = Self.facts
        (facts.tickets, facts.ticketsSince) = ([], nil)
        let company = try Self.row(.company, .company("B"), facts: facts)
        #expect(company.counts.share(.ticketed) == nil && company.counts.deliveries == 2)
        #expect(company.counts.reason(.ticketed)?.zh == "未导入发货单" && company.counts.reason(.tracked) != nil)
        // The same before the first of them; from its month on, none is none.
        facts.ticketsSince = Self.day(4, 1)
        #expect(try Self.row(.company, .company("B"), facts: facts).counts.share(.ticketed) == nil)
        facts.ticketsSince = Self.day(3, 31)
        let kept = try Self.row(.company, .company("B"), facts: facts).counts
        #expect(kept.share(.ticketed)?.value == 0 && kept.reason(.ticketed) == nil)
        #expect(kept.reason(.tracked)?.en == "nothing to divide by")
        // A ticket that was matched was imported, whoever may see the register.
        (facts.tickets, facts.ticketsSince) = ([], nil)
        #expect(try Self.row(.company, .company("A"), facts: facts).counts.share(.ticketed)?.part == 3)
    }
}
