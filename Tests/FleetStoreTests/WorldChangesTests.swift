import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Testing

@testable import FleetStore

/// What a change of the registers makes due, beside the deliveries of the rows that changed.
@Suite struct WorldChangesTests {
    private typealias Fixture = StoreFixture
    private static let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)

    private static func plant(_ id: String, _ status: Plant.Status = .valid) -> Plant {
        Plant(
            plantID: id, name: id, licenceKind: .concrete, status: status, period: .always,
            fence: .circle(center: Self.spot, radiusMetres: 100))
    }

    private static func site(_ id: String) -> Site {
        Site(
            siteID: id, name: id, status: .active, period: .always,
            fence: .circle(center: Self.spot, radiusMetres: 100))
    }

    private static func delivery(_ id: String, isFinal: Bool = true) -> Delivery {
        let start = Fixture.time("2026-03-02T07:00:00Z")
        return Delivery(
            deliveryID: id, loadID: "L-\(id)", terminal: Fixture.terminal(), plate: nil,
            origin: DeliveryEnd(kind: .unknown, coordinate: Self.spot), loadStart: start.advanced(bySeconds: -3600),
            loadEnd: start.advanced(bySeconds: -3000), destination: DeliveryEnd(kind: .unknown), unloadStart: start,
            unloadEnd: start.advanced(bySeconds: 600), distanceKilometres: 4, coverage: 1, confidence: [:],
            isFinal: isFinal, settledAt: start.advanced(bySeconds: 3600))
    }

    /// Deliveries of one terminal, judged: of each what a rule said of it.
    private static func fixture(
        _ rows: [(delivery: Delivery, rule: String, outcome: Judgement.Outcome)]
    ) async throws -> (fixture: Fixture, terminal: Int32) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        let terminal = Int32(try fixture.count("SELECT terminal_id FROM terminal"))
        let said = Dictionary(uniqueKeysWithValues: rows.map { ($0.delivery.deliveryID, $0) })
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: terminal, settledAfter: nil,
            with: rows.map { DeliveryStore.Derived($0.delivery, drumCubicMetres: nil) }, world: "w", reason: "test"
        ) { delivery in
            guard let row = said[delivery.deliveryID] else { preconditionFailure("not one of these") }
            let isHit = row.outcome == .hit
            return JudgedDelivery(
                delivery: delivery,
                judgements: [
                    Judgement(rule: row.rule, outcome: row.outcome, severity: 3, facts: [], registerRevision: 0)
                ], verdict: isHit ? .suspicious : .insufficientData, score: isHit ? 40 : 0)
        }
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
        return (fixture, terminal)
    }

    private static func touch(_ fixture: Fixture, from old: RegisterSnapshot, to new: RegisterSnapshot) throws
        -> [String]
    {
        try WorldChanges(connection: fixture.connection).touch(
            RegisterChange(from: old, to: new), terminals: [], by: "li", reason: "x.csv")
        let due = try JudgingStore(connection: fixture.connection).due(limit: 100).rows.map(
            \.judged.delivery.deliveryID)
        _ = try fixture.count("DELETE FROM delivery_due RETURNING 1")
        return due
    }

    /// Of an empty register nothing could be said; whichever rows come first, all that stands is judged by them. The
    /// same when the last row goes.
    @Test(arguments: [
        (RegisterSnapshot(), RegisterSnapshot(revision: 1, plants: [Self.plant("P9")])),
        (RegisterSnapshot(), RegisterSnapshot(revision: 1, sites: [Self.site("S9")])),
        (RegisterSnapshot(plants: [Self.plant("P9")]), RegisterSnapshot(revision: 1)),
        (
            RegisterSnapshot(plants: [Self.plant("P9")], sites: [Self.site("S9")]),
            RegisterSnapshot(revision: 1, plants: [Self.plant("P9")])
        ),
    ])
    func aRegisterThatHadNothingTouchesEveryDelivery(old: RegisterSnapshot, new: RegisterSnapshot) async throws {
        let (fixture, terminal) = try await Self.fixture([
            (Self.delivery("D-1"), "unlicensed-origin", .insufficient),
            (Self.delivery("D-2", isFinal: false), "unlicensed-origin", .insufficient),
        ])
        #expect(try Self.touch(fixture, from: old, to: new) == ["D-1"])
        // What is open is derived again, and judged with that.
        #expect(try AnalysisStore(url: fixture.url).requests().keys.sorted() == [terminal])
    }

    /// A truck that was loaded at one plant and then stood at another: by which of them its delivery is judged, its
    /// note tells, so a row of either changes what is said.
    @Test func aRowOfThePlantBeforeTouchesTheDelivery() async throws {
        func loadedBefore(_ id: String, at plant: String, isFinal: Bool = true) -> Delivery {
            var delivery = Self.delivery(id, isFinal: isFinal)
            delivery.origin = DeliveryEnd(kind: .plant, id: "P1", coordinate: Self.spot)
            let start = delivery.unloadStart
            var haul = Haul(since: start.advanced(bySeconds: -3000))
            haul.earlier = Haul.EarlierLoad(
                plantID: plant, coordinate: nil, start: start.advanced(bySeconds: -6000),
                end: start.advanced(bySeconds: -5000))
            delivery.haul = haul
            return delivery
        }
        func far(_ status: Plant.Status) -> Plant {
            var plant = Self.plant("P2", status)
            plant.fence = .circle(
                center: Coordinate(latitudeE7: 308_000_000, longitudeE7: 1_208_000_000), radiusMetres: 100)
            return plant
        }
        let (fixture, _) = try await Self.fixture([
            (loadedBefore("D-1", at: "P2"), "name-lending", .insufficient),
            (loadedBefore("D-2", at: "P3"), "name-lending", .insufficient),
            (loadedBefore("D-3", at: "P2", isFinal: false), "name-lending", .insufficient),
        ])
        #expect(
            try Self.touch(
                fixture, from: RegisterSnapshot(plants: [Self.plant("P1"), far(.valid)]),
                to: RegisterSnapshot(revision: 1, plants: [Self.plant("P1"), far(.revoked)])) == ["D-1"])
    }

    /// A further row changes nothing of what is said elsewhere, but of hits, whose words name the nearest row.
    @Test func aFurtherRowTouchesHitsThatNameTheNearest() async throws {
        let (fixture, _) = try await Self.fixture([
            (Self.delivery("D-1"), "unlicensed-origin", .insufficient),
            (Self.delivery("D-2"), "unlicensed-origin", .hit), (Self.delivery("D-3"), "cement-to-unregistered", .hit),
            (Self.delivery("D-4"), "unregistered-destination", .hit), (Self.delivery("D-5"), "over-age", .hit),
        ])
        let (one, two) = ([Self.plant("P1")], [Self.plant("P1"), Self.plant("P9")])
        let sites = [Self.site("S1")]
        #expect(
            try Self.touch(
                fixture, from: RegisterSnapshot(plants: one, sites: sites),
                to: RegisterSnapshot(revision: 1, plants: two, sites: sites)) == ["D-2", "D-3"])
        #expect(
            try Self.touch(
                fixture, from: RegisterSnapshot(plants: one, sites: sites),
                to: RegisterSnapshot(revision: 1, plants: one, sites: sites + [Self.site("S9")])) == ["D-4"])
    }
}
