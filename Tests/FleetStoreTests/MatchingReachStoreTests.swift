import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Testing

@testable import FleetStore

/// What is read to match loads and notes, however many plants and trucks tie them to each other.
@Suite struct MatchingReachStoreTests {
    private typealias Fixture = StoreFixture
    private static let noon = Fixture.time("2026-03-02T04:00:00Z")

    private static func spot(_ plant: Int, north: Double = 0) -> Coordinate {
        Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(plant) * 2_000_000)
            .moved(metres: north, bearingDegrees: 0)
    }

    private static let world: World = {
        let site = Site(
            siteID: "S", name: "S", status: .active, period: .always,
            fence: .circle(center: Self.spot(9), radiusMetres: 100))
        return World(
            registers: RegisterSnapshot(
                revision: 1,
                plants: (1...3).map {
                    Plant(
                        plantID: "P\($0)", name: "P\($0)", licenceKind: .concrete, status: .valid, period: .always,
                        fence: .circle(center: Self.spot($0), radiusMetres: 100))
                }, sites: [site],
                vehicles: (1...5).map { Vehicle(plate: "车\($0)", terminal: "T\($0)", kind: .mixer) }))
    }()

    /// Truck `number` left plant `plant` so many hours after noon; `nil`: it is read to have been loaded at none, and
    /// stood 50 m outside the fence of the first.
    private static func delivery(_ number: Int, at plant: Int?, hours: Double = 0) -> Delivery {
        let loadEnd = Self.noon.advanced(bySeconds: hours * 3600)
        return Delivery(
            deliveryID: "D-\(number)", loadID: "L-\(number)", terminal: Fixture.terminal("T\(number)"),
            plate: "车\(number)",
            origin: plant.map { DeliveryEnd(kind: .plant, id: "P\($0)", coordinate: Self.spot($0)) }
                ?? DeliveryEnd(kind: .unknown, coordinate: Self.spot(1, north: 150)),
            loadStart: loadEnd.advanced(bySeconds: -600), loadEnd: loadEnd,
            destination: DeliveryEnd(kind: .site, id: "S", coordinate: Self.spot(9)),
            unloadStart: loadEnd.advanced(bySeconds: 1800), unloadEnd: loadEnd.advanced(bySeconds: 2700),
            distanceKilometres: 6, coverage: 1, confidence: [:], isFinal: true,
            settledAt: loadEnd.advanced(bySeconds: 3600))
    }

    private static func note(_ number: String, plant: Int, truck: Int) -> RegisterRecord {
        .ticket(
            Ticket(
                ticketID: number, plantID: "P\(plant)", siteID: "S", plate: "车\(truck)",
                issuedAt: Self.noon.advanced(bySeconds: -120)))
    }

    /// Each truck's note is of the plant before; a fourth load is of the first plant and of the day after next.
    private static func chain(beside: Bool) async throws -> (fixture: Fixture, loads: [Delivery]) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let loads = [
            Self.delivery(1, at: 1), Self.delivery(2, at: 2), Self.delivery(3, at: 3),
            Self.delivery(4, at: 1, hours: 48),
        ]
        let all = loads + (beside ? [Self.delivery(5, at: nil)] : [])
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: terminal, settledAfter: nil,
            with: all.map { DeliveryStore.Derived($0, drumCubicMetres: nil) }, world: "w", reason: "test",
            judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [Self.note("N2", plant: 1, truck: 2), Self.note("N3", plant: 2, truck: 3)], kind: .tickets,
            source: "x.csv", by: "li")
        return (fixture, loads)
    }

    @Test func whicheverLoadIsJudgedTheSameAreMatched() async throws {
        let (fixture, loads) = try await Self.chain(beside: false)
        let store = JudgingStore(connection: fixture.connection)
        let span = MatchingSpan(of: Self.noon)
        for seed in loads.prefix(3) {
            let reach = try store.reach(from: [seed], in: span, far: .notes, world: Self.world)
            #expect(reach.tied.map(\.deliveryID) == ["D-1", "D-2", "D-3"], "from \(seed.deliveryID)")
            #expect(!reach.deliveries.contains { $0.deliveryID == "D-4" }, "another day")
            let matching = TicketMatching(reach.deliveries, Array(reach.tickets), in: Self.world)
            #expect(loads.prefix(3).map { matching.match(of: $0)?.ticket.ticketID } == [nil, "N2", "N3"])
        }
        // The same from a note.
        let notes = try store.tickets(
            plants: ["P2"], plates: [], from: Self.noon.advanced(bySeconds: -600), to: Self.noon)
        let reach = try store.reach(from: [], notes, in: span, far: .loads, world: Self.world)
        #expect(notes.count == 1 && reach.tied.map(\.deliveryID) == ["D-1", "D-2", "D-3"])
    }

    /// What was read to be loaded at no plant has no plant to be found by.
    @Test func aLoadBesideThePlantIsRead() async throws {
        let (fixture, loads) = try await Self.chain(beside: true)
        let reach = try JudgingStore(connection: fixture.connection).reach(
            from: [loads[2]], in: MatchingSpan(of: Self.noon), far: .notes, world: Self.world)
        #expect(reach.tied.map(\.deliveryID) == ["D-1", "D-2", "D-3", "D-5"])
    }
}
