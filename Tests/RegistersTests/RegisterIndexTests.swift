import Chronology
import Geodesy
import Registers
import Testing

@Suite struct RegisterIndexTests {
    private func vehicle(_ plate: String, _ terminal: String, _ from: Int64?, _ to: Int64?) -> Vehicle {
        let start = from.map { Instant(seconds: $0) } ?? .distantPast
        return Vehicle(
            plate: plate, terminal: terminal, kind: .mixer,
            period: ValidPeriod(from: start, to: to.map { Instant(seconds: $0) }))
    }

    private var vehicles: [Vehicle] {
        [
            self.vehicle("A", "0138", nil, 100), self.vehicle("A", "77", 100, nil), self.vehicle("B", "138", 50, 200),
            self.vehicle("C", "T", nil, nil), self.vehicle("D", "T", 60, nil), self.vehicle("D", "U", 60, 61),
        ]
    }

    @Test(
        arguments: [
            // The very same name wins while its row is valid, then the one without leading zeros.
            ("138", 60, "B"), ("0138", 60, "A"), ("0138", 150, "B"), ("138", 10, "A"), ("00138", 10, "A"),
            ("138", 200, nil), ("77", 99, nil), ("77", 100, "A"), ("077", 100, "A"),
            // Two trucks with one terminal: the one registered last.
            ("T", 0, "C"), ("T", 60, "D"), ("t", 60, nil), ("", 0, nil),
        ] as [(String, Int64, String?)])
    func terminalsAreFoundByNameAndTime(terminal: String, second: Int64, plate: String?) {
        for rows in [self.vehicles, self.vehicles.reversed()] {
            let index = RegisterIndex(RegisterSnapshot(vehicles: rows))
            #expect(index.vehicle(terminal: terminal, at: Instant(seconds: second))?.plate == plate)
        }
    }

    @Test(
        arguments: [
            ("138", 60, 99, true), ("138", 10, 60, false), ("0138", 60, 99, true), ("0138", 60, 150, false),
            ("138", 60, 200, false), ("138", 201, 300, true), ("T", 0, 59, true), ("T", 59, 60, false),
            ("x", 0, 9, true),
            // A row of another name begins; the one with the very same name holds on.
            ("0138", 10, 60, true),
        ] as [(String, Int64, Int64, Bool)])
    func whetherATerminalWasHandedOverIsTold(terminal: String, one: Int64, other: Int64, isSame: Bool) {
        let index = RegisterIndex(RegisterSnapshot(vehicles: self.vehicles))
        let (one, other) = (Instant(seconds: one), Instant(seconds: other))
        #expect(index.isSameVehicle(terminal: terminal, at: one, and: other) == isSame)
        #expect(index.isSameVehicle(terminal: terminal, at: other, and: one) == isSame)
    }

    @Test func platesAreFoundByTime() {
        let index = RegisterIndex(RegisterSnapshot(vehicles: self.vehicles))
        #expect(index.vehicle(plate: "A", at: Instant(seconds: 99))?.terminal == "0138")
        #expect(index.vehicle(plate: "A", at: Instant(seconds: 100))?.terminal == "77")
        #expect(index.vehicle(plate: "E", at: Instant(seconds: 100)) == nil)
        #expect(index.knows(terminal: "000138"))
        #expect(!index.knows(terminal: "139"))
    }

    @Test(
        arguments: [
            // A truck gets another plate, and a terminal another truck.
            ("138", 0, 49, ["A"]), ("138", 0, 50, ["A", "B"]), ("138", 60, 300, ["B"]), ("138", 200, 300, []),
            ("0138", 0, 150, ["A", "B"]), ("0138", 0, 99, ["A"]), ("T", 0, 100, ["C", "D"]), ("T", 70, 70, ["D"]),
            ("77", 0, 99, []), ("X", 0, 99, []),
        ] as [(String, Int64, Int64, [String])])
    func platesOfATerminalAreFoundByAStretchOfTime(terminal: String, from: Int64, to: Int64, plates: [String]) {
        let index = RegisterIndex(RegisterSnapshot(vehicles: self.vehicles))
        #expect(index.plates(terminal: terminal, from: Instant(seconds: from), to: Instant(seconds: to)) == plates)
    }

    @Test func plantsAndSitesAreFoundByTheRowOfTheHour() throws {
        let fence = Fence.circle(center: Coordinate(latitudeE7: 1, longitudeE7: 1), radiusMetres: 50)
        let day = try #require(CivilDate(year: 2026, month: 3, day: 2))
        let next = try #require(CivilDate(year: 2026, month: 3, day: 3))
        let plants = [
            (Plant.Status.valid, ValidPeriod(from: day, through: day)), (.revoked, .init(from: next, through: nil)),
        ]
        .map {
            Plant(
                plantID: "P", name: "n", licenceKind: .concrete, status: $0.0, period: $0.1, fence: fence)
        }
        let site = Site(
            siteID: "S", name: "n", status: .active, period: ValidPeriod(from: next, through: nil), fence: fence)
        let place = Place(placeID: "L", name: "n", kind: .wash, fence: fence)
        let index = RegisterIndex(RegisterSnapshot(plants: plants.reversed(), sites: [site], places: [place]))
        let change = Instant(startOf: next, at: .shanghai)
        #expect(index.plant("P", at: change)?.status == .revoked)
        #expect(index.plant("P", at: change.advanced(bySeconds: -1e-6))?.status == .valid)
        #expect(index.plant("P", at: change.advanced(bySeconds: -86401)) == nil)
        #expect(index.plants("P").map(\.status) == [.valid, .revoked])
        #expect(index.site("S", at: change) == site)
        #expect(index.sites("X").isEmpty)
        #expect(index.place("L") == place)
    }
}
