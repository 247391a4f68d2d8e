import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Testing

@testable import FleetStore

/// Which deliveries are judged again when another one comes late, changes or goes.
@Suite struct DueTests {
    private typealias Fixture = StoreFixture

    /// A terminal that has reported, and the store of what it delivers.
    private struct Log {
        let fixture: Fixture
        let terminal: Int32

        init() async throws {
            self.fixture = try await Fixture()
            let writer = try LogWriter(url: self.fixture.url, lane: "main")
            try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
            self.terminal = Int32(try self.fixture.count("SELECT terminal_id FROM terminal"))
        }

        /// Puts these in the place of all that stood.
        func replace(with deliveries: [Delivery]) throws {
            try DeliveryStore(connection: self.fixture.connection).replace(
                terminal: self.terminal, settledAfter: nil,
                with: deliveries.map { DeliveryStore.Derived($0, drumCubicMetres: nil) }, world: "w", reason: "test",
                judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        }

        /// What is due, and from now on no more.
        func due() throws -> [String] {
            let store = JudgingStore(connection: self.fixture.connection)
            try store.takePlantMonths()
            let rows = try store.due(limit: 100).rows
            _ = try self.fixture.count("DELETE FROM delivery_due RETURNING 1")
            return rows.map(\.judged.delivery.deliveryID)
        }
    }

    /// Named by the day of March on which it was carried at noon in China, and by the plant.
    private static func delivery(_ day: Int, plant: String = "P", site: String = "S") -> Delivery {
        let loadEnd = Fixture.time("2026-03-01T04:00:00Z").advanced(bySeconds: Double(day - 1) * 86_400)
        return Delivery(
            deliveryID: "D-\(day)", loadID: "L-\(day)", terminal: Fixture.terminal(), plate: "浙F12345",
            origin: DeliveryEnd(kind: .plant, id: plant), loadStart: loadEnd.advanced(bySeconds: -600),
            loadEnd: loadEnd, destination: DeliveryEnd(kind: .site, id: site),
            unloadStart: loadEnd.advanced(bySeconds: 1200), unloadEnd: loadEnd.advanced(bySeconds: 1800),
            distanceKilometres: 6, coverage: 1, confidence: [:], isFinal: true,
            settledAt: loadEnd.advanced(bySeconds: 3600))
    }

    /// Unloaded by a tanker at no known place, so many metres east of one spot.
    private static func cement(_ day: Int, east: Double = 0) -> Delivery {
        var delivery = Self.delivery(day)
        delivery.origin = DeliveryEnd(kind: .unknown)
        delivery.destination = DeliveryEnd(
            kind: .unknown,
            coordinate: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(east * 104)))
        return delivery
    }

    @Test func aLoadCountsForAllLaterOnesOfItsMonth() async throws {
        let log = try await Log()
        let days = [2, 20, 28, 33]
        try log.replace(with: days.map { Self.delivery($0) })
        #expect(try log.due() == ["D-2", "D-20", "D-28", "D-33"])
        #expect(try log.due().isEmpty)
        // One that comes late: not those before it, and not those of April. Each is derived again, so each is due by
        // itself: taken away first.
        try log.replace(with: (days + [10]).sorted().map { Self.delivery($0) })
        _ = try log.fixture.count("DELETE FROM delivery_due RETURNING 1")
        #expect(try log.due() == ["D-10", "D-20", "D-28"])
        // One that turns out to be of another plant counts for neither's earlier loads.
        try log.replace(with: [2, 10, 20, 28, 33].map { Self.delivery($0, plant: $0 == 20 ? "Q" : "P") })
        _ = try log.fixture.count("DELETE FROM delivery_due RETURNING 1")
        #expect(try log.due() == ["D-20", "D-28"])
        // One that goes.
        try log.replace(with: [2, 20, 28, 33].map { Self.delivery($0, plant: $0 == 20 ? "Q" : "P") })
        _ = try log.fixture.count("DELETE FROM delivery_due RETURNING 1")
        #expect(try log.due() == ["D-28"])
    }

