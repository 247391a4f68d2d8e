import Chronology
import CitySimulator
import Console
import Deliveries
import FleetStore
import Foundation
import PostgresClient
import Suspicions
import Telemetry
import Tracks

/// What is read from the log: the reports of a simulated city folded and judged as analysis does it, a truck's day as
/// the map asks for it, and the newest positions of a fleet; the latter two in a log of 21.6 million reports.
@MainActor
enum LogBenchmark {
    private static let trucks = 5000
    /// One report in 20 s.
    private static let reportsOfADay = 4320

    static func run(_ options: Options) async throws -> [Measurement] {
        try await BenchmarkCluster.with { cluster in
            let city = try await cluster.migrated("city")
            let folding = try Self.fold(city)
            let fleet = try await cluster.migrated("fleet")
            return folding + (try Self.ask(fleet, reports: options.quick ? 40 : Self.reportsOfADay))
        }
    }

    // MARK: - Folding

    private static func fold(_ url: String) throws -> [Measurement] {
        let city = FoldBenchmark.city()
        let reports = FoldBenchmark.reports(of: city)
        let count = try Self.store(reports, url)
        let connection = try PostgresConnection(url: url, application: "benchmark")
        let log = PositionLog(connection: connection)
        let terminals = try log.terminals()
        let world = World(registers: city.registers, parameters: .standard)
        let judge = Judge(world: world)
        var read = 0
        let reading = try seconds {
            read = 0
            for terminal in terminals.keys.sorted() {
                read += try log.positions(of: terminal, after: nil, limit: 1_000_000).count
            }
        }
        var judgements = 0
        let folding = try seconds {
            judgements = 0
            for (terminal, name) in terminals.sorted(by: { $0.key < $1.key }) {
                var fold = VehicleFold(terminal: name)
                for row in try log.positions(of: terminal, after: nil, limit: 1_000_000) {
                    for delivery in fold.take(row.report, receivedAt: row.receivedAt, in: world) {
                        judgements += judge.judge(delivery).judgements.count
                    }
                }
            }
        }
        guard read == count, judgements > 0 else {
            throw BenchmarkError(description: "读出 read \(read) of \(count) reports, \(judgements) judgements")
        }
        let peer = Measurement(
            "log", "reading the reports alone", unit: "reports/s", values: reading.map { Double(count) / $0 })
        return [
            peer,
            Measurement(
                "log", "VehicleFold and Judge from the log", unit: "reports/s",
                values: folding.map { Double(count) / $0 }, peer: peer, goal: .atLeast(200_000)),
        ]
    }

    /// Writes the reports as ingestion does, in the order in which they were made; gives their count.
    private static func store(_ reports: [TerminalID: [PositionReport]], _ url: String) throws -> Int {
        let rows = reports.flatMap { terminal, reports in
            reports.map { LoggedPosition(terminal: terminal, report: $0, receivedAt: $0.recordedAt, messageIndex: 0) }
        }
        .sorted { ($0.receivedAt, $0.terminal) < ($1.receivedAt, $1.terminal) }
        let writer = try LogWriter(url: url, lane: "benchmark")
        var stored: Int64 = 0
        for start in stride(from: 0, to: rows.count, by: 5000) {
            let batch = Array(rows[start..<min(start + 5000, rows.count)])
            let record = BatchRecord(
                number: writer.lastNumber + 1, hash: [UInt8](repeating: 0, count: 32), sealed: [], rawByteCount: 0,
                messageCount: batch.count, firstReceivedAt: batch[0].receivedAt,
                lastReceivedAt: batch[batch.count - 1].receivedAt, terminals: batch.map(\.terminal))
            let counts = try writer.store(record, positions: batch, cameras: []) { outcomes in
                var counts = MessageCounts()
                counts.stored = Int64(batch.count)
                counts.positions = Int64(outcomes.positions.count { $0 == .added })
                return Settlement(counts: counts, quarantined: [], ledger: BatchLedger())
            }
            stored += counts.positions
        }
        return Int(stored)
    }

