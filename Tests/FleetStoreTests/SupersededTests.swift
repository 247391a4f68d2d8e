import Casework
import Chronology
import Deliveries
import PostgresClient
import Suspicions
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// What was decided about, put into a case or exported stays readable when it is judged otherwise or derived no more.
@Suite struct SupersededTests {
    private static let start = StoreFixture.time("2026-03-02T07:00:00Z")

    private static func delivery(_ id: String, site: String = "S1", isFinal: Bool = true) -> Delivery {
        Delivery(
            deliveryID: id, loadID: "L" + id, terminal: StoreFixture.terminal(), plate: nil,
            origin: DeliveryEnd(kind: .plant, id: "PLA"), loadStart: Self.start,
            loadEnd: Self.start.advanced(bySeconds: 600), destination: DeliveryEnd(kind: .site, id: site),
            unloadStart: Self.start.advanced(bySeconds: 1200), unloadEnd: Self.start.advanced(bySeconds: 1800),
            distanceKilometres: nil, coverage: 1, confidence: [:], isFinal: isFinal, settledAt: Self.start)
    }

    private static func judged(_ delivery: Delivery, hit: Bool = true) -> JudgedDelivery {
        let judgement = Judgement(
            rule: "diversion", outcome: hit ? .hit : .no, severity: 4, facts: [], registerRevision: 1)
        return JudgedDelivery(
            delivery: delivery, judgements: [judgement], verdict: hit ? .suspicious : .clear, score: hit ? 40 : 0)
    }

    /// What analysis would leave of terminal 1.
    private static func derive(
        _ deliveries: [Delivery], hit: Bool = true, reason: String = "test", in fixture: StoreFixture
    ) throws {
        try DeliveryStore(connection: fixture.connection).replace(
            terminal: 1, settledAfter: nil,
            with: deliveries.map { DeliveryStore.Derived($0, drumCubicMetres: nil) }, world: "registers 1",
            reason: reason
        ) { Self.judged($0, hit: hit) }
    }

