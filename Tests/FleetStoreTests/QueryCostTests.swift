import Chronology
import Deliveries
import Geodesy
import PostgresClient
import Registers
import Safety
import Suspicions
import Telemetry
import TestSupport
import Testing
import Tracks

@testable import FleetStore

/// What the main queries of analysis and console cost on large tables: by the executor's own counts, which tables were
/// read through and how many rows were fetched: what EXPLAIN ANALYZE counts, where EXPLAIN estimates. A plan that turns
/// bad shows here and not in the city.
@Suite struct QueryCostTests {
    private typealias Fixture = StoreFixture

    /// Four days of thirty terminals that report each minute; notes, ways, halts, alerts and deliveries to match.
    private static let rows = [
        "INSERT INTO terminal (name) SELECT 'T' || n FROM generate_series(1, 30) n",
        "INSERT INTO lane (name) VALUES ('main')",
        // A day each, as they are made near the present.
        """
        DO $$
        DECLARE
            parent text;
            day timestamptz;
        BEGIN
            FOREACH parent IN ARRAY ARRAY['position', 'camera_report'] LOOP
                FOR day IN SELECT generate_series('2026-03-01T00:00Z'::timestamptz, '2026-03-04T00:00Z', '1 day') LOOP
                    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                        parent || '_' || to_char(day AT TIME ZONE 'UTC', 'YYYY_MM_DD'), parent, day,
                        day + interval '1 day');
                END LOOP;
            END LOOP;
        END $$
        """,
        """
        INSERT INTO position (recorded_at, received_at, batch_id, terminal_id, message_index, latitude, longitude,
            flags, satellites)
        SELECT t, t, 0, i, 0, 307000000 + i * 20000, 1207000000, 1, 9
        FROM generate_series('2026-03-01T00:00Z'::timestamptz, '2026-03-04T23:59Z', '1 minute') t,
            generate_series(1, 30) i
        ORDER BY t
        """,
        """
        INSERT INTO camera_report (recorded_at, received_at, batch_id, terminal_id, message_index, cameras)
        SELECT t, t, 0, i, 0, 'right_blind_spot=ok'
        FROM generate_series('2026-03-01T00:00Z'::timestamptz, '2026-03-04T23:55Z', '1 minute') t,
            generate_series(1, 30) i
        ORDER BY t
        """,
        """
        INSERT INTO latest_position (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags)
        SELECT i, i, '2026-03-04T23:59Z', '2026-03-04T23:59Z', 1, 1, 1 FROM generate_series(1, 30) i
        """,
        "INSERT INTO register_import (kind, source, imported_by) VALUES ('x', 'x', 'x')",
        """
        INSERT INTO register_entry (kind, id, valid, content, import_id)
        SELECT 'tickets', 'K' || n, '[,)', jsonb_build_object('ticketID', 'K' || n, 'plantID', 'P' || n % 50,
            'siteID', 'S1', 'plate', 'N' || n % 1000,
            'issuedAt',
            (extract(epoch FROM '2026-03-01T00:00Z'::timestamptz) * 1000000)::bigint + n * 17000000::bigint),
            1
        FROM generate_series(1, 20000) n
        """,
        """
        INSERT INTO corridor_trip (load_id, plant, site, carried_at, points)
        SELECT 'L' || n, 'P' || n % 50, 'S' || n % 10, '2026-03-01T00:00Z'::timestamptz + n * interval '17 s',
            ARRAY[307000000, 1207000000, 307000000, 1208000000]
        FROM generate_series(1, 20000) n
        """,
        """
        INSERT INTO stay (terminal_id, started_at, ended_at, latitude, longitude, drum_seconds, discharge_seconds,
            loading_seconds)
        SELECT i, t, t + interval '5 min', 307000000 + i * 20000, 1207000000, 0, 0, 0
        FROM generate_series('2026-02-01T00:00Z'::timestamptz, '2026-03-04T23:00Z', '1 hour') t,
            generate_series(1, 30) i
        """,
        """
        INSERT INTO track_print (terminal_id, print, recorded_at)
        SELECT n % 30 + 1, n, '2026-03-01T00:00Z'::timestamptz + n * interval '17 s' FROM generate_series(1, 20000) n
        """,
        """
        INSERT INTO delivery (delivery_id, terminal_id, plate, unload_start, unload_end, is_final, settled_at, verdict,
            score, world, load_id, carried_at, origin_plant, content, destination_point)
        SELECT 'D' || n, n % 30 + 1, 'N' || n % 1000, t, t, true, t, 'clear', 0, '', 'L' || n, t, 'P' || n % 50,
            '{}'::jsonb, ST_SetSRID(ST_Point(120.7 + n % 200 * 0.01, 30.7), 4326)
        FROM (SELECT n, '2026-03-01T00:00Z'::timestamptz + n * interval '17 s' AS t
            FROM generate_series(1, 20000) n) AS made
        """,
        """
        INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, closed_at, status, facts)
        SELECT 'A' || n, 'speeding', 2, n % 30 + 1, t, t, 'closed', '[]'
        FROM (SELECT n, '2026-03-01T00:00Z'::timestamptz + n * interval '17 s' AS t
            FROM generate_series(1, 20000) n) AS made
        """,
    ]

