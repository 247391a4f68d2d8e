import Casework
import Chronology
import Console
import FleetStore
import PostgresClient
import Suspicions

/// What people do about alerts, suspicions and cases, over a database connection of its own: each reading and each
/// change in a transaction of the one who asks, a change together with its entry in the audit log.
final class ConsoleDesk: DeskKeeping {
    private let worker: PostgresWorker
    let fleet: ConsoleFleet

    /// - Parameter application: names its connection in the database's own lists.
    init(url: String, fleet: ConsoleFleet, application: String = "tongxing web desk") {
        self.worker = PostgresWorker(url: url, application: application)
        self.fleet = fleet
    }

    func ask<R: Sendable>(_ question: @escaping @Sendable (PostgresConnection) throws -> R) async throws -> R {
        guard let principal = Principal.current else { throw Failure("the desk was read for nobody") }
        return try await self.enter(as: WebDoor.Visitor(principal), question)
    }

    /// Runs a change of `actor`'s and notes it.
    func change<R: Sendable>(
        _ actor: DeskActor, _ body: @escaping @Sendable (PostgresConnection, DeskAudit) throws -> R
    ) async throws -> R {
        try await self.enter(as: WebDoor.Visitor(actor.principal)) { connection in
            try body(connection, DeskAudit(connection: connection, actor: actor))
        }
    }

