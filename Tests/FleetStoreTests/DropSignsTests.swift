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

/// What counts for a drop at a place outside the registers, as it is stored, and which deliveries are judged again when
/// it is known otherwise.
@Suite struct DropSignsTests {
    private typealias Fixture = StoreFixture

    private static let due = NamedQuery(
        "test.due",
        """
        SELECT delivery_id FROM delivery_due WHERE reason LIKE 'another delivery came, went or changed: %'
        ORDER BY delivery_id
        """)

    /// Those that are due by another delivery, and from now on none is due.
    private static func due(_ fixture: Fixture) throws -> [String] {
        let rows = try fixture.connection.query(Self.due)
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    /// Unloaded on a day of March so many metres east of one spot.
    private static func drop(_ day: Int, east: Double = 0, isShown: Bool = false) -> Delivery {
        let loadEnd = Fixture.time("2026-03-01T04:00:00Z").advanced(bySeconds: Double(day - 1) * 86_400)
        let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        return Delivery(
            deliveryID: "D-\(day + 100)", loadID: "L-\(day)", terminal: Fixture.terminal(), plate: "浙F12345",
            origin: DeliveryEnd(kind: .plant, id: "P\(day)"), loadStart: loadEnd.advanced(bySeconds: -600),
            loadEnd: loadEnd,
            destination: DeliveryEnd(kind: .unknown, coordinate: spot.moved(metres: east, bearingDegrees: 90)),
            unloadStart: loadEnd.advanced(bySeconds: 1200), unloadEnd: loadEnd.advanced(bySeconds: 1800),
            distanceKilometres: 6, coverage: 1, confidence: isShown ? ["discharge": 1] : [:], isFinal: true,
            settledAt: loadEnd.advanced(bySeconds: 3600))
    }

    @Test func signsCountForTheOthersAtThePlace() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let drops = [
            Self.drop(1), Self.drop(5, east: 60), Self.drop(9, east: 5000), Self.drop(12, isShown: true),
            Self.drop(25),
        ]
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: terminal, settledAfter: nil,
            with: drops.map { DeliveryStore.Derived($0, drumCubicMetres: nil) }, world: "w", reason: "test",
            judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        _ = try Self.due(fixture)
        let store = JudgingStore(connection: fixture.connection)
        func visits(isCement: Bool = false) throws -> [String] {
            try store.visits(toPlaceOf: drops[0], within: 100, seconds: 14 * 86_400, isCement: isCement)
                .map { "\($0.delivery.deliveryID) \($0.signs.rawValue)" }
        }
        // Of mixers what a sensor shows; of tankers all, the nearest in time first.
        #expect(try visits() == ["D-112 0"])
        #expect(try visits(isCement: true) == ["D-101 0", "D-105 0", "D-112 0"])
        #expect(try store.setSigns([.shuttle, .emptied], of: "D-105"))
        #expect(try !store.setSigns([.shuttle, .emptied], of: "D-105"))
        #expect(try visits() == ["D-105 3", "D-112 0"])
        // Within fifteen days, and about that place.
        try store.makeDue(aroundPlaceOf: "D-105")
        #expect(try Self.due(fixture) == ["D-101", "D-112"])
        // One that comes, changes or goes counts for the others if it tells something, and only then.
        try store.makeDue(around: "D-105")
        #expect(try Self.due(fixture) == ["D-101", "D-112"])
        try store.makeDue(around: "D-101")
        #expect(try Self.due(fixture).isEmpty)
        #expect(try store.setSigns([.emptied], of: "D-101") && store.setSigns([], of: "D-101"))
    }
}
