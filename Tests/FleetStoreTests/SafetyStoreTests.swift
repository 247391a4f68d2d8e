import Chronology
import Geodesy
import PostgresClient
import Safety
import Telemetry
import Testing

@testable import FleetStore

/// Safety days over a real log: whatever came in whatever order, what stands is what the whole log gives.
@Suite struct SafetyStoreTests {
    /// Midnight in China between 2 and 3 March.
    private static let midnight = StoreFixture.time("2026-03-02T16:00:00Z")

    private static func at(_ second: Int) -> Instant { Self.midnight.advanced(bySeconds: Double(second)) }

    /// East at 36 km/h: ten metres a second.
    private static func position(_ second: Int, terminal: String = "T1", odometer: Bool = true) -> LoggedPosition {
        var report = PositionReport(
            recordedAt: Self.at(second),
            coordinate: Coordinate(
                latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(Double(second) * 10 / 0.009561133)))
        report.speed = 360
        if odometer { report.odometer = 1_000_000 + Int32(second) }
        return LoggedPosition(
            terminal: StoreFixture.terminal(terminal), report: report, receivedAt: Self.at(second), messageIndex: 0)
    }

    private static func camera(
        _ second: Int, _ state: CameraStatus.State, terminal: String = "T1"
    ) -> LoggedCamera {
        LoggedCamera(
            terminal: StoreFixture.terminal(terminal),
            report: CameraReport(
                recordedAt: Self.at(second), cameras: [CameraStatus(name: "right_blind_spot", state: state)]),
            receivedAt: Self.at(second), messageIndex: 0)
    }

    private static func writer(_ fixture: StoreFixture) throws -> LogWriter {
        try LogWriter(url: fixture.url, lane: "main")
    }

    private static func rows(_ fixture: StoreFixture) throws -> [String] {
        let query = NamedQuery("test.safety.days", "SELECT d::text FROM safety_day d ORDER BY terminal_id, day")
        let rows = try fixture.connection.query(query)
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    /// All of it derived again from nothing.
    private static func again(_ fixture: StoreFixture) throws -> [String] {
        try fixture.connection.execute("DELETE FROM safety_turn")
        try fixture.connection.execute("DELETE FROM safety_day")
        try fixture.connection.execute("DELETE FROM safety_cursor")
        try SafetyStore(connection: fixture.connection).catchUp()
        return try Self.rows(fixture)
    }

    @Test func kilometresAndCameraTimeOfADay() async throws {
        let fixture = try await StoreFixture()
        // Four hours around midnight every ten seconds; the camera speaks every five minutes and is lost for an hour.
        let positions = stride(from: -7200, through: 7200, by: 10).map { Self.position($0) }
        let cameras = stride(from: -7200, through: 7200, by: 300).map {
            Self.camera($0, (0..<3600).contains($0) ? .lost : .ok)
        }
        try StoreFixture.store(positions, cameras: cameras, number: 1, in: try Self.writer(fixture))
        let store = SafetyStore(connection: fixture.connection)
        try store.catchUp()
        #expect(try store.dirtyCount() == 0)
        let days = try SafetyReader(connection: fixture.connection).days(
            of: nil, from: CivilDate(daysSince1970: 0), to: CivilDate(daysSince1970: 40_000))
        #expect(days.map(\.from.description) == ["2026-03-02", "2026-03-03"])
        for day in days {
            #expect(abs(day.sums.exposure.kilometres - 72) < 0.2)
            #expect(day.sums.exposure.coverage == 1 && abs((day.sums.exposure.agreement ?? 0) - 1) < 0.01)
            #expect(day.sums.camera.movingMicroseconds.total == 7_200_000_000)
        }
        #expect(days.map(\.sums.track.records) == [720, 721])
        let hour: Int64 = 3_600_000_000
        #expect(days[0].sums.camera.movingMicroseconds.ok == 2 * hour)
        #expect(
            days[1].sums.camera.movingMicroseconds.lost == hour && days[1].sums.camera.movingMicroseconds.ok == hour)
        #expect(try Self.again(fixture).count == 2)
    }

