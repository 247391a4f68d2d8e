import Chronology
import PostgresClient
import Telemetry
import TestSupport
import Testing

@testable import FleetStore

/// A message's bytes are kept once in quarantine, however many of its reports were refused.
@Suite struct QuarantineBytesTests {
    private typealias Fixture = StoreFixture

    /// Stores a batch of messages, each with so many refused reports.
    private static func store(
        _ messages: [(reports: Int, bytes: Int)], number: Int64, in writer: LogWriter
    ) throws {
        let time = Fixture.time("2026-03-02T08:00:00Z")
        let record = BatchRecord(
            number: number, hash: [UInt8](repeating: 1, count: 32), sealed: [1], rawByteCount: 1,
            messageCount: messages.count, firstReceivedAt: time, lastReceivedAt: time, terminals: [Fixture.terminal()])
        var quarantined: [QuarantinedReport] = []
        for (index, message) in messages.enumerated() {
            for report in 0..<message.reports {
                quarantined.append(
                    QuarantinedReport(
                        messageIndex: Int32(index), terminal: Fixture.terminal(), topic: "fleet/v1/T1/position",
                        receivedAt: time, refusal: Refusal(.missingField, detail: "lat", reportIndex: report),
                        payload: [UInt8](repeating: UInt8(index), count: message.bytes)))
            }
        }
        var counts = MessageCounts()
        counts.quarantined = Int64(messages.count)
        var ledger = BatchLedger()
        ledger.tallies = [TerminalTally(terminal: Fixture.terminal())]
        ledger.tallies[0].quarantined = Int32(messages.count)
        _ = try writer.store(record, positions: [], cameras: []) { _ in
            Settlement(counts: counts, quarantined: quarantined, ledger: ledger)
        }
    }

