import Casework
import Chronology
import Console
import Deliveries
import Geodesy
import Suspicions
import Synchronization

/// Alerts, decisions and cases in memory: what `DeskKeeping` promises, without a store.
final class FakeDesk: DeskKeeping {
    /// What the fake holds.
    struct Content: Sendable {
        var alerts: [AlertRecord] = []
        var actions: [String: [AlertAction.Record]] = [:]
        var mark: Int64 = 1
        var changes: [(mark: Int64, id: String)] = []
        var queue: [QueuedDelivery] = []
        var decisions: [String: [DeliveryDecision.Record]] = [:]
        var suspects: [SuspectedPlant] = []
        var cases: [CaseFile] = []
        var records: [DeliveryRecord] = []
        var precision: [RulePrecision] = []
        var readers: [Principal?] = []
    }

    private let content: Mutex<Content>

    init(_ content: Content = Content()) { self.content = Mutex(content) }

    func change<R: Sendable>(_ body: (inout Content) throws -> R) rethrows -> R {
        try self.content.withLock { content in
            content.readers.append(Principal.current)
            return try body(&content)
        }
    }

    /// One alert that nobody has touched.
    static func alert(_ id: String, rule: String = "speeding", severity: Int = 2) -> AlertRecord {
        AlertRecord(
            alertID: id, rule: rule, severity: severity, plate: "浙F12345", terminal: "JX1001", openedAt: testNow,
            closedAt: nil, coordinate: coordinate(30.7, 120.7), deliveryID: nil, status: "open",
            facts: [Statement(zh: "超速", en: "too fast")], raisedAt: testNow, handling: AlertHandling())
    }

    // MARK: - Alerts

    func alerts(_ query: AlertQuery) async throws -> Page<AlertRecord> {
        if let after = query.after, after != "c" { throw FleetReadingError.badCursor }
        return self.change { content in
            Page(
                elements: content.alerts.filter {
                    query.states.isEmpty || query.states.contains($0.handling.state)
                })
        }
    }

    func alert(id: String) async throws -> (alert: AlertRecord, actions: [AlertAction.Record])? {
        self.change { content in
            content.alerts.first { $0.alertID == id }.map { ($0, content.actions[id] ?? []) }
        }
    }

    func act(_ action: AlertAction, onAlert id: String, by actor: DeskActor) async throws -> AlertRecord? {
        try self.change { content in
            guard let index = content.alerts.firstIndex(where: { $0.alertID == id }) else { return nil }
            let state = content.alerts[index].handling.state
            guard action.kind != .acknowledge || state == .new else {
                throw CaseworkRefusal(zh: "已确认", en: "acknowledged by now")
            }
            switch action.kind {
            case .acknowledge, .assign, .reopen: content.alerts[index].handling.state = .acknowledged
            case .close: content.alerts[index].handling.state = .closed
            case .comment: content.alerts[index].handling.comments += 1
            }
            content.actions[id, default: []].append(
                AlertAction.Record(
                    at: testNow, by: actor.principal.name, role: actor.principal.role?.rawValue ?? "", action: action))
            content.mark += 1
            content.changes.append((content.mark, id))
            return content.alerts[index]
        }
    }

    func alertChanges(since mark: AlertMark?, limit: Int) async throws -> (mark: AlertMark, alerts: [AlertRecord]) {
        self.change { content in
            guard let mark else { return (AlertMark(alerts: 0, handlings: content.mark), []) }
            let ids = Set(content.changes.filter { $0.mark > mark.handlings }.map(\.id))
            return (AlertMark(alerts: 0, handlings: content.mark), content.alerts.filter { ids.contains($0.alertID) })
        }
    }

    func colleagues() async throws -> [Colleague] { [Colleague(name: "li", displayName: "李", role: "operator")] }

    // MARK: - Suspicions

    func queue(_ query: QueueQuery) async throws -> Page<QueuedDelivery> { self.change { Page(elements: $0.queue) } }

    func decisions(aboutDelivery id: String) async throws -> [DeliveryDecision.Record]? {
        self.change { $0.decisions[id] ?? (id == "D-1" ? [] : nil) }
    }

    func decide(
        _ decision: DeliveryDecision, aboutDelivery id: String, by actor: DeskActor
    ) async throws -> [DeliveryDecision.Record]? {
        guard id == "D-1" else { return nil }
        return try self.change { content in
            try decision.requireFollows(content.decisions[id]?.last?.decision.kind)
            content.decisions[id, default: []].append(
                DeliveryDecision.Record(
                    at: testNow, by: actor.principal.name, role: "", decision: decision, rules: ["diversion"], score: 40
                ))
            return content.decisions[id]
        }
    }

    func precision() async throws -> [RulePrecision] { self.change { $0.precision } }
    func suspectedPlants() async throws -> [SuspectedPlant] { self.change { $0.suspects } }

    func suspectedPlant(id: String) async throws -> SuspectedPlant? {
        self.change { $0.suspects.first { $0.suspectedPlantID == id } }
    }

    func decide(
        _ decision: SuspectDecision, aboutSuspect id: String, by actor: DeskActor
    ) async throws -> SuspectedPlant? {
        try self.change { content in
            guard let index = content.suspects.firstIndex(where: { $0.suspectedPlantID == id }) else { return nil }
            try content.suspects[index].decide(decision)
            return content.suspects[index]
        }
    }

    func timeline(of delivery: JudgedDelivery, from: Instant, to: Instant) async throws -> DeliveryTimeline {
        DeliveryTimeline(cameras: [], stays: [], tickets: [], vehicle: nil)
    }

    // MARK: - Cases

    func cases(after cursor: String?, limit: Int) async throws -> Page<CaseFile> {
        self.change { Page(elements: $0.cases) }
    }

    func caseFile(id: String) async throws -> CaseFile? { self.change { $0.cases.first { $0.caseID == id } } }

    func records(ofDeliveries ids: [String]) async throws -> [DeliveryRecord] {
        self.change { content in content.records.filter { ids.contains($0.judged.delivery.deliveryID) } }
    }

    func cases(with item: CaseItem) async throws -> [CaseFile] {
        self.change { $0.cases.filter { $0.items.contains(item) } }
    }

    func openCase(_ title: String, items: [CaseItem], by actor: DeskActor) async throws -> CaseFile {
        self.change { content in
            let entries = items.enumerated().map { index, item in
                CaseEntry(
                    entryID: Int64(index + 1), at: testNow, by: actor.principal.name, role: "", content: .item(item))
            }
            let file = CaseFile(
                caseID: "AJ-\(content.cases.count + 1)", title: title, openedAt: testNow,
                openedBy: actor.principal.name, district: nil, entries: entries)
            content.cases.append(file)
            return file
        }
    }

    func add(_ content: CaseEntry.Content, toCase id: String, by actor: DeskActor) async throws -> CaseFile? {
        try self.change { held in
            guard let index = held.cases.firstIndex(where: { $0.caseID == id }) else { return nil }
            try held.cases[index].requireTakes(content)
            for entry in [content] + CaseFile.terms(startedBy: content, at: testNow) {
                held.cases[index].entries.append(
                    CaseEntry(
                        entryID: Int64(held.cases[index].entries.count + 1), at: testNow, by: actor.principal.name,
                        role: "", content: entry))
            }
            return held.cases[index]
        }
    }
}