    private static func filled() async throws -> Fixture {
        let fixture = try await Fixture()
        for statement in Self.rows { try fixture.connection.execute(statement) }
        // So that whoever reads must be told by an index where to look, and one process counts all that is read.
        try fixture.connection.execute("VACUUM ANALYZE")
        try fixture.connection.execute("SET max_parallel_workers_per_gather = 0")
        return fixture
    }

    /// Who runs the service: the owner of a test's cluster, whom no row security binds, or one without such rights.
    enum Role: CaseIterable, Sendable { case superuser, production }

    /// Below row security only comparisons of plain columns are looked up in an index, unless a superuser asks: as one
    /// who is none, each question is asked of tables that hold the same.
    private static func enter(_ role: Role, _ fixture: Fixture) throws {
        guard role == .production else { return }
        let name = Self.name(in: fixture)
        try fixture.connection.execute(
            """
            CREATE ROLE \(name);
            GRANT USAGE ON SCHEMA public, web TO \(name);
            GRANT ALL ON ALL TABLES IN SCHEMA public, web TO \(name);
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO \(name);
            GRANT EXECUTE ON FUNCTION pg_stat_reset() TO \(name);
            SET SESSION AUTHORIZATION \(name)
            """)
    }

    private static func leave(_ role: Role, _ fixture: Fixture) {
        guard role == .production else { return }
        let name = Self.name(in: fixture)
        try? fixture.connection.execute(
            "RESET SESSION AUTHORIZATION; DROP OWNED BY \(name) CASCADE; DROP ROLE \(name)")
    }

    /// Roles belong to the whole cluster.
    private static func name(in fixture: Fixture) -> String { "service_" + fixture.url.suffix(8) }

    private static let counts = NamedQuery(
        "test.costs",
        """
        SELECT coalesce(string_agg(relname, ' ') FILTER (WHERE seq_scan > 0), ''),
            sum(seq_tup_read + coalesce(idx_tup_fetch, 0)),
            count(*) FILTER (WHERE relname LIKE 'position_2%' AND coalesce(idx_scan, 0) + seq_scan > 0)
        FROM pg_stat_user_tables
        WHERE relname ~ '^(position_2|camera_report_2)'
            OR relname IN ('register_entry', 'corridor_trip', 'stay', 'dark_stretch', 'track_print', 'delivery',
                'alert')
        """)

    /// What was read through, how many rows were fetched, and from how many days of positions, when a body has been run
    /// often enough for the server to have settled on its plans.
    private static func cost(
        _ fixture: Fixture, _ body: () throws -> Void
    ) throws -> (scanned: String, rows: Int64, days: Int64) {
        for _ in 0..<7 { try body() }
        try fixture.connection.execute("SELECT pg_stat_force_next_flush()")
        try fixture.connection.execute("SELECT pg_stat_reset()")
        try body()
        try fixture.connection.execute("SELECT pg_stat_force_next_flush()")
        let row = try fixture.connection.query(Self.counts)
        return (row.text(0, 0) ?? "?", row.integer(0, 1) ?? .max, row.integer(0, 2) ?? .max)
    }

    private static func check(
        _ name: Comment, _ fixture: Fixture, rows: Int64, days: Int64 = 0, _ body: () throws -> Void
    ) throws {
        let cost = try Self.cost(fixture, body)
        #expect(cost.scanned.isEmpty, "\(name): read through")
        #expect(cost.rows <= rows, "\(name): rows fetched")
        #expect(cost.days <= days, "\(name): days of positions")
    }

    private static func time(_ text: String) -> Instant { Fixture.time("2026-03-\(text)Z") }

