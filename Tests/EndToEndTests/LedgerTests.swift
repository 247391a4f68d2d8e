import Foundation
import LocalServers
import PostgresClient
import Supervision
import TestSupport
import Testing

/// The commands that answer for what was received: ledger, quarantine, seals, raw messages, retention, holds.
@Suite struct LedgerTests {
    /// Sends the lines through the broker to a running service, and stops it once all is stored.
    private static func installation(_ lines: [String], metrics wanted: String = "totals") async throws -> Installation
    {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url, settings: ["TONGXING_WEB_METRICS": wanted])
        let service = try await installation.serve()
        let folder = try await TestServers.shared.makeFolder()
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/x.ndjson"))
        #expect(try await installation.run("replay", folder + "/x.ndjson").code == 0)
        _ = try await installation.caughtUp()
        let metrics = try await service.get("/metrics").body
        #expect(metrics.contains("tongxing_lane_messages_total{lane=\"main\",state=\"stored\"}"), "\(metrics)")
        if wanted == "totals" { #expect(!metrics.contains("T1"), "no series a terminal") }
        if wanted == "terminals" { self.checkTheSums(metrics) }
        #expect(metrics.contains("# HELP tongxing_ingestion_unknown_fields_total"), "\(metrics)")
        #expect(await service.stop().isSuccess)
        try await broker.stop()
        return installation
    }

    /// In every state the terminals and the messages without one are what the lane has.
    private static func checkTheSums(_ metrics: String) {
        func values(_ name: String, _ state: String) -> [Int] {
            metrics.split(separator: "\n").filter { $0.hasPrefix(name + "{") && $0.contains("state=\"\(state)\"}") }
                .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        }
        for state in ["stored", "duplicate", "quarantined", "ignored"] {
            let terminals = values("tongxing_terminal_messages_total", state)
            #expect(terminals.count == 3, "T1, T2 and none: \(metrics)")
            #expect(values("tongxing_lane_messages_total", state) == [terminals.reduce(0, +)], "\(state): \(metrics)")
        }
        #expect(values("tongxing_terminal_messages_total", "quarantined").reduce(0, +) == 5)
    }

    private static func position(_ minute: Int, seq: Int, more: String = "") -> String {
        #"{"topic":"fleet/v1/T1/position","payload":{"time":"2026-03-02T08:\#(minute):00Z","lat":30.7,"lon":120.7,"#
            + #""seq":\#(seq)\#(more)}}"#
    }

    private static func refused(_ time: String) -> String {
        #"{"topic":"fleet/v1/T1/position","payload":{"time":"\#(time)","lat":30.7,"lon":120.7}}"#
    }

