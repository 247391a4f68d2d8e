import Chronology
import Geodesy
import PostgresClient
import Registers
import Safety
import Telemetry
import Testing

@testable import FleetStore

/// Accidents: who may register them, the hold on the log of their days, and what the log knows of their moment.
@Suite struct AccidentKeepingTests {
    private static let moment = StoreFixture.time("2026-03-02T08:00:00Z")

    private static func accident(
        _ id: String, plate: String? = "浙F00001", district: String? = nil, at time: Instant = Self.moment
    ) -> Accident {
        Accident(accidentID: id, occurredAt: time, plate: plate, district: district, source: "police")
    }

    private static func register(_ accidents: [Accident], in fixture: StoreFixture) throws {
        let outcome = try RegisterStore(connection: fixture.connection).importRecords(
            accidents.map { .accident($0) }, kind: .accidents, source: "test", by: "test")
        #expect(outcome.refused.isEmpty)
    }

    private static func registerTruck(in fixture: StoreFixture) throws {
        let truck = Vehicle(plate: "浙F00001", terminal: "013900000001", kind: .mixer, company: "A")
        _ = try RegisterStore(connection: fixture.connection).importRecords(
            [.vehicle(truck)], kind: .vehicles, source: "test", by: "test")
    }

    /// Positions of the truck every 10 s around the moment; the camera is lost two minutes before it.
    private static func log(_ fixture: StoreFixture) throws {
        let positions = stride(from: -600, through: 600, by: 10).map { second -> LoggedPosition in
            let report = PositionReport(
                recordedAt: Self.moment.advanced(bySeconds: Double(second)),
                coordinate: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(second) * 1000))
            return LoggedPosition(
                terminal: StoreFixture.terminal("13900000001"), report: report, receivedAt: Self.moment,
                messageIndex: 0)
        }
        let cameras = [(-500, CameraStatus.State.ok), (-120, .lost), (300, .ok)].map { second, state in
            LoggedCamera(
                terminal: StoreFixture.terminal("13900000001"),
                report: CameraReport(
                    recordedAt: Self.moment.advanced(bySeconds: Double(second)),
                    cameras: [CameraStatus(name: "right_blind_spot", state: state)]),
                receivedAt: Self.moment, messageIndex: 0)
        }
        let alarms = [AlarmReport.Edge.begin, .end].map { edge in
            LoggedAlarm(
                terminal: StoreFixture.terminal("13900000001"),
                report: AlarmReport(
                    recordedAt: Self.moment.advanced(bySeconds: 3), kind: .bsdRight, item: 0x67, edge: edge),
                receivedAt: Self.moment, messageIndex: 0)
        }
        try StoreFixture.store(
            positions, cameras: cameras, alarms: alarms, number: 1, in: try LogWriter(url: fixture.url, lane: "main"))
    }

    @Test func anAccidentHoldsTheLogOfItsDays() async throws {
        let fixture = try await StoreFixture()
        try Self.log(fixture)
        try Self.registerTruck(in: fixture)
        try Self.register([Self.accident("A1"), Self.accident("A2", plate: "浙F99999")], in: fixture)
        // 2 March 16:00 in China, with the days on either side.
        #expect(
            try fixture.connection.query(NamedQuery("test.holds", Self.heldDays)).text(0, 0)
                == "13900000001 A1;all A2")
        // A correction of something else places none; another day does; a hold that a person released stays released.
        var corrected = Self.accident("A1")
        corrected.deathsWithin30Days = 1
        try Self.register([corrected], in: fixture)
        let store = HoldStore(connection: fixture.connection)
        #expect(try store.list().count == 2)
        let first = try #require(try store.list().first { $0.reason == "accident A1" })
        #expect(try store.release(first.holdID, reason: "closed", user: "officer"))
        corrected.deathsWithin30Days = 2
        try Self.register([corrected], in: fixture)
        #expect(try store.list().count { $0.releasedBy == nil } == 1)
        try Self.register([Self.accident("A1", at: Self.moment.advanced(bySeconds: 86_400 * 9))], in: fixture)
        #expect(try store.list().count { $0.releasedBy == nil } == 2)
    }

    private static let heldDays: StaticString = """
        SELECT string_agg(coalesce(terminal, 'all') || ' ' || accident, ';' ORDER BY accident) FROM legal_hold
        WHERE held_from = '2026-02-28T16:00:00Z' AND held_to = '2026-03-03T16:00:00Z'
        """

    @Test func theMomentKnowsTheCamera() async throws {
        let fixture = try await StoreFixture()
        try Self.log(fixture)
        try Self.registerTruck(in: fixture)
        try Self.register(
            [
                Self.accident("A1"), Self.accident("A2", plate: nil),
                Self.accident("A3", at: Self.moment.advanced(bySeconds: 400)),
                Self.accident("A4", at: Self.moment.advanced(bySeconds: -90_000)),
            ], in: fixture)
        let roster = SafetyRoster(try SafetyRegisterReader(connection: fixture.connection).read())
        let date = Self.moment.date(at: .shanghai)
        let moments = try SafetyReader(connection: fixture.connection).moments(
            of: roster.accidents(from: CivilDate(daysSince1970: date.daysSince1970 - 9), to: date), roster: roster,
            cameras: SafetyParameters.Cameras())
        #expect(moments.map(\.accident.accidentID) == ["A4", "A1", "A2", "A3"])
        #expect(moments.map(\.camera) == [.unknown, .lost, nil, .ok])
        #expect(moments.map(\.terminal) == ["013900000001", "013900000001", nil, "013900000001"])
        #expect(moments.allSatisfy { $0.holds.count == 1 })
        // The blind-spot alarm lies where the truck was; its end is no second one.
        let cells = try SafetyReader(connection: fixture.connection).turnCells(
            from: date, to: date, fasterThan: 30, limit: 10)
        #expect(cells.map(\.alarms) == [1] && cells.map(\.turns) == [0])
    }

    /// Safety officers keep accidents, baselines and plans, as far as they see, and nothing else.
    @Test func whoRegistersAccidents() async throws {
        let fixture = try await StoreFixture()
        func add(_ record: RegisterRecord, _ kind: RegisterKind, _ role: String, _ reach: WebDoor.Reach) -> Bool {
            let visitor = WebDoor.Visitor(name: "somebody", role: role, reach: reach)
            do {
                return try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) {
                    let outcome = try RegisterStore(connection: $0).put(
                        [record], kind: kind, source: "web", by: "somebody")
                    return outcome.added == 1
                }
            } catch {
                return false
            }
        }
        let (inside, outside) = (Self.accident("A1", district: "D1"), Self.accident("A2", district: "D2"))
        #expect(add(.accident(inside), .accidents, "safety_officer", .district("D1")))
        #expect(!add(.accident(outside), .accidents, "safety_officer", .district("D1")))
        #expect(add(.accident(outside), .accidents, "safety_officer", .all))
        #expect(add(.baseline(Baseline(year: 2015, accidents: 12)), .baselines, "safety_officer", .all))
        let company = Company(company: "B")
        #expect(!add(.company(company), .companies, "safety_officer", .all))
        #expect(add(.company(company), .companies, "administrator", .all))
        for role in ["operator", "enforcement_officer", "company"] {
            #expect(!add(.accident(Self.accident("A3")), .accidents, role, .all), "\(role)")
        }
        // Whoever registers it, the log is held.
        #expect(try fixture.count("SELECT count(DISTINCT accident) FROM legal_hold") == 2)
        #expect(try fixture.count("SELECT count(*) FROM legal_hold WHERE placed_by = 'somebody'") == 2)
    }
}
