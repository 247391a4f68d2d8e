import Foundation
package import LocalServers
import Supervision

/// Real servers for tests: one PostgreSQL and one mosquitto for the whole test process, each started when it is first
/// asked for, on random ports of the loopback, in a folder of their own below /tmp. They end, and the folder goes, when
/// the test process ends, `kill -9` included.
package actor TestServers {
    package static let shared = TestServers()

    private var folder: Task<TestFolder, any Error>?
    private var cluster: Task<PostgresCluster, any Error>?
    private var broker: Task<MosquittoBroker, any Error>?

    private init() {}

    // MARK: - Shared by all tests

    /// A new database that holds nothing but the extensions postgis and btree_gist. Its owner, and the user of the URL,
    /// is a superuser.
    ///
    /// - Returns: a libpq connection URL.
    package func freshDatabase() async throws -> String {
        let cluster = try await self.sharedCluster()
        let name = Self.newName()
        try await cluster.execute("CREATE DATABASE \(name) TEMPLATE \(Self.template)")
        return try await cluster.start().url(database: name)
    }

    /// A new database in which nothing is installed at all.
    ///
    /// - Returns: a libpq connection URL.
    package func bareDatabase() async throws -> String {
        let cluster = try await self.sharedCluster()
        let name = Self.newName()
        try await cluster.execute("CREATE DATABASE \(name) TEMPLATE template0")
        return try await cluster.start().url(database: name)
    }

    /// The shared cluster's maintenance database. Do not leave tables in it.
    package var postgresURL: String {
        get async throws { try await self.sharedCluster().start().url(database: "postgres") }
    }

    /// The port of the shared broker: anonymous, QoS 1 queues without limit, nothing kept on disk. Tests share it, so
    /// use topics and client ids of your own.
    package var mqttPort: UInt16 {
        get async throws { try await self.sharedBroker().port }
    }

    // MARK: - For one test alone

    /// A running cluster that only the caller knows, to kill, restart and stop at will (`kill`, `start`, `stop`). It
    /// ends when the last reference goes, or with the test process.
    package func makePrivateCluster() async throws -> PostgresCluster {
        let folder = try await self.testFolder().newSubfolder("postgres")
        return try await Self.onFreePort { port in
            let cluster = PostgresCluster(folder: folder, port: port, tuning: .fastForTests)
            try await cluster.start()
            return cluster
        }
    }

    /// A running broker that only the caller knows, to kill, restart and stop at will. `profile` is the text of a
    /// `mosquitto.conf`.
    package func makePrivateBroker(profile: String = TestServers.persistentProfile) async throws -> MosquittoBroker {
        let folder = try await self.testFolder().newSubfolder("mosquitto")
        return try await Self.onFreePort { port in
            let broker = MosquittoBroker(folder: folder, port: port, profile: profile)
            try await broker.start()
            return broker
        }
    }

    /// An empty folder of the caller's own, which goes with the test process.
    package func makeFolder() async throws -> String {
        try await self.testFolder().newSubfolder("folder")
    }

    /// Sessions survive a restart of the broker; every change is saved at once.
    package static let persistentProfile = """
        allow_anonymous true
        persistence true
        autosave_interval 1
        autosave_on_changes true
        max_queued_messages 0
        max_inflight_messages 0
        """

    private static let volatileProfile = """
        allow_anonymous true
        persistence false
        max_queued_messages 0
        max_inflight_messages 0
        """

    // MARK: - Starting

    private static let template = "tongxing_template"

    private func sharedCluster() async throws -> PostgresCluster {
        if let cluster { return try await cluster.value }
        let starting = Task {
            let cluster = try await self.makePrivateCluster()
            try await cluster.ensureDatabase(Self.template)
            try await cluster.execute("CREATE EXTENSION postgis", database: Self.template)
            try await cluster.execute("CREATE EXTENSION btree_gist", database: Self.template)
            return cluster
        }
        self.cluster = starting
        return try await starting.value
    }

    private func sharedBroker() async throws -> MosquittoBroker {
        if let broker { return try await broker.value }
        let starting = Task { try await self.makePrivateBroker(profile: Self.volatileProfile) }
        self.broker = starting
        return try await starting.value
    }

    private func testFolder() async throws -> TestFolder {
        if let folder { return try await folder.value }
        let making = Task { try TestFolder() }
        self.folder = making
        return try await making.value
    }

    /// Between finding a port and listening on it somebody else may take it; then another one is tried.
    private static func onFreePort<Server>(_ start: (UInt16) async throws -> Server) async throws -> Server {
        for _ in 0..<4 {
            do {
                return try await start(LoopbackPort.findFree())
            } catch let error as LocalServerError where error.code == .portTaken {
                continue
            }
        }
        return try await start(LoopbackPort.findFree())
    }

    private static func newName() -> String {
        "test_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    }
}
