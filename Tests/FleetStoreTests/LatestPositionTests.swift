import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// The newest position of each vehicle, written about once a second.
@Suite struct LatestPositionTests {
    private typealias Fixture = StoreFixture

    /// A connection broke before the newest positions were written: they are the first that its successor is given, and
    /// it has seen none of their terminals. It took them all for one, which stopped ingestion for good.
    @Test func whatAnEarlierConnectionCouldNotWriteIsWrittenByTheNext() async throws {
        let fixture = try await Fixture()
        let rows = ["T1", "T2", "T3"].map { Fixture.position("2026-03-02T07:00:00Z", terminal: $0) }
        var writer: LogWriter? = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store(rows, number: 1, in: try #require(writer))
        writer = nil
        let next = try LogWriter(url: fixture.url, lane: "main")
        let beat = PartStore.Beat(part: "ingestion", runID: "run", isReady: true, message: "")
        try next.publish(rows, beat)
        #expect(
            try fixture.count("SELECT count(*) FROM latest_position JOIN terminal USING (terminal_id)") == 3)
        // Nor does a terminal that never had a row hinder the others.
        try next.publish(rows + [Fixture.position("2026-03-02T07:00:00Z", terminal: "NEW")], beat)
        #expect(try fixture.count("SELECT count(*) FROM latest_position") == 4)
    }
}
