import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Suspicions
import Telemetry
import Testing
import Tracks

@testable import FleetStore

/// Roads and corridors as they are stored: the order in which they are learned does not matter.
@Suite struct WaysStoreTests {
    private typealias Fixture = StoreFixture
    private static let parameters = AnalysisParameters.standard
    private static let day = CivilDate(year: 2026, month: 3, day: 2) ?? CivilDate(daysSince1970: 0)
    private static let pair = Corridors.Pair(plantID: "P1", siteID: "S1")

    private static func point(_ east: Double, north: Double = 0) -> Coordinate {
        Coordinate(latitudeE7: 307_000_000 + Int32(north * 90), longitudeE7: 1_207_000_000 + Int32(east * 104))
    }

    private static func fixture(terminals: Int) async throws -> (fixture: Fixture, ids: [Int32]) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(
            (0..<terminals).map {
                Fixture.position("2026-03-02T07:00:00Z", terminal: "T\($0)", index: Int32($0))
            }, number: 1, in: writer)
        let names = try PositionLog(connection: fixture.connection).terminals()
        return (fixture, names.sorted { $0.value < $1.value }.map(\.key))
    }

    /// A truck on a road of 6 km at 50 km/h, and what its reports teach.
    private static func passes(of terminal: Int32, _ day: CivilDate, isShared: Bool = false) -> [RoadStore.Pass] {
        let roads = UsualRoads(Self.parameters.roads)
        let cells = stride(from: 0.0, to: 6000, by: 25).compactMap { east in
            var report = PositionReport(recordedAt: Instant(seconds: 0), coordinate: Self.point(east))
            report.speed = 500
            return roads.cell(drivenThroughBy: report)
        }
        return Set(cells).sorted().map {
            RoadStore.Pass(cell: $0, day: Int32(day.daysSince1970), terminal: terminal, isShared: isShared)
        }
    }

    @Test func whereTwoTrucksDroveIsARoadInAnyOrder() async throws {
        for isReversed in [false, true] {
            let (fixture, ids) = try await Self.fixture(terminals: 2)
            let store = RoadStore(connection: fixture.connection)
            func roads(_ first: CivilDate = Self.day) throws -> UsualRoads {
                try store.roads(around: [Self.point(3000)], first: first, last: Self.day, Self.parameters)
            }
            #expect(try roads().reading(at: Self.point(3000), within: 60) == .unknown)
            try store.store(Self.passes(of: ids[isReversed ? 1 : 0], Self.day))
            try store.store(Self.passes(of: ids[isReversed ? 1 : 0], Self.day))
            #expect(try roads().reading(at: Self.point(3000), within: 60) == .unknown)
            try store.store(Self.passes(of: ids[isReversed ? 0 : 1], Self.day))
            #expect(try roads().reading(at: Self.point(3000), within: 60) == .onRoad)
            #expect(try roads().reading(at: Self.point(3000, north: 200), within: 60) == .offRoad)
            // Of other days than those that are asked for nothing is known.
            let next = CivilDate(daysSince1970: Self.day.daysSince1970 + 1)
            let later = try store.roads(around: [Self.point(3000)], first: next, last: next, Self.parameters)
            #expect(later.reading(at: Self.point(3000), within: 60) == .unknown)
        }
    }

    @Test func oneTruckOnTwoDaysMakesARoad() async throws {
        let (fixture, ids) = try await Self.fixture(terminals: 1)
        let store = RoadStore(connection: fixture.connection)
        let before = CivilDate(daysSince1970: Self.day.daysSince1970 - 1)
        try store.store(Self.passes(of: ids[0], Self.day))
        try store.store(Self.passes(of: ids[0], before))
        func reading(from first: CivilDate) throws -> UsualRoads.Reading {
            try store.roads(around: [Self.point(3000)], first: first, last: Self.day, Self.parameters)
                .reading(at: Self.point(3000), within: 60)
        }
        #expect(try reading(from: before) == .onRoad)
        #expect(try reading(from: Self.day) == .unknown)
    }

    private static func delivery(_ number: Int, halts: [Haul.Halt] = []) -> Delivery {
        let loadEnd = Fixture.time("2026-03-02T02:00:00Z").advanced(bySeconds: Double(number) * 3600)
        return Delivery(
            deliveryID: "D-\(number)", loadID: "L-\(number)", terminal: Fixture.terminal("T0"), plate: nil,
            origin: DeliveryEnd(kind: .plant, id: "P1"), loadStart: loadEnd.advanced(bySeconds: -600), loadEnd: loadEnd,
            destination: DeliveryEnd(kind: .site, id: "S1"), unloadStart: loadEnd.advanced(bySeconds: 1200),
            unloadEnd: loadEnd.advanced(bySeconds: 1800), distanceKilometres: 6, coverage: 1, confidence: [:],
            isFinal: true, settledAt: loadEnd.advanced(bySeconds: 3600),
            haul: Haul(since: loadEnd, halts: halts))
    }

    private static func stored(_ deliveries: [Delivery], _ terminal: Int32, in fixture: Fixture) throws {
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: terminal, settledAfter: nil,
            with: deliveries.map { DeliveryStore.Derived($0, drumCubicMetres: nil) }, world: "w", reason: "test",
            judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
    }

    private static func due(_ fixture: Fixture) throws -> [String] {
        let rows = try JudgingStore(connection: fixture.connection).due(limit: 100).rows
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
        return rows.map(\.judged.delivery.deliveryID)
    }

    @Test func newRoadsAreJudgedByWhereTrucksStood() async throws {
        let (fixture, ids) = try await Self.fixture(terminals: 1)
        let halt = Haul.Halt(
            start: Fixture.time("2026-03-02T02:10:00Z"), end: Fixture.time("2026-03-02T02:15:00Z"),
            coordinate: Self.point(3000))
        var queue = halt
        queue.place = PlaceReference(.site, "S1")
        try Self.stored(
            [Self.delivery(0, halts: [halt]), Self.delivery(1, halts: [queue]), Self.delivery(2)], ids[0], in: fixture)
        let store = RoadStore(connection: fixture.connection)
        #expect(try !store.hasChanges())
        try store.store(Self.passes(of: ids[0], Self.day))
        try store.store(Self.passes(of: ids[0], CivilDate(daysSince1970: Self.day.daysSince1970 - 3)))
        #expect(try store.hasChanges())
        try store.makeDue(days: 28)
        #expect(try Self.due(fixture) == ["D-0"])
        // What is known already, and roads of a later day, change nothing.
        try store.store(Self.passes(of: ids[0], Self.day))
        #expect(try !store.hasChanges())
        try store.store(Self.passes(of: ids[0], CivilDate(daysSince1970: Self.day.daysSince1970 + 1)))
        try store.makeDue(days: 28)
        #expect(try Self.due(fixture).isEmpty)
    }

    /// Late reports showed that the load began at another time: the drop is the same, its load has another name.
    @Test func aWayGoesWithTheNameOfItsLoad() async throws {
        let (fixture, ids) = try await Self.fixture(terminals: 1)
        try Self.stored((0..<3).map { Self.delivery($0) }, ids[0], in: fixture)
        let points = stride(from: 0.0, through: 6000, by: 200).map { Self.point($0) }
        try CorridorStore(connection: fixture.connection).learn(
            points, of: "L-0", at: Self.delivery(0).loadEnd ?? .distantPast, for: Self.pair, tripLimit: 10)
        _ = try Self.due(fixture)
        var renamed = Self.delivery(0)
        renamed.loadID = "L-0 by all reports"
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: ids[0], settledAfter: nil,
            with: [renamed, Self.delivery(1), Self.delivery(2)].map { DeliveryStore.Derived($0, drumCubicMetres: nil) },
            world: "w", reason: "late reports",
            judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        #expect(try fixture.count("SELECT count(*) FROM corridor_trip") == 0)
        #expect(try Set(Self.due(fixture)).isSuperset(of: ["D-1", "D-2"]))
    }

    /// Late reports showed that the load ended later, after another one that had been compared with its way.
    @Test func aWayOfAnotherTimeIsTakenBackFromThoseBefore() async throws {
        let (fixture, ids) = try await Self.fixture(terminals: 1)
        try Self.stored((0..<4).map { Self.delivery($0) }, ids[0], in: fixture)
        let points = stride(from: 0.0, through: 6000, by: 200).map { Self.point($0) }
        let store = CorridorStore(connection: fixture.connection)
        func learn(at number: Int) throws {
            let time = (Self.delivery(number).loadEnd ?? .distantPast).advanced(bySeconds: 60)
            try store.learn(points, of: "L-0", at: time, for: Self.pair, tripLimit: 10)
        }
        try learn(at: 0)
        #expect(try Self.due(fixture) == ["D-1", "D-2", "D-3"])
        try learn(at: 2)
        #expect(try Self.due(fixture) == ["D-1", "D-2", "D-3"])
        try learn(at: 2)
        #expect(try Self.due(fixture).isEmpty)
    }

    @Test func aLoadIsComparedWithThoseBeforeItInWhateverOrderTheyCome() async throws {
        let (fixture, ids) = try await Self.fixture(terminals: 1)
        try Self.stored((0..<8).map { Self.delivery($0) }, ids[0], in: fixture)
        let store = CorridorStore(connection: fixture.connection)
        let limit = Self.parameters.corridors.tripLimit
        let points = stride(from: 0.0, through: 6000, by: 200).map { Self.point($0) }
        let off = stride(from: 0.0, through: 6000, by: 100).map { east in
            Fix(
                time: Instant(seconds: Int64(east / 10)),
                coordinate: Self.point(east, north: (2000...5000).contains(east) ? 900 : 0))
        }
        func reading(_ number: Int) throws -> Corridors.Reading {
            let delivery = Self.delivery(number)
            return try store.corridors(
                Self.pair, before: delivery.loadEnd ?? .distantPast, loadID: delivery.loadID, Self.parameters
            ).reading(of: off, of: delivery.loadID, for: Self.pair)
        }
        func learn(_ number: Int) throws {
            let delivery = Self.delivery(number)
            try store.learn(
                points, of: delivery.loadID, at: delivery.loadEnd ?? .distantPast, for: Self.pair, tripLimit: limit)
        }
        for number in [4, 2, 0, 3] { try learn(number) }
        #expect(try reading(7) == .insufficient(trips: 4))
        _ = try Self.due(fixture)
        // The fifth comes late: whatever was carried after it is judged again.
        try learn(1)
        #expect(try Self.due(fixture) == ["D-2", "D-3", "D-4", "D-5", "D-6", "D-7"])
        guard case .off(let departure, trips: 5) = try reading(7) else {
            Issue.record("it was off the ways: \(try reading(7))")
            return
        }
        #expect(abs(departure.metres - 900) < 20)
        #expect(try reading(4) == .insufficient(trips: 4))
        try learn(1)
        #expect(try Self.due(fixture).isEmpty)
        try store.forget("L-3", tripLimit: limit)
        #expect(try Self.due(fixture) == ["D-4", "D-5", "D-6", "D-7"])
        #expect(try reading(7) == .insufficient(trips: 4))
    }
}
