import Chronology
import Deliveries
import Registers
import Testing

/// What may be left on a truck after a drop: a halt before the next one is no load by itself, and concrete ages.
@Suite struct RestOfLoadTests {
    /// Loaded at P1, poured at S1, at a halt far off the way to S2, poured there.
    private static func split(drum: Double? = nil, atHalt: Double? = nil) -> [Delivery] {
        var trip = Trip()
        trip.drum = drum.map { _ in 2 }
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: drum)
        trip.drive(to: Trip.site)
        trip.stand(10, drum: drum.map { _ in -8 })
        trip.drive(to: Trip.hidden)
        trip.stand(8, drum: atHalt)
        trip.drive(to: Trip.otherSite)
        trip.stand(15, drum: drum.map { _ in -8 })
        trip.drive(to: Trip.plant)
        trip.stand(8, drum: drum)
        return trip.deliveries()
    }

    @Test func aHaltBetweenTwoDropsKeepsTheLoadBefore() throws {
        let found = Self.split()
        #expect(Trip.short(found) == "P1>S1|?>S2")
        let (first, rest) = (try #require(found.first), try #require(found.last))
        #expect(first.haul?.earlier == nil)
        let earlier = try #require(rest.haul?.earlier)
        #expect(earlier.plantID == "P1" && earlier.start == first.loadStart && earlier.end == first.loadEnd)
    }

    @Test func aDrumThatShowedTheLoadBeforeShowsThatNoneWasTaken() {
        #expect(Trip.short(Self.split(drum: 10)) == "P1>S1+S2")
        let loaded = Self.split(drum: 10, atHalt: 10)
        #expect(Trip.short(loaded) == "P1>S1|?>S2")
        #expect(loaded.last?.haul?.earlier == nil)
    }

    /// Drops at S1 and S2 in turn, an hour each: the load ends about 11 minutes before the first.
    @Test(arguments: [(3, "P1>S1+S2+S1"), (6, "P1>S1+S2+S1+S2|->S1+S2")])
    func aChainOfDropsEndsWithTheAgeOfTheLoad(drops: Int, expected: String) {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        for index in 0..<drops {
            trip.drive(to: index.isMultiple(of: 2) ? Trip.site : Trip.otherSite)
            trip.stand(55)
        }
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let found = trip.deliveries()
        #expect(Trip.short(found) == expected)
        for unseen in found where unseen.origin.kind == .unknown { #expect(unseen.haul?.isLoadSeen == false) }
    }
}
