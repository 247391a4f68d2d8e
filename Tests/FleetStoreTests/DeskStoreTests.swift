import Casework
import Chronology
import Deliveries
import PostgresClient
import Suspicions
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// Alerts handled, deliveries decided, cases kept: in the database.
@Suite struct DeskStoreTests {
    private static func filled() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(
            """
            INSERT INTO terminal (name) VALUES ('T1');
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, facts)
            SELECT 'A' || i, 'speeding', 1 + i % 4, 1, '2026-03-02T08:00Z'::timestamptz + i / 2 * interval '1 h',
                '[{"zh": "超速", "en": "fast"}]'
            FROM generate_series(1, 6) i
            """)
        return fixture
    }

    @Test func anAlertGoesFromHandToHand() async throws {
        let fixture = try await Self.filled()
        let desk = AlertDesk(connection: fixture.connection)
        #expect(try desk.alert("A1")?.handling == AlertHandling())
        try desk.act(AlertAction(.comment, note: "看"), on: "A1", by: "li", role: "operator")
        #expect(try desk.alert("A1")?.handling.state == .new)
        try desk.act(AlertAction(.acknowledge), on: "A1", by: "li", role: "operator")
        for action in [AlertAction(.acknowledge), AlertAction(.reopen, note: "x")] {
            #expect(throws: CaseworkRefusal.self) { try desk.act(action, on: "A1", by: "wang", role: "operator") }
        }
        try desk.act(AlertAction(.assign, assignee: "wang"), on: "A1", by: "li", role: "operator")
        try desk.act(AlertAction(.close, reason: .handled), on: "A1", by: "wang", role: "operator")
        let closed = try #require(try desk.alert("A1")).handling
        #expect(closed.state == .closed && closed.acknowledgedBy == "li" && closed.closedBy == "wang")
        #expect(closed.assignee == "wang" && closed.reason == .handled && closed.comments == 1)
        #expect(throws: CaseworkRefusal.self) {
            try desk.act(AlertAction(.assign, assignee: "li"), on: "A1", by: "li", role: "operator")
        }
        try desk.act(AlertAction(.reopen, note: "又来"), on: "A1", by: "li", role: "operator")
        let open = try #require(try desk.alert("A1")).handling
        #expect(open.state == .acknowledged && open.closedAt == nil && open.reason == nil)
        let kinds = try desk.actions(of: "A1").map(\.action.kind)
        #expect(kinds == [.comment, .acknowledge, .assign, .close, .reopen])
    }

    @Test func whoIsGivenWorkHasAnAccount() async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute(
            "INSERT INTO account (name, role, created_by) VALUES ('li', 'operator', 'x'), ('sun', 'auditor', 'x')")
        let desk = AlertDesk(connection: fixture.connection)
        #expect(try desk.colleagues().map(\.name) == ["li"])
        #expect(throws: CaseworkRefusal.self) {
            try desk.act(AlertAction(.assign, assignee: "sun"), on: "A1", by: "li", role: "operator")
        }
        try desk.act(AlertAction(.assign, assignee: "li"), on: "A1", by: "li", role: "operator")
    }

    @Test func alertsAreListedInPagesAndFollowedByRevision() async throws {
        let fixture = try await Self.filled()
        let desk = AlertDesk(connection: fixture.connection)
        var filter = AlertDesk.Filter()
        var found: [String] = []
        while true {
            let page = try desk.list(filter, limit: 2)
            found += page.map(\.alertID)
            guard let last = page.last else { break }
            filter.after = (last.openedAt, last.alertID)
        }
        #expect(found == ["A6", "A5", "A4", "A3", "A2", "A1"])
        let mark = try desk.mark()
        #expect(try desk.changes(since: mark, limit: 10).records.isEmpty)
        try desk.act(AlertAction(.acknowledge), on: "A2", by: "li", role: "")
        let news = try desk.changes(since: mark, limit: 10)
        #expect(news.records.map(\.alertID) == ["A2"] && news.mark.alerts == mark.alerts)
        #expect(try desk.changes(since: news.mark, limit: 10).records.isEmpty)
        var wanted = AlertDesk.Filter()
        wanted.states = [.acknowledged]
        #expect(try desk.list(wanted, limit: 10).map(\.alertID) == ["A2"])
        wanted.states = []
        wanted.severity = 4
        #expect(try desk.list(wanted, limit: 10).map(\.alertID) == ["A3"])
    }

    /// `rules` hit in each of the deliveries.
    private static func deliveries(_ ids: [String: [String]], in fixture: StoreFixture) throws {
        let start = StoreFixture.time("2026-03-02T07:00:00Z")
        let store = DeliveryStore(connection: fixture.connection)
        try store.replace(
            terminal: 1, settledAfter: nil,
            with: ids.keys.sorted().map { id in
                DeliveryStore.Derived(
                    Delivery(
                        deliveryID: id, loadID: "L" + id, terminal: StoreFixture.terminal(), plate: nil,
                        origin: DeliveryEnd(kind: .unknown), loadStart: nil, loadEnd: nil,
                        destination: DeliveryEnd(kind: .unknown), unloadStart: start,
                        unloadEnd: start.advanced(bySeconds: 600), distanceKilometres: nil, coverage: 1,
                        confidence: [:], isFinal: true, settledAt: start), drumCubicMetres: nil)
            }, world: "w", reason: "test"
        ) { delivery in
            let hits = (ids[delivery.deliveryID] ?? []).map {
                Judgement(rule: $0, outcome: .hit, severity: 4, facts: [], registerRevision: 1)
            }
            return JudgedDelivery(
                delivery: delivery, judgements: hits, verdict: hits.isEmpty ? .clear : .suspicious,
                score: Double(hits.count) * 40)
        }
    }

    @Test func theQueueIsRankedAndDecidedOnce() async throws {
        let fixture = try await Self.filled()
        try Self.deliveries(
            ["D1": ["diversion"], "D2": ["diversion", "overload"], "D3": [], "D4": ["overload"]], in: fixture)
        let store = DecisionStore(connection: fixture.connection)
        var filter = DecisionStore.Filter()
        #expect(try store.queue(filter, limit: 9).map(\.judged.delivery.deliveryID) == ["D2", "D1", "D4"])
        filter.after = (40, "D1")
        #expect(try store.queue(filter, limit: 9).map(\.judged.delivery.deliveryID) == ["D4"])
        func decide(_ decision: DeliveryDecision, _ id: String) throws -> Bool {
            try store.decide(decision, about: id, by: "li", role: "enforcement_officer")
        }
        #expect(try decide(DeliveryDecision(.dispatch), "D2"))
        #expect(throws: CaseworkRefusal.self) { try decide(DeliveryDecision(.dispatch), "D2") }
        #expect(try decide(DeliveryDecision(.confirm, note: "属实"), "D2"))
        #expect(try decide(DeliveryDecision(.dismiss, reason: .exempt), "D1"))
        #expect(try !decide(DeliveryDecision(.dispatch), "D9"))
        filter = DecisionStore.Filter()
        filter.isDecided = false
        #expect(try store.queue(filter, limit: 9).map(\.judged.delivery.deliveryID) == ["D4"])
        filter.isDecided = true
        filter.rule = "overload"
        let decided = try store.queue(filter, limit: 9)
        #expect(decided.map(\.judged.delivery.deliveryID) == ["D2"])
        #expect(decided.first?.decision?.decision.kind == .confirm)
        #expect(decided.first?.decision?.rules == ["diversion", "overload"] && decided.first?.decision?.score == 80)
        #expect(
            try store.precision() == [
                RulePrecision(rule: "diversion", upheld: 1, dismissed: 1),
                RulePrecision(rule: "overload", upheld: 1, dismissed: 0),
            ])
        try AlertDesk(connection: fixture.connection).act(
            AlertAction(.close, reason: .falseAlarm), on: "A1", by: "li", role: "")
        try AlertDesk(connection: fixture.connection).act(
            AlertAction(.close, reason: .known), on: "A2", by: "li", role: "")
        #expect(try store.precision().contains(RulePrecision(rule: "speeding", upheld: 0, dismissed: 1)))
        #expect(try decide(DeliveryDecision(.reopen, note: "再看"), "D1"))
        #expect(try store.precision().contains(RulePrecision(rule: "diversion", upheld: 1, dismissed: 0)))
        try Self.expectAWithdrawnCaseCountsNothing(store, fixture)
    }

    private static func expectAWithdrawnCaseCountsNothing(_ store: DecisionStore, _ fixture: StoreFixture) throws {
        let cases = CaseStore(connection: fixture.connection)
        let id = try cases.open("案", by: "li", role: "enforcement_officer", district: nil)
        func overload() throws -> RulePrecision? { try store.precision().first { $0.rule == "overload" } }
        let decision = DeliveryDecision(.case, caseID: id)
        #expect(try store.decide(decision, about: "D4", by: "li", role: "enforcement_officer"))
        #expect(try overload() == RulePrecision(rule: "overload", upheld: 2, dismissed: 0))
        _ = try cases.add(.status(.withdrawn, note: "无事实"), to: id, by: "li", role: "enforcement_officer")
        #expect(try overload() == RulePrecision(rule: "overload", upheld: 1, dismissed: 0))
    }

    @Test func aCaseKeepsAllThatHappened() async throws {
        let fixture = try await Self.filled()
        try Self.deliveries(["D1": ["diversion"]], in: fixture)
        let store = CaseStore(connection: fixture.connection)
        let item = CaseItem(.delivery, "D1")
        let first = try store.open("甲站", by: "li", role: "", district: nil)
        let second = try store.open("乙站", by: "li", role: "", district: nil)
        #expect(first.hasPrefix("AJ-2") && first.hasSuffix("-0001") && second.hasSuffix("-0002"))
        #expect(try store.add(.item(item), to: first, by: "li", role: ""))
        #expect(try store.add(.status(.filed, note: ""), to: first, by: "wang", role: ""))
        #expect(throws: CaseworkRefusal.self) { try store.add(.item(item), to: first, by: "li", role: "") }
        #expect(try !store.add(.note("x"), to: "AJ-none", by: "li", role: ""))
        // What is not there, or not there for whoever asks, is no matter for a case.
        for missing in [CaseItem(.delivery, "D2"), CaseItem(.suspectedPlant, "D1"), CaseItem(.alert, "D1")] {
            #expect(throws: CaseworkRefusal.self, "\(missing)") {
                try store.add(.item(missing), to: second, by: "li", role: "")
            }
        }
        let file = try #require(try store.file(first))
        #expect(file.items == [item] && file.status == .filed && file.deadlines.map(\.term) == [.decision])
        #expect(file.entries.map(\.by) == ["li", "wang", "wang"])
        #expect(try store.cases(with: item).map(\.caseID) == [first])
        #expect(try store.list(after: nil, limit: 1).map(\.caseID) == [second])
        let last = try #require(try store.file(second))
        #expect(try store.list(after: (last.openedAt, second), limit: 9).map(\.caseID) == [first])
        // Each with its own entries, those without any too.
        #expect(try store.list(after: nil, limit: 9).map(\.entries) == [[], file.entries])

        // Taken out, it is no matter of the case, and what was said of it stays.
        #expect(try store.add(.itemRemoved(item, note: "同名车辆"), to: first, by: "wang", role: ""))
        #expect(throws: CaseworkRefusal.self) {
            try store.add(.itemRemoved(item, note: "x"), to: first, by: "li", role: "")
        }
        let kept = try #require(try store.file(first))
        #expect(kept.items == [] && kept.entries.count == 4 && kept.entries.first?.content == .item(item))
        #expect(kept.withdrawnItems.map(\.item) == [item] && kept.withdrawnItems.map(\.by) == ["wang"])
        #expect(try store.cases(with: item).isEmpty)
    }

    @Test func aSearchWritesOverNoDecision() async throws {
        let fixture = try await StoreFixture()
        let store = SuspectStore(connection: fixture.connection)
        let suspect = SuspectedPlant(
            suspectedPlantID: "X-1", coordinate: StoreFixture.position("2026-03-02T08:00:00Z").report.coordinate,
            radiusMetres: 80, evidence: PlantEvidence(), score: 50, reasons: [], isLikely: true, parametersVersion: 1,
            registerRevision: 1)
        try store.replace(with: [suspect])
        let now = StoreFixture.time("2026-03-02T08:00:00Z")
        let checking = SuspectDecision(status: .checking, at: now, by: "li", reason: "")
        #expect(try store.decide(checking, about: "X-1", role: "")?.status == .checking)
        #expect(throws: SuspectDecisionError.self) { try store.decide(checking, about: "X-1", role: "") }
        #expect(try store.decide(checking, about: "X-9", role: "") == nil)
        // A search that began before writes what it knew, and another finds nothing there any more.
        try store.replace(with: [suspect])
        #expect(try store.suspect("X-1")?.status == .checking)
        try store.replace(with: [])
        #expect(try store.suspects().map(\.status) == [.checking])
        #expect(try store.suspect("X-1")?.decisions.map(\.by) == ["li"])
    }
}