    @Test func everyEntryHasItsMessagesBytes() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Self.store([(3, 100), (1, 50)], number: 1, in: writer)
        try Self.store([(2, 70)], number: 2, in: writer)
        #expect(try fixture.count("SELECT count(raw) FROM quarantine") == 3)
        #expect(try fixture.count("SELECT sum(octet_length(raw)) FROM quarantine") == 220)
        let store = QuarantineStore(connection: fixture.connection)
        let all = try store.open(reason: nil, ids: [], after: nil, limit: 100, bytes: 1000)
        #expect(all.map(\.raw.count) == [100, 100, 100, 50, 70, 70])
        let last = try #require(all.last)
        #expect(try store.entry(last.quarantineID)?.raw == [UInt8](repeating: 0, count: 70))
        #expect(
            try store.list(QuarantineStore.Filter(), limit: 10).map(\.byteCount).sorted() == [
                50, 70, 70, 100, 100, 100,
            ])
    }

    @Test func numbersSayWhatStandsUnderThem() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Self.store([(3, 10)], number: 1, in: writer)
        try fixture.connection.execute(
            "UPDATE quarantine SET resolved_at = now(), resolved_by = 'li', outcome = 'stored' WHERE quarantine_id = 2")
        let standing = try QuarantineStore(connection: fixture.connection).standing(of: [1, 2, 2, 99_999_999])
        #expect(standing.mapValues(\.isResolved) == [1: false, 2: true])
        #expect(standing.values.allSatisfy { $0.reason == "missing-field" })
        #expect(try QuarantineStore(connection: fixture.connection).standing(of: []).isEmpty)
    }

    /// Settled ones count, and so do those that a retry added: under another number, with the same bytes and time.
    @Test func theRefusedReportsOfAMessageAreAllKnown() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Self.store([(3, 10), (1, 10), (2, 30)], number: 1, in: writer)
        try fixture.connection.execute(
            """
            UPDATE quarantine SET resolved_at = now(), resolved_by = 'li', outcome = 'stored' WHERE quarantine_id = 1;
            UPDATE quarantine SET reason = 'conflict' WHERE quarantine_id = 2;
            UPDATE quarantine SET report_index = NULL WHERE message_index = 2 AND report_index = 1
            """)
        // The bytes of the first message again, and others that came on the same topic at the same time.
        let again = try LogWriter(url: fixture.url, lane: "retry", isRetry: true)
        try Self.store([(4, 10)], number: 1, in: again)
        try Self.store([(9, 11)], number: 2, in: again)
        let store = QuarantineStore(connection: fixture.connection)
        let keys = (0..<3).map { QuarantineStore.MessageKey(batchID: writer.batchID(1), messageIndex: $0) }
        let found = try store.refusedReports(of: keys)
        #expect(found == [keys[0]: [0, 1, 2, 3], keys[1]: [0], keys[2]: [0, nil]])
        #expect(try store.refusedReports(of: [keys[1]]) == [keys[1]: [0]])
        #expect(try store.refusedReports(of: []).isEmpty)
    }

    /// A phone number is the same terminal without its leading zeros, whichever way it is written where.
    @Test func leadingZerosOfAPhoneNumberAreNoOtherTerminal() async throws {
        let fixture = try await Fixture()
        let lane = try SealedLane(fixture)
        let time = Fixture.time("2026-03-02T08:00:00Z")
        try lane.take(["34", "00056", "0T"].map { ("fleet/v1/\($0)/position", "nonsense") }, at: time)
        let reader = FleetReader(connection: fixture.connection)
        let store = QuarantineStore(connection: fixture.connection)
        for (asked, held) in [("0034", "34"), ("34", "34"), ("56", "00056"), ("00056", "00056"), ("0T", "0T")] {
            #expect(try reader.namesakes(of: asked) == [held])
            var filter = QuarantineStore.Filter()
            filter.terminals = try reader.namesakes(of: asked)
            #expect(try store.list(filter, limit: 10).map(\.terminal) == [held], "\(asked)")
            #expect(try store.reasons(filter).map(\.count) == [1], "\(asked)")
        }
        try lane.take([("fleet/v1/056/position", "nonsense")], at: time)
        #expect(try reader.namesakes(of: "056") == ["056", "00056"])
        // A name of letters has no zeros to lose, and nobody has nothing.
        for stranger in ["T", "00T", "7"] {
            var filter = QuarantineStore.Filter()
            filter.terminals = try reader.namesakes(of: stranger)
            #expect(filter.terminals == [])
            #expect(try store.list(filter, limit: 10).isEmpty, "\(stranger)")
        }
    }

    /// However many there are, page by page each refused message comes once.
    @Test func originalsComePageByPage() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Self.store([(3, 10), (1, 20), (2, 30)], number: 1, in: writer)
        try Self.store([(1, 40), (1, 50)], number: 2, in: writer)
        let store = QuarantineStore(connection: fixture.connection)
        var sizes: [Int] = []
        var after: QuarantineStore.MessageKey?
        while let page = try? store.originals(of: "T1", from: nil, to: nil, after: after, limit: 2),
            let last = page.last
        {
            #expect(page.count <= 2)
            sizes += page.map(\.raw.count)
            after = last.message
        }
        #expect(sizes == [10, 20, 30, 40, 50])
    }

    /// A page ends with the message that begins within its bytes.
    @Test func pagesAreBoundedByBytes() async throws {
        let fixture = try await Fixture()
        let writer = try LogWriter(url: fixture.url, lane: "main")
        try Self.store([(2, 100), (1, 100), (2, 100), (1, 5000)], number: 1, in: writer)
        let store = QuarantineStore(connection: fixture.connection)
        var pages: [[Int32]] = []
        var after: QuarantineStore.MessageKey?
        while true {
            let page = try store.open(reason: nil, ids: [], after: after, limit: 100, bytes: 150)
            guard let last = page.last else { break }
            after = last.message
            pages.append(page.map(\.messageIndex))
        }
        #expect(pages == [[0, 0, 1], [2, 2, 3]])
    }
}
