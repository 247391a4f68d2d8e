import Chronology
import Geodesy
import PostgresClient
import Registers
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// Alarms in the log, and how ingestion hears of the register of terminals.
@Suite struct AlarmTests {
    private typealias Fixture = StoreFixture

    private func alarm(
        _ kind: AlarmKind, at time: String = "2026-03-02T07:00:00Z", item: UInt8 = 0x64, level: UInt8? = 1,
        edge: AlarmReport.Edge? = .begin, index: Int32 = 0
    ) -> LoggedAlarm {
        LoggedAlarm(
            terminal: Fixture.terminal(),
            report: AlarmReport(recordedAt: Fixture.time(time), kind: kind, item: item, level: level, edge: edge),
            receivedAt: Fixture.time("2026-03-02T08:00:00Z"), messageIndex: index)
    }

    // More batches than the careful ones after a connect, so that both ways are taken.
    @Test(arguments: [0, 5]) func alarmsAreStoredOnce(batchesBefore: Int) async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        for number in 0..<batchesBefore {
            try Fixture.store([Fixture.position("2026-03-02T06:0\(number):00Z")], number: Int64(number + 1), in: writer)
        }
        let next = Int64(batchesBefore + 1)
        let first = [
            self.alarm(.fcw), self.alarm(.fcw, edge: .end, index: 1),
            self.alarm(.fatigue, item: 0, level: nil, edge: nil),
            // A day that no position has a partition for.
            self.alarm(.fcw, at: "2004-02-29T00:00:00Z", index: 2),
        ]
        #expect(
            try Fixture.store([], alarms: first, number: next, in: writer).alarms == [.added, .added, .added, .added])
        let second = [
            self.alarm(.fcw), self.alarm(.ldw, index: 1), self.alarm(.fcw, level: 2, index: 2),
            self.alarm(.fatigue, item: 0x65, level: nil, edge: nil, index: 3),
        ]
        let outcome = try Fixture.store(
            [Fixture.position("2026-03-02T07:00:00Z", index: 4)], alarms: second, number: next + 1, in: writer)
        #expect(outcome.alarms == [.duplicate, .added, .added, .added])
        #expect(outcome.positions == [.added])
        #expect(try fixture.count("SELECT count(*) FROM alarm_report") == 7)
        #expect(try fixture.count("SELECT sum(alarms) FROM batch") == 7)
        #expect(try fixture.count("SELECT alarms FROM lane") == 7)
        #expect(try FleetReader(connection: fixture.connection).counts().alarms == 7)
        #expect(
            try fixture.count(
                "SELECT count(*) FROM alarm_report WHERE kind = 'fatigue' AND item = 0 AND level = 0 AND edge = 0") == 1
        )
    }

    @Test func settingsOfTerminalsAreHeardOf() async throws {
        let fixture = try await Fixture()
        let registers = RegisterStore(connection: fixture.connection)
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let terminal = try #require(TerminalID("13700000001"))
        #expect(try writer.changedDevices()?.settings(of: terminal) == DeviceSettings())
        #expect(try writer.changedDevices() == nil)

        let row = TerminalSettings(
            terminal: "013700000001", dialect: "jt808", drumForward: .discharges, rightCameraChannel: 9,
            coordinates: .gcj02)
        _ = try registers.importRecords([.terminal(row)], kind: .terminals, source: "test", by: "test")
        let expected = DeviceSettings(drumForward: .discharges, rightCameraChannel: 9, coordinates: .gcj02)
        #expect(try writer.changedDevices()?.settings(of: terminal) == expected)
        #expect(try writer.changedDevices() == nil)

        // The same again changes nothing, and another register is none of its business.
        _ = try registers.importRecords([.terminal(row)], kind: .terminals, source: "test", by: "test")
        #expect(try writer.changedDevices() == nil)
        // Between batches too.
        var changed = row
        changed.rightCameraChannel = 2
        _ = try registers.importRecords([.terminal(changed)], kind: .terminals, source: "test", by: "test")
        try Fixture.store([Fixture.position("2026-03-02T07:00:00Z")], number: 1, in: writer)
        #expect(try writer.changedDevices()?.settings(of: terminal).rightCameraChannel == 2)
    }
}
