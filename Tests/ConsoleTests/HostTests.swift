import Console
import Testing

/// Which hosts the console answers to.
struct HostTests {
    @Test(arguments: [
        "localhost", "localhost:8080", "LocalHost", "localhost.", "127.0.0.1", "127.0.0.1:8080", "127.8.9.10", "[::1]",
        "[::1]:8080", "console.example", "Console.Example:8443", "tongxing.lan", "10.1.2.3:80",
    ])
    func ownNamesAreAnswered(authority: String) throws {
        let hosts = try HostGuard(host: "10.1.2.3", allowed: ["console.example", "Tongxing.LAN:8080"])
        #expect(hosts.allows(authority))
    }

    @Test(arguments: [
        nil, "", "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
        "127.0.0.1:80:80",
        "127.1", "127.0.0.01", "127.0.0.256", "0.0.0.0", "10.1.2.4", "[::2]", "[::1", "[::1]x", "[localhost]",
        "localhost:x",
        "user@localhost", "localhost/", "localhost\u{0}", "notconsole.example", "console.example.", "xn--localhost",
    ])
    func foreignNamesAreRefused(authority: String?) throws {
        let hosts = try HostGuard(host: "10.1.2.3", allowed: [])
        #expect(!hosts.allows(authority))
    }

    @Test(arguments: ["0.0.0.0", "::"])
    func onEveryAddressAnyAddressIsAnsweredAndNoName(host: String) throws {
        let hosts = try HostGuard(host: host, allowed: [])
        for own in ["192.168.1.5:8080", "[fe80::1]:8080", "localhost"] { #expect(hosts.allows(own), "\(own)") }
        for foreign in ["evil.example", "192.168.1.5.evil.example", "192.168.1"] {
            #expect(!hosts.allows(foreign), "\(foreign)")
        }
    }

    /// Without a log-in the console is for this machine alone; `tongxing check` and the start say so in the same words.
    @Test(arguments: [
        ("127.0.0.1", [], true), ("localhost", [], true), ("::1", [], true), ("0.0.0.0", [], false), ("::", [], false),
        ("10.1.2.3", [], false), ("127.0.0.1", ["console.example"], false),
    ])
    func theOpenConsoleIsForThisMachine(host: String, allowed: [String], isTaken: Bool) throws {
        let server = console(FakeFleet()) {
            $0.host = host
            $0.allowedHosts = allowed
        }
        var configuration = ConsoleConfiguration(host: host, port: 0, allowedHosts: allowed)
        func refusal(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return "\(error)" }
            return nil
        }
        let said = refusal { try ConsoleServer.check(configuration, isOpen: true) }
        #expect((said == nil) == isTaken && said?.contains("web.access") != false)
        #expect(refusal { _ = try server.application() } == said)
        #expect(refusal { try ConsoleServer.check(configuration, isOpen: false) } == nil)
        configuration.tileURL = "no address"
        #expect(refusal { try ConsoleServer.check(configuration, isOpen: false) } != nil)
    }

    @Test(arguments: ["*", "https://console.example", "console.example/", "", "a b", "*.example"])
    func anAllowedHostThatCannotBeOneStopsTheStart(entry: String) {
        let error = #expect(throws: ConsoleError.self) {
            _ = try console(FakeFleet()) { $0.allowedHosts = [entry] }.application()
        }
        #expect(error?.code == .badConfiguration)
    }
}
