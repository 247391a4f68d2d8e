import Foundation
import TestSupport
import Testing

/// A case from its opening to its appeal, by keyboard alone.
@Suite(
    .enabled(if: WebDriver.isInstalled, "chromium and its driver are not installed: deploy/setup.sh --test"))
struct BrowserCaseTests {
    /// Goes on with Tab to a control of the form, which it names.
    private static func reach(_ name: String, of form: String, in browser: Browser) async throws {
        #expect(
            try await browser.tabs(to: "it.form?.getAttribute('name') === '\(form)' && it.name === '\(name)'"),
            "\(form).\(name) cannot be reached")
    }

    @Test func anOfficerKeepsACaseByKeyboardAlone() async throws {
        let (installation, service) = try await BrowserCity.make()
        let driver = try await WebDriver()
        let chen = try await BrowserCity.logIn("chen", "enforcement_officer", [], installation, driver)
        #expect(try await chen.tabs(to: "it.getAttribute('href') === '/cases'"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('input[name=title]')"))
        #expect(try await chen.tabs(to: "it.name === 'title'"))
        try await chen.press("Night loads" + Browser.enter)
        #expect(
            try await chen.waits(
                for: "location.pathname.startsWith('/case/') && document.querySelector('form[name=note]')"))

        try await Self.reach("note", of: "note", in: chen)
        try await chen.press("seen from the road" + Browser.enter)
        #expect(
            try await chen.waits(for: "document.querySelector('.history').textContent.includes('seen from the road')"))
        // Whoever works by keyboard goes on where he was.
        #expect(try await chen.isTrue("document.activeElement.form?.getAttribute('name') === 'note'"))

        try await Self.reach("item_id", of: "item", in: chen)
        try await chen.press("D-9" + Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.items a')?.textContent === 'D-9'"))
        #expect(try await chen.tabs(to: "it.matches('.remove > summary')"))
        try await chen.press(Browser.enter)
        try await Self.reach("note", of: "remove", in: chen)
        try await chen.press("another truck" + Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.withdrawn s a')?.textContent === 'D-9'"))
        #expect(try await chen.text(".withdrawn").contains("another truck"))
        #expect(try await chen.isTrue("document.activeElement.form?.getAttribute('name') === 'item'"))
        #expect(try await BrowserCity.faults(of: chen) == [])
        try await Self.reach("note", of: "term", in: chen)
        try await chen.press("sand sample" + Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.items .due')"))
        #expect(try await chen.tabs(to: "it.matches('.items .quick')"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.items .chip.clear')"))
        try await Self.reach("note", of: "appeal", in: chen)
        try await chen.press("written defence" + Browser.enter)
        #expect(
            try await chen.waits(for: "document.querySelector('.history').textContent.includes('written defence')"))
        #expect(try await chen.tabs(to: "it.name === 'status' && it.value === 'filed'"))
        try await chen.press(Browser.enter)
        #expect(try await chen.waits(for: "document.querySelector('.chip.stage-filed')"))

        // It is all there again after a look from elsewhere.
        try await chen.go("http://127.0.0.1:\(installation.port)/cases")
        #expect(try await chen.waits(for: "document.querySelector('td .stage-filed')"))
        #expect(try await chen.text("tbody").contains("Night loads"))
        #expect(
            try installation.count("SELECT count(*) FROM audit_log WHERE actor = 'chen' AND action LIKE 'case.%'") == 8)
        let complaints = try await chen.complaints()
        #expect(complaints == [])
        try await chen.close()
        await driver.end()
        _ = await service.stop()
    }
}
