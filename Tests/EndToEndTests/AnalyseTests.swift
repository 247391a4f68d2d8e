import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// `tongxing analyse` with other parameters than those that what stands was judged by.
@Suite struct AnalyseTests {
    private static let superseded: StaticString = "SELECT count(*) FROM delivery_superseded"
    private static let given: StaticString = "SELECT count(*) FROM delivery_superseded WHERE reason LIKE '%: 复核'"

    /// Two trucks: T1 unloads about 10:26 and 11:56 in China, T2 about 17:26.
    private static func prepared() async throws -> (city: SmallCity, other: String) {
        let city = try await SmallCity(
            sites: [.init(id: "S1", latitude: 30.70, longitude: 120.80)], trucks: 2)
        let file = "\(city.folder)/other.yaml"
        try Data("analysis:\n  parameters:\n    quality:\n      nightFromHour: 10\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        return (city, file)
    }

    private static func drive(_ city: SmallCity) async throws {
        var first = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        first.carry()
        first.carry()
        try await city.replay(&first)
        var second = RecordedTrack("T2", latitude: 30.70, longitude: 120.70)
        second.seconds = 7 * 3600
        second.carry()
        try await city.replay(&second)
        _ = try await city.installation.caughtUp()
    }

    /// A service that judges by other parameters would undo it: nothing is changed, and it is said what to do.
    private static func isRefused(_ city: SmallCity, _ other: String) async throws {
        let installation = city.installation
        let (standing, superseded) = (try await installation.run("deliveries"), try installation.count(Self.superseded))
        let refused = try await installation.run("analyse", "--config", other, "--reason", "复核")
        #expect(refused.code == 1 && refused.errors.contains("Restart `tongxing serve`"), "\(refused)")
        #expect(refused.errors.contains("未作任何改动"))
        #expect(try installation.count("SELECT count(*) FROM derive_request WHERE reason = '复核'") == 0)
        #expect(try installation.count(Self.superseded) == superseded)
        #expect(try await installation.run("deliveries").output == standing.output)
        let shown = try await installation.run("analyse", "--config", other, "--diff")
        #expect(shown.code == 0 && shown.errors.contains("0 added, 3 changed, 0 withdrawn"), "\(shown)")
        // `status` says the same instead of waiting for registers that have not changed.
        let asked = try await installation.run("status", "--config", other)
        #expect(asked.output.contains("judged by other parameters than this configuration"), "\(asked)")
        #expect(!asked.output.contains("registers changed"), "\(asked)")
        let same = try await installation.run("status")
        #expect(!same.output.contains("judged by other parameters"), "\(same)")
        // By its own parameters there is nothing to refuse, and nothing to do.
        let own = try await installation.run("analyse")
        #expect(own.code == 0 && own.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(own)")
    }

    @Test func whatIsAppliedIsWhatWasShown() async throws {
        let (city, other) = try await Self.prepared()
        let installation = city.installation
        let service = try await installation.serve()
        try await Self.drive(city)
        let standing = try await installation.run("deliveries")
        #expect(standing.lines.count == 4, "\(standing.output)")
        try await Self.isRefused(city, other)
        #expect(await service.stop().isSuccess)

        // The hour of the first delivery: its truck's other one belongs to it, the other truck does not.
        func analyse(_ more: String...) async throws -> Product.Outcome {
            try await Product.run(["analyse", "--config", other] + more, installation.environment)
        }
        let period = ["--from", "2026-03-02T02:00:00Z", "--to", "2026-03-02T03:00:00Z"]
        let before = try installation.count(Self.superseded)
        let shown = try await analyse(period[0], period[1], period[2], period[3], "--diff")
        #expect(shown.errors.contains("0 added, 2 changed, 0 withdrawn"), "\(shown)")
        #expect(shown.errors.contains("1 of them outside the period"), "\(shown)")
        #expect(shown.output.contains("D-T1-") && !shown.output.contains("D-T2-"), "\(shown)")
        let applied = try await analyse(period[0], period[1], period[2], period[3], "--reason", "复核")
        #expect(applied.code == 0 && applied.output == shown.output, "\(applied)")
        #expect(applied.errors.contains("replaced: 2 条 rows，1 辆 vehicles"), "\(applied)")
        #expect(try installation.count(Self.superseded) == before + 2)
        #expect(try installation.count(Self.given) == 2)
        let after = try await analyse(period[0], period[1], period[2], period[3], "--diff")
        #expect(after.code == 0 && after.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(after)")

        // The rest, and nothing is left to change.
        let rest = try await analyse("--reason", "复核")
        #expect(rest.errors.contains("replaced: 1 条 rows，1 辆 vehicles"), "\(rest)")
        #expect(try installation.count(Self.given) == 3)
        let all = try await analyse("--diff")
        #expect(all.code == 0 && all.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(all)")
        #expect(try await installation.run("deliveries").output != standing.output)

        // A service with another configuration derives all again by its own: never half of it by one, half by another.
        let again = try await installation.serve()
        _ = try await installation.caughtUp()
        #expect(try await installation.run("deliveries").output == standing.output)
        try await city.expectNothingChanges()
        #expect(await again.stop().isSuccess)
        try await city.broker.stop()
    }
}