    private func enter<R: Sendable>(
        as visitor: WebDoor.Visitor, _ body: @escaping @Sendable (PostgresConnection) throws -> R
    ) async throws -> R {
        do {
            return try await self.worker.run { try WebDoor(connection: $0).enter(.fleet, as: visitor, body) }
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    /// A cursor of time and id.
    static func cursor(_ text: String?) throws(FleetReadingError) -> (Instant, String)? {
        guard let text else { return nil }
        let parts = text.split(separator: "|", maxSplits: 1)
        guard parts.count == 2, let at = Int64(parts[0]).map(Instant.init(microseconds:)), Instant.askable.contains(at)
        else { throw .badCursor }
        return (at, String(parts[1]))
    }

    /// What was read with one row more than wanted.
    static func page<Row: Sendable>(_ rows: [Row], limit: Int, cursor: (Row) -> String) -> Page<Row> {
        let shown = Array(rows.prefix(limit))
        return Page(elements: shown, next: rows.count > limit ? shown.last.map(cursor) : nil)
    }
}

/// Entries of the audit log about what one person does at the desk.
struct DeskAudit {
    let connection: PostgresConnection
    let actor: DeskActor

    var name: String { self.actor.principal.name }
    var role: String { self.actor.principal.role?.rawValue ?? "" }

    func note(_ action: String, _ subject: String, _ purpose: String = "") throws {
        var note = AuditStore.Note(actor: self.name, interface: "http", action: action)
        note.role = self.role
        note.address = self.actor.address
        note.subject = subject
        note.purpose = purpose
        try AuditStore(connection: self.connection).add(note)
    }
}

// MARK: - Alerts

extension ConsoleDesk {
    func alerts(_ query: AlertQuery) async throws -> Page<AlertRecord> {
        var filter = AlertDesk.Filter()
        (filter.from, filter.to, filter.states) = (query.from, query.to, query.states)
        (filter.severity, filter.rule, filter.plate) = (query.severity, query.rule, query.plate)
        (filter.assignee, filter.deliveryID) = (query.assignee, query.deliveryID)
        filter.after = try Self.cursor(query.after)
        let wanted = filter
        let rows = try await self.ask { try AlertDesk(connection: $0).list(wanted, limit: query.limit + 1) }
        return Self.page(rows, limit: query.limit) { "\($0.openedAt.microseconds)|\($0.alertID)" }
    }

    func alert(id: String) async throws -> (alert: AlertRecord, actions: [AlertAction.Record])? {
        try await self.ask { connection in
            let desk = AlertDesk(connection: connection)
            guard let alert = try desk.alert(id) else { return nil }
            return (alert, try desk.actions(of: id))
        }
    }

    func act(_ action: AlertAction, onAlert id: String, by actor: DeskActor) async throws -> AlertRecord? {
        if action.kind == .assign, let name = action.assignee {
            try await self.requireSight(of: id, for: name, by: actor)
        }
        return try await self.change(actor) { connection, audit in
            let desk = AlertDesk(connection: connection)
            guard try desk.alert(id) != nil else { return nil }
            try desk.act(action, on: id, by: audit.name, role: audit.role)
            let words = [action.assignee, action.reason?.rawValue, action.note.isEmpty ? nil : action.note]
            try audit.note("alert.\(action.kind.rawValue)", id, words.compactMap { $0 }.joined(separator: " "))
            return try desk.alert(id)
        }
    }

    /// Refuses work for somebody who could not open it. Whoever gives it must see the alert himself, or learns nothing.
    private func requireSight(of id: String, for name: String, by actor: DeskActor) async throws {
        let colleague = try await self.enter(as: WebDoor.Visitor(actor.principal)) { connection in
            let desk = AlertDesk(connection: connection)
            return try desk.alert(id) == nil ? nil : try desk.colleagues().first { $0.name == name }
        }
        guard let colleague else { return }
        guard try await self.enter(as: colleague.visitor, { try AlertDesk(connection: $0).alert(id) != nil }) else {
            throw CaseworkRefusal(
                zh: "\(name) 看不到此预警（辖区或职责之外），不能指派",
                en: "\(name) cannot see the alert (another district, or another duty), and so cannot be given it")
        }
    }

    func alertChanges(since mark: AlertMark?, limit: Int) async throws -> (mark: AlertMark, alerts: [AlertRecord]) {
        try await self.ask { connection in
            let desk = AlertDesk(connection: connection)
            guard let mark else {
                let now = try desk.mark()
                return (AlertMark(alerts: now.alerts, handlings: now.handlings), [])
            }
            let news = try desk.changes(
                since: AlertDesk.Mark(alerts: mark.alerts, handlings: mark.handlings), limit: limit)
            return (AlertMark(alerts: news.mark.alerts, handlings: news.mark.handlings), news.records)
        }
    }

    func colleagues() async throws -> [Colleague] {
        try await self.ask { connection in
            try AlertDesk(connection: connection).colleagues().map {
                Colleague(name: $0.name, displayName: $0.displayName, role: $0.role, district: $0.district)
            }
        }
    }
}

// MARK: - Cases

extension ConsoleDesk {
    func cases(after cursor: String?, limit: Int) async throws -> Page<CaseFile> {
        let after = try Self.cursor(cursor).map { (openedAt: $0.0, id: $0.1) }
        let rows = try await self.ask { try CaseStore(connection: $0).list(after: after, limit: limit + 1) }
        return Self.page(rows, limit: limit) { "\($0.openedAt.microseconds)|\($0.caseID)" }
    }

    func caseFile(id: String) async throws -> CaseFile? {
        try await self.ask { try CaseStore(connection: $0).file(id) }
    }

    func records(ofDeliveries ids: [String]) async throws -> [DeliveryRecord] {
        try await self.ask { connection in
            let records = DeliveryRecords(connection: connection)
            return try ids.compactMap { try records.record($0) }
        }
    }

    func cases(with item: CaseItem) async throws -> [CaseFile] {
        try await self.ask { try CaseStore(connection: $0).cases(with: item) }
    }

    func openCase(_ title: String, items: [CaseItem], by actor: DeskActor) async throws -> CaseFile {
        try await self.change(actor) { connection, audit in
            let store = CaseStore(connection: connection)
            let id = try store.open(title, by: audit.name, role: audit.role, district: actor.district)
            try audit.note("case.open", id, title)
            for item in items {
                _ = try store.add(.item(item), to: id, by: audit.name, role: audit.role)
                try audit.note("case.item", id, "\(item.kind.rawValue) \(item.id)")
            }
            guard let file = try store.file(id) else { throw Failure("case \(id) is not there") }
            return file
        }
    }

    func add(_ content: CaseEntry.Content, toCase id: String, by actor: DeskActor) async throws -> CaseFile? {
        try await self.change(actor) { connection, audit in
            let store = CaseStore(connection: connection)
            guard try store.add(content, to: id, by: audit.name, role: audit.role) else { return nil }
            try audit.note("case.\(content.kind)", id, content.auditText)
            return try store.file(id)
        }
    }
}

extension DeskActor {
    /// Of an officer who is for one district.
    var district: String? {
        guard case .district(let district) = self.principal.reach else { return nil }
        return district
    }
}
