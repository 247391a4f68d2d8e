import Foundation
import Glibc
import LocalServers
import Supervision
import TestSupport
import Testing

@Suite struct PostgresClusterTests {
    @Test func aStoppedClusterGoesOnWhereItWas() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let first = try await cluster.start()
        try await cluster.ensureDatabase("city")
        try await cluster.ensureDatabase("city")
        try await cluster.execute("CREATE TABLE kept AS SELECT 砼行 FROM (VALUES ('搅拌车')) AS t (砼行)", database: "city")
        try await cluster.stop()
        #expect(await !cluster.isRunning)
        #expect(LoopbackPort.isFree(cluster.port))

        #expect(try await cluster.start() == first)
        #expect(try await cluster.execute("TABLE kept", database: "city") == "搅拌车")
    }

    @Test func aKilledClusterComesBackWithWhatWasCommitted() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        try await cluster.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        let pid = try #require(await cluster.pid)
        try await cluster.kill()
        #expect(await cluster.pid == nil)
        try await cluster.start()
        #expect(await cluster.pid != pid)
        #expect(try await cluster.execute("SELECT count(*) FROM kept") == "1000")
    }

    /// After a power failure the pid in the file may belong to anybody of the same user, who may even stand in the
    /// folder; PostgreSQL alone would refuse to start.
    @Test func aStalePidFileIsNoObstacle() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        try await cluster.kill()
        let file = cluster.folder + "/data/postmaster.pid"
        let stale = try String(contentsOfFile: file, encoding: .utf8)
        let stranger = try self.sleeper(in: cluster.folder)
        defer { stranger.send(signal: SIGKILL) }
        #expect(
            try await eventually {
                ProcessTable.processes(workingIn: cluster.folder, named: "sleep").contains(stranger.pid)
            })
        let lines = ["\(stranger.pid)"] + stale.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        try lines.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
        try await cluster.start()
        #expect(await cluster.isRunning)
    }

    /// A process that has nothing to do with PostgreSQL, of the same account.
    private func sleeper(in folder: String) throws -> ChildProcess {
        let sleep = ["/bin/sh", "-c", #"cd "$1" && exec sleep 1000"#, "sleeper", folder]
        guard Privileges.isRoot, let account = SystemAccount.unprivileged() else {
            return try Spawn(program: sleep[0], arguments: Array(sleep.dropFirst())).start()
        }
        let identity = ["--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups", "--"]
        return try Spawn(program: "/usr/bin/setpriv", arguments: identity + sleep).start()
    }

    @Test func aFolderInUseIsRefusedNamingItsUser() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let second = PostgresCluster(folder: cluster.folder, port: try LoopbackPort.findFree(), tuning: .fastForTests)
        let error = await #expect(throws: LocalServerError.self) { try await second.start() }
        #expect(error?.code == .folderInUse)
        #expect(error?.description.contains("\(getpid())") == true)
        #expect(await cluster.isRunning)
    }

    @Test func aTakenPortIsSaidBeforeAnythingIsMade() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let folder = try await TestServers.shared.makeFolder() + "/second"
        let second = PostgresCluster(folder: folder, port: cluster.port, tuning: .fastForTests)
        let error = await #expect(throws: LocalServerError.self) { try await second.start() }
        #expect(error?.code == .portTaken)
        #expect(!FileManager.default.fileExists(atPath: folder + "/data"))
    }

    @Test func nobodyGetsInWithoutThePassword() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let authentication = try await cluster.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
        #expect(authentication == "scram-sha-256")
        let attributes = try FileManager.default.attributesOfItem(atPath: cluster.folder + "/postgres.password")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func aRefusedStatementIsReportedInTheServersWords() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let error = await #expect(throws: LocalServerError.self) { try await cluster.execute("SELECT nonsense") }
        #expect(error?.code == .refused)
        #expect(error?.description.contains("\"nonsense\" does not exist") == true)
    }
}
