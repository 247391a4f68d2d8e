import Chronology
import Foundation
import HTTPTypes
import Hummingbird

/// `/api/v1/session`, `/api/v1/accounts`, `/api/v1/audit`: logging in and out, and the three duties' own work.
struct AccountAPI: Sendable {
    let gate: AccessGate
    /// Whether one can sign in at an identity provider.
    let hasSignIn: Bool
    let now: @Sendable () -> Instant

    func install(in table: inout RouteTable) {
        table.add("/api/v1/session", []) { self.session($0, $1) }
        table.addChange("/api/v1/session") { try await self.logIn($0, $1) }
        table.addChange("/api/v1/session/end") { try await self.logOut($0, $1) }
        table.addChange("/api/v1/session/password") { try await self.changePassword($0, $1) }
        table.add("/api/v1/session/passwords", []) { try await self.passwords(Query($0, $1)) }
        table.add("/api/v1/accounts/places", ["kind"]) { try await self.places(Query($0, $1)) }
        table.add("/api/v1/accounts", []) { try await self.accounts(Query($0, $1)) }
        table.addChange("/api/v1/accounts") { try await self.addAccount($0, Query($0, $1)) }
        table.addChange("/api/v1/accounts/{name}/state") { try await self.setState($0, Query($0, $1)) }
        table.addChange("/api/v1/accounts/{name}/password") { try await self.resetPassword($0, Query($0, $1)) }
        table.addChange("/api/v1/accounts/{name}/duty") { try await self.setDuty($0, Query($0, $1)) }
        table.add("/api/v1/audit", ["from", "to", "actor", "action", "subject", "outcome", "after", "limit"]) {
            try await self.audit(Query($0, $1))
        }
    }

    private func keeper() throws(Problem) -> any AccountKeeping {
        guard case .accounts(let keeper, _) = self.gate.access else { throw .openMode }
        return keeper
    }

    // MARK: - One's own session

    private func session(_ request: Request, _ context: ConsoleContext) -> Response {
        self.session(context.principal, secret: self.gate.session(of: request))
    }

    private func session(_ principal: Principal?, secret: [UInt8]?) -> Response {
        let rights = principal.map { AccessTable.rights(of: $0) } ?? []
        return Response(
            json: JSONWriter.document { session in
                session.member("access", principal?.credential == .open ? "open" : "accounts")
                session.member("name", principal?.credential == .open ? nil : principal?.name)
                session.member("role", principal?.role?.rawValue)
                session.member("must_change_password", principal?.mustChange ?? false)
                session.member("expires_at", principal?.expiresAt)
                var token: String?
                if case .session = principal?.credential { token = secret.map { Secret.crossSiteToken(session: $0) } }
                session.member("csrf_token", token)
                session.member("sign_in", self.hasSignIn ? "/sign-in" : nil)
                session.arrayMember("rights") { list in
                    for right in rights.map({ "\($0.resource.rawValue).\($0.action.rawValue)" }).sorted() {
                        list.value(right)
                    }
                }
            })
    }

    /// The body of a log-in.
    private struct LogIn: Decodable {
        var name: String
        var password: String
    }

    private func logIn(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let keeper = try self.keeper()
        let body = try await Self.body(LogIn.self, of: request)
        guard body.name.utf8.count <= 64, body.password.utf8.count <= 1024 else { throw Problem.badCredentials }
        let outcome = try await keeper.logIn(name: body.name, password: body.password, address: context.address)
        return try self.started(outcome)
    }

    /// The body of a change of password.
    private struct Change: Decodable {
        var old: String
        var new: String
    }

    private func changePassword(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let keeper = try self.keeper()
        let principal = try Query(request, context).principal()
        guard case .session = principal.credential else { throw Problem.forbidden(request.uri.path) }
        let body = try await Self.body(Change.self, of: request)
        guard body.old.utf8.count <= 1024, body.new.utf8.count <= 1024 else { throw Problem.badCredentials }
        return try self.started(
            await keeper.changePassword(of: principal, from: body.old, to: body.new, address: context.address))
    }

