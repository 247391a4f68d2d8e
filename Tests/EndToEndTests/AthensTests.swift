import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A day of real mixer trucks, all the way: 33 terminals that sleep when parked, a fix every 30 s, no speed.
@Suite(.serialized, .enabled(if: SharedData.url("athens/trucks-2002-09-13.csv") != nil, "the Athens data are not here"))
struct AthensTests {
    /// Registers and traffic made from the source by the script beside this file.
    private func convert() async throws -> String {
        let source = try #require(SharedData.url("athens/trucks-2002-09-13.csv"))
        let folder = try await TestServers.shared.makeFolder()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Scripts/athens.py")
        var spawn = Spawn(
            program: "/usr/bin/env", arguments: ["python3", script.path, source.path, folder],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
        spawn.output = .discarded
        let end = await (try spawn.start()).waitForEnd()
        #expect(end.isSuccess)
        return folder
    }

    private func installation(_ folder: String) async throws -> Installation {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        for kind in ["plants", "vehicles"] {
            let outcome = try await installation.run("import", kind, "\(folder)/\(kind).csv")
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        // The broker lives as long as the test process; nothing of it is shared.
        Self.keep(broker)
        return installation
    }

    private static func keep(_ broker: some AnyObject) { _ = Unmanaged.passRetained(broker) }

    /// What stands is what would be derived; a row that somebody changed is found, and put right on request.
    private func derivesAgain(_ installation: Installation, reference: String) async throws {
        let same = try await installation.run("analyse", "--diff")
        #expect(same.code == 0, "\(same.errors)")
        #expect(same.lines.count == 1, "\(same.output)")
        try installation.execute(
            """
            UPDATE delivery SET content = jsonb_set(content, '{verdict}', '"suspicious"') WHERE plate = 'ATH-0863'
            """)
        let other = try await installation.run("analyse", "--plate", "ATH-0863", "--diff", "--format", "ndjson")
        #expect(!other.lines.isEmpty)
        #expect(other.lines.allSatisfy { $0.contains("verdict") && $0.contains("suspicious") }, "\(other.output)")
        #expect(try await installation.run("deliveries").output != reference)
        let applied = try await installation.run("analyse", "--plate", "ATH-0863", "--reason", "a test")
        #expect(applied.code == 0, "\(applied.errors)")
        #expect(try await installation.run("deliveries").output == reference)
        let kept = try installation.count("SELECT count(*) FROM delivery_superseded WHERE reason LIKE '%: a test'")
        #expect(kept == other.lines.count)
    }

    /// In any order, with every tenth message twice, the same deliveries.
    private func isTheSameShuffled(_ folder: String, reference: String) async throws {
        let lines = try String(contentsOfFile: "\(folder)/traffic.ndjson", encoding: .utf8).split(separator: "\n")
        var order = (lines + lines.enumerated().filter { $0.offset % 10 == 3 }.map(\.element)).map(String.init)
        var state: UInt64 = 20_020_913
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            order.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
        }
        let file = "\(folder)/shuffled.ndjson"
        try (order.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        let mixed = try await self.installation(folder)
        let service = try await mixed.serve()
        #expect(try await mixed.run("replay", file).code == 0)
        let counts = try await mixed.caughtUp()
        #expect(counts["positions"] == 11_511)
        #expect(counts["duplicate"] == order.count - lines.count)
        #expect(try await mixed.run("deliveries").output == reference)
        #expect(await service.stop().isSuccess)
    }

    @Test func arrivesOnceAndGivesTheSameDeliveriesThroughKills() async throws {
        let folder = try await self.convert()
        let calm = try await self.installation(folder)
        let service = try await calm.serve()
        #expect(try await calm.run("replay", "\(folder)/traffic.ndjson").code == 0)
        let counts = try await calm.caughtUp()
        #expect(counts["positions"] == 11_511)
        #expect(counts["received"] == 11_511)
        let reference = try await calm.run("deliveries")
        #expect((60...130).contains(reference.lines.count))
        let trail = try await calm.run("trail", "ATH-0863", "--format", "geojson", "--purpose", "test")
        #expect(trail.code == 0)
        #expect(trail.output.contains("LineString"))
        #expect(try calm.count("SELECT count(*) FROM trail_access WHERE purpose = 'test'") == 1)
        #expect(
            try await service.get("/api/v1/deliveries?from=2002-09-12T00:00:00Z&to=2002-09-15T00:00:00Z").status == 200)
        try await self.derivesAgain(calm, reference: reference.output)
        #expect(await service.stop().isSuccess)

        try await self.isTheSameShuffled(folder, reference: reference.output)

        let shaken = try await self.installation(folder)
        var shakenService = try await shaken.serve()
        async let replayed = shaken.run("replay", "\(folder)/traffic.ndjson", "--speed", "9000")
        // At least so many kills whatever the pace, each after some more has been stored.
        for (round, more) in [700, 130, 1480, 420, 960, 250].enumerated() {
            let before = try shaken.count("SELECT coalesce(sum(positions), 0) FROM lane")
            let goal = min(before + more, 11_511)
            #expect(try await eventually { try shaken.count("SELECT coalesce(sum(positions), 0) FROM lane") >= goal })
            if round.isMultiple(of: 2) {
                await shakenService.killAll()
                shakenService = try await shaken.serve(waitsUntilReady: false)
            } else {
                shakenService.killPart(["ingestion", "analysis", "web"][round / 2])
            }
        }
        #expect(try await replayed.code == 0)
        let shakenCounts = try await shaken.caughtUp()
        #expect(shakenCounts["positions"] == 11_511)
        #expect(try shaken.count("SELECT count(*) FROM position") == 11_511)
        #expect(try await shaken.run("deliveries").output == reference.output)
        #expect(await shakenService.stop().isSuccess)
    }
}
