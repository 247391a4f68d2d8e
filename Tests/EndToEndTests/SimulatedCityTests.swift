import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A simulated city through the real chain, and the registers imported before and after.
@Suite struct SimulatedCityTests {
    private static let kinds = [
        "districts", "companies", "plants", "sites", "places", "vehicles", "terminals", "tickets",
    ]

    @Test func deliveriesOfASimulatedCityAreFound() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        #expect(
            try await installation.run("simulate", folder, "--seed", "11", "--trucks", "6", "--days", "1").code == 0)
        let service = try await installation.serve()
        // The traffic first: what was derived without registers is derived again when they come.
        #expect(try await installation.run("replay", "\(folder)/traffic.ndjson").code == 0)
        _ = try await installation.caughtUp()
        for kind in Self.kinds {
            let outcome = try await installation.run("import", kind, "\(folder)/\(kind).csv")
            #expect(outcome.code == 0, "\(kind): \(outcome.errors)")
        }
        let counts = try await installation.caughtUp()
        let sent = try String(contentsOfFile: "\(folder)/traffic.ndjson", encoding: .utf8).split(separator: "\n").count
        #expect(counts["received"] == sent)
        #expect(counts["quarantined"] == 0)
        let score = try await installation.run("score", folder, "--json")
        #expect(score.code == 0, "\(score.errors)")
        let table = try JSONSerialization.jsonObject(with: Data(score.output.utf8)) as? [String: Any]
        #expect((table?["recall"] as? Double ?? 0) >= 0.9, "\(score.output)")
        #expect((table?["precision"] as? Double ?? 0) >= 0.9, "\(score.output)")
        #expect(table?["honest_accused"] as? Int == 0, "\(score.output)")

        // What was stored does not depend on when the registers came.
        let before = try await installation.run("deliveries").output
        #expect(try await installation.run("import", "plants", "\(folder)/plants.csv").code == 0)
        _ = try await installation.caughtUp()
        #expect(try await installation.run("deliveries").output == before)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
