import Chronology
import Exchange
import Foundation
import HTTPTypes
import Hummingbird
import Registers

/// `/api/v1/registers…`: every register as a list, a thing with its history, a file; and changes of them.
struct RegisterAPI: Sendable {
    let registers: any RegisterKeeping
    /// The time of day, by which an accident is one to come.
    let now: @Sendable () -> Instant

    func add(to table: inout RouteTable) {
        table.add("/api/v1/registers", []) { _, _ in Self.kinds() }
        table.add("/api/v1/registers/{kind}", ["q", "after", "limit"]) { try await self.lines(Query($0, $1)) }
        table.add("/api/v1/registers/{kind}/file", ["format"]) { try await self.file(Query($0, $1)) }
        table.addChange("/api/v1/registers/{kind}/file") { try await self.take($0, Query($0, $1)) }
        table.addChange("/api/v1/registers/{kind}/entries") { try await self.addItem($0, Query($0, $1)) }
        table.add("/api/v1/registers/{kind}/entries/{id}", []) { try await self.item(Query($0, $1)) }
        table.addChange("/api/v1/registers/{kind}/entries/{id}") { try await self.edit($0, Query($0, $1)) }
    }

    // MARK: - Reading

    private static func kinds() -> Response {
        Response(
            json: JSONWriter.document(reserving: 8192) { body in
                body.arrayMember("items") { list in
                    for kind in RegisterKind.allCases { list.object { kind.write(to: &$0) } }
                }
                body.member("next", String?.none)
            })
    }

    private func lines(_ query: Query) async throws -> Response {
        let page = try await self.registers.lines(
            of: try Self.kind(query), matching: try query.text("q"), after: try Self.cursor(query),
            limit: try query.limit())
        let next = page.next.map { Data($0.utf8).base64EncodedString() }
        return Response(
            json: JSONWriter.document(reserving: 64 + page.elements.count * 400) { body in
                body.arrayMember("items") { list in
                    for line in page.elements {
                        list.object { item in
                            item.member("id", line.id)
                            item.name("row")
                            item.row(line.record)
                            item.member("rows", line.rows)
                        }
                    }
                }
                body.member("next", next)
            }, nextPage: next.map { query.address(after: $0) })
    }

    /// An id may hold tabs, which no parameter may.
    private static func cursor(_ query: Query) throws -> String? {
        guard let text = try query.longText("after") else { return nil }
        guard let data = Data(base64Encoded: text), let id = String(data: data, encoding: .utf8), !id.contains("\0")
        else { throw FleetReadingError.badCursor }
        return id
    }

    private func item(_ query: Query) async throws -> Response {
        let kind = try Self.kind(query)
        guard let item = try await self.registers.item(try query.registerID("id"), of: kind) else { throw Self.unknown }
        return Response(json: JSONWriter.document(reserving: 4096) { item.write(kind, to: &$0) })
    }

    private func file(_ query: Query) async throws -> Response {
        let kind = try Self.kind(query)
        let format = TableFormat(rawValue: try query.word("format", of: ["csv", "xlsx"]) ?? "csv") ?? .csv
        let records = try await self.registers.records(of: kind)
        var response = Response(
            json: RegisterTable.write(records, kind: kind, as: format), mediaType: format.mediaType)
        response.headers[.contentDisposition] = "attachment; filename=\"\(kind.rawValue).\(format.rawValue)\""
        return response
    }

    // MARK: - Changing

    /// The body of an edit: all rows of one thing.
    private struct EditBody: Decodable {
        var rows: [[String: String]]
        var version: String?
        var reason: String?
        var rehearsal: Bool?
    }

