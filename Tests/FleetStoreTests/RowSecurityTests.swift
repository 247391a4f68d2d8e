import Chronology
import FleetStore
import PostgresClient
import Safety
import TestSupport
import Testing

/// What the database lets the web see and do, asked of PostgreSQL itself, with no program in between.
@Suite struct RowSecurityTests {
    /// Two districts, one below another; company A in the lower one, B elsewhere; a truck that A sold to B at noon.
    static let rows = """
        INSERT INTO register_import (kind, source, imported_by) VALUES ('x', 'x', 'x');
        INSERT INTO register_entry (kind, id, valid, content, import_id) VALUES
        ('districts', 'D1', '[,)', '{"district":"D1"}', 1), ('districts', 'D11', '[,)', '{"parent":"D1"}', 1),
        ('companies', 'A', '[,)', '{"creditCode":"CA","district":"D11"}', 1),
        ('companies', 'B', '[,)', '{"creditCode":"CB","district":"D2"}', 1),
        ('vehicles', 'P1', '[,2026-03-02T12:00Z)', '{"terminal":"013900000001","company":"A"}', 1),
        ('vehicles', 'P1', '[2026-03-02T12:00Z,)', '{"terminal":"013900000001","company":"B"}', 1),
        ('vehicles', 'P2', '[,)', '{"terminal":"TB","company":"B"}', 1),
        ('plants', 'PLA', '[,)', '{"creditCode":"CA","district":"D1"}', 1),
        ('plants', 'PLB', '[,)', '{"creditCode":"CB","district":"D2"}', 1),
        ('sites', 'S1', '[,)', '{"district":"D1"}', 1), ('sites', 'S2', '[,)', '{"district":"D2"}', 1);
        INSERT INTO terminal (name) VALUES ('13900000001'), ('TB');
        SELECT make_partitions('2026-03-02T10:00Z');
        INSERT INTO position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index,
            flags)
        SELECT t, t, 1, i, 1, 1, 0, 1
        FROM (VALUES ('2026-03-02T10:00Z'::timestamptz), ('2026-03-02T13:00Z')) v (t), generate_series(1, 2) i;
        INSERT INTO latest_position (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags)
        VALUES (1, 1, '2026-03-02T13:00Z', now(), 1, 1, 1), (2, 2, '2026-03-02T13:00Z', now(), 1, 1, 1);
        INSERT INTO delivery (delivery_id, terminal_id, unload_start, unload_end, is_final, settled_at, verdict, score,
            world, load_id, carried_at, content)
        SELECT id, terminal, t::timestamptz, t::timestamptz, true, now(), 'clear', 0, '', 'L', now(),
            jsonb_build_object('delivery', jsonb_build_object('origin', jsonb_build_object('kind', kind, 'id', plant),
                'destination', jsonb_build_object('kind', 'site', 'id', site)))
        FROM (VALUES ('a1', 1, '2026-03-02T10:00Z', 'plant', 'PLA', 'S1'),
            ('a2', 1, '2026-03-02T13:00Z', 'plant', 'PLB', 'S1'),
            ('a3', 1, '2026-03-02T10:00Z', 'suspected_plant', 'X', 'S1'),
            ('b1', 2, '2026-03-02T10:00Z', 'plant', 'PLB', 'S2')) v (id, terminal, t, kind, plant, site);
        """

    /// What a visitor sees, in one line.
    private static let seen = NamedQuery(
        "test.seen",
        """
        SELECT concat_ws(' | ', coalesce((SELECT string_agg(id, ' ' ORDER BY kind, id) FROM register_entry
                WHERE kind IN ('plants', 'sites', 'vehicles')), '-'),
            (SELECT string_agg(name, ' ' ORDER BY name) FROM terminal), (SELECT count(*) FROM latest_position),
            coalesce((SELECT string_agg(terminal_id || '@' || to_char(recorded_at, 'HH24'), ' '
                ORDER BY terminal_id, recorded_at) FROM position), '-'),
            coalesce((SELECT string_agg(delivery_id, ' ' ORDER BY delivery_id) FROM delivery), '-'))
        """)

    private static func visitor(_ reach: WebDoor.Reach, role: String = "operator") -> WebDoor.Visitor {
        WebDoor.Visitor(name: "somebody", role: role, reach: reach)
    }

    private static let everything = "PLA PLB S1 S2 P1 P1 P2 | 13900000001 TB | 2 | 1@10 1@13 2@10 2@13 | a1 a2 a3 b1"
    private static let expected: [(WebDoor.Reach, String)] = [
        (.all, Self.everything),
        (.district("D1"), "PLA S1 P1 | 13900000001 | 0 | 1@10 | a1 a2 a3"),
        (.district("D11"), "P1 | 13900000001 | 0 | 1@10 | a1 a3"),
        (.district("none"), "- | 0 | - | -"),
        (.company("A"), "PLA P1 | 13900000001 | 0 | 1@10 | a1"),
        (.company("B"), "PLB P1 P2 | 13900000001 TB | 2 | 1@13 2@10 2@13 | a2 b1"),
        (.company("C"), "- | 0 | - | -"),
        (.site("S1"), "S1 | 0 | - | a1 a2"),
        (.none, "- | 0 | - | -"),
    ]

