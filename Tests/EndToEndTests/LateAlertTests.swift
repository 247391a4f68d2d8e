import LocalServers
import Supervision
import TestSupport
import Testing

/// Alerts of reports that come late, at a running installation: in whatever order they come, in the end the same alerts
/// stand.
@Suite struct LateAlertTests {
    /// Pieces of each track, which are sent one after another, each when the one before was analysed.
    private static let pieces = 8

    /// Trucks that stay near where another one loses its satellites, and see theirs.
    private static func neighbours() -> [String] {
        (1...3).flatMap { index in
            var track = RecordedTrack("N\(index)", latitude: 30.60, longitude: 120.61)
            track.drive(0, metres: 20, every: 20, times: 22, more: ",\"satellites\":9")
            return track.take()
        }
    }

    private static func tracks() -> [[String]] {
        // Driven for five hours, rested, driven for five hours.
        var tired = RecordedTrack("F1", latitude: 30.20, longitude: 119.20)
        tired.drive(90, metres: 500, every: 60, times: 300)
        tired.drive(90, metres: 0, every: 60, times: 40)
        tired.drive(270, metres: 500, every: 60, times: 300)
        // Too fast, again and again.
        var fast = RecordedTrack("A1", latitude: 30.70, longitude: 120.70)
        for _ in 0..<6 {
            fast.drive(90, metres: 150, every: 10, times: 40)
            fast.drive(90, metres: 280, every: 10, times: 4)
        }
        // Its position stands still while the recorder drives.
        var frozen = RecordedTrack("A2", latitude: 30.71, longitude: 120.70)
        frozen.drive(90, metres: 100, every: 20, times: 6)
        frozen.stand(kmh: 30, every: 20, times: 60)
        // Two trucks report as C1, by turns.
        var (one, other) = (
            RecordedTrack("C1", latitude: 30.70, longitude: 120.70),
            RecordedTrack("C1", latitude: 30.90, longitude: 120.90)
        )
        other.seconds = 10
        var cloned: [String] = []
        for _ in 0..<10 {
            one.drive(90, metres: 150, every: 20, times: 1)
            other.drive(0, metres: 150, every: 20, times: 1)
            cloned += one.take() + other.take()
        }
        // Sees no satellite among those that do.
        var jammed = RecordedTrack("J1", latitude: 30.60, longitude: 120.60)
        jammed.drive(90, metres: 200, every: 20, times: 5, more: ",\"satellites\":9")
        jammed.drive(90, metres: 200, every: 20, times: 17, more: ",\"satellites\":0,\"fix\":false")
        return [tired.take(), fast.take(), frozen.take(), cloned, jammed.take()]
    }

    /// The alerts that stand once the pieces were sent in this order.
    private static func alerts(
        _ order: [Int], isReversed: Bool = false, _ broker: String
    ) async throws -> [String] {
        let installation = try await Installation(broker: broker)
        let folder = try await TestServers.shared.makeFolder()
        let service = try await installation.serve()
        try await RecordedTrack.replay(Self.neighbours(), installation, folder)
        _ = try await installation.caughtUp()
        for piece in order {
            let lines = Self.tracks().flatMap { track in
                track[(track.count * piece / Self.pieces)..<(track.count * (piece + 1) / Self.pieces)]
            }
            try await RecordedTrack.replay(isReversed ? lines.reversed() : lines, installation, folder)
            _ = try await installation.caughtUp()
        }
        let found = try await installation.run("alerts", "--format", "ndjson").lines
        #expect(await service.stop().isSuccess)
        return found.filter { !$0.contains("已撤回") }
    }

    @Test func inWhateverOrderReportsComeTheSameAlertsStand() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let sorted = try await Self.alerts(Array(0..<Self.pieces), broker.url)
        for (rule, count) in [
            ("fatigue-driving", 2), ("speeding", 6), ("frozen-position", 1), ("cloned-identity", 1), ("jamming", 1),
        ] {
            #expect(sorted.count { $0.contains("\"\(rule)\"") } == count, "\(rule)")
        }
        let shuffled = try await Self.alerts([3, 0, 6, 1, 7, 4, 2, 5], broker.url)
        #expect(shuffled == sorted)
        let backwards = try await Self.alerts((0..<Self.pieces).reversed(), isReversed: true, broker.url)
        #expect(backwards == sorted)
        try await broker.stop()
    }

    /// A truck that saw its satellites now and then, which its terminal tells later: nobody jammed anything.
    @Test func whatLateReportsDisproveIsWithdrawn() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        let service = try await installation.serve()
        var track = RecordedTrack("J1", latitude: 30.60, longitude: 120.60)
        track.drive(90, metres: 200, every: 20, times: 5, more: ",\"satellites\":9")
        track.drive(90, metres: 200, every: 20, times: 8, more: ",\"satellites\":0,\"fix\":false")
        let before = track.take()
        track.drive(90, metres: 200, every: 20, times: 2, more: ",\"satellites\":9")
        let late = track.take()
        track.drive(90, metres: 200, every: 20, times: 8, more: ",\"satellites\":0,\"fix\":false")
        try await RecordedTrack.replay(Self.neighbours() + before + track.take(), installation, folder)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM alert WHERE rule = 'jamming' AND status = 'open'") == 1)
        try await RecordedTrack.replay(late, installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert WHERE rule = 'jamming'") == 1)
        #expect(
            try installation.count(
                """
                SELECT count(*) FROM alert JOIN alert_action USING (alert_id)
                WHERE rule = 'jamming' AND status = 'closed' AND facts -> 0 ->> 'zh' LIKE '已撤回%'
                    AND acted_by = 'tongxing'
                """) == 1)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
