import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Alerts are told to programs and people: signed, in order, tried again, given up, never lost.
@Suite(.enabled(if: Receiver.isInstalled, "python3-aiosmtpd is not installed: deploy/setup.sh --test"))
struct NoticeTests {
    @Test func alertsAreToldInOrderOverFailuresAndRestarts() async throws {
        // The first notice is refused, sent elsewhere, and then taken.
        let receiver = try await Receiver(statuses: ["500", "302"])
        let installation = try await Installation(settings: [
            "TONGXING_NOTICES_WEBHOOKS":
                "oa=http://127.0.0.1:\(receiver.hookPort)/hook secret=\(Receiver.secret) severity=2,"
                + "gone=http://127.0.0.1:1/x secret=\(Receiver.secret) severity=4 rules=fatigue",
            "TONGXING_NOTICES_MAIL": "li=li@example.org severity=4",
            "TONGXING_NOTICES_SMTP_URL": "smtp://127.0.0.1:\(receiver.mailPort)",
            "TONGXING_NOTICES_MAIL_FROM": "tongxing@example.org", "TONGXING_NOTICES_ATTEMPTS": "3",
            "TONGXING_NOTICES_FIRST_RETRY_SECONDS": "1",
        ])
        try installation.execute("INSERT INTO terminal (name) VALUES ('T1')")
        try installation.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, facts)
            VALUES ('before', 'fatigue', 4, 1, now(), '[]')
            """)
        let service = try await installation.serve("--only", "web")
        #expect(try await eventually { try installation.count("SELECT count(*) FROM notice_receiver") == 3 })
        try installation.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, facts) VALUES
                ('a1', 'speeding', 2, 1, now(), '[{"zh":"超速","en":"too fast"}]'),
                ('a0', 'camera', 1, 1, now(), '[]'), ('a2', 'fatigue', 4, 1, now(), '[{"zh":"疲劳","en":"tired"}]')
            """)
        #expect(try await eventually(within: .seconds(60)) { receiver.hooks.count >= 4 })
        #expect(
            receiver.hooks.map { "\($0.status) \($0.body.alert.alertId)" } == ["500 a1", "302 a1", "200 a1", "200 a2"])
        #expect(receiver.hooks.allSatisfy { $0.isSigned && $0.path == "/hook" && $0.body.event == "alert.raised" })
        #expect(Set(receiver.hooks.prefix(3).map(\.notice)).count == 1)
        #expect(try await eventually(within: .seconds(60)) { receiver.mails.count == 1 })
        let mail = try #require(receiver.mails.first)
        #expect(mail.to == ["li@example.org"] && mail.subject.contains("fatigue T1") && mail.text.contains("疲劳"))
        // Nobody listens there: after the third try it is given up, and the status says so.
        #expect(
            try await eventually(within: .seconds(60)) {
                try installation.count("SELECT count(*) FROM notice WHERE state = 'dead' AND attempts = 3") == 1
            })
        let status = try await installation.run("status")
        #expect(status.output.contains("gone: 0") && status.output.contains("1 放弃 given up"), "\(status.output)")
        // Looked at, and sent again once somebody has mended it; here nobody has.
        let dead = try await installation.run("notices", "list", "--receiver", "gone")
        #expect(dead.lines.count == 1 && dead.output.contains("3 次 tries"), "\(dead)")
        #expect(try await installation.run("notices", "retry", "999999").code == 1)
        let retried = try await installation.run("notices", "retry", "--receiver", "gone")
        #expect(retried.code == 0 && retried.output.contains("1 条将重发"), "\(retried)")
        #expect(
            try await eventually(within: .seconds(60)) {
                try installation.count(
                    "SELECT count(*) FROM notice WHERE state = 'dead' AND attempts = 3 AND ended_at > noted_at") == 1
            })
        #expect(try installation.count("SELECT count(*) FROM audit_log WHERE action = 'notice.retry'") == 1)
        _ = await service.stop()

        // What happens meanwhile is told afterwards, once, and of what was told only the change.
        try installation.execute(
            """
            INSERT INTO alert (alert_id, rule, severity, terminal_id, opened_at, facts)
            VALUES ('a3', 'speeding', 3, 1, now(), '[]')
            """)
        try installation.execute(
            "INSERT INTO alert_action (alert_id, acted_by, kind) VALUES ('a2', 'li', 'acknowledge')")
        let again = try await installation.serve("--only", "web")
        #expect(try await eventually(within: .seconds(60)) { receiver.hooks.count == 6 })
        #expect(
            receiver.hooks.suffix(2).map { "\($0.body.event) \($0.body.alert.alertId)" }
                == ["alert.raised a3", "alert.changed a2"])
        // It was another truck's: a person who was told of the wrong one hears of it too.
        try installation.execute(
            "UPDATE alert SET plate = '浙F00009', revision = nextval('alert_revision') WHERE alert_id = 'a2'")
        #expect(try await eventually(within: .seconds(60)) { receiver.hooks.count == 7 && receiver.mails.count == 2 })
        #expect(receiver.hooks.last.map { "\($0.body.event) \($0.body.alert.alertId)" } == "alert.changed a2")
        let correction = try #require(receiver.mails.last)
        #expect(correction.subject.contains("corrected") && correction.text.contains("车辆 truck 浙F00009"))
        #expect(!service.log.contains(Receiver.secret) && !again.log.contains(Receiver.secret))
        _ = await again.stop()
        await receiver.end()
    }

    @Test(arguments: [
        ("TONGXING_NOTICES_WEBHOOKS", "oa=http://10.0.0.5/ secret=0123456789abcdef", "https://"),
        ("TONGXING_NOTICES_MAIL", "li=li@example.org", "notices.smtpURL"),
        ("TONGXING_NOTICES_ATTEMPTS", "0", "notices.attempts"),
    ])
    func aReceiverThatCannotWorkStopsTheStart(variable: String, value: String, said: String) async throws {
        var environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        environment[variable] = value
        let outcome = try await Product.run(["check"], environment)
        #expect(outcome.code != 0 && outcome.errors.contains(said), "\(outcome.errors)")
    }
}

