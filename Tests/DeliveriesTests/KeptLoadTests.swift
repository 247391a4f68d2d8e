import Chronology
import Deliveries
import Foundation
import Registers
import Telemetry
import Testing
import Tracks

/// What stays on a truck though it stands somewhere, and what does not, in the town of `Trip`: P2 makes cement for
/// tankers, and dry mortar for trucks that carry it.
@Suite struct KeptLoadTests {
    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var kind = Vehicle.Kind.mixer
        var expected: String
        /// Whether the first delivery's load is the truck's first visit to the plant.
        var isFirstVisit = true
        var tell: @Sendable (inout Trip) -> Void

        init(
            _ description: String, _ kind: Vehicle.Kind = .mixer, _ expected: String, isFirstVisit: Bool = true,
            _ tell: @escaping @Sendable (inout Trip) -> Void
        ) {
            (self.description, self.kind, self.expected) = (description, kind, expected)
            (self.isFirstVisit, self.tell) = (isFirstVisit, tell)
        }

        var world: World {
            Trip.world(kind: self.kind) { registers in
                guard self.kind != .mixer else { return }
                registers.plants[1].licenceKind = self.kind == .mortar ? .mortar : .cement
            }
        }

        var trip: Trip {
            var trip = Trip()
            self.tell(&trip)
            return trip
        }
    }

    private static func stand(_ trip: inout Trip, at east: Double, _ minutes: Double, drum: Double? = nil) {
        trip.drive(to: east)
        trip.stand(minutes, drum: drum)
    }

    /// Loads at P1, does so, pours at S1, and loads again.
    private static func around(
        _ description: String, _ expected: String, isFirstVisit: Bool = true, drum: Double? = nil,
        _ tell: @escaping @Sendable (inout Trip) -> Void
    ) -> Story {
        Story(description, .mixer, expected, isFirstVisit: isFirstVisit) { trip in
            trip.drum = drum
            stand(&trip, at: Trip.plant, 8, drum: drum.map { _ in 10 })
            tell(&trip)
            stand(&trip, at: Trip.site, 15, drum: drum.map { _ in -6 })
            stand(&trip, at: Trip.plant, 8, drum: drum.map { _ in 10 })
        }
    }

    /// Metres east of the plant, whose fence ends at 100.
    static let returns: [Story] = [
        around("from the street back into the yard", "P1>S1") { trip in
            stand(&trip, at: 380, 50)
            stand(&trip, at: Trip.plant, 6)
        },
        around("for as long as a load takes", "P1>S1") { trip in
            stand(&trip, at: 380, 30)
            stand(&trip, at: Trip.plant, 15)
        },
        around("twice", "P1>S1") { trip in
            stand(&trip, at: 380, 20)
            stand(&trip, at: Trip.plant, 6)
            stand(&trip, at: 350, 15)
            stand(&trip, at: Trip.plant, 6)
        },
        around("for longer than any truck stands by the way", "P1>S1", isFirstVisit: false) { trip in
            stand(&trip, at: 380, 30)
            stand(&trip, at: Trip.plant, 40)
        },
        around("when the concrete is old", "P1>S1", isFirstVisit: false) { trip in
            stand(&trip, at: 380, 95)
            stand(&trip, at: Trip.plant, 6)
        },
        around("a drum shows that it was filled again", "P1>S1", isFirstVisit: false, drum: 3) { trip in
            stand(&trip, at: 380, 30)
            stand(&trip, at: Trip.plant, 6, drum: 12)
        },
        around("a drum shows that it was emptied in the yard", "P1>S1", isFirstVisit: false, drum: 3) { trip in
            stand(&trip, at: 380, 30)
            stand(&trip, at: Trip.plant, 6, drum: -6)
        },
        around("a drum that turns on", "P1>S1", drum: 3) { trip in
            stand(&trip, at: 380, 30)
            stand(&trip, at: Trip.plant, 6)
        },
        around("from a car park 600 m away for a moment", "P1>S1") { trip in
            stand(&trip, at: 700, 50)
            stand(&trip, at: Trip.plant, 6)
        },
        around("from there for as long as a load takes", "P1>?|P1>S1") { trip in
            stand(&trip, at: 700, 50)
            stand(&trip, at: Trip.plant, 10)
        },
        around("from there a second time", "P1>?|P1>S1") { trip in
            for _ in 0..<2 {
                stand(&trip, at: 700, 20)
                stand(&trip, at: Trip.plant, 6)
            }
        },
        around("a drum shows that it was emptied there", "P1>?|P1>S1", drum: 3) { trip in
            stand(&trip, at: 700, 20, drum: -6)
            stand(&trip, at: Trip.plant, 6)
        },
        around("from farther away", "P1>?|P1>S1") { trip in
            stand(&trip, at: 2500, 20)
            stand(&trip, at: Trip.plant, 6)
        },
        around("without a halt, from far away", "P1>S1", isFirstVisit: false) { trip in
            trip.drive(to: 3000)
            stand(&trip, at: Trip.plant, 6)
        },
        around("out of sight meanwhile", "P1>S1", isFirstVisit: false) { trip in
            trip.drive(to: 300)
            trip.vanish(10, to: 1400)
            stand(&trip, at: Trip.plant, 6)
        },
    ]

    /// Loads at P2, does so, and loads there again.
    private static func dry(
        _ description: String, _ expected: String, kind: Vehicle.Kind = .bulkCement,
        _ tell: @escaping @Sendable (inout Trip) -> Void
    ) -> Story {
        Story(description, kind, expected) { trip in
            stand(&trip, at: Trip.otherPlant, 20)
            tell(&trip)
            stand(&trip, at: Trip.otherPlant, 20)
        }
    }

    private static let home = 10_500.0

    static let nights: [Story] = [
        dry("cement over night at home", "P2>P1") { trip in
            stand(&trip, at: home, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("the terminal sleeps", "P2>P1") { trip in
            stand(&trip, at: home, 2)
            trip.sleep(480)
            trip.stand(2)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("in the depot", "P2>P1") { trip in
            stand(&trip, at: Trip.depot, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("five hours in the queue for a silo", "P2>P1") { trip in
            stand(&trip, at: 350, 300)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("a meal before the night is no drop of what is unloaded in the morning", "P2>P1") { trip in
            stand(&trip, at: 14_500, 20)
            stand(&trip, at: home, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("a halt before the night as long as unloading takes is one", "P2>?") { trip in
            stand(&trip, at: 14_500, 50)
            stand(&trip, at: home, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("the silo was full in the evening", "P2>P1") { trip in
            stand(&trip, at: 350, 120)
            stand(&trip, at: home, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("a meal, and hours in the queue", "P2>P1") { trip in
            stand(&trip, at: 14_500, 40)
            stand(&trip, at: 350, 300)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("sold in the morning", "P2>?") { trip in
            stand(&trip, at: Trip.depot, 480)
            stand(&trip, at: Trip.hidden, 50)
        },
        dry("sold in the evening", "P2>?") { trip in
            stand(&trip, at: Trip.hidden, 50)
            stand(&trip, at: home, 480)
        },
        dry("a night is no drop", "") { trip in stand(&trip, at: home, 480) },
        dry("nor is a long pause", "") { trip in stand(&trip, at: home, 200) },
        dry("nobody leaves it in the tank for so long", "") { trip in
            stand(&trip, at: home, 2)
            trip.sleep(50 * 60)
            trip.stand(2)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("unloaded, over night, and empty at another plant", "P2>P1") { trip in
            stand(&trip, at: Trip.plant, 45)
            stand(&trip, at: Trip.depot, 480)
            stand(&trip, at: Trip.plant, 45)
        },
        dry("dry mortar over night in the depot", "P2>S1", kind: .mortar) { trip in
            stand(&trip, at: Trip.depot, 480)
            stand(&trip, at: Trip.site, 45)
        },
        dry("concrete over night is gone", "", kind: .mixer) { trip in
            stand(&trip, at: home, 480)
            stand(&trip, at: Trip.site, 15)
        },
    ]

    /// A drum that turns back for so many minutes, before the truck goes on standing: outside the fence of S1, which
    /// begins 60 metres before it, and then inside, if it goes in.
    private static func queue(
        _ description: String, _ expected: String, outside: Double = 132, minutes: Double = 1.5,
        inside: (minutes: Double, drum: Double)? = (10, -8)
    ) -> Story {
        Story(description, .mixer, expected) { trip in
            trip.drum = 3
            stand(&trip, at: Trip.plant, 8, drum: 10)
            stand(&trip, at: Trip.site - 60 - outside, minutes, drum: -6)
            trip.stand(9)
            if let inside { stand(&trip, at: Trip.site, inside.minutes, drum: inside.drum) }
            stand(&trip, at: Trip.plant, 8, drum: 10)
        }
    }

    static let samples: [Story] = [
        queue("a sample in the queue", "P1>S1"),
        queue("a real pour outside, and another inside", "P1>?+S1", minutes: 5),
        queue("too far away for a queue", "P1>?+S1", outside: 450),
        queue("it never goes in", "P1>?", inside: nil),
        queue("it goes in for a moment", "P1>?", inside: (1.5, 3)),
        queue("it is heard not to pour inside", "P1>?+S1", inside: (10, 3)),
    ]

    @Test(arguments: Self.returns + Self.nights + Self.samples)
    func whatIsRead(story: Story) throws {
        let (trip, world) = (story.trip, story.world)
        let found = trip.deliveries(in: world)
        #expect(Trip.short(found) == story.expected)
        guard let delivery = found.first else { return }
        let start = try #require(delivery.loadStart)
        let begun = try #require(trip.reports.first?.recordedAt)
        // P1 is four minutes away from where every story begins, P2 half an hour.
        let first = story.kind == .mixer ? 600.0 : 1900
        #expect((start.seconds(since: begun) < first) == story.isFirstVisit)
    }

    /// Written down on the way it is read the same, and what is open is.
    @Test(arguments: Self.returns + Self.nights + Self.samples)
    func writtenDownOnTheWayItIsReadTheSame(story: Story) throws {
        let world = story.world
        var straight = VehicleFold(terminal: Trip.terminal)
        var restored = straight
        for (index, report) in story.trip.reports.enumerated() {
            let expected = straight.take(report, receivedAt: report.recordedAt, in: world)
            #expect(restored.take(report, receivedAt: report.recordedAt, in: world) == expected)
            guard index.isMultiple(of: 53) else { continue }
            restored = try JSONDecoder().decode(VehicleFold.self, from: JSONEncoder().encode(restored))
            #expect(restored == straight)
            #expect(restored.openDeliveries(in: world) == straight.openDeliveries(in: world))
        }
    }

    @Test func theLoadEndsWithTheLastVisitAndTheStreetIsNoHaltOnTheWay() throws {
        let story = try #require(Self.returns.first)
        let delivery = try #require(story.trip.deliveries(in: story.world).first)
        let (start, end) = (try #require(delivery.loadStart), try #require(delivery.loadEnd))
        #expect((64 * 60...68 * 60).contains(end.seconds(since: start)))
        #expect(delivery.haul?.since == end && delivery.haul?.halts.isEmpty == true)
        #expect(abs((delivery.distanceKilometres ?? 0) - 9) < 0.6)
    }

    @Test func aNightIsNoHaltOnTheWay() throws {
        let story = try #require(Self.nights.first)
        let delivery = try #require(story.trip.deliveries(in: story.world).first)
        #expect(delivery.haul?.halts.isEmpty == true)
        #expect(delivery.coverage > 0.9)
    }

    @Test func aSampleIsNotedAndThePourBeginsInside() throws {
        let story = try #require(Self.samples.first)
        let delivery = try #require(story.trip.deliveries(in: story.world).first)
        let halt = try #require(delivery.haul?.halts.first)
        #expect((60...120).contains(halt.evidence.dischargeSeconds))
        #expect(delivery.unloadStart >= halt.end)
    }

    /// A loaded tanker that is parked is on no trip, and loaded all the same.
    @Test func whatRestsCarriesNothingUnderWay() throws {
        let world = Story("", .bulkCement, "") { _ in }.world
        var trip = Trip()
        Self.stand(&trip, at: Trip.otherPlant, 20)
        Self.stand(&trip, at: Self.home, 200)
        #expect(trip.cargo(in: world)?.plantID == "P2")
        trip.stand(100)
        #expect(trip.cargo(in: world) == nil)
        var fold = VehicleFold(terminal: Trip.terminal)
        for report in trip.reports { _ = fold.take(report, receivedAt: report.recordedAt, in: world) }
        #expect(fold.outlook(in: world).load == .loaded)
        trip.drive(to: 5000)
        #expect(trip.cargo(in: world)?.plantID == "P2")
    }

    /// While it may still go in, nothing is said of what came out in the queue; when it has long left, it is.
    @Test func aSampleIsNoDropYet() {
        let world = Trip.world()
        var trip = Trip()
        trip.drum = 3
        Self.stand(&trip, at: Trip.plant, 8, drum: 10)
        Self.stand(&trip, at: Trip.site - 192, 1.5, drum: -6)
        trip.stand(9)
        trip.drive(to: 7500)
        #expect(Trip.short(trip.deliveries(in: world)).isEmpty)
        trip.drive(to: 500, kmh: 12)
        #expect(Trip.short(trip.deliveries(in: world)) == "P1>?~")
    }
}