    /// Batches in a shuffled order, with a look after each: late stretches, days between, reports at midnight.
    @Test(arguments: 0..<4)
    func anyOrderGivesTheSameDays(seed: Int) async throws {
        let fixture = try await StoreFixture()
        let writer = try Self.writer(fixture)
        let store = SafetyStore(connection: fixture.connection)
        let day = 86_400
        let stretches = [
            -2 * day..<(-2 * day + 1200), -day - 1200..<(-day - 300), -900..<(-30), -30..<40, 40..<900,
            3 * day..<(3 * day + 600), 600 - day..<(1800 - day), 5 * day - 600..<(5 * day + 600),
        ]
        var order = Array(stretches.indices)
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        for index in order.indices.reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            order.swapAt(index, Int(state >> 33) % (index + 1))
        }
        for (number, index) in order.enumerated() {
            let seconds = Array(stride(from: stretches[index].lowerBound, to: stretches[index].upperBound, by: 10))
            let cameras = seconds.filter { $0 % 200 == 0 }.map { Self.camera($0, $0 % 400 == 0 ? .ok : .occluded) }
            try StoreFixture.store(
                seconds.map { Self.position($0, odometer: seed.isMultiple(of: 2)) }, cameras: cameras,
                number: Int64(number + 1), in: writer)
            try store.catchUp()
        }
        let stood = try Self.rows(fixture)
        #expect(stood.count >= 6)
        #expect(try Self.again(fixture) == stood)
    }

    @Test func aDayOnlyWithWordsOfTheCameraIsDerivedAgainToo() async throws {
        let fixture = try await StoreFixture()
        let writer = try Self.writer(fixture)
        try StoreFixture.store(
            stride(from: 600, through: 1200, by: 10).map { Self.position($0) }, number: 1, in: writer)
        let store = SafetyStore(connection: fixture.connection)
        try store.catchUp()
        #expect(try fixture.count("SELECT sum(moving_unknown) FROM safety_day") == 600_000_000)
        try StoreFixture.store([], cameras: [Self.camera(500, .ok), Self.camera(900, .ok)], number: 2, in: writer)
        try store.catchUp()
        #expect(try fixture.count("SELECT sum(moving_ok) FROM safety_day") == 600_000_000)
        #expect(try store.mark() == false)
    }

    /// A word holds over midnight for as long as the rules believe it, whenever it came in.
    @Test func aWordHoldsOverMidnight() async throws {
        let fixture = try await StoreFixture()
        let writer = try Self.writer(fixture)
        var rules = SafetyRules()
        rules.parameters.cameras.silenceLimit = 3600
        let store = SafetyStore(connection: fixture.connection, rules: rules)
        try StoreFixture.store(
            stride(from: 600, through: 1200, by: 10).map { Self.position($0) }, number: 1, in: writer)
        try store.catchUp()
        #expect(try fixture.count("SELECT sum(moving_unknown) FROM safety_day") == 600_000_000)
        try StoreFixture.store([], cameras: [Self.camera(-1800, .ok)], number: 2, in: writer)
        try store.catchUp()
        #expect(try fixture.count("SELECT sum(moving_ok) FROM safety_day") == 600_000_000)
    }

    @Test func whatRetentionTookStaysInTheFigures() async throws {
        let fixture = try await StoreFixture()
        let writer = try Self.writer(fixture)
        try StoreFixture.store(
            stride(from: 600, through: 1200, by: 10).map { Self.position($0) }, number: 1, in: writer)
        let store = SafetyStore(connection: fixture.connection)
        try store.catchUp()
        let stood = try Self.rows(fixture)
        try fixture.connection.execute("DELETE FROM position")
        try StoreFixture.store([Self.position(2000)], number: 2, in: writer)
        try store.catchUp()
        #expect(try Self.rows(fixture) == stood)
        #expect(try store.dirtyCount() == 0)
    }

    @Test func aMarkedDayWaitsUntilItHasSettled() async throws {
        let fixture = try await StoreFixture()
        try StoreFixture.store([Self.position(600)], number: 1, in: try Self.writer(fixture))
        let store = SafetyStore(connection: fixture.connection)
        #expect(try store.mark())
        #expect(try store.derive(settledSeconds: 3600) == 0)
        #expect(try store.dirtyCount() == 1)
        #expect(try store.derive() == 1)
        #expect(try store.dirtyCount() == 0)
    }

    @Test func rightTurnsAreKeptAndAddedUpInCells() async throws {
        let fixture = try await StoreFixture()
        // North for half a minute, a right turn over six seconds, then east; a second apart.
        var (north, east) = (0.0, 0.0)
        let rows = (0..<60).map { second -> LoggedPosition in
            let course = min(max(Double(second - 30) * 15, 0), 90)
            north += 4 * (course >= 90 ? 0 : 1 - course / 90)
            east += 4 * course / 90
            var report = PositionReport(
                recordedAt: Self.at(36_000 + second),
                coordinate: Coordinate(
                    latitudeE7: 307_005_000 + Int32(north * 90), longitudeE7: 1_207_005_000 + Int32(east * 104)))
            report.speed = 144
            report.course = Int16(course * 10)
            return LoggedPosition(
                terminal: StoreFixture.terminal(), report: report, receivedAt: Self.at(36_000), messageIndex: 0)
        }
        try StoreFixture.store(rows, cameras: [Self.camera(36_020, .lost)], number: 1, in: try Self.writer(fixture))
        try SafetyStore(connection: fixture.connection).catchUp()
        let date = Self.midnight.date(at: .shanghai)
        let cells = try SafetyReader(connection: fixture.connection).turnCells(
            from: date, to: date, fasterThan: 30, limit: 10)
        #expect(cells.count == 1)
        #expect(cells.first?.turns == 1 && cells.first?.blind == 1 && cells.first?.fast == 0)
        #expect(try fixture.count("SELECT turns_lost FROM safety_day") == 1)
    }

    /// The day of the first ticket, in China; none where none was imported or all were withdrawn.
    @Test func theFirstTicketBeginsTheKeepingOfTickets() async throws {
        let fixture = try await StoreFixture()
        let reader = SafetyReader(connection: fixture.connection)
        let date = Self.midnight.date(at: .shanghai)
        #expect(try reader.qualityFacts(from: date, to: date).ticketsSince == nil)
        try fixture.connection.execute(
            "INSERT INTO register_import (kind, source, imported_by) VALUES ('tickets', 'x', 'x')")
        for (id, second) in [("K1", 86_400), ("K2", -1), ("K3", 0)] {
            try fixture.connection.execute(
                """
                INSERT INTO register_entry (kind, id, valid, content, import_id)
                SELECT 'tickets', '\(id)', '[,)', jsonb_build_object('ticketID', '\(id)', 'plantID', 'P1', 'siteID',
                    'S1', 'plate', '浙F00001', 'issuedAt', \(Self.at(second).microseconds)::bigint), max(import_id)
                FROM register_import
                """)
        }
        let facts = try reader.qualityFacts(from: date, to: date)
        #expect(facts.ticketsSince == Self.at(-1).date(at: .shanghai) && facts.ticketsSince != date)
        #expect(facts.tickets.map(\.count) == [1])
    }
}