    private func started(_ outcome: LogInOutcome) throws(Problem) -> Response {
        switch outcome {
        case .refused: throw .badCredentials
        case .locked(let seconds): throw .lockedOut(seconds: seconds)
        case .unusable(let zh, let en): throw .badBody(zh: zh, en: en)
        case .started(let secret, let principal):
            var response = self.session(principal, secret: secret)
            let seconds = principal.expiresAt.map { Int($0.seconds(since: self.now())) } ?? 0
            response.headers[.setCookie] = self.gate.cookie(secret, seconds: max(0, seconds))
            return response
        }
    }

    private func logOut(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        try await self.keeper().logOut(try Query(request, context).principal(), address: context.address)
        var response = self.session(nil, secret: nil)
        response.headers[.setCookie] = self.gate.cookie(nil, seconds: 0)
        return response
    }

    private func passwords(_ query: Query) async throws -> Response {
        let events = try await self.keeper().passwords(of: try query.principal())
        return Response(
            json: JSONWriter.document { body in
                body.arrayMember("items") { list in
                    for event in events {
                        list.object {
                            $0.member("at", event.at)
                            $0.member("kind", event.kind.rawValue)
                            $0.member("by", event.by)
                            $0.member("interface", event.interface)
                            $0.member("address", event.address)
                        }
                    }
                }
                body.member("next", String?.none)
            })
    }

    // MARK: - The three duties

    private func places(_ query: Query) async throws -> Response {
        let kinds = AccountPlace.Kind.allCases.map(\.rawValue)
        guard let kind = try query.word("kind", of: kinds).flatMap(AccountPlace.Kind.init) else {
            throw Problem.badParameter("kind", zh: "须给出", en: "It must be given")
        }
        let places = try await self.keeper().places(kind, for: try query.principal())
        return Response(
            json: JSONWriter.document(reserving: 64 + places.count * 60) { body in
                body.arrayMember("items") { list in
                    for place in places {
                        list.object {
                            $0.member("id", place.id)
                            $0.member("name", place.name)
                        }
                    }
                }
                body.member("next", String?.none)
            })
    }

    private func accounts(_ query: Query) async throws -> Response {
        let accounts = try await self.keeper().accounts(for: try query.principal())
        return Response(
            json: JSONWriter.document { body in
                body.arrayMember("items") { list in
                    for account in accounts {
                        list.object {
                            $0.member("name", account.name)
                            $0.member("display_name", account.displayName)
                            $0.member("role", account.duty.role?.rawValue)
                            $0.member("district", account.duty.district)
                            $0.member("company", account.duty.company)
                            $0.member("site", account.duty.site)
                            $0.member("disabled", account.isDisabled)
                            $0.member("must_change_password", account.mustChange)
                            $0.member("created_at", account.createdAt)
                        }
                    }
                }
                body.member("next", String?.none)
            })
    }

    /// The body of a new account.
    private struct NewAccount: Decodable {
        var name: String
        var display_name: String?
    }

