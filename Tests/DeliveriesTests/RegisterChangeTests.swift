import Chronology
import Deliveries
import Geodesy
import Registers
import Testing

/// A change of the registers touches what it can change, and no more.
@Suite struct RegisterChangeTests {
    private static let change = Instant(seconds: 1_772_000_000)

    private static func plant(
        _ id: String, status: Plant.Status = .valid, kind: Plant.LicenceKind = .concrete, radius: Double = 200,
        period: ValidPeriod = .always
    ) -> Plant {
        Plant(
            plantID: id, name: id, licenceKind: kind, status: status, period: period,
            fence: .circle(
                center: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), radiusMetres: radius))
    }

    private static func difference(_ old: [Plant], _ new: [Plant]) -> RegisterChange {
        RegisterChange(from: RegisterSnapshot(plants: old), to: RegisterSnapshot(revision: 1, plants: new))
    }

    @Test func theSameRowsInAnotherOrderAreNoChange() {
        let rows = [Self.plant("P1"), Self.plant("P2")]
        #expect(Self.difference(rows, rows.reversed()).isEmpty)
    }

    @Test func aLicenceThatWasCorrectedMovesNoFence() {
        let change = Self.difference(
            [Self.plant("P1"), Self.plant("P2")], [Self.plant("P1", status: .revoked), Self.plant("P2")])
        #expect(change.plants == ["P1"] && change.sites.isEmpty && change.sharing == ["P2"])
        #expect(change.fences.isEmpty && change.moved.isEmpty && change.terminals.isEmpty)
    }

    /// Metres to the east of the plant that changed, both 200 m around: who may share its yard.
    @Test(arguments: [(0.0, true), (390, true), (410, false), (9000, false)])
    func whatIsLoadedInASharedYardIsTouched(metres: Double, isShared: Bool) {
        var other = Self.plant("P2")
        let middle = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        other.fence = .circle(center: middle.moved(metres: metres, bearingDegrees: 90), radiusMetres: 200)
        let change = Self.difference([Self.plant("P1"), other], [Self.plant("P1", status: .revoked), other])
        #expect(change.sharing == (isShared ? ["P2"] : []) && change.plants == ["P1"])
    }

    /// A change of status is a second row with adjoining dates; the plant stands where it stood.
    @Test func aSecondPeriodAtTheSamePlaceMovesNoFence() {
        let rows = [
            Self.plant("P1", period: ValidPeriod(from: .distantPast, to: Self.change)),
            Self.plant("P1", status: .suspended, period: ValidPeriod(from: Self.change, to: nil)),
        ]
        let change = Self.difference([Self.plant("P1")], rows)
        #expect(change.plants == ["P1"] && change.fences.isEmpty)
    }

    @Test func whatTheFoldReadsOffARowMovesIt() {
        let moved = Self.difference([Self.plant("P1")], [Self.plant("P1", radius: 300)])
        #expect(moved.moved == ["P1"] && moved.fences.count == 2)
        #expect(Self.difference([Self.plant("P1")], [Self.plant("P1", kind: .cement)]).moved == ["P1"])
        #expect(Self.difference([], [Self.plant("P1")]).fences.count == 1)
        let rows = [
            Self.plant("P1", period: ValidPeriod(from: .distantPast, to: Self.change)),
            Self.plant("P1", radius: 300, period: ValidPeriod(from: Self.change, to: nil)),
        ]
        #expect(Self.difference([Self.plant("P1")], rows).fences.count >= 2)
    }

    @Test func aVehicleTouchesItsTerminals() {
        func vehicles(_ rows: Vehicle...) -> RegisterSnapshot { RegisterSnapshot(vehicles: rows) }
        let one = Vehicle(plate: "浙F10001", terminal: "0013", kind: .mixer)
        let other = Vehicle(plate: "浙F10002", terminal: "T2", kind: .mixer)
        var moved = one
        moved.terminal = "T3"
        let change = RegisterChange(from: vehicles(one, other), to: vehicles(moved, other))
        #expect(change.terminals == ["13", "T3"])
        #expect(change.plants.isEmpty && change.fences.isEmpty)
    }
}
