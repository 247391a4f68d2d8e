import Chronology
import Geodesy
import Telemetry
import Testing

@testable import IngestionPipeline

@Suite struct LatestPositionsTests {
    private static func row(_ second: Int, _ latitudeE7: Int32) throws -> LoggedPosition {
        let time = Instant(microseconds: 1_772_400_000_000_000 + Int64(second) * 1_000_000)
        return LoggedPosition(
            terminal: try #require(TerminalID("T1")),
            report: PositionReport(
                recordedAt: time, coordinate: Coordinate(latitudeE7: latitudeE7, longitudeE7: 1_207_000_000)),
            receivedAt: time, messageIndex: 0)
    }

    /// A report that the log has refused, or that contradicts the first of its time, is nowhere on the map.
    @Test func onlyWhatTheLogHasTakenIsNews() throws {
        var latest = LatestPositions()
        let rows = try [Self.row(1, 1), Self.row(1, 2), Self.row(2, 3), Self.row(3, 4)]
        latest.take(rows, [.added, .conflict, .duplicate, .refused("22003")])
        #expect(latest.takeChanges() == [rows[0]])
        latest.take([rows[1]], [.conflict])
        #expect(!latest.hasChanges)
        latest.take([rows[3], rows[2]], [.added, .added])
        #expect(latest.takeChanges() == [rows[3]])
    }
}
