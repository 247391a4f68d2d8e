import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A truck's last delivery, after which nothing came any more: judged with all that is stored, in a running
/// installation, and alerted about.
@Suite struct OpenDeliveryTests {
    private static func prepared() async throws -> SmallCity {
        let city = try await SmallCity(sites: [
            .init(id: "S1", latitude: 30.70, longitude: 120.80), .init(id: "S2", latitude: 30.75, longitude: 120.80),
        ])
        try await city.importing(
            "tickets", "ticket_id,plant_id,site_id,plate,issued_at\nK1,P1,S2,浙F00001,2026-03-02T10:09:00+08:00\n")
        return city
    }

    /// The delivery as it is listed.
    private static func row(_ installation: Installation) async throws -> [String: Any] {
        let rows = try await installation.run("deliveries", "--format", "ndjson").lines
        #expect(rows.count == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data((rows.first ?? "").utf8)) as? [String: Any])
    }

    @Test func theLastDeliveryIsJudgedAndAlertedAbout() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(90, metres: 200, every: 20, times: 48)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(270, metres: 200, every: 20, times: 10)
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        let open = try await Self.row(installation)
        #expect(open["ticket_id"] as? String == "K1", "\(open)")
        #expect(open["verdict"] as? String == "suspicious", "\(open)")
        #expect((open["suspicions"] as? String ?? "").contains("diversion"), "\(open)")
        #expect(try installation.count("SELECT count(*) FROM delivery WHERE NOT is_final") == 1)
        let alerts: StaticString = """
            SELECT count(*) FROM alert
            WHERE rule = 'diversion' AND status = 'open' AND delivery_id IS NOT NULL
                AND facts::text LIKE '%Provisional%' AND facts::text LIKE '%暂定%'
            """
        #expect(try installation.count(alerts) == 1)
        try await city.expectNothingChanges()

        // More reports that change nothing leave the row as it is.
        let revision: StaticString = "SELECT max(revision) FROM delivery"
        let before = try installation.count(revision)
        track.drive(270, metres: 200, every: 20, times: 10)
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(try installation.count(revision) == before)
        try await city.expectNothingChanges()

        // Its plant loses the licence: that is said of what is not final, too.
        try await city.importPlants([.plant], status: "revoked")
        _ = try await installation.caughtUp()
        let revoked = try await Self.row(installation)["suspicions"] as? String ?? ""
        #expect(revoked.contains("licence-invalid"), "\(revoked)")
        try await city.expectNothingChanges()

        // The next load makes it final: the same alert, which is provisional no more.
        track.drive(270, metres: 200, every: 20, times: 28)
        track.drive(90, metres: 0, every: 20, times: 30)
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM delivery WHERE is_final") == 1)
        #expect(
            try installation.count(
                "SELECT count(*) FROM alert WHERE status = 'open' AND delivery_id IS NOT NULL") == 1)
        #expect(
            try installation.count(
                """
                SELECT (SELECT count(*) FROM alert WHERE facts::text LIKE '%Provisional%')
                    + (SELECT count(*) FROM delivery WHERE content::text LIKE '%Provisional%')
                """) == 0)
        try await city.expectNothingChanges()
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }

    /// What came first is judged by what came later: only all loads of a day show that the truck's clock is eight hours
    /// beside the time.
    @Test func aClockThatShowsLateTakesBackWhatWasSaidOfTheFirstLoad() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
        // Three loads from P1 to S1, an hour and a half apart, by a clock that is eight hours behind.
        let notes = ["2026-03-02T18:09:00+08:00", "2026-03-02T19:39:00+08:00", "2026-03-02T21:09:00+08:00"]
        try await city.importing(
            "tickets",
            "ticket_id,plant_id,site_id,plate,issued_at\nK9,P1,S2,浙F00009,2026-03-02T09:00:00+08:00\n"
                + notes.enumerated().map { "N\($0),P1,S1,浙F00001,\($1)\n" }.joined())
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<3 {
            track.carry()
            guard round == 0 else { continue }
            try await city.replay(&track)
            _ = try await installation.caughtUp()
            #expect(try installation.count("SELECT count(*) FROM delivery WHERE verdict = 'suspicious'") == 1)
        }
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM delivery WHERE verdict = 'suspicious'") == 0)
        #expect(
            try installation.count(
                "SELECT count(*) FROM alert WHERE status = 'open' AND delivery_id IS NOT NULL") == 0)
        try await city.expectNothingChanges()
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }
}
