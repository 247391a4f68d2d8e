import Chronology
import Geodesy
import Registers
@testable import Safety
import Telemetry
import Testing

/// Exposure by truck and day.
@Suite struct ExposureTests {
    /// The scene begins in the early morning.
    private let day = Scene.start.date(at: .shanghai)

    private func date(_ offset: Int) -> CivilDate { CivilDate(daysSince1970: self.day.daysSince1970 + offset) }

    private func second(ofDay offset: Int) -> Double {
        Instant(startOf: self.date(offset), at: .shanghai).seconds(since: Scene.start)
    }

    @Test func kilometresAndHours() {
        let reports = (0...100).map { Scene.position(Double($0) * 30) }
        let exposure = ExposureDay.derive(truck: "T", date: self.day, reports: reports).amounts
        #expect(isClose(exposure.kilometres, 30, within: 0.001))
        #expect(isClose(exposure.movingHours, 3000.0 / 3600))
        #expect(exposure.days == 1 && exposure.coverage == 1 && exposure.agreement == nil)
    }

    @Test func standingDrivesNothing() {
        var reports = (0...100).map { Scene.position(Double($0) * 30, speed: 0) }
        for index in reports.indices {
            reports[index].coordinate = Coordinate(
                latitudeE7: 307_000_000 + Int32(index % 3) * 400, longitudeE7: 1_207_000_000)
        }
        let exposure = ExposureDay.derive(truck: "T", date: self.day, reports: reports).amounts
        #expect(exposure.drivenMillimetres == 0 && exposure.movingMicroseconds == 0 && exposure.days == 1)
        #expect(exposure.coverage == nil)
    }

    @Test func theOdometerWinsAndItsAgreementIsShown() {
        // 10 m units: 1.1 times the straight line.
        let reports = (0...100).map { Scene.position(Double($0) * 30, odometer: Int32($0 * 33)) }
        let exposure = ExposureDay.derive(truck: "T", date: self.day, reports: reports).amounts
        #expect(isClose(exposure.kilometres, 33) && isClose(exposure.agreement, 1.1, within: 0.001))
        // An odometer that was reset or jumps is not believed, and the fixes count.
        let broken = [0, 1, 2, 3].map { Scene.position(Double($0) * 30, odometer: [9000, 9030, 0, 900_000][$0]) }
        let fixes = ExposureDay.derive(truck: "T", date: self.day, reports: broken).amounts
        #expect(isClose(fixes.kilometres, 0.9, within: 0.001) && fixes.odometerMillimetres == 300_000)
    }

    @Test func aGapIsBridgedAndNotSeen() {
        let reports = [0, 30, 60, 1260, 1290].map { Scene.position($0) }
        let exposure = ExposureDay.derive(truck: "T", date: self.day, reports: reports).amounts
        #expect(isClose(exposure.kilometres, 12.9, within: 0.001))
        #expect(isClose(exposure.coverage, 0.9 / 12.9, within: 0.001))
        #expect(isClose(exposure.movingHours, 90.0 / 3600))
        let withOdometer = [0, 30, 60, 1260, 1290].map { Scene.position($0, odometer: Int32($0)) }
        let better = ExposureDay.derive(truck: "T", date: self.day, reports: withOdometer).amounts
        #expect(isClose(better.kilometres, 12.9) && isClose(better.coverage, 0.9 / 12.9))
    }

    @Test func spikesAndFixlessReportsDriveNothing() {
        var reports = (0...20).map { Scene.position(Double($0) * 30) }
        reports[7].coordinate = Coordinate(latitudeE7: 317_000_000, longitudeE7: 1_207_000_000)
        reports[9].hasFix = false
        reports[11].coordinate = Coordinate(latitudeE7: 0, longitudeE7: 0)
        let exposure = ExposureDay.derive(truck: "T", date: self.day, reports: reports).amounts
        #expect(isClose(exposure.kilometres, 6, within: 0.001))
    }