/// A program and a mailbox on the loopback that write down what they are told.
final class Receiver: Sendable {
    static let secret = "0123456789abcdef"
    static let isInstalled = FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/aiosmtpd")

    /// One webhook as it came.
    struct Hook: Decodable {
        /// What was said of the alert.
        struct Body: Decodable {
            var event: String
            var alert: Alert
        }
        /// Which one.
        struct Alert: Decodable { var alertId: String }
        var status: Int
        var path: String
        var notice: String
        var isSigned: Bool
        var body: Body
    }

    /// One mail as it came.
    struct Mail: Decodable {
        var to: [String]
        var subject: String
        var text: String
    }

    private let process: ChildProcess
    private let folder: String
    let hookPort: String
    let mailPort: UInt16

    init(statuses: [String]) async throws {
        self.folder = try await TestServers.shared.makeFolder()
        self.mailPort = try LoopbackPort.findFree()
        try Data(String(self.mailPort).utf8).write(to: URL(fileURLWithPath: self.folder + "/mail-port"))
        let script = (RepositoryRoot.url?.path ?? "") + "/Tests/EndToEndTests/Scripts/receiver.py"
        var spawn = Spawn(
            program: "/usr/bin/python3", arguments: [script, self.folder] + statuses,
            environment: ["PATH": "/usr/bin:/bin", "SECRET": Self.secret])
        spawn.output = .file(self.folder + "/log")
        spawn.placement = .ownSession
        self.process = try spawn.start()
        let ports = self.folder + "/ports"
        guard try await eventually(within: .seconds(60), { FileManager.default.fileExists(atPath: ports) }) else {
            throw StartError(
                log: String(
                    decoding: FileManager.default.contents(atPath: self.folder + "/log") ?? Data(), as: UTF8.self))
        }
        self.hookPort = String(decoding: FileManager.default.contents(atPath: ports) ?? Data(), as: UTF8.self)
    }

    /// It does not listen.
    struct StartError: Error { var log: String }

    var hooks: [Hook] { self.lines("hooks") }
    var mails: [Mail] { self.lines("mails") }

    private func lines<Line: Decodable>(_ name: String) -> [Line] {
        let text = FileManager.default.contents(atPath: "\(self.folder)/\(name)") ?? Data()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return text.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(Line.self, from: $0) }
    }

    func end() async {
        self.process.send(signal: 15)
        _ = await self.process.waitForEnd()
    }
}
