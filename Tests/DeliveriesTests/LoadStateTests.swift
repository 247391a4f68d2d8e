import Deliveries
import Telemetry
import Testing

/// What a truck does with its load, at each step of its day in the town of `Trip`.
@Suite struct LoadStateTests {
    private static func state(_ trip: Trip) -> LoadState? {
        let world = Trip.world()
        var fold = VehicleFold(terminal: Trip.terminal)
        for report in trip.reports { _ = fold.take(report, receivedAt: report.recordedAt, in: world) }
        return fold.outlook(in: world).load
    }

    @Test func aDayFromEmptyToEmpty() {
        var trip = Trip()
        #expect(Self.state(trip) == nil, "nothing was heard of it")
        trip.stand(5)
        #expect(Self.state(trip) == .empty)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        #expect(Self.state(trip) == .loading)
        trip.drive(to: Trip.fuel)
        #expect(Self.state(trip) == .loaded)
        trip.drive(to: Trip.site)
        trip.stand(15)
        #expect(Self.state(trip) == .pouring)
        trip.drive(to: Trip.fuel)
        #expect(Self.state(trip) == .empty)
    }
}
