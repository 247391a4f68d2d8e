import Foundation
import LocalServers
import PostgresClient
import Supervision

/// The servers that all subjects share: a PostgreSQL cluster with durable commits and two databases, and a mosquitto
/// that is started afresh for each subject, so that no session of the one before takes messages.
@MainActor
final class IngestionStage {
    let tools = BenchmarkTools.folder
    private let cluster: BenchmarkCluster
    private var broker: MosquittoBroker
    private var ours: PostgresConnection
    private let peers: PostgresConnection
    /// Backends of the benchmark's own connections.
    private var pollers: Set<Int32> = []
    /// Reports published so far: where the next load begins, so that no terminal and time come twice.
    private var published = 0

    init() async throws {
        _ = try BenchmarkTools.peer("load")
        self.cluster = try await BenchmarkCluster()
        self.broker = try await Self.makeBroker(self.cluster.folder, 0)
        for database in ["ours", "peers"] { try await self.cluster.server.ensureDatabase(database) }
        _ = try await self.cluster.migrated("migrated")
        self.ours = try PostgresConnection(url: self.cluster.url(database: "ours"), application: "benchmark")
        self.peers = try PostgresConnection(url: self.cluster.url(database: "peers"), application: "benchmark")
        try self.peers.execute(Self.peerTable)
    }

    func close() async throws {
        try await self.broker.stop()
        try await self.cluster.close()
    }

    private var folder: String { self.cluster.folder }

    private static func makeBroker(_ folder: String, _ generation: Int) async throws -> MosquittoBroker {
        let profile =
            "allow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\nlog_type error\n"
        let broker = MosquittoBroker(
            folder: "\(folder)/mosquitto-\(generation)", port: try LoopbackPort.findFree(), profile: profile)
        try await broker.start()
        return broker
    }

    // MARK: - Subjects

    private var generation = 0

    /// A fresh broker, a database in which nothing has happened, and a checkpoint behind us.
    func prepare() async throws {
        try await self.broker.stop()
        self.generation += 1
        self.broker = try await Self.makeBroker(self.folder, self.generation)
        // A copy of the migrated one: what only grows, such as the audit log, cannot be emptied.
        try self.peers.execute("DROP DATABASE ours WITH (FORCE)")
        try self.peers.execute("CREATE DATABASE ours TEMPLATE migrated")
        self.ours = try PostgresConnection(url: self.cluster.url(database: "ours"), application: "benchmark")
        self.pollers = Set(
            try [self.ours, self.peers].map { connection in
                Int32(try connection.query(Self.backend).integer(0, 0) ?? 0)
            })
        try self.peers.execute("TRUNCATE peer_position", name: "truncate")
        try self.ours.execute("CHECKPOINT", name: "checkpoint")
    }

    /// The peers' rows of before are out of the way: they cannot take a message twice, and a broker that was cut off
    /// sends some again.
    func forgetPeerRows() throws { try self.peers.execute("TRUNCATE peer_position", name: "truncate") }

    /// Starts a subject that ends its work after so many messages, and waits until its session is subscribed; one that
    /// is not waited for comes back to a session that it had.
    func start(_ subject: IngestionSubject, messages: Int, waits: Bool = true) async throws -> RunningSubject {
        let program = subject.program(tools: self.tools)
        var environment = ProcessInfo.processInfo.environment.merging(program.environment) { $1 }
        environment["BENCH_PORT"] = "\(self.broker.port)"
        environment["BENCH_CLIENT"] = subject.rawValue
        environment["BENCH_COUNT"] = "\(messages)"
        environment["BENCH_RESUMES"] = waits ? "" : "1"
        environment["BENCH_DATABASE"] = self.cluster.url(database: "peers")
        environment["TONGXING_DATABASE_URL"] = self.cluster.url(database: "ours")
        environment["TONGXING_MQTT_URL"] = self.broker.url
        environment["TONGXING_MQTT_CLIENT_ID"] = "ours"
        let output = "\(self.folder)/\(subject.rawValue)-\(self.generation)-\(messages)-\(waits).log"
        var spawn = Spawn(program: program.path, arguments: program.arguments, environment: environment)
        spawn.output = .file(output)
        let begin = Date.now.timeIntervalSince1970
        let running = RunningSubject(subject: subject, process: try spawn.start(), output: output, startedAt: begin)
        if waits { try await self.wait(for: running, limit: 30) { try self.isReady(running) } }
        return running
    }

