import Console
import Exchange
import Registers
import Synchronization

/// Registers in memory: what `RegisterKeeping` promises, without a store. A version is how often a thing was changed.
final class FakeRegisters: RegisterKeeping {
    /// What the fake holds.
    struct Content: Sendable {
        var records: [RegisterKind: [RegisterRecord]] = [:]
        var versions: [String: Int] = [:]
        var edits: [RegisterEdit] = []
        /// Asked about every file.
        var question: Remark?
        /// Of what a person said that the coordinates are right.
        var answered: Set<String> = []
        /// What the database answers to every change: a row is of another district.
        var isOutOfReach = false
    }

    private let content: Mutex<Content>

    init(_ content: Content = Content()) { self.content = Mutex(content) }

    var edits: [RegisterEdit] { self.content.withLock { $0.edits } }
    var answered: Set<String> { self.content.withLock { $0.answered } }

    func lines(
        of kind: RegisterKind, matching text: String?, after: String?, limit: Int
    ) async throws -> Page<RegisterLine> {
        let all = self.content.withLock { Dictionary(grouping: $0.records[kind] ?? [], by: \.key) }
        let lines = all.keys.sorted()
            .filter { id in after.map { id > $0 } ?? true }.filter { id in text.map { id.contains($0) } ?? true }
            .map { RegisterLine(id: $0, record: all[$0]![0], rows: all[$0]!.count) }
        let page = Array(lines.prefix(limit))
        return Page(elements: page, next: lines.count > limit ? page.last?.id : nil)
    }

    func records(of kind: RegisterKind) async throws -> [RegisterRecord] {
        self.content.withLock { $0.records[kind] ?? [] }
    }

    func item(_ id: String, of kind: RegisterKind) async throws -> RegisterItem? {
        self.content.withLock { content in
            let records = (content.records[kind] ?? []).filter { $0.key == id }
            guard !records.isEmpty else { return nil }
            var revision = RegisterRevision(importID: 1, at: testNow, by: "li", source: "a.csv")
            revision.added = records
            revision.effect = RegisterRevision.Effect(
                appliedAt: testNow, vehicles: 2, deliveries: 5, changed: 1, changedDeliveries: ["D-1"])
            return RegisterItem(
                id: id, version: String(content.versions[id] ?? 0), records: records, history: [revision])
        }
    }

    func change(_ edit: RegisterEdit, by actor: DeskActor) async throws -> RegisterOutcome {
        try self.content.withLock { content in
            guard !content.isOutOfReach else { throw RegisterOutOfReach() }
            var outcome = RegisterOutcome()
            outcome.version = "7"
            outcome.added = edit.rows.count
            if case .file(_, _, false) = edit.scope { outcome.question = content.question }
            if case .item(let id, let version) = edit.scope, version != String(content.versions[id] ?? 0) {
                throw RegisterConflict()
            }
            content.edits.append(edit)
            guard !edit.isRehearsal, outcome.question == nil else { return outcome }
            outcome.isStored = true
            if case .file(_, _, true) = edit.scope { content.answered.formUnion(edit.rows.map(\.record.key)) }
            if case .item(let id, _) = edit.scope {
                content.versions[id, default: 0] += 1
                content.records[edit.kind, default: []].removeAll { $0.key == id }
            }
            content.records[edit.kind, default: []] += edit.rows.map(\.record)
            return outcome
        }
    }
}