    private func edit(_ request: Request, _ query: Query) async throws -> Response {
        let (kind, id) = (try Self.kept(query), try query.registerID("id"))
        let body = try await AccountAPI.body(EditBody.self, of: request, limit: Self.editLimit)
        guard let version = body.version else {
            throw Problem.badBody(zh: "缺少 version（见读取结果）", en: "version is missing: it comes with what was read")
        }
        let read = try Self.read(body.rows, kind)
        // A delivery note's id is made of its columns, so a correction of one of these is another id.
        if kind != .tickets, let other = read.rows.first(where: { $0.record.key != id }) {
            throw Problem.rows([
                RowError(
                    line: other.line, column: RegisterTable.columns(of: kind).first,
                    Remark(zh: "编号不能更改：请另行新增", en: "the id cannot be changed: add another one"))
            ])
        }
        return try await self.change(kind, read, .item(id, version: version), body, query)
    }

    private func addItem(_ request: Request, _ query: Query) async throws -> Response {
        let kind = try Self.kept(query)
        let body = try await AccountAPI.body(EditBody.self, of: request, limit: Self.editLimit)
        guard !body.rows.isEmpty else { throw Problem.badBody(zh: "rows 为空", en: "rows is empty") }
        return try await self.change(kind, try Self.read(body.rows, kind), .newItem, body, query)
    }

    private func change(
        _ kind: RegisterKind, _ read: RegisterImport.Result, _ scope: RegisterEdit.Scope, _ body: EditBody,
        _ query: Query
    ) async throws -> Response {
        let isRehearsal = body.rehearsal ?? false
        let reason = try Problem.note(body.reason).replacing("\n", with: " ")
        return try await self.answer(
            read,
            RegisterEdit(
                kind: kind, rows: read.rows, scope: scope, source: reason.isEmpty ? "web" : String(reason.prefix(200)),
                isRehearsal: isRehearsal), query)
    }

    /// The body of an import.
    private struct FileBody: Decodable {
        var name: String
        var file: Data
        var replace: Bool?
        var rehearsal: Bool?
        var version: String?
        var keepCoordinates: Bool?

        /// The members' names.
        private enum CodingKeys: String, CodingKey {
            case name, file, replace, rehearsal, version
            case keepCoordinates = "keep_coordinates"
        }
    }

    private func take(_ request: Request, _ query: Query) async throws -> Response {
        let kind = try Self.kept(query)
        let body = try await AccountAPI.body(FileBody.self, of: request, limit: Self.fileLimit)
        let name = try Problem.id("name", body.name)
        let read = RegisterImport.read(
            kind: kind, bytes: Array(body.file), limits: CSVLimits(bytes: Self.fileLimit, rows: Self.rowLimit))
        return try await self.answer(
            read,
            RegisterEdit(
                kind: kind, rows: read.rows,
                scope: .file(
                    replaces: body.replace ?? false, version: body.version,
                    keepsCoordinates: body.keepCoordinates ?? false),
                source: name, isRehearsal: body.rehearsal ?? false), query)
    }

    /// A rehearsal says everything that is wrong; where something is to be stored, anything wrong is a refusal.
    private func answer(
        _ read: RegisterImport.Result, _ edit: RegisterEdit, _ query: Query
    ) async throws -> Response {
        var wanted = edit
        wanted.isRehearsal = edit.isRehearsal || !read.errors.isEmpty
        var outcome: RegisterOutcome
        do {
            outcome = try await self.registers.change(wanted, by: try query.actor())
        } catch is RegisterConflict {
            throw Problem.changedMeanwhile
        } catch is RegisterOutOfReach {
            throw Problem.outOfReach
        }
        outcome.errors = read.errors.joined(by: outcome.errors)
        outcome.warnings = read.warned(ofAccidentsAfter: self.now()).warnings + outcome.warnings
        if !edit.isRehearsal, !outcome.isStored {
            if let question = outcome.question, outcome.errors.isEmpty {
                throw Problem.badBody(
                    zh: "\(question.zh)（确认无误请设 keep_coordinates）",
                    en: "\(question.en) (if it is right as it is, set keep_coordinates)")
            }
            throw Problem.rows(outcome.errors)
        }
        let said = outcome
        return Response(json: JSONWriter.document { said.write(rows: read.rows.count, to: &$0) })
    }

