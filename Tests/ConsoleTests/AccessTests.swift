import Chronology
import Console
import Foundation
import Hummingbird
import Testing

/// Who passes the gate with what: cookies, tokens, changes from other sites, addresses without a rule.
struct AccessTests {
    static let secret = Secret.hash("a cookie".utf8)
    static let token = Secret.hash("a token".utf8)

    /// Accounts where `secret` is the cookie and `token` the token of one account of this duty.
    static func accounts(_ role: AccountRole?, mustChange: Bool = false) -> FakeAccounts {
        let reach = Principal.reach(of: role, district: nil, company: "A", site: "S1")
        let content = FakeAccounts.Content(
            sessions: [
                Secret.hash(Self.secret): Principal(
                    name: "somebody", role: role, reach: reach, credential: .session(Secret.hash(Self.secret)),
                    mustChange: mustChange, expiresAt: testNow.advanced(bySeconds: 3600))
            ],
            tokens: [
                Secret.hash(Self.token): Principal(name: "program", role: role, reach: reach, credential: .token)
            ])
        return FakeAccounts(content)
    }

    static let cookie: HTTPFields = [.cookie: "other=1; tongxing=\(Secret.text(Self.secret))"]
    static let bearer: HTTPFields = [.authorization: "Bearer \(Secret.tokenPrefix)\(Secret.text(Self.token))"]

