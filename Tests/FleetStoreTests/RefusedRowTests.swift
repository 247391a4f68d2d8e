import Chronology
import PostgresClient
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// What the database refuses is found row by row, and what a kill left unwritten is made good.
@Suite struct RefusedRowTests {
    private func camera(_ minute: Int, _ state: CameraStatus.State) -> LoggedCamera {
        let report = CameraReport(
            recordedAt: StoreFixture.time("2026-03-02T07:\(10 + minute):00Z"),
            cameras: [CameraStatus(name: "right_blind_spot", state: state)])
        return LoggedCamera(
            terminal: StoreFixture.terminal(), report: report, receivedAt: StoreFixture.time("2026-03-02T08:00:00Z"),
            messageIndex: Int32(minute))
    }

    /// - Parameter batchesBefore: more than the careful ones after a connect, so that both ways are taken.
    @Test(arguments: [0, 5])
    func aRefusedCameraReportIsFoundByHalving(batchesBefore: Int) async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute("ALTER TABLE camera_report ADD CONSTRAINT odd CHECK (cameras NOT LIKE '%fault')")
        let writer = try LogWriter(url: fixture.url, lane: "main")
        for number in 0..<batchesBefore { try StoreFixture.store([], number: Int64(number + 1), in: writer) }
        let rows = (0..<20).map { self.camera($0, $0 == 3 || $0 == 19 ? .fault : .ok) }
        let outcome = try StoreFixture.store([], cameras: rows, number: Int64(batchesBefore + 1), in: writer)
        for (index, state) in outcome.cameras.enumerated() {
            #expect(state == (index == 3 || index == 19 ? .refused("23514") : .added), "row \(index)")
        }
        #expect(try fixture.count("SELECT count(*) FROM camera_report") == 18)
    }

    /// Of a batch that contradicts itself the log says which report holds: the one that it has, else the first that it
    /// takes.
    @Test func theLogDecidesBetweenReportsOfOneTime() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute("ALTER TABLE position ADD CONSTRAINT odd CHECK (latitude <> 309000000)")
        let writer = try LogWriter(url: fixture.url, lane: "main")
        func row(_ latitude: Int32, _ index: Int32, minute: Int = 0) -> LoggedPosition {
            StoreFixture.position("2026-03-02T07:0\(minute):00Z", latitudeE7: latitude, index: index)
        }
        try StoreFixture.store([row(307_000_000, 0)], number: 1, in: writer)
        let known = try StoreFixture.store(
            [row(308_000_000, 0)], contradictions: [row(307_000_000, 1), row(306_000_000, 1)], number: 2, in: writer)
        #expect(known.positions == [.conflict, .duplicate, .conflict])
        let refused = try StoreFixture.store(
            [row(309_000_000, 0, minute: 1)],
            contradictions: [row(308_000_000, 0, minute: 1), row(306_000_000, 0, minute: 1)],
            number: 3, in: writer)
        #expect(refused.positions == [.refused("23514"), .added, .conflict])
        // Behind the careful batches comes the quick way.
        for number in 4...8 {
            try StoreFixture.store([row(307_000_000, 0, minute: number)], number: Int64(number), in: writer)
        }
        let quick = try StoreFixture.store(
            [row(307_000_000, 0, minute: 9)], contradictions: [row(308_000_000, 1, minute: 9)], number: 9, in: writer)
        #expect(quick.positions == [.added, .conflict])
        #expect(try fixture.count("SELECT count(*) FROM position") == 8)
        #expect(try fixture.count("SELECT cardinality(terminal_ids) FROM batch WHERE number = 3") == 1)
    }

    @Test func theNewestPositionsAreMadeGoodAfterAKill() async throws {
        let fixture = try await StoreFixture()
        var writer: LogWriter? = try LogWriter(url: fixture.url, lane: "main")
        let rows = [
            StoreFixture.position("2026-03-02T07:00:00Z", index: 0),
            StoreFixture.position("2026-03-02T07:05:00Z", index: 1),
            StoreFixture.position("2002-09-13T07:00:00Z", terminal: "T2", index: 2),
        ]
        try StoreFixture.store(rows, number: 1, in: #require(writer))
        #expect(try fixture.count("SELECT count(*) FROM latest_position") == 0)
        writer = nil
        #expect(
            try await eventually {
                writer = try? LogWriter(url: fixture.url, lane: "main")
                return writer != nil
            })
        try writer?.catchUpLatest()
        #expect(
            try fixture.count(
                "SELECT count(*) FROM latest_position WHERE recorded_at IN ('2026-03-02T07:05Z', '2002-09-13T07:00Z')")
                == 2)
        let revision = try fixture.count("SELECT max(revision) FROM latest_position")
        try writer?.catchUpLatest()
        #expect(try fixture.count("SELECT max(revision) FROM latest_position") == revision, "nothing is news twice")
    }
}
