import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

@testable import FleetStore

/// What came to a place outside the registers, as it is stored, and which deliveries are judged again when that
/// changes.
@Suite struct SmallJobStoreTests {
    private typealias Fixture = StoreFixture

    /// A mixer that has reported, and the store of what it delivers, in a city that exempts jobs below 30 m³.
    private struct Log {
        let fixture: Fixture
        let terminal: Int32
        var world: World
        var judging: JudgingStore { JudgingStore(connection: self.fixture.connection) }

        init(limit: Double = 30) async throws {
            self.fixture = try await Fixture()
            let writer = try LogWriter(url: self.fixture.url, lane: "main")
            try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
            self.terminal = Int32(try self.fixture.count("SELECT terminal_id FROM terminal"))
            var parameters = AnalysisParameters.standard
            parameters.exemption.concreteVolume = limit
            parameters.exemption.days = 20
            let truck = Vehicle(plate: "浙F12345", terminal: "T1", kind: .mixer)
            self.world = World(registers: RegisterSnapshot(revision: 1, vehicles: [truck]), parameters: parameters)
        }

        /// Puts these in the place of all that stood.
        func replace(with deliveries: [Delivery], drum: Double? = 10) throws {
            try DeliveryStore(connection: self.fixture.connection).replace(
                terminal: self.terminal, settledAfter: nil,
                with: deliveries.map { DeliveryStore.Derived($0, drumCubicMetres: drum) }, world: "w", reason: "test",
                judgedIn: self.world,
                judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        }

        /// Those that are due by another delivery, and from now on none is due.
        func due() throws -> [String] {
            let rows = try self.fixture.connection.query(Self.selectDue)
            _ = try self.fixture.count("DELETE FROM delivery_due RETURNING 1")
            return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
        }

        private static let selectDue = NamedQuery(
            "test.due",
            """
            SELECT delivery_id FROM delivery_due WHERE reason LIKE 'another delivery came, went or changed: %'
            ORDER BY delivery_id
            """)

        func job(around delivery: Delivery, _ volume: LoadVolume = .estimated(10)) throws -> SmallJob? {
            try PlaceDrop(delivery, volume: volume).flatMap { try self.judging.smallJob(around: $0, in: self.world) }
        }
    }

    /// Unloaded on a day of March so many metres east of one spot, two days after what was unloaded before it.
    private static func drop(_ day: Int, east: Double = 0) -> Delivery {
        let loadEnd = Fixture.time("2026-03-01T04:00:00Z").advanced(bySeconds: Double(day - 1) * 86_400)
        let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        return Delivery(
            deliveryID: "D-\(day + 100)", loadID: "L-\(day)", terminal: Fixture.terminal(), plate: "浙F12345",
            origin: DeliveryEnd(kind: .unknown), loadStart: loadEnd.advanced(bySeconds: -600), loadEnd: loadEnd,
            destination: DeliveryEnd(kind: .unknown, coordinate: spot.moved(metres: east, bearingDegrees: 90)),
            unloadStart: loadEnd.advanced(bySeconds: 1200), unloadEnd: loadEnd.advanced(bySeconds: 1800),
            distanceKilometres: 6, coverage: 1, confidence: [:], isFinal: true,
            settledAt: loadEnd.advanced(bySeconds: 3600))
    }

    @Test func whatCameToAPlaceIsCounted() async throws {
        let log = try await Log()
        let drops = [
            Self.drop(1), Self.drop(4, east: 90), Self.drop(7, east: 110), Self.drop(10), Self.drop(25),
        ]
        try log.replace(with: drops)
        let first = try #require(try log.job(around: drops[0]))
        #expect(first.cubicMetres == 30 && first.loads == 3 && first.estimatedLoads == 3 && first.isReached)
        #expect(first.last == drops[3].unloadStart)
        // From the spot 110 m away: what was 90 m east of the other, and nothing else.
        let apart = try #require(try log.job(around: drops[2]))
        #expect(apart.cubicMetres == 20 && apart.loads == 2 && !apart.isReached)
        // The volume on a note; and one that nobody knows.
        #expect(try log.judging.setVolume(of: "L-4", cubicMetres: 3.5, isEstimated: false))
        #expect(try !log.judging.setVolume(of: "L-4", cubicMetres: 3.5, isEstimated: false))
        #expect(try log.judging.setVolume(of: "L-10", cubicMetres: nil, isEstimated: false))
        let noted = try #require(try log.job(around: drops[0]))
        #expect(noted.cubicMetres == 10 + 3.5 + 16 && !noted.isReached)
        #expect([noted.loads, noted.estimatedLoads, noted.unknownLoads] == [3, 1, 1])
        // Where nothing is exempt nothing is asked.
        let off = try await Log(limit: 0)
        try off.replace(with: drops)
        #expect(try off.job(around: drops[0]) == nil)
    }

    @Test func oneThatReachesTheLimitMakesThoseBeforeItDue() async throws {
        let log = try await Log()
        let two = [Self.drop(1), Self.drop(3), Self.drop(1, east: 5000)].enumerated().map { index, delivery in
            var delivery = delivery
            if index == 2 { (delivery.deliveryID, delivery.loadID) = ("D-away", "L-away") }
            return delivery
        }
        try log.replace(with: two)
        _ = try log.due()
        // Derived again in full, so that a row that stands is due by itself; what is due beside that says why.
        func add(_ deliveries: [Delivery], to standing: [Delivery]) throws -> [String] {
            try DeliveryStore(connection: log.fixture.connection).replace(
                terminal: log.terminal, settledAfter: standing.map(\.settledAt).max(),
                with: deliveries.map { DeliveryStore.Derived($0, drumCubicMetres: 10) }, world: "w", reason: "test",
                judgedIn: log.world,
                judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
            return try log.due()
        }
        let third = Self.drop(6)
        #expect(try add([third], to: two) == ["D-101", "D-103"])
        // What comes behind it changes nothing of them: they had enough.
        let fourth = Self.drop(9)
        #expect(try add([fourth], to: two + [third]).isEmpty)
        // Fourteen days after the first: its own job begins with the second.
        let fifth = Self.drop(22)
        #expect(try add([fifth], to: two + [third, fourth]).isEmpty)
        #expect(try log.job(around: fifth)?.first == two[1].unloadStart)

        // A volume that turns out otherwise; then one that goes.
        #expect(try log.judging.setVolume(of: "L-3", cubicMetres: 2, isEstimated: false))
        try log.judging.makeDue(aroundJobOf: two[1], in: log.world)
        #expect(try log.due() == ["D-101", "D-106", "D-109", "D-122"])
        #expect(try add([fourth, fifth], to: two) == ["D-101", "D-103"])
    }

    @Test func nothingIsDueWhereNothingIsExempt() async throws {
        let log = try await Log(limit: 0)
        try log.replace(with: [Self.drop(1), Self.drop(9)])
        _ = try log.due()
        try log.judging.makeDue(aroundJobOf: Self.drop(1), in: log.world)
        #expect(try log.due().isEmpty)
    }
}
