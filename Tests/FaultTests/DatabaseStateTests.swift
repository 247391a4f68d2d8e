import Foundation
import Glibc
import LocalServers
import PostgresClient
import Supervision
import TestSupport
import Testing

/// The database says no in each of its ways. What passes by itself is waited for, with the broker's connection dropped
/// and nothing acknowledged; what a person must mend ends the part with one line.
@Suite(.serialized) struct DatabaseStateTests {
    /// Publishes so many, from number `first` on, and waits until the broker has them.
    private func publish(_ count: Int, from first: Int = 0, _ site: Site) async throws -> Terminals {
        let terminals = Terminals(count, from: first, port: site.broker.port, id: "terminals-\(first)")
        #expect(try await eventually(within: .seconds(60)) { terminals.isDone })
        return terminals
    }

    private static let terminate = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'tongxing ingestion%'
        """

    @Test func readOnlyForAWhile() async throws {
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        try site.execute("ALTER DATABASE fleet SET default_transaction_read_only = on")
        try await site.cluster.execute(Self.terminate, database: "postgres")
        try await site.waitUntilDisconnected()
        let terminals = try await self.publish(100, site)
        #expect(site.stored() == 0)
        try await site.cluster.execute("ALTER DATABASE fleet SET default_transaction_read_only = off")
        try await site.waitForRows(100)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "read-only")
    }

    @Test func backendsAreTerminatedAgainAndAgain() async throws {
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(4000, port: site.broker.port, id: "terminals", rate: 3000)
        for goal in stride(from: 200, to: 4000, by: 600) {
            try await site.waitForRows(goal)
            try await site.cluster.execute(Self.terminate)
        }
        try await site.waitForRows(4000)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "terminated")
    }

    /// A second connection waits in the other direction; ingestion is the victim, runs the batch again and keeps its
    /// connections.
    @Test func aDeadlock() async throws {
        let site = try await Site()
        // A session looks for a deadlock once, so long after it began to wait: by then the other one waits too.
        try await site.cluster.execute("ALTER DATABASE fleet SET deadlock_timeout = '10s'", database: "postgres")
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        _ = try await self.publish(10, site)
        try await site.waitForRows(10)
        let other = try PostgresConnection(url: site.databaseURL, application: "other")
        try other.execute("SET deadlock_timeout = '1h'; SET lock_timeout = '60s'")
        try other.execute("BEGIN; SELECT FROM lane FOR UPDATE")
        let terminals = try await self.publish(10, from: 10, site)
        #expect(
            try await eventually {
                try site.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 1
            })
        // Ingestion has locked `position` and waits for the lane's row; now each waits for the other.
        try other.execute("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
        try other.execute("COMMIT")
        try await site.waitForRows(20)
        let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'fleet'"
        #expect(try await eventually { try await site.cluster.execute(deadlocks, database: "fleet") == "1" })
        #expect(site.brokerProxy.totalConnections == Site.connectionsOfAStart)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, besides: 10, "deadlock")
    }

    @Test func aSerializationFailure() async throws {
        let site = try await Site()
        try site.execute("ALTER DATABASE fleet SET default_transaction_isolation = 'repeatable read'")
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let other = try PostgresConnection(url: site.databaseURL, application: "other")
        try other.execute("BEGIN; UPDATE lane SET name = name")
        let terminals = try await self.publish(10, site)
        #expect(
            try await eventually {
                try site.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 1
            })
        try other.execute("COMMIT")
        try await site.waitForRows(10)
        #expect(site.brokerProxy.totalConnections == Site.connectionsOfAStart)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "serialization failure")
        let log = try String(contentsOfFile: site.cluster.folder + "/postgres.log", encoding: .utf8)
        #expect(log.contains("could not serialize access"))
    }

    /// A row that the database refuses is found and kept; the others of its batch are stored.
    @Test func aRefusedRow() async throws {
        let site = try await Site()
        try site.execute("ALTER TABLE position ADD CONSTRAINT odd CHECK (sequence NOT IN (3, 77))")
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = try await self.publish(100, site)
        try await site.waitForRows(98)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        #expect(try site.number("SELECT count(*) FROM quarantine WHERE detail LIKE '%23514%'") == 2)
        try await site.settleAccounts(terminals, quarantined: 2, lost: 2...2, "refused rows")
    }

    // MARK: - For a person to mend

    /// How ingestion ended, and the one line of its standard error that says why.
    private func lastWords(_ site: Site, _ ingestion: Ingestion) async -> (code: Int32, line: String) {
        let end = await ingestion.waitForEnd()
        let lines = site.text("serve.log").split(separator: "\n").filter { $0.contains("ingestion:") }
        return (end.shellCode, lines.last.map(String.init) ?? site.text("serve.log"))
    }

    @Test func aWrongPassword() async throws {
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        _ = try await self.publish(10, site)
        try await site.waitForRows(10)
        let password = try #require(await site.cluster.endpoint).password
        // One who is already in can set it right again.
        let keeper = try PostgresConnection(url: site.databaseURL, application: "keeper")
        try await site.cluster.execute("ALTER ROLE tongxing PASSWORD 'another'; \(Self.terminate)")
        let (code, line) = await self.lastWords(site, ingestion)
        #expect(code == 1)
        #expect(line.contains("口令") && line.contains("password") && line.contains("28P01"), "\(line)")
        #expect(!line.contains(password))
        // Mended: what waited with the broker comes in.
        let terminals = try await self.publish(10, from: 10, site)
        try keeper.execute("ALTER ROLE tongxing PASSWORD '\(password)'")
        let again = try site.startIngestion()
        try await site.waitForRows(20)
        #expect(await again.stop().isSuccess)
        try await site.settleAccounts(terminals, besides: 10, "wrong password")
    }

    @Test func aMissingSchema() async throws {
        let site = try await Site(migrates: false)
        let ingestion = try site.startIngestion()
        let (code, line) = await self.lastWords(site, ingestion)
        #expect(code == 1)
        #expect(line.contains("结构") && line.contains("tongxing migrate"), "\(line)")
        #expect(site.brokerProxy.totalConnections < Site.connectionsOfAStart, "no session before there is a store")
        #expect(try await site.run("migrate").code == 0)
        let again = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = try await self.publish(10, site)
        try await site.waitForRows(10)
        #expect(await again.stop().isSuccess)
        try await site.settleAccounts(terminals, "missing schema")
    }

    @Test func aRevokedPermission() async throws {
        let site = try await Site()
        try site.execute(
            """
            GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk;
            GRANT ALL ON SCHEMA public TO clerk
            """.replacing("GRANT ALL ON ALL TABLES", with: "CREATE ROLE clerk; GRANT ALL ON ALL TABLES"))
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let first = try await self.publish(10, site)
        try await site.waitForRows(10)
        // The role of every new connection: what `GRANT` gave, without what is taken now.
        try site.execute("ALTER DATABASE fleet SET role = 'clerk'; REVOKE INSERT ON batch FROM clerk")
        try await site.cluster.execute(Self.terminate)
        let terminals = try await self.publish(10, from: 10, site)
        let (code, line) = await self.lastWords(site, ingestion)
        #expect(code == 1)
        #expect(line.contains("权限") && line.contains("42501"), "\(line)")
        // Mended: what waited with the broker comes in.
        try await site.cluster.execute("ALTER DATABASE fleet RESET role")
        let again = try site.startIngestion()
        try await site.waitForRows(20)
        #expect(await again.stop().isSuccess)
        #expect(first.acknowledgedCount == 10)
        try await site.settleAccounts(terminals, besides: 10, "revoked permission")
    }
}

/// The disk of the database is full for a while.
@Suite(.serialized, .enabled(if: SmallDisk.canBeMounted, "a small disk (tmpfs) can be mounted by root only"))
struct FullDiskTests {
    @Test func ingestionWaitsForRoom() async throws {
        let cluster = try await TestServers.shared.makePrivateCluster()
        let disk = try await TestServers.shared.makeFolder()
        try #require(mount("none", disk, "tmpfs", 0, "mode=0777,size=48m") == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let space = disk + "/space"
        try FileManager.default.createDirectory(atPath: space, withIntermediateDirectories: false)
        if let account = SystemAccount.unprivileged() { chown(space, account.uid, account.gid) }
        try await cluster.execute("CREATE TABLESPACE small LOCATION '\(space)'")
        try await cluster.execute("CREATE DATABASE small TABLESPACE small")
        try await cluster.execute("CREATE EXTENSION postgis; CREATE EXTENSION btree_gist", database: "small")
        let site = try await Site(cluster: cluster, database: "small")
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        // All that is left is taken.
        let ballast = disk + "/ballast"
        let descriptor = open(ballast, O_CREAT | O_WRONLY, 0o600)
        var block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, &block, block.count) == block.count {}
        close(descriptor)
        let terminals = Terminals(20_000, port: site.broker.port, id: "terminals")
        try await site.waitUntilDisconnected()
        #expect(try await eventually(within: .seconds(60)) { terminals.isDone })
        let stored = try #require(site.stored())
        #expect(stored < 20_000)
        unlink(ballast)
        #expect(mount("none", disk, "tmpfs", UInt(MS_REMOUNT), "mode=0777,size=200m") == 0)
        try await site.waitForRows(20_000)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "full disk")
    }
}

/// Root may not mount in every container; the test is then passed over by name, and does not pass.
private enum SmallDisk {
    static let canBeMounted: Bool = {
        guard Privileges.isRoot else { return false }
        var template = Array("/tmp/tongxing-mount-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return false }
        defer { rmdir(template) }
        guard mount("none", template, "tmpfs", 0, "size=1m") == 0 else { return false }
        return umount2(template, Int32(MNT_DETACH)) == 0
    }()
}
