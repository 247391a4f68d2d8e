import Foundation
import LocalServers
import TestSupport
import Testing

/// `tongxing check` against real brokers: a line for each thing in which they fall short, and none otherwise.
@Suite struct CheckTests {
    private static func check(
        _ profile: String, protocol version: String, batch: Int = 5000, renderer: String = "none",
        receiveMaximum: Int = 10_000
    ) async throws -> [String] {
        let broker = try await TestServers.shared.makePrivateBroker(profile: profile)
        let installation = try await Installation(
            broker: broker.url,
            settings: [
                "TONGXING_MQTT_PROTOCOL": version, "TONGXING_INGESTION_BATCH_MESSAGES": "\(batch)",
                "TONGXING_EVIDENCE_RENDERER": renderer, "TONGXING_MQTT_RECEIVE_MAXIMUM": "\(receiveMaximum)",
            ])
        let outcome = try await installation.run("check")
        #expect(outcome.code == 0, "warned about, never refused: \(outcome)")
        try await broker.stop()
        return outcome.lines
    }

    /// With MQTT 3.1.1 the broker's own window holds, though it does not say it there; with MQTT 5 ours does.
    @Test(arguments: ["5", "3.1.1"]) func mosquittosDefaultsAreWarnedAbout(version: String) async throws {
        let lines = try await Self.check("allow_anonymous true\nmax_packet_size 100000\n", protocol: version)
        #expect(lines.count { $0.contains("max_inflight_messages") } == (version == "5" ? 0 : 1), "\(lines)")
        for cure in ["max_queued_messages 0", "max_packet_size", "anonymous"] {
            #expect(lines.count { $0.hasPrefix("! ") && $0.contains(cure) } == 1, "\(cure): \(lines)")
        }
        #expect(lines.contains { $0.hasPrefix("· ") && $0.contains("persistence true") }, "\(lines)")
    }

    @Test(arguments: ["5", "3.1.1"]) func theShippedProfileIsOnlyOpen(version: String) async throws {
        let path = (RepositoryRoot.url?.path ?? "") + "/config/mosquitto.conf"
        let lines = try await Self.check(try String(contentsOfFile: path, encoding: .utf8), protocol: version)
        // The tests' own PostgreSQL trades its safety for speed.
        let unsafe = ["fsync=off", "full_page_writes=off"]
        #expect(unsafe.allSatisfy { setting in lines.contains { $0.hasPrefix("! ") && $0.contains(setting) } })
        let warnings = lines.filter { line in
            line.hasPrefix("! ") && !line.contains("tongxing migrate") && !unsafe.contains { line.contains($0) }
        }
        #expect(warnings.count == 1 && warnings.first?.contains("anonymous") == true, "\(lines)")
        #expect(lines.count { $0.hasPrefix("· ") } == 1)
        // Where no PDF is wanted, none is tried.
        #expect(!lines.contains { $0.contains("PDF") || $0.contains("report.pdf") }, "\(lines)")
    }

    /// One line, and none about a queue that was never asked for. Only with MQTT 5 does a broker say what it takes.
    @Test(arguments: ["5", "3.1.1"]) func aBrokerWithoutQoS1IsWarnedAbout(version: String) async throws {
        let lines = try await Self.check(
            "max_qos 0\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n", protocol: version)
        #expect(lines.count { $0.hasPrefix("! ") && $0.contains("max_qos 1") } == 1, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("! ") && $0.contains("max_queued") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("· ") && $0.contains("max_queued") }, "\(lines)")
    }

    /// Of a keep-alive below ours it tells sessions of MQTT 5; those of 3.1.1 keep their own.
    @Test(arguments: [(60, "5", true), (120, "5", false), (60, "3.1.1", false)])
    func aShortKeepAliveIsWarnedAbout(seconds: Int, version: String, isShort: Bool) async throws {
        let lines = try await Self.check("allow_anonymous true\nmax_keepalive \(seconds)\n", protocol: version)
        let found = lines.filter { $0.hasPrefix("! ") && $0.contains("max_keepalive") }
        #expect(found.count == (isShort ? 1 : 0), "\(lines)")
        #expect(found.allSatisfy { $0.contains("\(seconds) s") && $0.contains("120") })
    }

