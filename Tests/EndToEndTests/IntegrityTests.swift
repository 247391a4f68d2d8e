import LocalServers
import Supervision
import TestSupport
import Testing

/// Whose a stream is, asked of a running installation: one identity in two places, no satellites among trucks that see
/// theirs, a track of another day.
@Suite struct IntegrityTests {
    private static func alerts(_ installation: Installation) async throws -> [String] {
        try await installation.run("alerts").lines.dropFirst().compactMap { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return cells.count > 4 ? "\(cells[1]) \(cells[4])" : nil
        }.filter { !$0.hasPrefix("teleport") && !$0.hasPrefix("fatigue") && !$0.hasPrefix("camera") }.sorted()
    }

    @Test func dishonestStreamsRaiseAlertsAndHonestOnesNone() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        let service = try await installation.serve()
        var lines: [String] = []

        // Two trucks report as C1, by turns.
        var (one, other) = (
            RecordedTrack("C1", latitude: 30.70, longitude: 120.70),
            RecordedTrack("C1", latitude: 30.90, longitude: 120.90)
        )
        other.seconds = 10
        for _ in 0..<10 {
            one.drive(90, metres: 150, every: 20, times: 1)
            other.drive(0, metres: 150, every: 20, times: 1)
            lines += one.take() + other.take()
        }

        // J1 drives among others and sees no satellite.
        for index in 1...3 {
            var neighbour = RecordedTrack("N\(index)", latitude: 30.60, longitude: 120.61)
            neighbour.drive(0, metres: 20, every: 20, times: 22, more: ",\"satellites\":9")
            lines += neighbour.take()
        }
        var jammed = RecordedTrack("J1", latitude: 30.60, longitude: 120.60)
        jammed.drive(90, metres: 200, every: 20, times: 5, more: ",\"satellites\":9")
        jammed.drive(90, metres: 200, every: 20, times: 17, more: ",\"satellites\":0,\"fix\":false")
        lines += jammed.take()

        // R1 drives for 40 minutes, the next day a little beside it, and two days later to the digit as on the first.
        for (day, latitude) in [(0.0, 30.50), (1, 30.50007), (2, 30.50)] {
            var track = RecordedTrack("R1", latitude: latitude, longitude: 120.50)
            track.seconds = day * 86_400
            track.drive(80, metres: 200, every: 20, times: 120)
            lines += track.take()
            if day == 1 {
                try await RecordedTrack.replay(lines, installation, folder)
                lines = []
                _ = try await installation.caughtUp()
                #expect(try await Self.alerts(installation) == ["cloned-identity C1", "jamming J1"])
            }
        }
        try await RecordedTrack.replay(lines, installation, folder)
        _ = try await installation.caughtUp()
        #expect(
            try await Self.alerts(installation) == ["cloned-identity C1", "jamming J1", "replayed-track R1"])
        #expect(try installation.count("SELECT count(*) FROM alert WHERE severity = 4") == 3)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
