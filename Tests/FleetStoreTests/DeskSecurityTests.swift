import FleetStore
import PostgresClient
import TestSupport
import Testing

/// What the database lets each see and do at the desk: alerts, suspicions, cases. Asked of PostgreSQL itself.
@Suite struct DeskSecurityTests {
    /// Besides the city of `RowSecurityTests`: alerts of both trucks, two of them about deliveries, one of these from a
    /// place under suspicion; that place and its alert; halts; a decision; a case of each district and one of all.
    private static let rows =
        RowSecurityTests.rows + """
            ;
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, delivery_id, facts) VALUES
            ('v1', 'speeding', 2, 1, '2026-03-02T10:00Z', NULL, '[]'),
            ('v2', 'speeding', 2, 1, '2026-03-02T13:00Z', NULL, '[]'),
            ('v3', 'long-stop', 2, 2, '2026-03-02T10:00Z', NULL, '[]'),
            ('da1', 'diversion', 4, 1, '2026-03-02T10:00Z', 'a1', '[]'),
            ('da3', 'unlicensed-origin', 4, 1, '2026-03-02T10:00Z', 'a3', '[]'),
            ('A-suspected-plant-X', 'suspected-plant', 3, NULL, '2026-03-02T10:00Z', NULL, '[]');
            INSERT INTO alert_action (alert_id, acted_by, kind) VALUES ('v1', 'li', 'acknowledge'),
                ('v3', 'li', 'acknowledge');
            INSERT INTO suspected_plant (suspected_plant_id, content) VALUES
            ('X', '{"status":"lead","coordinate":{"latitudeE7":10000000,"longitudeE7":10000000}}'),
            ('Y', '{"status":"lead","coordinate":{"latitudeE7":20000000,"longitudeE7":20000000}}');
            INSERT INTO stay (terminal_id, started_at, ended_at, latitude, longitude, drum_seconds, discharge_seconds,
                loading_seconds)
            SELECT i, t, t, 1, 1, 0, 0, 0
            FROM (VALUES ('2026-03-02T10:00Z'::timestamptz), ('2026-03-02T13:00Z')) v (t), generate_series(1, 2) i;
            INSERT INTO suspect_decision (suspected_plant_id, decided_by, interface, status_before, status, score)
                VALUES ('X', 'li', 'http', 'lead', 'checking', 1);
            INSERT INTO delivery_decision (delivery_id, decided_by, decision, rules, score)
                VALUES ('a1', 'li', 'dispatch', '{}', 1), ('b1', 'li', 'dispatch', '{}', 1);
            INSERT INTO enforcement_case (case_id, title, opened_by, district) VALUES ('c1', 'x', 'li', 'D11'),
                ('c2', 'x', 'li', 'D2'), ('c0', 'x', 'li', NULL);
            INSERT INTO case_entry (case_id, entered_by, content) SELECT case_id, 'li', '{}' FROM enforcement_case
            """

    /// Alerts | how they are handled | suspected plants | halts | decisions | cases and entries, in one line.
    private static let seen = NamedQuery(
        "test.desk.seen",
        """
        SELECT concat_ws(' | ', coalesce((SELECT string_agg(alert_id, ' ' ORDER BY alert_id) FROM alert), '-'),
            coalesce((SELECT string_agg(h.alert_id, ' ' ORDER BY alert_id) FROM alert_handling h), '-'),
            coalesce((SELECT string_agg(suspected_plant_id, ' ' ORDER BY suspected_plant_id)
                FROM suspected_plant), '-'),
            (SELECT count(*) FROM stay),
            coalesce((SELECT string_agg(delivery_id, ' ' ORDER BY delivery_id) FROM delivery_decision), '-')
                || '/' || (SELECT count(*) FROM suspect_decision) || '/' || (SELECT count(*) FROM alert_action),
            coalesce((SELECT string_agg(case_id, ' ' ORDER BY case_id) FROM enforcement_case), '-')
                || '/' || (SELECT count(*) FROM case_entry))
        """)

    private static let all = "A-suspected-plant-X da1 da3 v1 v2 v3 | v1 v3 | X Y | 4 | a1 b1/1/2 | "
    private static let expected: [(WebDoor.Reach, String, String)] = [
        (.all, "enforcement_officer", Self.all + "c0 c1 c2/3"), (.all, "", Self.all + "c0 c1 c2/3"),
        (.all, "operator", Self.all + "-/0"), (.all, "safety_officer", "v1 v2 v3 | v1 v3 | - | 4 | -/0/2 | -/0"),
        (.district("D1"), "enforcement_officer", "A-suspected-plant-X da1 da3 v1 | v1 | X | 1 | a1/1/1 | c1/1"),
        (.district("D1"), "operator", "A-suspected-plant-X da1 da3 v1 | v1 | X | 1 | a1/1/1 | -/0"),
        (.district("D2"), "enforcement_officer", "v2 v3 | v3 | - | 3 | b1/0/1 | c2/1"),
        (.district("none"), "enforcement_officer", "- | - | - | 0 | -/0/0 | -/0"),
        (.company("A"), "company", "da1 v1 | - | - | 1 | -/0/0 | -/0"),
        (.company("B"), "company", "v2 v3 | - | - | 3 | -/0/0 | -/0"),
        (.company("C"), "company", "- | - | - | 0 | -/0/0 | -/0"),
        (.site("S1"), "site", "- | - | - | 0 | -/0/0 | -/0"), (.none, "insurer", "- | - | - | 0 | -/0/0 | -/0"),
    ]