    /// Each limit at which the broker drops what it has acknowledged is named, and no other.
    @Test(arguments: [
        ("max_queued_messages 500", ["max_queued_messages 0"]), ("max_queued_bytes 20000", ["max_queued_bytes 0"]),
        ("max_queued_messages 500\nmax_queued_bytes 20000", ["max_queued_messages 0", "max_queued_bytes 0"]),
        ("message_size_limit 10000", ["message_size_limit"]),
    ])
    func aLimitOfWhatIsKeptIsNamed(limit: String, cures: [String]) async throws {
        let unlimited = limit.contains("max_queued_messages") ? "" : "max_queued_messages 0\n"
        let lines = try await Self.check(
            "allow_anonymous true\nmax_inflight_messages 0\n" + unlimited + limit + "\n", protocol: "5")
        for cure in ["max_queued_messages 0", "max_queued_bytes 0", "message_size_limit"] {
            let count = lines.count { $0.hasPrefix("! ") && $0.contains(cure) }
            #expect(count == (cures.contains(cure) ? 1 : 0), "\(cure): \(lines)")
        }
    }

    /// What `serve` would refuse is found before.
    @Test(arguments: [("127.0.0.1", "open", true), ("0.0.0.0", "open", false), ("0.0.0.0", "accounts", true)])
    func anOpenConsoleForOthersIsFound(host: String, access: String, isFine: Bool) async throws {
        let installation = try await Installation(
            access: access, settings: ["TONGXING_WEB_HOST": host, "TONGXING_EVIDENCE_RENDERER": "none"])
        let outcome = try await installation.run("check")
        let found = outcome.lines.filter { $0.contains("控制台 / console \(host)") }
        #expect(outcome.code == (isFine ? 0 : 1), "\(outcome)")
        #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix(isFine ? "✓ " : "✗ ") }, "\(outcome)")
        #expect(isFine || found.first?.contains("web.access") == true, "\(outcome)")
    }

    /// A window below a batch keeps it from ever filling; one that holds a batch is said nothing of.
    @Test(arguments: [(20, 20, false), (20, 21, true), (999, 1000, true), (1000, 1000, false), (4999, 5000, true)])
    func aWindowBelowABatchIsWarnedAbout(window: Int, batch: Int, isWeak: Bool) async throws {
        let lines = try await Self.check(
            "allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages \(window)\n", protocol: "3.1.1",
            batch: batch)
        let found = lines.filter { $0.contains("max_inflight_messages") }
        #expect(found.count == (isWeak ? 1 : 0), "\(lines)")
        #expect(found.allSatisfy { $0.contains("\(window)") && $0.contains("\(batch)") })
    }

    /// With MQTT 5 the window is ours, whatever the broker's.
    @Test(arguments: [(20, 21, true), (999, 1000, true), (1000, 1000, false), (10_000, 5000, false)])
    func aReceiveMaximumBelowABatchIsWarnedAbout(window: Int, batch: Int, isWeak: Bool) async throws {
        let lines = try await Self.check(
            "allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 20\n", protocol: "5", batch: batch,
            receiveMaximum: window)
        let found = lines.filter { $0.hasPrefix("! ") && $0.contains("mqtt.receiveMaximum") }
        #expect(found.count == (isWeak ? 1 : 0), "\(lines)")
        #expect(found.allSatisfy { $0.contains("\(window)") && $0.contains("\(batch)") })
        #expect(!lines.contains { $0.contains("max_inflight_messages") }, "\(lines)")
    }

    /// A page is printed; that it cannot be is warned of, since packages are made without PDF then.
    @Test(arguments: [
        (#"for it; do case $it in --print-to-pdf=*) echo "%PDF-1.4" >"${it#*=}";; esac; done"#, "✓ "), ("exit 3", "! "),
    ])
    func printingIsTried(script: String, sign: String) async throws {
        let renderer = try await TestServers.shared.makeFolder() + "/renderer"
        try Data(("#!/bin/sh\n" + script + "\n").utf8).write(to: URL(fileURLWithPath: renderer))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: renderer)
        let lines = try await Self.check("allow_anonymous true\n", protocol: "5", renderer: renderer)
        let found = lines.filter { $0.contains(renderer) }
        #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix(sign) && $0.contains("PDF") }, "\(lines)")
    }

    /// Where the ACL lets the service only read, as it should, that is said.
    @Test func whatCannotBeTriedIsSaid() async throws {
        let list = try await TestServers.shared.makeFolder() + "/acl"
        try Data("topic read fleet/#\n".utf8).write(to: URL(fileURLWithPath: list))
        let lines = try await Self.check("allow_anonymous true\nacl_file \(list)\n", protocol: "5")
        for setting in ["max_queued_messages 0", "max_queued_bytes 0", "message_size_limit"] {
            #expect(lines.contains { $0.hasPrefix("· ") && $0.contains(setting) }, "\(lines)")
        }
    }
}
