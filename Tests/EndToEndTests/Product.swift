import Foundation
import Glibc
import LocalServers
import PostgresClient
import Supervision
import TestSupport
import Testing

/// The built `tongxing`, run as its users run it.
enum Product {
    /// What a command printed and how it ended.
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String

        var lines: [String] { self.output.split(separator: "\n").map(String.init) }
    }

    /// Runs a command to its end.
    @discardableResult
    static func run(_ arguments: [String], _ environment: [String: String]) async throws -> Outcome {
        let folder = try await TestServers.shared.makeFolder()
        // Output and errors apart: the shell does what `Spawn` does not.
        var spawn = Spawn(
            program: "/bin/sh",
            arguments: [
                "-c", "out=$1; err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\"", "sh", "\(folder)/out",
                "\(folder)/err", BuiltProgram.path,
            ]
                + arguments,
            environment: environment)
        spawn.output = .discarded
        let end = await (try spawn.start()).waitForEnd()
        func text(_ name: String) -> String {
            String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        return Outcome(code: end.shellCode, output: text("out"), errors: text("err"))
    }
}

/// One installation: a database of its own, the shared broker under client ids of its own, a port.
final class Installation: Sendable {
    let environment: [String: String]
    let databaseURL: String
    let port: UInt16
    private let folder: String

    /// - Parameter broker: another broker than the shared one.
    /// - Parameter settings: further variables.
    /// - Parameter access: `accounts` asks whoever reads from the console to log in.
    /// - Parameter port: the console's, where it must be known before.
    init(
        broker: String? = nil, access: String = "open", settings: [String: String] = [:], port: UInt16? = nil
    ) async throws {
        self.databaseURL = try await TestServers.shared.freshDatabase()
        self.port = try port ?? LoopbackPort.findFree()
        self.folder = try await TestServers.shared.makeFolder()
        let sharedBroker = "mqtt://127.0.0.1:\(try await TestServers.shared.mqttPort)"
        // Tests share the broker: topics of its own keep this installation's traffic apart.
        let standard = [
            "PATH": "/usr/bin:/bin", "HOME": self.folder, "SWIFT_BACKTRACE": "enable=no",
            "TONGXING_DATABASE_URL": self.databaseURL, "TONGXING_MQTT_URL": broker ?? sharedBroker,
            "TONGXING_MQTT_CLIENT_ID": "ingestion-\(self.port)", "TONGXING_WEB_PORT": String(self.port),
            "TONGXING_WEB_ACCESS": access,
        ]
        self.environment = standard.merging(settings) { $1 }
        let migrated = try await self.run("migrate")
        #expect(migrated.code == 0, "\(migrated.errors)")
    }

    @discardableResult
    func run(_ arguments: String...) async throws -> Product.Outcome {
        try await Product.run(arguments, self.environment)
    }

    /// Starts `tongxing serve` in a session of its own, so that a kill of the group takes all of it, and waits until it
    /// is ready. It ends with the test process.
    func serve(_ arguments: String..., waitsUntilReady: Bool = true) async throws -> Service {
        let service = try Service(
            arguments: arguments, environment: self.environment, log: self.folder + "/serve.log", port: self.port)
        if waitsUntilReady {
            #expect(try await eventually { try await service.isReady() }, "\(service.log)")
        }
        return service
    }

    /// Counts by state, once everything is taken in and analysed.
    func caughtUp() async throws -> [String: Int] {
        let outcome = try await self.run("status", "--wait-caught-up", "120", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        return (object ?? [:]).compactMapValues { $0 as? Int }
    }

    func count(_ sql: StaticString) throws -> Int {
        let connection = try PostgresConnection(url: self.databaseURL, application: "test")
        return Int(try connection.query(NamedQuery(sql, sql)).integer(0, 0) ?? -1)
    }

    /// Changes the database behind the product's back.
    func execute(_ sql: StaticString) throws {
        try PostgresConnection(url: self.databaseURL, application: "test").query(NamedQuery(sql, sql))
    }
}

/// A running `tongxing serve`.
final class Service: Sendable {
    private let process: ChildProcess
    private let lifeline: LifelinePipe
    private let logPath: String
    private let port: UInt16

    init(arguments: [String] = [], environment: [String: String], log: String, port: UInt16) throws {
        self.lifeline = try LifelinePipe()
        self.logPath = log
        self.port = port
        var spawn = Spawn(
            program: BuiltProgram.path, arguments: ["serve"] + arguments,
            environment: environment.merging([Lifeline.variable: "3"]) { $1 })
        spawn.third = self.lifeline.readingEnd
        spawn.placement = .ownSession
        spawn.output = .file(log)
        self.process = try spawn.start()
    }

    var log: String { String(decoding: FileManager.default.contents(atPath: self.logPath) ?? Data(), as: UTF8.self) }

    func isReady() async throws -> Bool {
        guard let url = URL(string: "http://127.0.0.1:\(self.port)/readyz") else { return false }
        let outcome = try await Self.get(url)
        return outcome.status == 200
    }

    /// A GET through curl: what a user has.
    static func get(_ url: URL) async throws -> (status: Int, body: String) {
        let folder = try await TestServers.shared.makeFolder()
        var spawn = Spawn(
            program: "/bin/sh",
            arguments: [
                "-c", "curl -s -m 120 -o \"$2/body\" -w '%{http_code}' \"$1\" >\"$2/code\"", "sh", url.absoluteString,
                folder,
            ],
            environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .discarded
        _ = await (try spawn.start()).waitForEnd()
        func text(_ name: String) -> String {
            String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        return (Int(text("code")) ?? 0, text("body"))
    }

    func get(_ path: String) async throws -> (status: Int, body: String) {
        guard let url = URL(string: "http://127.0.0.1:\(self.port)\(path)") else { return (0, "") }
        return try await Self.get(url)
    }

    /// Kills the supervisor and every part at once.
    func killAll() async {
        kill(-self.process.pid, SIGKILL)
        _ = await self.process.waitForEnd()
    }

    /// Kills one part; the supervisor starts it again.
    func killPart(_ name: String) {
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry),
                let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline"),
                let status = FileManager.default.contents(atPath: "/proc/\(entry)/stat"),
                String(decoding: line, as: UTF8.self).contains("--only\0\(name)\0"),
                String(decoding: status, as: UTF8.self).split(separator: " ").dropFirst(3).first
                    == "\(self.process.pid)"
            else { continue }
            kill(pid, SIGKILL)
        }
    }

    /// Stops in good order; returns how it ended.
    func stop() async -> ProcessEnd {
        self.process.send(signal: SIGTERM)
        return await self.process.waitForEnd()
    }
}
