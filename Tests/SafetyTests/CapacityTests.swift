import Chronology
import Geodesy
import Registers
import Safety
import Testing

/// What plants may make and what was seen to leave them.
@Suite struct CapacityTests {
    private static func day(_ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: 2026, month: month, day: day))
    }

    private static func plant(_ id: String, capacity: Double?) throws -> Plant {
        let place = try #require(Coordinate(latitude: 30.7, longitude: 120.7))
        return Plant(
            plantID: id, name: id, licenceKind: .concrete, status: .valid, period: .always, district: "330411",
            capacityPerYear: capacity, fence: .circle(center: place, radiusMetres: 100))
    }

    /// One truck in April and another in May, 29 days each, 58 in all; every day each load is 10 m³ by its note.
    private static func board(_ plants: [Plant], loads: [(plant: String, litres: Int64)]) throws -> CapacityBoard {
        var registers = SafetyRegisters()
        registers.plants = plants
        registers.vehicles = [
            Vehicle(plate: "浙F00001", terminal: "T1", kind: .mixer),
            Vehicle(plate: "浙F00002", terminal: "T2", kind: .mixer),
        ]
        var sums = SafetyDay()
        sums.exposure.days = 29
        let stretches = [("T1", 4), ("T2", 5)]
        return CapacityBoard(
            year: 2026,
            ledger: SafetyLedger(
                from: try Self.day(1, 1), to: try Self.day(12, 31),
                months: try stretches.map {
                    TerminalStretch(
                        terminal: $0.0, from: try Self.day($0.1, 1), to: try Self.day($0.1, 29), sums: sums)
                },
                loads: try loads.map {
                    LoadCount(
                        terminal: "T1", date: try Self.day(4, 2), plant: $0.plant, deliveries: 1, ticketedDeliveries: 1,
                        loads: 1, ticketedLoads: 1, ticketLitres: $0.litres)
                }, roster: SafetyRoster(registers)), roster: SafetyRoster(registers))
    }

    /// 3,238 m³ in 58 days of a plant for 32,000 a year are 64 %, whichever truck was seen on which day.
    @Test func daysOfTwoTrucksAreDaysOfTheCity() throws {
        let board = try Self.board([try Self.plant("P1", capacity: 32_000)], loads: [("P1", 3_238_000)])
        #expect(board.days == 58)
        let row = try #require(board.plants.first)
        #expect(row.observed == 3238 && isClose(row.utilisation, 3238.0 / (32_000.0 * 58 / 365)))
        #expect(!row.isAboveCapacity && board.sentence.zh.contains("没有搅拌站持续超出"))
    }

    @Test func whoMakesMoreThanItMayIsNamed() throws {
        let plants = [try Self.plant("P1", capacity: 32_000), try Self.plant("P2", capacity: 32_000)]
        let board = try Self.board(plants, loads: [("P1", 6_000_000), ("P2", 4_000_000)])
        #expect(board.plants.map(\.isAboveCapacity) == [true, false])
        #expect(board.sentence.zh.contains("超出核定产能：P1，") && board.topThreeShare == 1)
        #expect(isClose(board.districts.first?.utilisation, 10_000.0 / (64_000.0 * 58 / 365)))
    }

    /// A plant that was licensed, or whose licence grew, in the year is measured by the licence of each day; and a leap
    /// year has 366.
    @Test func eachDayHasItsLicence() throws {
        func plant(_ id: String, _ capacity: Double, _ from: CivilDate, _ last: CivilDate?) throws -> Plant {
            var plant = try Self.plant(id, capacity: capacity)
            plant.period = ValidPeriod(from: from, through: last)
            return plant
        }
        let may = try Self.day(5, 1)
        let april = CivilDate(daysSince1970: may.daysSince1970 - 1)
        let plants = [
            try plant("P1", 32_000, may, nil), try plant("P2", 32_000, try Self.day(1, 1), april),
            try plant("P2", 64_000, may, nil),
        ]
        // The loads are of 2 April: P1 had no licence then, and its 29 days of May stand alone.
        let board = try Self.board(plants, loads: [("P1", 1_000_000), ("P2", 6_000_000)])
        #expect(board.plants.map(\.plantID) == ["P1", "P2"] && board.plants.map(\.capacity) == [32_000, 64_000])
        #expect(board.plants[0].observed == 1000 && board.plants[0].utilisation == 0)
        let allowed = 29 * (32_000.0 + 64_000) / 365
        #expect(isClose(board.plants[1].utilisation, 6000 / allowed))
        #expect(!board.plants[1].isAboveCapacity, "by April's licence alone it would be")
        #expect(isClose(board.districts.first?.utilisation, 6000 / (allowed + 29 * 32_000.0 / 365)))

        var registers = SafetyRegisters()
        registers.plants = [try Self.plant("P1", capacity: 36_600)]
        let roster = SafetyRoster(registers)
        let first = try #require(CivilDate(year: 2024, month: 1, day: 1))
        let heard = (0..<366).map { CivilDate(daysSince1970: first.daysSince1970 + $0) }
        let load = LoadCount(
            terminal: "T1", date: first, plant: "P1", deliveries: 1, ticketedDeliveries: 1, loads: 1, ticketedLoads: 1,
            ticketLitres: 36_600_000)
        let leap = CapacityBoard(
            year: 2024,
            ledger: SafetyLedger(
                from: first, to: heard[365], months: [], loads: [load], heard: heard, roster: roster), roster: roster)
        #expect(leap.days == 366 && isClose(leap.plants.first?.utilisation, 1, within: 1e-12))
    }

    /// What a plant without a known capacity made fills nobody else's.
    @Test func aDistrictDividesLikeByLike() throws {
        let plants = [try Self.plant("P1", capacity: nil), try Self.plant("P2", capacity: 32_000)]
        let board = try Self.board(plants, loads: [("P1", 6_000_000), ("P2", 2_000_000)])
        let district = try #require(board.districts.first)
        #expect(district.observed == 8000 && district.capacity == 32_000)
        #expect(isClose(district.utilisation, 2000.0 / (32_000.0 * 58 / 365)))
        #expect(board.plants.map { $0.utilisation == nil } == [true, false])
    }

    @Test func withoutAnyCapacityNothingIsSaid() throws {
        let board = try Self.board([try Self.plant("P1", capacity: nil)], loads: [("P1", 6_000_000)])
        #expect(board.districts.first?.utilisation == nil && board.sentence.zh.contains("登记表没有核定产能"))
    }
}
