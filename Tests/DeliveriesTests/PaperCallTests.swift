import Deliveries
import Geodesy
import Tracks
import Testing

/// Loads that sensors show elsewhere, by trucks that called at a registered plant for the note.
@Suite struct PaperCallTests {
    /// One truck's day, and what is told of it.
    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var expected: String
        var tell: @Sendable (inout Trip) -> Void

        init(_ description: String, _ expected: String, _ tell: @escaping @Sendable (inout Trip) -> Void) {
            (self.description, self.expected, self.tell) = (description, expected, tell)
        }

        var deliveries: [Delivery] {
            var trip = Trip()
            self.tell(&trip)
            return trip.deliveries()
        }
    }

    /// Goes there and stands two minutes with what is on it, and so many more with this.
    private static func weigh(_ trip: inout Trip, at east: Double, _ minutes: Double, _ kilograms: Int32) {
        trip.drive(to: east)
        trip.stand(2)
        trip.load = kilograms
        trip.stand(minutes)
    }

    private static func turn(_ trip: inout Trip, at east: Double, _ minutes: Double, _ drum: Double) {
        trip.drive(to: east)
        trip.stand(minutes, drum: drum)
    }

    /// Loaded at P1 and poured at S1, the drum loading so fast; then so many minutes at P1 with a drum that only turns.
    private static func called(_ trip: inout Trip, loading: Double) {
        trip.drum = 2
        self.turn(&trip, at: Trip.plant, 8, loading)
        self.turn(&trip, at: Trip.site, 15, -8)
        self.turn(&trip, at: Trip.plant, 7, 2)
    }

    static let calls = [
        Story("empty at the plant, loaded elsewhere, by the load cell", "?>S1~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 5, 0)
            weigh(&trip, at: Trip.hidden, 8, 22_000)
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.depot)
        },
        Story("empty at the plant, loaded elsewhere, by the drum", "P1>S1|?>S2~") { trip in
            called(&trip, loading: 10)
            turn(&trip, at: Trip.hidden, 9, 11)
            turn(&trip, at: Trip.otherSite, 15, -8)
            trip.drive(to: Trip.depot)
        },
        Story("a cell that is dead at the plant, and slips on the way", "P1>S1~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 5, 0)
            weigh(&trip, at: Trip.hidden, 3, 22_000)
            trip.load = 0
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.depot)
        },
        Story("loaded at the plant, unheard, and the cell shows it when it stands next", "P1>S1~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 5, 0)
            trip.load = 22_000
            weigh(&trip, at: Trip.hidden, 8, 22_000)
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.depot)
        },
        Story("a drum that loads slowly, and mixes up in a lay-by", "P1>S1|P1>S2~") { trip in
            called(&trip, loading: 5)
            turn(&trip, at: Trip.hidden, 9, 11)
            turn(&trip, at: Trip.otherSite, 15, -8)
            trip.drive(to: Trip.depot)
        },
        Story("mixed up for a short while", "P1>S1|P1>S2~") { trip in
            called(&trip, loading: 10)
            turn(&trip, at: Trip.hidden, 3, 11)
            turn(&trip, at: Trip.otherSite, 15, -8)
            trip.drive(to: Trip.depot)
        },
        Story("mixed up in the queue outside the site", "P1>S1|P1>S2~") { trip in
            called(&trip, loading: 10)
            turn(&trip, at: Trip.otherSite - 250, 9, 11)
            turn(&trip, at: Trip.otherSite, 15, -8)
            trip.drive(to: Trip.depot)
        },
    ]

    @Test(arguments: Self.calls)
    func aLoadIsWhereTheSensorsShowIt(story: Story) {
        #expect(Trip.short(story.deliveries) == story.expected)
    }

    /// Loaded elsewhere, then so many minutes at P1, which it leaves with this.
    private static func washed(_ trip: inout Trip, minutes: Double, leaving kilograms: Int32) {
        trip.load = 0
        self.weigh(&trip, at: Trip.hidden, 8, 22_000)
        self.weigh(&trip, at: Trip.plant, minutes - 2, kilograms)
        self.weigh(&trip, at: Trip.site, 15, 0)
        trip.drive(to: Trip.depot)
    }

    static let passages = [
        Story("came full and left full", "?>S1~") { washed(&$0, minutes: 7, leaving: 22_000) },
        Story("stood there with the load over lunch", "?>S1~") { washed(&$0, minutes: 40, leaving: 21_800) },
        Story("emptied on the way, and loaded at the plant", "?>?|P1>S1~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.hidden, 8, 22_000)
            weigh(&trip, at: Trip.hidden - 2000, 20, 0)
            weigh(&trip, at: Trip.plant, 5, 22_000)
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.depot)
        },
        Story("the cell is stuck, and shows a load nowhere", "P1>S1~") { trip in
            trip.load = 22_000
            weigh(&trip, at: Trip.hidden, 8, 22_000)
            weigh(&trip, at: Trip.plant, 5, 22_000)
            weigh(&trip, at: Trip.site, 15, 22_000)
            trip.drive(to: Trip.depot)
        },
    ]

    @Test(arguments: Self.passages)
    func aLoadIsNotTakenTwice(story: Story) {
        #expect(Trip.short(story.deliveries) == story.expected)
    }

    @Test func theLoadBeginsAtTheHalt() throws {
        let delivery = try #require(Self.calls[0].deliveries.last)
        let origin = try #require(delivery.origin.coordinate)
        #expect(origin.nearbyMetres(to: Trip.point(Trip.hidden)) < 50)
        #expect(delivery.confidence["origin"] == Trip.world().parameters.cycles.provenLoadConfidence)
    }
}
