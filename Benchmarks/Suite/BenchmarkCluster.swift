import Foundation
import LocalServers
import Supervision

/// A PostgreSQL cluster of our own with durable commits, in a folder that goes with it.
@MainActor
final class BenchmarkCluster {
    let folder: String
    let server: PostgresCluster
    private let endpoint: PostgresEndpoint

    init() async throws {
        self.folder = "/tmp/tongxing-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        chmod(self.folder, 0o755)
        let isLarge = ProcessInfo.processInfo.physicalMemory > 8 << 30
        self.server = PostgresCluster(
            folder: self.folder + "/postgres", port: try LoopbackPort.findFree(),
            tuning: .measuring(sharedBuffersMegabytes: isLarge ? 2048 : 256))
        self.endpoint = try await self.server.start()
    }

    /// Runs `body` with a cluster that ends with it.
    static func with<Result>(_ body: (BenchmarkCluster) async throws -> Result) async throws -> Result {
        let cluster = try await BenchmarkCluster()
        do {
            let result = try await body(cluster)
            try await cluster.close()
            return result
        } catch {
            try? await cluster.close()
            throw error
        }
    }

    func url(database: String) -> String { self.endpoint.url(database: database) }

    /// Makes a database, and our tables in it; gives its URL.
    func migrated(_ database: String) async throws -> String {
        try await self.server.ensureDatabase(database)
        let url = self.url(database: database)
        let program = IngestionSubject.ours.program(tools: "").path
        var environment = ProcessInfo.processInfo.environment
        environment["TONGXING_DATABASE_URL"] = url
        var migrate = Spawn(program: program, arguments: ["migrate"], environment: environment)
        migrate.output = .discarded
        guard await (try migrate.start()).waitForEnd().isSuccess else {
            throw BenchmarkError(description: "迁移失败 the migration failed: \(program) migrate")
        }
        return url
    }

    func close() async throws {
        try await self.server.stop()
        try? FileManager.default.removeItem(atPath: self.folder)
    }
}

/// Where `setup.sh` puts the peers.
enum BenchmarkTools {
    static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/.build"

    /// The path of one of `peers/`, when it is there.
    static func peer(_ name: String) throws -> String {
        let path = "\(self.folder)/peers/\(name)"
        guard access(path, X_OK) == 0 else {
            throw BenchmarkError(
                description: "缺少对照程序，请先运行 Benchmarks/setup.sh / the peers are missing: run Benchmarks/setup.sh")
        }
        return path
    }
}

/// What went wrong with a stage or a peer.
struct BenchmarkError: Error, CustomStringConvertible {
    var description: String
}
