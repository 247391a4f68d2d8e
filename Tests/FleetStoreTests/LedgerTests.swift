import Chronology
import FleetStore
import PostgresClient
import Telemetry
import TestSupport
import Testing

/// Received = stored + duplicate + quarantined + ignored, by lane and by terminal, at every moment.
@Suite struct LedgerTests {
    private static let start = StoreFixture.time("2026-03-02T15:59:00Z")

    private static func messages(_ batch: Int) -> [(topic: String, payload: String)] {
        let time = Self.start.advanced(bySeconds: Double(batch) * 4 - 1)
        return [
            SealedLane.position("A", at: time), SealedLane.position("A", at: time),
            SealedLane.position("B", at: time, more: #","seq":\#(batch)"#), ("fleet/v1/A/position", "{"),
            ("fleet/v1/C/position", "no JSON"), ("nonsense", "x"),
        ]
    }

    private static func take(_ batches: Range<Int>, _ lane: SealedLane) throws {
        for batch in batches {
            try lane.take(Self.messages(batch), at: Self.start.advanced(bySeconds: Double(batch) * 4))
        }
    }

    private static func check(_ fixture: StoreFixture, batches: Int64) throws {
        let reader = LedgerReader(connection: fixture.connection)
        let lane = try #require(try reader.reconciliation().first)
        #expect(lane.isReconciled, "\(lane)")
        #expect(lane.counts.received == 6 * batches)
        #expect(lane.withoutTerminal.quarantined == batches)
        func total(_ terminal: String) throws -> [Int64] {
            try reader.days(of: terminal, from: nil, to: nil).reduce(into: [0, 0, 0, 0]) { sum, day in
                sum[0] += day.counts.stored
                sum[1] += day.counts.duplicate
                sum[2] += day.counts.quarantined
                sum[3] += day.counts.ignored
            }
        }
        #expect(try total("A") == [batches, batches, batches, 0])
        #expect(try total("B") == [batches, 0, 0, 0])
        #expect(try total("C") == [0, 0, batches, 0])
    }

    @Test func theSumsAgreeBeforeAndAfterARollUp() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        try Self.take(0..<2, lane)
        #expect(try fixture.count("SELECT count(*) FROM terminal_ledger") == 0)
        try Self.check(fixture, batches: 2)
        try Self.take(2..<4, lane)
        #expect(try fixture.count("SELECT count(*) FROM terminal_ledger") > 0)
        #expect(try fixture.count("SELECT ledger_number FROM lane") == 3)
        try Self.check(fixture, batches: 4)
        try Self.take(4..<40, lane)
        try Self.check(fixture, batches: 40)
    }

    /// Midnight in China lies at 16:00 UTC.
    @Test func daysAreThoseOfChina() async throws {
        let fixture = try await StoreFixture()
        try Self.take(0..<30, try SealedLane(fixture))
        let days = try LedgerReader(connection: fixture.connection).days(of: "B", from: nil, to: nil)
        #expect(days.map(\.day) == ["2026-03-02", "2026-03-03"])
        #expect(days.map(\.counts.stored) == [15, 15])
        #expect(days.first?.firstReceivedAt == Self.start)
        #expect(days.last?.lastReceivedAt == Self.start.advanced(bySeconds: 116))
    }

    @Test func aProcessThatEndedInBetweenLosesNothing() async throws {
        let fixture = try await StoreFixture()
        for part in 0..<5 {
            var lane: SealedLane?
            #expect(
                try await eventually {
                    lane = try? SealedLane(fixture)
                    return lane != nil
                })
            try Self.take(part * 4..<part * 4 + 4, try #require(lane))
            try Self.check(fixture, batches: Int64(part + 1) * 4)
        }
        #expect(try fixture.count("SELECT ledger_number FROM lane") > 0)
    }

    @Test func aMismatchIsFound() async throws {
        let fixture = try await StoreFixture()
        try Self.take(0..<20, try SealedLane(fixture))
        let reader = LedgerReader(connection: fixture.connection)
        for sql in [
            "UPDATE lane SET stored = stored + 1", "UPDATE terminal_ledger SET duplicate = duplicate + 1",
            "DELETE FROM batch WHERE number = 3",
        ] {
            #expect(try reader.reconciliation().allSatisfy(\.isReconciled))
            try fixture.connection.execute("BEGIN")
            try fixture.connection.execute(sql)
            #expect(try !reader.reconciliation().allSatisfy(\.isReconciled), "\(sql)")
            try fixture.connection.execute("ROLLBACK")
        }
    }

    @Test func aClockThatLooksWrongIsCountedAndKeptAsItIs() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        let time = Self.start
        try lane.take(
            [
                SealedLane.position("A", at: time.advanced(bySeconds: 28_800)),
                SealedLane.position("A", at: time.advanced(bySeconds: -28_790)),
                SealedLane.position("A", at: time.advanced(bySeconds: -619_315_200)),
                SealedLane.position("A", at: time),
            ], at: time)
        let day = try #require(try LedgerReader(connection: fixture.connection).days(of: "A", from: nil, to: nil).first)
        #expect([day.ahead, day.behind, day.rollover] == [1, 1, 1])
        #expect([day.counts.stored, day.counts.quarantined] == [3, 1])
        #expect(try fixture.count("SELECT count(*) FROM position WHERE recorded_at < '2007-01-01'") == 1)
    }

    @Test func numbersAndSerialsCanBeReadBack() async throws {
        let fixture = try await StoreFixture()
        try Self.take(0..<5, try SealedLane(fixture))
        let reader = LedgerReader(connection: fixture.connection)
        #expect(try reader.sequences(of: "B", from: nil, to: nil).map(\.number) == [0, 1, 2, 3, 4])
        try fixture.connection.execute(
            """
            UPDATE batch SET serial_terminals = ARRAY[t.terminal_id, 0, t.terminal_id], serial_first = '{-1,7,1}',
                serial_count = '{2,1,1}' FROM terminal t WHERE t.name = 'B' AND number = 2
            """)
        let serials = try reader.serials(of: StoreFixture.terminal("B"), from: nil, to: nil)
        #expect(serials.map(\.run.first) == [65_535, 1])
        #expect(serials.map(\.run.count) == [2, 1])
        #expect(NumberGaps(serials: serials).gaps.isEmpty)
    }

    @Test func serialsAreWrittenAsTheyCame() async throws {
        let fixture = try await StoreFixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let time = Self.start
        let terminal = StoreFixture.terminal("13800000000")
        var ledger = BatchLedger()
        ledger.tallies = [TerminalTally(terminal: terminal)]
        ledger.tallies[0].ignored = 4
        ledger.serials = [
            SerialRun(terminal: terminal, first: 65_534, count: 3, delivery: .first),
            SerialRun(terminal: terminal, first: 9), SerialRun(terminal: terminal, first: 7, delivery: .again),
        ]
        let settled = ledger
        _ = try writer.store(
            BatchRecord(
                number: 1, hash: [UInt8](repeating: 1, count: 32), sealed: [1], rawByteCount: 1, messageCount: 4,
                firstReceivedAt: time, lastReceivedAt: time, terminals: [terminal]), positions: [], cameras: []
        ) { _ in
            var counts = MessageCounts()
            counts.ignored = 4
            return Settlement(counts: counts, quarantined: [], ledger: settled)
        }
        let serials = try LedgerReader(connection: fixture.connection).serials(of: terminal, from: nil, to: nil)
        #expect(serials.map(\.run) == settled.serials)
        #expect(
            try LedgerReader(connection: fixture.connection).days(of: terminal.text, from: nil, to: nil)
                .map(\.counts.ignored) == [4])
    }
}
