import Chronology
import Deliveries
import Geodesy
import Registers
import Testing
import Tracks

/// What stands with a delivery of the way from its load: told as small stories.
@Suite struct HaulTests {
    static func first(_ tell: (inout Trip) -> Void) throws -> (delivery: Delivery, haul: Haul) {
        var trip = Trip()
        trip.stand(5)
        tell(&trip)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let delivery = try #require(trip.deliveries().first)
        return (delivery, try #require(delivery.haul))
    }

    static func load(_ trip: inout Trip) {
        trip.drive(to: Trip.plant)
        trip.stand(8)
    }

    @Test func aStraightHaulHasNothingToTell() throws {
        let (delivery, haul) = try Self.first { trip in
            Self.load(&trip)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        #expect(haul.since == delivery.loadEnd)
        #expect(haul.isLoadSeen && !haul.mayHaveComeLoaded)
        #expect(haul.halts.isEmpty && haul.gaps.isEmpty)
    }

    @Test func haltsStandWithTheirPlace() throws {
        let (_, haul) = try Self.first { trip in
            trip.drum = 3
            Self.load(&trip)
            trip.drive(to: Trip.fuel)
            trip.stand(6)
            trip.drive(to: 7000)
            trip.stand(0.5, drum: -4)
            trip.stand(3.5)
            trip.drive(to: Trip.site)
            trip.stand(5)
            trip.stand(10, drum: -6)
        }
        #expect(haul.halts.count == 2)
        #expect(haul.halts.first?.place == PlaceReference(.place, "F1"))
        let open = try #require(haul.halts.last)
        #expect(open.place == nil)
        #expect(open.coordinate.distanceMetres(to: Trip.point(7000)) < 30)
        #expect((15...59).contains(open.evidence.dischargeSeconds))
        #expect((550...650).contains(haul.drop.dischargeSeconds))
        #expect(haul.drop.firstDischarge != nil)
    }

    /// It waited in a lay-by, was turned back at the gate, and brought the concrete back.
    @Test func howItCameBackStandsWithAHaltReadAsTheDrop() throws {
        var trip = Trip()
        trip.stand(5)
        Self.load(&trip)
        trip.drive(to: 7000)
        trip.stand(20)
        trip.drive(to: Trip.site)
        trip.stand(3)
        trip.drive(to: Trip.plant)
        trip.stand(20)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let deliveries = trip.deliveries()
        #expect(Trip.short(deliveries).hasPrefix("P1>?|P1>S1"))
        let comeback = try #require(deliveries.first?.haul?.comeback)
        #expect(comeback.plantID == "P1" && comeback.start == deliveries[1].loadStart && comeback.isSeen)
        #expect(comeback.halts.map(\.place) == [PlaceReference(.site, "S1")])
        // A drop at a site needs no such thing.
        #expect(deliveries[1].haul?.comeback == nil)
    }

    @Test func aComebackSaysThatAPartOfItWasDark() throws {
        let (delivery, haul) = try Self.first { trip in
            Self.load(&trip)
            trip.drive(to: 7000)
            trip.stand(20)
            trip.drive(to: 6000)
            trip.vanish(7, to: 3000)
        }
        #expect(delivery.destination.kind == .unknown && haul.comeback?.isSeen == false)
    }

    @Test func aSecondDropDoesNotTellOfTheFirstAsAHalt() throws {
        var trip = Trip()
        Self.load(&trip)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: 10_500)
        trip.stand(4)
        trip.drive(to: Trip.otherSite)
        trip.stand(15)
        Self.load(&trip)
        let deliveries = trip.deliveries()
        #expect(Trip.short(deliveries) == "P1>S1+S2")
        let haul = try #require(deliveries.last?.haul)
        #expect(haul.halts.count == 1)
        #expect(haul.since == deliveries.first?.loadEnd)
    }

    @Test func stretchesInTheDarkAreNoted() throws {
        let (_, haul) = try Self.first { trip in
            Self.load(&trip)
            trip.drive(to: 2000)
            trip.vanish(15, to: 6000)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        let gap = try #require(haul.gaps.first)
        #expect(haul.gaps.count == 1)
        #expect(abs(gap.seconds - 900) < 40)
        #expect(abs(gap.displacement - 4000) < 350)
        #expect(!gap.isPartOfHalt)
    }

    /// Switched off before the truck leaves the plant, or until it stands at the site: the way was not seen.
    @Test(arguments: [true, false]) func aStretchInTheDarkAtOneEndOfTheWayIsNoted(isAtPlant: Bool) throws {
        let (delivery, haul) = try Self.first { trip in
            Self.load(&trip)
            if isAtPlant {
                trip.vanish(24, to: 6000)
                trip.drive(to: Trip.site)
                trip.stand(15)
            } else {
                trip.drive(to: 3000)
                trip.vanish(24, to: Trip.site)
                trip.stand(15)
            }
        }
        #expect(delivery.origin.id == "P1" && delivery.destination.id == "S1")
        let gap = try #require(haul.gaps.first)
        #expect(haul.gaps.count == 1 && abs(gap.seconds - 24 * 60) < 40)
        #expect(gap.start < delivery.unloadStart && gap.end > haul.since)
    }

    /// Both ends lie close together, as if it had slept; how far it went on by the odometer, and whether that is noted.
    @Test(arguments: [(nil, false), (800, false), (2500, true)] as [(Int32?, Bool)])
    func whoDroveInTheDarkAndCameBackDidNotSleep(metres: Int32?, isNoted: Bool) throws {
        let (_, haul) = try Self.first { trip in
            (trip.odometer, trip.ignition) = (metres.map { _ in 5000 }, true)
            Self.load(&trip)
            trip.drive(to: 4000)
            trip.stand(0.5)
            trip.vanish(12, to: 4050)
            trip.odometer = metres.map { 5000 + $0 / 10 }
            trip.stand(0.5)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        #expect(haul.gaps.count == (isNoted ? 1 : 0))
        if let gap = haul.gaps.first {
            #expect(gap.metres == 2500 && gap.displacement < 300 && !gap.isPartOfHalt && gap.isIgnitionOn == true)
        }
    }

    /// How the ignition is reported over 20 min at a place that is read as a load, and when the truck then drives off.
    @Test(arguments: [(false, true, true), (true, true, false), (nil, nil, false), (false, false, false)])
    func theEngineOffAtTheLoadStandsWithIt(resting: Bool?, driving: Bool?, isTold: Bool) throws {
        var trip = Trip()
        trip.ignition = driving
        trip.stand(5)
        Self.load(&trip)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.hidden)
        trip.ignition = resting
        trip.stand(20)
        trip.ignition = driving
        trip.drive(to: Trip.site)
        trip.stand(15)
        Self.load(&trip)
        let deliveries = trip.deliveries()
        #expect(deliveries.count == 2 && deliveries.first?.haul?.engineOffSeconds == nil)
        let second = try #require(deliveries.last)
        #expect(second.origin.kind == .unknown)
        let off = second.haul?.engineOffSeconds
        #expect(isTold ? (1140...1260).contains(off ?? 0) : off == nil)
    }

    /// Minutes at a place on the way, and whether the load is certainly on the truck after it.
    @Test(arguments: [(3000.0, 0.0, true), (3000, 3, true), (3000, 6, false), (Trip.fuel, 10, true)])
    func aLoadIsCertainUntilItCouldHaveBeenDropped(east: Double, minutes: Double, isCertain: Bool) throws {
        var trip = Trip()
        Self.load(&trip)
        trip.drive(to: east)
        trip.stand(minutes)
        trip.drive(to: east + 2000)
        #expect(try #require(trip.cargo()).isCertain == isCertain)
    }

    /// rpm under way and at the plant, and what they say of the load: a drum that only mixes took none, and where none
    /// is heard nobody knows.
    @Test(arguments: [(nil, nil, nil), (2.0, 12.0, true), (2, 2, false)] as [(Double?, Double?, Bool?)])
    func aDrumSaysWhetherItWasLoaded(onTheWay: Double?, atPlant: Double?, isSensed: Bool?) throws {
        var trip = Trip()
        trip.drum = onTheWay
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: atPlant)
        trip.drive(to: 3000)
        #expect(try #require(trip.cargo()).isSensed == isSensed)
    }

    /// A tanker stands at a cement plant to be loaded, for minutes; for hours it is parked.
    @Test(arguments: [(Vehicle.Kind.bulkCement, 20.0, true), (.bulkCement, 100, false), (.mixer, 20, false)])
    func aTankersStayIsALoad(kind: Vehicle.Kind, minutes: Double, isTankers: Bool) throws {
        let world = Trip.world(kind: kind) { registers in
            if kind == .bulkCement { registers.plants[0].licenceKind = .cement }
        }
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(minutes)
        trip.drive(to: 3000)
        #expect(try #require(trip.cargo(in: world)).isTankers == isTankers)
    }

    @Test func aTerminalThatSleepsLeavesNoGap() throws {
        let (_, haul) = try Self.first { trip in
            Self.load(&trip)
            trip.drive(to: Trip.fuel)
            trip.sleep(20)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        #expect(haul.gaps.isEmpty)
    }

    @Test func aLoadInTheDarkIsSaidToBeUnseen() throws {
        var trip = Trip()
        trip.stand(10)
        Self.load(&trip)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: 14_000)
        trip.vanish(40, to: 14_800)
        trip.drive(to: Trip.site)
        trip.stand(15)
        Self.load(&trip)
        let deliveries = trip.deliveries()
        #expect(Trip.short(deliveries) == "P1>S1|->S1")
        let haul = try #require(deliveries.last?.haul)
        #expect(!haul.isLoadSeen && !haul.mayHaveComeLoaded)
        #expect(haul.since == deliveries.first?.unloadEnd)
        #expect(haul.gaps.count == 1)
        #expect((haul.gaps.first?.seconds ?? 0) > 2300)
    }

    /// Seconds between reports; three minutes at a site that is left without a drop.
    @Test(arguments: [5.0, 15, 60])
    func aShortVisitSaysHowMuchLongerItMayHaveBeen(interval: Double) throws {
        var trip = Trip()
        trip.interval = interval
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(3)
        trip.drive(to: Trip.otherSite)
        trip.stand(15)
        trip.drive(to: Trip.otherPlant)
        trip.stand(8)
        let found = trip.deliveries()
        #expect(Trip.short(found) == "P1>S2")
        let halt = try #require(found.first?.haul?.halts.first { $0.place?.id == "S1" })
        let edge = try #require(halt.edgeSeconds)
        // Two of the trip's steps at its beginning, as it reports an interval after it has come, and one at its end.
        #expect(edge > 0 && edge <= 3 * interval)
        #expect(halt.seconds + edge >= 180)
    }
}
