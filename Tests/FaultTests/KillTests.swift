import Foundation
import Glibc
import LocalServers
import RepeatableRandom
import Supervision
import TestSupport
import Testing

/// `kill -9` of each process at random moments under load. After each: every message is counted.
@Suite(.serialized) struct KillTests {
    private static let count = 6000

    /// Waits until some more, a random number, is stored.
    private func progress(_ site: Site, _ random: inout SplitMix64) async throws {
        let goal = min((site.stored() ?? 0) + Int.random(in: 1...1500, using: &random), Self.count)
        try await site.waitForRows(goal)
    }

    @Test(arguments: FaultSeeds.all, ["5", "3.1.1"])
    func killsOfTheService(seed: UInt64, version: String) async throws {
        var random = SplitMix64(seed: seed)
        let site = try await Site()
        let settings = ["TONGXING_MQTT_PROTOCOL": version]
        var ingestion = try site.startIngestion(settings: settings)
        try await site.waitUntilReady()
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals", rate: 3000)
        for _ in 0..<4 {
            try await self.progress(site, &random)
            await ingestion.kill()
            ingestion = try site.startIngestion(settings: settings)
        }
        try await site.waitForRows(Self.count, "seed \(seed), MQTT \(version)")
        // The last one may still be starting: then SIGTERM ends it as it ends any process.
        _ = await ingestion.stop()
        try await site.settleAccounts(terminals, "seed \(seed), MQTT \(version)")
    }

    @Test(arguments: FaultSeeds.all)
    func killsOfTheDatabase(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals", rate: 3000)
        for round in 0..<3 {
            try await self.progress(site, &random)
            if round.isMultiple(of: 2) { try await site.cluster.kill() } else { try await site.cluster.stop() }
            try await site.waitUntilDisconnected()
            try await site.cluster.start()
        }
        try await site.waitForRows(Self.count, "seed \(seed)")
        let end = await ingestion.stop()
        #expect(end.isSuccess, "seed \(seed): \(site.text("serve.log").suffix(2000))")
        try await site.settleAccounts(terminals, "seed \(seed)")
    }

    /// A broker that ends in good order saves everything.
    @Test(arguments: FaultSeeds.all)
    func restartsOfTheBroker(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals", rate: 3000)
        for _ in 0..<3 {
            try await self.progress(site, &random)
            try await site.broker.stop()
            try await site.broker.start()
        }
        try await site.waitForRows(Self.count, "seed \(seed)")
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "seed \(seed)")
    }

    /// A killed broker forgets what it had taken and not delivered since its last save (`config/mosquitto.conf`,
    /// `autosave_interval`): with ingestion connected that is what was on its way at that moment, and no more. And it
    /// forgets sessions made since the last save, so the session is saved first.
    @Test(arguments: FaultSeeds.all)
    func killsOfTheBroker(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        // SIGUSR1: mosquitto saves at once.
        let pid = try #require(await site.broker.pid)
        kill(pid, SIGUSR1)
        #expect(
            try await eventually {
                FileManager.default.fileExists(atPath: site.broker.folder + "/mosquitto.db")
            })
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals", rate: 1500)
        var mayBeLost: [ClosedRange<Int>] = []
        for _ in 0..<3 {
            let goal = (site.stored() ?? 0) + Int.random(in: 1...1200, using: &random)
            // What was lost before is never stored, so the end of the traffic may come first.
            #expect(try await eventually { (site.stored() ?? 0) >= goal || terminals.isDone })
            // Stored before the kill: safe. Acknowledged to the terminals after it: all that can be missing.
            let safe = site.stored() ?? 0
            try await site.broker.kill()
            // Acknowledgements that the broker had sent may lie unread at the terminals.
            #expect(try await eventually { !terminals.isConnected })
            mayBeLost.append(min(safe, terminals.acknowledgedCount)...terminals.acknowledgedCount)
            try await site.broker.start()
            // The terminals come back before ingestion does; the saved session keeps what they send.
        }
        #expect(try await eventually(within: .seconds(60)) { terminals.isDone })
        // One more message, after everything else: when it is stored, nothing more comes.
        try await site.waitUntilReady()
        let last = Terminals(1, from: 1_000_000, port: site.broker.port, id: "last")
        #expect(
            try await eventually(within: .seconds(60)) {
                try site.number("SELECT max(sequence) FROM position") == 1_000_000
            })
        let missing = try self.missing(site)
        #expect(
            missing.allSatisfy { number in mayBeLost.contains { $0.contains(number) } },
            "seed \(seed): \(missing) are lost and were neither on their way nor waiting in \(mayBeLost)")
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        #expect(try await eventually { last.isDone })
        #expect(last.acknowledgedCount == 1)
        try await site.settleAccounts(terminals, besides: 1, lost: missing.count...missing.count, "seed \(seed)")
    }

    private func missing(_ site: Site) throws -> [Int] {
        let text = try site.ask(
            """
            SELECT string_agg(n::text, ',') FROM generate_series(0, 5999) AS n
            WHERE NOT EXISTS (SELECT FROM position WHERE sequence = n)
            """)
        return (text ?? "").split(separator: ",").compactMap { Int($0) }
    }
}
