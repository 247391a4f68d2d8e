import LocalServers
import Supervision
import TestSupport
import Testing

/// Alerts that a running installation raises from reports as they come.
@Suite struct LiveAlertTests {
    private static func prepared(_ broker: String) async throws -> (Installation, folder: String) {
        let installation = try await Installation(broker: broker)
        let folder = try await TestServers.shared.makeFolder()
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,valid,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        try await RecordedTrack.importing(
            "sites",
            "site_id,name,status,valid_from,lat,lon,radius_m\nS1,一号工地,active,2020-01-01,30.70,120.80,60\n",
            installation, folder)
        try await RecordedTrack.importing(
            "vehicles", "plate,terminal,kind\n浙F00001,T1,mixer\n浙F00002,T2,mixer\n", installation, folder)
        // Five loads went from P1 to S1 along the road to the east.
        try installation.execute(
            """
            INSERT INTO corridor_trip (load_id, plant, site, carried_at, points)
            SELECT 'L-' || n, 'P1', 'S1', timestamptz '2026-02-01' + n * interval '1 h',
                ARRAY[307000000, 1207000000, 307000000, 1208000000]
            FROM generate_series(1, 5) n
            """)
        return (installation, folder)
    }

    /// The report that shows it, the cursor that has taken it in and the alert are one transaction: an alert is one
    /// step of analysis away from its report, however long a step is.
    @Test func anOffCorridorReportRaisesItsAlertInTheStepThatTakesItIn() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (installation, folder) = try await Self.prepared(broker.url)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(90, metres: 200, every: 20, times: 15)
        track.drive(0, metres: 200, every: 20, times: 3)
        track.drive(90, metres: 200, every: 20, times: 9)
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert") == 0)
        track.drive(90, metres: 200, every: 20, times: 1)
        try await RecordedTrack.replay(track.take(), installation, folder)
        #expect(
            try await eventually {
                try installation.count("SELECT count(*) FROM alert WHERE rule = 'off-corridor' AND status = 'open'")
                    == 1
            }, "\(service.log)")
        #expect(
            try installation.count(
                """
                SELECT count(*) FROM alert a
                JOIN analysis_cursor c ON c.xmin = a.xmin
                JOIN position p ON p.terminal_id = a.terminal_id AND p.recorded_at = a.opened_at
                    AND p.batch_id & 1099511627775 = c.number AND p.batch_id >> 40 = c.lane_id
                WHERE a.rule = 'off-corridor'
                """) == 1)
        // Back on the road it is over.
        track.drive(180, metres: 200, every: 20, times: 3)
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'off-corridor' AND status = 'closed'") == 1)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// Zones hold for whatever is sent behind their import, however soon: what was missed then was missed for good.
    @Test func aZoneHoldsForTheTrafficBehindItsImport() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (installation, folder) = try await Self.prepared(broker.url)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for (round, east) in [120.70, 120.72, 120.74].enumerated() {
            try await RecordedTrack.importing(
                "zones",
                "zone_id,name,rule,days,from,to,permit_plates,fence_wkt\n"
                    + "Z\(round),环线,禁行,,,,,\"POLYGON((\(east) 30.69, \(east + 0.01) 30.69, "
                    + "\(east + 0.01) 30.71, \(east) 30.71, \(east) 30.69))\"\n", installation, folder)
            // Two kilometres to the east, half of it in the zone.
            track.drive(90, metres: 191.2, every: 20, times: 10)
            try await RecordedTrack.replay(track.take(), installation, folder)
        }
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'restricted-zone'") == 3)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    @Test func aRightTurnWithoutAWorkingCameraRaisesAnAlert() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (installation, folder) = try await Self.prepared(broker.url)
        let service = try await installation.serve()
        var track = RecordedTrack("T2", latitude: 30.75, longitude: 120.75)
        track.camera("ok")
        for state in ["ok", "lost"] {
            track.camera(state)
            track.drive(0, metres: 18, every: 2, times: 30)
            for bearing in [30.0, 60, 90] { track.drive(bearing, metres: 18, every: 2, times: 1) }
            track.drive(90, metres: 18, every: 2, times: 20)
            // North again by the left.
            for bearing in [60.0, 30, 0] { track.drive(bearing, metres: 18, every: 2, times: 1) }
        }
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn'") == 1)
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'fast-right-turn'") == 2)
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn' AND status = 'open'")
                == 1)
        track.camera("ok")
        track.drive(0, metres: 18, every: 2, times: 40)
        try await RecordedTrack.replay(track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn' AND status = 'closed'")
                == 1)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
