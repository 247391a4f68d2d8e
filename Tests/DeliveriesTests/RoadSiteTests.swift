import Deliveries
import Geodesy
import Registers
import Testing

/// A site that is a stretch of road, R1, from 6000 to 7500 m on the way from P1 to S1: what trucks do there, and which
/// deliveries follow (`Trip.short`).
@Suite struct RoadSiteTests {
    typealias Story = DeliveryCycleTests.Story

    private static let world = Trip.world { registers in
        let corners = [(6000.0, -30.0), (7500, -30), (7500, 30), (6000, 30)]
        registers.sites.append(
            Site(
                siteID: "R1", name: "R1", status: .active, period: .always,
                fence: .polygon(Polygon(rings: [corners.map { Trip.point($0.0, north: $0.1) }]))))
    }

    private static func load(_ trip: inout Trip) {
        trip.drive(to: Trip.plant)
        trip.stand(8)
    }

    private static func pour(_ trip: inout Trip, at east: Double, minutes: Double = 15, drum: Double? = nil) {
        trip.drive(to: east)
        trip.stand(minutes, drum: drum)
    }

    /// Each red for two and a half minutes: longer than a traffic light is taken for, and in sum than a short pour.
    private static func lights(_ trip: inout Trip) {
        for east in [6300.0, 6800, 7300] { pour(&trip, at: east, minutes: 2.5) }
    }

    private static func jam(_ trip: inout Trip, from: Double, to east: Double) {
        trip.drive(to: from)
        trip.drive(to: east, kmh: 4)
    }

    static let stories: [Story] = [
        Story("lights on the way are no drop", "P1>S1") { trip in
            load(&trip)
            lights(&trip)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a jam on the way is no drop", "P1>S1") { trip in
            load(&trip)
            jam(&trip, from: 6100, to: 7100)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a halt of six minutes on the way is no drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: 7000, minutes: 6)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a jam on the way back is no second drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            jam(&trip, from: 7400, to: 6400)
            load(&trip)
        },
        Story("a meal and a jam on the way back are no load and no drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: 11_000)
            trip.stand(12)
            jam(&trip, from: 7400, to: 6400)
            load(&trip)
        },
        Story("a jam from which the truck goes back is no drop", "") { trip in
            load(&trip)
            jam(&trip, from: 6100, to: 7100)
            load(&trip)
        },
        Story("lights on the way hide no drop outside the registers", "P1>?") { trip in
            load(&trip)
            lights(&trip)
            pour(&trip, at: 8000, minutes: 25)
            load(&trip)
        },
        Story("two pours are two drops", "P1>R1+S1") { trip in
            load(&trip)
            pour(&trip, at: 7000, minutes: 12)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a short pour that a drum shows is a drop", "P1>R1+S1") { trip in
            trip.drum = 2
            load(&trip)
            pour(&trip, at: 7000, minutes: 5, drum: -5)
            pour(&trip, at: Trip.site, drum: -5)
            load(&trip)
        },
        Story("a short pour at a building site is a drop", "P1>S1+S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site, minutes: 6)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("a short pour at the road and nowhere else, and a meal", "P1>R1") { trip in
            load(&trip)
            pour(&trip, at: 7000, minutes: 6)
            pour(&trip, at: 3000, minutes: 30)
            load(&trip)
        },
    ]

    @Test(arguments: Self.stories)
    func story(_ story: Story) {
        var trip = Trip()
        story.tell(&trip)
        #expect(Trip.short(trip.deliveries(in: Self.world)) == story.expected)
    }

    @Test func whereItWasHeldUpStandsWithTheDelivery() throws {
        var trip = Trip()
        Self.load(&trip)
        Self.lights(&trip)
        Self.pour(&trip, at: Trip.site)
        Self.load(&trip)
        let delivery = try #require(trip.deliveries(in: Self.world).first)
        #expect(delivery.haul?.halts.map(\.place) == [PlaceReference(.site, "R1")])
        #expect(delivery.haul?.comeback == nil)
    }

    /// Broken down on the road, and back to the plant; or held up for six minutes after the pour.
    @Test func howItCameBackStandsWithAHaltAtTheRoad() throws {
        var trip = Trip()
        Self.load(&trip)
        Self.pour(&trip, at: 7000, minutes: 40)
        trip.drive(to: Trip.plant)
        trip.stand(20)
        Self.pour(&trip, at: Trip.site)
        Self.pour(&trip, at: 7000, minutes: 6)
        Self.load(&trip)
        Self.pour(&trip, at: Trip.site)
        Self.load(&trip)
        let found = trip.deliveries(in: Self.world)
        #expect(Trip.short(found) == "P1>R1|P1>S1|P1>S1")
        try #require(found.count == 3)
        let comeback = try #require(found[0].haul?.comeback)
        #expect(comeback.plantID == "P1" && comeback.start == found[1].loadStart && comeback.isSeen)
        #expect(found[1].haul?.comeback?.halts.map(\.place) == [PlaceReference(.site, "R1")])
        #expect(found[2].haul?.comeback == nil)
    }
}
