import Foundation
import Glibc
import LocalServers
import PostgresClient
import Supervision
import TestSupport
import Testing

/// Ingestion as its users run it, between a broker and a database that can be killed, with a proxy on either side.
final class Site: Sendable {
    let broker: MosquittoBroker
    let cluster: PostgresCluster
    let brokerProxy: FaultProxy
    let databaseProxy: FaultProxy
    /// Straight to the database, past the proxy.
    let databaseURL: String
    let folder: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - profile: the broker's; the one that is shipped by default.
    ///   - database: a database that is there already.
    ///   - settings: further variables of the service.
    init(
        profile: String? = nil, cluster: PostgresCluster? = nil, database: String? = nil, migrates: Bool = true,
        settings: [String: String] = [:]
    ) async throws {
        let shipped = try String(
            contentsOfFile: (RepositoryRoot.url?.path ?? "") + "/config/mosquitto.conf", encoding: .utf8)
        self.broker = try await TestServers.shared.makePrivateBroker(profile: profile ?? shipped)
        if let cluster {
            self.cluster = cluster
        } else {
            self.cluster = try await TestServers.shared.makePrivateCluster()
        }
        let endpoint = try await self.cluster.start()
        let name = database ?? "fleet"
        if database == nil {
            try await self.cluster.ensureDatabase(name)
            for query in ["CREATE EXTENSION IF NOT EXISTS postgis", "CREATE EXTENSION IF NOT EXISTS btree_gist"] {
                try await self.cluster.execute(query, database: name)
            }
        }
        self.databaseURL = endpoint.url(database: name)
        self.brokerProxy = try FaultProxy(to: self.broker.port)
        self.databaseProxy = try FaultProxy(to: endpoint.port)
        self.folder = try await TestServers.shared.makeFolder()
        let proxied = self.databaseURL.replacing(":\(endpoint.port)/", with: ":\(self.databaseProxy.port)/")
        self.environment = [
            "PATH": "/usr/bin:/bin", "HOME": self.folder, "SWIFT_BACKTRACE": "enable=no",
            "TONGXING_DATABASE_URL": proxied, "TONGXING_MQTT_URL": "mqtt://127.0.0.1:\(self.brokerProxy.port)",
            "TONGXING_MQTT_CLIENT_ID": "ingestion",
        ].merging(settings) { $1 }
        if migrates { try await self.migrate() }
    }

    func migrate() async throws {
        let end = await (try self.spawn(["migrate"], log: "migrate.log").start()).waitForEnd()
        try #require(end.isSuccess, "\(self.text("migrate.log"))")
    }

