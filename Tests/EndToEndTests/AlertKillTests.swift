import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Alerts through kills: their states are written with what they raise, else once a minute, so that a kill always finds
/// reports which the states do not hold.
@Suite struct AlertKillTests {
    /// Four trucks that raise and end alerts all the time; in chunks, each from where the one before ended.
    private static func chunks(_ count: Int) -> [[String]] {
        var fast = RecordedTrack("A1", latitude: 30.70, longitude: 120.70)
        var frozen = RecordedTrack("A2", latitude: 30.71, longitude: 120.70)
        var turning = RecordedTrack("A3", latitude: 30.72, longitude: 120.70)
        var zoned = RecordedTrack("A4", latitude: 30.73, longitude: 120.70)
        return (0..<count).map { round in
            // Too fast for as long as it takes, now and then over the end of a chunk.
            fast.drive(90, metres: 150, every: 10, times: 9 + round % 3)
            fast.drive(90, metres: 280, every: 10, times: 2 + round % 4)
            // Its position stands still while the recorder drives, for over three chunks at a time.
            if round % 5 == 4 { frozen.drive(90, metres: 100, every: 20, times: 6) }
            frozen.stand(kmh: 30, every: 20, times: 12)
            // The camera is lost for three chunks and works for two.
            turning.camera(round % 5 < 3 ? "lost" : "ok")
            turning.drive(0, metres: 18, every: 2, times: 40)
            for bearing in [30.0, 60, 90] { turning.drive(bearing, metres: 18, every: 2, times: 1) }
            turning.drive(90, metres: 18, every: 2, times: 30)
            for bearing in [60.0, 30, 0] { turning.drive(bearing, metres: 18, every: 2, times: 1) }
            // Into a zone and out of it.
            zoned.drive(round % 4 < 2 ? 90 : 270, metres: 200, every: 15, times: 9)
            return fast.take() + frozen.take() + turning.take() + zoned.take()
        }
    }

    private static func prepared(_ broker: String) async throws -> (Installation, folder: String) {
        let installation = try await Installation(broker: broker)
        let folder = try await TestServers.shared.makeFolder()
        try await RecordedTrack.importing(
            "zones",
            "zone_id,name,rule,days,from,to,permit_plates,fence_wkt\n"
                + "Z1,城区,禁行,,,,,\"POLYGON((120.72 30.72,120.73 30.72,120.73 30.74,120.72 30.74,120.72 30.72))\"\n",
            installation, folder)
        return (installation, folder)
    }

    @Test func killsNeitherLoseNorRepeatAnAlert() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let (calm, folder) = try await Self.prepared(broker.url)
        let calmService = try await calm.serve()
        for chunk in Self.chunks(15) { try await RecordedTrack.replay(chunk, calm, folder) }
        _ = try await calm.caughtUp()
        let expected = try await calm.run("alerts", "--format", "ndjson").output
        #expect(await calmService.stop().isSuccess)
        for rule in [
            "speeding", "frozen-position", "blind-right-turn", "fast-right-turn", "camera-lost-moving",
            "restricted-zone",
        ] {
            #expect(expected.contains("\"\(rule)\""), "\(rule)")
        }

        let (shaken, other) = try await Self.prepared(broker.url)
        var service = try await shaken.serve()
        for (round, chunk) in Self.chunks(15).enumerated() {
            try await RecordedTrack.replay(chunk, shaken, other)
            switch round % 3 {
            case 0:
                _ = try await shaken.caughtUp()
                await service.killAll()
                service = try await shaken.serve()
            // In the midst of the chunk, wherever that is.
            case 1: service.killPart("analysis")
            default: break
            }
        }
        _ = try await shaken.caughtUp()
        #expect(try await shaken.run("alerts", "--format", "ndjson").output == expected)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// After a kill each truck is brought up to its newest report before it is called silent, those too that a change
    /// of the parameters has derived again, which takes more than one step of analysis.
    @Test func whoIsDerivedAgainIsCalledSilentByItsNewestReport() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let folder = try await TestServers.shared.makeFolder()
        let file = URL(fileURLWithPath: "\(folder)/tongxing.yaml")
        try Data("analysis:\n  checkpointHours: 6\n".utf8).write(to: file)
        let installation = try await Installation(broker: broker.url, settings: ["TONGXING_CONFIG": file.path])
        var service = try await installation.serve()
        // The first report writes a truck's state at once; those after it wait to be written.
        var tracks = (10..<70).map { index in
            var track = RecordedTrack("S\(index)", latitude: 30.70, longitude: 120.70)
            track.seconds = (Date().timeIntervalSince1970 - 1_772_416_800 - 600).rounded()
            return track
        }
        for times in [1, 3] {
            var lines: [String] = []
            for index in tracks.indices {
                tracks[index].drive(90, metres: 200, every: 20, times: times)
                lines += tracks[index].take()
            }
            try await RecordedTrack.replay(lines, installation, folder)
            _ = try await installation.caughtUp()
        }
        await service.killAll()
        #expect(try installation.count("SELECT count(*) FROM alert") == 0)
        try Data("analysis:\n  parameters:\n    driving:\n      silentSeconds: 1\n".utf8).write(to: file)
        service = try await installation.serve()
        #expect(
            try await eventually {
                try installation.count(
                    "SELECT count(DISTINCT terminal_id) FROM alert WHERE rule = 'silent-vehicle' AND status = 'open'")
                    == 60
            }, "\(service.log)")
        #expect(
            try installation.count(
                """
                SELECT count(*) FROM alert a JOIN terminal t USING (terminal_id)
                    JOIN latest_position l USING (terminal_id)
                WHERE a.alert_id <> 'A-silent-vehicle-' || t.name || '-'
                    || to_char(l.recorded_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')
                """) == 0)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