    @Test func readingTheLogTakesNoMoreThanItGives() async throws {
        let fixture = try await Self.filled()
        let log = PositionLog(connection: fixture.connection)
        let reader = FleetReader(connection: fixture.connection)
        try Self.check("an hour of a terminal", fixture, rows: 80, days: 1) {
            let found = try log.positions(of: 7, from: Self.time("02T10:00:00"), to: Self.time("02T11:00:00"))
            #expect(found.count == 61)
        }
        try Self.check("what the fold goes on with", fixture, rows: 240, days: 2) {
            let found = try log.positions(of: 7, after: Self.time("03T10:00:00"), limit: 200)
            #expect(found.count == 200)
        }
        let some = (1...10).map { (terminal: Int32($0), time: Self.time("04T23:49:30")) }
        try Self.check("the news of ten terminals", fixture, rows: 150, days: 1) {
            let found = try log.positions(after: some, limit: 100)
            #expect(found.count == 10 && found.values.allSatisfy { $0.count == 10 })
        }
        try Self.check("what the cameras of ten terminals said", fixture, rows: 120) {
            let found = try AlertStore(connection: fixture.connection).cameraReports(from: some)
            #expect(found.count == 10 && found.values.allSatisfy { $0.count == 6 })
        }
        try Self.check("a day's trail", fixture, rows: 1500, days: 1) {
            let found = try reader.trail(
                terminal: "T7", from: Self.time("02T00:00:00"), to: Self.time("03T00:00:00"), limit: 5000)
            #expect(found.count == 1440)
        }
        try Self.check("the newest positions with their cameras", fixture, rows: 200) {
            _ = try reader.latest(since: 0)
        }
        let visitor = WebDoor.Visitor(name: "li", role: "operator", reach: .all)
        try Self.check("a day's trail on the web", fixture, rows: 1500, days: 1) {
            let found = try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) {
                try FleetReader(connection: $0).trail(
                    terminal: "T7", from: Self.time("02T00:00:00"), to: Self.time("03T00:00:00"), limit: 5000)
            }
            #expect(found.count == 1440)
        }
        try Self.check("where a report came from", fixture, rows: 10, days: 1) {
            _ = try SealReader(connection: fixture.connection).place(of: "T7", at: Self.time("02T10:00:00"))
        }
    }

    @Test func whatAlertsAskForIsFoundByIndex() async throws {
        let fixture = try await Self.filled()
        let alerts = AlertStore(connection: fixture.connection)
        try Self.check("the cameras since the last report", fixture, rows: 80) {
            let found = try alerts.cameraReports(of: 7, from: Self.time("04T23:00:00"))
            #expect(found.count == 56)
        }
        let integrity = IntegrityStore(connection: fixture.connection)
        // By the time alone: what else was reported in these minutes is looked at.
        try Self.check("the trucks around", fixture, rows: 8000, days: 1) {
            let found = try integrity.neighbours(
                of: 7, around: Coordinate(latitudeE7: 307_140_000, longitudeE7: 1_207_000_000), within: 500,
                from: Self.time("02T10:00:00"), to: Self.time("02T10:05:00"))
            #expect(found == Neighbours(fixed: 4, dark: 0))
        }
        try Self.check("prints of earlier days", fixture, rows: 20) {
            _ = try integrity.note([TrackPrint(hash: 30, time: Self.time("04T10:00:00"))], of: 1)
        }
        try Self.check("ways before a load", fixture, rows: 60) {
            _ = try CorridorStore(connection: fixture.connection).corridors(
                plant: "P1", sites: ["S1"], before: Self.time("04T00:00:00"), .standard)
        }
        try Self.check("notes of a truck about now", fixture, rows: 300) {
            let found = try JudgingStore(connection: fixture.connection).tickets(
                plants: [], plates: ["N7"], from: Self.time("02T10:00:00"), to: Self.time("02T11:00:00"))
            #expect(found.count <= 1)
        }
        try Self.check("a page of alerts", fixture, rows: 120) {
            let found = try AlertDesk(connection: fixture.connection).list(AlertDesk.Filter(), limit: 50)
            #expect(found.count == 50)
        }
        try Self.check("alerts that changed", fixture, rows: 20) {
            let desk = AlertDesk(connection: fixture.connection)
            _ = try desk.changes(since: try desk.mark(), limit: 100)
        }
    }

    @Test(arguments: Role.allCases) func judgingReadsWhatLiesAround(_ role: Role) async throws {
        let fixture = try await Self.filled()
        try Self.enter(role, fixture)
        defer { Self.leave(role, fixture) }
        let judging = JudgingStore(connection: fixture.connection)
        // Every 17 s a delivery of one of fifty plants: in an hour some four of each.
        try Self.check("deliveries of a plant around a load", fixture, rows: 300) {
            let rows = try? judging.deliveries(
                plants: ["P1"], terminals: [], from: Self.time("02T10:00:00"), to: Self.time("02T11:00:00"))
            #expect(rows == nil, "content is empty here")
        }
        try Self.check("a plant's month", fixture, rows: 900) {
            _ = try judging.month(of: "P1", from: Self.time("01T00:00:00"), to: Self.time("04T00:00:00"))
        }
        // What is matched with some loads, over a day and a half: of two plants, and of a truck every five hours.
        let (from, to) = (Self.time("02T00:00:00"), Self.time("03T12:00:00"))
        try Self.check("notes of two plants and a truck", fixture, rows: 400) {
            let found = try judging.tickets(plants: ["P1", "P2"], plates: ["N7"], from: from, to: to)
            #expect(found.count > 250)
        }
        try Self.check("deliveries of two trucks", fixture, rows: 60) {
            let rows = try? judging.deliveries(plates: ["N7", "N8"], from: from, to: to)
            #expect(rows == nil, "content is empty here")
        }
        let box = BoundingBox(south: 307_000_000, west: 1_207_000_000, north: 307_100_000, east: 1_207_100_000)
        try Self.check("loads from no plant, taken at a place", fixture, rows: 5) {
            let found = try judging.deliveries(takenIn: [box], from: from, to: to)
            #expect(found.isEmpty)
        }
        try Self.check("what a delivery makes due", fixture, rows: 1500) {
            try judging.makeDue(around: "D9000")
        }
        // Two hundred places, a kilometre apart.
        try Self.check("what was unloaded at a place outside the registers", fixture, rows: 250) {
            let found = try judging.drops(
                near: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_208_000_000), within: 200,
                from: Self.time("01T00:00:00"), to: Self.time("05T00:00:00"))
            #expect(found.count == 100)
        }
        try Self.check("halts of a day", fixture, rows: 800) {
            _ = try StayStore(connection: fixture.connection).stays(since: Self.time("04T00:00:00"))
        }
        // Of twenty trucks five hours each, with a note or two in them.
        let asked = (0..<20).map {
            NoteQuestion(plate: "N\($0)", from: Self.time("02T10:00:00"), to: Self.time("02T15:00:00"))
        }
        try Self.check("notes that explain halts", fixture, rows: 60) {
            _ = try SuspectStore(connection: fixture.connection).notes(Set(asked))
        }
        try fixture.connection.execute(
            "INSERT INTO note_change (plant, plate, issued_at) VALUES ('P7', 'N7', '2026-03-02T10:00:00Z')")
        try Self.check("notes beside one that changed", fixture, rows: 20) {
            try SuspectStore(connection: fixture.connection).noteChangedNotes(limit: 100, within: 900)
        }
        // Nine of a plant, and one or none for a plate; or some four hundred of these hours for each, by the index
        // that the server takes.
        try Self.check("notes that a judged load makes due", fixture, rows: 900) {
            try NoteStore(connection: fixture.connection).makeDue(
                plants: ["P7"], plates: ["N9"], from: Self.time("02T10:00:00"), to: Self.time("02T12:00:00"), after: 60)
        }
        try Self.check("halts of a truck on the page of a delivery", fixture, rows: 60) {
            _ = try TimelineReader(connection: fixture.connection).stays(
                of: Fixture.terminal("T7"), from: Self.time("02T10:00:00"), to: Self.time("02T12:00:00"))
        }
    }

    /// One delivery of ten is suspicious: two thousand of them.
    @Test(arguments: Role.allCases) func aPageCostsAPage(_ role: Role) async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute(
            """
            UPDATE delivery SET verdict = 'suspicious', score = substr(delivery_id, 2)::integer % 97
            WHERE delivery_id LIKE '%0'
            """)
        try fixture.connection.execute("VACUUM ANALYZE delivery")
        try Self.enter(role, fixture)
        defer { Self.leave(role, fixture) }
        // From the middle on, in both orders: by (unload_start, delivery_id); sorted, all 20,000 would be read.
        let deliveries = DeliveryStore(connection: fixture.connection)
        for newestFirst in [false, true] {
            var filter = DeliveryStore.Filter()
            filter.after = (unloadStart: Self.time("02T12:00:00"), id: "D")
            filter.newestFirst = newestFirst
            try Self.check("a page of deliveries", fixture, rows: 120) {
                let rows = try? deliveries.list(filter, limit: 50)
                #expect(rows == nil, "content is empty here")
            }
        }
        // By (score, delivery_id) of the suspicious; without it all two thousand are sorted.
        try Self.check("the queue of suspicious deliveries", fixture, rows: 120) {
            let rows = try? DecisionStore(connection: fixture.connection).queue(DecisionStore.Filter(), limit: 50)
            #expect(rows == nil, "content is empty here")
        }
    }

    /// The search for suspected plants reads sixty days of halts; of a year of them, by when they ended.
    @Test func theSearchReadsItsDaysOfHalts() async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute(
            """
            INSERT INTO stay (terminal_id, started_at, ended_at, latitude, longitude, drum_seconds, discharge_seconds,
                loading_seconds)
            SELECT i, t, t + interval '5 min', 307000000 + i * 20000, 1207000000, 0, 0, 0
            FROM generate_series('2025-03-01T00:00Z'::timestamptz, '2026-01-31T22:00Z', '2 hours') t,
                generate_series(1, 30) i
            """)
        try fixture.connection.execute("VACUUM ANALYZE stay")
        // Of thirty trucks, every two hours and since February every hour: 33,450 of 144,360.
        try Self.check("halts of sixty days", fixture, rows: 35_000) {
            let found = try StayStore(connection: fixture.connection).stays(since: Fixture.time("2026-01-03T00:30:00Z"))
            #expect(found.count > 30_000)
        }
    }

    /// Who may have been at a place that changes: of twenty thousand stretches in the dark, a hundred at each of two
    /// hundred places a kilometre apart, those at one of them.
    @Test(arguments: Role.allCases) func whoWasInTheDarkIsFoundByIndex(_ role: Role) async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute(
            """
            INSERT INTO dark_stretch (terminal_id, started_at, ended_at, from_latitude, from_longitude, to_latitude,
                to_longitude, south, north, west, east)
            SELECT n % 30 + 1, t, t + interval '10 min', here, 1207000000, here, 1207010000, here - 40000,
                here + 40000, 1206950000, 1207060000
            FROM (SELECT n, '2026-01-01T00:00Z'::timestamptz + n * interval '17 s' AS t,
                    307000000 + n % 200 * 100000 AS here
                FROM generate_series(1, 20000) n) AS made
            """)
        try fixture.connection.execute("VACUUM ANALYZE dark_stretch")
        try Self.enter(role, fixture)
        defer { Self.leave(role, fixture) }
        let changes = WorldChanges(connection: fixture.connection)
        let box = BoundingBox(south: 307_095_500, west: 1_206_990_000, north: 307_104_500, east: 1_207_015_000)
        // Of a gate both ends are looked for.
        for (trace, rows) in [(WorldChanges.Trace.gate, Int64(250)), (.around, 150), (.way, 150)] {
            try Self.check("who was dark at a place: \(trace)", fixture, rows: rows) {
                try changes.ask([(trace, box)], by: "li", reason: "x.csv")
            }
        }
        #expect(try fixture.count("SELECT count(DISTINCT terminal_id) FROM derive_request") == 3)
    }

    /// Where the truck of a note was that nobody carried: some hours of one terminal.
    @Test func whereaboutsOfANoteAreAStretchOfTheLog() async throws {
        let fixture = try await Self.filled()
        try Self.check("the whereabouts of a note", fixture, rows: 600, days: 2) {
            let found = try PositionLog(connection: fixture.connection).positions(
                of: 7, from: Self.time("02T20:00:00"), to: Self.time("03T04:00:00"))
            #expect(found.count == 481)
        }
    }

    /// The safety days follow the log batch by batch, each second: a new batch must not cost what the log holds.
    @Test func aNewBatchIsMarkedWithoutReadingTheLog() async throws {
        let fixture = try await Self.filled()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let store = SafetyStore(connection: fixture.connection)
        _ = try store.mark()
        var number: Int64 = 0
        func batch() throws {
            number += 1
            let time = "2026-03-04T12:00:\(number + 10)Z"
            let camera = LoggedCamera(
                terminal: Fixture.terminal("T1"),
                report: CameraReport(
                    recordedAt: Fixture.time(time), cameras: [CameraStatus(name: "right_blind_spot", state: .ok)]),
                receivedAt: Fixture.time(time), messageIndex: 1)
            try Fixture.store(
                [Fixture.position(time, terminal: "T1")], cameras: [camera], number: number, in: writer)
        }
        try Self.check("the days of a batch", fixture, rows: 12_000, days: 4) {
            try batch()
            let isMarked = try store.mark()
            #expect(isMarked)
        }
    }
}
