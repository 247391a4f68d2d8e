import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

/// Which dark stretches are written down, and that none is missing by which a place may be read, in the town of `Trip`.
@Suite struct DarkStretchTests {
    /// Loaded at P1, poured at S1, dark around the hidden plant, and on to S2.
    private static func trip(_ minutes: Double) -> Trip {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.hidden - 800)
        trip.vanish(minutes, to: Trip.hidden + 900)
        trip.drive(to: Trip.otherSite)
        trip.stand(15)
        trip.drive(to: Trip.fuel)
        return trip
    }

    private static func stretches(of trip: Trip, in world: World = Trip.world()) -> [DarkStretch] {
        var fold = VehicleFold(terminal: Trip.terminal)
        var (stays, dark): ([StayRecord], [DarkStretch]) = ([], [])
        for report in trip.reports {
            _ = fold.take(report, receivedAt: report.recordedAt, in: world, stays: &stays, dark: &dark)
        }
        return dark
    }

    /// From five minutes on a load may lie in it, and from four hours on it is a rest.
    @Test(arguments: [(3.0, false), (6, true), (14, true), (230, true), (250, false)])
    func whereALoadMayLieIsWrittenDown(minutes: Double, isWritten: Bool) throws {
        let trip = Self.trip(minutes)
        let found = Self.stretches(of: trip)
        #expect(found.count == (isWritten ? 1 : 0))
        #expect(Self.stretches(of: trip, in: World(registers: RegisterSnapshot())) == found)
        guard let stretch = found.first else { return }
        #expect(stretch.terminal == Trip.terminal)
        #expect(abs(stretch.end.seconds(since: stretch.start) - minutes * 60) <= 2 * trip.interval)
        // At 45 km/h the reports are 188 m apart.
        #expect(stretch.from.nearbyMetres(to: Trip.point(Trip.hidden - 800)) < 400)
        #expect(stretch.to.nearbyMetres(to: Trip.point(Trip.hidden + 900)) < 400)
        #expect(stretch.reach.contains(stretch.from) && stretch.reach.contains(stretch.to))
    }

    /// The metres driven are a difference of sums, which rounding makes a hair more than the straight line, or less: no
    /// odometer has said that the truck went straight on.
    @Test(arguments: 0..<20)
    func howFarItCanHaveGoneDoesNotDependOnRounding(index: Int) throws {
        var trip = Trip()
        trip.drive(to: Trip.plant + Double(index) * 37)
        trip.drive(to: Trip.hidden - 800)
        trip.vanish(14, to: Trip.hidden + 900)
        trip.drive(to: Trip.otherPlant)
        let stretch = try #require(Self.stretches(of: trip).first)
        // Some 2.7 km to each side in the time that there was, and 1.1 km on a straight way.
        #expect(stretch.reach.north - max(stretch.from.latitudeE7, stretch.to.latitudeE7) > 200_000)
    }

    @Test func aTerminalThatSleepsIsNotInTheDark() {
        var trip = Trip()
        trip.drive(to: Trip.hidden)
        trip.stand(5)
        trip.vanish(60, to: Trip.hidden)
        trip.stand(5)
        #expect(Self.stretches(of: trip).isEmpty)
    }

    /// A plant beside the way makes another thing of the load only where the stretch reaches it.
    @Test(arguments: [6.0, 10, 60]) func whoseDeliveriesAPlantChangesIsFound(minutes: Double) {
        let trip = Self.trip(minutes)
        let stretches = Self.stretches(of: trip)
        let suspect = SuspectedPlace(id: "X1", coordinate: Trip.point(Trip.hidden), radiusMetres: 150)
        let without = trip.deliveries(in: World(registers: Trip.world().registers, suspectedPlaces: [suspect]))
        var (changed, left) = (0, 0)
        for east in [-800.0, 0, 2500] {
            for north in stride(from: 300.0, through: 9300, by: 750) {
                let plant = Plant(
                    plantID: "P3", name: "P3", licenceKind: .concrete, status: .valid, period: .always,
                    fence: .circle(center: Trip.point(Trip.hidden + east, north: north), radiusMetres: 100))
                let registers = Trip.world { $0.plants.append(plant) }.registers
                let isChanged =
                    trip.deliveries(in: World(registers: registers, suspectedPlaces: [suspect])) != without
                let box = plant.fence.boundingBox
                let isFound = stretches.contains { stretch in
                    stretch.reach.south <= box.north && box.south <= stretch.reach.north
                        && stretch.reach.west <= box.east && box.west <= stretch.reach.east
                }
                #expect(isFound || !isChanged, "\(east) \(north)")
                changed += isChanged ? 1 : 0
                left += isFound ? 0 : 1
            }
        }
        #expect(changed > 0 || minutes != 10)
        #expect(left > 0 || minutes == 60)
    }
}
