import Foundation
import LocalServers
import RepeatableRandom
import Supervision
import TestSupport
import Testing

/// A network that delays, cuts, half-closes and falls silent, on either side of ingestion.
@Suite(.serialized) struct NetworkTests {
    private static let count = 6000

    /// The sides on which the network misbehaves.
    enum Side: CaseIterable, Sendable { case broker, database }

    @Test(arguments: Side.allCases, FaultSeeds.all)
    func connectionsBreak(side: Side, seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let site = try await Site()
        let proxy = side == .broker ? site.brokerProxy : site.databaseProxy
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals", rate: 3000)
        var cuts = FaultProxy.Cut.allCases + FaultProxy.Cut.allCases
        cuts.shuffle(using: &random)
        for cut in cuts {
            proxy.order { $0.delayMilliseconds = Int.random(in: 0...20, using: &random) }
            let goal = min((site.stored() ?? 0) + Int.random(in: 1...700, using: &random), Self.count)
            try await site.waitForRows(goal, "\(side) \(cut) seed \(seed)")
            proxy.cut(cut)
        }
        proxy.order { $0.delayMilliseconds = 0 }
        try await site.waitForRows(Self.count, "\(side) seed \(seed)")
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "\(side) seed \(seed)")
    }

    /// A slow database slows ingestion down and loses nothing; the broker keeps what waits.
    @Test func theDatabaseIsSlow() async throws {
        let site = try await Site()
        site.databaseProxy.order { $0.delayMilliseconds = 60 }
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(Self.count, port: site.broker.port, id: "terminals")
        try await site.waitForRows(Self.count)
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "slow database")
        #expect(
            site.brokerProxy.totalConnections == Site.connectionsOfAStart,
            "a slow database is no reason to leave the broker")
    }

    /// The broker's connection breaks after every few acknowledgements: much is sent twice, nothing is stored twice.
    ///
    /// After so many cuts the line holds: with seven acknowledgements a connection the storm alone could take hundreds
    /// of connections to carry everything over, however fast the machine is.
    @Test(arguments: [1, 7, 150])
    func redeliveryStorm(acknowledgements: Int) async throws {
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        site.brokerProxy.order { $0.acknowledgementsPerConnection = acknowledgements }
        let terminals = Terminals(4000, port: site.broker.port, id: "terminals", rate: 3000)
        let cuts = Site.connectionsOfAStart + 10
        #expect(try await eventually(within: .seconds(60)) { site.brokerProxy.totalConnections >= cuts })
        site.brokerProxy.order { $0.acknowledgementsPerConnection = nil }
        try await site.waitForRows(terminals.count, "cut after \(acknowledgements)")
        try await site.waitUntilReady()
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        try await site.settleAccounts(terminals, "cut after \(acknowledgements)")
        #expect(try site.number("SELECT sum(duplicate) FROM lane") > 0)
    }

    /// 10,000 messages without sense between 500 good ones, and a kill in the middle.
    @Test func malformedMessagesBetweenGoodOnes() async throws {
        let site = try await Site()
        var ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(500, port: site.broker.port, id: "terminals", malformed: 20)
        try await site.waitForRows(200)
        await ingestion.kill()
        ingestion = try site.startIngestion()
        try await site.waitForRows(500)
        _ = await ingestion.stop()
        try await site.settleAccounts(terminals, quarantined: 10_000, "malformed")
        #expect(try site.number("SELECT count(DISTINCT raw) FROM quarantine") == 10_000)
    }
}
