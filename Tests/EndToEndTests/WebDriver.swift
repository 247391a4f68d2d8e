import Foundation
import LocalServers
import Supervision
import TestSupport

/// Debian's chromedriver: starts browsers and does in them what a person does, over the W3C WebDriver protocol.
final class WebDriver: Sendable {
    private let process: ChildProcess
    private let port: UInt16
    private let folder: String

    static var isInstalled: Bool {
        ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy(FileManager.default.isExecutableFile)
    }

    /// What the driver answered instead of doing it.
    struct Failure: Error { var said: String }

    init() async throws {
        self.port = try LoopbackPort.findFree()
        self.folder = try await TestServers.shared.makeFolder()
        var spawn = Spawn(
            program: "/usr/bin/chromedriver", arguments: ["--port=\(self.port)"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": self.folder])
        spawn.output = .discarded
        spawn.placement = .ownSession
        self.process = try spawn.start()
        let port = self.port
        guard try await eventually({ LoopbackPort.accepts(port) }) else { throw Failure(said: "no chromedriver") }
    }

    func end() async {
        self.process.send(signal: 15)
        _ = await self.process.waitForEnd()
    }

    /// A browser of its own, with its own cookies.
    func browser(width: Int = 1280, height: Int = 900) async throws -> Browser {
        let profile = try await TestServers.shared.makeFolder()
        let options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(profile)",
                "--window-size=\(width),\(height)",
            ]
        ]
        let wanted: [String: Any] = [
            "capabilities": [
                "alwaysMatch": ["goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"]]
            ]
        ]
        let value = try await self.send("POST", "/session", wanted) as? [String: Any]
        guard let id = value?["sessionId"] as? String else { throw Failure(said: "no session") }
        return Browser(driver: self, session: "/session/" + id)
    }

    @discardableResult
    func send(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Any? {
        let folder = try await TestServers.shared.makeFolder()
        var options = ["-X", method]
        if let body {
            try JSONSerialization.data(withJSONObject: body).write(to: URL(fileURLWithPath: folder + "/sent"))
            options += ["-H", "Content-Type: application/json", "--data-binary", "@\(folder)/sent"]
        }
        var spawn = Spawn(
            program: "/usr/bin/curl",
            arguments: ["-s", "-m", "120", "-o", folder + "/body"] + options
                + ["http://127.0.0.1:\(self.port)\(path)"],
            environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .discarded
        _ = await (try spawn.start()).waitForEnd()
        let data = FileManager.default.contents(atPath: folder + "/body") ?? Data()
        let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        if let error = answer?["value"] as? [String: Any], let said = error["error"] as? String {
            throw Failure(said: "\(said): \(error["message"] ?? "")")
        }
        return answer?["value"]
    }
}

/// One browser: goes to pages, presses keys, reads what is there.
struct Browser {
    let driver: WebDriver
    let session: String

    func go(_ address: String) async throws {
        try await self.driver.send("POST", self.session + "/url", ["url": address])
    }

    /// What the script returns.
    func run(_ script: String) async throws -> Any? {
        try await self.driver.send("POST", self.session + "/execute/sync", ["script": script, "args": [String]()])
    }

    func isTrue(_ expression: String) async throws -> Bool {
        try await self.run("return Boolean(\(expression))") as? Bool ?? false
    }

    func text(_ selector: String) async throws -> String {
        try await self.run("return document.querySelector(`\(selector)`)?.textContent ?? ''") as? String ?? ""
    }

    /// Waits for what a page does after it was loaded.
    func waits(for expression: String) async throws -> Bool {
        try await eventually(within: .seconds(60)) { try await self.isTrue(expression) }
    }

    /// Presses keys one after the other, wherever the focus is. Special keys are the code points of the standard.
    func press(_ keys: String) async throws {
        let presses = keys.flatMap { key -> [[String: String]] in
            [["type": "keyDown", "value": String(key)], ["type": "keyUp", "value": String(key)]]
        }
        try await self.driver.send(
            "POST", self.session + "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": presses]]])
    }

    static let tab = "\u{E004}"
    static let enter = "\u{E007}"
    static let down = "\u{E015}"

    /// Goes on with the Tab key until the focus is where `expression` says; false when it never comes there.
    func tabs(to expression: String, limit: Int = 80) async throws -> Bool {
        for _ in 0..<limit {
            if try await self.run("const it = document.activeElement; return Boolean(\(expression))") as? Bool == true {
                return true
            }
            try await self.press(Self.tab)
        }
        return false
    }

    /// As a telephone shows it.
    func narrow(_ width: Int) async throws {
        try await self.driver.send(
            "POST", self.session + "/goog/cdp/execute",
            [
                "cmd": "Emulation.setDeviceMetricsOverride",
                "params": ["width": width, "height": 800, "deviceScaleFactor": 1, "mobile": true],
            ])
    }

    /// Whether nothing lies beyond the edge. `innerWidth` would not say it: on a telephone it grows with the page.
    func fits() async throws -> Bool {
        try await self.isTrue("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    }

    /// Files that a page hands out go there, unasked.
    func download(to folder: String) async throws {
        try await self.driver.send(
            "POST", self.session + "/goog/cdp/execute",
            ["cmd": "Browser.setDownloadBehavior", "params": ["behavior": "allow", "downloadPath": folder]])
    }

    /// What the console of the browser said since it was last asked: errors and warnings.
    func complaints() async throws -> [String] {
        let rows = try await self.driver.send("POST", self.session + "/se/log", ["type": "browser"])
        return (rows as? [[String: Any]] ?? []).compactMap { row in
            ["SEVERE", "WARNING"].contains(row["level"] as? String ?? "") ? row["message"] as? String : nil
        }
    }

    /// Hosts that the page asked for anything.
    func hosts() async throws -> Set<String> {
        let found = try await self.run(
            "return performance.getEntriesByType('resource').map((entry) => new URL(entry.name).host)")
        return Set(found as? [String] ?? [])
    }

    func close() async throws { try await self.driver.send("DELETE", self.session) }
}
