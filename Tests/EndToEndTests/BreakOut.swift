import Chronology
import Deliveries
import FleetStore
import Foundation
import Geodesy
import PostgresClient
import Suspicions
import Telemetry
import Testing

/// A city of two districts and two companies, and who may see what of it.
enum BreakOut {
    // MARK: - The city

    /// Company A and site S1 lie in district 330411, below 330400; company B and site S2 in 330500. Truck 浙F00001 was
    /// A's until 2 March and is B's since; 浙F00002 is B's.
    private static let registers: [(kind: String, csv: String)] = [
        ("districts", "district,name,parent\n330400,嘉兴,\n330411,秀洲,330400\n330500,湖州,\n"),
        (
            "companies",
            "company,credit_code,district\nA,91330411MA00000A01,330411\nB,91330500MA00000B01,330500\n"
        ),
        (
            "plants",
            """
            plant_id,name,credit_code,licence_kind,status,valid_from,district,lat,lon,radius_m
            PA,甲站,91330411MA00000A01,concrete,valid,2020-01-01,330411,30.70,120.70,150
            PB,乙站,91330500MA00000B01,concrete,valid,2020-01-01,330500,30.90,120.10,150

            """
        ),
        (
            "sites",
            """
            site_id,name,status,valid_from,district,lat,lon,radius_m
            S1,一号工地,active,2020-01-01,330411,30.75,120.75,100
            S2,二号工地,active,2020-01-01,330500,30.95,120.15,100

            """
        ),
        ("places", "place_id,name,kind,lat,lon,radius_m\nL1,停车场,depot,30.72,120.72,80\n"),
        (
            "vehicles",
            """
            plate,terminal,kind,company,registered_from,registered_to
            浙F00001,T1,mixer,A,2020-01-01,2026-03-02
            浙F00001,T1,mixer,B,2026-03-03,
            浙F00002,T2,mixer,B,2020-01-01,

            """
        ),
    ]

