import Chronology
import FleetStore
import Foundation
import Glibc
import LocalServers
import PostgresClient
import Supervision
import Synchronization
import TestSupport
import Testing

/// A chain is walked for hours, and retention runs at night: the walk must not call broken what was dropped meanwhile.
@Suite struct SealsBesideRetentionTests {
    private static let messages = 1500

    /// A batch a message, all of them analysed and in the ledger.
    private static func installation() async throws -> (Installation, MosquittoBroker) {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(
            broker: broker.url, settings: ["TONGXING_INGESTION_BATCH_MESSAGES": "1"])
        let service = try await installation.serve("--only", "ingestion", waitsUntilReady: false)
        let lines = (0..<Self.messages).map { number in
            let time = Instant(seconds: 1_772_439_000 + Int64(number))
            return #"{"topic":"fleet/v1/T1/position","payload":{"time":"\#(time)","lat":30.7,"lon":120.7}}"#
        }
        let path = try await TestServers.shared.makeFolder() + "/traffic.ndjson"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        // The session is what keeps the messages until they are read.
        let isSubscribed = try await eventually {
            try installation.count("SELECT count(*) FROM part WHERE part = 'ingestion' AND is_ready") == 1
        }
        #expect(isSubscribed, "\(service.log)")
        #expect(try await installation.run("replay", path).code == 0)
        let isStored = try await eventually {
            try installation.count("SELECT count(*) FROM batch") == Self.messages
        }
        #expect(isStored, "\(service.log)")
        #expect(await service.stop().isSuccess)
        try installation.execute("UPDATE lane SET ledger_number = last_number")
        try installation.execute("INSERT INTO analysis_cursor SELECT lane_id, last_number FROM lane")
        return (installation, broker)
    }

    /// Drops the batches up to this one, as `tongxing retention` does.
    private static func drop(through number: Int, _ connection: PostgresConnection) throws {
        let row = try connection.query(
            NamedQuery(
                "test.receipt",
                "SELECT (extract(epoch FROM first_received_at) * 1000000)::bigint FROM batch WHERE number = $1::bigint"),
            [.integer(number + 1)])
        let received = row.integer(0, 0)
        let moment = Instant(microseconds: try #require(received))
        let store = RetentionStore(connection: connection)
        let order = RetentionStore.Order(user: "officer", months: 6, receivedBefore: moment, isForced: false)
        for old in try store.oldBatches(receivedBefore: moment) { while try store.drop(old, order) {} }
    }

    /// The walk is stopped wherever it happens to be, retention drops what lies before and behind it, the walk goes on.
    @Test func aWalkGoesOnFromWhereTheChainBeginsByNow() async throws {
        let (installation, broker) = try await Self.installation()
        let connection = try PostgresConnection(url: installation.databaseURL, application: "retention")
        let folder = try await TestServers.shared.makeFolder()
        for round in 1...6 {
            let log = "\(folder)/verify-\(round)"
            var spawn = Spawn(
                program: BuiltProgram.path, arguments: ["verify-seals"], environment: installation.environment)
            spawn.output = .file(log)
            let walk = try spawn.start()
            let hasEnded = Mutex(false)
            walk.whenEnded { _ in hasEnded.withLock { $0 = true } }
            // From its first word to the database on, a little later each time.
            var looks = 0
            _ = try await eventually {
                let connections = try installation.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tongxing verify-seals'")
                if connections > 0 || looks > 0 { looks += 1 }
                return looks >= round || hasEnded.withLock { $0 }
            }
            walk.send(signal: SIGSTOP)
            try Self.drop(through: Self.messages * round / 8, connection)
            walk.send(signal: SIGCONT)
            let end = await walk.waitForEnd()
            let text = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
            #expect(end.isSuccess && text.contains("✓"), "round \(round): \(text)")
        }
        let last = try await installation.run("verify-seals")
        #expect(last.code == 0)
        #expect(last.output.contains("chain starts after"), "\(last)")
        #expect(try installation.count("SELECT count(*) FROM batch") < Self.messages / 2)
        // What nobody dropped in good order is a break all the same.
        try installation.execute("DELETE FROM batch WHERE number = (SELECT min(number) FROM batch)")
        #expect(try await installation.run("verify-seals").code == 1)
        try await broker.stop()
    }
}
