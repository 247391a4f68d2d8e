import Chronology
import Deliveries
import Geodesy
import Registers
import Testing

/// Fences that lie in each other, or are longer than a truck takes to stop, in the town of `Trip`.
@Suite struct OverlappingPlacesTests {
    /// Two loads to S2, each driven all the way, with a halt of so many minutes at 5500 m on the way there.
    private static func found(
        _ world: World, halt minutes: Double = 0, kmh: Double = 45, interval: Double = 15
    ) -> String {
        var trip = Trip(at: Trip.otherPlant)
        trip.interval = interval
        for _ in 0..<2 {
            trip.drive(to: Trip.plant, kmh: kmh)
            trip.stand(8)
            trip.drive(to: 5500, kmh: kmh)
            trip.stand(minutes)
            trip.drive(to: Trip.otherSite, kmh: kmh)
            trip.stand(15)
        }
        trip.drive(to: Trip.plant, kmh: kmh)
        trip.stand(8)
        return Trip.short(trip.deliveries(in: world))
    }

    /// A road job along the road, from 2000 to 8000 m, 60 m wide; the town's own S1 and fuel station are not on it.
    private static let road = Trip.world { registers in
        let corners = [(2000.0, -30.0), (8000, -30), (8000, 30), (2000, 30)].map { Trip.point($0.0, north: $0.1) }
        registers.sites.append(
            Site(siteID: "HW", name: "HW", status: .active, period: .always, fence: .polygon(Polygon(rings: [corners])))
        )
        registers.sites.removeAll { $0.siteID == "S1" }
        registers.places.removeAll { $0.placeID == "F1" }
    }

    /// Minutes of standing on it, and what is read.
    @Test(arguments: [
        (0.0, 45.0, "P1>S2|P1>S2"), (2.2, 45, "P1>S2|P1>S2"), (15, 45, "P1>HW+S2|P1>HW+S2"), (0, 20, "P1>S2|P1>S2"),
    ]) func whoDrivesThroughALongSiteDropsNothing(minutes: Double, kmh: Double, expected: String) {
        for interval in [5.0, 15, 60] {
            #expect(
                Self.found(Self.road, halt: minutes, kmh: kmh, interval: interval) == expected, "every \(interval) s")
        }
    }

    private static func world(_ places: [(Place.Kind, Double, Double)]) -> World {
        Trip.world { registers in
            for (index, (kind, east, radius)) in places.enumerated() {
                let fence = Fence.circle(center: Trip.point(east), radiusMetres: radius)
                registers.places.append(Place(placeID: "X\(index)", name: "X", kind: kind, fence: fence))
            }
        }
    }

    /// A car park around the plant, a wash around the site, a weighbridge by the mixer, a wash in the site.
    @Test(
        arguments: [
            [(.depot, Trip.plant, 160)], [(.wash, Trip.otherSite, 120)], [(.weighbridge, Trip.plant + 20, 40)],
            [(.wash, Trip.otherSite + 5, 40)], [(.depot, Trip.plant, 160), (.wash, Trip.otherSite, 120)],
        ] as [[(Place.Kind, Double, Double)]]) func aKnownPlaceDoesNotSwallowThePlant(
            places: [(Place.Kind, Double, Double)]
        )
    {
        #expect(Self.found(Self.world(places)) == "P1>S2|P1>S2")
    }

    /// Refuelling in the plant's yard is no load, nor is parking in the corner where two fences overlap.
    @Test(arguments: [(.fuel, 60, 30), (.depot, 150, 100)] as [(Place.Kind, Double, Double)])
    func butAPlaceBesideItIsItself(kind: Place.Kind, offset: Double, radius: Double) {
        var trip = Trip(at: Trip.otherPlant)
        trip.drive(to: Trip.plant + 60)
        trip.stand(20)
        trip.drive(to: Trip.otherSite)
        trip.stand(15)
        trip.drive(to: Trip.otherPlant)
        trip.stand(8)
        let world = Self.world([(kind, Trip.plant + offset, radius)])
        #expect(!Trip.short(trip.deliveries(in: world)).contains("P1>"))
    }

    /// A mortar filing of the same firm, or the plant's own former licence, in a smaller fence of the same yard.
    @Test(arguments: [(Plant.LicenceKind.mortar, Plant.Status.valid), (.concrete, .revoked), (.concrete, .cancelled)])
    func ofTwoLicencesInOneYardTheOneThatMaySupplyIsMeant(kind: Plant.LicenceKind, status: Plant.Status) {
        let world = Trip.world { registers in
            registers.plants.append(
                Plant(
                    plantID: "PX", name: "PX", licenceKind: kind, status: status, period: .always,
                    fence: .circle(center: Trip.point(Trip.plant), radiusMetres: 90)))
        }
        #expect(Self.found(world) == "P1>S2|P1>S2")
    }
}