    private static func filled() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        try fixture.connection.execute("INSERT INTO terminal (name) VALUES ('T1')")
        return fixture
    }

    private static let registers = "admin: registers changed (revision 2: sites.csv)"

    @Test func whatIsDerivedNoMoreCanStillBeReadDecidedAndFiled() async throws {
        let fixture = try await Self.filled()
        try Self.derive([Self.delivery("D1"), Self.delivery("D2")], in: fixture)
        let decisions = DecisionStore(connection: fixture.connection)
        func decide(_ decision: DeliveryDecision, _ id: String) throws -> Bool {
            try decisions.decide(decision, about: id, by: "li", role: "")
        }
        #expect(try decide(DeliveryDecision(.dispatch), "D1"))
        #expect(try decide(DeliveryDecision(.dismiss, reason: .exempt), "D2"))
        try Self.derive([Self.delivery("D3", site: "S2")], hit: false, reason: Self.registers, in: fixture)

        let record = try #require(try DeliveryRecords(connection: fixture.connection).record("D1"))
        #expect(record.judged == Self.judged(Self.delivery("D1")))
        #expect(record.supersededAt != nil && record.supersededAt == record.earlier.last?.until)
        #expect(record.earlier.map(\.cause) == [.registers])
        #expect(record.earlier.first?.statement.zh.contains("sites.csv") == true)
        #expect(record.successors.map(\.delivery.deliveryID) == ["D3"])
        #expect(try DeliveryRecords(connection: fixture.connection).record("D3")?.supersededAt == nil)
        #expect(try DeliveryRecords(connection: fixture.connection).record("D9") == nil)

        var filter = DecisionStore.Filter()
        for (isDecided, id) in [(false, "D1"), (true, "D2")] {
            filter.isDecided = isDecided
            let queue = try decisions.queue(filter, limit: 9)
            #expect(queue.map(\.judged.delivery.deliveryID) == [id])
            #expect(queue.first?.state == .superseded && queue.first?.supersededAt != nil && queue.first?.rank == 40)
        }
        filter = DecisionStore.Filter()
        filter.after = (40, "D1")
        #expect(try decisions.queue(filter, limit: 9).map(\.judged.delivery.deliveryID) == ["D2"])
        filter.rule = "overload"
        #expect(try decisions.queue(filter, limit: 9).isEmpty)

        // Somebody is under way because of it: he can still say what he found.
        #expect(try decide(DeliveryDecision(.dismiss, reason: .registerBehind), "D1"))
        let cases = CaseStore(connection: fixture.connection)
        let file = try cases.open("案", by: "li", role: "", district: nil)
        #expect(try cases.add(.item(CaseItem(.delivery, "D1")), to: file, by: "li", role: ""))

        let subject = try #require(try EvidenceReader(connection: fixture.connection).subject("D1"))
        #expect(subject.judged == record.judged && subject.supersededAt == record.supersededAt)
        #expect(subject.terminal == "T1" && subject.world == "registers 1")
        // Judged when it was derived, not when it was superseded: registers of later were not known then.
        #expect(try subject.derivedAt < #require(subject.supersededAt))
    }

    @Test func whatWasDecidedAboutStaysInTheQueueWhenItIsSuspiciousNoMore() async throws {
        let fixture = try await Self.filled()
        try Self.derive([Self.delivery("D1"), Self.delivery("D2")], in: fixture)
        let decisions = DecisionStore(connection: fixture.connection)
        #expect(try decisions.decide(DeliveryDecision(.dispatch), about: "D1", by: "li", role: ""))
        let judging = JudgingStore(connection: fixture.connection)
        for id in ["D1", "D2"] {
            try judging.store(
                Self.judged(Self.delivery(id), hit: false), asOf: Self.start, world: "registers 2",
                supersedes: Self.registers)
        }
        var filter = DecisionStore.Filter()
        filter.isDecided = false
        let open = try decisions.queue(filter, limit: 9)
        // What nobody had touched is over with the suspicion.
        #expect(open.map(\.judged.delivery.deliveryID) == ["D1"])
        #expect(open.first?.state == .noLongerSuspicious && open.first?.judged.verdict == .clear)
        #expect(
            try decisions.decide(DeliveryDecision(.dismiss, reason: .registerBehind), about: "D1", by: "li", role: ""))
        #expect(try decisions.queue(filter, limit: 9).isEmpty)
        filter.isDecided = true
        let decided = try decisions.queue(filter, limit: 9)
        #expect(decided.map(\.judged.delivery.deliveryID) == ["D1"] && decided.first?.rank == 40)
        // The dismissal counts against the rule that had hit.
        #expect(try decisions.precision().map { "\($0.rule) \($0.dismissed)" } == ["diversion 1"])
        let record = try #require(try DeliveryRecords(connection: fixture.connection).record("D1"))
        #expect(record.supersededAt == nil && record.earlier.map(\.judged.verdict) == [.suspicious])
        #expect(record.changes(since: .distantFuture).isEmpty && record.changes(since: Self.start).count == 1)
    }

    /// Open rows come and go; those that somebody has worked with are kept.
    @Test func anOpenDeliveryThatWasDecidedAboutIsKept() async throws {
        let fixture = try await Self.filled()
        let ids = ["D1", "D2", "D3", "D4"]
        try Self.derive(ids.map { Self.delivery($0, isFinal: false) }, in: fixture)
        #expect(
            try DecisionStore(connection: fixture.connection).decide(
                DeliveryDecision(.dispatch), about: "D1", by: "li", role: ""))
        let cases = CaseStore(connection: fixture.connection)
        let file = try cases.open("案", by: "li", role: "", district: nil)
        #expect(try cases.add(.item(CaseItem(.delivery, "D2")), to: file, by: "li", role: ""))
        try EvidenceLog(connection: fixture.connection).note(
            EvidenceLog.Export(
                by: "li", interface: "test", purpose: "案", deliveryID: "D3", terminal: "T1", plate: nil,
                from: Self.start, to: Self.start.advanced(bySeconds: 60), files: 20, bytes: 4096,
                manifestHash: [UInt8](repeating: 1, count: 32), publicKey: [UInt8](repeating: 2, count: 32)))
        try Self.derive([], in: fixture)
        let records = DeliveryRecords(connection: fixture.connection)
        #expect(try ids.filter { try records.record($0) != nil } == ["D1", "D2", "D3"])
        #expect(try records.record("D1")?.earlier.first?.cause == .notFinal)
    }

    /// By reach: which superseded rows it may read. Of companies and sites none, as they may tell of a suspicion.
    @Test func supersededRowsAreForThoseWhoMayReadTheirLike() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(RowSecurityTests.rows)
        try fixture.connection.execute(
            """
            INSERT INTO delivery_superseded (delivery_id, reason, content, world)
            SELECT delivery_id, 'admin: registers changed (revision 2: sites.csv)',
                jsonb_set(
                    content, '{delivery,unloadStart}', to_jsonb((extract(epoch FROM unload_start) * 1000000)::bigint)),
                world FROM delivery;
            DELETE FROM delivery;
            INSERT INTO register_effect (revision, revision_before, vehicles, deliveries) VALUES (2, 1, 0, 4);
            INSERT INTO delivery_decision (delivery_id, decided_by, decision, rules, score)
                VALUES ('a1', 'li', 'dispatch', '{}', 1), ('b1', 'li', 'dispatch', '{}', 1)
            """)
        let officer = "enforcement_officer"
        let expected: [(WebDoor.Reach, String, String)] = [
            (.all, officer, "a1 a2 a3 b1/a1 b1/4"), (.all, "safety_officer", "a1 a2 a3 b1/-/0"),
            (.district("D1"), officer, "a1 a2 a3/a1/0"), (.district("D11"), officer, "a1 a3/a1/0"),
            (.district("none"), officer, "-/-/0"), (.company("A"), "company", "-/-/0"),
            (.site("S1"), "site", "-/-/0"), (.none, "administrator", "-/-/0"), (.none, "insurer", "-/-/0"),
        ]
        for (reach, role, line) in expected {
            let visitor = WebDoor.Visitor(name: "somebody", role: role, reach: reach)
            let text = try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) {
                try $0.query(Self.seen).text(0, 0)
            }
            #expect(text == line, "\(reach) \(role)")
        }
        let decision = NamedQuery(
            "test.superseded.decide",
            """
            INSERT INTO delivery_decision (delivery_id, decided_by, role, decision, rules, score)
            VALUES ('b1', 'somebody', 'enforcement_officer', 'dispatch', '{}', 1)
            """)
        for (reach, isAllowed) in [(WebDoor.Reach.all, true), (.district("D1"), false)] {
            let visitor = WebDoor.Visitor(name: "somebody", role: officer, reach: reach)
            let error = Result {
                try WebDoor(connection: fixture.connection).enter(.fleet, as: visitor) { _ = try $0.query(decision) }
            }
            #expect(((try? error.get()) != nil) == isAllowed, "\(reach)")
        }
        // What counts the changes sees all of them, whoever keeps the registers.
        let keeper = WebDoor.Visitor(name: "somebody", role: "administrator", reach: .none)
        let changed = try WebDoor(connection: fixture.connection).enter(.fleet, as: keeper) {
            try $0.query(NamedQuery("test.effects", "SELECT changed FROM register_effects('{2}')")).integer(0, 0)
        }
        #expect(changed == 4)
    }

    private static let seen = NamedQuery(
        "test.superseded.seen",
        """
        SELECT concat_ws('/',
            coalesce((SELECT string_agg(delivery_id, ' ' ORDER BY delivery_id) FROM delivery_superseded), '-'),
            coalesce((SELECT string_agg(delivery_id, ' ' ORDER BY delivery_id) FROM delivery_decision), '-'),
            (SELECT count(*) FROM register_effect_deliveries('{2}')))
        """)

    /// Every reason that analysis notes has its cause; what people write themselves is told as they wrote it.
    @Test(arguments: [
        ("registers changed (revision 12: sites.csv)", ChangeCause.registers),
        ("registers or parameters changed", .registersOrParameters), ("late reports", .lateReports),
        ("delivery notes came in or changed", .tickets),
        ("analysis: search for suspected plants: X-1", .suspectedPlants),
        ("li: suspected plant X-1 dismissed: 洗车场", .suspectedPlants), ("usual roads were learned", .surroundings),
        ("another delivery came, went or changed: D-1", .surroundings), ("li: 复查", .other),
    ])
    func aReasonHasACause(reason: String, cause: ChangeCause) throws {
        let form = SupersededForm(
            judged: Self.judged(Self.delivery("D")), world: "", until: Self.start, reason: reason)
        #expect(form.cause == cause)
        #expect(form.statement.zh.contains(reason) == (cause == .other))
    }

    @Test(arguments: [
        (
            ChangeCause.ofWorld("registers 5, parameters 5-ab, derivation 8", by: "tongxing"),
            "登记、参数或推导程序变更（服务用户 tongxing: 登记第 5, 参数 5-ab, 推导第 8）",
            "registers, parameters or the derivation changed (service of tongxing: registers 5, parameters 5-ab, derivation 8)"
        ),
        (Self.registers, "登记变更（版本 2：sites.csv，admin）", "a change of the registers (revision 2: sites.csv, by admin)"),
        (
            "registers changed (revision 12: 工地 (新).csv)", "登记变更（版本 12：工地 (新).csv）",
            "a change of the registers (revision 12: 工地 (新).csv)"
        ),
        (
            "li: again; wang: registers changed (revision 3: b.csv); zhao: registers changed (revision 4: c.csv)",
            "登记变更（版本 3：b.csv，wang）", "a change of the registers (revision 3: b.csv, by wang)"
        ),
    ])
    func aRegisterChangeIsToldByImport(reason: String, zh: String, en: String) throws {
        let form = SupersededForm(
            judged: Self.judged(Self.delivery("D")), world: "", until: Self.start, reason: reason)
        #expect(form.statement == Statement(zh: zh, en: en))
    }
}
