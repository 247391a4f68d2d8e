import Chronology
import Geodesy
import PostgresClient
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

@Suite struct LogWriterTests {
    private typealias Fixture = StoreFixture

    @Test func rowsAreStoredOnceInWhateverBatchTheyComeAgain() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let rows = (0..<60).map { Fixture.position("2026-03-02T07:\($0 < 10 ? "0" : "")\($0):00Z", index: Int32($0)) }
        // More batches than the careful ones after a connect, so that both ways are taken.
        for number in 1...6 {
            let outcome = try Fixture.store(Array(rows[0..<(number * 10)]), number: Int64(number), in: writer)
            let known = (number - 1) * 10
            #expect(outcome.positions[..<known].allSatisfy { $0 == .duplicate })
            #expect(outcome.positions[known...].allSatisfy { $0 == .added })
        }
        #expect(try fixture.count("SELECT count(*) FROM position") == 60)
        #expect(try fixture.count("SELECT sum(positions) FROM batch") == 60)
        #expect(try fixture.count("SELECT stored + duplicate + quarantined + ignored FROM lane") == 210)
    }

    @Test(arguments: [0, 5])
    func anotherReportOfTheSameTimeIsAConflict(batchesBefore: Int) async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        for number in 0..<batchesBefore {
            try Fixture.store([Fixture.position("2026-03-02T06:0\(number):00Z")], number: Int64(number + 1), in: writer)
        }
        let next = Int64(batchesBefore + 1)
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: next, in: writer)
        let outcome = try Fixture.store(
            [
                Fixture.position("2026-03-02T07:00:00Z", latitudeE7: 1, index: 0),
                Fixture.position("2026-03-02T07:00:00Z", index: 1), Fixture.position("2026-03-02T07:01:00Z", index: 2),
            ], number: next + 1, in: writer)
        #expect(outcome.positions == [.conflict, .duplicate, .added])
        #expect(try fixture.count("SELECT count(*) FROM position WHERE latitude = 1") == 0)
    }

    @Test func aRowThatTheDatabaseRefusesIsFoundAndTheOthersStay() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        var rows = (0..<20).map { Fixture.position("2026-03-02T07:\(10 + $0):00Z", index: Int32($0)) }
        rows[7].report.coordinate = Coordinate(latitudeE7: 900_000_001, longitudeE7: 0)
        rows[13].report.coordinate = Coordinate(latitudeE7: .min, longitudeE7: 0)
        let outcome = try Fixture.store(rows, number: 1, in: writer)
        #expect(outcome.positions[7] == .refused("23514"))
        #expect(outcome.positions[13] == .refused("23514"))
        #expect(outcome.positions.count { $0 == .added } == 18)
        #expect(try fixture.count("SELECT count(*) FROM position") == 18)
    }

    @Test func everyTimeSince2000FindsAPartitionAndFarOnesShareThem() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let times = ["2000-01-01T00:00:00Z", "2002-09-13T07:00:00Z", "2002-12-31T23:59:59Z", "2025-06-01T00:00:00Z"]
        let now = try fixture.connection.query(
            NamedQuery("now", "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        ).text(0, 0)
        let rows = (times + [now ?? ""]).enumerated().map { Fixture.position($0.element, index: Int32($0.offset)) }
        let outcome = try Fixture.store(rows, number: 1, in: writer)
        #expect(outcome.positions.allSatisfy { $0 == .added })
        #expect(
            try fixture.count("SELECT count(*) FROM pg_class WHERE relname LIKE 'position\\_2002%' AND relkind = 'r'")
                == 1)
    }

    @Test func aMonthIsFilledAroundADayThatHasItsOwnPartition() async throws {
        let fixture = try await Fixture()
        // As it is when a day that once was near has become far.
        try fixture.connection.execute(
            "CREATE TABLE position_2010_05_10 PARTITION OF position FOR VALUES FROM ('2010-05-10T00:00Z') TO ('2010-05-11T00:00Z')"
        )
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let rows = ["2010-05-09T12:00:00Z", "2010-05-10T12:00:00Z", "2010-08-01T00:00:00Z"].enumerated()
            .map { Fixture.position($0.element, index: Int32($0.offset)) }
        #expect(try Fixture.store(rows, number: 1, in: writer).positions == [.added, .added, .added])
    }

    @Test func cameraStatesOfOneTimeBothCount() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        func camera(_ state: CameraStatus.State, _ index: Int32) -> LoggedCamera {
            let report = CameraReport(
                recordedAt: Fixture.time("2026-03-02T07:00:00Z"),
                cameras: [CameraStatus(name: "right_blind_spot", state: state)])
            return LoggedCamera(
                terminal: Fixture.terminal(), report: report, receivedAt: Fixture.time("2026-03-02T08:00:00Z"),
                messageIndex: index)
        }
        try Fixture.store([], cameras: [camera(.ok, 0)], number: 1, in: writer)
        let outcome = try Fixture.store([], cameras: [camera(.ok, 0), camera(.lost, 1)], number: 2, in: writer)
        #expect(outcome.cameras == [.duplicate, .conflict])
        #expect(try fixture.count("SELECT count(*) FROM camera_report") == 2)
    }

    @Test func twoWritersOfOneLaneAreImpossible() async throws {
        let fixture = try await Fixture()
        let first = try LogWriter(url: fixture.url, lane: "main")
        let error = #expect(throws: StoreError.self) { try LogWriter(url: fixture.url, lane: "main") }
        #expect(error?.description.contains("main") == true)
        #expect(try LogWriter(url: fixture.url, lane: "other").lane != first.lane)
    }

    @Test func theChainGoesOnWhereItEnded() async throws {
        let fixture = try await Fixture()
        var writer: LogWriter? = try LogWriter(url: fixture.url, lane: "main")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: #require(writer))
        writer = nil
        #expect(
            try await eventually {
                writer = try? LogWriter(url: fixture.url, lane: "main")
                return writer != nil
            })
        #expect(writer?.lastNumber == 1)
        #expect(writer?.lastHash == [UInt8](repeating: 1, count: 32))
    }

    /// Batch 1 goes the careful way, the next are copied straight in: either way the seal is asked for in time.
    @Test func theSealIsFilledInAndNothingIsStoredWithoutOne() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let time = Fixture.time("2026-03-02T08:00:00Z")
        for number in 1...5 as ClosedRange<Int64> {
            let rows = number == 5 ? [] : [Fixture.position("2026-03-02T06:0\(number):00Z")]
            let record = BatchRecord(
                number: number, hash: [], sealed: [], rawByteCount: 0, messageCount: 1, firstReceivedAt: time,
                lastReceivedAt: time)
            func store(_ isSealed: Bool) throws {
                _ = try writer.store(
                    record, positions: rows, cameras: [],
                    seal: { record in
                        record.hash = [UInt8](repeating: UInt8(number), count: 32)
                        record.sealed = [UInt8(number)]
                        return isSealed
                    }
                ) { _ in
                    var counts = MessageCounts()
                    counts.stored = 1
                    return Settlement(counts: counts, quarantined: [], ledger: BatchLedger())
                }
            }
            #expect(throws: StoreError.self) { try store(false) }
            #expect(try fixture.count("SELECT count(*) FROM batch") == number - 1)
            try store(true)
            #expect(writer.lastHash == [UInt8](repeating: UInt8(number), count: 32))
        }
        #expect(try fixture.count("SELECT count(*) FROM batch WHERE sealed = set_byte('\\x00', 0, number::int)") == 5)
    }

    @Test func aGapInTheChainIsRefused() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        #expect(throws: StoreError.self) {
            try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 3, in: writer)
        }
        #expect(try fixture.count("SELECT count(*) FROM position") == 0)
    }
}