    @discardableResult
    private func send(
        _ accounts: FakeAccounts, _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:],
        body: String? = nil, tls: Bool = false
    ) async throws -> TestResponse {
        let desk = FakeDesk(FakeDesk.Content(alerts: [FakeDesk.alert("A-1")]))
        let server = console(FakeFleet(), desk: desk, access: .accounts(accounts, nil)) { $0.isBehindTLS = tls }
        return try await server.application().test { client in
            var headers = headers
            if body != nil { headers[.contentType] = "application/json" }
            return try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        }
    }

    @Test func nobodySeesAnythingButTheWayIn() async throws {
        let accounts = FakeAccounts()
        for path in APITests.reads + ["/api/v1/events", "/api/v1/accounts", "/api/v1/audit", "/api/v1/nothing", "/x"] {
            let answer = try await self.send(accounts, .get, path)
            #expect(answer.status == .unauthorized, "\(path)")
            #expect(answer.headers[.wwwAuthenticate] != nil)
        }
        for path in ["/", "/account"] {
            let answer = try await self.send(accounts, .get, path)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/login", "\(path)")
        }
        for path in ["/login", "/app/login.js", "/openapi.yaml", "/healthz", "/readyz", "/metrics", "/api/v1/session"] {
            #expect(try await self.send(accounts, .get, path).status == .ok, "\(path)")
        }
    }

    /// A company reads its trucks' alerts, and nothing of who looks at them and until when.
    @Test(arguments: [(AccountRole.company, false), (.operator, true), (.safetyOfficer, true)])
    func whoMayNotHandleHearsNoClocks(role: AccountRole, isTold: Bool) async throws {
        for path in ["/api/v1/alerts", "/api/v1/alerts/A-1"] {
            let answer = try await self.send(Self.accounts(role), .get, path, Self.bearer)
            let text = String(buffer: answer.body)
            #expect(answer.status == .ok && text.contains("A-1"), "\(path)")
            #expect(text.contains("handling") == isTold, "\(path): \(text)")
            #expect(text.contains("acknowledge_by") == isTold, "\(path): \(text)")
        }
    }

    /// Who opens a page that is not his, or is none, reads why in both languages; programs get problem details.
    @Test func aRefusedPageIsAPage() async throws {
        let browser: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]
        func ask(_ role: AccountRole?, _ path: String, _ headers: HTTPFields) async throws -> TestResponse {
            try await self.send(Self.accounts(role), .get, path, headers)
        }
        for (role, path, status, words) in [
            (AccountRole?.some(.insurer), "/safety", 403, ["无此权限", "Not yours to do", "/account"]),
            (.insurer, "/nowhere", 404, ["没有找到", "Not found"]), (nil, "/cases", 403, ["无此权限", "Not yours to do"]),
        ] {
            let headers = Self.cookie + browser
            let answer = try await ask(role, path, headers)
            #expect(answer.status.code == status, "\(path)")
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8", "\(path)")
            let text = String(buffer: answer.body)
            for word in words { #expect(text.contains(word), "\(path) \(word)") }
            let program = try await ask(role, path, Self.cookie)
            #expect(program.headers[.contentType] == "application/problem+json")
        }
        // Without a session a page that there is leads to the log-in, and one that there is not is told as a page.
        let lost = try await self.send(FakeAccounts(), .get, "/nowhere", browser)
        #expect(lost.status == .unauthorized && String(buffer: lost.body).contains("href=\"/login\""))
        let interface = try await ask(.insurer, "/api/v1/cases", Self.cookie + browser)
        #expect(interface.headers[.contentType] == "application/problem+json")
    }

    @Test func theInsurerHasAPageOfItsOwn() async throws {
        let home = try await self.send(Self.accounts(.insurer), .get, "/", Self.cookie)
        #expect(home.status == .seeOther && home.headers[.location] == "/rates")
        #expect(try await self.send(Self.accounts(.insurer), .get, "/rates", Self.cookie).status == .ok)
        let keeper = try await self.send(Self.accounts(.auditor), .get, "/", Self.cookie)
        #expect(keeper.headers[.location] == "/account")
    }

    @Test func cookieAndTokenStandForTheAccount() async throws {
        let accounts = Self.accounts(.operator)
        #expect(try await self.send(accounts, .get, "/api/v1/positions", Self.cookie).status == .ok)
        #expect(try await self.send(accounts, .get, "/api/v1/positions", Self.bearer).status == .ok)
    }

    @Test(arguments: [
        "Bearer ", "Bearer txt_", "Bearer txt_AAAA", "Basic c29tZWJvZHk6eA==", "Bearer eyJhbGciOiJub25lIn0.e30.", "x",
        "Bearer txt_" + Secret.text(Self.secret), "bearer\ttxt_" + Secret.text(Self.token),
    ])
    func whatDoesNotCountIsRefusedBesideAGoodCookie(authorization: String) async throws {
        var headers = Self.cookie
        headers[.authorization] = authorization
        let answer = try await self.send(Self.accounts(.operator), .get, "/api/v1/positions", headers)
        #expect(answer.status == .unauthorized)
    }

    @Test(arguments: [
        "tongxing=", "tongxing=x", "tongxing=" + Secret.text(Self.token), "__Host-tongxing=" + Secret.text(Self.secret),
    ])
    func aStrangeCookieIsNobody(cookie: String) async throws {
        let answer = try await self.send(Self.accounts(.operator), .get, "/api/v1/positions", [.cookie: cookie])
        #expect(answer.status == .unauthorized)
    }

    /// What each resource is read by; a resource without a row fails the test below.
    private static let reads: [(String, AccessTable.Resource)] = [
        ("/api/v1/vehicles", .vehicles), ("/api/v1/positions", .positions), ("/api/v1/deliveries", .deliveries),
        ("/api/v1/plants", .plants), ("/api/v1/sites", .sites), ("/api/v1/places", .places),
        ("/api/v1/trails/JX1001?purpose=case", .trails), ("/api/v1/status", .status), ("/api/v1/accounts", .accounts),
        ("/api/v1/audit", .audit), ("/api/v1/safety/rates", .rates), ("/api/v1/safety/funnel", .safety),
        ("/api/v1/safety/summary", .safety),
        ("/safety", .safety), ("/rates", .rates), ("/safety/map", .safety), ("/api/v1/safety/definitions", .rates),
        ("/api/v1/deliveries/D-JX1001-1/evidence?purpose=case", .evidence),
        ("/api/v1/alerts", .alerts),
        ("/api/v1/alerts/A-1", .alerts), ("/api/v1/queue", .suspicions), ("/queue", .suspicions),
        ("/delivery/D-1", .suspicions), ("/api/v1/rules/precision", .suspicions),
        ("/api/v1/deliveries/D-1/decisions", .suspicions), ("/api/v1/suspected-plants", .suspects),
        ("/api/v1/cases", .cases), ("/cases", .cases), ("/case/AJ-1", .cases), ("/api/v1/registers", .registers),
        ("/api/v1/registers/plants", .registers), ("/api/v1/registers/plants/file", .registers),
        ("/registers", .registers), ("/registers/plants", .registers), ("/registers/plants/P1", .registers),
    ]

    private static let accident = #"{"rows":[{"accident_id":"A","occurred_at":"2026-03-02T08:00:00Z"}]}"#

    /// What each resource is changed by.
    private static let changes: [(String, String, AccessTable.Resource)] = [
        ("/api/v1/alerts/A-1/actions", #"{"action":"comment","note":"x"}"#, .alerts),
        ("/api/v1/deliveries/D-1/decisions", #"{"decision":"dispatch"}"#, .suspicions),
        ("/api/v1/cases", #"{"title":"x"}"#, .cases), ("/api/v1/accounts", #"{"name":"x"}"#, .accounts),
        ("/api/v1/accounts/x/duty", #"{"role":"operator"}"#, .duties),
        ("/api/v1/registers/companies/entries", #"{"rows":[{"company":"A"}]}"#, .registers),
        ("/api/v1/registers/companies/entries/A", #"{"version":"0","rows":[]}"#, .registers),
        ("/api/v1/registers/companies/file", #"{"name":"a","file":"Y29tcGFueQpBCg=="}"#, .registers),
        ("/api/v1/registers/accidents/entries", accident, .safetyRegisters),
    ]

    @Test func everyDutyMayDoWhatTheTableSaysAndNothingElse() async throws {
        for role in AccountRole.allCases.map(Optional.some) + [nil] {
            let rights = role.map { AccessTable.rights(of: $0) } ?? []
            let desk = FakeDesk(FakeDesk.Content(alerts: [FakeDesk.alert("A-1")]))
            let fleet = FakeFleet(FakeFleet.Content(deliveries: [try judged(1)]))
            let server = console(fleet, desk: desk, access: .accounts(Self.accounts(role), nil))
            try await server.application().test { client in
                for (path, resource) in Self.reads {
                    let answer = try await client.execute(uri: path, method: .get, headers: Self.bearer)
                    let isGranted = rights.contains(.read(resource))
                    #expect(answer.status == (isGranted ? .ok : .forbidden), "\(role?.rawValue ?? "no duty") \(path)")
                }
                for (path, body, resource) in Self.changes {
                    var headers = Self.bearer
                    headers[.contentType] = "application/json"
                    let answer = try await client.execute(
                        uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
                    let isGranted = rights.contains(.change(resource))
                    #expect(answer.status == (isGranted ? .ok : .forbidden), "\(role?.rawValue ?? "no duty") \(path)")
                }
            }
        }
    }

    /// `duties` are read with the accounts, `events` is a stream (EventTests); suspected plants are changed by id
    /// (`theRightsToChange`).
    @Test func everyResourceIsTried() {
        let read = Set(Self.reads.map(\.1)).union([.duties, .events, .safetyRegisters])
        #expect(read == Set(AccessTable.Resource.allCases))
    }

    @Test func theRightsToChange() {
        let three = AccountRole.allCases.filter(\.isOneOfThree)
        #expect(three.count == 3)
        let expected: [AccountRole: Set<AccessTable.Resource>] = [
            .administrator: [.accounts, .registers, .safetyRegisters], .securityAdministrator: [.duties], .auditor: [],
            .operator: [.alerts],
            .enforcementOfficer: [.alerts, .suspicions, .suspects, .cases],
            .safetyOfficer: [.alerts, .safetyRegisters], .company: [],
            .site: [], .insurer: [],
        ]
        for role in AccountRole.allCases {
            let changes = AccessTable.rights(of: role).filter { $0.action == .change }
            #expect(Set(changes.map(\.resource)) == expected[role], "\(role)")
            if role.isOneOfThree {
                #expect(
                    AccessTable.rights(of: role).isDisjoint(with: [
                        .read(.positions), .read(.trails), .read(.alerts), .read(.cases), .read(.suspects),
                    ]))
            }
        }
        #expect(!AccessTable.openRights.contains { [.accounts, .duties, .audit].contains($0.resource) })
    }

    @Test func companiesAndSitesNeverSeePlacesUnderSuspicion() {
        for role in [AccountRole.company, .site, .insurer, .safetyOfficer] {
            #expect(
                AccessTable.rights(of: role).isDisjoint(with: [
                    .read(.suspects), .read(.suspicions), .read(.cases), .read(.evidence),
                ]))
        }
    }

    @Test func aChangeNeedsTheSessionsToken() async throws {
        let body = #"{"name": "new"}"#
        let right = Secret.crossSiteToken(session: Self.secret)
        for (sent, status) in [(nil, 403), ("", 403), (Secret.crossSiteToken(session: Self.token), 403), (right, 200)] {
            let accounts = Self.accounts(.administrator)
            var headers = Self.cookie
            headers[.init("X-CSRF-Token")!] = sent
            let answer = try await self.send(accounts, .post, "/api/v1/accounts", headers, body: body)
            #expect(answer.status.code == status)
            #expect(accounts.log == (status == 200 ? ["add new"] : []))
        }
    }

    @Test(arguments: [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://localhost.evil.example"),
        ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
    ])
    func anotherSiteChangesNothing(name: String, value: String) async throws {
        var headers = Self.cookie
        headers[.init(name)!] = value
        headers[.init("X-CSRF-Token")!] = Secret.crossSiteToken(session: Self.secret)
        let accounts = Self.accounts(.administrator)
        for (path, body) in [
            ("/api/v1/accounts", #"{"name": "new"}"#), ("/api/v1/session", #"{"name":"a","password":"b"}"#),
        ] {
            let answer = try await self.send(accounts, .post, path, headers, body: body)
            #expect(answer.status == .forbidden)
        }
        #expect(accounts.log.isEmpty)
    }

    @Test func aFormsBodyIsNoBody() async throws {
        let headers: HTTPFields = [.contentType: "text/plain"]
        let answer = try await console(FakeFleet(), access: .accounts(FakeAccounts(), nil)).application().test {
            try await $0.execute(
                uri: "/api/v1/session", method: .post, headers: headers,
                body: ByteBuffer(string: #"{"name":"a","password":"b"}"#))
        }
        #expect(answer.status == .badRequest)
    }

    @Test(arguments: [false, true])
    func theCookieIsForThisHostAlone(tls: Bool) async throws {
        let accounts = FakeAccounts()
        let principal = Principal(
            name: "a", role: .operator, reach: .all, credential: .session([]),
            expiresAt: testNow.advanced(bySeconds: 3600))
        accounts.change { $0.outcome = .started(Self.secret, principal) }
        let body = #"{"name":"a","password":"b"}"#
        let answer = try await self.send(accounts, .post, "/api/v1/session", body: body, tls: tls)
        let cookie = try #require(answer.headers[.setCookie])
        let head = (tls ? "__Host-" : "") + "tongxing=" + Secret.text(Self.secret)
        #expect(cookie == head + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600" + (tls ? "; Secure" : ""))
        #expect((answer.headers[.strictTransportSecurity] != nil) == tls)
        let json = try JSONValue(bytes: answer.body.readableBytesView)
        #expect(json["csrf_token"].text == Secret.crossSiteToken(session: Self.secret))
    }

    @Test func refusalsOfALogInSayNotWhy() async throws {
        let accounts = FakeAccounts()
        let body = #"{"name":"a","password":"b"}"#
        #expect(try await self.send(accounts, .post, "/api/v1/session", body: body).status == .unauthorized)
        accounts.change { $0.outcome = .locked(seconds: 14.2) }
        let locked = try await self.send(accounts, .post, "/api/v1/session", body: body)
        #expect(locked.status == .tooManyRequests && locked.headers[.retryAfter] == "15")
    }

    @Test func aOneTimePasswordOpensNothingButItself() async throws {
        let accounts = Self.accounts(.operator, mustChange: true)
        let answer = try await self.send(accounts, .get, "/api/v1/positions", Self.cookie)
        #expect(answer.status == .forbidden)
        #expect(
            try JSONValue(bytes: answer.body.readableBytesView)["type"].text?.hasSuffix("password-must-change") == true)
        #expect(try await self.send(accounts, .get, "/", Self.cookie).headers[.location] == "/login")
        #expect(try await self.send(accounts, .get, "/api/v1/session", Self.cookie).status == .ok)
    }

    @Test func aTrailNeedsAPurpose() async throws {
        // Nothing, blanks, what prints nothing (U+200B, U+202E), dots, one letter alone.
        for purpose in ["", "+", "%E2%80%8B", "%E2%80%8B%E2%80%AE%E2%80%8B", "...", "x", "%E6%A1%88"] {
            for path in ["/api/v1/trails/JX1001?purpose=\(purpose)", "/api/v1/trails?plate=JX1001&purpose=\(purpose)"] {
                let answer = try await self.send(Self.accounts(.operator), .get, path, Self.cookie)
                #expect(answer.status == .badRequest, "\(path)")
            }
        }
        for purpose in ["case", "17", "%E6%A1%887", "%E2%80%8Bab"] {
            let path = "/api/v1/trails/JX1001?purpose=\(purpose)"
            let answer = try await self.send(Self.accounts(.operator), .get, path, Self.cookie)
            #expect(answer.status == .ok, "\(path)")
        }
    }

    @Test func attemptsAtWhatIsNotOnesOwnAreNoted() async throws {
        let accounts = Self.accounts(.company)
        try await self.send(accounts, .get, "/api/v1/audit", Self.bearer)
        try await self.send(accounts, .post, "/api/v1/accounts", Self.bearer, body: #"{"name":"x"}"#)
        try await self.send(accounts, .get, "/api/v1/status", Self.bearer)
        #expect(accounts.log == ["refused audit.read program", "refused accounts.change program"])
    }

    /// A refusal names whom it was tried on, what for, and which time.
    @Test func aRefusalNamesWhomItWasTriedOn() async throws {
        let accounts = Self.accounts(.insurer)
        for path in [
            "/api/v1/trails/JX1001?purpose=AJ-13&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z",
            "/api/v1/trails?plate=%E6%B5%99F12345", "/api/v1/deliveries/D-1/timeline?purpose=AJ-14",
            "/api/v1/deliveries/D-1/evidence", "/api/v1/trails/%FF",
        ] {
            let answer = try await self.send(accounts, .get, path, Self.bearer)
            #expect(answer.status == .forbidden, "\(path)")
        }
        #expect(
            accounts.log == [
                "refused trails.read program JX1001 AJ-13 2026-03-01T00:00:00Z/2026-03-02T00:00:00Z",
                "refused trails.read program 浙F12345", "refused suspicions.read program D-1 AJ-14",
                "refused evidence.read program D-1", "refused trails.read program",
            ])
    }

    @Test func openModeIsForTheLoopbackAlone() throws {
        for host in ["0.0.0.0", "192.0.2.1", "::", "example.com"] {
            let error = #expect(throws: ConsoleError.self) {
                _ = try console(FakeFleet()) { $0.host = host }.application()
            }
            #expect(error?.message.contains("web.access") == true)
        }
        let proxied = #expect(throws: ConsoleError.self) {
            _ = try console(FakeFleet()) { $0.allowedHosts = ["tongxing.lan"] }.application()
        }
        #expect(proxied?.message.contains("web.access") == true)
        for host in ["127.0.0.1", "localhost", "::1"] {
            _ = try console(FakeFleet()) { $0.host = host }.application()
        }
    }

    @Test func anAddressWithoutARuleIsNobodys() {
        #expect(AccessTable.rule(of: "/api/v1/new", changes: false) == nil)
        #expect(AccessTable.rule(of: "/api/v1/positions", changes: true) == nil)
        #expect(AccessTable.rule(of: "/app/x.js", changes: true) == nil)
    }
}
