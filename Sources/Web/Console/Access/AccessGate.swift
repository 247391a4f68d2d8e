import Chronology
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Whom the console serves.
package enum ConsoleAccess: Sendable {
    /// Everybody who reaches it sees the fleet. For a demo on the loopback alone.
    case open
    /// Those who log in, and programs with a token of ours or of the identity provider.
    case accounts(any AccountKeeping, TokenVerifier?)
}

/// Finds out who asks, and lets pass what `AccessTable` grants.
struct AccessGate: Sendable {
    let access: ConsoleAccess
    /// A proxy before us speaks TLS: the cookie may go no other way.
    let isBehindTLS: Bool
    let now: @Sendable () -> Instant
    let logger: Logger

    // MARK: - Who asks

    /// - Returns: `nil` for somebody who has not logged in. Credentials that do not count are refused, never ignored.
    func principal(of request: Request, _ context: ConsoleContext) async throws -> Principal? {
        guard case .accounts(let keeper, let verifier) = self.access else { return .open(address: context.address) }
        if let header = request.headers[.authorization] {
            guard let principal = try await self.bearer(header, keeper, verifier) else {
                throw Problem.notLoggedIn(request.uri.path)
            }
            return principal
        }
        guard let secret = self.session(of: request) else { return nil }
        return try await keeper.principal(session: Secret.hash(secret))
    }

    private func bearer(
        _ header: String, _ keeper: any AccountKeeping, _ verifier: TokenVerifier?
    ) async throws -> Principal? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 8192 else { return nil }
        if parts[1].hasPrefix(Secret.tokenPrefix) {
            let token = Secret.bytes(parts[1].dropFirst(Secret.tokenPrefix.count))
            return try await token.flatMapAsync { try await keeper.principal(token: Secret.hash($0)) }
        }
        guard let verifier else { return nil }
        do {
            let (subject, expiresAt) = try await verifier.verify(String(parts[1]), now: self.now())
            return try await keeper.principal(oidcSubject: subject, expiresAt: expiresAt)
        } catch let refusal as TokenVerifier.Refusal {
            self.logger.notice("Token refused", metadata: ["reason": "\(refusal)"])
            return nil
        }
    }

    /// The secret of the session cookie; `nil` without one, and for what cannot be one.
    func session(of request: Request) -> [UInt8]? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                let name = parts.first.map { $0.drop(while: { $0 == " " }) }
                if parts.count == 2, name == self.cookieName[...] { return Secret.bytes(parts[1]) }
            }
        }
        return nil
    }

    /// `__Host-` cookies come from this very host, over TLS, and from no other of its domain.
    private var cookieName: String { self.isBehindTLS ? "__Host-tongxing" : "tongxing" }

    /// `Set-Cookie` for a session; without a secret the browser forgets it.
    func cookie(_ secret: [UInt8]?, seconds: Int) -> String {
        let value = secret.map { Secret.text($0) } ?? ""
        return "\(self.cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(secret == nil ? 0 : seconds)"
            + (self.isBehindTLS ? "; Secure" : "")
    }

    // MARK: - What may pass

    /// Throws what is to be said to somebody who may not pass.
    /// - Returns: where a browser that asked for a page is sent instead.
    func admit(_ request: Request, _ context: ConsoleContext, to route: RouteTable.Route) async throws -> Response? {
        let path = request.uri.path
        guard let rule = AccessTable.rule(of: route.template, changes: route.changes) else {
            self.logger.error("Address without a rule in AccessTable", metadata: ["route": "\(route.template)"])
            throw Problem.forbidden(path)
        }
        if route.changes { try self.requireOwnPage(request, context) }
        guard rule != .anyone else { return nil }
        let isPage = !route.changes && !path.hasPrefix("/api/")
        guard let principal = context.principal else {
            if isPage { return Self.redirect(to: "/login") }
            throw Problem.notLoggedIn(path)
        }
        if isPage, principal.mustChange { return Self.redirect(to: "/login") }
        guard case .right(let right) = rule else {
            // The map is of no use to those who keep accounts, nor to those who read rates alone.
            let rights = AccessTable.rights(of: principal)
            let seesFleet = !rights.isDisjoint(with: [.read(.positions), .read(.deliveries)])
            guard isPage, path == "/", !seesFleet else { return nil }
            return Self.redirect(to: rights.contains(.read(.rates)) ? "/rates" : "/account")
        }
        if principal.mustChange { throw Problem.passwordMustChange(path) }
        guard AccessTable.rights(of: principal).contains(right) else {
            try await self.noteRefusal(right, principal, (request, context), route.template)
            throw Problem.forbidden(path)
        }
        return nil
    }

    /// What a page asks by itself, again and again, is no attempt at anything.
    private func noteRefusal(
        _ right: AccessTable.Right, _ principal: Principal, _ asked: (Request, ConsoleContext), _ template: String
    ) async throws {
        let isTelling =
            right.action == .change
            || [.trails, .evidence, .accounts, .duties, .audit, .suspects, .cases].contains(right.resource)
            || template == "/api/v1/deliveries/{id}/timeline"
        guard isTelling, case .accounts(let keeper, _) = self.access else { return }
        let query = Query(asked.0, asked.1)
        var attempt = RefusedAttempt("\(right.resource.rawValue).\(right.action.rawValue)")
        attempt.subject = Self.subject(of: query, template)
        // What cannot be read is nothing that could have been had.
        attempt.purpose = (try? query.text("purpose")) ?? ""
        if let from = try? query.instant("from"), let to = try? query.instant("to"), from < to {
            attempt.period = from..<to
        }
        try await keeper.noteRefusal(of: attempt, to: principal, address: asked.1.address)
    }

    /// Whom or what it was tried on: the parts of the path, or the truck that was asked for; empty where it names none.
    private static func subject(of query: Query, _ template: String) -> String {
        let parts = template.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
            .compactMap { try? query.registerID(String($0.dropFirst().dropLast())) }
        let asked = ["plate", "terminal"].compactMap { name in (try? query.text(name)).flatMap { $0 } }
        return String((parts.isEmpty ? asked : parts).joined(separator: " ").prefix(200))
    }

    /// A change comes from one of our own pages, or from a program with a token: not from another site's page in the
    /// browser of somebody who is logged in here (CSRF).
    private func requireOwnPage(_ request: Request, _ context: ConsoleContext) throws {
        let path = request.uri.path
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw Problem.crossSite(path)
        }
        if let origin = request.headers[.origin] {
            guard let host = request.head.authority, origin == "http://\(host)" || origin == "https://\(host)" else {
                throw Problem.crossSite(path)
            }
        }
        guard case .session = context.principal?.credential, request.headers[.authorization] == nil else { return }
        guard let secret = self.session(of: request), let sent = request.headers[.crossSiteToken],
            Secret.areEqual(Array(sent.utf8), Array(Secret.crossSiteToken(session: secret).utf8))
        else { throw Problem.crossSite(path) }
    }

    private static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }

    /// Whether the request's credentials still stand; a store that is away is no answer.
    func stillAdmits(_ request: Request, _ context: ConsoleContext) async -> Bool {
        do {
            return try await self.principal(of: request, context) == context.principal
        } catch FleetReadingError.unavailable {
            return true
        } catch {
            return false
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func flatMapAsync<Result>(_ body: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        guard let self else { return nil }
        return try await body(self)
    }
}
