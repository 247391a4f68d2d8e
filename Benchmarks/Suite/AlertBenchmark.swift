import Chronology
import FleetStore
import Foundation
import LocalServers
import MQTTClient
import PostgresClient
import Registers
import Supervision

/// How soon after its publishing a report has raised its alert, while 5,000 trucks report once a second: ingestion and
/// analysis of the product's own binary, real servers, durable commits.
///
/// The probe is a terminal that nobody registered: its first report raises `unregistered-terminal`, by the same way as
/// every alert of a stream: publisher, broker, commit of the report, the step of analysis that takes it in, commit of
/// the alert, with which the console is notified. No peer does this, so the goal stands alone.
@MainActor
enum AlertBenchmark {
    /// Messages a second that go on meanwhile.
    private static let rate = 5000
    /// Milliseconds between two probes.
    private static let pause = 250

    static func run(_ options: Options) async throws -> [Measurement] {
        _ = try BenchmarkTools.peer("load")
        return try await BenchmarkCluster.with { cluster in
            let url = try await cluster.migrated("alerts")
            let profile =
                "allow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\nlog_type error\n"
            let broker = MosquittoBroker(
                folder: "\(cluster.folder)/mosquitto-alerts", port: try LoopbackPort.findFree(), profile: profile)
            try await broker.start()
            let service = try Self.serve(cluster, broker: broker.url, database: url)
            do {
                let result = try await Self.measure(cluster, broker, database: url, options)
                await Self.stop(service)
                try await broker.stop()
                return result
            } catch {
                await Self.stop(service)
                try? await broker.stop()
                throw error
            }
        }
    }

    private static func serve(_ cluster: BenchmarkCluster, broker: String, database: String) throws -> ChildProcess {
        var environment = ProcessInfo.processInfo.environment
        environment["TONGXING_DATABASE_URL"] = database
        environment["TONGXING_MQTT_URL"] = broker
        environment["TONGXING_MQTT_CLIENT_ID"] = "alerts"
        var serve = Spawn(
            program: IngestionSubject.ours.program(tools: "").path,
            arguments: ["serve", "--only", "ingestion,analysis"], environment: environment)
        serve.output = .file("\(cluster.folder)/alerts.log")
        return try serve.start()
    }

    private static func stop(_ service: ChildProcess) async {
        service.send(signal: SIGTERM)
        _ = await service.waitForEnd()
    }

    private static func measure(
        _ cluster: BenchmarkCluster, _ broker: MosquittoBroker, database: String, _ options: Options
    ) async throws -> [Measurement] {
        let connection = try PostgresConnection(url: database, application: "benchmark")
        // Where nobody is registered, nobody is unregistered.
        _ = try RegisterStore(connection: connection).importRecords(
            [.vehicle(Vehicle(plate: "浙F00001", terminal: "SOMEBODY", kind: .mixer))], kind: .vehicles,
            source: "benchmark", by: "benchmark")
        try await Self.wait(60) { try connection.query(Self.ready).integer(0, 0) == 2 }
        let publisher = try MQTTPublisher(settings: MQTTSettings(url: broker.url, clientID: "probe"))
        try publisher.connect()
        var (half, most): ([Double], [Double]) = ([], [])
        var probes: Int64 = 0
        let seconds = options.quick ? 2 : 20
        // Loads as long as this one go on from where the last ended, and the first only warms up.
        for round in 0...options.rounds {
            let begin = Date.now.timeIntervalSince1970
            var load = Spawn(
                program: try BenchmarkTools.peer("load"),
                arguments: [
                    "\(Self.rate * seconds)", "\(Self.rate)", "4", "20000", "\(Self.rate * seconds * round)", "1",
                ], environment: ["BENCH_PORT": "\(broker.port)"])
            load.output = .discarded
            let running = try load.start()
            while Date.now.timeIntervalSince1970 - begin < Double(seconds) {
                probes += 1
                let time = Instant(microseconds: Int64(Date.now.timeIntervalSince1970 * 1e6))
                try publisher.publish(
                    topic: "fleet/v1/PROBE\(probes)/position",
                    payload: Array(#"{"time":"\#(time)","lat":30.7,"lon":120.7}"#.utf8))
                guard try publisher.drain() else {
                    throw BenchmarkError(description: "探针未确认 the broker does not acknowledge the probe")
                }
                try await Task.sleep(for: .milliseconds(Self.pause))
            }
            guard await running.waitForEnd().isSuccess else {
                throw BenchmarkError(description: "负载发生器失败 the load generator failed")
            }
            try await Self.wait(180) { try connection.query(Self.told).integer(0, 0) == probes }
            guard round > 0 else { continue }
            let row = try connection.query(Self.latency, [.text("\(begin)")])
            half.append(row.double(0, 0) ?? .nan)
            most.append(row.double(0, 1) ?? .nan)
        }
        publisher.disconnect()
        let name = "发布 → 告警 publish → alert, \(Self.rate) msg/s"
        return [
            Measurement("alerts", "\(name): p50", unit: "ms", values: half),
            Measurement("alerts", "\(name): p99", unit: "ms", values: most, goal: .atMost(2000)),
        ]
    }

    private static func wait(_ limit: Double, _ isDone: () throws -> Bool) async throws {
        let deadline = Date.now.addingTimeInterval(limit)
        while try !isDone() {
            guard Date.now < deadline else {
                throw BenchmarkError(description: "等待超时 still not done after \(Int(limit)) s")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension AlertBenchmark {
    private static let ready = NamedQuery("bench.alerts.ready", "SELECT count(*) FROM part WHERE is_ready")
    private static let told = NamedQuery(
        "bench.alerts.told",
        """
        SELECT count(*) FROM alert JOIN terminal USING (terminal_id)
        WHERE rule = 'unregistered-terminal' AND name LIKE 'PROBE%'
        """)
    /// The moment of publishing is the report's time, and an alert's is that of the report that opened it.
    private static let latency = NamedQuery(
        "bench.alerts.latency",
        """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t), percentile_cont(0.99) WITHIN GROUP (ORDER BY t)
        FROM (SELECT 1000 * extract(epoch FROM pg_xact_commit_timestamp(a.xmin) - opened_at) AS t
            FROM alert a JOIN terminal USING (terminal_id)
            WHERE rule = 'unregistered-terminal' AND name LIKE 'PROBE%'
                AND opened_at >= to_timestamp($1::float8)) AS each
        """)
}