    private func spawn(_ arguments: [String], log: String) -> Spawn {
        var spawn = Spawn(program: BuiltProgram.path, arguments: arguments, environment: self.environment)
        spawn.output = .file("\(self.folder)/\(log)")
        return spawn
    }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(self.folder)/\(name)") ?? Data(), as: UTF8.self)
    }

    /// What the service said last.
    var ending: String { String(self.text("serve.log").suffix(3000)) }

    /// Starts ingestion alone, in place; it ends with the test process. Does not wait until it is ready.
    func startIngestion(settings: [String: String] = [:]) throws -> Ingestion {
        var spawn = self.spawn(["serve", "--only", "ingestion"], log: "serve.log")
        spawn.environment.merge(settings) { $1 }
        return try Ingestion(spawn)
    }

    /// What a command printed, errors among it, and how it ended.
    func run(_ arguments: String..., settings: [String: String] = [:]) async throws -> (code: Int32, text: String) {
        let log = "run-\(UUID().uuidString).log"
        var spawn = self.spawn(arguments, log: log)
        spawn.environment.merge(settings) { $1 }
        let end = await (try spawn.start()).waitForEnd()
        return (end.shellCode, self.text(log))
    }

    // MARK: - Looking

    /// The first field of the first row. A new connection each time: the database comes and goes.
    func ask(_ sql: StaticString) throws -> String? {
        let connection = try PostgresConnection(url: self.databaseURL, application: "test", connectTimeoutSeconds: 5)
        return try connection.query(NamedQuery(sql, sql)).text(0, 0)
    }

    func number(_ sql: StaticString) throws -> Int { try self.ask(sql).flatMap { Int($0) } ?? -1 }

    func execute(_ sql: String) throws {
        try PostgresConnection(url: self.databaseURL, application: "test").execute(sql)
    }

    /// Rows of the log; nil while the database is away.
    func stored() -> Int? { try? self.number("SELECT count(*) FROM position") }

    /// Waits until the log holds so many rows.
    func waitForRows(_ count: Int, _ note: String = "") async throws {
        let isThere = try await eventually(within: .seconds(120)) { (self.stored() ?? -1) >= count }
        try #require(
            isThere, "\(self.stored() ?? -1) of \(count) rows. \(note)\n\(self.ending)")
    }

    /// The lane's connection to the broker, and the one that looks at the broker's profile.
    static let connectionsOfAStart = 2

    /// Waits until ingestion has said that it is subscribed, and has looked at the broker.
    func waitUntilReady() async throws {
        let hasLooked = try await eventually(within: .seconds(60)) {
            self.brokerProxy.totalConnections >= Self.connectionsOfAStart
        }
        try #require(hasLooked, "\(self.ending)")
        let isReady = try await eventually(within: .seconds(60)) {
            (try? self.number(
                """
                SELECT count(*) FROM part
                WHERE part = 'ingestion' AND is_ready AND clock_timestamp() - beat_at < interval '5 s'
                """)) == 1
        }
        try #require(isReady, "\(self.ending)")
    }

    /// Waits until ingestion holds no connection to the broker.
    func waitUntilDisconnected() async throws {
        let isAway = try await eventually(within: .seconds(60)) { self.brokerProxy.openConnections == 0 }
        #expect(
            isAway,
            "the broker's connection must go while nothing can be stored\n\(self.ending)")
    }

    /// Counts every message (goals: nothing lost, nothing twice): all that the terminals know to be delivered is in the
    /// log once, every received message is in one state, and the lanes' chains have no gap. The counts go into the
    /// table of `make faults`.
    /// - Parameters:
    ///   - besides: good messages that others than the terminals sent.
    ///   - lost: how many of the terminals' messages the log may lack.
    func settleAccounts(
        _ terminals: Terminals, besides: Int = 0, quarantined: Int = 0, lost: ClosedRange<Int> = 0...0, _ note: String
    ) async throws {
        // The last acknowledgements may lie unread at the terminals.
        #expect(try await eventually(within: .seconds(60)) { terminals.isDone }, "\(note)")
        #expect(terminals.acknowledgedCount == terminals.count, "\(note)")
        let rows = try self.number("SELECT count(*) FROM position")
        let count = terminals.count + besides
        #expect(lost.contains(count - rows), "\(rows) rows of \(count) messages. \(note)")
        let distinct = try self.number("SELECT count(DISTINCT sequence) FROM position WHERE sequence >= 0")
        #expect(distinct == rows, "\(note)")
        #expect(
            try self.number(
                """
                SELECT count(*) FROM lane l WHERE (stored + duplicate + quarantined + ignored, last_number) <>
                    (SELECT coalesce(sum(message_count), 0), count(*) FROM batch b WHERE b.lane_id = l.lane_id)
                """) == 0, "received is not the sum of the states, or a chain has a gap. \(note)")
        #expect(try self.number("SELECT sum(stored) FROM lane") == rows, "\(note)")
        #expect(try self.number("SELECT count(*) FROM quarantine") >= quarantined, "\(note)")
        let refused = try self.number("SELECT count(*) FROM quarantine WHERE reason = 'refused-by-store'")
        try FaultTable.append([
            note, "\(count)", "\(terminals.acknowledgedCount + besides)", "\(distinct)",
            try self.ask("SELECT sum(duplicate) FROM lane") ?? "?",
            try self.ask("SELECT sum(quarantined) FROM lane") ?? "?", "\(rows - distinct)",
            "\(count - distinct - refused)",
        ])
    }
}

/// The counts of every scenario, a line each, for the file that `FAULT_TABLE` names; `make faults` makes a table of it.
enum FaultTable {
    static func append(_ cells: [String]) throws {
        guard let path = ProcessInfo.processInfo.environment["FAULT_TABLE"] else { return }
        let scenario = Test.current.map { String($0.name.prefix { $0 != "(" }) } ?? "?"
        let line = "| " + ([scenario] + cells).joined(separator: " | ") + " |\n"
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
        try #require(file >= 0, "cannot write \(path)")
        defer { close(file) }
        // One write, at the end: scenarios run side by side.
        let written = Array(line.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        #expect(written == line.utf8.count)
    }
}

/// A running `tongxing serve --only ingestion`.
final class Ingestion: Sendable {
    private let process: ChildProcess
    private let lifeline: LifelinePipe

    init(_ spawn: Spawn) throws {
        self.lifeline = try LifelinePipe()
        var spawn = spawn
        spawn.environment[Lifeline.variable] = "3"
        spawn.third = self.lifeline.readingEnd
        spawn.placement = .ownSession
        self.process = try spawn.start()
    }

    func kill() async {
        self.process.send(signal: SIGKILL)
        _ = await self.process.waitForEnd()
    }

    /// Stops in good order.
    func stop() async -> ProcessEnd {
        self.process.send(signal: SIGTERM)
        return await self.process.waitForEnd()
    }

    func waitForEnd() async -> ProcessEnd { await self.process.waitForEnd() }
}

/// The dice of the fault tests: `FAULT_SEED` chooses them, `FAULT_ROUNDS` how many seeds are tried after it.
enum FaultSeeds {
    static let all: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["FAULT_SEED"].flatMap(UInt64.init) ?? 1
        let rounds = environment["FAULT_ROUNDS"].flatMap(UInt64.init) ?? 1
        return (0..<max(1, rounds)).map { first + $0 }
    }()
}
