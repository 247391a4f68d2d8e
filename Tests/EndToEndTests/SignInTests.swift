import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Signing in at an identity provider, over the network and in a browser.
@Suite struct SignInTests {
    /// Goes to the provider and back as a browser would.
    /// - Returns: the cookie that the browser has, and where it is sent.
    private static func atTheProvider(_ web: Web, _ issuer: Issuer) async throws -> (cookie: String, back: String) {
        let begun = try await web.get("/sign-in")
        #expect(begun.status == 303)
        let cookie = try #require(begun.head.firstMatch(of: /(?i)set-cookie: (tongxing-sign-in=[^;]+); Path=\/sign-in/))
        let there = try #require(begun.head.firstMatch(of: /(?i)location: (\S+)/))
        #expect(!there.1.contains("secret"))
        return (String(cookie.1), try await issuer.answer(to: String(there.1)))
    }

    @Test func onlyWhomTheProviderVouchesForComesIn() async throws {
        let issuer = try await Issuer()
        let installation = try await issuer.installation()
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port)

        let (cookie, back) = try await Self.atTheProvider(web, issuer)
        let came = try await web.with("Cookie: \(cookie)").get(back)
        #expect(came.status == 200, "\(came.head)")
        #expect(came.body.contains(#"<link rel="icon""#))
        let session = try #require(
            came.head.firstMatch(of: /(?i)set-cookie: (tongxing=[^;]+); Path=\/; HttpOnly; SameSite=Strict/))
        let own = try await web.with("Cookie: \(session.1)").get("/api/v1/session")
        #expect(own.json["name"] as? String == "li" && own.json["must_change_password"] as? Bool == false)
        #expect(try await web.with("Cookie: \(session.1)").get("/api/v1/vehicles").status == 200)

        // A code is good once; and neither without the cookie, nor with another's, nor with a changed state.
        func isRefused(_ address: String, _ cookie: String?) async throws -> Bool {
            let answer = try await (cookie.map { web.with("Cookie: \($0)") } ?? web).get(address)
            return answer.status == 303 && answer.head.contains("/login?refused")
                && !answer.head.contains("tongxing=")
        }
        #expect(try await isRefused(back, cookie))
        let (mine, forMe) = try await Self.atTheProvider(web, issuer)
        let (theirs, _) = try await Self.atTheProvider(web, issuer)
        #expect(try await isRefused(forMe, nil))
        #expect(try await isRefused(forMe, theirs))
        #expect(try await isRefused(forMe.replacing("state=", with: "state=x"), mine))
        #expect(try await isRefused("/sign-in/callback", mine))
        for fault in ["nonce", "audience", "issuer", "signature"] {
            try issuer.say(fault, in: "fault")
            let (cookie, back) = try await Self.atTheProvider(web, issuer)
            #expect(try await isRefused(back, cookie), "\(fault)")
        }
        try issuer.say("", in: "fault")
        for subject in ["nobody", "gone"] {
            try issuer.say(subject, in: "subject")
            let (cookie, back) = try await Self.atTheProvider(web, issuer)
            #expect(try await isRefused(back, cookie), "\(subject)")
        }
        #expect(
            try installation.count("SELECT count(*) FROM audit_log WHERE action = 'log-in' AND outcome = 'refused'")
                == 2)
        #expect(try installation.count("SELECT count(*) FROM account_session") == 1)
        #expect(!service.log.contains(String(session.1)))
        _ = await service.stop()
        await issuer.end()
    }

    /// The provider is another site to the browser, so what a `Strict` cookie is for shows.
    @Test(.enabled(if: WebDriver.isInstalled, "chromium and its driver are not installed: deploy/setup.sh --test"))
    func aBrowserSignsIn() async throws {
        let issuer = try await Issuer()
        let installation = try await issuer.installation()
        let service = try await installation.serve("--only", "web")
        let driver = try await WebDriver()
        let browser = try await driver.browser()
        try await browser.go("http://127.0.0.1:\(installation.port)/login")
        #expect(try await browser.waits(for: "document.getElementById('sign-in')?.checkVisibility()"))
        #expect(try await browser.tabs(to: "it.id === 'sign-in'"))
        try await browser.press(Browser.enter)
        #expect(try await browser.waits(for: "location.pathname === '/' && document.querySelector('#who button')"))
        #expect(try await browser.text("#who").contains("li"))
        let complaints = try await browser.complaints()
        #expect(complaints == [])
        try await browser.close()
        await driver.end()
        _ = await service.stop()
        await issuer.end()
    }
}

/// A small identity provider.
final class Issuer: Sendable {
    private let process: ChildProcess
    private let folder: String
    private let port: String

    init() async throws {
        self.folder = try await TestServers.shared.makeFolder()
        let script = (RepositoryRoot.url?.path ?? "") + "/Tests/EndToEndTests/Scripts/issuer.py"
        var spawn = Spawn(
            program: "/usr/bin/python3", arguments: [script, self.folder], environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .file(self.folder + "/log")
        spawn.placement = .ownSession
        self.process = try spawn.start()
        let file = self.folder + "/port"
        #expect(try await eventually(within: .seconds(60)) { FileManager.default.fileExists(atPath: file) })
        self.port = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    }

    /// An installation that trusts it, with an operator who has never set a password, and one who is disabled.
    func installation() async throws -> Installation {
        let port = try LoopbackPort.findFree()
        let installation = try await Installation(
            access: "accounts",
            settings: [
                "TONGXING_WEB_OIDC_ISSUER": "https://login.example",
                "TONGXING_WEB_OIDC_KEY_SET_FILE": self.folder + "/jwks.json",
                "TONGXING_WEB_OIDC_AUTHORIZE_URL": "http://localhost:\(self.port)/authorize",
                "TONGXING_WEB_OIDC_TOKEN_URL": "http://127.0.0.1:\(self.port)/token",
                "TONGXING_WEB_OIDC_REDIRECT_URL": "http://127.0.0.1:\(port)/sign-in/callback",
                "TONGXING_WEB_OIDC_CLIENT_SECRET": "a client's secret & more", "TONGXING_WEB_PORT": String(port),
            ], port: port)
        for (name, subject) in [("li", "person-1"), ("wang", "gone")] {
            let added = try await installation.run("accounts", "add", name, "--role", "operator")
            #expect(added.code == 0, "\(added.errors)")
            let named = try await installation.run("accounts", "oidc", name, "--subject", subject)
            #expect(named.code == 0, "\(named.errors)")
        }
        #expect(try await installation.run("accounts", "disable", "wang").code == 0)
        return installation
    }

    func say(_ text: String, in file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.folder)/\(file)"))
    }

    /// Where the provider sends the browser: path and query.
    func answer(to address: String) async throws -> String {
        let path = String(address.drop { $0 != "?" })
        let answer = try await Web(port: UInt16(self.port) ?? 0).get("/authorize" + path)
        let back = try #require(answer.head.firstMatch(of: /(?i)location: http:\/\/[^\/]+(\S+)/))
        return String(back.1)
    }

    func end() async {
        self.process.send(signal: 15)
        _ = await self.process.waitForEnd()
    }
}
