import Foundation
import TestSupport
import Testing

/// People at the console, each in a real browser of his own.
@Suite(
    .serialized,
    .enabled(if: WebDriver.isInstalled, "chromium and its driver are not installed: deploy/setup.sh --test"))
struct BrowserTests {
    @Test func whatOneAcknowledgesTheOtherSees() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let li = try await BrowserCity.logIn("li", "operator", [], installation, driver)
        let chen = try await BrowserCity.logIn("chen", "enforcement_officer", [], installation, driver)
        for browser in [li, chen] {
            #expect(try await browser.waits(for: "document.getElementById('tab-alerts')"))
            _ = try await browser.run("document.getElementById('tab-alerts').focus()")
            #expect(try await browser.waits(for: "document.querySelectorAll('#alerts .alert-row.new').length === 3"))
        }
        // By keyboard alone: into the rail, the gravest first, and A.
        _ = try await li.run("document.activeElement.blur()")
        #expect(try await li.tabs(to: "it.classList.contains('alert') && it.dataset.key === 'da3'"))
        try await li.press("a")
        for browser in [li, chen] {
            #expect(
                try await browser.waits(
                    for: "document.querySelector('[data-key=da3] .alert-state')?.classList.contains('acknowledged')"))
        }
        // Chen opens it and comments; Li, who looks at it, sees that too.
        for browser in [li, chen] {
            _ = try await browser.run("document.querySelector('[data-key=da3]').click()")
            #expect(try await browser.waits(for: "document.querySelectorAll('.history li').length === 1"))
        }
        _ = try await chen.run("document.querySelector('.act textarea').focus()")
        try await chen.press("on my way" + Browser.tab + Browser.enter)
        #expect(try await li.waits(for: "document.querySelector('.history')?.textContent.includes('on my way')"))
        #expect(try installation.count("SELECT count(*) FROM audit_log WHERE action LIKE 'alert.%'") == 2)
        for browser in [li, chen] {
            let complaints = try await browser.complaints()
            #expect(complaints == [])
        }
        try await li.close()
        try await chen.close()
        await driver.end()
        _ = await service.stop()
    }

    @Test func anOfficerGoesFromTheQueueToACase() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let chen = try await BrowserCity.logIn("chen", "enforcement_officer", [], installation, driver)
        #expect(try await chen.waits(for: "document.querySelector('#nav a[href=\"/queue\"]')"))
        #expect(try await chen.tabs(to: "it.getAttribute('href') === '/queue'"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.queued h3 a')?.textContent === 'T2'"))
        let card = try await chen.text(".queued")
        #expect(card.contains("卸料地点不是单据上的工地") && card.contains("单据可能有误"))
        try await self.narrows(chen)
        #expect(try await chen.tabs(to: "it.getAttribute('href') === '/delivery/D-9'"))
        try await chen.press(Browser.enter)
        // The trail is behind a purpose.
        #expect(try await chen.waits(for: "document.activeElement?.id === 'purpose'"))
        try await chen.press("case 7" + Browser.enter)
        #expect(
            try await chen.waits(for: "document.querySelector('.lane-chart') && document.querySelector('.checks li')"))
        #expect(
            try installation.count("SELECT count(*) FROM audit_log WHERE action = 'trail.read' AND purpose = 'case 7'")
                == 1)
        // The form for the purpose is gone: the focus is at the head of what it was for.
        #expect(try await chen.waits(for: "document.activeElement?.matches('#findings h2')"))
        #expect(try await chen.tabs(to: "it.value === 'case' && it.name === 'decision'"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.decided.case a')"))
        #expect(try await chen.waits(for: "document.activeElement?.matches('.decided.case')"))
        let number = try await chen.text(".decided.case a").trimmingCharacters(in: .whitespaces)
        try await chen.go("http://127.0.0.1:\(installation.port)/case/\(number)")
        #expect(try await chen.waits(for: "document.querySelector('.items a')?.textContent === 'D-9'"))
        _ = try await chen.run("document.querySelector('button[value=filed]').click()")
        // Filing starts the 90 days.
        #expect(try await chen.waits(for: "document.body.textContent.includes('90')"))
        #expect(try installation.count("SELECT count(*) FROM case_entry") == 3)
        let complaints = try await chen.complaints()
        #expect(complaints == [])
        try await chen.close()
        await driver.end()
        _ = await service.stop()
    }

    /// Only what one rule hit, and all again; the address holds it.
    private func narrows(_ chen: Browser) async throws {
        let address = try #require(try await chen.run("return location.href") as? String)
        try await chen.go(address + "?rule=ticket-missing")
        #expect(try await chen.waits(for: "document.querySelector('.empty')?.textContent.includes('筛选')"))
        #expect(try await chen.tabs(to: "it.name === 'rule'"))
        let pick = "const it = document.activeElement; it.value = '%'; it.dispatchEvent(new Event('change'));"
        for rule in ["", "diversion"] {
            _ = try await chen.run(pick.replacing("%", with: rule))
            #expect(try await chen.waits(for: "location.search === '\(rule.isEmpty ? "" : "?rule=diversion")'"))
            #expect(try await chen.waits(for: "document.querySelector('.queued h3 a')?.textContent === 'T2'"))
            #expect(try await chen.waits(for: "document.activeElement?.name === 'rule'"))
        }
        #expect(try await chen.tabs(to: "it.name === 'to'"))
        _ = try await chen.run(pick.replacing("%", with: "2020-01-01"))
        #expect(try await chen.waits(for: "!document.querySelector('.queued') && document.querySelector('.empty')"))
        try await chen.go(address + "?rule=diversion&to=2020-01-01")
        #expect(try await chen.waits(for: "document.querySelector('.empty')?.textContent.includes('筛选')"))
        #expect(try await chen.waits(for: "document.querySelector('input[name=to]')?.value === '2020-01-01'"))
        #expect(try await chen.tabs(to: "it.textContent === '清除筛选'"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.queued h3 a')?.textContent === 'T2'"))
        #expect(try await chen.waits(for: "location.search === '' && document.activeElement?.name === 'rule'"))
    }

    @Test func theAdministratorMovesAFenceByKeyboardAndLooksThroughAFile() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let admin = try await BrowserCity.logIn("adm", "administrator", [], installation, driver, landsOn: "/account")
        let home = "http://127.0.0.1:\(installation.port)"
        try await admin.go(home + "/registers/plants")
        #expect(try await admin.waits(for: "document.querySelector('td a')?.textContent === 'PA'"))
        #expect(try await admin.tabs(to: "it.textContent === 'PA'"))
        try await admin.press(Browser.enter)
        #expect(try await admin.waits(for: "document.getElementById('edit')"))
        #expect(try await admin.tabs(to: "it.id === 'edit'"))
        try await admin.press(Browser.enter)
        #expect(try await admin.waits(for: "document.querySelector('.handle.whole')"))
        #expect(try await admin.tabs(to: "it.classList.contains('whole')"))
        // Ten metres to the north, and two.
        _ = try await admin.run(
            """
            for (const shiftKey of [true, false, false]) document.activeElement.dispatchEvent(
              new KeyboardEvent('keydown', { key: 'ArrowUp', shiftKey, bubbles: true, cancelable: true }));
            """)
        try await admin.narrow(375)
        #expect(try await admin.fits(), "too wide: the form")
        #expect(try await admin.tabs(to: "it.name === 'reason'"))
        try await admin.press("moved" + Browser.enter)
        #expect(try await admin.waits(for: "document.querySelectorAll('.history li').length === 2"))
        #expect(try await admin.text(".history").contains("moved"))
        let moved = try installation.count(
            """
            SELECT (content #>> '{fence,circle,center,latitudeE7}')::bigint FROM register_entry
            WHERE id = 'PA' AND known_to IS NULL
            """)
        #expect((307_000_900...307_001_200).contains(moved), "\(moved)")
        #expect(
            try installation.count(
                "SELECT count(*) FROM audit_log WHERE action = 'register.change' AND actor = 'adm'") == 1)

        try await admin.go(home + "/registers/places")
        #expect(try await admin.waits(for: "document.querySelector('input[type=file]')"))
        _ = try await admin.run(
            """
            const files = new DataTransfer();
            files.items.add(new File(['place_id,name,kind,lat,lon,radius_m\\nL9,x,castle,30,120,9\\n'], 'bad.csv'));
            document.querySelector('input[type=file]').files = files.files;
            document.querySelector('.import-form button').click();
            """)
        #expect(try await admin.waits(for: "document.querySelector('.preview .odd')"))
        #expect(try await admin.text(".preview").contains("kind"))
        #expect(try await !admin.isTrue("document.querySelector('.preview .primary')"))
        #expect(try installation.count("SELECT count(*) FROM register_entry WHERE kind = 'places'") == 1)
        try await Self.store(admin, installation)
        // The browser says of every refusal that it could not load that; this one was wanted.
        let complaints = try await admin.complaints().filter { !$0.contains("409") }
        #expect(complaints == [])
        try await admin.close()
        await driver.end()
        _ = await service.stop()
    }

    /// What was previewed is stored; not what somebody changed meanwhile.
    private static func store(_ admin: Browser, _ installation: Installation) async throws {
        func preview(_ text: String) async throws {
            _ = try await admin.run(
                """
                const files = new DataTransfer();
                files.items.add(new File([\(text)], 'good.csv'));
                document.querySelector('input[type=file]').files = files.files;
                document.querySelector('.import-form button').click();
                """)
        }
        try await preview("''")
        #expect(try await admin.waits(for: "/空|empty/.test(document.getElementById('said').textContent)"))
        #expect(try await !admin.isTrue("document.querySelector('.preview')"))
        let rows = "'place_id,name,kind,lat,lon,radius_m\\nL9,x,fuel,30.7,120.7,90\\n'"
        let storeButton = "document.querySelector('.preview .primary')"
        try await preview(rows)
        #expect(try await admin.waits(for: storeButton))
        let folder = try await TestServers.shared.makeFolder()
        try Data("place_id,name,kind,lat,lon,radius_m\nL8,y,depot,30.8,120.8,90\n".utf8)
            .write(to: URL(fileURLWithPath: "\(folder)/other.csv"))
        #expect(try await installation.run("import", "places", "\(folder)/other.csv").code == 0)
        _ = try await admin.run("\(storeButton).click()")
        #expect(try await admin.waits(for: "/有人|Somebody/.test(document.getElementById('said').textContent)"))
        #expect(try installation.count("SELECT count(*) FROM register_entry WHERE id = 'L9'") == 0)
        try await preview(rows)
        #expect(try await admin.waits(for: storeButton))
        _ = try await admin.run("\(storeButton).click()")
        #expect(try await admin.waits(for: "document.querySelector('.preview') && !\(storeButton)"))
        #expect(
            try installation.count("SELECT count(*) FROM register_entry WHERE id = 'L9' AND known_to IS NULL") == 1)
    }
}
