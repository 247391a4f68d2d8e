import Chronology
import Deliveries
import Testing
import Tracks

/// A drum sensor that is mounted the wrong way round, and not declared so in the register of terminals.
@Suite struct DrumSenseTests {
    /// Loaded at P1, so many minutes where nothing is registered, and poured at S1; the drum's speeds on the way, at
    /// the plant, at the halt and at the site.
    private static func haul(
        _ trip: inout Trip, way: Double, plant: Double, halt: Double, site: Double, minutes: Double = 9
    ) {
        trip.drum = way
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: plant)
        trip.drive(to: 6500)
        trip.stand(minutes, drum: halt)
        trip.drive(to: Trip.site)
        trip.stand(15, drum: site)
    }

    private static func told(_ tell: (inout Trip) -> Void) -> [Delivery] {
        var trip = Trip()
        tell(&trip)
        trip.drive(to: Trip.depot)
        return trip.deliveries()
    }

    /// It refuelled, the drum mixing, which the sensor calls a discharge.
    @Test func aSensorThatShowsADischargeUnderTheLoaderTellsNoDirection() throws {
        let deliveries = Self.told { Self.haul(&$0, way: -2, plant: -11, halt: -2, site: 8) }
        #expect(Trip.short(deliveries) == "P1>S1~")
        let haul = try #require(deliveries.first?.haul)
        let halt = try #require(haul.halts.first { $0.place == nil })
        #expect(halt.evidence.dischargeSeconds == 0 && halt.evidence.drumKnownSeconds == 0)
        #expect(halt.evidence.doubtedSeconds ?? 0 >= 480, "what it said is kept, and is no evidence")
        #expect(haul.drop.doubtedSeconds != nil && haul.drop.loadingSeconds == 0)
    }

    /// The loader is slow, so that only the way tells.
    @Test func noDrumTurnsBackAllTheWayWithALoadInIt() {
        let told = Self.told { Self.haul(&$0, way: -2, plant: -4, halt: -2, site: 4) }
        #expect(Trip.short(told) == "P1>S1~")
    }

    @Test func aSensorThatIsRightShowsWhatIsSoldOnTheWay() {
        let told = Self.told { Self.haul(&$0, way: 2, plant: 10, halt: -8, site: -8) }
        #expect(Trip.short(told) == "P1>?~+S1~")
        let washed = Self.told { trip in
            // Emptied of wash water before the load, and loaded slowly.
            trip.drum = 2
            trip.drive(to: Trip.plant)
            trip.stand(4, drum: -10)
            Self.haul(&trip, way: 2, plant: 5, halt: -8, site: -8)
        }
        #expect(Trip.short(washed) == "P1>?~+S1~")
    }

    /// The sensor was put right in between.
    @Test func aLoadThatItShowsRightIsBelievedAgain() {
        let told = Self.told { trip in
            Self.haul(&trip, way: -2, plant: -11, halt: -2, site: 8)
            Self.haul(&trip, way: 2, plant: 10, halt: -8, site: -8)
        }
        #expect(Trip.short(told) == "P1>S1|P1>?~+S1~")
    }
}