    /// - Parameter accused: with `D-5`, a halt outside every plant of which nobody has made a suspect yet.
    static func build(in installation: Installation, folder: String, accused: Bool = false) async throws {
        for (kind, csv) in Self.registers {
            let file = "\(folder)/\(kind).csv"
            try Data(csv.utf8).write(to: URL(fileURLWithPath: file))
            let imported = try await installation.run("import", kind, file)
            #expect(imported.code == 0, "\(kind): \(imported.errors)")
        }
        try installation.execute("INSERT INTO terminal (name) VALUES ('T1'), ('T2')")
        try installation.execute("SELECT make_partitions('2026-03-02T04:00Z'), make_partitions('2026-03-03T04:00Z')")
        try installation.execute(
            """
            INSERT INTO position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index,
                flags)
            SELECT t, t, 1, i, 307000000, 1207000000, 0, 1
            FROM (VALUES ('2026-03-02T04:00Z'::timestamptz), ('2026-03-03T04:00Z')) v (t), generate_series(1, 2) i
            """)
        try installation.execute(
            """
            INSERT INTO latest_position (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags)
            SELECT i, i, '2026-03-03T04:00Z', now(), 307000000, 1207000000, 1 FROM generate_series(1, 2) i
            """)
        try installation.execute("INSERT INTO truck_load SELECT i, 'loaded', now() FROM generate_series(1, 2) i")
        // Both trucks drove on both days, with cameras nobody has heard of; the second turned right once.
        try installation.execute(
            """
            INSERT INTO safety_day SELECT (jsonb_populate_record(NULL::safety_day, zero.columns || jsonb_build_object(
                'terminal_id', i, 'day', day, 'first_place_at', day || 'T04:00Z', 'last_place_at', day || 'T04:00Z'))).*
            FROM generate_series(1, 2) i, (VALUES ('2026-03-02'), ('2026-03-03')) v (day), (
                SELECT jsonb_object_agg(column_name, 0) AS columns FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = 'safety_day' AND data_type = 'bigint') zero
            """)
        try installation.execute(
            """
            INSERT INTO safety_turn (terminal_id, turned_at, day, latitude, longitude, angle, camera)
            VALUES (2, '2026-03-02T04:00Z', '2026-03-02', 307000000, 1207000000, 90, 'unknown')
            """)
        // An alert of each truck, one about the delivery from the suspected plant, and that plant.
        try installation.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, delivery_id, facts)
            VALUES ('v1', 'speeding', 2, 1, '2026-03-02T04:00Z', NULL, '[]'),
                ('v2', 'speeding', 2, 2, '2026-03-02T04:00Z', NULL, '[]'),
                ('da3', 'unlicensed-origin', 4, 1, '2026-03-02T05:00Z', 'D-3', '[]')
            """)
        if accused {
            try installation.execute(
                """
                INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, delivery_id, facts)
                VALUES ('da5', 'unlicensed-origin', 4, 1, '2026-03-02T03:00Z', 'D-5', '[]')
                """)
        }
        try installation.execute(
            """
            INSERT INTO enforcement_case (case_id, title, opened_by, role, district)
            VALUES ('AJ-1', 'a case', 'somebody', 'enforcement_officer', '330411')
            """)
        var card = PlantEvidence()
        (card.firstSeen, card.lastSeen) = (Instant(seconds: 1_772_400_000), Instant(seconds: 1_772_430_000))
        let suspect = SuspectedPlant(
            suspectedPlantID: "SP1", coordinate: Coordinate(latitudeE7: 309_500_000, longitudeE7: 1_201_500_000),
            radiusMetres: 80, evidence: card, score: 60, reasons: [], isLikely: true, parametersVersion: 1,
            registerRevision: 1)
        try SuspectStore(connection: try PostgresConnection(url: installation.databaseURL, application: "test"))
            .replace(with: [suspect])
        let store = DeliveryStore(
            connection: try PostgresConnection(url: installation.databaseURL, application: "test"))
        let halt = accused ? [try Self.delivery("D-5", "T1", nil, "S1", "2026-03-02T03:00:00Z")] : []
        try store.replace(
            terminal: 1, settledAfter: nil,
            with: [
                Self.delivery("D-1", "T1", "PA", "S1", "2026-03-02T04:00:00Z"),
                Self.delivery("D-2", "T1", "PB", "S1", "2026-03-03T04:00:00Z"),
                Self.delivery("D-3", "T1", nil, "S1", "2026-03-02T05:00:00Z"),
            ] + halt, world: "test", reason: "test", judge: Self.judged)
        try store.replace(
            terminal: 2, settledAfter: nil, with: [Self.delivery("D-4", "T2", "PB", "S2", "2026-03-02T04:00:00Z")],
            world: "test", reason: "test", judge: Self.judged)
        // As D-1, and derived no more.
        try installation.execute(
            """
            INSERT INTO delivery_superseded (delivery_id, reason, content, world, terminal_id)
            SELECT 'D-7', 'admin: registers changed (revision 2: sites.csv)',
                jsonb_set(content, '{delivery,deliveryID}', '"D-7"'), world, terminal_id
            FROM delivery WHERE delivery_id = 'D-1'
            """)
    }

    /// Without a plant the load is from a suspected one; that of `D-5` from a place of which nothing is known.
    static func delivery(
        _ id: String, _ terminal: String, _ plant: String?, _ site: String, _ time: String
    ) throws -> DeliveryStore.Derived {
        let start = try #require(Instant(rfc3339: time))
        let field = Coordinate(latitudeE7: 309_000_000, longitudeE7: 1_209_000_000)
        let origin =
            id == "D-5"
            ? DeliveryEnd(kind: .unknown, coordinate: field)
            : DeliveryEnd(kind: plant == nil ? .suspectedPlant : .plant, id: plant ?? "SP1")
        let delivery = Delivery(
            deliveryID: id, loadID: "L" + id, terminal: try #require(TerminalID(terminal)), plate: nil,
            origin: origin,
            loadStart: start, loadEnd: start, destination: DeliveryEnd(kind: .site, id: site), unloadStart: start,
            unloadEnd: start, distanceKilometres: 1, coverage: 1, confidence: [:], isFinal: true, settledAt: start)
        return DeliveryStore.Derived(delivery, drumCubicMetres: nil)
    }

    private static func judged(_ delivery: Delivery) -> JudgedDelivery {
        guard delivery.origin.kind == .unknown else {
            return JudgedDelivery(delivery: delivery, judgements: [], verdict: .clear, score: 0)
        }
        let said = Judgement(
            rule: "unlicensed-origin", outcome: .hit, severity: 4, facts: [Statement(zh: "停留", en: "stood")],
            registerRevision: 1)
        return JudgedDelivery(delivery: delivery, judgements: [said], verdict: .suspicious, score: 40)
    }

    // MARK: - Who asks, for what

    /// Name and the flags of `tongxing accounts add`.
    static let visitors: [(name: String, flags: [String])] = [
        ("administrator", ["--role", "administrator"]),
        ("security_administrator", ["--role", "security_administrator"]),
        ("auditor", ["--role", "auditor"]),
        ("operator", ["--role", "operator"]),
        ("operator-330400", ["--role", "operator", "--district", "330400"]),
        ("enforcement_officer", ["--role", "enforcement_officer"]),
        ("enforcement-330500", ["--role", "enforcement_officer", "--district", "330500"]),
        ("safety_officer", ["--role", "safety_officer"]),
        ("company-a", ["--role", "company", "--company", "A"]),
        ("company-b", ["--role", "company", "--company", "B"]),
        ("site-s1", ["--role", "site", "--site", "S1"]),
        ("insurer", ["--role", "insurer"]),
        ("no-duty", []),
    ]

    /// What is asked for: a path, or a change with its body.
    static let resources: [(name: String, path: String, body: String?)] = [
        ("vehicles", "/api/v1/vehicles", nil),
        ("positions", "/api/v1/positions", nil),
        ("deliveries", "/api/v1/deliveries?from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z", nil),
        ("delivery D-1", "/api/v1/deliveries/D-1", nil),
        ("delivery D-3", "/api/v1/deliveries/D-3", nil),
        ("delivery D-4", "/api/v1/deliveries/D-4", nil),
        ("plants", "/api/v1/plants", nil),
        ("sites", "/api/v1/sites", nil),
        ("places", "/api/v1/places", nil),
        ("trail T1", "/api/v1/trails/T1?from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z&purpose=case", nil),
        (
            "trail plate",
            "/api/v1/trails?plate=%E6%B5%99F00001&from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z&purpose=case", nil
        ),
        ("trail T2", "/api/v1/trails/T2?from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z&purpose=case", nil),
        ("status", "/api/v1/status", nil),
        ("accounts", "/api/v1/accounts", nil),
        ("audit", "/api/v1/audit?limit=1", nil),
        ("add account", "/api/v1/accounts", #"{"name":"made-by-VISITOR"}"#),
        ("reset auditor", "/api/v1/accounts/auditor/password", "{}"),
        ("disable operator", "/api/v1/accounts/operator-330400/state", #"{"disabled":false}"#),
        ("own duty", "/api/v1/accounts/VISITOR/duty", #"{"role":"operator"}"#),
        ("other's duty", "/api/v1/accounts/no-duty/duty", #"{"role":null}"#),
        ("unknown", "/api/v1/everything", nil),
        ("alerts", "/api/v1/alerts", nil),
        ("suspects", "/api/v1/suspected-plants", nil),
        ("queue", "/api/v1/queue", nil),
        ("cases", "/api/v1/cases", nil),
        ("comment on v1", "/api/v1/alerts/v1/actions", #"{"action":"comment","note":"VISITOR"}"#),
        ("decide D-1", "/api/v1/deliveries/D-1/decisions", #"{"decision":"dispatch"}"#),
        ("decide SP1", "/api/v1/suspected-plants/SP1/decisions", #"{"status":"checking"}"#),
        ("open a case", "/api/v1/cases", #"{"title":"VISITOR"}"#),
        ("register of plants", "/api/v1/registers/plants", nil),
        ("register of vehicles", "/api/v1/registers/vehicles", nil),
        ("entry PA", "/api/v1/registers/plants/entries/PA", nil),
        ("entry PB", "/api/v1/registers/plants/entries/PB", nil),
        ("file of vehicles", "/api/v1/registers/vehicles/file", nil),
        ("add a company", "/api/v1/registers/companies/entries", #"{"rows":[{"company":"made-by-VISITOR"}]}"#),
        // company,C
        ("import companies", "/api/v1/registers/companies/file", #"{"name":"VISITOR","file":"Y29tcGFueQpDCg=="}"#),
        ("withdraw PA as it was", "/api/v1/registers/plants/entries/PA", #"{"version":"0","rows":[]}"#),
        ("accident rates", "/api/v1/safety/rates?year=2026", nil),
        ("cameras to mend", "/api/v1/safety/cameras-to-mend", nil),
        ("right turns", "/api/v1/safety/right-turns?from=2026-03-01&to=2026-03-05", nil),
        ("colleagues", "/api/v1/colleagues", nil),
        ("precision of rules", "/api/v1/rules/precision", nil),
        ("timeline of D-1", "/api/v1/deliveries/D-1/timeline?purpose=table", nil),
        ("evidence of D-1", "/api/v1/deliveries/D-1/evidence?purpose=table", nil),
        (
            "add an accident", "/api/v1/registers/accidents/entries",
            #"{"rows":[{"accident_id":"made-by-VISITOR","occurred_at":"2026-03-02 12:00"}]}"#
        ),
        ("cameras by truck", "/api/v1/safety/camera-rates?by=truck&from=2026-03-02&to=2026-03-03", nil),
        ("alert v2", "/api/v1/alerts/v2", nil),
        ("suspect SP1", "/api/v1/suspected-plants/SP1", nil),
        ("events", "/api/v1/events", nil),
        ("decisions on D-1", "/api/v1/deliveries/D-1/decisions", nil),
        ("case AJ-1", "/api/v1/cases/AJ-1", nil),
        ("note on AJ-1", "/api/v1/cases/AJ-1/entries", #"{"kind":"note","note":"VISITOR"}"#),
        ("registers", "/api/v1/registers", nil),
        ("definitions", "/api/v1/safety/definitions", nil),
        ("funnel", "/api/v1/safety/funnel?year=2026", nil),
        ("summary", "/api/v1/safety/summary?year=2026", nil),
        ("data quality", "/api/v1/safety/quality?from=2026-03-01&to=2026-03-05", nil),
        ("capacity", "/api/v1/safety/capacity?year=2026", nil),
        ("accidents", "/api/v1/safety/accidents?year=2026", nil),
        ("report", "/api/v1/safety/report?kind=cameras&format=html", nil),
        (
            "D-1 into a case", "/api/v1/cases",
            #"{"title":"VISITOR and D-1","items":[{"kind":"delivery","id":"D-1"}]}"#
        ),
        ("exposure by truck", "/api/v1/safety/exposure?by=truck&from=2026-03-02&to=2026-03-03", nil),
        ("control charts", "/api/v1/safety/control?year=2026", nil),
        ("rolling rates", "/api/v1/safety/rolling?year=2026", nil),
        ("before and after", "/api/v1/safety/before-after?year=2026&baseline=2025", nil),
        ("indicators", "/api/v1/safety/indicators", nil),
        ("delivery D-5", "/api/v1/deliveries/D-5", nil),
        ("alert da5", "/api/v1/alerts/da5", nil),
        ("superseded D-7", "/api/v1/deliveries/D-7", nil),
        ("timeline of superseded D-7", "/api/v1/deliveries/D-7/timeline?purpose=table", nil),
        ("evidence of superseded D-7", "/api/v1/deliveries/D-7/evidence?purpose=table", nil),
        ("decide superseded D-7", "/api/v1/deliveries/D-7/decisions", #"{"decision":"dispatch"}"#),
        ("places of accounts", "/api/v1/accounts/places?kind=site", nil),
        ("own passwords", "/api/v1/session/passwords", nil),
        ("auditor as administrator", "/api/v1/accounts/auditor/duty", #"{"role":"administrator"}"#),
        ("last administrator", "/api/v1/accounts/administrator/duty", #"{"role":null}"#),
        ("page of rates", "/rates", nil),
        ("page of safety", "/safety", nil),
        ("unknown district", "/api/v1/accounts/no-duty/duty", #"{"role":"operator","district":"999999"}"#),
    ]

    /// What `openapi.yaml` has and the table lacks: what holds no data, and one's own session (`SignInTests`).
    static let untabled: Set<String> = [
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.yaml", "GET /api/v1/session",
        "POST /api/v1/session", "POST /api/v1/session/end", "POST /api/v1/session/password",
    ]

    /// Addresses of `openapi.yaml`, as `GET /api/v1/cases/{id}`, that no row asks for.
    static func unasked(in document: String) -> [String] {
        var (path, found) = ("", [String]())
        for line in document.split(separator: "\n") {
            if let match = line.wholeMatch(of: /\ {2}(\/\S*):/) { path = String(match.1) }
            if let match = line.wholeMatch(of: /\ {4}(get|post):/) { found.append("\(match.1.uppercased()) \(path)") }
            if line.hasPrefix("components:") { break }
        }
        let asked = Self.resources.map { resource in
            (resource.body == nil ? "GET " : "POST ") + resource.path.prefix { $0 != "?" }
        }
        return found.filter { address in
            let pattern = address.split(separator: "/", omittingEmptySubsequences: false)
            return !Self.untabled.contains(address)
                && !asked.contains { path in
                    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
                    return parts.count == pattern.count
                        && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
                }
        }
    }

    /// What each gets, column by column as in `resources`: the ids that came, or the status of a refusal.
    private static let expected: [String: String] = [
        "administrator":
            "403|403|403|403|403|403|403|403|403|403|403|403|200|200|403|200|403|200|403|403|404|403|403|403|403|403|403|403|403",
        "security_administrator":
            "403|403|403|403|403|403|403|403|403|403|403|403|403|200|403|403|403|403|403|200|404|403|403|403|403|403|403|403|403",
        "auditor":
            "403|403|403|403|403|403|403|403|403|403|403|403|403|200|200|403|403|403|403|403|404|403|403|403|403|403|403|403|403",
        "operator": Self.all
            + "|da3 v2 v1 da5|SP1|200|403|200|403|403|403",
        "enforcement_officer": Self.all
            + "|da3 v2 v1 da5|SP1|200|AJ-1|200|200|200|200",
        "operator-330400":
            "浙F00001|-|D-2 D-3 D-1 D-5|200|200|404|PA|S1|L1|1|1|404|200|403|403|403|403|403|403|403|404|da3 v1 da5|SP1|200|403|200|403|403|403",
        "enforcement-330500":
            "浙F00001 浙F00002|T1 T2|D-2 D-4|404|404|200|PB|S2|L1|1|1|2|200|403|403|403|403|403|403|403|404|v2|-|-|-|404|404|404|200",
        "safety_officer":
            "浙F00001 浙F00001 浙F00002|T1 T2|403|403|403|403|PA PB|S1 S2|L1|2|2|2|200|403|403|403|403|403|403|403|404|v2 v1|403|403|403|200|403|403|403",
        "company-a":
            "浙F00001|-|D-1|200|404|404|PA|403|L1|1|1|404|403|403|403|403|403|403|403|403|404|v1|403|403|403|403|403|403|403",
        "company-b":
            "浙F00001 浙F00002|T1 T2|D-2 D-4|404|404|200|PB|403|L1|1|1|2|403|403|403|403|403|403|403|403|404|v2|403|403|403|403|403|403|403",
        "site-s1":
            "403|403|D-2 D-1|200|404|404|403|S1|403|403|403|403|403|403|403|403|403|403|403|403|404|403|403|403|403|403|403|403|403",
        "insurer": Self.nothing,
        "no-duty": Self.nothing,
    ]
    private static let all =
        "浙F00001 浙F00001 浙F00002|T1 T2|D-2 D-3 D-4 D-1 D-5|200|200|200|PA PB|S1 S2|L1|2|2|2|200|403|403|403|403|403|403|403|404"
    private static let nothing =
        "403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|404|403|403|403|403|403|403|403|403"

    /// The same of the registers, the eight columns that follow; everybody else gets none of them.
    private static let registersExpected: [String: String] = [
        "administrator": "PA PB|浙F00001 浙F00002|200|200|浙F00001 浙F00001 浙F00002|200|200|409",
        "operator": Self.allRegisters, "enforcement_officer": Self.allRegisters, "safety_officer": Self.allRegisters,
        "operator-330400": "PA|浙F00001|200|404|浙F00001|403|403|403",
        "enforcement-330500": "PB|浙F00001 浙F00002|404|200|浙F00001 浙F00002|403|403|403",
        "company-a": "PA|浙F00001|200|404|浙F00001|403|403|403",
        "company-b": "PB|浙F00001 浙F00002|404|200|浙F00001 浙F00002|403|403|403",
    ]
    private static let allRegisters = "PA PB|浙F00001 浙F00002|200|200|浙F00001 浙F00001 浙F00002|403|403|403"

    /// The same of eleven columns more: safety, what enforcement works with, a register that others keep as well,
    /// one alert and one suspect. No sealed message stands behind the city, so whoever may have a package of evidence
    /// is told that there is none. Of a truck that was sold, a district hears of the days that were its own.
    private static let safetyExpected: [String: String] = [
        "administrator": "403|403|403|403|403|403|403|200|403|403|403",
        "operator": "city|浙F00001 浙F00002|200|200|-|200|403|403|浙F00001 浙F00002|200|200",
        "operator-330400": "city|-|-|200|-|200|403|403|浙F00001|404|200",
        "enforcement_officer": "city|浙F00001 浙F00002|200|200|-|200|409|403|浙F00001 浙F00002|200|200",
        "enforcement-330500": "city|浙F00002 浙F00001|200|200|-|404|404|403|浙F00001 浙F00002|200|404",
        "safety_officer": "city|浙F00001 浙F00002|200|200|403|403|403|200|浙F00001 浙F00002|200|403",
        "company-a": "403|403|403|403|403|403|403|403|403|404|403",
        "company-b": "403|403|403|403|403|403|403|403|403|200|403",
        "insurer": "city|403|403|403|403|403|403|403|403|403|403",
    ]

    /// The same of the last twenty columns: the stream, a case of 330411, whatever else `openapi.yaml` has, a case
    /// about what only some may see, and more of safety. A district hears of loads of other districts' trucks, which
    /// are no exposure of its own. The last two are of a place that may be a plant, before the search has made one of
    /// it.
    private static let restExpected: [String: String] = [
        "administrator": "403|403|403|403|200|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403",
        "operator": "200|-|403|403|200|200|200|200|city|200|200|200|403|浙F00001 浙F00002|200|-|-|200|200|200",
        "operator-330400": "200|-|403|403|200|200|200|200|city|200|-|200|403|浙F00001|200|-|-|200|200|200",
        "enforcement_officer":
            "200|200|200|200|200|200|200|200|city|200|200|200|200|浙F00001 浙F00002|200|-|-|200|200|200",
        "enforcement-330500": "200|404|404|404|200|200|200|200|city|200|-|200|409|浙F00001 浙F00002|200|-|-|200|404|404",
        "safety_officer": "200|403|403|403|200|200|200|200|city|200|200|200|403|浙F00001 浙F00002|200|-|-|200|403|404",
        "company-a": "200|403|403|403|200|403|403|403|403|403|403|403|403|403|403|403|403|403|404|404",
        "company-b": "200|403|403|403|200|403|403|403|403|403|403|403|403|403|403|403|403|403|404|404",
        "site-s1": "200|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|403|404|403",
        "insurer": "403|403|403|403|403|200|403|403|403|403|403|403|403|403|403|403|403|403|403|403",
    ]

    /// The same of the four rows about a delivery that is derived no more: as of one that stands, but for companies and
    /// sites, to whom that it stands no more would tell of a suspicion.
    private static let supersededExpected: [String: String] = [
        "operator": "200|200|403|403", "operator-330400": "200|200|403|403", "enforcement_officer": "200|200|409|200",
        "enforcement-330500": "404|404|404|404", "company-a": "404|403|403|403", "company-b": "404|403|403|403",
        "site-s1": "404|403|403|403",
    ]

    /// The same of seven columns more, of accounts and of two pages: whoever gives duties may not take the last of the
    /// three, nor make one of them another. One's own passwords everybody sees.
    private static let accountsExpected: [String: String] = [
        "security_administrator": "S1 S2|200|403|409|403|403|400",
        "operator": Self.pages, "operator-330400": Self.pages, "enforcement_officer": Self.pages,
        "enforcement-330500": Self.pages, "safety_officer": Self.pages, "insurer": "403|200|403|403|200|403|403",
    ]
    private static let pages = "403|200|403|403|200|200|403"

    static func expected(of name: String) -> [String] {
        func none(_ count: Int) -> String { Array(repeating: "403", count: count).joined(separator: "|") }
        return [
            Self.expected[name] ?? "", Self.registersExpected[name] ?? none(8), Self.safetyExpected[name] ?? none(11),
            Self.restExpected[name] ?? none(20), Self.supersededExpected[name] ?? none(4),
            Self.accountsExpected[name] ?? "403|200|403|403|403|403|403",
        ]
        .joined(separator: "|").split(separator: "|").map(String.init)
    }

    /// What rows are told apart by; the first that a row has.
    private static let names = ["alert_id", "suspected_plant_id", "case_id", "delivery_id", "plate", "id", "scope"]

    /// The ids of a list, the number of drawn points of a trail, or the status.
    static func cell(_ answer: Web.Answer) -> String {
        // A case has items of its own, and is no list.
        guard answer.status == 200, answer.json["case_id"] == nil else { return String(answer.status) }
        if answer.head.contains("text/csv") {
            return answer.body.split(separator: "\n").dropFirst().map { $0.prefix(while: { $0 != "," }) }
                .joined(separator: " ")
        }
        let rows = (answer.json["items"] ?? answer.json["features"]) as? [[String: Any]]
        if let rows {
            let ids = rows.compactMap { row in Self.names.lazy.compactMap { name in row[name] as? String }.first }
            return ids.isEmpty && rows.isEmpty ? "-" : ids.isEmpty ? "200" : ids.joined(separator: " ")
        }
        let points = (answer.json["properties"] as? [String: Any])?["points"] as? [Any]
        return points.map { String($0.count) } ?? "200"
    }
}