    /// Rows as an import would read them: the same columns, the same checks.
    private static func read(_ rows: [[String: String]], _ kind: RegisterKind) throws -> RegisterImport.Result {
        let columns = RegisterTable.columns(of: kind)
        if let unknown = rows.lazy.flatMap(\.keys).first(where: { !columns.contains($0) }) {
            throw Problem.badWord("rows: \(unknown.prefix(40))", columns)
        }
        guard rows.count <= Self.rowsOfOne else {
            throw Problem.badBody(zh: "rows 最多 \(Self.rowsOfOne) 行", en: "at most \(Self.rowsOfOne) rows")
        }
        return RegisterImport.read(
            kind: kind,
            table: CSVTable(
                header: CSVTable.Row(line: 0, cells: columns),
                rows: rows.enumerated().map { index, row in
                    CSVTable.Row(line: index + 1, cells: columns.map { row[$0] ?? "" })
                }))
    }

    /// The register, if the one who asks may change it.
    private static func kept(_ query: Query) throws -> RegisterKind {
        let kind = try Self.kind(query)
        let right = AccessTable.Right.change(kind.isAboutSafety ? .safetyRegisters : .registers)
        guard AccessTable.rights(of: try query.actor().principal).contains(right) else {
            throw Problem.forbidden(query.request.uri.path)
        }
        return kind
    }

    private static func kind(_ query: Query) throws -> RegisterKind {
        guard let kind = RegisterKind(rawValue: try query.path("kind")) else {
            throw Problem.unknown("register", zh: "登记表", place: "path parameter kind")
        }
        return kind
    }

    private static var unknown: Problem { .unknown("entry of this register", zh: "登记项", place: "path parameter id") }

    /// Bytes of an edit's body; of a file's, which is a third longer as base64; rows of a file, and of one thing.
    private static let editLimit = 1 << 20
    private static let fileLimit = 24 << 20
    private static let rowLimit = 100_000
    private static let rowsOfOne = 200
}

extension Problem {
    /// Rows that cannot be stored, each by its line and column.
    static func rows(_ errors: [RowError]) -> Problem {
        var problem = Problem(
            status: 422, type: "rows-refused", title: "登记内容有误 / Rows cannot be stored",
            detail: errors.first.map { "\($0)" } ?? "", place: "request body",
            remedy: "按 errors 逐条改正；未保存任何内容 / Mend what errors says; nothing was stored")
        problem.rows = errors
        return problem
    }

    static var outOfReach: Problem {
        Problem(
            status: 403, type: "out-of-reach", title: "超出辖区 / Beyond this account's part",
            detail: "有一行不属于本账号的辖区或企业（按其区县、企业，或车牌当时的企业），未保存任何内容 / A row is of no district or "
                + "company of this account (by its district, its company, or the company of its plate then); nothing was stored",
            place: "request body",
            remedy: "更正该行的区县、企业或车牌，或由负责该辖区的人登记 / Correct its district, company or plate, or let whoever is for "
                + "that part register it")
    }

    static var changedMeanwhile: Problem {
        Problem(
            status: 409, type: "changed-meanwhile", title: "已被他人更改 / Changed meanwhile",
            detail: "读取之后有人更改了这项登记，未保存 / Somebody changed it after it was read; nothing was stored",
            place: "request body", remedy: "重新读取后再改 / Read it again and change it then")
    }
}

extension Query {
    /// A text of up to 4,000 bytes, for cursors.
    func longText(_ name: String) throws(Problem) -> String? {
        let items = URLComponents(string: "/?" + (self.request.uri.query ?? ""))?.queryItems ?? []
        let values = items.filter { $0.name == name }
        guard values.count <= 1, (values.first?.value ?? "").utf8.count <= 4000 else {
            throw .badParameter(name, zh: "过长或重复", en: "It is too long, or stands twice")
        }
        return values.first?.value.flatMap { $0.isEmpty ? nil : $0.replacing(" ", with: "+") }
    }
}
