import Deliveries
import Testing
import Tracks

/// A truck that was loaded elsewhere and only drives through the yard of a plant.
@Suite struct ShortPassTests {
    /// From the depot, eight minutes at a place that no register knows, so many at P1, and poured at S1. Drums turn by
    /// the given speeds; at the plant `nil` is a drum that is not heard.
    private func story(
        at east: Double = Trip.hidden, pass minutes: Double, halted: Double? = nil, passed: Double? = nil
    ) -> [Delivery] {
        var trip = Trip()
        trip.drum = halted == nil ? nil : 2
        trip.stand(6)
        trip.drive(to: east)
        trip.stand(8, drum: halted)
        trip.drum = passed
        trip.drive(to: Trip.plant)
        trip.stand(minutes)
        trip.drum = halted == nil ? nil : 2
        trip.drive(to: Trip.site)
        trip.stand(15, drum: halted == nil ? nil : -8)
        trip.drive(to: Trip.depot)
        return trip.deliveries()
    }

    private func short(_ deliveries: [Delivery]) -> String {
        Trip.short(deliveries) + (deliveries.last?.haul?.elsewhere == nil ? "" : " elsewhere")
    }

    @Test func aStayTooShortForALoadAfterAHaltLeavesTheOriginOpen() throws {
        let passed = self.story(pass: 3.5)
        #expect(self.short(passed) == "P1>S1~ elsewhere")
        let halt = try #require(passed.last?.haul?.elsewhere)
        #expect(halt.place == nil && (420...540).contains(halt.seconds))
        #expect(halt.coordinate.nearbyMetres(to: Trip.point(Trip.hidden)) < 30)
        #expect(self.short(self.story(pass: 4.5)) == "P1>S1~", "as long as a fast load takes")
        #expect(self.short(self.story(at: 400, pass: 3.5)) == "P1>S1~", "it waited outside the gate")
        #expect(self.short(self.story(at: Trip.fuel, pass: 3.5)) == "P1>S1~", "it was refuelled")
    }

    @Test func aLoadThatTheDrumShowedElsewhereStaysOnTheTruck() {
        #expect(self.short(self.story(pass: 3.5, halted: 10, passed: 2)) == "?>S1~")
        #expect(self.short(self.story(pass: 3.5, halted: 10, passed: 10)) == "P1>S1~", "loaded at the plant")
        #expect(self.short(self.story(pass: 8, halted: 10, passed: 2)) == "P1>S1~", "long enough for a slow drum")
        #expect(self.short(self.story(pass: 3.5, halted: 10)) == "P1>S1~ elsewhere", "nobody heard the drum there")
    }

    /// Poured at S1, a halt on the way back, so many minutes at P1, and poured again.
    private func again(pass minutes: Double, halt: Double) -> String {
        var trip = Trip()
        trip.stand(6)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: 7000)
        trip.stand(halt)
        trip.drive(to: Trip.plant)
        trip.stand(minutes)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.depot)
        return self.short(trip.deliveries())
    }

    @Test func itIsTheSameOnTheWayBackFromASite() {
        #expect(self.again(pass: 3.5, halt: 8) == "P1>S1|P1>S1~ elsewhere")
        #expect(self.again(pass: 8, halt: 8) == "P1>S1|P1>S1~", "a meal before a load")
        #expect(self.again(pass: 3.5, halt: 2.5) == "P1>S1|P1>S1~", "too short a halt for a load")
    }
}
