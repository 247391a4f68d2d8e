import Chronology
import Deliveries
import FleetStore
import Foundation
import PostgresClient
import Suspicions
import TestSupport
import Testing

/// What the tests with browsers have in common: the city they look at, and how somebody logs in.
enum BrowserCity {
    /// An installation with the city of the break-out table and one suspicious delivery, its console running.
    static func make() async throws -> (Installation, Service) {
        let installation = try await Installation(access: "accounts")
        try await BreakOut.build(in: installation, folder: TestServers.shared.makeFolder())
        let store = DeliveryStore(
            connection: try PostgresConnection(url: installation.databaseURL, application: "test"))
        try store.replace(
            terminal: 2, settledAfter: nil, with: [BreakOut.delivery("D-9", "T2", "PB", "S2", "2026-03-03T04:00:00Z")],
            world: "test", reason: "test"
        ) { delivery in
            JudgedDelivery(
                delivery: delivery,
                judgements: [
                    Judgement(
                        rule: "diversion", outcome: .hit, severity: 4,
                        facts: [Statement(zh: "卸料地点不是单据上的工地", en: "Not unloaded at the site of the note")],
                        counterfacts: [Statement(zh: "单据可能有误", en: "The note may be wrong")], registerRevision: 1)
                ], verdict: .suspicious, score: 45)
        }
        return (installation, try await installation.serve("--only", "web"))
    }

    /// Adds the account, and logs it in by keyboard alone, with the change of password that the first time asks for.
    static func logIn(
        _ name: String, _ role: String, _ duty: [String] = [], _ installation: Installation, _ driver: WebDriver,
        landsOn home: String = "/"
    ) async throws -> Browser {
        let added = try await Product.run(["accounts", "add", name, "--role", role] + duty, installation.environment)
        let once = try #require(
            (added.output + added.errors).firstMatch(of: /(?:[a-z0-9]{5}-){3}[a-z0-9]{5}/), "\(name): \(added)")
        let browser = try await driver.browser()
        try await browser.go("http://127.0.0.1:\(installation.port)/login")
        #expect(try await browser.waits(for: "document.activeElement?.id === 'name'"))
        try await browser.press(name + Browser.tab + String(once.output) + Browser.enter)
        #expect(try await browser.waits(for: "document.activeElement?.id === 'new'"))
        let own = "a long pass-phrase"
        try await browser.press(own + Browser.tab + own + Browser.enter)
        #expect(try await browser.waits(for: "location.pathname === '\(home)' && document.readyState === 'complete'"))
        return browser
    }

    /// Names of this city, of the accounts and of files: what they are in every language.
    private static let names = [
        "甲站", "乙站", "一号工地", "二号工地", "停车场", "嘉兴", "秀洲", "湖州", "系统管理员", "安全管理员", "审计员", "浙F",
        "chen", "administrator", "security_administrator", "auditor", "admin", "security", "adm", "sec", "aud",
        "A case", "a case", "somebody", "root",
    ]

    /// What a page shows or says in the other language than its own.
    static func foreignWords(of browser: Browser) async throws -> [String] {
        let path = (RepositoryRoot.url?.path ?? "") + "/Tests/EndToEndTests/Scripts/languages.js"
        let names = Self.names.map { "'\($0)'" }.joined(separator: ",")
        let script = "const data = [\(names)];\n" + (try String(contentsOfFile: path, encoding: .utf8))
        return try await browser.run(script) as? [String] ?? ["no answer"]
    }

    /// What keeps somebody from using the page: names, structure, contrast, focus, targets.
    static func faults(of browser: Browser) async throws -> [String] {
        let path = (RepositoryRoot.url?.path ?? "") + "/Tests/EndToEndTests/Scripts/accessibility.js"
        return try await browser.run(try String(contentsOfFile: path, encoding: .utf8)) as? [String] ?? ["no answer"]
    }
}
