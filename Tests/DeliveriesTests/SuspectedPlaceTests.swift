import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

/// Deliveries in a world that knows suspected plants (the second pass), and the halts that the search for them reads.
@Suite struct SuspectedPlaceTests {
    private static let suspect = SuspectedPlace(id: "X1", coordinate: Trip.point(Trip.hidden), radiusMetres: 60)

    private static func world(_ kind: Vehicle.Kind = .mixer) -> World {
        World(registers: Trip.world(kind: kind).registers, suspectedPlaces: [Self.suspect])
    }

    /// From the hidden plant to a place that no register knows, and then a day's honest work.
    private static func black(load: Double = 8, drum: Double? = nil, drumAtLoad: Double? = nil) -> Trip {
        var trip = Trip()
        trip.drum = drum
        trip.drive(to: Trip.hidden)
        trip.stand(load, drum: drumAtLoad)
        trip.drive(to: 7000)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        return trip
    }

    @Test func theFirstBlackTripIsSeen() {
        let trip = Self.black()
        #expect(Trip.short(trip.deliveries()) == "P1>S1")
        let found = trip.deliveries(in: Self.world())
        #expect(Trip.short(found) == "X1>?|P1>S1")
        #expect(found.first?.origin.kind == .suspectedPlant)
        #expect(found.first?.destination.kind == .unknown)
        #expect(found.first?.origin.coordinate.map { $0.distanceMetres(to: Trip.point(Trip.hidden)) < 20 } ?? false)
    }

    /// Too short, too long, and a drum that shows that nothing was taken: no load.
    @Test(arguments: [(2.5, nil, nil), (60, nil, nil), (8, 2, nil)] as [(Double, Double?, Double?)])
    func aHaltThereIsNotAlwaysALoad(minutes: Double, drum: Double?, drumAtLoad: Double?) {
        let found = Self.black(load: minutes, drum: drum, drumAtLoad: drumAtLoad).deliveries(in: Self.world())
        #expect(!Trip.short(found).contains("X1"))
    }

    @Test func aFullTruckThatHaltsThereIsNotLoadedAgain() {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.hidden)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries(in: Self.world())) == "P1>S1")
    }

    @Test func cementThatIsUnloadedThereIsNamed() {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(20)
        trip.drive(to: Trip.hidden)
        trip.stand(50)
        trip.drive(to: Trip.plant)
        trip.stand(20)
        var world = Self.world(.bulkCement)
        var registers = world.registers
        registers.plants[0].licenceKind = .cement
        world = World(registers: registers, suspectedPlaces: [Self.suspect])
        let found = trip.deliveries(in: world)
        #expect(Trip.short(found) == "P1>X1")
        #expect(found.first?.destination.kind == .suspectedPlant)
    }

    /// The halts are those of the track, each once, whatever is registered or suspected.
    @Test(arguments: 0..<8) func haltsAreWrittenDownOnce(seed: UInt64) {
        let reports = VehicleFoldPropertyTests.wildTrip(seed: seed).reports
        var (cleaner, track) = (TrackCleaner(), Track())
        var expected: [StayRecord] = []
        for report in reports {
            let (fix, isRestart): (Fix, Bool)
            switch cleaner.take(report, AnalysisParameters.standard.cleaning) {
            case .accepted(let accepted): (fix, isRestart) = (accepted, false)
            case .restarted(let restarted): (fix, isRestart) = (restarted, true)
            case .withoutFix, .frozen, .spike, .notLater: continue
            }
            expected += track.take(fix, isRestart: isRestart, .standard).ended
                .map { StayRecord($0, of: Trip.terminal) }
        }
        for world in [Trip.world(), Self.world(), World(registers: RegisterSnapshot())] {
            var fold = VehicleFold(terminal: Trip.terminal)
            var stays: [StayRecord] = []
            for report in reports { _ = fold.take(report, receivedAt: report.recordedAt, in: world, stays: &stays) }
            #expect(stays == expected)
            #expect(fold.openStay == track.stay.map { StayRecord($0.soFar, of: Trip.terminal) })
        }
        #expect(!expected.isEmpty)
    }
}