    @Test func aVolumeCountsForAllLaterLoadsOfItsMonth() async throws {
        let log = try await Log()
        try log.replace(with: [2, 20, 28].map { Self.delivery($0) })
        _ = try log.due()
        let store = JudgingStore(connection: log.fixture.connection)
        try store.setVolume(of: "L-20", cubicMetres: 8, isEstimated: false)
        #expect(try log.due() == ["D-20", "D-28"])
        try store.setVolume(of: "L-20", cubicMetres: 8, isEstimated: false)
        #expect(try log.due().isEmpty)
        // The drum's volume says as much, and less surely.
        try store.setVolume(of: "L-20", cubicMetres: 8, isEstimated: true)
        #expect(try log.due() == ["D-20", "D-28"])
        // That halts alone show it is no other volume, and another month.
        #expect(try !store.setVolume(of: "L-20", cubicMetres: 8, isEstimated: true, isInferred: true))
        #expect(try log.due() == ["D-20", "D-28"])
        let month = try store.month(
            of: "P", from: Fixture.time("2026-02-28T16:00:00Z"), to: Fixture.time("2026-03-31T16:00:00Z"))
        #expect((month.loads, month.volume, month.inferredLoads) == (2, 0, 1))
    }

    @Test func aTankersUnloadingCountsForAllLaterOnesThere() async throws {
        let log = try await Log()
        let tanker = RegisterRecord.vehicle(Vehicle(plate: "浙F12345", terminal: "T1", kind: .bulkCement))
        _ = try RegisterStore(connection: log.fixture.connection).importRecords(
            [tanker], kind: .vehicles, source: "test", by: "test")
        let standing = [Self.cement(3), Self.cement(12, east: 100), Self.cement(13, east: 5000)]
        try log.replace(with: standing)
        _ = try log.due()
        try log.replace(with: [Self.cement(1)] + standing)
        // Derived again, each is due; what is due beside that says why.
        let near = """
            SELECT count(*) FROM delivery_due
            WHERE delivery_id IN ('D-3', 'D-12') AND reason LIKE 'another delivery%'
            """ as StaticString
        #expect(try log.fixture.count(near) == 2)
        let away = "SELECT count(*) FROM delivery_due WHERE reason LIKE 'another delivery%'" as StaticString
        #expect(try log.fixture.count(away) == 2)
    }

