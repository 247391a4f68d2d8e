import Console
import Foundation
import Hummingbird
import Testing

/// What operators and browsers ask for: health, metrics, the page's files and their headers.
struct OperationsTests {
    @Test(arguments: [
        ([PartReadiness(part: "database", isReady: true), PartReadiness(part: "ingestion", isReady: true)], 200),
        (
            [
                PartReadiness(part: "database", isReady: true),
                PartReadiness(part: "ingestion", isReady: false, message: "no SUBACK"),
            ], 503
        ),
        ([], 503),
    ])
    func readyOnlyWhenEveryPartIs(parts: [PartReadiness], status: Int) async throws {
        let fleet = FakeFleet(FakeFleet.Content(parts: parts))
        try await console(fleet).application().test { client in
            let response = try await client.execute(uri: "/readyz", method: .get)
            #expect(response.status.code == status)
            let listed = try JSONValue(bytes: response.body.readableBytesView)["parts"].list
            #expect(listed.compactMap { $0["part"].text } == parts.map(\.part))
            #expect(listed.compactMap { $0["message"].text } == parts.map(\.message))
        }
    }

    @Test func metricsAreInPrometheusForm() async throws {
        let fleet = FakeFleet()
        try await console(fleet).application().test { client in
            _ = try await client.execute(uri: "/api/v1/nothing", method: .get)
            let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            let lines = text.split(separator: "\n")
            #expect(lines.contains("tongxing_ingestion_messages_total{state=\"quarantined\"} 1"))
            #expect(lines.contains("tongxing_ingestion_positions_total 60"))
            #expect(lines.contains("tongxing_analysis_lag_seconds 0.25"))
            #expect(lines.contains("tongxing_web_requests_total{route=\"NotFound\",method=\"GET\",status=\"404\"} 1"))
            #expect(lines.contains("# TYPE tongxing_test_seconds summary"))
            let heads = lines.filter { $0.hasPrefix("# ") }.map {
                $0.split(separator: " ").prefix(3).joined(separator: " ")
            }
            #expect(Set(heads).count == heads.count, "a metric with two heads")
            for line in lines where !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                let summary = name.replacing(/_(sum|count)$/, with: "")
                #expect(heads.contains("# TYPE \(name)") || heads.contains("# TYPE \(summary)"), "\(line)")
                #expect(heads.contains("# HELP \(name)") || heads.contains("# HELP \(summary)"), "\(line)")
            }
            #expect(!text.contains("tongxing_terminal_messages_total"), "only where it is asked for")
            let sample = /^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+\-]+$/
            for line in lines where !line.hasPrefix("#") { #expect(line.wholeMatch(of: sample) != nil, "\(line)") }
        }
    }

    @Test func terminalsAreNamedWhereThatIsWanted() async throws {
        let counts = IngestionCounts(received: 10, stored: 6, duplicate: 2, quarantined: 1, ignored: 1)
        let rows = [("T\"1", "main"), ("", "main")].map {
            TerminalCounts(terminal: $0.0, lane: $0.1, counts: counts)
        }
        try await console(FakeFleet(FakeFleet.Content(terminalCounts: rows))).application().test { client in
            let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            for line in [
                #"tongxing_terminal_messages_total{terminal="T\"1",lane="main",state="stored"} 6"#,
                #"tongxing_terminal_messages_total{terminal="",lane="main",state="duplicate"} 2"#,
            ] {
                #expect(text.split(separator: "\n").contains { $0 == line }, "\(text)")
            }
        }
    }

    @Test func labelsAreNotForTheClientToChoose() async throws {
        try await console(FakeFleet()).application().test { client in
            for number in 0..<20 {
                for path in ["/nothing/\(number)", "/api/v1/deliveries/\(number)", "/api/v1/trails/\(number)"] {
                    _ = try await client.execute(uri: path, method: .get)
                    _ = try await client.execute(uri: path, method: .init("WORD\(number)")!)
                }
            }
            let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("tongxing_web_requests_total") }
            let routes = Set(lines.compactMap { $0.firstMatch(of: /route="([^"]*)"/).map { String($0.1) } })
            #expect(routes == ["NotFound", "/api/v1/deliveries/{id}", "/api/v1/trails/{subject}"])
            #expect(
                Set(lines.compactMap { $0.firstMatch(of: /method="([^"]*)"/).map { String($0.1) } }) == [
                    "GET", "other",
                ])
        }
    }

    @Test func livesAndCountsWithoutAStore() async throws {
        try await console(FakeFleet(FakeFleet.Content(isAway: true))).application().test { client in
            #expect(try await client.execute(uri: "/healthz", method: .get).status == .ok)
            let metrics = try await client.execute(uri: "/metrics", method: .get)
            #expect(metrics.status == .ok)
            #expect(String(buffer: metrics.body).contains("tongxing_web_store_up 0\n"))
        }
    }

    @Test(arguments: ["/", "/app/main.js", "/api/v1/status", "/api/v1/nothing", "/healthz"])
    func everyAnswerHasTheSecurityHeaders(path: String) async throws {
        try await console(FakeFleet()).application().test { client in
            let headers = try await client.execute(uri: path, method: .get).headers
            #expect(headers[.init("X-Content-Type-Options")!] == "nosniff")
            #expect(headers[.init("Referrer-Policy")!] == "no-referrer")
            let policy = try #require(headers[.init("Content-Security-Policy")!])
            #expect(policy.hasPrefix("default-src 'self'; img-src 'self' data:;"))
            #expect(!policy.contains("unsafe") && !policy.contains("http"))
        }
    }

    @Test(arguments: [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example:8443/{z}/{x}/{y}.png", "https://*.tiles.example:8443"),
        ("/tiles/{z}/{x}/{y}.png", nil),
    ])
    func onlyTheTilesHostIsAllowedBesides(url: String, host: String?) async throws {
        try await console(FakeFleet()) { $0.tileURL = url }.application().test { client in
            let response = try await client.execute(uri: "/app/settings.json", method: .get)
            #expect(try JSONValue(bytes: response.body.readableBytesView)["tile_url"].text == url)
            let expected = "img-src 'self' data:" + (host.map { " " + $0 } ?? "") + ";"
            #expect(response.headers[.init("Content-Security-Policy")!]?.contains(expected) == true)
        }
    }

    @Test(arguments: [
        "", "https://tiles.example/", "ftp://a/{z}/{x}/{y}", "//evil.example/{z}/{x}/{y}",
        "https://a.example;script-src *;/{z}/{x}/{y}", "https://a b/{z}/{x}/{y}", "https://{z}.example/{x}/{y}",
        "https://user@host/{z}/{x}/{y}", "https:///{z}/{x}/{y}",
    ])
    func tileAddressThatCannotBeOneStopsTheStart(url: String) {
        #expect(throws: ConsoleError.self) {
            _ = try console(FakeFleet()) { $0.tileURL = url }.application()
        }
    }

    @Test func filesAreServedByNameOnlyAndCheckedByTag() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "console-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["leaflet.esm.min.js", "leaflet.css", "secret.txt"] {
            try Data(name.utf8).write(to: folder.appending(path: name))
        }
        let server = console(FakeFleet(), leafletDirectory: folder.path)
        try await server.application().test { client in
            let script = try await client.execute(uri: "/leaflet/leaflet.js", method: .get)
            #expect(String(buffer: script.body) == "leaflet.esm.min.js")
            #expect(script.headers[.contentType]?.hasPrefix("text/javascript") == true)
            let tag = try #require(script.headers[.eTag])
            let again = try await client.execute(
                uri: "/leaflet/leaflet.js", method: .get, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified && again.body.readableBytes == 0)
            for path in [
                "/leaflet/secret.txt", "/leaflet/../leaflet/secret.txt", "/leaflet/%2e%2e/etc/passwd",
                "/leaflet/..%2f..%2fetc/passwd", "/app/../../../etc/passwd", "/leaflet/", "/app/index.html%00",
            ] {
                #expect(try await client.execute(uri: path, method: .get).status == .notFound, "\(path)")
            }
        }
    }
}
