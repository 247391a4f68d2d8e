import Chronology
import Geodesy
import PostgresClient
import Registers
import Testing

@testable import FleetStore

/// Registers as people keep them on the web: versions, history, and who may change them in PostgreSQL itself.
@Suite struct RegisterKeeperTests {
    private static func place(_ id: String, _ name: String) -> RegisterRecord {
        .place(
            Place(
                placeID: id, name: name, kind: .depot,
                fence: .circle(
                    center: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), radiusMetres: 90)))
    }

    private static func plant(_ id: String, _ from: String, _ to: String?, _ status: Plant.Status) -> RegisterRecord {
        .plant(
            Plant(
                plantID: id, name: "站", licenceKind: .concrete, status: status,
                period: ValidPeriod(from: StoreFixture.time(from), to: to.map(StoreFixture.time)),
                fence: .circle(
                    center: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), radiusMetres: 90)))
    }

    private static let administrator = WebDoor.Visitor(name: "adm", role: "administrator", reach: .none)

    @Test func everyChangeIsAnotherVersionAndStaysReadable() async throws {
        let fixture = try await StoreFixture()
        let (store, keeper) = (
            RegisterStore(connection: fixture.connection), RegisterKeeper(connection: fixture.connection)
        )
        _ = try store.importRecords(
            [Self.plant("P1", "2026-01-01T00:00:00Z", nil, .valid)], kind: .plants, source: "a.csv", by: "li")
        let first = try #require(try keeper.item("P1", of: .plants))
        #expect(first.history.map(\.by) == ["li"] && first.records.count == 1)
        _ = try store.importRecords(
            [
                Self.plant("P1", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", .valid),
                Self.plant("P1", "2026-03-01T00:00:00Z", nil, .revoked),
            ], kind: .plants, source: "吊销", by: "wang", replaces: true)
        let second = try #require(try keeper.item("P1", of: .plants))
        #expect(second.version != first.version && second.records.count == 2)
        #expect(second.history.map(\.source) == ["吊销", "a.csv"])
        #expect(second.history[0].added.count == 2 && second.history[0].removed == first.records)
        #expect(second.history[0].effect == nil)
        #expect(throws: RegisterConflict.self) { try keeper.require(version: first.version, of: "P1", .plants) }
        // Analysis says what it did about both at once.
        try WorldChanges(connection: fixture.connection).note(revisions: 0..<2, by: "wang", reason: "x")
        #expect(try keeper.item("P1", of: .plants)?.history[1].effect?.deliveries == 0)
        // Withdrawn whole, it has a history and nothing else.
        try fixture.connection.transaction {
            _ = try store.put([], withdrawn: ["P1"], kind: .plants, source: "错录", by: "wang")
        }
        let third = try #require(try keeper.item("P1", of: .plants))
        #expect(third.records.isEmpty && third.history[0].removed.count == 2 && third.version.isEmpty)
        #expect(
            try keeper.lines(
                of: .plants, matching: nil, at: StoreFixture.time("2026-04-01T00:00:00Z"), after: nil, limit: 9
            ).isEmpty)
    }

    @Test func aListShowsWhatHoldsNowAndFindsWhatStandsAnywhere() async throws {
        let fixture = try await StoreFixture()
        let keeper = RegisterKeeper(connection: fixture.connection)
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [
                Self.plant("P1", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", .valid),
                Self.plant("P1", "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z", .suspended),
                Self.plant("P1", "2026-05-01T00:00:00Z", nil, .revoked),
                Self.plant("P2%", "2026-01-01T00:00:00Z", nil, .valid),
            ], kind: .plants, source: "a", by: "li")
        func lines(_ text: String?, after: String? = nil) throws -> [String] {
            try keeper.lines(
                of: .plants, matching: text, at: StoreFixture.time("2026-04-01T00:00:00Z"), after: after, limit: 9
            ).map { line in
                guard case .plant(let plant) = line.record else { return "?" }
                return "\(line.id) \(plant.status) \(line.rows)"
            }
        }
        #expect(try lines(nil) == ["P1 suspended 3", "P2% valid 1"])
        #expect(try lines(nil, after: "P1") == ["P2% valid 1"])
        #expect(try lines("p2%") == ["P2% valid 1"] && lines("_").isEmpty && lines("polygon").isEmpty)
    }

    @Test func onlyTheAdministratorAndOpenModeMayChange() async throws {
        let fixture = try await StoreFixture()
        func put(_ visitor: WebDoor.Visitor, _ id: String) throws {
            try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) { connection in
                _ = try RegisterStore(connection: connection).put(
                    [Self.place(id, "车场 \(visitor.role)")], kind: .places, source: "web", by: visitor.name,
                    replaces: true)
            }
        }
        try put(Self.administrator, "L1")
        try put(Self.administrator, "L1")
        try put(WebDoor.Visitor(name: "127.0.0.1", role: "", reach: .all), "L2")
        for role in ["operator", "enforcement_officer", "safety_officer", "auditor", "security_administrator"] {
            for reach in [WebDoor.Reach.all, .district("D1"), .none] {
                #expect(throws: PostgresError.self, "\(role)") {
                    try put(WebDoor.Visitor(name: "x", role: role, reach: reach), "L3")
                }
            }
        }
        for reach in [WebDoor.Reach.company("A"), .district("D"), .none] {
            #expect(throws: PostgresError.self) { try put(WebDoor.Visitor(name: "x", role: "", reach: reach), "L3") }
        }
        // Nobody changes registers in another's name.
        #expect(throws: PostgresError.self) {
            try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.administrator) { connection in
                _ = try RegisterStore(connection: connection).put(
                    [Self.place("L9", "x")], kind: .places, source: "web", by: "somebody else")
            }
        }
        #expect(try fixture.count("SELECT count(*) FROM register_entry WHERE known_to IS NULL") == 2)
        #expect(try fixture.count("SELECT revision FROM register_state") == 2)
    }

    @Test func aCompanyReadsItsRowsAndNotWhoWroteThem() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(RowSecurityTests.rows)
        try fixture.connection.execute(
            #"UPDATE register_entry SET content = content || '{"company":"A"}' WHERE kind = 'companies' AND id = 'A'"#)
        func item(_ visitor: WebDoor.Visitor, _ id: String, _ kind: RegisterKind) throws -> RegisterItem? {
            try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) {
                try RegisterKeeper(connection: $0).item(id, of: kind)
            }
        }
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [.company(Company(company: "A", creditCode: "CA", district: "D11", contact: "x"))], kind: .companies,
            source: "c",
            by: "li")
        let company = WebDoor.Visitor(name: "a", role: "company", reach: .company("A"))
        let own = try #require(try item(company, "A", .companies))
        #expect(own.history.allSatisfy { $0.by == nil && $0.source == nil })
        #expect(try item(company, "B", .companies) == nil)
        #expect(try item(Self.administrator, "A", .companies)?.history.first?.by == "li")
        // Delivery notes belong to the plant that wrote them.
        let note = Ticket(
            ticketID: "1", plantID: "PLA", siteID: "S2", plate: "P2",
            issuedAt: StoreFixture.time("2026-03-02T10:00:00Z"))
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [.ticket(note)], kind: .tickets, source: "t", by: "li")
        for (reach, role, isSeen) in [
            (WebDoor.Reach.company("A"), "company", true), (.company("B"), "company", false),
            (.district("D1"), "operator", true), (.district("D2"), "operator", true),
            (.district("D11"), "operator", false), (.site("S2"), "site", false), (.none, "insurer", false),
        ] {
            let seen = try item(WebDoor.Visitor(name: "x", role: role, reach: reach), note.identity, .tickets)
            #expect((seen != nil) == isSeen, "\(reach)")
        }
    }
}