    /// Whether a truck's clock is beside the time is told by its loads of a day together.
    @Test func aLoadCountsForThoseOfItsTruckADayBeforeAndAfter() async throws {
        let log = try await Log()
        func delivery(_ hour: Double) -> Delivery {
            var delivery = Self.delivery(10, plant: "P\(hour)", site: "S\(hour)")
            delivery.deliveryID = "D\(hour)"
            delivery.loadID = "L\(hour)"
            delivery.loadEnd = delivery.loadEnd?.advanced(bySeconds: hour * 3600)
            delivery.unloadStart = delivery.unloadStart.advanced(bySeconds: hour * 3600)
            delivery.unloadEnd = delivery.unloadEnd.advanced(bySeconds: hour * 3600)
            return delivery
        }
        let hours = [-30.0, -20, -3, 20, 40]
        try log.replace(with: hours.map(delivery))
        _ = try log.due()
        try log.replace(with: [delivery(0)] + hours.map(delivery))
        // Derived again each is due; what is due beside that says why.
        #expect(
            try log.fixture.count(
                """
                SELECT count(*) FROM delivery_due
                WHERE delivery_id IN ('D-20.0', 'D-3.0', 'D20.0') AND reason LIKE 'another delivery%'
                """) == 3)
        #expect(
            try log.fixture.count("SELECT count(*) FROM delivery_due WHERE reason LIKE 'another delivery%'") == 3)
    }

    /// Whose truck stood at the plant for hours may have a note from any time of them, that another load had taken.
    @Test(arguments: [(8.5, ["D-5", "D-8"]), (0.2, []), (40, ["D-11", "D-5", "D-8"])] as [(Double, [String])])
    func aLoadCountsForThoseOfItsPlantSinceItsTruckCame(stay: Double, expected: [String]) async throws {
        let log = try await Log()
        let writer = try LogWriter(url: log.fixture.url, lane: "other")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z", terminal: "T2")], number: 1, in: writer)
        let other = Int32(try log.fixture.count("SELECT terminal_id FROM terminal WHERE name = 'T2'"))
        func delivery(_ hour: Int) -> Delivery {
            var delivery = Self.delivery(10, site: "S\(hour)")
            (delivery.deliveryID, delivery.loadID) = ("D\(hour)", "L\(hour)")
            delivery.loadEnd = delivery.loadEnd?.advanced(bySeconds: Double(hour) * 3600)
            delivery.unloadStart = delivery.unloadStart.advanced(bySeconds: Double(hour) * 3600)
            delivery.unloadEnd = delivery.unloadEnd.advanced(bySeconds: Double(hour) * 3600)
            return delivery
        }
        try log.replace(with: [-13, -11, -8, -5].map(delivery))
        _ = try log.due()
        var waited = delivery(0)
        waited.terminal = Fixture.terminal("T2")
        waited.loadStart = waited.loadEnd?.advanced(bySeconds: -stay * 3600)
        try DeliveryStore(connection: log.fixture.connection).replace(
            terminal: other, settledAfter: nil, with: [DeliveryStore.Derived(waited, drumCubicMetres: nil)], world: "w",
            reason: "test", judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        #expect(try log.due().filter { $0 != "D0" }.sorted() == expected)
    }

    /// A note of the plant that names another truck, which stood at another plant so many hours later: one of the two
    /// loads takes it, so what becomes of the one counts for the other.
    @Test(arguments: [(0.0, true), (1, true), (5, false), (-3, false)])
    func aLoadCountsForTrucksThatItsPlantsNotesName(hours: Double, isDue: Bool) async throws {
        let log = try await Log()
        let writer = try LogWriter(url: log.fixture.url, lane: "other")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z", terminal: "T2")], number: 1, in: writer)
        let terminal = Int32(try log.fixture.count("SELECT terminal_id FROM terminal WHERE name = 'T2'"))
        var other = Self.delivery(10, plant: "Q", site: "T")
        (other.deliveryID, other.loadID, other.plate) = ("D-other", "L-other", "浙F99999")
        other.terminal = Fixture.terminal("T2")
        (other.loadStart, other.loadEnd) = (
            other.loadStart?.advanced(bySeconds: hours * 3600), other.loadEnd?.advanced(bySeconds: hours * 3600)
        )
        other.unloadStart = other.unloadStart.advanced(bySeconds: hours * 3600)
        other.unloadEnd = other.unloadEnd.advanced(bySeconds: hours * 3600)
        try DeliveryStore(connection: log.fixture.connection).replace(
            terminal: terminal, settledAfter: nil, with: [DeliveryStore.Derived(other, drumCubicMetres: nil)],
            world: "w", reason: "test",
            judge: { JudgedDelivery(delivery: $0, judgements: [], verdict: .clear, score: 0) })
        _ = try RegisterStore(connection: log.fixture.connection).importRecords(
            [.ticket(Self.note("K1", day: 10, plate: "浙F99999"))], kind: .tickets, source: "x.csv", by: "li")
        _ = try log.due()
        try log.replace(with: [Self.delivery(10)])
        #expect(try log.due().sorted() == (isDue ? ["D-10", "D-other"] : ["D-10"]))
    }

    private static func note(_ number: String, day: Int, plate: String, site: String = "S") -> Ticket {
        Ticket(
            ticketID: number, plantID: "P", siteID: site, plate: plate,
            issuedAt: Self.delivery(day).loadEnd ?? .distantPast)
    }

    /// A number that a plant gives out again, or takes back, is said of the load that took it first.
    @Test func aNumberUsedAgainCountsForTheLoadThatTookItThatYear() async throws {
        let log = try await Log()
        let registers = RegisterStore(connection: log.fixture.connection)
        let judging = JudgingStore(connection: log.fixture.connection)
        func take(_ notes: [Ticket], months: Int = 12) throws -> [String] {
            _ = try registers.importRecords(notes.map { .ticket($0) }, kind: .tickets, source: "x.csv", by: "li")
            try judging.takeNotes(limit: 100, after: 0, numberedFor: months)
            return try log.due()
        }
        // Two loads about that time; one took the number.
        var (taken, beside) = (Self.delivery(10), Self.delivery(11))
        (taken.ticketID, taken.otherTicketIDs, beside.ticketID) = ("K1", ["M1"], "K2")
        try log.replace(with: [taken, beside])
        _ = try log.due()
        let own = Self.note("K1", day: 10, plate: "浙F12345")
        #expect(try take([own]) == ["D-10", "D-11"], "whoever may be its load")
        let copy = Self.note("K1", day: 200, plate: "浙F99999", site: "T")
        #expect(try take([copy]) == ["D-10"])
        #expect(try take([Self.note("K1", day: 400, plate: "浙F99999")]).isEmpty, "the year after")
        #expect(try take([Self.note("K1", day: 45, plate: "浙F99999")], months: 1).isEmpty, "the month after")
        #expect(try take([Self.note("K3", day: 201, plate: "浙F99999")]).isEmpty, "another number")
        // The number of another note of the load, such as that of its priming mortar.
        let mortar = Self.note("M1", day: 10, plate: "浙F12345")
        #expect(try take([mortar]) == ["D-10", "D-11"])
        #expect(try take([Self.note("M1", day: 203, plate: "浙F99999", site: "T")]) == ["D-10"])
        // All that were given out under it, whenever.
        let notes = NoteStore(connection: log.fixture.connection)
        let repeated = try notes.repetitions(of: [own.identity, Self.note("K3", day: 201, plate: "浙F99999").identity])
        #expect(repeated.keys.sorted() == [own.identity] && repeated[own.identity]?.count == 3)
        #expect(try notes.repetitions(of: []).isEmpty)
        // Taken back.
        try log.fixture.connection.transaction {
            _ = try registers.put([], withdrawn: [copy.identity], kind: .tickets, source: "作废", by: "li")
        }
        try judging.takeNotes(limit: 100, after: 0, numberedFor: 12)
        #expect(try log.due().contains("D-10"))
    }

    /// What is not final counts in all of this like what is.
    @Test func anOpenDeliveryCountsAndIsJudgedLikeAFinalOne() async throws {
        let log = try await Log()
        func open(_ day: Int) -> Delivery {
            var delivery = Self.delivery(day)
            delivery.isFinal = false
            return delivery
        }
        try log.replace(with: [Self.delivery(2), Self.delivery(20), open(28)])
        #expect(try log.due() == ["D-2", "D-20", "D-28"])
        // A volume of an earlier one changes its plant's month; that it becomes final does not.
        let store = JudgingStore(connection: log.fixture.connection)
        try store.setVolume(of: "L-20", cubicMetres: 8, isEstimated: false)
        #expect(try log.due() == ["D-20", "D-28"])
        let month = try store.month(
            of: "P", from: Fixture.time("2026-02-28T16:00:00Z"), to: Fixture.time("2026-03-31T16:00:00Z"))
        #expect(month.loads == 3)
        let around = try store.deliveries(
            plants: ["P"], terminals: [], from: Fixture.time("2026-03-25T00:00:00Z"),
            to: Fixture.time("2026-04-01T00:00:00Z"))
        #expect(around.map(\.deliveryID) == ["D-28"])
        try log.replace(with: [2, 20, 28].map { Self.delivery($0) })
        _ = try log.fixture.count("DELETE FROM delivery_due RETURNING 1")
        #expect(try log.due().isEmpty)
    }
}
