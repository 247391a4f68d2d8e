import Chronology
import Deliveries
import Geodesy
import Registers
import Testing

/// A building site inside the fence of the plant that supplies it, in the town of `Trip`: S9 (r 60) lies 300 m from the
/// middle of P1, whose fence is wide enough for both.
@Suite struct NestedSiteTests {
    private static let inner = 300.0

    private static func world(plantRadius: Double = 500) -> World {
        Trip.world { registers in
            registers.plants[0].fence = .circle(center: Trip.point(Trip.plant), radiusMetres: plantRadius)
            registers.sites.append(
                Site(
                    siteID: "S9", name: "S9", status: .active, period: .always,
                    fence: .circle(center: Trip.point(Self.inner), radiusMetres: 60)))
        }
    }

    private static func trip(atSite minutes: Double, noise: Double = 6, _ rest: (inout Trip) -> Void) -> Trip {
        var trip = Trip()
        trip.noise = noise
        trip.drive(to: Trip.plant)
        trip.stand(10)
        trip.drive(to: Self.inner, kmh: 15)
        trip.stand(minutes)
        rest(&trip)
        return trip
    }

    /// Loads, unloads inside the fence, loads again and goes out.
    @Test(arguments: [5.0, 15, 30, 60]) func bothDeliveriesAreSeen(interval: Double) throws {
        var trip = Trip()
        trip.interval = interval
        trip.drive(to: Trip.plant)
        trip.stand(10)
        let left = trip.time
        trip.drive(to: Self.inner, kmh: 15)
        trip.stand(15)
        trip.drive(to: Trip.plant, kmh: 15)
        let back = trip.time
        trip.stand(10)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.otherPlant)
        trip.stand(10)
        let found = trip.deliveries(in: Self.world())
        #expect(Trip.short(found) == "P1>S9|P1>S1")
        try #require(found.count == 2)
        let (first, second) = (found[0], found[1])
        let (end, begin) = (try #require(first.loadEnd), try #require(second.loadStart))
        #expect(abs(end.seconds(since: left)) <= 60 + interval)
        #expect(first.unloadEnd <= begin && abs(begin.seconds(since: back)) <= 240 + interval)
    }

    @Test func aTruckThatLeavesThePlantRightFromTheSiteDroppedThere() {
        let trip = Self.trip(atSite: 15) { trip in
            trip.drive(to: Trip.otherPlant)
            trip.stand(10)
            trip.drive(to: Trip.otherSite)
            trip.stand(15)
            trip.drive(to: Trip.depot)
        }
        #expect(Trip.short(trip.deliveries(in: Self.world())) == "P1>S9|P2>S2~")
    }

    /// Too short for a drop, or a fence that reaches beyond the plant's: the halt belongs to the plant.
    @Test(arguments: [(3.0, 500.0), (15, 320)]) func elseTheHaltBelongsToThePlant(minutes: Double, radius: Double) {
        let trip = Self.trip(atSite: minutes) { trip in
            trip.drive(to: Trip.site)
            trip.stand(15)
            trip.drive(to: Trip.otherPlant)
            trip.stand(10)
        }
        #expect(Trip.short(trip.deliveries(in: Self.world(plantRadius: radius))) == "P1>S1")
    }

    /// A truck that comes with another plant's load unloads, and loads here.
    @Test func aLoadOfAnotherPlantIsDroppedAndTheNextOneIsOfThisOne() {
        var trip = Trip(at: Trip.otherPlant - 2000)
        trip.drive(to: Trip.otherPlant)
        trip.stand(10)
        trip.drive(to: Self.inner)
        trip.stand(15)
        trip.drive(to: Trip.plant, kmh: 15)
        trip.stand(10)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.otherPlant)
        trip.stand(10)
        #expect(Trip.short(trip.deliveries(in: Self.world())) == "P2>S9|P1>S1")
    }

    @Test func corners() {
        let (wide, narrow) = (Fence.circle(center: Trip.point(0), radiusMetres: 500), Trip.point(430))
        #expect(wide.encloses(.circle(center: narrow, radiusMetres: 60)))
        #expect(!wide.encloses(.circle(center: narrow, radiusMetres: 80)))
        func square(_ half: Double) -> Fence {
            let corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
            return .polygon(Polygon(rings: [corners.map { Trip.point($0.0, north: $0.1) }]))
        }
        #expect(wide.encloses(square(350)) && !wide.encloses(square(360)))
        #expect(square(501).encloses(wide) && !square(499).encloses(wide))
    }
}
