import Foundation
import TestSupport
import Testing

/// The alert rail with many alerts of one kind about one truck.
@Suite(
    .serialized,
    .enabled(if: WebDriver.isInstalled, "chromium and its driver are not installed: deploy/setup.sh --test"))
struct BrowserRailTests {
    @Test func oneRowStandsForAllOfAKindAndHidesNone() async throws {
        let (installation, service) = try await BrowserCity.make()
        // Five of one kind within hours, one of it a day later, one of another truck (v2), one of another rule.
        try installation.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, closed_at, facts)
            SELECT 'f' || i, 'fast-right-turn', 3, 1, '2026-03-02T04:00Z'::timestamptz + i * interval '1 hour',
                '2026-03-02T04:01Z'::timestamptz + i * interval '1 hour', '[]'
            FROM (VALUES (0), (1), (2), (3), (4), (30)) v (i)
            """)
        let driver = try await WebDriver()
        let li = try await BrowserCity.logIn("li", "operator", [], installation, driver)
        #expect(try await li.waits(for: "document.getElementById('tab-alerts')"))
        _ = try await li.run("document.getElementById('tab-alerts').click()")
        let rows = "document.querySelectorAll('#alerts .alert-row').length"
        // v1, v2, da3, the one of the day after, and the row of five.
        #expect(try await li.waits(for: "\(rows) === 5"))
        #expect(try await li.text("[data-key=alert-sev3] > b") == "6", "each is counted")
        #expect(try await li.text(".fold").contains("5"))
        _ = try await li.run("document.querySelector('.fold').click()")
        #expect(try await li.waits(for: "\(rows) === 9"))
        _ = try await li.run("document.querySelector('.fold').click()")
        #expect(try await li.waits(for: "\(rows) === 5"))
        _ = try await li.run("document.querySelector('[data-key=ack-f4]').click()")
        #expect(
            try await eventually(within: .seconds(60)) {
                try installation.count(
                    "SELECT count(*) FROM alert_action WHERE kind = 'acknowledge' AND alert_id LIKE 'f%'")
                    == 5
            })
        #expect(try installation.count("SELECT count(*) FROM alert_action WHERE alert_id = 'f30'") == 0)
        let complaints = try await li.complaints()
        #expect(complaints == [])
        try await li.close()
        await driver.end()
        _ = await service.stop()
    }
}