    private func isReady(_ running: RunningSubject) throws -> Bool {
        guard running.subject == .ours else { return running.text.contains("ready") }
        let row = try self.ours.query(Self.ready, [.text("\(running.startedAt)")])
        return row.rowCount == 1
    }

    /// How many messages are committed.
    func committed(_ running: RunningSubject) throws -> Int {
        switch running.subject {
        case .ours: Int(try self.ours.query(Self.ourCount).integer(0, 0) ?? 0)
        case .limit: running.end == nil ? 0 : .max
        default: Int(try self.peers.query(Self.peerCount).integer(0, 0) ?? 0)
        }
    }

    /// Waits for the end of the subject's work; gives the moment of the first message that came after `since`, and of
    /// the last commit.
    func end(of running: RunningSubject, total: Int, since: Double) async throws -> (first: Double, last: Double) {
        try await self.wait(for: running, limit: 180) {
            running.subject == .ours ? try self.committed(running) >= total : running.end != nil
        }
        guard running.subject == .ours else { return running.end ?? (0, 0) }
        let row = try self.ours.query(Self.ourSpan, [.text("\(since)")])
        return (row.double(0, 0) ?? .nan, row.double(0, 1) ?? .nan)
    }

    func wait(for running: RunningSubject, limit: Double, _ isDone: () throws -> Bool) async throws {
        let deadline = Date.now.addingTimeInterval(limit)
        while try !isDone() {
            guard running.process.end == nil, Date.now < deadline else {
                throw BenchmarkError(
                    description: "\(running.subject.rawValue) 没有完成 did not finish: \(running.text.suffix(500))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: - Load and figures

    /// Publishes so many reports; gives first publish and last PUBACK. `rate` 0 is as fast as the broker takes them.
    @discardableResult
    func publish(_ count: Int, rate: Int = 0, clock: Bool = false) async throws -> (first: Double, last: Double) {
        let output = "\(self.folder)/load-\(self.published)-\(clock).log"
        let window = rate == 0 ? 1000 : 20_000
        var load = Spawn(
            program: "\(self.tools)/peers/load",
            arguments: ["\(count)", "\(rate)", "4", "\(window)", "\(self.published)", clock ? "1" : "0"],
            environment: ["BENCH_PORT": "\(self.broker.port)"])
        load.output = .file(output)
        self.published += count
        guard await (try load.start()).waitForEnd().isSuccess, let span = RunningSubject.span(in: output) else {
            throw BenchmarkError(description: "负载发生器失败 the load generator failed: \(output)")
        }
        return span
    }

    /// CPU seconds so far.
    func times(of running: RunningSubject) async -> (client: Double, database: Double, broker: Double) {
        (
            ProcessTimes.seconds(ofTree: running.process.pid),
            await self.databaseTime(),
            await ProcessTimes.seconds(ofTree: self.broker.pid ?? 0)
        )
    }

    func databaseTime() async -> Double {
        await ProcessTimes.seconds(ofTree: self.cluster.server.pid ?? 0, without: self.pollers)
    }

    /// Milliseconds from publish to commit at 50 % and 99 %, of reports whose event time is their moment of publishing.
    func latency(of subject: IngestionSubject, since: Double) throws -> (p50: Double, p99: Double) {
        let query = NamedQuery(
            subject == .ours ? "bench.latency.ours" : "bench.latency.peers",
            subject == .ours ? Self.ourLatency : Self.peerLatency)
        let row = try (subject == .ours ? self.ours : self.peers).query(query, [.text("\(since)")])
        return (row.double(0, 0) ?? .nan, row.double(0, 1) ?? .nan)
    }

    /// Walks the whole chain with `tongxing verify-seals`: raw megabytes a second, its start and end included.
    func verifySeals() async throws -> Double {
        let megabytes = (try self.ours.query(Self.rawBytes).double(0, 0) ?? .nan) / 1e6
        var environment = ProcessInfo.processInfo.environment
        environment["TONGXING_DATABASE_URL"] = self.cluster.url(database: "ours")
        var verify = Spawn(
            program: IngestionSubject.ours.program(tools: "").path, arguments: ["verify-seals"],
            environment: environment)
        verify.output = .discarded
        let begin = Date.now.timeIntervalSince1970
        guard await (try verify.start()).waitForEnd().isSuccess else {
            throw BenchmarkError(description: "链有断裂 the chain is broken: tongxing verify-seals")
        }
        return megabytes / (Date.now.timeIntervalSince1970 - begin)
    }

    /// Bytes a row of `position` with its indexes, of the heap alone, and sealed bytes a message.
    func sizes() throws -> (row: Double, heap: Double, sealed: Double) {
        let row = try self.ours.query(Self.sizes)
        return (row.double(0, 0) ?? .nan, row.double(0, 1) ?? .nan, row.double(0, 2) ?? .nan)
    }
}

/// The statements of the stage.
extension IngestionStage {
    private static let backend = NamedQuery("bench.backend", "SELECT pg_backend_pid()")
    private static let ready = NamedQuery(
        "bench.ready",
        "SELECT 1 FROM part WHERE part = 'ingestion' AND is_ready AND beat_at > to_timestamp($1::float8)")
    private static let ourCount = NamedQuery(
        "bench.count.ours", "SELECT coalesce(sum(stored + duplicate + quarantined + ignored), 0) FROM lane")
    private static let rawBytes = NamedQuery("bench.raw", "SELECT sum(raw_bytes)::float8 FROM batch")
    private static let peerCount = NamedQuery("bench.count.peers", "SELECT count(*) FROM peer_position")
    private static let ourSpan = NamedQuery(
        "bench.span",
        """
        SELECT extract(epoch FROM min(first_received_at)), extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))
        FROM batch WHERE first_received_at > to_timestamp($1::float8)
        """)
    private static let ourLatency: StaticString = """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t), percentile_cont(0.99) WITHIN GROUP (ORDER BY t)
        FROM (SELECT 1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin) - recorded_at) AS t FROM position
            WHERE recorded_at >= to_timestamp($1::float8)) AS each
        """
    private static let peerLatency: StaticString = """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t), percentile_cont(0.99) WITHIN GROUP (ORDER BY t)
        FROM (SELECT 1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin) - ts) AS t FROM peer_position
            WHERE ts >= to_timestamp($1::float8)) AS each
        """
    private static let sizes = NamedQuery(
        "bench.sizes",
        """
        SELECT sum(pg_total_relation_size(inhrelid))::float8 / rows, sum(pg_relation_size(inhrelid))::float8 / rows,
            (SELECT sum(octet_length(sealed))::float8 / sum(message_count) FROM batch)
        FROM pg_inherits, (SELECT count(*) AS rows FROM position) AS counted
        WHERE inhparent = 'position'::regclass GROUP BY rows
        """)
    /// Table "b" of the measurements that the goals come from: ten columns, day partitions, key (vehicle, time).
    private static let peerTable = """
        CREATE TABLE peer_position (
            vehicle_id bigint, ts timestamptz, lon float8, lat float8, speed real, heading smallint, sat smallint,
            flags integer, cam smallint, odo real, PRIMARY KEY (vehicle_id, ts)) PARTITION BY RANGE (ts);
        DO $$ BEGIN
            FOR day IN -2..2 LOOP
                EXECUTE format('CREATE TABLE %I PARTITION OF peer_position FOR VALUES FROM (%L) TO (%L)',
                    'peer_day_' || day + 2, (date_trunc('day', now(), 'UTC') + day * interval '1 day'),
                    (date_trunc('day', now(), 'UTC') + (day + 1) * interval '1 day'));
            END LOOP;
        END $$
        """
}

/// A subject's process and what it has printed.
@MainActor
final class RunningSubject {
    let subject: IngestionSubject
    let process: ChildProcess
    let startedAt: Double
    private let output: String

    init(subject: IngestionSubject, process: ChildProcess, output: String, startedAt: Double) {
        self.subject = subject
        self.process = process
        self.output = output
        self.startedAt = startedAt
    }

    var text: String { (try? String(contentsOfFile: self.output, encoding: .utf8)) ?? "" }

    /// First message and last commit, once all is done; peers print them.
    var end: (first: Double, last: Double)? { Self.span(in: self.output) }

    nonisolated static func span(in file: String) -> (first: Double, last: Double)? {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("first ") }) else { return nil }
        let words = line.split(separator: " ")
        guard words.count == 6, let first = Double(words[1]), let last = Double(words[3]) else { return nil }
        return (first, last)
    }

    func stop() async {
        // The broker reads the last acknowledgements before the connection ends.
        try? await Task.sleep(for: .milliseconds(300))
        self.process.send(signal: SIGTERM)
        _ = await self.process.waitForEnd()
    }
}
