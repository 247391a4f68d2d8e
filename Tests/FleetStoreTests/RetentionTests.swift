import Chronology
@testable import FleetStore
import IngestionPipeline
import PostgresClient
import Registers
import Seals
import Telemetry
import TestSupport
import Testing

/// Retention drops whole partitions and the start of a chain, never what is newer, held or not analysed.
@Suite struct RetentionTests {
    private static let old = StoreFixture.time("2015-01-10T08:00:00Z")
    private static let new = StoreFixture.time("2026-03-02T08:00:00Z")
    private static let order = RetentionStore.Order(
        user: "officer", months: 12, receivedBefore: StoreFixture.time("2015-06-01T00:00:00Z"), isForced: false)

    /// Four old batches of A and B, then two new ones, the last with a report that was years late. The far past has a
    /// partition a year.
    private static func filled() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        try Self.fill(fixture)
        try await Self.rollUp(fixture)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        return fixture
    }

    private static func fill(_ fixture: StoreFixture) throws {
        let lane = try SealedLane(fixture)
        for batch in 0..<4 {
            let time = Self.old.advanced(bySeconds: Double(batch) * 86_400)
            try lane.take(
                [SealedLane.position(batch < 2 ? "A" : "B", at: time), ("fleet/v1/A/position", "x")], at: time)
        }
        try lane.take([SealedLane.position("A", at: Self.new)], at: Self.new)
        try lane.take(
            [SealedLane.position("C", at: Self.old.advanced(bySeconds: 86_400 * 400))],
            at: Self.new.advanced(bySeconds: 60))
    }

    /// A writer that is gone may hold its lock for a moment longer.
    private static func rollUp(_ fixture: StoreFixture) async throws {
        let store = RetentionStore(connection: fixture.connection)
        #expect(
            try await eventually {
                try store.rollUpIdleLanes()
                return try fixture.count("SELECT count(*) FROM lane WHERE ledger_number < last_number") == 0
            })
    }

    private static func apply(_ fixture: StoreFixture) throws {
        let store = RetentionStore(connection: fixture.connection)
        for partition in try store.oldPartitions(receivedBefore: Self.order.receivedBefore) {
            _ = try store.drop(partition, Self.order)
        }
        for old in try store.oldBatches(receivedBefore: Self.order.receivedBefore) {
            while try store.drop(old, Self.order) {}
        }
    }

    @Test func whatIsOlderGoesAndTheChainStillVerifies() async throws {
        let fixture = try await Self.filled()
        let store = RetentionStore(connection: fixture.connection)
        let partitions = try store.oldPartitions(receivedBefore: Self.order.receivedBefore)
        #expect(partitions.filter { $0.rowCount > 0 }.map(\.name) == ["position_2015"])
        let batches = try #require(try store.oldBatches(receivedBefore: Self.order.receivedBefore).first)
        #expect([batches.first, batches.through, batches.dropThrough] == [1, 4, 4])
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 2)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 5)
        #expect(try fixture.count("SELECT count(*) FROM quarantine") == 0)
        #expect(try fixture.count("SELECT count(*) FROM chain_anchor WHERE number = 4 AND stored = 4") == 1)
        #expect(try fixture.count("SELECT count(*) FROM retention_act WHERE acted_by = 'officer'") >= 2)
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak() == nil)
        #expect(try LedgerReader(connection: fixture.connection).reconciliation().allSatisfy(\.isReconciled))
        #expect(try store.oldBatches(receivedBefore: Self.order.receivedBefore).isEmpty)
        try fixture.connection.execute("UPDATE chain_anchor SET hash = set_byte(hash, 3, get_byte(hash, 3) # 1)")
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak()?.batch == 5)
    }

    @Test func aHoldKeepsItsPartitionsAndItsOriginals() async throws {
        let fixture = try await Self.filled()
        let holds = HoldStore(connection: fixture.connection)
        let hold = try holds.add(
            terminal: "B", from: Self.old.advanced(bySeconds: 86_400 * 2.5), to: nil, reason: "case 7", user: "judge")
        let store = RetentionStore(connection: fixture.connection)
        let partition = try store.oldPartitions(receivedBefore: Self.order.receivedBefore).first { $0.rowCount > 0 }
        #expect(partition?.holds == "\(hold)")
        let batches = try #require(try store.oldBatches(receivedBefore: Self.order.receivedBefore).first)
        #expect([batches.dropThrough, batches.through] == [3, 4])
        #expect(batches.holds == "\(hold)")
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 6)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 4)
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak() == nil)

        #expect(try holds.release(hold, reason: "closed", user: "judge"))
        #expect(try !holds.release(hold, reason: "closed", user: "judge"))
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 2)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 5)
        #expect(try fixture.count("SELECT count(*) FROM chain_anchor") == 2)
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak() == nil)
        #expect(try holds.list().map(\.releasedBy) == ["judge"])
    }

    /// Whoever registers an accident keeps the trail of its truck, whatever retention is told, until it is released.
    @Test func anAccidentKeepsTheTrailOfItsTruck() async throws {
        let fixture = try await Self.filled()
        let registers = RegisterStore(connection: fixture.connection)
        let truck = Vehicle(plate: "浙F00001", terminal: "B", kind: .mixer)
        _ = try registers.importRecords([.vehicle(truck)], kind: .vehicles, source: "test", by: "test")
        let accident = Accident(
            accidentID: "A1", occurredAt: Self.old.advanced(bySeconds: 86_400 * 3), plate: "浙F00001")
        _ = try registers.importRecords([.accident(accident)], kind: .accidents, source: "test", by: "test")
        try Self.apply(fixture)
        // The day of the accident and the days beside it: the third and the fourth batch, and their year.
        #expect(try fixture.count("SELECT count(*) FROM position") == 6)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 3)
        let holds = HoldStore(connection: fixture.connection)
        let hold = try #require(try holds.list().first { $0.reason == "accident A1" })
        #expect(try holds.release(hold.holdID, reason: "closed", user: "judge"))
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 2)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 5)
    }

    /// A report may be received long before or after the period that is held.
    @Test func aHoldOfAnEventKeepsTheOriginalWheneverItCame() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        try lane.take([SealedLane.position("A", at: StoreFixture.time("2005-05-05T00:00:00Z"))], at: Self.old)
        try lane.take([SealedLane.position("B", at: Self.old)], at: Self.old)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        try fixture.connection.execute("UPDATE lane SET ledger_number = last_number")
        _ = try HoldStore(connection: fixture.connection).add(
            terminal: nil, from: StoreFixture.time("2005-01-01T00:00:00Z"),
            to: StoreFixture.time("2006-01-01T00:00:00Z"), reason: "case 8", user: "judge")
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM batch") == 2)
        #expect(try fixture.count("SELECT count(*) FROM position WHERE recorded_at < '2006-01-01'") == 1)
    }

    @Test func whatIsNotAnalysedStays() async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute("UPDATE analysis_cursor SET number = 2")
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 3)
        // The partitions of a year hold what was read and what was not: all of it stays.
        #expect(try fixture.count("SELECT count(*) FROM position WHERE received_at < '2015-06-01'") == 4)
        try fixture.connection.execute("UPDATE analysis_cursor SET number = 4")
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position WHERE received_at < '2015-06-01'") == 0)
    }

    @Test func aLaneThatNobodyWritesIsRolledUpFirst() async throws {
        let fixture = try await Self.filled()
        try fixture.connection.execute("DELETE FROM terminal_ledger; UPDATE lane SET ledger_number = 0")
        try await Self.rollUp(fixture)
        #expect(try fixture.count("SELECT ledger_number FROM lane") == 6)
        #expect(try LedgerReader(connection: fixture.connection).reconciliation().allSatisfy(\.isReconciled))
    }

    private static let ahead = StoreFixture.time("2099-01-01T00:00:00Z")

    /// Batches with one report each, all recorded in 2015, received at these times.
    private static func received(_ times: [Instant]) async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        for (batch, time) in times.enumerated() {
            let recorded = Self.old.advanced(bySeconds: Double(batch))
            try lane.take([SealedLane.position("A", at: recorded)], at: time)
        }
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        try fixture.connection.execute("UPDATE lane SET ledger_number = last_number")
        return fixture
    }

    /// The server's clock once said 2099. A chain is in the order of receipt: between old batches that one is old.
    @Test func aClockThatWasFarAheadKeepsNothingForEver() async throws {
        let later = Self.old.advanced(bySeconds: 600)
        let fixture = try await Self.received([Self.old, Self.ahead, Self.ahead, later])
        // The partition was in use when the batches went: the next time it goes as well.
        let store = RetentionStore(connection: fixture.connection)
        for old in try store.oldBatches(receivedBefore: Self.order.receivedBefore) {
            while try store.drop(old, Self.order) {}
        }
        #expect(try fixture.count("SELECT count(*) FROM batch") == 0)
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 0)
        #expect(try await ChainWalk(connection: fixture.connection).firstBreak() == nil)
    }

    /// Before a recent one, or with none behind it, nobody knows how old it is: it is kept, and no other with it.
    @Test(arguments: [false, true])
    func whatMayBeRecentIsKept(isFollowed: Bool) async throws {
        let later = Self.old.advanced(bySeconds: 600)
        let fixture = try await Self.received(
            [Self.old, later, Self.ahead] + (isFollowed ? [Self.new] : []))
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT min(number) FROM batch") == 3)
        // Its report lies in the same partition as the old ones.
        #expect(try fixture.count("SELECT count(*) FROM position") == (isFollowed ? 4 : 3))
    }

    /// Ingestion remembers which partitions there are; one that was dropped is made again.
    @Test(arguments: [0, 5])
    func aReportForADroppedPartitionIsStored(batchesBefore: Int) async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        for batch in 0..<batchesBefore {
            try lane.take([SealedLane.position("A", at: Self.old.advanced(bySeconds: Double(batch)))], at: Self.old)
        }
        try lane.take([SealedLane.position("B", at: Self.old)], at: Self.old)
        try fixture.connection.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        try Self.apply(fixture)
        #expect(try fixture.count("SELECT count(*) FROM position") == 0)
        try lane.take([SealedLane.position("A", at: Self.new)], at: Self.new)
        // A repeat in the same batch: the quick way fails for another reason than the missing partition.
        let counts = try lane.take(
            [SealedLane.position("A", at: Self.new), SealedLane.position("B", at: Self.old)],
            at: Self.new.advanced(bySeconds: 1))
        #expect(counts.stored == 1)
        #expect(counts.duplicate == 1)
        #expect(counts.quarantined == 0)
    }

    @Test func noTimeSince2000FailsAnInsert() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        let now = StoreFixture.time("2026-11-20T08:00:00Z")
        let times = [
            "2000-01-01T00:00:00Z", "2000-12-31T23:59:59.999999Z", "2004-02-29T12:00:00Z", "2010-01-01T00:00:00Z",
            "2026-11-20T08:09:59Z", "2026-11-19T00:00:00Z", "2026-01-01T00:00:00+08:00",
        ]
        for _ in 0..<5 {
            let counts = try lane.take(
                times.map { SealedLane.position("A", at: StoreFixture.time($0)) }, at: now)
            #expect(counts.quarantined == 0)
        }
        #expect(try fixture.count("SELECT count(*) FROM position") == Int64(times.count))
        // Far ahead, where the configured bound allows it.
        let far = ["2027-11-20T07:00:00Z", "2030-01-01T00:00:00Z"]
        let rows = far.enumerated().map { StoreFixture.position($0.element, index: Int32($0.offset)) }
        let outcome = try StoreFixture.store(rows, number: lane.writer.lastNumber + 1, in: lane.writer)
        #expect(outcome.positions == [.added, .added])
    }
}
