import Foundation
import PostgresClient
import TestSupport
import Testing

/// The console with accounts, as people and programs come to it over the network.
@Suite struct AccessTests {
    /// role × resource × expected, all tried: the table of `BreakOut.md`.
    @Test func nobodyBreaksOut() async throws {
        let installation = try await Installation(access: "accounts")
        try await BreakOut.build(in: installation, folder: TestServers.shared.makeFolder(), accused: true)
        var tokens: [String: String] = [:]
        for (name, flags) in BreakOut.visitors {
            let added = try await Product.run(["accounts", "add", name] + flags, installation.environment)
            #expect(added.code == 0, "\(added.errors)")
            let made = try await installation.run("accounts", "token", name, "--label", "break-out")
            let token: String = try #require(made.lines.first)
            tokens[name] = token
        }
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port)
        #expect(BreakOut.unasked(in: try await web.get("/openapi.yaml").body) == [], "not in the table")
        var table: [String: [String]] = [:]
        for (name, _) in BreakOut.visitors {
            let visitor = web.with("Authorization: Bearer \(tokens[name] ?? "")")
            let expected = BreakOut.expected(of: name)
            #expect(expected.count == BreakOut.resources.count)
            var row: [String] = []
            for ((resource, path, body), wanted) in zip(BreakOut.resources, expected) {
                let path = path.replacing("VISITOR", with: name)
                let answer =
                    if let body {
                        try await visitor.post(path, body.replacing("VISITOR", with: name))
                    } else if path == "/api/v1/events" {
                        // A stream has no end: its head says whether one may have it.
                        try await visitor.head(path)
                    } else {
                        try await visitor.get(path)
                    }
                let cell = BreakOut.cell(answer)
                #expect(
                    cell == wanted,
                    "\(name) × \(resource): \(answer.body.prefix(300))")
                row.append(cell)
            }
            table[name] = row
        }
        // What is on a truck may have come from a place that its company is not to know is known.
        for (name, isTold) in [("operator", true), ("enforcement-330500", true), ("company-b", false)] {
            let answer = try await web.with("Authorization: Bearer \(tokens[name] ?? "")").get("/api/v1/positions")
            #expect(answer.body.contains("\"load_state\":\"loaded\"") == isTold, "\(name): \(answer.body)")
            #expect(answer.body.contains("\"load_state\":null") != isTold, "\(name)")
        }
        for (resource, path, body) in BreakOut.resources {
            let answer = try await body == nil ? web.get(path) : web.post(path, body ?? "")
            #expect(answer.status == (path.hasPrefix("/api/") ? 401 : 303), "nobody × \(resource)")
        }
        let isTheTable = try BreakOutTable.holds(table)
        #expect(isTheTable, "BreakOut.md: make break-out")
        // Every look at a trail and every attempt at another's duty stands in the log, which is whole.
        let looks = try installation.count(
            "SELECT count(*) FROM audit_log WHERE action = 'trail.read' AND purpose = 'case'")
        #expect(looks == 3 * 7)
        // A look that was had is told from one that was tried: as many of each as were answered so.
        func cells(_ part: String, _ isIt: (String) -> Bool) -> Int {
            BreakOut.resources.indices.filter { BreakOut.resources[$0].path.contains(part) }
                .reduce(0) { sum, index in sum + table.values.count { isIt($0[index]) } }
        }
        let missed = try installation.count(
            "SELECT count(*) FROM audit_log WHERE action = 'trail.read' AND purpose = 'case' AND outcome = 'not_found'")
        #expect(missed == cells("purpose=case") { $0 == "404" } && missed > 0)
        let timelines = try installation.count(
            "SELECT count(*) FROM audit_log WHERE action = 'trail.read' AND purpose = 'table' AND outcome = 'not_found'"
        )
        #expect(timelines == cells("/timeline?purpose=table") { $0 == "404" } && timelines > 0)
        let packages = try installation.count(
            """
            SELECT count(*) FROM audit_log WHERE action = 'evidence.export' AND purpose = 'table'
                AND (subject, outcome) IN (('D-1', 'not_found'), ('D-1', 'refused'))
            """)
        #expect(packages == cells("D-1/evidence?purpose=table") { ["404", "409"].contains($0) } && packages > 0)
        // Whose trail was tried in vain, and of which time, the log says too.
        let refusals = try installation.count(
            """
            SELECT count(*) FROM audit_log WHERE action = 'trails.read' AND outcome = 'refused' AND subject = 'T1'
                AND purpose = 'case' AND period = '2026-03-01T00:00:00Z/2026-03-05T00:00:00Z'
            """)
        #expect(refusals == cells("/trails/T1?") { $0 == "403" } && refusals > 0)
        #expect(
            try installation.count("SELECT count(*) FROM audit_log WHERE action = 'trail.read' AND period = ''")
                == timelines)
        #expect(try installation.count("SELECT count(*) FROM audit_log WHERE outcome = 'refused'") > 50)
        let verified = try await installation.run("verify-audit")
        #expect(verified.code == 0, "\(verified.errors)")
        try installation.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_is_final")
        try installation.execute("UPDATE audit_log SET purpose = 'changed' WHERE entry_id = 9")
        let broken = try await installation.run("verify-audit")
        #expect(broken.code == 1 && broken.errors.contains("9"), "\(broken.errors)")
        for token in tokens.values { #expect(!service.log.contains(token)) }
        _ = await service.stop()
    }

    @Test func theFirstStartLetsTheThreeInAndNobodyElse() async throws {
        let installation = try await Installation(access: "accounts")
        let service = try await installation.serve("--only", "web")
        #expect(try await eventually { service.log.contains("auditor ") }, "\(service.log)")
        let line = try #require(service.log.firstMatch(of: /admin +((?:[a-z0-9]{5}-){3}[a-z0-9]{5})/))
        let first = String(line.1)
        let web = Web(port: installation.port)
        #expect(try await web.get("/").status == 303)
        #expect(try await web.get("/api/v1/status").status == 401)
        #expect(try await web.post("/api/v1/session", #"{"name":"admin","password":"wrong password"}"#).status == 401)

        let entered = try await web.post("/api/v1/session", #"{"name":"admin","password":"\#(first)"}"#)
        #expect(entered.status == 200, "\(entered.body)")
        #expect(entered.json["must_change_password"] as? Bool == true)
        let (once, onceToken) = try Self.session(of: entered)
        #expect(try await web.with(once).get("/api/v1/accounts").status == 403)
        let own = "quite a long pass-phrase"
        let change = #"{"old":"\#(first)","new":"\#(own)"}"#
        #expect(try await web.with(once).post("/api/v1/session/password", change).status == 403, "no token")
        let weak = #"{"old":"\#(first)","new":"short"}"#
        #expect(try await web.with(once).with(onceToken).post("/api/v1/session/password", weak).status == 400)
        let changed = try await web.with(once).with(onceToken).post("/api/v1/session/password", change)
        #expect(changed.status == 200, "\(changed.body)")
        let (cookie, token) = try Self.session(of: changed)
        #expect(try await web.with(once).get("/api/v1/accounts").status == 401, "the old session is over")
        #expect(try await web.with(cookie).get("/api/v1/accounts").status == 200)

        let made = try await web.with(cookie).with(token).post("/api/v1/accounts", #"{"name":"li.si"}"#)
        #expect(made.status == 200 && made.json["one_time_password"] is String)
        #expect(try await web.with(cookie).with(token).post("/api/v1/session/end", "{}").status == 200)
        #expect(try await web.with(cookie).get("/api/v1/accounts").status == 401)
        #expect(try await web.post("/api/v1/session", #"{"name":"admin","password":"\#(first)"}"#).status == 401)
        #expect(!service.log.contains(own))
        _ = await service.stop()
    }

    /// Whoever starts the service first and runs `migrate` beside it need not start it again.
    @Test func theFirstAccountsWaitForTheSchema() async throws {
        let installation = try await Installation(access: "accounts")
        try installation.execute("ALTER TABLE schema_migration RENAME TO schema_of_tomorrow")
        let service = try await installation.serve("--only", "web", waitsUntilReady: false)
        #expect(try await eventually { service.log.contains("The first accounts wait") }, "\(service.log)")
        #expect(!service.log.contains("auditor "))
        try installation.execute("ALTER TABLE schema_of_tomorrow RENAME TO schema_migration")
        #expect(try await eventually { service.log.contains("auditor ") }, "\(service.log)")
        #expect(try installation.count("SELECT count(*) FROM account") == 3)
        _ = await service.stop()
    }

    /// The three duties, by the command line: the web's way is in the table of `BreakOut.md`.
    @Test func theThreeDutiesStayApart() async throws {
        let installation = try await Installation(access: "accounts")
        for (name, role) in [
            ("admin", "administrator"), ("admin2", "administrator"), ("security", "security_administrator"),
        ] {
            #expect(try await installation.run("accounts", "add", name, "--role", role).code == 0)
        }
        func refusal(_ arguments: String...) async throws -> String {
            let outcome = try await Product.run(["accounts"] + arguments, installation.environment)
            return outcome.code == 0 ? "" : outcome.errors
        }
        #expect(try await refusal("duty", "security", "--role", "operator").contains("only account in use"))
        #expect(try await refusal("disable", "security").contains("only account in use"))
        #expect(try await refusal("duty", "admin2", "--role", "auditor").contains("has held one of the three"))
        // Nor by way of another duty, or of none.
        #expect(try await refusal("duty", "admin2", "--role", "operator") == "")
        #expect(try await refusal("duty", "admin2") == "")
        #expect(try await refusal("duty", "admin2", "--role", "auditor").contains("has held one of the three"))
        // The one that is left is the last; with another beside it, it is not.
        #expect(try await refusal("disable", "admin").contains("only account in use"))
        #expect(try await refusal("duty", "admin2", "--role", "administrator") == "")
        #expect(try await refusal("disable", "admin") == "")
        #expect(try await refusal("duty", "admin2").contains("only account in use"))
        for flags in [
            ["--role", "operator", "--district", "330411"], ["--role", "company", "--company", "A"],
            ["--role", "site", "--site", "S1"],
        ] {
            let added = try await Product.run(["accounts", "add", "new"] + flags, installation.environment)
            #expect(added.code == 1 && added.errors.contains("no register names"), "\(flags) \(added)")
        }
        #expect(try installation.count("SELECT count(*) FROM account WHERE name = 'new'") == 0)
    }

    /// A password that an administrator gave: once, with an end to all sessions, in the log, and seen by its owner.
    @Test func aResetPasswordIsSeenByItsOwner() async throws {
        let installation = try await Installation(access: "accounts")
        func password(of outcome: Product.Outcome) throws -> String {
            String(try #require(outcome.lines.first?.split(separator: " ").last))
        }
        let first = try password(of: await installation.run("accounts", "add", "wang", "--role", "operator"))
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port)
        func enter(_ password: String) async throws -> Web.Answer {
            try await web.post("/api/v1/session", #"{"name":"wang","password":"\#(password)"}"#)
        }
        let (once, onceToken) = try Self.session(of: await enter(first))
        let change = #"{"old":"\#(first)","new":"quite a long pass-phrase"}"#
        let changed = try await web.with(once).with(onceToken).post("/api/v1/session/password", change)
        let (cookie, _) = try Self.session(of: changed)
        #expect(try await web.with(cookie).get("/api/v1/positions").status == 200)

        let second = try password(of: await installation.run("accounts", "password", "wang"))
        #expect(try await web.with(cookie).get("/api/v1/positions").status == 401, "its sessions are over")
        #expect(try await enter("quite a long pass-phrase").status == 401)
        let entered = try await enter(second)
        #expect(entered.json["must_change_password"] as? Bool == true)
        let (again, _) = try Self.session(of: entered)
        #expect(try await web.with(again).get("/api/v1/positions").status == 403, "good for a new password alone")
        let seen = try await web.with(again).get("/api/v1/session/passwords")
        let events = try #require(seen.json["items"] as? [[String: Any]])
        #expect(events.map { $0["kind"] as? String } == ["reset", "changed", "first"])
        #expect(events.first?["by"] as? String == NSUserName())
        #expect(events.first?["interface"] as? String == "command line")
        #expect((events.first?["at"] as? String)?.isEmpty == false)
        _ = await service.stop()
    }

    @Test func wrongPasswordsLockKnownAndUnknownNamesAlike() async throws {
        let installation = try await Installation(access: "accounts")
        #expect(try await installation.run("accounts", "add", "known", "--role", "operator").code == 0)
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port)
        var refused = 0
        for name in ["known", "unknown"] {
            var statuses: [Int] = []
            var lastFree = ContinuousClock.now
            while statuses.count < 7 {
                if statuses.count == 4 { lastFree = .now }
                let status = try await web.post(
                    "/api/v1/session", #"{"name":"\#(name)","password":"not the one"}"#
                ).status
                statuses.append(status)
                refused += status == 401 ? 1 : 0
                // Where this machine stood still for longer than the lock lasts, nothing can be said of it.
                if statuses.count > 5, lastFree.duration(to: .now) >= .seconds(15) { break }
                #expect(status == (statuses.count <= 5 ? 401 : 429), "\(name): \(statuses)")
            }
        }
        #expect(
            try installation.count("SELECT count(*) FROM audit_log WHERE action = 'log-in' AND outcome = 'refused'")
                == refused)
        _ = await service.stop()
    }

    @Test func aStreamEndsWithTheAccountAndCarriesItsOwnRowsOnly() async throws {
        let installation = try await Installation(access: "accounts")
        try await BreakOut.build(in: installation, folder: TestServers.shared.makeFolder())
        #expect(try await installation.run("accounts", "add", "a", "--role", "company", "--company", "A").code == 0)
        let token = try #require(try await installation.run("accounts", "token", "a", "--label", "x").lines.first)
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port).with("Authorization: Bearer \(token)")
        async let stream = web.get("/api/v1/events", seconds: 60)
        #expect(
            try await eventually {
                try await Service.get(URL(string: "http://127.0.0.1:\(installation.port)/metrics")!).body.contains(
                    "tongxing_web_event_clients 1")
            })
        // Both trucks move, on a day on which neither is A's; the first then on a day on which it was.
        try installation.execute("UPDATE latest_position SET revision = revision + 10")
        try installation.execute("SELECT pg_notify('tongxing_latest', '')")
        try installation.execute(
            "UPDATE latest_position SET revision = 100, recorded_at = '2026-03-02T06:00Z' WHERE terminal_id = 1")
        try installation.execute("SELECT pg_notify('tongxing_latest', '')")
        #expect(try await installation.run("accounts", "disable", "a").code == 0)
        let answer = try await stream
        // In quotation marks: a time of the evening has T2 in it.
        #expect(!answer.body.contains("\"T2\"") && !answer.body.contains("2026-03-03T04:00:00"), "\(answer.body)")
        #expect(try await web.get("/api/v1/positions").status == 401)
        _ = await service.stop()
    }

    /// A cursor that no page gave, at the year 0: a parameter that cannot be used, and no error of the database.
    @Test func aCursorThatWasMadeUpIsToldAsOne() async throws {
        let installation = try await Installation()
        let service = try await installation.serve("--only", "web")
        let web = Web(port: installation.port)
        for list in ["alerts", "cases", "deliveries"] {
            for microseconds in ["-62135596800000001", "\(Int64.min)", "\(Int64.max)"] {
                let answer = try await web.get("/api/v1/\(list)?after=\(microseconds)%7Cx")
                #expect(answer.status == 400, "\(list) \(microseconds): \(answer.body)")
            }
            #expect(try await web.get("/api/v1/\(list)?after=0%7Cx").status == 200, "\(list)")
        }
        _ = await service.stop()
    }

    /// The headers of the session that an answer began: the cookie, and the token that changes carry.
    private static func session(of answer: Web.Answer) throws -> (cookie: String, token: String) {
        let cookie = try #require(
            answer.head.firstMatch(of: /(?i)set-cookie: (tongxing=[^;]+); Path=\/; HttpOnly; SameSite=Strict/))
        let token = try #require(answer.json["csrf_token"] as? String)
        return ("Cookie: \(cookie.1)", "X-CSRF-Token: \(token)")
    }
}
