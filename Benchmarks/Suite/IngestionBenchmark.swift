import Chronology
import CitySimulator
import Foundation
import LocalServers
import MQTTClient
import PostgresClient
import Supervision

/// The whole way in, with real servers: a backlog of 100,000 messages from the broker into committed rows, beside
/// reading the same backlog without storing it. The product's own binary does the work.
enum IngestionBenchmark {
    private static let messages = 100_000

    static func run() throws -> [Measurement] {
        let semaphore = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome: Result<[Measurement], any Error> = .success([])
        // nonisolated(unsafe): written once before the signal, read once after it.
        Task {
            do { outcome = .success(try await Self.measure()) } catch { outcome = .failure(error) }
            semaphore.signal()
        }
        semaphore.wait()
        return try outcome.get()
    }

    private static func measure() async throws -> [Measurement] {
        let folder = "/tmp/tongxing-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        chmod(folder, 0o755)
        let cluster = PostgresCluster(folder: folder + "/postgres", port: try LoopbackPort.findFree())
        let endpoint = try await cluster.start()
        let profile = "allow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\n"
        let broker = MosquittoBroker(folder: folder + "/mosquitto", port: try LoopbackPort.findFree(), profile: profile)
        try await broker.start()
        var reading: [Double] = []
        var storing: [Double] = []
        for run in 0..<5 {
            reading.append(try Self.readBacklog(broker.url, "read-\(run)"))
            let name = "bench\(run)"
            try await cluster.ensureDatabase(name)
            storing.append(
                try await Self.storeBacklog(broker.url, endpoint.url(database: name), folder, "store-\(run)"))
        }
        try await broker.stop()
        try await cluster.stop()
        let peer = Measurement("ingestion", "backlog read, not stored", unit: "messages/s", values: reading)
        return [
            peer,
            Measurement(
                "ingestion", "backlog read, sealed, committed", unit: "messages/s", values: storing, peer: peer),
        ]
    }

    /// Publishes the messages for a session that exists and is away.
    private static func makeBacklog(_ url: String, _ client: String) throws {
        let settings = try MQTTSettings(url: url, clientID: client)
        try MQTTConsumer(settings: settings, filters: ["\(client)/#", "fleet/v1/#"]) { _, _ in }.connect()
        var publishing = settings
        publishing.clientID = client + "-publisher"
        let publisher = try MQTTPublisher(settings: publishing)
        try publisher.connect()
        for message in SimulatedCity(CityPlan(seed: 1, trucks: 200, days: nil)).traffic().prefix(Self.messages) {
            try publisher.publish(topic: message.topic, payload: message.payload)
        }
        guard try publisher.drain() else { throw MQTTError(.timedOut, "the broker does not take the backlog") }
        publisher.disconnect()
    }

    private static func readBacklog(_ url: String, _ client: String) throws -> Double {
        try self.makeBacklog(url, client)
        var settings = try MQTTSettings(url: url, clientID: client)
        // The session goes with the connection: the next run's messages are not kept for it.
        settings.sessionExpirySeconds = 0
        var count = 0
        let consumer = try MQTTConsumer(settings: settings, filters: ["fleet/v1/#"]) { _, _ in count += 1 }
        let clock = ContinuousClock()
        let time = try clock.measure {
            try consumer.connect()
            while count < Self.messages {
                _ = try consumer.read(limit: 5000, waitingUpTo: 1000)
                try consumer.acknowledge()
            }
        }
        consumer.disconnect()
        return Double(Self.messages) / (Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
    }

    private static func storeBacklog(_ url: String, _ database: String, _ folder: String, _ client: String) async throws
        -> Double
    {
        try self.makeBacklog(url, client)
        let program = URL(fileURLWithPath: OwnExecutable.path).deletingLastPathComponent().appendingPathComponent(
            "tongxing"
        ).path
        let environment = ProcessInfo.processInfo.environment.merging([
            "TONGXING_DATABASE_URL": database, "TONGXING_MQTT_URL": url, "TONGXING_MQTT_CLIENT_ID": client,
        ]) { $1 }
        var migrate = Spawn(program: program, arguments: ["migrate"], environment: environment)
        migrate.output = .discarded
        _ = await (try migrate.start()).waitForEnd()
        var serve = Spawn(program: program, arguments: ["serve", "--only", "ingestion"], environment: environment)
        serve.output = .file(folder + "/serve.log")
        let clock = ContinuousClock()
        let begin = clock.now
        let service = try serve.start()
        let connection = try PostgresConnection(url: database, application: "benchmark")
        let count = NamedQuery(
            "bench.count", "SELECT coalesce(sum(stored + duplicate + quarantined + ignored), 0) FROM lane")
        while try connection.query(count).integer(0, 0) ?? 0 < Self.messages, service.end == nil {
            try await clock.sleep(for: .milliseconds(5))
        }
        let time = begin.duration(to: clock.now)
        service.send(signal: SIGTERM)
        _ = await service.waitForEnd()
        return Double(Self.messages) / (Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
    }
}
