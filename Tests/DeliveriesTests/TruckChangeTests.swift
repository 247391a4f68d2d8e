import Chronology
import Deliveries
import Registers
import Telemetry
import Testing

/// A terminal that comes to another truck, or whose row of the register ends, in the middle of a cycle: P2 is a cement
/// works, P1 a concrete plant.
@Suite struct TruckChangeTests {
    private static let tanker = Vehicle(plate: "浙F10001", terminal: "T1", kind: .bulkCement)
    private static let mixer = Vehicle(plate: "浙F20002", terminal: "T1", kind: .mixer)

    /// The town with one truck up to `change`, and another from `next` on; `nil`: no row holds.
    static func world(
        _ before: Vehicle?, until change: Instant, then after: Vehicle?, from next: Instant? = nil
    ) -> World {
        Trip.world { registers in
            registers.plants[1].licenceKind = .cement
            registers.vehicles = []
            if var before {
                before.period = ValidPeriod(from: .distantPast, to: change)
                registers.vehicles.append(before)
            }
            if var after {
                after.period = ValidPeriod(from: next ?? change, to: nil)
                registers.vehicles.append(after)
            }
        }
    }

    /// A tanker's trip from the cement works to the concrete plant and the times around its unloading there.
    private static func cement(_ trip: inout Trip) -> (coming: Instant, unloading: Instant, gone: Instant) {
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: 4000)
        let coming = trip.time
        trip.drive(to: Trip.plant)
        trip.stand(25)
        let unloading = trip.time
        trip.stand(25)
        trip.drive(to: Trip.depot)
        return (coming, unloading, trip.time)
    }

    @Test func aTankerWhoseTerminalComesToAMixerWhileItUnloads() throws {
        var trip = Trip()
        let change = Self.cement(&trip).unloading
        trip.stand(60)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.plant)
        trip.stand(8)
        let world = Self.world(Self.tanker, until: change, then: Self.mixer)
        let deliveries = trip.deliveries(in: world)
        #expect(Trip.short(deliveries) == "P2>P1|P1>S1")
        #expect(deliveries.map { world.kind(of: $0) } == [.bulkCement, .mixer])
    }

    @Test func aMixerWhoseTerminalComesToATankerWhileItPours() throws {
        var trip = Trip()
        trip.drive(to: Trip.plant)
        trip.stand(8)
        trip.drive(to: Trip.site)
        trip.stand(8)
        let change = trip.time
        trip.stand(10)
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: Trip.plant)
        trip.stand(45)
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        let world = Self.world(Self.mixer, until: change, then: Self.tanker)
        #expect(Trip.short(trip.deliveries(in: world)) == "P1>S1|P2>P1")
    }

    /// What such a truck does later is no mixer's trip.
    @Test func aTankerWhoseRowEndsWhileItUnloads() throws {
        var trip = Trip()
        let change = Self.cement(&trip).unloading
        trip.drive(to: Trip.site)
        trip.stand(10)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        let world = Self.world(Self.tanker, until: change, then: nil)
        #expect(Trip.short(trip.deliveries(in: world)) == "P2>P1")
    }

    /// Between two rows the truck is the earlier one's, before the first that one's.
    @Test(arguments: [true, false])
    func aTankerThatUnloadsWhereNoRowHolds(isBetween: Bool) throws {
        var trip = Trip()
        let times = Self.cement(&trip)
        trip.stand(60)
        let world =
            isBetween
            ? Self.world(Self.tanker, until: times.coming, then: Self.mixer, from: times.gone)
            : Self.world(nil, until: times.gone, then: Self.tanker)
        var fold = VehicleFold(terminal: Trip.terminal)
        var (found, cargoes): ([Delivery], Set<String>) = ([], [])
        for report in trip.reports {
            found += fold.take(report, receivedAt: report.recordedAt, in: world)
            guard report.recordedAt < times.gone else { break }
            if report.recordedAt > times.unloading { cargoes.insert(fold.cargo(in: world)?.plantID ?? "-") }
        }
        #expect(cargoes == ["P2", "-"])
        #expect(Trip.short(found + fold.openDeliveries(in: world)) == "P2>P1~")
        #expect(Trip.short(trip.deliveries(in: world)).hasPrefix("P2>P1"))
    }

    /// Who is behind the wheel of a load: plate and kind at the load and at the drop.
    struct Way: Sendable, CustomStringConvertible {
        var description: String
        var after: Vehicle
        var expected: String
    }

    static let ways = [
        Way(description: "another truck of another kind", after: mixer, expected: ""),
        Way(
            description: "the same truck, said to be of another kind",
            after: Vehicle(plate: tanker.plate, terminal: "T1", kind: .mixer), expected: "P2>P1"),
        Way(
            description: "the same kind with another plate",
            after: Vehicle(plate: mixer.plate, terminal: "T1", kind: .bulkCement), expected: "P2>P1"),
    ]

    @Test(arguments: ways)
    func noLoadGoesOverToAnotherTruckOfAnotherKind(way: Way) throws {
        var trip = Trip()
        let change = Self.cement(&trip).coming
        trip.stand(300)
        let world = Self.world(Self.tanker, until: change, then: way.after)
        #expect(Trip.short(trip.deliveries(in: world)) == way.expected)
    }

    @Test func whatOneTruckCarriedTheNextDoesNot() throws {
        var trip = Trip()
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: 15_000)
        let change = trip.time
        let world = Self.world(Self.tanker, until: change.advanced(bySeconds: 1), then: Self.mixer)
        #expect(trip.cargo(in: world)?.plantID == "P2")
        trip.drive(to: 14_000)
        #expect(trip.cargo(in: world) == nil)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        #expect(trip.deliveries(in: world).isEmpty)
    }

    /// A tanker's halt is no mixer's load.
    @Test func noHaltOfOneTruckIsTheLoadOfTheNext() throws {
        var trip = Trip()
        trip.stand(10)
        trip.drive(to: Trip.hidden)
        trip.stand(10)
        trip.drive(to: 14_000)
        let change = trip.time
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        #expect(Trip.short(trip.deliveries()) == "?>S1")
        let world = Self.world(Self.tanker, until: change, then: Self.mixer)
        #expect(trip.deliveries(in: world).isEmpty)
    }

    /// Where nobody saw the terminal come to the other truck, that one may have been loaded.
    @Test func inTheDarkTheNextTruckMayHaveBeenLoaded() throws {
        var trip = Trip()
        trip.drive(to: Trip.otherPlant)
        trip.stand(20)
        trip.drive(to: 15_000)
        let change = trip.time.advanced(bySeconds: 600)
        trip.vanish(20, to: 12_500)
        trip.drive(to: Trip.site)
        trip.stand(15)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        let world = Self.world(Self.tanker, until: change, then: Self.mixer)
        let deliveries = trip.deliveries(in: world)
        #expect(Trip.short(deliveries) == "->S1")
        #expect(deliveries.first?.haul?.mayHaveComeLoaded == true)
    }

    /// The truck that leaves took the load.
    @Test(arguments: [true, false])
    func aLoadOverTheChangeIsThatOfTheTruckThatLeaves(isMixer: Bool) throws {
        var trip = Trip()
        trip.stand(10)
        trip.drive(to: isMixer ? Trip.plant : Trip.otherPlant)
        trip.stand(10)
        let change = trip.time
        trip.stand(10)
        trip.drive(to: isMixer ? Trip.site : Trip.plant)
        trip.stand(50)
        trip.drive(to: Trip.depot)
        trip.stand(300)
        let world =
            isMixer
            ? Self.world(Self.tanker, until: change, then: Self.mixer)
            : Self.world(Self.mixer, until: change, then: Self.tanker)
        #expect(Trip.short(trip.deliveries(in: world)) == (isMixer ? "P1>S1" : "P2>P1"))
    }
}