    /// A drive over two midnights: the stream, and each day by itself in any order, give the same numbers, and the days
    /// together are the drive.
    @Test func daysAreExactInAnyOrder() throws {
        let first = self.second(ofDay: 1) - 20_000
        let reports = (0...4000).map { index in
            Scene.position(first + Double(index) * 30, odometer: Int32(index * 31))
        }
        var fold = ExposureFold(truck: "T")
        var streamed: [DayExposure] = []
        for report in reports { streamed += fold.take(report) }
        streamed.append(try #require(fold.soFar()))
        #expect(streamed.map(\.date) == [self.date(0), self.date(1), self.date(2)])
        for offset in [2, 0, 1] {
            let start = Instant(startOf: self.date(offset), at: .shanghai)
            let end = Instant(startOf: self.date(offset + 1), at: .shanghai)
            let alone = ExposureDay.derive(
                truck: "T", date: self.date(offset), reports: reports.reversed(),
                before: reports.last { $0.recordedAt < start }, after: reports.first { $0.recordedAt >= end })
            #expect(alone == streamed[offset])
        }
        let table = ExposureTable(streamed.shuffled(seed: 7) + streamed)
        #expect(table.total.drivenMillimetres == Int64(4000 * 310_000))
        #expect(table.total.movingMicroseconds == 4000 * 30_000_000)
        #expect(table.total.days == 3)
    }

    /// The terminal was silent for two days and the odometer went on.
    @Test func silentDaysGetTheOdometersKilometres() {
        let start = self.second(ofDay: 1) - 3600
        var fold = ExposureFold(truck: "T")
        #expect(fold.take(Scene.position(start, odometer: 0)).isEmpty)
        var later = Scene.position(start, odometer: 20_000)
        later.recordedAt = later.recordedAt.advanced(bySeconds: 3 * 86_400)
        let days = fold.take(later)
        #expect(days.map(\.date) == [self.date(0), self.date(1), self.date(2)])
        let table = ExposureTable(days + [fold.soFar()].compactMap { $0 })
        #expect(table.total.drivenMillimetres == 200_000_000 && table.total.coverage == 0)
        #expect(table.total.days == 2)
    }

    @Test func sumsByCompanyDistrictKindAndMonth() throws {
        var amounts = ExposureAmounts()
        amounts.drivenMillimetres = 1_000_000
        let vehicles = [
            Vehicle(plate: "A", terminal: "1", kind: .mixer, company: "甲"),
            Vehicle(plate: "B", terminal: "2", kind: .bulkCement, company: "乙"),
        ]
        let table = ExposureTable(
            ["A", "B", "C"].flatMap { truck in
                [0, 1, 40].map { DayExposure(truck: truck, date: self.date($0), amounts: amounts) }
            })
        let sums = table.sums(
            in: RegisterIndex(RegisterSnapshot(vehicles: vehicles)), districts: ["甲": "330481"])
        #expect(sums.count == 6)
        let key = ExposureKey(
            company: "甲", district: "330481", kind: .mixer, year: self.day.year, month: self.day.month)
        #expect(sums[key]?.kilometres == 2)
        #expect(sums.filter { $0.key.company == nil }.count == 2)
        #expect(sums.values.reduce(0) { $0 + $1.drivenMillimetres } == table.total.drivenMillimetres)
    }

    @Test func vehiclesAreCountedByDays() throws {
        let (first, last) = (
            try #require(CivilDate(year: 2026, month: 1, day: 1)),
            try #require(CivilDate(year: 2026, month: 12, day: 31))
        )
        func vehicle(_ plate: String, _ from: (Int, Int)?, _ to: (Int, Int)?) throws -> Vehicle {
            let from = try from.map { try #require(CivilDate(year: 2026, month: $0.0, day: $0.1)) }
            let to = try to.map { try #require(CivilDate(year: 2026, month: $0.0, day: $0.1)) }
            let period = from.map { ValidPeriod(from: $0, through: to) } ?? ValidPeriod.always
            return Vehicle(plate: plate, terminal: plate, kind: .mixer, period: period)
        }
        func days(_ vehicles: [Vehicle]) -> Int {
            RegisteredVehicles.Days(vehicles, from: first, to: last).count(from: first, to: last)
        }
        #expect(days([try vehicle("A", nil, nil)]) == 365)
        #expect(days([try vehicle("A", (1, 1), (1, 31)), try vehicle("A", (2, 1), (2, 28))]) == 59)
        #expect(days([try vehicle("A", (1, 1), (1, 31)), try vehicle("A", (1, 15), (2, 28))]) == 59)
        #expect(days([try vehicle("A", (12, 31), nil), try vehicle("B", (1, 1), (1, 1))]) == 2)
        #expect(days([]) == 0)
        // A stretch of what was read, and one that ends before it begins.
        let all = RegisteredVehicles.Days([try vehicle("A", nil, nil)], from: first, to: last)
        #expect(all.count(from: first, to: first) == 1)
        let none = RegisteredVehicles.Days([try vehicle("A", nil, nil)], from: last, to: first)
        #expect(none.count(from: first, to: last) == 0)
    }

    @Test func extremeReportsDoNotTrap() {
        var reports = [Scene.position(0, odometer: .min), Scene.position(30, odometer: .max)]
        reports[1].speed = .max
        _ = ExposureDay.derive(truck: "T", date: self.day, reports: reports)
        var past = Scene.position(0)
        past.recordedAt = .distantPast
        var future = Scene.position(1)
        future.recordedAt = .distantFuture
        _ = ExposureDay.derive(truck: "T", date: self.day, reports: [past, future], before: past, after: future)
        var fold = ExposureFold(truck: "T")
        for report in [past, Scene.position(0), future] { _ = fold.take(report) }
    }
}

extension Array {
    /// An order that differs from the given one and is the same each time.
    fileprivate func shuffled(seed: Int) -> [Element] {
        self.enumerated().sorted { ($0.offset * seed + 3) % 11 < ($1.offset * seed + 3) % 11 }.map(\.element)
    }
}
