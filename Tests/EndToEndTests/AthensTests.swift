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
        #expect(await service.stop().isSuccess)

        let shaken = try await self.installation(folder)
        var shakenService = try await shaken.serve()
        var random = SystemRandomNumberGenerator()
        async let replayed = shaken.run("replay", "\(folder)/traffic.ndjson", "--speed", "9000")
        // At least so many kills whatever the pace, each after some more has been stored.
        for round in 0..<6 {
            let before = try shaken.count("SELECT coalesce(sum(positions), 0) FROM lane")
            let goal = min(before + Int.random(in: 100...1500, using: &random), 11_511)
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
