import Casework
import Chronology
import Hummingbird

/// `/api/v1/cases…`
struct CaseAPI: Sendable {
    let desk: any DeskKeeping
    let now: @Sendable () -> Instant

    func add(to table: inout RouteTable) {
        table.add("/api/v1/cases", ["item_kind", "item_id", "after", "limit"]) { try await self.cases(Query($0, $1)) }
        table.addChange("/api/v1/cases") { try await self.open($0, Query($0, $1)) }
        table.add("/api/v1/cases/{id}", []) { try await self.file(Query($0, $1)) }
        table.addChange("/api/v1/cases/{id}/entries") { try await self.addEntry($0, Query($0, $1)) }
    }

    private func cases(_ query: Query) async throws -> Response {
        let page: Page<CaseFile>
        let kinds = CaseItem.Kind.allCases.map(\.rawValue)
        switch (try query.word("item_kind", of: kinds).flatMap(CaseItem.Kind.init), try query.text("item_id")) {
        case (let kind?, let id?): page = Page(elements: try await self.desk.cases(with: CaseItem(kind, id)))
        case (nil, nil): page = try await self.desk.cases(after: try query.text("after"), limit: try query.limit())
        default: throw Problem.badParameter("item_kind", zh: "应与 item_id 一起给出", en: "It goes together with item_id")
        }
        let json = JSONWriter.document(reserving: 64 + page.elements.count * 700) { body in
            body.arrayMember("items") { list in
                for file in page.elements { list.object { file.writeHead(to: &$0) } }
            }
            body.member("next", page.next)
        }
        return Response(json: json, nextPage: page.next.map { query.address(after: $0) })
    }

    private func file(_ query: Query) async throws -> Response {
        guard let file = try await self.desk.caseFile(id: try query.path("id")) else { throw Self.unknown }
        return try await self.whole(file)
    }

    private func whole(_ file: CaseFile) async throws -> Response {
        let ids = file.items.filter { $0.kind == .delivery }.map(\.id)
        let records = ids.isEmpty ? [] : try await self.desk.records(ofDeliveries: ids)
        return Response(
            json: JSONWriter.document(reserving: 4096) { body in
                file.writeHead(to: &body)
                body.arrayMember("may_become") { list in file.status.followers.forEach { list.value($0.rawValue) } }
                body.arrayMember("withdrawn_items") { list in
                    for item in file.withdrawnItems { list.object { item.write(to: &$0) } }
                }
                body.arrayMember("item_changes") { list in
                    for record in records { file.writeChange(of: record, to: &list) }
                }
                body.arrayMember("deadlines") { list in
                    for deadline in file.deadlines { list.object { deadline.write(to: &$0) } }
                }
                body.arrayMember("entries") { list in
                    for entry in file.entries { list.object { entry.write(to: &$0) } }
                }
            })
    }

    /// A thing that a case is about, in a body.
    private struct ItemBody: Decodable {
        var kind: String
        var id: String

        func item() throws(Problem) -> CaseItem {
            guard let kind: CaseItem.Kind = try Problem.word("kind", self.kind) else {
                throw .badWord("kind", CaseItem.Kind.allCases.map(\.rawValue))
            }
            return CaseItem(kind, try Problem.id("id", self.id))
        }
    }

    /// The body of a new case.
    private struct NewCase: Decodable {
        var title: String
        var items: [ItemBody]?
    }

    private func open(_ request: Request, _ query: Query) async throws -> Response {
        let body = try await AccountAPI.body(NewCase.self, of: request)
        let title = try Problem.id("title", body.title)
        guard !title.allSatisfy(\.isWhitespace) else {
            throw Problem.badBody(zh: "须写案由 title", en: "a case needs a title")
        }
        var items: [CaseItem] = []
        for item in body.items ?? [] { items.append(try item.item()) }
        guard items.count <= 100 else { throw Problem.badBody(zh: "一次最多 100 项", en: "100 items at most at once") }
        let wanted = items
        let file = try await Problem.explained {
            try await self.desk.openCase(title, items: wanted, by: try query.actor())
        }
        return try await self.whole(file)
    }

    /// The body of an entry: what it holds depends on `kind`.
    private struct EntryBody: Decodable {
        var kind: String
        var item: ItemBody?
        var note: String?
        var term: String?
        var due_at: String?
        var starts_at: String?
        var entry_id: Int64?
        var status: String?
        var appeal: String?
    }

    private func addEntry(_ request: Request, _ query: Query) async throws -> Response {
        let id = try query.path("id")
        let content = try self.content(of: try await AccountAPI.body(EntryBody.self, of: request))
        if let complaint = content.complaint { throw Problem.badBody(zh: complaint.zh, en: complaint.en) }
        let file = try await Problem.explained {
            try await self.desk.add(content, toCase: id, by: try query.actor())
        }
        guard let file else { throw Self.unknown }
        return try await self.whole(file)
    }

    private func content(of body: EntryBody) throws(Problem) -> CaseEntry.Content {
        let note = try Problem.note(body.note)
        func needed<Value>(_ value: Value?, _ name: String) throws(Problem) -> Value {
            guard let value else { throw .badBody(zh: "缺少 \(name)", en: "\(name) is missing") }
            return value
        }
        switch body.kind {
        case "note": return .note(note)
        case "item": return .item(try needed(body.item, "item").item())
        case "item_removed": return .itemRemoved(try needed(body.item, "item").item(), note: note)
        case "deadline":
            let term: CaseTerm = try needed(try Problem.word("term", body.term), "term")
            let start = try Self.instant(body.starts_at, "starts_at") ?? self.now()
            let end = try Self.instant(body.due_at, "due_at") ?? term.end(from: start)
            guard Instant.askable.contains(end) else { throw Self.outside("starts_at") }
            return .deadline(term, end, note)
        case "deadline_met": return .deadlineMet(try needed(body.entry_id, "entry_id"), note: note)
        case "status":
            return .status(try needed(try Problem.word("status", body.status), "status"), note: note)
        case "appeal": return .appeal(try needed(try Problem.word("appeal", body.appeal), "appeal"), note: note)
        default:
            throw .badWord("kind", ["note", "item", "item_removed", "deadline", "deadline_met", "status", "appeal"])
        }
    }

    private static func instant(_ text: String?, _ name: String) throws(Problem) -> Instant? {
        guard let text else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw .badBody(zh: "\(name) 应为 RFC 3339 时间", en: "\(name) must be an RFC 3339 time")
        }
        guard Instant.askable.contains(instant) else { throw Self.outside(name) }
        return instant
    }

    /// A time that no calendar of four digits has, or that leads to one.
    private static func outside(_ name: String) -> Problem {
        let askable = Instant.askable
        return .badBody(
            zh: "\(name) 及由它算出的期限应在 \(askable.lowerBound) 至 \(askable.upperBound) 之间",
            en: "\(name), and the term that follows from it, must lie from \(askable.lowerBound) to "
                + "\(askable.upperBound)")
    }

    private static var unknown: Problem { .unknown("case", zh: "案件", place: "path parameter id") }
}