    // MARK: - Questions of a fleet's log

    private static func ask(_ url: String, reports: Int) throws -> [Measurement] {
        let connection = try PostgresConnection(url: url, application: "benchmark")
        let day = try Self.fill(connection, reports: reports)
        let reader = FleetReader(connection: connection)
        var random = SeededGenerator(state: 7)
        var bytes = 0
        let trail = try seconds(runs: 20) {
            let name = Self.name(Int.random(in: 1...Self.trucks, using: &random))
            let found = try reader.trail(terminal: name, from: day, to: day.advanced(bySeconds: 86_400), limit: 100_000)
            guard found.count == reports, let terminal = TerminalID(name) else {
                throw BenchmarkError(description: "轨迹不全 the trail of \(name) has \(found.count) of \(reports) reports")
            }
            bytes = Trail(terminal: terminal, reports: found.map(\.report)).json(gap: 600, continuesAt: nil).count
        }
        let latest = try seconds(runs: 20) {
            guard try reader.latest(since: 0).count == Self.trucks else {
                throw BenchmarkError(description: "缺少最新位置 not every truck has a newest position")
            }
        }
        let rows = Double(Self.trucks * reports)
        return [
            Measurement("log", "stored reports", unit: "reports", values: [rows]),
            Measurement(
                "log", "one truck's day as GeoJSON, \(reports) reports, \(bytes) bytes", unit: "ms",
                values: trail.map { $0 * 1000 }, goal: .atMost(20)),
            Measurement(
                "log", "newest positions of \(Self.trucks) trucks", unit: "ms", values: latest.map { $0 * 1000 },
                goal: .atMost(50)),
        ]
    }

    private static func name(_ truck: Int) -> String { "B\(truck + 10_000)" }

    /// A day of a fleet, in the order in which ingestion would have written it; gives where the day begins.
    private static func fill(_ connection: PostgresConnection, reports: Int) throws -> Instant {
        let day = Instant(seconds: (Int64(Date.now.timeIntervalSince1970) / 86_400 - 1) * 86_400)
        try connection.query(Self.addTerminals, [.integer(Self.trucks)])
        try connection.query(Self.makeDay, [.text(day.description)])
        try connection.query(
            Self.addPositions, [.text(day.description), .integer(reports), .integer(86_400 / Self.reportsOfADay)])
        try connection.query(Self.addLatest)
        try connection.execute("VACUUM ANALYZE", name: "vacuum")
        return day
    }

    private static let addTerminals = NamedQuery(
        "bench.terminals",
        "INSERT INTO terminal (name) SELECT 'B' || n + 10000 FROM generate_series(1, $1::integer) AS n")
    private static let makeDay = NamedQuery("bench.day", "SELECT make_partitions($1::timestamptz)")
    private static let addPositions = NamedQuery(
        "bench.positions",
        """
        INSERT INTO position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index,
            flags, speed, course, satellites, hdop, drum, altitude, odometer, load, sequence)
        SELECT at, at + interval '1 s', n, t.terminal_id, 307000000 + n * 100 + t.terminal_id, 1207000000 + n * 100,
            t.terminal_id, (SELECT 3), 400 + n % 200, n % 360, 11, 9, n % 20, 12, 480000 + n, 20000, n
        FROM generate_series(0, $2::integer - 1) AS n
        CROSS JOIN LATERAL (SELECT $1::timestamptz + n * $3::integer * interval '1 s' AS at) AS moment
        CROSS JOIN (SELECT terminal_id FROM terminal ORDER BY terminal_id) AS t
        """)
    private static let addLatest = NamedQuery(
        "bench.latest",
        """
        INSERT INTO latest_position (terminal_id, revision, recorded_at, received_at, latitude, longitude, flags, speed,
            course, drum)
        SELECT terminal_id, nextval('latest_revision'), now(), now(), 307000000, 1207000000, 3, 400, 90, 3 FROM terminal
        """)
}