    private func addAccount(_ request: Request, _ query: Query) async throws -> Response {
        let body = try await Self.body(NewAccount.self, of: request)
        let (name, shown) = (body.name, body.display_name ?? "")
        guard shown.count <= 100, shown.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw Problem.badBody(
                zh: "display_name 最多 100 个字符，不含控制字符",
                en: "display_name is at most 100 characters without control characters")
        }
        return try await self.oneTime(name) { keeper throws in
            try await keeper.addAccount(
                name, displayName: shown, by: try query.principal(), address: query.address)
        }
    }

    private func resetPassword(_ request: Request, _ query: Query) async throws -> Response {
        let name = try query.path("name")
        return try await self.oneTime(name) { keeper throws in
            try await keeper.resetPassword(of: name, by: try query.principal(), address: query.address)
        }
    }

    private func oneTime(
        _ name: String, _ work: (any AccountKeeping) async throws -> String
    ) async throws -> Response {
        let keeper = try self.keeper()
        let password = try await Self.explained { try await work(keeper) }
        return Response(
            json: JSONWriter.document {
                $0.member("name", name)
                $0.member("one_time_password", password)
            })
    }

    /// The body of an account's state.
    private struct State: Decodable {
        var disabled: Bool
    }

    private func setState(_ request: Request, _ query: Query) async throws -> Response {
        let (keeper, name) = (try self.keeper(), try query.path("name"))
        let body = try await Self.body(State.self, of: request)
        try await Self.explained {
            try await keeper.setDisabled(
                body.disabled, account: name, by: try query.principal(), address: query.address)
        }
        return Self.named(name)
    }

    private func setDuty(_ request: Request, _ query: Query) async throws -> Response {
        let (keeper, name) = (try self.keeper(), try query.path("name"))
        let duty = try await Self.body(AccountDuty.self, of: request)
        try await Self.explained {
            guard duty.isWhole else { throw AccountError.badDuty }
            try await keeper.setDuty(duty, of: name, by: try query.principal(), address: query.address)
        }
        return Self.named(name)
    }

    private static func named(_ name: String) -> Response {
        Response(json: JSONWriter.document { $0.member("name", name) })
    }

    private func audit(_ query: Query) async throws -> Response {
        var wanted = AuditQuery(limit: try query.limit())
        wanted.from = try query.instant("from")
        wanted.to = try query.instant("to")
        wanted.actor = try query.text("actor")
        wanted.action = try query.text("action")
        wanted.subject = try query.text("subject")
        wanted.outcome = try query.text("outcome")
        guard wanted.outcome.map({ Self.outcomes.contains($0) }) ?? true else {
            let names = Self.outcomes.joined(separator: ", ")
            throw Problem.badParameter("outcome", zh: "应为 \(names) 之一", en: "It must be one of \(names)")
        }
        wanted.after = try query.text("after")
        let page = try await self.keeper().audit(wanted, for: try query.principal(), address: query.address)
        let json = JSONWriter.document(reserving: 64 + page.elements.count * 400) { body in
            body.arrayMember("items") { list in
                for entry in page.elements { list.object { entry.write(to: &$0) } }
            }
            body.member("next", page.next)
        }
        return Response(json: json, nextPage: page.next.map { query.address(after: $0) })
    }

    /// What may have come of what the audit log holds.
    private static let outcomes = ["done", "refused", "not_found"]

    // MARK: - Bodies

    static let bodyLimit = 16 * 1024

    /// The JSON of a request. Its media type is asked for, because a form of another site cannot send it unasked.
    static func body<Body: Decodable>(
        _ type: Body.Type, of request: Request, limit: Int = Self.bodyLimit
    ) async throws -> Body {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw Problem.badBody(zh: "Content-Type 应为 application/json", en: "Content-Type must be application/json")
        }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: limit)
        } catch {
            throw Problem.badBody(zh: "正文太长", en: "The body is too long")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch {
            throw Problem.badBody(zh: "正文不是所需的 JSON", en: "The body is not the JSON that is wanted here")
        }
    }

    private static func explained<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error as AccountError {
            throw Problem.account(error)
        }
    }
}

extension AuditRecord {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("number", self.number)
        writer.member("time", self.occurredAt)
        writer.member("actor", self.actor)
        writer.member("role", self.role)
        writer.member("interface", self.interface)
        writer.member("address", self.address)
        writer.member("action", self.action)
        writer.member("subject", self.subject)
        writer.member("purpose", self.purpose)
        writer.member("outcome", self.outcome)
        writer.member("period", self.period)
        writer.member("hash", self.hash)
    }
}
