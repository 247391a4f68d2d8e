import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Alerts that a running installation raises from reports as they come.
@Suite struct LiveAlertTests {
    private static func prepared() async throws -> SmallCity {
        let city = try await SmallCity(
            sites: [.init(id: "S1", latitude: 30.70, longitude: 120.80, radius: 60)], trucks: 2)
        // Five loads went from P1 to S1 along the road to the east.
        try city.installation.execute(
            """
            INSERT INTO corridor_trip (load_id, plant, site, carried_at, points)
            SELECT 'L-' || n, 'P1', 'S1', timestamptz '2026-02-01' + n * interval '1 h',
                ARRAY[307000000, 1207000000, 307000000, 1208000000]
            FROM generate_series(1, 5) n
            """)
        return city
    }

    /// The report that shows it, the cursor that has taken it in and the alert are one transaction: an alert is one
    /// step of analysis away from its report, however long a step is.
    @Test func anOffCorridorReportRaisesItsAlertInTheStepThatTakesItIn() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(90, metres: 200, every: 20, times: 15)
        track.drive(0, metres: 200, every: 20, times: 3)
        track.drive(90, metres: 200, every: 20, times: 9)
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert") == 0)
        track.drive(90, metres: 200, every: 20, times: 1)
        try await city.replay(&track)
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
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'off-corridor' AND status = 'closed'") == 1)
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }

    /// Zones hold for whatever is sent behind their import, however soon: what was missed then was missed for good.
    @Test func aZoneHoldsForTheTrafficBehindItsImport() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for (round, east) in [120.70, 120.72, 120.74].enumerated() {
            try await city.importing(
                "zones",
                "zone_id,name,rule,days,from,to,permit_plates,fence_wkt\n"
                    + "Z\(round),环线,禁行,,,,,\"POLYGON((\(east) 30.69, \(east + 0.01) 30.69, "
                    + "\(east + 0.01) 30.71, \(east) 30.71, \(east) 30.69))\"\n")
            // Two kilometres to the east, half of it in the zone.
            track.drive(90, metres: 191.2, every: 20, times: 10)
            try await city.replay(&track)
        }
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'restricted-zone'") == 3)
        // The first was drawn in the wrong place: what it closed is closed, and nothing else.
        try await city.importing(
            "zones",
            "zone_id,name,rule,days,from,to,permit_plates,fence_wkt\n"
                + "Z0,环线,禁行,,,,,\"POLYGON((121.70 30.69, 121.71 30.69, 121.71 30.71, 121.70 30.71, 121.70 30.69))\"\n")
        #expect(
            try await eventually {
                try installation.count(
                    "SELECT count(*) FROM alert_action WHERE kind = 'close' AND acted_by = 'tongxing'")
                    == 1
            }, "\(service.log)")
        #expect(
            try installation.count(
                "SELECT count(*) FROM alert_handling JOIN alert USING (alert_id) WHERE longitude < 120.715") == 1)
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }

    /// Two trucks that have a terminal one after the other: each answers for its own time, however the reports come in
    /// and whenever the register is put right.
    @Test func theNextTruckWithTheTerminalIsNotCharged() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
        func register(until time: String) async throws {
            let until = "2026-03-02T\(time):00+08:00"
            var text = "plate,terminal,kind,registered_from,registered_to\n"
            for number in [3, 4] {
                text += "浙F0001\(number),T\(number),mixer,2026-01-01,\(until)\n"
                text += "浙F0002\(number),T\(number),mixer,\(until),\n"
            }
            let file = "\(city.folder)/handover.csv"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let outcome = try await installation.run("import", "vehicles", file, "--replace")
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        func charged() throws -> Int {
            try installation.count(
                """
                SELECT coalesce(sum(CASE substr(plate, 5, 2) WHEN '01' THEN 1 WHEN '02' THEN 10 END), 0)::bigint
                FROM alert WHERE rule = 'speeding'
                """)
        }
        try await register(until: "10:10")
        var service = try await installation.serve()
        for terminal in ["T3", "T4"] {
            // Too fast from 10:05 to 10:07, and handed over at 10:10.
            var track = RecordedTrack(terminal, latitude: 30.75, longitude: 120.75)
            track.drive(90, metres: 150, every: 10, times: 30)
            track.drive(90, metres: 300, every: 10, times: 12)
            // One truck's come in two parts, so that the alert is stored open and closed later; the other's in one.
            if terminal == "T4" {
                try await city.replay(&track)
                _ = try await installation.caughtUp()
            }
            track.drive(90, metres: 150, every: 10, times: 60)
            try await city.replay(&track)
        }
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'speeding' AND status = 'closed'") == 2)
        #expect(try charged() == 2)
        // It was handed over before: the alerts are the other truck's, and their history says what they were.
        try await register(until: "10:04")
        #expect(try await eventually { try charged() == 20 }, "\(service.log)")
        #expect(
            try installation.count("SELECT count(*) FROM alert_action WHERE note LIKE '%由 浙F0001_ 更正为 浙F0002_%'")
                == 2)
        // Put back while nobody analyses.
        #expect(await service.stop().isSuccess)
        try await register(until: "10:10")
        #expect(try charged() == 20)
        service = try await installation.serve()
        #expect(try await eventually { try charged() == 2 }, "\(service.log)")
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert_action") == 4)
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }

    @Test func aRightTurnWithoutAWorkingCameraRaisesAnAlert() async throws {
        let city = try await Self.prepared()
        let installation = city.installation
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
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn'") == 1)
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'fast-right-turn'") == 2)
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn' AND status = 'open'")
                == 1)
        track.camera("ok")
        track.drive(0, metres: 18, every: 2, times: 40)
        try await city.replay(&track)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'blind-right-turn' AND status = 'closed'")
                == 1)
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }
}
