import Chronology
import Deliveries
import Geodesy
import Registers
import Testing

/// A plant inside the fence of the site that it supplies, in the town of `Trip`: SP (r 400, from -200 to 600) holds the
/// whole of P1 (r 100 at 0); the pour is at 450.
@Suite struct OwnPlantTests {
    private static let pour = 450.0

    private static let world = Trip.world { registers in
        registers.sites.append(
            Site(
                siteID: "SP", name: "SP", status: .active, period: .always,
                fence: .circle(center: Trip.point(200), radiusMetres: 400)))
    }

    /// Stands at these places for so many minutes each, and drives slowly between two that are near each other.
    private static func told(_ stands: [(Double, Double)], from east: Double = Trip.depot, every: Double = 15) -> String
    {
        var trip = Trip(at: east)
        trip.interval = every
        var last = east
        for (place, minutes) in stands {
            trip.drive(to: place, kmh: abs(place - last) < 1000 ? 15 : 45)
            trip.stand(minutes)
            last = place
        }
        return Trip.short(trip.deliveries(in: Self.world))
    }

    /// Loads, pours within the site, loads again and goes out; and with two rounds within.
    @Test(arguments: [5.0, 15, 30]) func whatIsPouredInItsOwnSiteIsADelivery(interval: Double) {
        let out = [(Trip.plant, 10.0), (Trip.site, 15), (Trip.otherPlant, 10)]
        let round = [(Trip.plant, 10.0), (Self.pour, 15)]
        #expect(Self.told(round + out, every: interval) == "P1>SP|P1>S1")
        #expect(Self.told(round + round + out, every: interval) == "P1>SP|P1>SP|P1>S1")
    }

    /// Another plant's load is unloaded there, whether or not the truck is loaded at the site's own plant then.
    @Test func aLoadFromElsewhereIsDeliveredThere() {
        let there = [(Trip.otherPlant, 10.0), (Self.pour, 15)]
        let start = Trip.otherPlant - 2000
        #expect(Self.told(there + [(Trip.otherPlant, 10)], from: start) == "P2>SP")
        let then = [(Trip.plant, 10.0), (Trip.site, 15), (Trip.otherPlant, 10)]
        #expect(Self.told(there + then, from: start) == "P2>SP|P1>S1")
    }

    /// Waiting empty for the plant is no drop, not even after one elsewhere; nor are a stand beside its fence with the
    /// load, or one that is too short to convince.
    @Test func whoWaitsBesideItDropsNothing() {
        let out = [(Trip.plant, 10.0), (Trip.site, 15)]
        let end = [(Trip.otherPlant, 10.0)]
        #expect(Self.told([(-150, 20)] + out + end) == "P1>S1")
        #expect(Self.told(out + [(350, 20)] + out + end) == "P1>S1|P1>S1")
        #expect(Self.told([(Trip.plant, 10), (160, 12), (Trip.site, 15)] + end) == "P1>S1")
        #expect(Self.told([(Trip.plant, 10), (Self.pour, 5), (Trip.site, 15)] + end) == "P1>S1")
    }
}
