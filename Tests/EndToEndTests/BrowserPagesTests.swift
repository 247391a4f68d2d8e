import Foundation
import TestSupport
import Testing

/// Every page, at both widths and in both languages, and what each role comes to.
@Suite(
    .serialized,
    .enabled(if: WebDriver.isInstalled, "chromium and its driver are not installed: deploy/setup.sh --test"))
struct BrowserPagesTests {
    /// A page with what it holds once it is ready, and what somebody does there: a script, and what then holds.
    private struct Page {
        var path: String
        var ready: String
        var steps: [(act: String, then: String)]

        init(_ path: String, _ ready: String, _ steps: [(act: String, then: String)] = []) {
            self.path = path
            self.ready = ready
            self.steps = steps
        }
    }

    private static func click(_ selector: String) -> String { "document.querySelector(`\(selector)`).click()" }

    /// Loads each page in each width and language, and looks at it as a person with a keyboard, a telephone, or weak
    /// eyes would.
    private static func inspect(_ pages: [Page], _ browser: Browser, _ installation: Installation) async throws {
        let home = "http://127.0.0.1:\(installation.port)"
        for width in [375, 1280] {
            try await browser.narrow(width)
            for language in ["zh", "en"] {
                _ = try await browser.run("localStorage.setItem('tongxing.language', '\(language)')")
                for page in pages {
                    let place = "\(page.path) \(language) \(width)"
                    try await browser.go(home + page.path)
                    #expect(
                        try await browser.waits(for: "document.readyState === 'complete' && (\(page.ready))"),
                        "never ready: \(place)")
                    for step in page.steps {
                        _ = try await browser.run(step.act)
                        #expect(try await browser.waits(for: step.then), "never so far: \(place) \(step.act)")
                    }
                    #expect(try await browser.fits(), "too wide: \(place) \(page.steps.last?.act ?? "")")
                    #expect(try await browser.hosts().isSubset(of: ["127.0.0.1:\(installation.port)"]), "\(place)")
                    let faults = try await BrowserCity.faults(of: browser)
                    #expect(faults == [], "\(place)")
                    let own = language == "zh" ? "zh-CN" : "en"
                    #expect(try await browser.isTrue("document.documentElement.lang === '\(own)'"), "\(place)")
                    let foreign = try await BrowserCity.foreignWords(of: browser)
                    #expect(foreign == [], "\(place)")
                    let complaints = try await browser.complaints()
                    #expect(complaints == [], "\(place)")
                }
            }
        }
    }

    /// The circle of a fence, and the polygon that it becomes, with its handles.
    private static let toThePolygon = [
        (act: Self.click("#edit"), then: "document.querySelector('.handle.whole')"),
        (
            act: Self.click(".fence-tools [aria-pressed=false]"),
            then: "document.querySelectorAll('.handle.corner').length === 8"
                + " && document.activeElement?.dataset.kind === 'polygon'"
        ),
    ]
    private static let toAnAlert = [
        (act: Self.click("#tab-alerts"), then: "document.querySelector('[data-key=da3]')"),
        (act: Self.click("[data-key=da3]"), then: "document.querySelector('.act textarea')"),
    ]
    /// A delivery's page in full: the trail and the time line come for a purpose alone.
    private static let pastThePurpose = [
        (
            act: """
            document.getElementById('purpose').value = 'case 7';
            document.getElementById('purpose').form.requestSubmit();
            """, then: "document.querySelector('.lane-chart') && document.querySelector('.checks li')"
        )
    ]

    @Test func everyPageOfAnOfficerCanBeUsed() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let chen = try await BrowserCity.logIn("chen", "enforcement_officer", [], installation, driver)
        let made = try await chen.run(
            """
            const { change } = await import('/app/session.js');
            const made = await change('/api/v1/cases', { title: 'A case', items: [{ kind: 'delivery', id: 'D-9' }] });
            await change(`/api/v1/cases/${made.case_id}/entries`, { kind: 'status', status: 'filed' });
            // One rule was right once, so that there is a precision to show.
            await change('/api/v1/alerts/v1/actions', { action: 'close', reason: 'handled' });
            return made.case_id;
            """)
        let number = try #require(made as? String)
        try await Self.inspect(
            [
                Page("/", "document.querySelector('#deliveries .rows, #deliveries .empty')"),
                Page("/queue", "document.querySelector('.queued')"),
                Page("/", "document.getElementById('tab-alerts')", Self.toAnAlert),
                Page(
                    "/queue", "document.getElementById('tab-suspects')",
                    [(Self.click("#tab-suspects"), "document.querySelector('.hours')")]),
                Page(
                    "/queue", "document.getElementById('tab-rules')",
                    [(Self.click("#tab-rules"), "document.querySelector('.interval-bar')")]),
                Page("/delivery/D-9", "document.getElementById('purpose')"),
                Page("/delivery/D-9", "document.getElementById('purpose')", Self.pastThePurpose),
                Page("/cases", "document.querySelector('td a')"),
                Page("/case/\(number)", "document.querySelector('.history li')"),
                Page("/account", "document.querySelector('#own form')"),
                Page(
                    "/safety", "document.querySelector('#nav a[aria-current]') && document.querySelector('#who button')"
                ),
                Page("/rates", "document.querySelector('#main table tbody tr, #main .empty')"),
                Page("/safety/map", "document.querySelector('#list table, #list .empty')"),
                Page("/registers", "document.querySelector('.kinds a')"),
                Page("/registers/vehicles", "document.querySelector('td a')"),
                Page("/registers/plants/PA", "document.querySelector('.validity')"),
            ], chen, installation)
        try await chen.close()
        await driver.end()
        _ = await service.stop()
    }

    @Test func everyPageOfTheThreeDutiesCanBeUsed() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let duties: [(name: String, role: String, pages: [Page])] = [
            (
                "adm", "administrator",
                [
                    Page("/account", "document.querySelector('#accounts tbody tr')"),
                    Page("/registers/plants", "document.querySelector('input[type=file]')"),
                    Page("/registers/plants/PA", "document.getElementById('edit')"),
                    Page("/registers/plants/PA", "document.getElementById('edit')", Self.toThePolygon),
                    Page("/registers/companies?add", "document.activeElement?.closest('form.entry')"),
                ]
            ),
            ("sec", "security_administrator", [Page("/account", "document.querySelector('#accounts select')")]),
            ("aud", "auditor", [Page("/account", "document.querySelector('#audit tbody tr')")]),
        ]
        for duty in duties {
            let browser = try await BrowserCity.logIn(
                duty.name, duty.role, [], installation, driver, landsOn: "/account")
            try await Self.inspect(duty.pages, browser, installation)
            if duty.role == "auditor" { try await Self.searchByDay(browser) }
            try await browser.close()
        }
        let nobody = try await driver.browser()
        try await nobody.go("http://127.0.0.1:\(installation.port)/login")
        try await Self.inspect([Page("/login", "document.activeElement?.id === 'name'")], nobody, installation)
        try await nobody.close()
        await driver.end()
        _ = await service.stop()
    }

    /// The audit log of a day on which nothing was, and of the days up to a late one.
    private static func searchByDay(_ browser: Browser) async throws {
        for (day, isFound) in [("2000-01-01", false), ("2999-12-31", true)] {
            _ = try await browser.run(
                """
                document.getElementById('find-until').value = '\(day)';
                document.getElementById('find-until').form.requestSubmit();
                """)
            let rows = "document.querySelector('#audit tbody tr')"
            #expect(try await browser.waits(for: isFound ? rows : "!\(rows)"), "\(day)")
        }
    }

    /// Role, what confines it, where it lands, and where its ways lead.
    private static let roles: [(role: String, duty: [String], home: String, ways: [String])] = [
        ("operator", [], "/", ["/", "/queue", "/registers", "/safety"]),
        ("safety_officer", [], "/", ["/", "/registers", "/safety"]),
        ("company", ["--company", "A"], "/", ["/", "/registers"]),
        ("site", ["--site", "S1"], "/", ["/"]),
        ("insurer", [], "/rates", ["/rates"]),
        ("administrator", [], "/account", ["/registers"]),
        ("security_administrator", [], "/account", []),
        ("auditor", [], "/account", []),
    ]

    @Test func eachRoleComesToWhatIsIts() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        for (role, duty, home, ways) in Self.roles {
            let browser = try await BrowserCity.logIn(
                "a-" + role.replacing("_", with: "-"), role, duty, installation, driver, landsOn: home)
            #expect(try await browser.waits(for: "document.querySelector('#who button')"))
            let found = try await browser.run(
                "return [...document.querySelectorAll('#nav a')].map((it) => it.getAttribute('href'))")
            #expect(found as? [String] == ways, "\(role)")
            if home == "/" {
                // What a role may not ask for, its page does not ask for: a refusal would be a line in the console.
                #expect(try await browser.waits(for: "document.querySelector('.connection.live')"), "\(role)")
            }
            let complaints = try await browser.complaints()
            #expect(complaints == [], "\(role)")
            try await browser.close()
        }
        await driver.end()
        _ = await service.stop()
    }

    /// Nobody is kept from logging out or from his language by a long name, a long duty or a narrow window.
    @Test func theBarFitsAtEveryWidth() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let chen = try await BrowserCity.logIn("chen.jing", "enforcement_officer", [], installation, driver)
        _ = try await chen.run("localStorage.setItem('tongxing.language', 'en')")
        for width in [375, 690, 1024, 1280, 1440, 1600] {
            try await chen.narrow(width)
            try await chen.go("http://127.0.0.1:\(installation.port)/")
            #expect(
                try await chen.waits(
                    for: "document.querySelector('#who button') && document.querySelector('#nav a') "
                        + "&& document.querySelector('.connection .fresh')?.textContent.length > 8"),
                "\(width)")
            let isInside =
                "[...document.querySelectorAll('#who *, #language')]"
                + ".every((it) => it.getBoundingClientRect().right <= document.documentElement.clientWidth)"
            #expect(try await chen.isTrue(isInside), "\(width)")
            // How far the figures of deliveries are behind is said at every width.
            #expect(
                try await chen.waits(for: "document.querySelector('.connection .judged')?.checkVisibility()"),
                "\(width)")
            #expect(try await chen.fits(), "\(width)")
        }
        try await chen.close()
        await driver.end()
        _ = await service.stop()
    }

    @Test func theMapMovesAsTheTrucksDo() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let li = try await BrowserCity.logIn("li", "operator", [], installation, driver)
        #expect(try await li.waits(for: "document.querySelector('.connection.live')"))
        let drawn = "document.querySelector('.leaflet-trucks-pane canvas')?.toDataURL()"
        #expect(
            try await li.waits(
                for: "\(drawn) && window.seen === \(drawn) ? true : (window.seen = \(drawn), false)"))
        try installation.execute(
            """
            UPDATE latest_position SET revision = revision + 10, latitude = latitude + 200000,
                longitude = longitude + 100000, recorded_at = recorded_at + interval '1 minute' WHERE terminal_id = 1
            """)
        try installation.execute("SELECT pg_notify('tongxing_latest', '')")
        #expect(try await li.waits(for: "\(drawn) !== window.seen"))
        // What is painted can be pointed at and picked, once the map has come to rest.
        let pointing = """
            (() => {
              const canvas = document.querySelector('.leaflet-trucks-pane canvas');
              const { left, top } = canvas.getBoundingClientRect();
              const { width, height } = canvas;
              const copy = Object.assign(document.createElement('canvas'), { width, height });
              const context = copy.getContext('2d', { willReadFrequently: true });
              context.drawImage(canvas, 0, 0);
              const { data } = context.getImageData(0, 0, width, height);
              for (let at = 0; at < data.length / 4; at += 1) {
                if (data[4 * at + 3] < 255) continue;
                const [clientX, clientY] = [left + at % canvas.width, top + Math.floor(at / canvas.width) + 6];
                const on = document.elementFromPoint(clientX, clientY);
                if (!on?.closest('.leaflet-marks-pane')) continue;
                const here = { bubbles: true, cancelable: true, view: window, clientX, clientY };
                for (const type of ['mousemove', 'click']) on.dispatchEvent(new MouseEvent(type, here));
                break;
              }
              return document.querySelector('.leaflet-tooltip')?.textContent;
            })()
            """
        #expect(try await li.waits(for: pointing))
        #expect(try await li.waits(for: "!document.getElementById('details').hidden"))
        let complaints = try await li.complaints()
        #expect(complaints == [])
        try await li.close()
        await driver.end()
        _ = await service.stop()
    }
}
