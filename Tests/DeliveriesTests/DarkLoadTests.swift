import Chronology
import Deliveries
import Geodesy
import Registers
import Testing

/// Loads that lie wholly in a stretch of which nothing was seen, in the town of `Trip`.
@Suite struct DarkLoadTests {
    /// Loaded at P1, poured at S1, and on to where the terminal goes dark.
    private static func trip(dark minutes: Double, from east: Double, to other: Double, then site: Double) -> Trip {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: east)
        trip.vanish(minutes, to: other)
        trip.drive(to: site)
        trip.stand(15)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        return trip
    }

    private static let suspect = SuspectedPlace(id: "X1", coordinate: Trip.point(Trip.hidden), radiusMetres: 150)

    private static func world(_ change: (inout RegisterSnapshot) -> Void = { _ in }) -> World {
        World(registers: Trip.world(change).registers, suspectedPlaces: [Self.suspect])
    }

    @Test func darkAtAPlantsGateItWasLoadedThere() throws {
        let trip = Self.trip(dark: 14, from: 350, to: 900, then: Trip.otherSite)
        let found = trip.deliveries()
        #expect(Trip.short(found) == "P1>S1|P1>S2")
        let second = try #require(found.last)
        #expect(second.isLoadUnseen)
        #expect(!found[0].isLoadUnseen)
        #expect(second.confidence.values.reduce(1, *) < 0.5)
        let (start, end) = (try #require(second.loadStart), try #require(second.loadEnd))
        #expect(start > found[0].unloadEnd)
        #expect(end.seconds(since: start) >= 180)
        #expect(end < second.unloadStart)
        #expect(second.haul?.isLoadSeen == false)
        // The gap that hides the load is told, and is no gap of the haul.
        #expect(second.haul?.gaps.count == 1)
        #expect(second.coverage > 0.9)
    }

    @Test func tooShortForALoadItIsASecondDrop() {
        let trip = Self.trip(dark: 4, from: 350, to: 900, then: Trip.otherSite)
        #expect(Trip.short(trip.deliveries()) == "P1>S1+S2")
    }

    @Test func farFromEveryPlantItIsASecondDrop() {
        let trip = Self.trip(dark: 14, from: Trip.hidden - 800, to: Trip.hidden + 900, then: Trip.otherSite)
        #expect(Trip.short(trip.deliveries()) == "P1>S1+S2")
    }

    @Test func aroundASuspectedPlantItWasLoadedThere() throws {
        let trip = Self.trip(dark: 10, from: Trip.hidden - 800, to: Trip.hidden + 900, then: Trip.otherSite)
        let found = trip.deliveries(in: Self.world())
        #expect(Trip.short(found) == "P1>S1|X1>S2")
        #expect(found.last?.origin.kind == .suspectedPlant)
        #expect(found.last?.isLoadUnseen == true)
    }

    @Test func whereAPlantCouldBeReachedNoneIsAccused() {
        // An hour is enough to go to P2 and back.
        let trip = Self.trip(dark: 60, from: Trip.hidden - 800, to: Trip.hidden + 900, then: Trip.otherSite)
        #expect(!Trip.short(trip.deliveries(in: Self.world())).contains("X1"))
        // Nor if the plant is nearer still, and the only thing wrong is its licence.
        let beside = Self.world { registers in
            registers.plants.append(
                Plant(
                    plantID: "P3", name: "P3", licenceKind: .concrete, status: .suspended, period: .always,
                    fence: .circle(center: Trip.point(Trip.hidden - 600), radiusMetres: 100)))
        }
        let near = Self.trip(dark: 10, from: Trip.hidden - 800, to: Trip.hidden + 900, then: Trip.otherSite)
        #expect(Trip.short(near.deliveries(in: beside)) == "P1>S1|P3>S2")
    }

    /// Loaded at P1, dark for a while from a few metres before the fence of S1, and loaded again.
    private static func darkAtASite(_ minutes: Double) -> Trip {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: 8900)
        trip.vanish(minutes, to: 9700)
        trip.drive(to: Trip.otherPlant)
        trip.stand(8)
        return trip
    }

    @Test func darkAtASitesGateItWasUnloadedThere() throws {
        let found = Self.darkAtASite(20).deliveries()
        #expect(Trip.short(found) == "P1>S1")
        let drop = try #require(found.first)
        #expect(drop.isDropUnseen && !drop.isLoadUnseen)
        #expect(drop.confidence.values.reduce(1, *) < 0.4)
        #expect(drop.unloadEnd.seconds(since: drop.unloadStart) > 240)
        #expect(drop.destination.coordinate == nil)
    }

    /// Loaded at P1, dark from a way before the fence of S1 and back at the same spot, rolling both times.
    private static func rolledIntoTheDark(_ metres: Double, _ minutes: Double = 18, of site: Double = Trip.site) -> Trip
    {
        var trip = Trip()
        trip.interval = 3
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: site - 60 - metres)
        trip.vanish(minutes, to: site - 60 - metres - 10)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        return trip
    }

    /// It is put inside, where trucks stand; where nobody saw it stand and no site is near, it waits for what may come
    /// in.
    @Test(
        arguments: [
            (100.0, "P1>S1", true, false), (200, "P1>S1", true, false), (230, "P1>S1", true, false),
            (380, "P1>?", false, true), (1500, "P1>?", false, true),
        ] as [(Double, String, Bool, Bool)])
    func backAtTheSpotBeforeAGate(metres: Double, drops: String, isUnseen: Bool, isUnheard: Bool) throws {
        let found = Self.rolledIntoTheDark(metres).deliveries()
        #expect(Trip.short(found) == drops)
        let drop = try #require(found.first)
        #expect(drop.isDropUnseen == isUnseen && drop.isDropUnheard == isUnheard)
        #expect((drop.destination.coordinate == nil) == isUnseen)
        #expect(drop.haul?.halts.isEmpty == true)
    }

    @Test func aHaltThatWasSeenBeforeAGateIsNoDropInside() throws {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site - 260)
        trip.stand(18)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let drop = try #require(trip.deliveries().first)
        #expect(drop.destination.id == nil && drop.destination.coordinate != nil)
        #expect(!drop.isDropUnseen && !drop.isDropUnheard)
    }

    /// Who halts in the dark before a gate and then pours elsewhere was passing, and an empty truck drops nothing
    /// there.
    @Test func darkBeforeAGateExplainsOnlyALoadThatWentNowhereElse() {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site - 260)
        trip.vanish(12, to: Trip.site - 250)
        trip.drive(to: Trip.otherSite)
        trip.stand(15)
        trip.drive(to: Trip.site + 250)
        trip.vanish(12, to: Trip.site + 240)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Trip.short(trip.deliveries()) == "P1>S2")
    }

    @Test func withoutTheTimeToPourThereIsNoDrop() {
        #expect(Self.darkAtASite(4.5).deliveries().isEmpty)
    }

    @Test func ofTwoSitesNobodyCanTellWhich() {
        let world = Trip.world { registers in
            registers.sites.append(
                Site(
                    siteID: "S3", name: "S3", status: .active, period: .always,
                    fence: .circle(center: Trip.point(9600), radiusMetres: 60)))
        }
        #expect(Self.darkAtASite(20).deliveries(in: world).isEmpty)
    }

    @Test func aLoadOfASuspectedPlantIsShownAsSoonAsItWasPoured() {
        var trip = Trip()
        trip.drive(to: Trip.hidden)
        trip.stand(8)
        trip.drive(to: 7000)
        trip.stand(20)
        trip.drive(to: Trip.fuel)
        #expect(Trip.short(trip.deliveries(in: Self.world())) == "X1>?~")
        // At a place of which nothing is known, twenty minutes may be a breakdown.
        #expect(Trip.short(trip.deliveries()).isEmpty)
        // Nothing shows that the load is gone before the next one is taken.
        #expect(trip.deliveries(in: Self.world()).map(\.isDropLikely) == [true])
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let final = trip.deliveries(in: Self.world())
        #expect(Trip.short(final) == "X1>?" && final.map(\.isDropLikely) == [false])
    }
}
