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
}
