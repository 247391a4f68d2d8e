import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A simulated city through the real chain, and the registers imported before and after.
@Suite struct SimulatedCityTests {
    private static let kinds = [
        "districts", "companies", "plants", "sites", "places", "vehicles", "terminals",
    ]

    /// What is written out as XLSX is known already when it is imported again.
    private func registersGoOutAndIn(_ installation: Installation, _ folder: String) async throws {
        for kind in Self.kinds {
            let file = "\(folder)/\(kind).xlsx"
            let script = "exec \"$1\" export \"$2\" --format xlsx --database-url \"$4\" >\"$3\""
            #expect(try await Shell.run(script, BuiltProgram.path, kind, file, installation.databaseURL) == 0)
            let outcome = try await installation.run("import", kind, file)
            #expect(outcome.code == 0 && outcome.output.contains("0 added, 0 changed"), "\(kind): \(outcome)")
        }
    }

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
        _ = try await installation.caughtUp()
        // Notes that come late are found by the deliveries they belong to, without anybody asking.
        #expect(try await Self.deliveries(installation).allSatisfy { $0["ticket_id"] is NSNull })
        #expect(try await installation.run("import", "tickets", "\(folder)/tickets.csv").code == 0)
        let counts = try await installation.caughtUp()
        let deliveries = try await Self.deliveries(installation)
        #expect(deliveries.count { $0["ticket_id"] is String } > deliveries.count / 2)
        let sent = try String(contentsOfFile: "\(folder)/traffic.ndjson", encoding: .utf8).split(separator: "\n").count
        #expect(counts["received"] == sent)
        #expect(counts["quarantined"] == 0)
        let score = try await installation.run("score", folder, "--json")
        #expect(score.code == 0, "\(score.errors)")
        let table = try JSONSerialization.jsonObject(with: Data(score.output.utf8)) as? [String: Any]
        #expect((table?["recall"] as? Double ?? 0) >= 0.9, "\(score.output)")
        #expect((table?["precision"] as? Double ?? 0) >= 0.9, "\(score.output)")
        #expect(table?["honest_accused"] as? Int == 0, "\(score.output)")
        // Against the floors it fails for what is below them, and says so; no clock can be judged in a recording.
        #expect(!score.output.contains("clock-fault") && score.output.contains("ghost-ticket"), "\(score.output)")
        let (all, right) = (table?["true_deliveries"] as? Int ?? 0, table?["matched"] as? Int ?? 0)
        let isBelow = all - right > 1 && Double(right) < 0.97 * Double(all)
        let floors = try await installation.run("score", folder, "--floors")
        #expect(floors.errors.contains("卸料 / drops: 查全低于下限 97.0 %（\(right) / \(all)）") == isBelow, "\(floors.errors)")
        #expect(floors.code == (floors.errors.contains("below its floor") ? 1 : 0), "\(floors.errors)")

        // Whoever is suspected is alerted about, once.
        let alerts = try await Self.rows(installation.run("alerts", "--format", "ndjson").output)
        let suspicious = deliveries.filter { $0["verdict"] as? String == "suspicious" }
        #expect(!suspicious.isEmpty)
        #expect(
            Set(suspicious.compactMap { $0["delivery_id"] as? String })
                == Set(
                    alerts.filter { $0["status"] as? String == "open" }.compactMap { $0["delivery_id"] as? String }))
        #expect(Set(alerts.compactMap { $0["alert_id"] as? String }).count == alerts.count)

        // What was stored does not depend on when the registers came.
        let before = try await installation.run("deliveries").output
        #expect(try await installation.run("import", "plants", "\(folder)/plants.csv").code == 0)
        _ = try await installation.caughtUp()
        #expect(try await installation.run("deliveries").output == before)
        try await EvidenceOfACity(installation: installation, service: service, folder: folder).check()
        #expect(await service.stop().isSuccess)
        try await broker.stop()
        try await self.registersGoOutAndIn(installation, folder)
    }

    private static func deliveries(_ installation: Installation) async throws -> [[String: Any]] {
        try await self.rows(installation.run("deliveries", "--format", "ndjson").output)
    }

    private static func rows(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }
}
