import Chronology
import Deliveries
import Registers
import Testing
import Tracks

/// What a drum shows of loads and drops where a halt alone would be read otherwise.
@Suite struct SensedLoadTests {
    /// Loaded at P1, so many minutes at P2 with the drum at a speed, and poured at S1.
    private func byWayOf(minutes: Double, drum: Double, loading: Double = 10) -> String {
        var trip = Trip()
        trip.drum = 2
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: loading)
        trip.drive(to: Trip.otherPlant)
        trip.stand(minutes, drum: drum)
        trip.drive(to: Trip.site)
        trip.stand(15, drum: -8)
        trip.drive(to: Trip.depot)
        return Trip.short(trip.deliveries())
    }

    /// Lunch at the sister plant, the drum agitating what it took before.
    @Test func aLoadStaysOverAHaltAtWhichNothingWasTaken() {
        #expect(self.byWayOf(minutes: 35, drum: 2) == "P1>S1~")
        #expect(self.byWayOf(minutes: 8, drum: 10) == "P2>S1~", "taken there")
        #expect(self.byWayOf(minutes: 35, drum: 2, loading: 2) == "P2>S1~", "the drum showed no loading before either")
    }

    /// Poured at S1, then the drum turns back for so many minutes where nothing is registered.
    private func after(minutes: Double, at east: Double = Trip.hidden) -> String {
        var trip = Trip()
        trip.drum = 2
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: 10)
        trip.drive(to: Trip.site)
        trip.stand(6, drum: -8)
        trip.drive(to: east)
        trip.stand(minutes, drum: -8)
        trip.stand(3)
        trip.drive(to: Trip.depot)
        return Trip.short(trip.deliveries())
    }

    @Test func whatWasLeftOverIsADropWhereItIsDischarged() {
        #expect(self.after(minutes: 8) == "P1>S1~+?~")
        #expect(self.after(minutes: 2) == "P1>S1~", "rinsed")
        #expect(self.after(minutes: 8, at: Trip.site + 150) == "P1>S1~", "washed out beside the site")
    }

    /// How long the drum had poured at the site is told with the later drop, and of no other load.
    @Test func aLaterDropKnowsWhatWasPouredBefore() throws {
        let story = Story("poured, rinsed long, loaded again", "") { trip in
            Self.turned(&trip)
            Self.turn(&trip, at: Trip.hidden, 8, -8)
            Self.turned(&trip)
            trip.drive(to: Trip.depot)
        }
        let deliveries = story.trip.deliveries()
        #expect(Trip.short(deliveries) == "P1>S1+?|P1>S1~")
        let poured = deliveries.map { $0.haul?.pouredSeconds }
        #expect(poured.count == 3 && poured.first == .some(nil) && poured.last == .some(nil))
        let seconds = try #require(deliveries.dropFirst().first?.haul?.pouredSeconds)
        #expect(seconds > 840 && seconds < 960)
    }

    /// One truck's day, and what is told of it.
    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var expected: String
        var start: Double
        var tell: @Sendable (inout Trip) -> Void

        init(
            _ description: String, _ expected: String, at start: Double = Trip.depot,
            _ tell: @escaping @Sendable (inout Trip) -> Void
        ) {
            (self.description, self.expected, self.start, self.tell) = (description, expected, start, tell)
        }

        var trip: Trip {
            var trip = Trip(at: self.start)
            self.tell(&trip)
            return trip
        }
    }

    /// Goes there and stands so long; after two minutes the load cell shows another load.
    private static func weigh(_ trip: inout Trip, at east: Double, _ minutes: Double, _ kilograms: Int32) {
        trip.drive(to: east)
        trip.stand(2)
        trip.load = kilograms
        trip.stand(minutes)
    }

    /// Goes there and stands so long, the drum turning at a speed.
    private static func turn(_ trip: inout Trip, at east: Double, _ minutes: Double, _ drum: Double) {
        trip.drive(to: east)
        trip.stand(minutes, drum: drum)
    }

    /// Loaded at P1 and poured at S1, with a load cell, then with a drum.
    private static func weighed(_ trip: inout Trip) {
        trip.load = 0
        self.weigh(&trip, at: Trip.plant, 8, 22_000)
        self.weigh(&trip, at: Trip.site, 15, 0)
    }

    /// Loaded at P1, poured for five minutes each at S1 and S2; in between the drum turns fast for so many, elsewhere.
    private static func split(_ trip: inout Trip, by east: Double, _ minutes: Double) {
        trip.drum = 2
        self.turn(&trip, at: Trip.plant, 8, 10)
        self.turn(&trip, at: Trip.site, 5, -8)
        self.turn(&trip, at: east, minutes, 12)
        self.turn(&trip, at: Trip.otherSite, 5, -8)
        trip.drive(to: Trip.depot)
    }

    /// Loaded at P1 and heard once a minute; it halts with the ignition off, the cell reading 0, and then shows this.
    private static func weighed(_ trip: inout Trip, halting kilograms: Int32) {
        (trip.interval, trip.load, trip.ignition) = (60, 0, true)
        self.weigh(&trip, at: Trip.plant, 8, 22_000)
        trip.drive(to: Trip.hidden)
        trip.stand(1)
        (trip.load, trip.ignition) = (0, false)
        trip.stand(12)
        (trip.load, trip.ignition) = (kilograms, true)
        if kilograms > 0 { self.weigh(&trip, at: Trip.site, 15, 0) }
        trip.drive(to: Trip.fuel)
    }

    /// Loaded at P1, goes there, where the cell shows another load within a minute; then the engine is off for so long.
    private static func weighedAndParked(
        _ trip: inout Trip, at east: Double, _ kilograms: Int32, parked minutes: Double, every seconds: Double
    ) {
        (trip.interval, trip.load, trip.ignition) = (seconds, 0, true)
        self.weigh(&trip, at: Trip.plant, 8, 22_000)
        self.weigh(&trip, at: east, 20, kilograms)
        trip.ignition = false
        trip.stand(minutes)
        trip.ignition = true
    }

    private static func turned(_ trip: inout Trip) {
        trip.drum = 2
        self.turn(&trip, at: Trip.plant, 8, 10)
        self.turn(&trip, at: Trip.site, 15, -8)
    }

    static let loads = [
        Story("taken in a depot, by the load cell", "P1>S1|D1>S2~") { trip in
            weighed(&trip)
            weigh(&trip, at: Trip.depot, 8, 22_000)
            weigh(&trip, at: Trip.otherSite, 12, 0)
            trip.drive(to: Trip.depot)
        },
        Story("taken in a depot, by the drum", "P1>S1|D1>S2~") { trip in
            turned(&trip)
            turn(&trip, at: Trip.depot, 8, 10)
            turn(&trip, at: Trip.otherSite, 12, -8)
            trip.drive(to: Trip.depot)
        },
        Story("the drum washed in the depot, and the next load", "P1>S1|P1>S2~") { trip in
            turned(&trip)
            turn(&trip, at: Trip.depot, 8, 10)
            turn(&trip, at: Trip.plant, 8, 10)
            turn(&trip, at: Trip.otherSite, 12, -8)
            trip.drive(to: Trip.depot)
        },
        Story("half a load on it all the while, the cell off for a moment", "P1>S1~+S2~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 8, 22_000)
            weigh(&trip, at: Trip.site, 15, 11_000)
            trip.drive(to: Trip.fuel + 60)
            trip.load = 0
            weigh(&trip, at: Trip.fuel, 5, 11_000)
            weigh(&trip, at: Trip.otherSite, 12, 0)
            trip.drive(to: Trip.depot)
        },
        Story("mixed up once more at a site, and sent back to the other", "P1>S2~") { trip in
            trip.drum = 2
            turn(&trip, at: Trip.plant, 8, 10)
            turn(&trip, at: Trip.otherSite, 10, -8)
            turn(&trip, at: Trip.site, 10, 12)
            turn(&trip, at: Trip.otherSite, 10, -8)
            trip.drive(to: Trip.depot)
        },
        Story("mixed up at the second site, and poured while the terminal sleeps", "P1>S1~+S2~") { trip in
            turned(&trip)
            turn(&trip, at: Trip.otherSite, 2.5, 12)
            trip.sleep(8)
            trip.drive(to: Trip.depot)
        },
        Story("taken at a site that sells", "P1>S1|S2>S1~") { trip in
            weighed(&trip)
            weigh(&trip, at: Trip.otherSite, 8, 22_000)
            weigh(&trip, at: Trip.site, 12, 0)
            trip.drive(to: Trip.depot)
        },
        Story("the first load of the day, taken at a site", "S1>S2~", at: 7000) { trip in
            trip.load = 0
            weigh(&trip, at: Trip.site, 8, 22_000)
            weigh(&trip, at: Trip.otherSite, 12, 0)
            trip.drive(to: Trip.depot)
        },
        Story("after a night where it is loaded", "?>S1~") { trip in
            trip.load = 0
            trip.drive(to: Trip.hidden)
            trip.stand(300)
            weigh(&trip, at: Trip.hidden, 8, 22_000)
            weigh(&trip, at: Trip.site, 12, 0)
            trip.drive(to: Trip.depot)
        },
    ]

    static let mixtures = [
        Story("mixed up in a depot before the second drop", "P1>S1~+S2~") { trip in
            split(&trip, by: Trip.depot, 3)
        },
        Story("mixed up in the queue outside the second site", "P1>S1~+S2~") { trip in
            split(&trip, by: Trip.otherSite - 250, 10)
        },
        Story("mixed up in a lay-by", "P1>S1~+S2~") { trip in
            split(&trip, by: Trip.hidden, 3)
        },
        Story("half a load poured, and as long under a loader as a load takes", "P1>S1~|?>S2~") { trip in
            split(&trip, by: Trip.hidden, 8)
        },
    ]

    @Test(arguments: Self.loads + Self.mixtures)
    func aLoadThatASensorShowsHasItsPlace(story: Story) {
        #expect(Trip.short(story.trip.deliveries()) == story.expected)
    }

    @Test func theKindOfPlaceIsTold() throws {
        let depot = try #require(Self.loads[0].trip.deliveries().last)
        #expect(depot.origin.kind == .place && depot.origin.coordinate != nil)
        #expect(depot.confidence["origin"] == Trip.world().parameters.cycles.provenLoadConfidence)
        let site = try #require(Self.loads[6].trip.deliveries().last)
        #expect(site.origin.kind == .site && site.destination.kind == .site)
    }

    @Test func aNightAtASuspectedPlantNamesIt() throws {
        let suspect = SuspectedPlace(id: "X1", coordinate: Trip.point(Trip.hidden), radiusMetres: 150)
        let world = World(registers: Trip.world().registers, suspectedPlaces: [suspect])
        let story = try #require(Self.loads.last)
        let delivery = try #require(story.trip.deliveries(in: world).last)
        #expect(delivery.origin.kind == .suspectedPlant && delivery.origin.id == "X1")
    }

    static let drops = [
        Story("in a depot, by the load cell", "P1>D1") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 8, 22_000)
            weigh(&trip, at: Trip.depot, 20, 0)
            trip.drive(to: Trip.plant)
            trip.stand(8)
        },
        Story("in a depot, by the drum", "P1>D1") { trip in
            trip.drum = 2
            turn(&trip, at: Trip.plant, 8, 10)
            turn(&trip, at: Trip.depot, 20, -6)
            turn(&trip, at: Trip.plant, 8, 10)
        },
        Story("washed out in a depot", "P1>S1~") { trip in
            turned(&trip)
            turn(&trip, at: Trip.depot, 10, -6)
            trip.drive(to: Trip.fuel)
        },
        Story("the cell is off in the depot, and shows the load again at the site", "P1>S1~") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 8, 22_000)
            weigh(&trip, at: Trip.depot, 20, 0)
            trip.load = 22_000
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.fuel)
        },
        Story("a cell without power while the ignition is off shows the load again on the way", "P1>S1~") { trip in
            weighed(&trip, halting: 22_000)
        },
        Story("a cell without power while the ignition is off shows on the way that it was emptied", "P1>?~") { trip in
            weighed(&trip, halting: 0)
        },
        Story("towed to a depot, and broken out there", "") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 8, 22_000)
            weigh(&trip, at: Trip.depot, 150, 0)
            trip.drive(to: Trip.fuel)
        },
        Story("in a depot by the load cell, then the night there with the engine off", "P1>D1") { trip in
            weighedAndParked(&trip, at: Trip.depot, 0, parked: 300, every: 15)
        },
        Story("in a village by the load cell, then the night there with the engine off", "P1>?") { trip in
            weighedAndParked(&trip, at: Trip.hidden, 0, parked: 300, every: 15)
        },
        Story("the same, heard once a minute, and empty on its way in the morning", "P1>?") { trip in
            weighedAndParked(&trip, at: Trip.hidden, 0, parked: 300, every: 60)
            trip.drive(to: Trip.fuel)
        },
        Story("the suspension is let down at a halt, and the load shows again on the way", "P1>S1~") { trip in
            weighedAndParked(&trip, at: Trip.hidden, 18_800, parked: 12, every: 60)
            trip.load = 22_000
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.fuel)
        },
        Story("as much is gone at a halt, and does not show again", "P1>?~+S1~") { trip in
            weighedAndParked(&trip, at: Trip.hidden, 18_800, parked: 12, every: 60)
            weigh(&trip, at: Trip.site, 15, 0)
            trip.drive(to: Trip.fuel)
        },
        Story("a village, and the night there, by the load cell", "P1>?") { trip in
            trip.load = 0
            weigh(&trip, at: Trip.plant, 8, 22_000)
            weigh(&trip, at: Trip.hidden, 300, 0)
        },
        Story("a village, and the night there, by the drum", "P1>?") { trip in
            trip.drum = 2
            turn(&trip, at: Trip.plant, 8, 10)
            turn(&trip, at: Trip.hidden, 20, -6)
            trip.stand(300)
            trip.drive(to: Trip.fuel)
        },
        Story("a drum that is rinsed before the night", "") { trip in
            trip.drum = 2
            turn(&trip, at: Trip.plant, 8, 10)
            turn(&trip, at: Trip.hidden, 5, -6)
            trip.stand(300)
        },
        // Poured there, or asleep at home after the truck was washed: nothing shows a drop, and it leaves empty.
        Story("a village, and the night there, without a sensor", "P1>S1") { trip in
            trip.drive(to: Trip.plant)
            trip.stand(8)
            trip.drive(to: Trip.hidden)
            trip.stand(300)
            trip.drive(to: Trip.plant)
            trip.stand(8)
            trip.drive(to: Trip.site)
            trip.stand(15)
            trip.drive(to: Trip.plant)
            trip.stand(8)
        },
    ]

    @Test(arguments: Self.drops)
    func aDischargeThatASensorShowsIsADrop(story: Story) {
        #expect(Trip.short(story.trip.deliveries()) == story.expected)
    }

    /// The night is no part of the pour, also once the truck has left.
    @Test func aPourBeforeANightEndsWhereTheDrumStops() throws {
        let delivery = try #require(Self.drops[13].trip.deliveries().last)
        let seconds = delivery.unloadEnd.seconds(since: delivery.unloadStart)
        #expect(seconds > 18 * 60 && seconds < 24 * 60)
        let weighed = try #require(Self.drops[12].trip.deliveries().last)
        #expect(weighed.unloadEnd.seconds(since: weighed.unloadStart) <= 90 * 60)
    }
}
