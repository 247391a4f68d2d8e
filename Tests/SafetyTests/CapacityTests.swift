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