    @Test func everyReachSeesItsOwnRows() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        for (reach, line) in Self.expected {
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach)) {
                try $0.query(Self.seen).text(0, 0)
            }
            #expect(text == line, "\(reach)")
        }
        #expect(try fixture.connection.query(Self.seen).text(0, 0) == Self.everything, "the service sees all again")
    }

    /// Days and right turns of P1, which was sold in the evening of 2 March in China, and of P2.
    private static let safetyRows = """
        INSERT INTO safety_day SELECT (jsonb_populate_record(NULL::safety_day,
            zero.columns || jsonb_build_object('terminal_id', i, 'day', day))).*
        FROM generate_series(1, 2) i, (VALUES ('2026-03-02'), ('2026-03-03')) v (day), (
            SELECT jsonb_object_agg(column_name, 0) AS columns FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = 'safety_day' AND data_type = 'bigint') zero;
        INSERT INTO safety_turn (terminal_id, turned_at, day, latitude, longitude, angle, camera)
        SELECT i, t, '2026-03-02', 1, 1, 90, 'ok'
        FROM (VALUES ('2026-03-02T10:00Z'::timestamptz), ('2026-03-02T13:00Z')) v (t), generate_series(1, 2) i;
        INSERT INTO register_entry (kind, id, valid, content, import_id) VALUES
        ('accidents', 'X1', '[,)', '{"occurredAt":1772000000000000,"district":"D11"}', 1),
        ('accidents', 'X2', '[,)', '{"occurredAt":1772000000000000,"company":"B"}', 1);
        """
    private static let safetySeen = NamedQuery(
        "test.safety.seen",
        """
        SELECT concat_ws(' | ',
            coalesce((SELECT string_agg(terminal_id || '@' || to_char(day, 'DD'), ' ' ORDER BY terminal_id, day)
                FROM safety_day), '-'),
            coalesce((SELECT string_agg(terminal_id || '@' || to_char(turned_at, 'HH24'), ' '
                ORDER BY terminal_id, turned_at) FROM safety_turn), '-'),
            coalesce((SELECT string_agg(DISTINCT accident, ' ') FROM legal_hold), '-'))
        """)

    @Test func theFiguresOfSafetyAreOfOnesOwnTrucks() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        try fixture.connection.execute(Self.safetyRows)
        let everything = "1@02 1@03 2@02 2@03 | 1@10 1@13 2@10 2@13 | X1 X2"
        let expected: [(WebDoor.Reach, String)] = [
            (.all, everything), (.district("D1"), "1@02 | 1@10 | X1"), (.district("D11"), "1@02 | 1@10 | X1"),
            (.district("D2"), "1@03 2@02 2@03 | 1@13 2@10 2@13 | X2"), (.district("none"), "- | - | -"),
            (.site("S1"), "- | - | -"), (.none, "- | - | -"),
        ]
        for (reach, line) in expected {
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach)) {
                try $0.query(Self.safetySeen).text(0, 0)
            }
            #expect(text == line, "\(reach)")
        }
        #expect(try fixture.connection.query(Self.safetySeen).text(0, 0) == everything, "the service sees all")
    }

    /// What trucks of elsewhere took from the district's plants is volume of its plants, without their names: a
    /// terminal that belongs to others counts for none of its own trucks.
    @Test func loadsOfOthersAreThePlantsAlone() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        try fixture.connection.execute(
            """
            INSERT INTO delivery (delivery_id, terminal_id, unload_start, unload_end, is_final, settled_at, verdict,
                score, world, load_id, carried_at, content)
            SELECT id, terminal, t::timestamptz, t::timestamptz, true, now(), 'clear', 0, '', 'L', now(),
                jsonb_build_object('delivery', jsonb_build_object('origin', jsonb_build_object('kind', 'plant',
                    'id', plant), 'destination', jsonb_build_object('kind', 'site', 'id', site)))
            FROM (VALUES ('c1', 1, '2026-03-03T10:00Z', 'PLB', 'S1'), ('c2', 2, '2026-03-03T10:00Z', 'PLA', 'S2'),
                ('c3', 2, '2026-03-03T11:00Z', 'PLB', 'S2')) v (id, terminal, t, plant, site)
            """)
        let date = try #require(CivilDate(year: 2026, month: 3, day: 3))
        func loads(_ reach: WebDoor.Reach) throws -> [String] {
            try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach)) {
                try SafetyReader(connection: $0).loads(from: date, to: date)
            }.map { "\($0.terminal):\($0.plant ?? "-")×\($0.loads)" }.sorted()
        }
        #expect(try loads(.all) == ["13900000001:PLB×1", "TB:PLA×1", "TB:PLB×1"])
        #expect(try loads(.district("D1")) == ["13900000001:PLB×1", ":PLA×1"])
        #expect(try loads(.district("D2")) == ["13900000001:PLB×1", "TB:PLA×1", "TB:PLB×1"])
    }

    /// A user who may make no roles owns this database: row-level security alone binds him, because it is forced.
    @Test func withoutRolesTheOwnerIsBoundAlike() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        let name = "owner_" + fixture.url.suffix(8)
        try fixture.connection.execute(
            """
            CREATE ROLE \(name) LOGIN;
            DO $$ DECLARE name text; BEGIN
                FOREACH name IN ARRAY ARRAY['register_entry', 'terminal', 'latest_position', 'delivery',
                    'delivery_withdrawn', 'audit_log', 'web.truck', 'web.position', 'web.camera_report']
                LOOP EXECUTE format('ALTER TABLE %s OWNER TO \(name)', name); END LOOP;
            END $$;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO \(name);
            GRANT USAGE, CREATE ON SCHEMA public, web TO \(name);
            SET SESSION AUTHORIZATION \(name)
            """)
        defer {
            try? fixture.connection.execute(
                "RESET SESSION AUTHORIZATION; DROP OWNED BY \(name) CASCADE; DROP ROLE \(name)")
        }
        for (reach, line) in Self.expected {
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach)) {
                try $0.query(Self.seen).text(0, 0)
            }
            #expect(text == line, "\(reach)")
        }
        #expect(try fixture.connection.query(Self.seen).text(0, 0) == Self.everything)
    }

    private static let attempts = [
        "SELECT count(*) FROM public.position", "SELECT count(*) FROM batch", "SELECT sealed FROM batch",
        "SELECT count(*) FROM quarantine", "SELECT password FROM account", "SELECT token_hash FROM account_session",
        "SELECT token_hash FROM access_token", "SELECT count(*) FROM audit_log", "UPDATE delivery SET score = 1",
        "DELETE FROM delivery", "TRUNCATE delivery", "INSERT INTO terminal (name) VALUES ('x')",
        "UPDATE register_entry SET known_to = now()", "UPDATE register_entry SET content = '{}'",
        "INSERT INTO register_entry (kind, id, valid, content, import_id) VALUES ('places', 'x', '[,)', '{}', 1)",
        "INSERT INTO register_import (kind, source, imported_by) VALUES ('places', 'x', 'somebody')",
        "UPDATE register_state SET revision = 9", "DELETE FROM register_import", "SELECT count(*) FROM register_effect",
        "INSERT INTO note_change (plant, plate, issued_at) VALUES ('x', 'x', now())",
        "UPDATE web.position SET speed = 1",
        "INSERT INTO audit_log (actor, interface, action) VALUES ('another', 'http', 'x')",
        "INSERT INTO audit_log (actor, interface, action) VALUES ('somebody', 'command line', 'x')",
        "INSERT INTO audit_log (actor, interface, action, hash) VALUES ('somebody', 'http', 'x', '')",
        "UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log",
        "UPDATE audit_head SET entry_id = 0", "CREATE TABLE web.x (a int)", "CREATE TABLE public.x (a int)",
        "ALTER TABLE delivery DISABLE ROW LEVEL SECURITY", "DROP POLICY web ON delivery",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL", "CREATE ROLE other", "SELECT pg_read_file('PG_VERSION')",
        "SELECT web_enter('tongxing_web', 'x', '', 'all', NULL, NULL, NULL)",
    ]

    @Test func theWebBreaksOutNowhere() async throws {
        let fixture = try await StoreFixture()
        for attempt in Self.attempts {
            let error = #expect(throws: PostgresError.self) {
                try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(.company("A"))) {
                    try $0.execute(attempt)
                }
            }
            // insufficient_privilege, whatever stands in the way.
            #expect(error?.sqlState?.code == "42501", "\(attempt): \(error?.description ?? "")")
        }
    }

    @Test func withoutAWordTheWebSeesNothing() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        try fixture.connection.execute("BEGIN; SET LOCAL ROLE tongxing_web; SET LOCAL search_path = web, public")
        let text = try fixture.connection.query(Self.seen).text(0, 0)
        try fixture.connection.execute("ROLLBACK")
        #expect(text == "- | 0 | - | -")
    }

    @Test func aRoleOfTheWebOwnsNothingAndLogsInNowhere() async throws {
        let fixture = try await StoreFixture()
        #expect(
            try fixture.count(
                """
                SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
                WHERE r.rolname IN ('tongxing_web', 'tongxing_gate')
                """) == 0)
        #expect(
            try fixture.count(
                """
                SELECT count(*) FROM pg_roles WHERE rolname IN ('tongxing_web', 'tongxing_gate')
                    AND NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
                """) == 2)
    }

    /// Whoever adds a table that the web may read has to confine it.
    @Test func everyTableTheWebMayReadIsConfined() async throws {
        let fixture = try await StoreFixture()
        let open = try fixture.connection.query(
            NamedQuery(
                "test.open",
                """
                SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c
                WHERE c.relkind IN ('r', 'p') AND has_table_privilege('tongxing_web', c.oid, 'SELECT')
                    AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                    AND c.relnamespace IN ('public'::regnamespace, 'web'::regnamespace)
                    AND c.relname NOT IN ('register_state', 'spatial_ref_sys')
                """)
        ).text(0, 0)
        #expect(open == nil)
    }
}