    private static func visitor(_ reach: WebDoor.Reach, _ role: String) -> WebDoor.Visitor {
        WebDoor.Visitor(name: "somebody", role: role, reach: reach)
    }

    @Test func everyReachSeesItsOwnDesk() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        // Company B's plants lie in D2, and so do B's trucks.
        try fixture.connection.execute(
            "INSERT INTO register_entry (kind, id, valid, content, import_id) VALUES "
                + "('districts', 'D2', '[,)', '{}', 1)")
        for (reach, role, line) in Self.expected {
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach, role)) {
                try $0.query(Self.seen).text(0, 0)
            }
            #expect(text == line, "\(reach) \(role)")
        }
        #expect(try fixture.connection.query(Self.seen).text(0, 0) == Self.all + "c0 c1 c2/3")
    }

    /// Deliveries that nobody has made a suspected plant of yet, and alerts that outlived what they said.
    private static let accused =
        RowSecurityTests.rows + """
            ;
            INSERT INTO delivery (delivery_id, terminal_id, unload_start, unload_end, is_final, settled_at, verdict,
                score, world, load_id, carried_at, content)
            SELECT id, 1, '2026-03-02T10:00Z', '2026-03-02T10:00Z', true, now(), 'suspicious', 1, '', 'L', now(),
                jsonb_build_object('judgements', jsonb_build_array(
                        jsonb_build_object('rule', 'night-pour', 'outcome', 'hit'),
                        jsonb_build_object('rule', rule, 'outcome', outcome)),
                    'delivery', jsonb_build_object('origin', jsonb_build_object('kind', 'unknown'),
                        'destination', jsonb_build_object('kind', 'site', 'id', 'S1')))
            FROM (VALUES ('hit', 'unlicensed-origin', 'hit'), ('not', 'unlicensed-origin', 'no'),
                ('cement', 'cement-to-unregistered', 'hit'), ('note', 'ticket-missing', 'hit')) v (id, rule, outcome);
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, delivery_id, facts) VALUES
            ('hit', 'duplicate-ticket', 4, 1, '2026-03-02T10:00Z', 'hit', '[]'),
            ('was', 'unlicensed-origin', 4, 1, '2026-03-02T10:00Z', 'not', '[]'),
            ('note', 'ticket-missing', 3, 1, '2026-03-02T10:00Z', 'note', '[]'),
            ('cement', 'cement-to-unregistered', 3, 1, '2026-03-02T10:00Z', 'not', '[]')
            """
    private static let accusedSeen = NamedQuery(
        "test.desk.accused",
        """
        SELECT concat_ws(' | ', (SELECT string_agg(delivery_id, ' ' ORDER BY delivery_id) FROM delivery
                WHERE verdict = 'suspicious'),
            coalesce((SELECT string_agg(alert_id, ' ' ORDER BY alert_id) FROM alert), '-'))
        """)

    /// A halt outside every plant is an accusation with a place before the search makes a suspected plant of it, and
    /// its alert says so still when the delivery has been judged otherwise.
    @Test func whereAPlantMayBeIsNotForCompaniesAndSites() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.accused)
        let all = "cement hit not note | cement hit note was"
        for (reach, role, line) in [
            (WebDoor.Reach.all, "enforcement_officer", all), (.district("D1"), "operator", all),
            (.company("A"), "company", "not note | note"), (.company("B"), "company", "-"),
            (.site("S1"), "site", "not note | -"),
        ] {
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach, role)) {
                try $0.query(Self.accusedSeen).text(0, 0)
            }
            #expect(text == line, "\(reach) \(role)")
        }
    }

    /// Work is for somebody who can open it: of his district, and of his duty.
    @Test func aColleagueSeesWhatHeIsGiven() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        try fixture.connection.execute(
            """
            INSERT INTO account (name, role, district, created_by) VALUES ('all', 'operator', NULL, 'x'),
                ('one', 'enforcement_officer', 'D1', 'x'), ('two', 'operator', 'D2', 'x'),
                ('road', 'safety_officer', 'D1', 'x')
            """)
        let colleagues = try AlertDesk(connection: fixture.connection).colleagues()
        func sees(_ alert: String) throws -> [String] {
            try colleagues.filter { colleague in
                try WebDoor(connection: fixture.connection).enter(.fleet, as: colleague.visitor) {
                    try AlertDesk(connection: $0).alert(alert) != nil
                }
            }.map(\.name)
        }
        #expect(try sees("v1") == ["all", "one", "road"])
        #expect(try sees("v3") == ["all", "two"])
        #expect(try sees("da1") == ["all", "one"])
    }

    /// What the web may not do, by reach and role.
    private static let attempts: [(WebDoor.Reach, String, String)] = [
        // In another's name, or with another's role.
        (
            .all, "operator",
            "INSERT INTO alert_action (alert_id, acted_by, role, kind) VALUES ('v1', 'li', 'operator', 'close')"
        ),
        (
            .all, "operator",
            "INSERT INTO alert_action (alert_id, acted_by, role, kind) VALUES ('v2', 'somebody', 'auditor', 'acknowledge')"
        ),
        // Trucks are derived again for those who decide.
        (
            .company("A"), "company",
            "INSERT INTO place_change (latitude, longitude, radius_m, requested_by, reason) "
                + "VALUES (1, 1, 1, 'somebody', 'x')"
        ),
        // At another time than now.
        (
            .all, "operator",
            "INSERT INTO alert_action (alert_id, acted_by, role, kind, acted_at) VALUES ('v2', 'somebody', 'operator', 'acknowledge', '2020-01-01')"
        ),
        // What he cannot see.
        (
            .district("D2"), "operator",
            "INSERT INTO alert_action (alert_id, acted_by, role, kind) VALUES ('v1', 'somebody', 'operator', 'comment')"
        ),
        (
            .company("A"), "company",
            "INSERT INTO alert_action (alert_id, acted_by, role, kind) VALUES ('v1', 'somebody', 'company', 'acknowledge')"
        ),
        (
            .all, "operator",
            "INSERT INTO delivery_decision (delivery_id, decided_by, role, decision, rules, score) VALUES ('a1', 'somebody', 'operator', 'dispatch', '{}', 1)"
        ),
        (
            .district("D2"), "enforcement_officer",
            "INSERT INTO delivery_decision (delivery_id, decided_by, role, decision, rules, score) VALUES ('a1', 'somebody', 'enforcement_officer', 'dispatch', '{}', 1)"
        ),
        (
            .all, "operator",
            "INSERT INTO suspect_decision (suspected_plant_id, decided_by, role, interface, status_before, status, score) "
                + "VALUES ('X', 'somebody', 'operator', 'http', 'lead', 'checking', 1)"
        ),
        (
            .all, "operator",
            "INSERT INTO enforcement_case (title, opened_by, role) VALUES ('x', 'somebody', 'operator')"
        ),
        (
            .district("D2"), "enforcement_officer",
            "INSERT INTO enforcement_case (title, opened_by, role, district) VALUES ('x', 'somebody', 'enforcement_officer', 'D1')"
        ),
        (
            .district("D2"), "enforcement_officer",
            "INSERT INTO case_entry (case_id, entered_by, role, content) VALUES ('c1', 'somebody', 'enforcement_officer', '{}')"
        ),
        (
            .all, "enforcement_officer",
            "INSERT INTO enforcement_case (case_id, title, opened_by, role) VALUES ('mine', 'x', 'somebody', 'enforcement_officer')"
        ),
    ]
    private static let tables = [
        "alert", "alert_handling", "alert_action", "suspected_plant", "suspect_decision", "stay", "delivery_decision",
        "enforcement_case", "case_entry",
    ]

    @Test func nobodyWritesWhatIsNotHis() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        func attempt(_ reach: WebDoor.Reach, _ role: String, _ sql: String) {
            let error = #expect(throws: PostgresError.self) {
                try WebDoor(connection: fixture.connection).enter(.fleet, as: Self.visitor(reach, role)) {
                    try $0.execute(sql)
                }
            }
            #expect(error?.sqlState?.code == "42501", "\(sql): \(error?.description ?? "")")
        }
        for (reach, role, sql) in Self.attempts { attempt(reach, role, sql) }
        for table in Self.tables {
            attempt(.all, "enforcement_officer", "DELETE FROM \(table)")
            attempt(.all, "enforcement_officer", "TRUNCATE \(table)")
            attempt(.all, "enforcement_officer", "ALTER TABLE \(table) DISABLE ROW LEVEL SECURITY")
        }
        for (table, column) in [
            ("alert", "status"), ("alert_handling", "state"), ("alert_action", "note"), ("suspected_plant", "content"),
            ("delivery_decision", "note"), ("enforcement_case", "title"), ("case_entry", "content"),
        ] { attempt(.all, "enforcement_officer", "UPDATE \(table) SET \(column) = \(column)") }
    }

    /// Not even the service changes what people did.
    @Test func whatPeopleDidIsKept() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(Self.rows)
        for table in ["alert_action", "suspect_decision", "delivery_decision", "enforcement_case", "case_entry"] {
            for sql in ["DELETE FROM \(table)", "TRUNCATE \(table) CASCADE"] {
                let error = #expect(throws: PostgresError.self) { try fixture.connection.execute(sql) }
                #expect(error?.sqlState?.code == "42501", "\(sql)")
            }
        }
    }
}
