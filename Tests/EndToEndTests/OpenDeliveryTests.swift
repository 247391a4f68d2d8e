import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A truck's last delivery, after which nothing came any more: judged with all that is stored, in a running
/// installation, and alerted about.
@Suite struct OpenDeliveryTests {
    private static func prepared(_ broker: String) async throws -> (Installation, folder: String) {
        let installation = try await Installation(broker: broker)
        let folder = try await TestServers.shared.makeFolder()
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,valid,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        try await RecordedTrack.importing(
            "sites",
            "site_id,name,status,valid_from,lat,lon,radius_m\nS1,一号工地,active,2020-01-01,30.70,120.80,80\n"
                + "S2,二号工地,active,2020-01-01,30.75,120.80,80\n", installation, folder)
        try await RecordedTrack.importing("vehicles", "plate,terminal,kind\n浙F00001,T1,mixer\n", installation, folder)
        try await RecordedTrack.importing(
            "tickets",
            "ticket_id,plant_id,site_id,plate,issued_at\nK1,P1,S2,浙F00001,2026-03-02T10:09:00+08:00\n", installation,
            folder)
        return (installation, folder)
    }

    private static func expectNothingChanges(_ installation: Installation) async throws {
        let outcome = try await installation.run("analyse", "--diff")
        #expect(outcome.code == 0 && outcome.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(outcome)")
    }

    /// The delivery as it is listed.
    private static func row(_ installation: Installation) async throws -> [String: Any] {
        let rows = try await installation.run("deliveries", "--format", "ndjson").lines
        #expect(rows.count == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data((rows.first ?? "").utf8)) as? [String: Any])
    }

    @Test func theLastDeliveryIsJudgedAndAlertedAbout() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (installation, folder) = try await Self.prepared(broker.url)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(90, metres: 200, every: 20, times: 48)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(270, metres: 200, every: 20, times: 10)
        try await RecordedTrack.replay(track.take(), installation, folder)
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
        try await Self.expectNothingChanges(installation)

        // More reports that change nothing leave the row as it is.
        let revision: StaticString = "SELECT max(revision) FROM delivery"
        let before = try installation.count(revision)
        track.drive(270, metres: 200, every: 20, times: 10)
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count(revision) == before)
        try await Self.expectNothingChanges(installation)

        // Its plant loses the licence: that is said of what is not final, too.
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,revoked,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        _ = try await installation.caughtUp()
        let revoked = try await Self.row(installation)["suspicions"] as? String ?? ""
        #expect(revoked.contains("licence-invalid"), "\(revoked)")
        try await Self.expectNothingChanges(installation)

        // The next load makes it final: the same alert, which is provisional no more.
        track.drive(270, metres: 200, every: 20, times: 28)
        track.drive(90, metres: 0, every: 20, times: 30)
        try await RecordedTrack.replay(track.take(), installation, folder)
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
        try await Self.expectNothingChanges(installation)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// What came first is judged by what came later: only all loads of a day show that the truck's clock is eight hours
    /// beside the time.
    @Test func aClockThatShowsLateTakesBackWhatWasSaidOfTheFirstLoad() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (installation, folder) = try await Self.prepared(broker.url)
        // Three loads from P1 to S1, an hour and a half apart, by a clock that is eight hours behind.
        let notes = ["2026-03-02T18:09:00+08:00", "2026-03-02T19:39:00+08:00", "2026-03-02T21:09:00+08:00"]
        try await RecordedTrack.importing(
            "tickets",
            "ticket_id,plant_id,site_id,plate,issued_at\nK9,P1,S2,浙F00009,2026-03-02T09:00:00+08:00\n"
                + notes.enumerated().map { "N\($0),P1,S1,浙F00001,\($1)\n" }.joined(), installation, folder)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<3 {
            track.drive(90, metres: 0, every: 20, times: 30)
            track.drive(90, metres: 200, every: 20, times: 48)
            track.drive(90, metres: 0, every: 20, times: 30)
            track.drive(270, metres: 200, every: 20, times: 48)
            track.drive(270, metres: 0, every: 20, times: 114)
            guard round == 0 else { continue }
            try await RecordedTrack.replay(track.take(), installation, folder)
            _ = try await installation.caughtUp()
            #expect(try installation.count("SELECT count(*) FROM delivery WHERE verdict = 'suspicious'") == 1)
        }
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM delivery WHERE verdict = 'suspicious'") == 0)
        #expect(
            try installation.count(
                "SELECT count(*) FROM alert WHERE status = 'open' AND delivery_id IS NOT NULL") == 0)
        try await Self.expectNothingChanges(installation)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