    private static func status(_ installation: Installation) async throws -> [String: Any] {
        let outcome = try await installation.run("status", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
    }

    @Test func everyMessageIsAccountedFor() async throws {
        let installation = try await Self.installation(
            [
                Self.position(10, seq: 1, more: #","colour":"red","cargo":[1]"#), Self.position(11, seq: 2),
                Self.position(12, seq: 5), Self.position(12, seq: 5),
                Self.refused("1999-03-02T08:00:00Z"), Self.refused("1999-03-02T08:00:00Z"),
                Self.refused("1980-03-02T08:00:00Z"), #"{"topic":"fleet/v1/T2/position","payload":"nonsense"}"#,
                #"{"topic":"fleet/v1/nobody","payload":"nonsense"}"#,
            ], metrics: "terminals")
        let before = try await Self.status(installation)
        #expect(before["ledger_balanced"] as? Bool == true)
        #expect((before["lanes"] as? [[String: Any]])?.count == 1)
        #expect(before["unknown_fields"] as? Int == 2)
        #expect(try await installation.run("status").output.contains("未知字段 unknown   2 "))

        #expect(before["terminals"] == nil)
        let all = try await installation.run("status", "--terminals")
        #expect(all.lines.contains { $0.hasSuffix("T1 main: 7 = 3 + 1 + 3 + 0") }, "\(all)")
        #expect(all.lines.contains { $0.hasSuffix("T2 main: 1 = 0 + 0 + 1 + 0") }, "\(all)")
        let json = try await installation.run("status", "--json", "--terminals").output
        #expect(json.contains(#""terminal":"T1""#), "\(json)")

        let page = try await installation.run("ledger", "T1")
        #expect(page.output.contains("7 = 已存 stored 3 + 重复 duplicate 1 + 隔离 quarantined 3"), "\(page)")
        #expect(page.output.contains("3–4 (2)"), "\(page.output)")
        let table = try await installation.run("ledger", "T1", "--format", "csv")
        #expect(table.lines.first?.hasPrefix("terminal,kind,day,received") == true)
        #expect(table.lines.contains { $0.contains("seq_gap") && $0.contains(",3,4,2,") }, "\(table.output)")
        #expect(try await installation.run("ledger", "nobody").code == 1)

        let list = try await installation.run("quarantine", "list", "--terminal", "T1")
        #expect(list.lines.count == 2)
        #expect(list.output.contains("×2"), "\(list.output)")
        let id = try #require(list.lines.first { $0.contains("×2") }?.split(separator: " ").first.map(String.init))
        let shown = try await installation.run("quarantine", "show", id)
        #expect(shown.output.contains("bad-time") && shown.output.contains("7b 22 74 69 6d 65"), "\(shown.output)")
        #expect(try await installation.run("quarantine", "show", "999").code == 1)
        #expect(try await installation.run("quarantine", "list", "--reason", "nonsense").code == 2)
        try await Self.retry(installation, before)
    }

    /// The decoder of another day: with another bound, a report of 1999 is accepted.
    private static func retry(_ installation: Installation, _ before: [String: Any]) async throws {
        let nothing = try await installation.run("quarantine", "retry")
        #expect(nothing.output.contains("refused    5"), "\(nothing)")
        #expect(try installation.count("SELECT count(*) FROM batch WHERE lane_id > 1") == 0)
        let environment = installation.environment.merging(
            ["TONGXING_INGESTION_CLOCK_EARLIEST": "1990-01-01T00:00:00Z"]) { $1 }
        let some = try await Product.run(["quarantine", "retry", "--reason", "bad-time"], environment)
        #expect(some.code == 0)
        #expect(some.output.contains("stored     1") && some.output.contains("duplicate  1"), "\(some)")
        #expect(some.output.contains("refused    1"), "\(some)")
        #expect(try installation.count("SELECT count(*) FROM position") == 4)
        #expect(try installation.count("SELECT count(*) FROM quarantine WHERE resolved_at IS NOT NULL") == 2)
        #expect(
            try installation.count(
                "SELECT count(*) FROM position p JOIN batch b USING (batch_id) JOIN lane l USING (lane_id) WHERE l.is_retry"
            ) == 1)
        let after = try await self.status(installation)
        #expect(after["received"] as? Int == before["received"] as? Int)
        #expect(after["quarantined"] as? Int == before["quarantined"] as? Int)
        #expect(after["positions"] as? Int == 4)
        #expect(after["ledger_balanced"] as? Bool == true)
        #expect((after["quarantine"] as? [String: Int])?["resolved"] == 2)
        let verified = try await installation.run("verify-seals")
        #expect(verified.code == 0, "\(verified)")
        #expect(verified.lines.count == 2)
        let raw = try await installation.run("raw", "T1", "1999-03-02T08:00:00Z", "--purpose", "test")
        #expect(raw.output.contains("1999-03-02T08:00:00Z") && raw.output.contains("retry"), "\(raw)")
    }

    /// What `quarantine retry --help` says of conflicts, and what it says of numbers that it does not try.
    @Test func conflictsAndNumbersAreToldTheTruth() async throws {
        func camera(_ state: String) -> String {
            #"{"topic":"fleet/v1/T2/camera","payload":{"time":"2026-03-02T08:00:00Z","cameras":{"c":"\#(state)"}}}"#
        }
        let installation = try await Self.installation([
            Self.position(10, seq: 1), Self.position(10, seq: 2, more: #","speed_kmh":3"#), camera("ok"),
            camera("lost"),
        ])
        #expect(try installation.count("SELECT count(*) FROM camera_report") == 2)
        let unnamed = try await installation.run("quarantine", "retry")
        #expect(unnamed.code == 0 && unnamed.output.contains("tried      0"), "\(unnamed)")
        let unknown = try await installation.run("quarantine", "retry", "1", "99999999")
        #expect(unknown.code == 1 && unknown.errors.contains("99999999") && unknown.output.isEmpty, "\(unknown)")
        let other = try await installation.run("quarantine", "retry", "1", "2", "--reason", "bad-time")
        #expect(other.code == 0 && other.errors.contains("another reason, not tried: 1, 2"), "\(other)")
        #expect(try installation.count("SELECT count(*) FROM quarantine WHERE outcome IS NOT NULL") == 0)
        let named = try await installation.run("quarantine", "retry", "--reason", "conflict")
        #expect(named.output.contains("tried      2") && named.output.contains("duplicate  1"), "\(named)")
        #expect(named.output.contains("conflict   1"), "\(named)")
        let ended = try installation.count(
            """
            SELECT count(*) FROM quarantine WHERE (terminal, outcome, resolved_at IS NULL)
                IN (('T1', 'conflict', true), ('T2', 'duplicate', false))
            """)
        #expect(ended == 2)
        #expect(try installation.count("SELECT sum(message_count) FROM batch WHERE lane_id > 1") == 2)
        let again = try await installation.run("quarantine", "retry", "1", "2")
        #expect(again.code == 0 && again.errors.contains("not tried: "), "\(again)")
        #expect(again.output.contains("tried      1"), "\(again)")
        // What came first has gone: the other takes its place.
        try installation.execute("DELETE FROM position")
        let last = try await installation.run("quarantine", "retry", "--reason", "conflict")
        #expect(last.output.contains("stored     1"), "\(last)")
    }

    /// One delivery is one delivery, however often it is tried again: what is refused beside what is tried has its row.
    @Test func aRetryAddsNoRowForWhatStandsInQuarantine() async throws {
        func array(_ reports: String...) -> String {
            #"{"topic":"fleet/v1/T1/position","payload":[\#(reports.joined(separator: ","))]}"#
        }
        func report(_ time: String, latitude: String) -> String {
            #"{"time":"\#(time)","lat":\#(latitude),"lon":120.7}"#
        }
        let installation = try await Self.installation([
            Self.position(10, seq: 1),
            array(
                report("2026-03-02T08:10:00Z", latitude: "30.8"), report("1999-03-02T08:00:00Z", latitude: "30.7"),
                report("1985-03-02T08:00:00Z", latitude: "30.7")),
            array(
                report("2026-03-02T08:11:00Z", latitude: "95"), report("1999-03-02T08:01:00Z", latitude: "30.7"),
                report("1985-03-02T08:01:00Z", latitude: "30.7")),
        ])
        #expect(try installation.count("SELECT count(*) FROM quarantine") == 6)
        for (earliest, filter, open) in [("1990", [], 4), ("1981", ["--reason", "bad-time"], 2)] {
            let environment = installation.environment.merging(
                ["TONGXING_INGESTION_CLOCK_EARLIEST": "\(earliest)-01-01T00:00:00Z"]) { $1 }
            let retry = try await Product.run(["quarantine", "retry"] + filter, environment)
            #expect(retry.code == 0 && retry.output.contains("stored     2"), "\(retry)")
            #expect(try installation.count("SELECT count(*) FROM quarantine") == 6, "\(earliest)")
            let left = try installation.count("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL")
            #expect(left == open, "\(earliest)")
        }
        let page = try await installation.run("ledger", "T1")
        #expect(page.lines.contains { $0.hasPrefix("  1  conflict") }, "\(page.output)")
        let list = try await installation.run("quarantine", "list")
        #expect(list.lines.count == 2 && !list.output.contains("×"), "\(list.output)")
    }

    /// A topic cannot turn the line that it stands in, nor steer the terminal.
    @Test func whatOthersSentIsPrintedPlainly() async throws {
        let installation = try await Self.installation([
            Self.position(10, seq: 1),
            #"{"topic":"fleet/v1/x\u202Egpj.exe/\u200B\u0061","payload":"\u202E\u2066evil"}"#,
            #"{"topic":"fleet/v1/\#(String(repeating: "long", count: 500))","payload":"x"}"#,
        ])
        let long = try await installation.run("quarantine", "show", "2")
        #expect(long.code == 0 && long.output.contains("2009 字节 bytes"), "\(long)")
        #expect(long.lines.allSatisfy { $0.count < 500 }, "\(long)")
        let list = try await installation.run("quarantine", "list")
        let shown = try await installation.run("quarantine", "show", "1")
        for outcome in [list, shown] {
            #expect(outcome.code == 0 && outcome.output.contains(#"fleet/v1/x\u{202E}gpj.exe/\u{200B}a"#), "\(outcome)")
            #expect(!outcome.output.unicodeScalars.contains { $0.properties.generalCategory == .format }, "\(outcome)")
        }
        #expect(shown.output.contains(#"\u{202E}\u{2066}evil"#) && shown.output.contains("e2 80 ae"), "\(shown)")
    }

    @Test func aBrokenChainIsAFailureWithACure() async throws {
        let installation = try await Self.installation((10..<40).map { Self.position($0, seq: $0) })
        #expect(try await installation.run("verify-seals").code == 0)
        #expect(try await installation.run("verify-seals", "--from", "2026-01-01", "--to", "2100-01-01").code == 0)
        let raw = try await installation.run("raw", "T1", "2026-03-02T08:20:00Z", "--purpose", "test")
        #expect(raw.output.contains("\"seq\":20"), "\(raw)")
        #expect(try installation.count("SELECT count(*) FROM trail_access WHERE purpose = 'test'") == 1)
        #expect(try await installation.run("raw", "T1", "2026-03-02T08:20:01Z", "--purpose", "test").code == 1)
        // What is not what was sealed is not shown.
        let connection = try PostgresConnection(url: installation.databaseURL, application: "test")
        try connection.execute("CREATE TABLE saved AS SELECT batch_id, hash FROM batch")
        try connection.execute("UPDATE batch SET hash = sha256('x')")
        let refused = try await installation.run("raw", "T1", "2026-03-02T08:20:00Z", "--purpose", "test")
        #expect(refused.code == 1 && refused.errors.contains("chain broken"), "\(refused)")
        try connection.execute("UPDATE batch b SET hash = s.hash FROM saved s WHERE s.batch_id = b.batch_id")

        try connection.execute(
            "UPDATE batch SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE number = 1")
        let broken = try await installation.run("verify-seals")
        #expect(broken.code == 1)
        #expect(broken.errors.contains("lane 'main'") && broken.errors.contains("batch 1"), "\(broken)")
        #expect(broken.errors.split(separator: "\n").count == 1)
        // The newest batch taken away is missed by whoever looks only at what came since.
        try connection.execute("DELETE FROM batch WHERE number = (SELECT max(number) FROM batch)")
        for from in ["2026-01-01", "2099-01-01"] {
            let cut = try await installation.run("verify-seals", "--from", from)
            #expect(cut.code == 1 && cut.errors.contains("chain broken"), "\(from): \(cut)")
        }
        try connection.execute("UPDATE lane SET stored = stored + 1")
        let status = try await Self.status(installation)
        #expect(status["ledger_balanced"] as? Bool == false)
        #expect(try await installation.run("status").output.contains("THE LEDGER DOES NOT BALANCE"))
    }

    @Test func retentionIsOffAndCarefulUnlessTold() async throws {
        let installation = try await Self.installation([Self.position(10, seq: 1)])
        let off = try await installation.run("retention", "--apply")
        #expect(off.code == 0 && off.output.contains("ingestion.retentionMonths"), "\(off)")
        func run(_ months: String, _ arguments: String...) async throws -> Product.Outcome {
            try await Product.run(
                ["retention"] + arguments,
                installation.environment.merging(["TONGXING_INGESTION_RETENTION_MONTHS": months]) { $1 })
        }
        #expect(try await run("5", "--apply").code == 1)
        #expect(try await run("5", "--apply", "--force").code == 0)
        #expect(try await run("many").code == 2)
        let connection = try PostgresConnection(url: installation.databaseURL, application: "test")
        for table in ["position", "batch"] {
            let column = table == "batch" ? "last_received_at" : "received_at"
            try connection.execute("UPDATE \(table) SET \(column) = now() - interval '2 years'")
        }
        #expect(try await installation.run("hold", "add", "--reason", "案 7", "--terminal", "T1").code == 0)
        let held = try await run("12", "--apply")
        #expect(held.output.contains("legal hold 1"), "\(held)")
        #expect(try installation.count("SELECT count(*) FROM position") == 1)
        #expect(try await installation.run("hold", "list").output.contains("案 7"))
        #expect(try await installation.run("hold", "release", "1", "--reason", "结案").code == 0)
        #expect(try await installation.run("hold", "release", "1", "--reason", "结案").code == 1)
        let planned = try await run("12")
        #expect(planned.output.contains("would go"), "\(planned)")
        #expect(try installation.count("SELECT count(*) FROM position") == 1)
        let dropped = try await run("12", "--apply")
        #expect(dropped.code == 0, "\(dropped)")
        #expect(try installation.count("SELECT count(*) FROM position") == 0)
        #expect(try installation.count("SELECT count(*) FROM batch") == 0)
        let verified = try await installation.run("verify-seals")
        #expect(verified.code == 0 && verified.output.contains("dropped before"), "\(verified)")
    }
}
