import Chronology
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// `/sign-in`: to the identity provider and back. Where none is configured there are no such addresses.
struct SignInAPI: Sendable {
    let signIn: SignIn
    let gate: AccessGate
    let now: @Sendable () -> Instant
    let logger: Logger

    /// Of the cookie that waits while the browser is at the provider. It comes along on the way back, which begins at
    /// another site, so it cannot be `Strict`; it is good for nothing else.
    private static let cookieName = "tongxing-sign-in"

    func install(in table: inout RouteTable) {
        table.add("/sign-in", []) { _, _ in self.begin() }
        // Providers add names of their own to the query.
        table.add("/sign-in/callback") { try await self.end($0, $1) }
    }

    private func begin() -> Response {
        let secret = Secret.random()
        var headers = HTTPFields()
        headers[.location] = self.signIn.address(for: secret)
        headers[.cacheControl] = "no-store"
        headers[.setCookie] = self.cookie(Secret.text(secret), seconds: SignIn.seconds)
        return Response(status: .seeOther, headers: headers)
    }

    private func end(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let query = Query(request, context)
        guard case .accounts(let keeper, _) = self.gate.access, let secret = self.secret(of: request),
            let state = try query.foreignText("state"), let code = try query.foreignText("code")
        else { return self.refused() }
        let subject: String
        do {
            subject = try await self.signIn.subject(secret: secret, state: state, code: code, now: self.now())
        } catch {
            self.logger.notice("Sign-in refused", metadata: ["reason": "\(error)"])
            return self.refused()
        }
        guard
            case .started(let session, let principal) = try await keeper.signIn(
                oidcSubject: subject, address: context.address)
        else { return self.refused() }
        let seconds = principal.expiresAt.map { Int($0.seconds(since: self.now())) } ?? 0
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers.append(HTTPField(name: .setCookie, value: self.gate.cookie(session, seconds: max(0, seconds))))
        headers.append(HTTPField(name: .setCookie, value: self.cookie("", seconds: 0)))
        // A redirect would still be on the way from another site, and a `Strict` cookie would stay behind: a page of
        // our own goes on. It names its icon: a browser that stays on it long enough would ask for /favicon.ico.
        let page = """
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">
            <link rel="icon" href="/app/icon.svg" type="image/svg+xml"><title>砼行 Tongxing</title></head><body><a href="/">继续 Continue</a></body></html>

            """
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }

    private func refused() -> Response {
        var headers = HTTPFields()
        headers[.location] = "/login?refused"
        headers[.setCookie] = self.cookie("", seconds: 0)
        return Response(status: .seeOther, headers: headers)
    }

    private func cookie(_ value: String, seconds: Int) -> String {
        "\(Self.cookieName)=\(value); Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            + (self.gate.isBehindTLS ? "; Secure" : "")
    }

    private func secret(of request: Request) -> [UInt8]? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmingPrefix(while: { $0 == " " }) == Self.cookieName else {
                    continue
                }
                return Secret.bytes(parts[1])
            }
        }
        return nil
    }
}
