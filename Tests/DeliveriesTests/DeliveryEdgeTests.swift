import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

/// What is hard to read in a truck's day, each by its name, in the town of `Trip`.
@Suite struct DeliveryEdgeTests {
    private static func circle(_ east: Double, _ radius: Double) -> Fence {
        .circle(center: Trip.point(east), radiusMetres: radius)
    }

    // MARK: - Concrete that comes back

    /// Twice to S1, then refused there, taken back to the plant, and sent to S2.
    private static func returned(drum: Double?) -> [Delivery] {
        var trip = Trip()
        trip.drum = drum
        for _ in 0..<2 {
            trip.drive(to: Trip.plant)
            trip.stand(8)
            trip.drive(to: Trip.site)
            trip.stand(15, drum: drum.map { _ in -5 })
        }
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(12)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.otherSite)
        trip.stand(15, drum: drum.map { _ in -5 })
        trip.drive(to: Trip.plant)
        trip.stand(8)
        return trip.deliveries()
    }

    @Test func returnedConcreteWasDroppedNowhereWhereADrumTells() {
        #expect(Trip.short(Self.returned(drum: 2)) == "P1>S1|P1>S1|P1>S2")
    }

    /// Nothing that is stored tells a refusal from a short pour then, and the drop says what is missing.
    @Test func withoutASensorARefusalLooksLikeADropOfLessConfidence() throws {
        let found = Self.returned(drum: nil)
        #expect(Trip.short(found) == "P1>S1|P1>S1|P1>S1|P1>S2")
        #expect(found.allSatisfy { $0.confidence["discharge"] == 0.9 })
    }

    // MARK: - Midnight and nights

    /// Minutes in the depot before the first load, so that midnight of China, or of UTC, falls into the haul.
    @Test(arguments: [("2026-03-03T00:00:00+08:00", 1106.0), ("2026-03-03T00:00:00Z", 1586)])
    func aLoadAcrossMidnightIsTheSameAsByDay(midnight: String, wait: Double) throws {
        func day(after minutes: Double) throws -> Delivery {
            var trip = Trip()
            trip.noise = 0
            trip.stand(minutes)
            trip.drive(to: Trip.plant)
            trip.stand(8)
            trip.drive(to: Trip.site)
            trip.stand(15)
            trip.drive(to: Trip.plant)
            trip.stand(8)
            let found = trip.deliveries()
            #expect(Trip.short(found) == "P1>S1")
            return try #require(found.first)
        }
        let (byDay, byNight) = (try day(after: 60), try day(after: wait))
        let shift = (wait - 60) * 60
        let time = try #require(Instant(rfc3339: midnight))
        let (loaded, arrived) = (try #require(byNight.loadEnd), byNight.unloadStart)
        #expect(loaded < time && time < arrived)
        #expect(byDay.loadStart?.advanced(bySeconds: shift) == byNight.loadStart)
        #expect(byDay.loadEnd?.advanced(bySeconds: shift) == loaded)
        #expect(byDay.unloadStart.advanced(bySeconds: shift) == arrived)
        #expect(byDay.unloadEnd.advanced(bySeconds: shift) == byNight.unloadEnd)
        #expect(byDay.coverage == byNight.coverage && byDay.confidence == byNight.confidence)
    }

    @Test func aLoadThatIsParkedOvernightIsNoDropAndNoneTheNextDay() {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.depot)
        trip.stand(600)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries()).isEmpty)
    }

    // MARK: - Cement and mortar

    @Test func mortarIsBlownIntoASiloAndAPlantOfConcreteOnTheWayIsNoLoad() {
        let world = Trip.world(kind: .mortar) { $0.plants[1].licenceKind = .mortar }
        var trip = Trip()
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(10)
        trip.drive(to: Trip.site)
        trip.stand(45)
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        #expect(Trip.short(trip.deliveries(in: world)) == "P2>S1")
    }

    @Test func cementGoesToARegisteredSilo() {
        let world = Trip.world(kind: .bulkCement) { registers in
            registers.plants[1].licenceKind = .cement
            registers.places.append(
                Place(placeID: "L1", name: "L1", kind: .silo, fence: Self.circle(14_000, 40)))
        }
        var trip = Trip()
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: 14_000)
        trip.stand(50)
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        #expect(Trip.short(trip.deliveries(in: world)) == "P2>L1")
    }

    // MARK: - Sensors

    /// Six minutes at the roadside, too short for a drop that nothing shows.
    @Test(arguments: [(true, "P1>?"), (false, "")])
    func aLoadSensorTellsAShortDrop(isWeighed: Bool, expected: String) {
        var trip = Trip()
        if isWeighed { trip.load = 0 }
        trip.drive(to: Trip.plant)
        trip.stand(4)
        if isWeighed { trip.load = 20_000 }
        trip.stand(4)
        trip.drive(to: 7000)
        trip.stand(3)
        if isWeighed { trip.load = 1000 }
        trip.stand(3)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries()) == expected)
    }

    /// A terminal that repeats its last position while the truck drives shows no halt there, and no drop.
    @Test(arguments: [(40.0, ""), (0, "P1>?")])
    func aPositionThatTheTerminalRepeatsIsNoDrop(kmh: Double, expected: String) throws {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: 7000)
        trip.freeze(25, kmh: kmh)
        trip.vanish(1, to: kmh > 0 ? 2000 : 6800)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries()) == expected)
    }

    @Test func whatATerminalRepeatsOnTheWayIsAGapOfTheHaul() throws {
        let (delivery, haul) = try HaulTests.first { trip in
            HaulTests.load(&trip)
            trip.drive(to: 2000)
            trip.freeze(12, kmh: 30)
            trip.vanish(0.25, to: 8000)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        #expect(delivery.destination.id == "S1" && delivery.coverage < 0.5)
        #expect(haul.halts.isEmpty)
        let gap = try #require(haul.gaps.first)
        #expect(haul.gaps.count == 1 && abs(gap.seconds - 735) < 40 && !gap.isPartOfHalt)
    }

    /// Fifteen minutes in a wide site, with a receiver that is off by so many metres to every side.
    @Test(arguments: [6.0, 90]) func aPourUnderADriftingReceiverIsADrop(noise: Double) {
        let world = Trip.world { $0.sites[0].fence = Self.circle(Trip.site, 150) }
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.noise = noise
        trip.stand(15)
        trip.noise = 6
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries(in: world)) == "P1>S1")
    }

    // MARK: - Fences in fences

    @Test func ofNestedFencesTheInnerOneIsMeant() {
        let world = Trip.world { registers in
            registers.plants[0].fence = Self.circle(Trip.plant, 300)
            var inner = registers.plants[0]
            (inner.plantID, inner.fence) = ("P3", Self.circle(Trip.plant + 150, 40))
            registers.plants.append(inner)
            var phase = registers.sites[0]
            (phase.siteID, phase.fence) = ("S3", Self.circle(Trip.site + 30, 20))
            registers.sites.append(phase)
        }
        func trip(from plant: Double, to site: Double) -> String {
            var trip = Trip()
            trip.noise = 0
            trip.drive(to: plant)
            trip.stand(8)
            trip.drive(to: site)
            trip.stand(15)
            trip.drive(to: Trip.depot)
            trip.stand(300)
            return Trip.short(trip.deliveries(in: world))
        }
        #expect(trip(from: Trip.plant + 150, to: Trip.site + 30) == "P3>S3")
        #expect(trip(from: Trip.plant - 150, to: Trip.site - 30) == "P1>S1")
    }

    // MARK: - Two plants

    /// Loaded at P1, then so many minutes within the fence of P2, then unloaded: what is read, and the load before.
    @Test(
        arguments: [
            (4.0, "P1>S2", nil), (6, "P2>S2", "P1"), (20, "P2>S2", "P1"), (35, "P2>S2", "P1"), (80, "P2>S2", "P1"),
            (95, "P2>S2", nil),
        ] as [(Double, String, String?)])
    func aStandAtAnotherPlantMayHaveBeenNoLoad(minutes: Double, drops: String, earlier: String?) throws {
        func found(in world: World = Trip.world(), drum: Double? = nil, dropsBetween: Bool = false) -> [Delivery] {
            var trip = Trip()
            trip.drive(to: Trip.plant)
            trip.stand(8)
            if dropsBetween {
                trip.drive(to: Trip.site)
                trip.stand(15)
            }
            trip.drive(to: Trip.otherPlant)
            trip.stand(minutes, drum: drum)
            trip.drive(to: Trip.otherSite)
            trip.stand(15)
            trip.drive(to: Trip.plant)
            trip.stand(8)
            return trip.deliveries(in: world)
        }
        let plain = found()
        #expect(Trip.short(plain) == drops)
        let delivery = try #require(plain.last)
        #expect(delivery.haul?.earlier?.plantID == earlier)
        #expect(delivery.isStayLong(AnalysisParameters.standard.cycles) == (minutes > 30))
        let other = delivery.asLoadedEarlier
        #expect(other?.origin.id == earlier)
        if let other, let end = delivery.loadStart { #expect(other.loadEnd.map { $0 < end } == true) }
        // Not where a drum shows that it was filled, nor where it had been emptied.
        #expect(found(drum: 10).last?.haul?.earlier == nil)
        #expect(found(dropsBetween: true).last?.haul?.earlier == nil)
    }

    // MARK: - Clocks

    /// Weeks that the terminal's clock is behind the server's, and minutes that its reports take; whether the day of
    /// the delivery is in doubt. Its hours, places and ids are the same.
    @Test(
        arguments: [
            (0, 0, false), (1024, 1, true), (2048, 30, true), (1024, 120, true), (1024, 2820, true),
            (1024, 3000, false), (1000, 1, false), (0, 2820, false),
        ] as [(Double, Double, Bool)])
    func aWeekNumberThatRolledOverPutsTheDayInDoubt(weeks: Double, minutes: Double, isInDoubt: Bool) throws {
        var trip = Trip()
        for _ in 0..<2 {
            trip.drive(to: Trip.plant)
            trip.stand(8)
            trip.drive(to: Trip.site)
            trip.stand(15)
        }
        trip.drive(to: Trip.fuel)
        let world = Trip.world()
        var fold = VehicleFold(terminal: Trip.terminal)
        let lateness = weeks * 7 * 86_400 + minutes * 60
        let final = trip.reports.flatMap {
            fold.take($0, receivedAt: $0.recordedAt.advanced(bySeconds: lateness), in: world)
        }
        let found = final + fold.openDeliveries(in: world)
        #expect(Trip.short(found) == "P1>S1|P1>S1~")
        #expect(found.allSatisfy { $0.isDateInDoubt == isInDoubt })
        let plain = trip.deliveries()
        for (one, other) in zip(found, plain) {
            #expect(one.deliveryID == other.deliveryID)
            #expect(one.confidence.filter { $0.key != Delivery.clock } == other.confidence)
        }
    }
}
