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

/// Suspected plants as facts of the derivation, and what a change of the world touches.
@Suite struct SuspectStoreTests {
    private typealias Fixture = StoreFixture
    private static let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)

    private static func suspect() -> SuspectedPlant {
        var card = PlantEvidence()
        card.loads = 12
        card.firstSeen = Fixture.time("2026-03-01T08:00:00Z")
        card.lastSeen = Fixture.time("2026-03-02T08:00:00Z")
        return SuspectedPlant(
            suspectedPlantID: "X-1", coordinate: Self.spot, radiusMetres: 120, evidence: card, score: 80, reasons: [],
            isLikely: true, parametersVersion: 1, registerRevision: 0)
    }

    private static func decision(_ status: SuspectStatus, kind: Place.Kind? = nil) -> SuspectDecision {
        SuspectDecision(
            status: status, at: Fixture.time("2026-03-03T08:00:00Z"), by: "王", reason: "案 7", placeKind: kind)
    }

    /// Two terminals; the first has halted at the suspected plant, the second far off.
    private static func fixture() async throws -> (fixture: Fixture, near: Int32, far: Int32) {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(
            [
                Fixture.position("2026-03-02T07:00:00Z", terminal: "A", latitudeE7: 309_000_000, index: 0),
                Fixture.position("2026-03-02T07:00:00Z", terminal: "B", latitudeE7: 309_000_000, index: 1),
            ], number: 1, in: writer)
        let names = try PositionLog(connection: fixture.connection).terminals()
        let near = try #require(names.first { $0.value.text == "A" }?.key)
        let far = try #require(names.first { $0.value.text == "B" }?.key)
        for (terminal, latitude) in [(near, Int32(307_000_900)), (far, 308_000_000)] {
            try StayStore(connection: fixture.connection).replace(
                terminal: terminal, after: nil,
                with: [
                    .init(
                        terminal: Fixture.terminal(), start: Fixture.time("2026-03-02T06:00:00Z"),
                        end: Fixture.time("2026-03-02T06:10:00Z"),
                        coordinate: Coordinate(latitudeE7: latitude, longitudeE7: 1_207_000_000))
                ])
        }
        return (fixture, near, far)
    }

    @Test func aDecisionIsKeptAndAsksForWhoHaltedThere() async throws {
        let (fixture, near, _) = try await Self.fixture()
        let store = SuspectStore(connection: fixture.connection)
        try store.replace(with: [Self.suspect()])
        let reader = WorldReader(connection: fixture.connection)
        #expect(try reader.world(.standard).suspectedPlaces.map(\.id) == ["X-1"])

        #expect(try store.decide("X-2", Self.decision(.checking), interface: "http") == nil)
        #expect(throws: SuspectDecisionError.self) {
            try store.decide("X-1", Self.decision(.dismissed), interface: "http")
        }
        #expect(try store.decide("X-1", Self.decision(.checking), interface: "http")?.status == .checking)
        let changes = WorldChanges(connection: fixture.connection)
        #expect(try !changes.arePending())
        let dismissed = try store.decide("X-1", Self.decision(.dismissed, kind: .wash), interface: "http")
        #expect(dismissed?.status == .dismissed)
        #expect(try store.suspects() == [dismissed])
        let history = try store.history(of: "X-1")
        #expect(history.map(\.decision) == dismissed?.decisions)
        #expect(history.map(\.statusBefore) == ["lead", "checking"] && history.last?.score == 80)
        #expect(throws: PostgresError.self) { try fixture.count("DELETE FROM suspect_decision RETURNING 1") }
        #expect(
            try fixture.count("SELECT count(*) FROM audit_log WHERE action LIKE 'suspect.%' AND actor = '王'")
                == 2)

        // It is a known place now, and loads there are none.
        let world = try reader.world(.standard)
        #expect(world.suspectedPlaces.isEmpty)
        #expect(world.index.place("X-1")?.kind == .wash)
        #expect(try changes.arePending())
        try changes.takePlaces()
        #expect(try !changes.arePending())
        let asked = try AnalysisStore(url: fixture.url).requests()
        #expect(asked.keys.sorted() == [near])
        #expect(asked[near] == "王: suspected plant X-1 dismissed: 案 7")
    }

    /// The search writes its cards over; what a delivery was judged by is kept, once, and a later card is not taken
    /// for it.
    @Test func theCardOfAJudgementIsKept() async throws {
        let (fixture, near, _) = try await Self.fixture()
        let store = SuspectStore(connection: fixture.connection)
        func derive(_ id: String, _ origin: DeliveryEnd) throws {
            let start = Fixture.time("2026-03-02T06:00:00Z")
            let delivery = Delivery(
                deliveryID: id, loadID: "L-" + id, terminal: Fixture.terminal("A"), plate: nil, origin: origin,
                loadStart: start, loadEnd: start.advanced(bySeconds: 600), destination: DeliveryEnd(kind: .unknown),
                unloadStart: start.advanced(bySeconds: 2400), unloadEnd: start.advanced(bySeconds: 3000),
                distanceKilometres: 3, coverage: 1, confidence: [:], isFinal: true, settledAt: start)
            try DeliveryStore(connection: fixture.connection).replace(
                terminal: near, settledAfter: start, with: [DeliveryStore.Derived(delivery, drumCubicMetres: nil)],
                world: "w", reason: "test"
            ) { JudgedDelivery(delivery: $0, judgements: [], verdict: .suspicious, score: 40) }
        }
        func judgedAt(_ id: String) throws -> Instant {
            let query = NamedQuery(
                "test.judged",
                "SELECT (extract(epoch FROM derived_at) * 1000000)::bigint FROM delivery WHERE delivery_id = $1")
            return Instant(microseconds: try fixture.connection.query(query, [.text(id)]).integer(0, 0) ?? 0)
        }
        var suspect = Self.suspect()
        try store.replace(with: [suspect])
        let before = Fixture.time("2026-01-01T00:00:00Z")
        try derive("D-1", DeliveryEnd(kind: .suspectedPlant, id: "X-1", coordinate: Self.spot))
        let first = try judgedAt("D-1")
        suspect.evidence.loads = 99
        try store.replace(with: [suspect])
        let then = try #require(try store.card(of: "X-1", asOf: first))
        #expect(then.isOfThatTime && then.suspect.evidence.loads == 12)
        try derive("D-2", DeliveryEnd(kind: .suspectedPlant, id: "X-1", coordinate: Self.spot))
        try derive("D-3", DeliveryEnd(kind: .suspectedPlant, id: "X-1", coordinate: Self.spot))
        let second = try #require(try store.card(of: "X-1", asOf: try judgedAt("D-3")))
        #expect(second.isOfThatTime && second.suspect.evidence.loads == 99)
        #expect(try store.card(of: "X-1", asOf: first)?.suspect.evidence.loads == 12)
        // A card for two deliveries, and none for what was loaded elsewhere.
        try derive("D-4", DeliveryEnd(kind: .unknown, coordinate: Self.spot))
        #expect(try fixture.count("SELECT count(*) FROM suspected_plant_card") == 2)
        // Before any was kept there is today's, and it says so; of a place that is gone the kept one stays.
        let today = try #require(try store.card(of: "X-1", asOf: before))
        #expect(!today.isOfThatTime && today.suspect.evidence.loads == 99)
        try store.replace(with: [])
        #expect(try store.card(of: "X-1", asOf: first)?.suspect.evidence.loads == 12)
        #expect(try store.card(of: "X-1", asOf: before) == nil)
        #expect(try store.card(of: "X-2", asOf: first) == nil)
    }

    /// The web's role writes few tables: analysis hears of what it decides all the same.
    @Test func aDecisionOnTheWebAsksForWhoHaltedThereToo() async throws {
        let (fixture, near, _) = try await Self.fixture()
        try SuspectStore(connection: fixture.connection).replace(with: [Self.suspect()])
        let officer = WebDoor.Visitor(name: "王", role: "enforcement_officer", reach: .all)
        for decision in [Self.decision(.checking), Self.decision(.dismissed, kind: .wash)] {
            let suspect = try WebDoor(connection: fixture.connection).enter(.fleet, as: officer) {
                try SuspectStore(connection: $0).decide(decision, about: "X-1", role: "enforcement_officer")
            }
            #expect(suspect?.status == decision.status)
        }
        let changes = WorldChanges(connection: fixture.connection)
        #expect(try changes.arePending())
        try changes.takePlaces()
        #expect(try AnalysisStore(url: fixture.url).requests().keys.sorted() == [near])
    }

    private static func delivery(_ id: String, from plant: String) -> Delivery {
        let start = Fixture.time("2026-03-02T07:00:00Z")
        return Delivery(
            deliveryID: id, loadID: "L-\(id)", terminal: Fixture.terminal("A"), plate: nil,
            origin: DeliveryEnd(kind: .plant, id: plant), loadStart: start.advanced(bySeconds: -3600),
            loadEnd: start.advanced(bySeconds: -3000), destination: DeliveryEnd(kind: .site, id: "S1"),
            unloadStart: start, unloadEnd: start.advanced(bySeconds: 600), distanceKilometres: 4, coverage: 1,
            confidence: [:], isFinal: true, settledAt: start.advanced(bySeconds: 3600))
    }

    @Test func aCorrectedLicenceMakesOnlyItsDeliveriesDue() async throws {
        let (fixture, near, _) = try await Self.fixture()
        let judge = { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) }
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: near, settledAfter: nil,
            with: [Self.delivery("D-1", from: "P1"), Self.delivery("D-2", from: "P2")].map {
                DeliveryStore.Derived($0, drumCubicMetres: nil)
            }, world: "w1", reason: "test", judge: judge)
        let judging = JudgingStore(connection: fixture.connection)
        for id in ["D-1", "D-2"] { try judging.settle(id, dueAgain: nil) }

        func plant(_ id: String, _ status: Plant.Status, radius: Double = 100, isBeside: Bool = false) -> Plant {
            let metres = id == "P1" || isBeside ? 0.0 : 5000
            return Plant(
                plantID: id, name: id, licenceKind: .concrete, status: status, period: .always,
                fence: .circle(center: Self.spot.moved(metres: metres, bearingDegrees: 90), radiusMetres: radius))
        }
        let old = RegisterSnapshot(plants: [plant("P1", .valid), plant("P2", .valid)])
        // The site's row changes with it: a delivery that both touch is due once.
        let site = Site(
            siteID: "S1", name: "S1", status: .active, period: .always,
            fence: .circle(center: Self.spot, radiusMetres: 50))
        var other = site
        other.siteID = "S2"
        let both = RegisterChange(
            from: RegisterSnapshot(plants: [plant("P2", .valid)], sites: [site, other]),
            to: RegisterSnapshot(plants: [plant("P2", .revoked)], sites: [other]))
        try WorldChanges(connection: fixture.connection).touch(both, terminals: [], by: "root", reason: "both")
        #expect(try judging.due(limit: 10).rows.count == 2)
        for id in ["D-1", "D-2"] { try judging.settle(id, dueAgain: nil) }
        _ = try fixture.count("DELETE FROM derive_request RETURNING 1")
        let corrected = RegisterSnapshot(revision: 1, plants: [plant("P1", .valid), plant("P2", .revoked)])
        let changes = WorldChanges(connection: fixture.connection)
        try changes.touch(RegisterChange(from: old, to: corrected), terminals: [], by: "root", reason: "plants b.csv")
        var due = try judging.due(limit: 10).rows
        #expect(due.map(\.judged.delivery.deliveryID) == ["D-2"])
        #expect(due.map(\.reason) == ["root: plants b.csv"])
        #expect(try fixture.count("SELECT count(*) FROM derive_request") == 0)

        // A fence that moves asks for who halted there, old or new.
        try judging.settle("D-2", dueAgain: nil)
        let moved = RegisterSnapshot(revision: 2, plants: [plant("P1", .valid, radius: 300), plant("P2", .revoked)])
        try changes.touch(RegisterChange(from: corrected, to: moved), terminals: [], by: "root", reason: "plants c.csv")
        due = try judging.due(limit: 10).rows
        #expect(due.map(\.judged.delivery.deliveryID) == ["D-1"])
        #expect(try AnalysisStore(url: fixture.url).requests() == [near: "root: plants c.csv"])

        // Of two plants in one yard a delivery may be judged by the one that is not its origin.
        try judging.settle("D-1", dueAgain: nil)
        func yard(_ revision: Int64, _ status: Plant.Status) -> RegisterSnapshot {
            RegisterSnapshot(revision: revision, plants: [plant("P1", .valid), plant("P2", status, isBeside: true)])
        }
        let change = RegisterChange(from: yard(3, .valid), to: yard(4, .revoked))
        try changes.touch(change, terminals: [], by: "root", reason: "plants d.csv")
        due = try judging.due(limit: 10).rows
        #expect(due.map(\.judged.delivery.deliveryID).sorted() == ["D-1", "D-2"])
    }
}
