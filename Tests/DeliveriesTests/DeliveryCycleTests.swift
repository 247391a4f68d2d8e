import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing

/// What a truck does in the town of `Trip`, and which deliveries follow (`Trip.short`).
@Suite struct DeliveryCycleTests {
    struct Story: Sendable, CustomStringConvertible {
        var name: String
        var expected: String
        var tell: @Sendable (inout Trip) -> Void

        init(_ name: String, _ expected: String, _ tell: @escaping @Sendable (inout Trip) -> Void) {
            (self.name, self.expected, self.tell) = (name, expected, tell)
        }

        var description: String { self.name }
    }

    private static func load(_ trip: inout Trip, at plant: Double = Trip.plant) {
        trip.drive(to: plant)
        trip.stand(8)
    }

    private static func pour(_ trip: inout Trip, at site: Double, minutes: Double = 15) {
        trip.drive(to: site)
        trip.stand(minutes)
    }

    static let honest: [Story] = [
        Story("a load and its drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("on the way back it is open", "P1>S1~") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.fuel)
        },
        Story("while unloading there is nothing yet", "") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
        },
        Story("parked for the night it is final", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.depot)
            trip.stand(300)
        },
        Story("a drive past a site is no drop", "P1>S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("two sites, one load", "P1>S1+S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("a jam between two sites is no load", "P1>S1+S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: 10_500)
            trip.stand(3)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("a breakdown between two sites is no load while the concrete is fresh", "P1>S1+S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site, minutes: 8)
            trip.drive(to: 10_500)
            trip.stand(9)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("a breakdown on the way to a site is no drop", "P1>S1") { trip in
            load(&trip)
            trip.drive(to: 7000)
            trip.stand(40)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a queue outside the gate is no drop", "P1>S1") { trip in
            load(&trip)
            trip.drive(to: Trip.site - 110)
            trip.stand(25)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("known places are neither", "") { trip in
            load(&trip)
            trip.drive(to: Trip.fuel)
            trip.stand(20)
            load(&trip)
        },
        Story("fuel on the way, and after", "P1>S1") { trip in
            load(&trip)
            trip.drive(to: Trip.fuel)
            trip.stand(10)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.fuel)
            trip.stand(10)
            load(&trip)
        },
        Story("out of the site and in again is one drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.site + 600)
            trip.drive(to: Trip.site)
            trip.stand(6)
            load(&trip)
        },
        Story("two loads in a row", "P1>S1|P2>S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            load(&trip, at: Trip.otherPlant)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("first seen on the way: the load was not seen", "->S1") { trip in
            trip = Trip(at: Trip.fuel + 500)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("a night in the yard of the plant", "P1>S1") { trip in
            trip.drive(to: Trip.plant)
            trip.stand(600)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("lunch at the roadside beside another site is no second drop", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.otherSite - 100)
            trip.stand(40)
            trip.drive(to: Trip.fuel)
            load(&trip)
        },
        Story("an empty truck at a site drops nothing", "P1>S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.depot)
            trip.stand(300)
            trip.drive(to: Trip.otherSite)
            trip.stand(15)
            load(&trip)
        },
        Story("a jam before another plant on the way is no load", "P1>S1") { trip in
            load(&trip)
            trip.drive(to: Trip.otherPlant)
            trip.stand(4)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("the terminal says nothing from the middle of the pour until far away", "P1>S1") { trip in
            load(&trip)
            trip.drive(to: Trip.site)
            trip.stand(2)
            trip.vanish(15, to: 6000)
            load(&trip)
        },
        Story("the terminal fails before the gate of the plant until it is out again", "P1>S1") { trip in
            trip.drive(to: -220)
            trip.stand(0.25)
            trip.vanish(10, to: -230)
            trip.stand(0.25)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.depot)
            trip.stand(300)
        },
        Story("a pump truck stands at sites for hours", "") { trip in
            trip.stand(10)
            trip.drive(to: 3000)
            trip.stand(20)
            pour(&trip, at: Trip.site, minutes: 120)
            pour(&trip, at: Trip.otherSite, minutes: 150)
            trip.drive(to: Trip.depot)
            trip.stand(300)
        },
        Story("retarded concrete is young enough for a second site", "P1>S1+S2") { trip in
            load(&trip)
            pour(&trip, at: Trip.site, minutes: 80)
            trip.drive(to: 10_500)
            trip.stand(9)
            pour(&trip, at: Trip.otherSite)
            load(&trip)
        },
        Story("a night at home is no drop", "") { trip in
            load(&trip)
            trip.drive(to: 7000)
            trip.stand(600)
            load(&trip)
        },
    ]

    @Test func theQueueForAPlantIsNoDropAtTheSiteBesideIt() {
        var trip = Trip()
        Self.load(&trip)
        Self.pour(&trip, at: Trip.otherSite)
        // 25 m outside the fence of S1, 45 m outside that of P3.
        trip.drive(to: Trip.site + 85)
        trip.stand(20)
        Self.load(&trip, at: Trip.site + 230)
        Self.pour(&trip, at: Trip.otherSite)
        Self.load(&trip)
        let world = Trip.world { registers in
            var plant = registers.plants[0]
            plant.plantID = "P3"
            plant.fence = .circle(center: Trip.point(Trip.site + 230), radiusMetres: 100)
            registers.plants.append(plant)
        }
        #expect(Trip.short(trip.deliveries(in: world)) == "P1>S2|P3>S2")
    }

    static let suspicious: [Story] = [
        Story("an unregistered drop is a halt as long as a pour", "P1>?") { trip in
            load(&trip)
            trip.drive(to: 6000)
            trip.stand(4)
            trip.drive(to: 7000)
            trip.stand(25)
            load(&trip)
        },
        Story("a short halt elsewhere is no drop", "") { trip in
            load(&trip)
            trip.drive(to: 7000)
            trip.stand(5)
            load(&trip)
        },
        Story("a queue outside the plant's gate is no drop", "") { trip in
            load(&trip)
            trip.drive(to: 1500)
            trip.drive(to: 250)
            trip.stand(25)
            load(&trip)
        },
        Story("loaded at an unknown place in the morning", "?>S1") { trip in
            trip.stand(10)
            trip.drive(to: Trip.hidden)
            trip.stand(8)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("loaded at an unknown place between two drops", "P1>S1|?>S1|?>S1") { trip in
            load(&trip)
            for _ in 0..<2 {
                pour(&trip, at: Trip.site)
                trip.drive(to: Trip.hidden)
                trip.stand(8)
            }
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("loaded again where it was loaded before, and dropped elsewhere", "P1>S1|?>S1|?>?|?>?") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: Trip.hidden)
            trip.stand(8)
            pour(&trip, at: Trip.site)
            for _ in 0..<2 {
                trip.drive(to: Trip.hidden)
                trip.stand(8)
                trip.drive(to: 25_000)
                trip.stand(20)
            }
            load(&trip)
        },
        Story("a load in the dark", "P1>S1|->S1") { trip in
            load(&trip)
            pour(&trip, at: Trip.site)
            trip.drive(to: 8000)
            trip.vanish(40, to: 7000)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
        Story("both ends unknown: nothing without a drum", "") { trip in
            trip.stand(10)
            trip.drive(to: Trip.hidden)
            trip.stand(8)
            trip.drive(to: 25_000)
            trip.stand(20)
            trip.drive(to: Trip.depot)
            trip.stand(300)
        },
        Story("both ends unknown: a drum tells", "?>?") { trip in
            trip.drum = 2
            trip.stand(10)
            trip.drive(to: Trip.hidden)
            trip.stand(8, drum: 12)
            trip.drive(to: 25_000)
            trip.stand(20, drum: -6)
            trip.drive(to: Trip.depot)
            trip.stand(300)
        },
        Story("discharged on the way to the site", "P1>?+S1") { trip in
            trip.drum = 2
            load(&trip)
            trip.drive(to: 7000)
            trip.stand(6, drum: -5)
            trip.drive(to: Trip.site)
            trip.stand(15, drum: -5)
            load(&trip)
        },
        Story("weighed full at an unknown place", "?>S1") { trip in
            trip.load = 0
            trip.stand(10)
            trip.drive(to: Trip.hidden)
            trip.stand(3)
            trip.load = 20_000
            trip.stand(3)
            pour(&trip, at: Trip.site)
            load(&trip)
        },
    ]

    @Test(arguments: Self.honest + Self.suspicious)
    func stories(story: Story) {
        var trip = Trip()
        story.tell(&trip)
        #expect(Trip.short(trip.deliveries()) == story.expected)
    }

    @Test(arguments: [5.0, 15, 30, 60])
    func timesAndDistanceAreRight(interval: Double) throws {
        var trip = Trip()
        trip.interval = interval
        trip.stand(5)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let loaded = trip.time
        trip.drive(to: Trip.site)
        let arrived = trip.time
        trip.stand(15)
        let left = trip.time
        Self.load(&trip)
        let delivery = try #require(trip.deliveries().first)
        #expect(abs(delivery.loadEnd?.seconds(since: loaded) ?? .infinity) < 15 + interval)
        #expect(abs(delivery.unloadStart.seconds(since: arrived)) < 15 + interval)
        #expect(abs(delivery.unloadEnd.seconds(since: left)) < 15 + interval)
        #expect(abs((delivery.distanceKilometres ?? 0) - 9) < 0.6)
        #expect(delivery.coverage == 1)
        #expect(delivery.plate == "浙F12345")
        #expect(delivery.deliveryID.hasPrefix("D-T1-2026"))
        #expect(delivery.loadID.hasPrefix("L-T1-2026"))
        #expect(delivery.confidence.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func aSleepingTerminalGivesTheSameDeliveries() {
        var trip = Trip()
        trip.interval = 20
        trip.sleep(600)
        trip.drive(to: Trip.plant)
        trip.sleep(12)
        trip.drive(to: Trip.site)
        trip.sleep(25)
        trip.drive(to: Trip.plant)
        trip.sleep(9)
        trip.drive(to: 7000)
        trip.sleep(30)
        trip.drive(to: Trip.plant)
        trip.sleep(9)
        trip.drive(to: Trip.fuel)
        #expect(Trip.short(trip.deliveries()) == "P1>S1|P1>?")
    }

    @Test func waitingOutsideAGateBelongsToNeither() throws {
        var trip = Trip()
        trip.drive(to: Trip.plant - 140)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        let atPlant = trip.time
        trip.stand(8)
        trip.drive(to: Trip.site - 110)
        trip.stand(25)
        trip.drive(to: Trip.site)
        let atSite = trip.time
        trip.stand(15)
        let left = trip.time
        trip.drive(to: Trip.site + 110)
        trip.stand(6)
        Self.load(&trip)
        let delivery = try #require(trip.deliveries().first)
        #expect(abs(delivery.loadStart?.seconds(since: atPlant) ?? .infinity) < 40)
        #expect(abs(delivery.unloadStart.seconds(since: atSite)) < 40)
        #expect(abs(delivery.unloadEnd.seconds(since: left)) < 40)
    }

    @Test func whatIsUnseenLowersTheCoverage() throws {
        var trip = Trip()
        Self.load(&trip)
        trip.drive(to: 1000)
        trip.vanish(20, to: 8000)
        Self.pour(&trip, at: Trip.site)
        Self.load(&trip)
        let delivery = try #require(trip.deliveries().first)
        #expect(delivery.coverage > 0.05 && delivery.coverage < 0.3)
    }

    @Test func atFencesThatOverlapTheLoadDecides() {
        let world = Trip.world { registers in
            registers.sites[0].fence = .circle(center: Trip.point(Trip.otherPlant + 60), radiusMetres: 150)
        }
        var trip = Trip()
        Self.load(&trip)
        trip.drive(to: Trip.otherPlant)
        trip.stand(15)
        trip.drive(to: 10_000)
        Self.load(&trip, at: Trip.otherPlant)
        Self.pour(&trip, at: Trip.otherSite)
        Self.load(&trip)
        #expect(Trip.short(trip.deliveries(in: world)) == "P1>S1|P2>S2")
    }

    @Test func aHaltInTheMarginCountsForThePlaceNobodyEntered() {
        var trip = Trip()
        trip.noise = 0
        Self.load(&trip)
        trip.drive(to: Trip.site - 100)
        trip.stand(15)
        Self.load(&trip)
        #expect(Trip.short(trip.deliveries()) == "P1>S1")
    }

    @Test func aTankerLoadsCementAndUnloadsAtPlants() {
        let world = Trip.world(kind: .bulkCement) { $0.plants[1].licenceKind = .cement }
        var trip = Trip()
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(50)
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        #expect(Trip.short(trip.deliveries(in: world)) == "P2>P1")
    }

    @Test func aPlantThatMovedIsNoPlantAtItsOldPlace() throws {
        let day = CivilDate(year: 2026, month: 1, day: 1)!
        let dayBefore = CivilDate(year: 2025, month: 12, day: 31)!
        let world = Trip.world { registers in
            registers.plants[1].period = ValidPeriod(from: CivilDate(year: 2020, month: 1, day: 1)!, through: dayBefore)
            var moved = registers.plants[1]
            moved.period = ValidPeriod(from: day, through: nil)
            moved.fence = .circle(center: Trip.point(30_000), radiusMetres: 100)
            registers.plants.append(moved)
        }
        var trip = Trip()
        trip.stand(10)
        Self.load(&trip, at: Trip.otherPlant)
        Self.pour(&trip, at: Trip.site)
        Self.load(&trip)
        #expect(Trip.short(trip.deliveries(in: world)) == "?>S1")
    }
}
