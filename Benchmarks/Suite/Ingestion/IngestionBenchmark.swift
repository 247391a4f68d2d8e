import Foundation
import Supervision

/// The whole way in, with real servers: from the publisher's socket to committed rows, ours and its peers in turns, so
/// that a noisy minute hits all of them. The product's own binary does our work.
@MainActor
enum IngestionBenchmark {
    /// A first batch that makes caches, plans and terminals known, before the clock starts.
    private static let warmUp = 10_000

    static func run(_ options: Options) async throws -> [Measurement] {
        let stage = try await IngestionStage()
        do {
            let result = try await Self.measure(stage, options)
            try await stage.close()
            return result
        } catch {
            try? await stage.close()
            throw error
        }
    }

    private static func measure(_ stage: IngestionStage, _ options: Options) async throws -> [Measurement] {
        var figures: [IngestionSubject: [IngestionFigure: [Double]]] = [:]
        var memory: [Double] = []
        var latencies = LatencyFigures()
        for round in 1...options.rounds {
            for subject in IngestionSubject.allCases
            where options.subjects.isEmpty || options.subjects.contains(subject.rawValue) {
                do {
                    let found = try await Self.round(stage, subject, options)
                    if subject == .ours { memory.append(found.megabytes) }
                    for (figure, value) in found.figures {
                        figures[subject, default: [:]][figure, default: []].append(value)
                    }
                    let live = Report.number(found.figures[.live] ?? .nan)
                    let backlog = Report.number(found.figures[.backlog] ?? .nan)
                    say("  \(round)/\(options.rounds) \(subject.label): live \(live), backlog \(backlog) msg/s")
                } catch  where subject != .ours {
                    // A peer that fails is left out of this round; the others go on.
                    say("  \(round)/\(options.rounds) \(error)")
                }
            }
            for subject in LatencyFigures.subjects where options.subjects.isEmpty {
                for rate in LatencyFigures.rates {
                    do {
                        let found = try await Self.latency(
                            stage, subject, rate: rate, seconds: options.latencySeconds)
                        latencies.add(found, of: subject, at: rate)
                    } catch  where subject != .ours {
                        say("  \(round)/\(options.rounds) \(error)")
                    }
                }
            }
        }
        var report = IngestionReport(figures: figures)
        guard options.subjects.isEmpty else { return report.measurements() }
        let live = figures[.ours]?[.live]?.sorted() ?? []
        let steady = try await Self.highestSteadyRate(
            stage, live: live.isEmpty ? 0 : live[live.count / 2], seconds: options.latencySeconds)
        let endurance = try await Self.endure(stage, messages: options.enduranceMessages)
        return report.measurements() + latencies.measurements + steady
            + [
                Measurement(
                    "ingestion", "积压时的内存 memory with a full backlog", unit: "MB", values: memory, goal: .atMost(200))
            ] + endurance
    }

    private static func round(
        _ stage: IngestionStage, _ subject: IngestionSubject, _ options: Options
    ) async throws -> (figures: [IngestionFigure: Double], megabytes: Double) {
        let count = max(2000, Int(Double(options.messages) * subject.share))
        let live = try await Self.live(stage, subject, count)
        let drained = try await Self.backlog(stage, subject, count, startup: live.startup)
        return (live.figures.merging(drained.figures) { $1 }, drained.megabytes)
    }

    /// The share of `count` messages, in µs.
    private static func perMessage(_ before: Double, _ after: Double, _ count: Int) -> Double {
        max(0, after - before) / Double(count) * 1e6
    }

    /// Published as fast as the broker takes it, to a subscriber that is there. Leaves the session with the broker.
    private static func live(
        _ stage: IngestionStage, _ subject: IngestionSubject, _ count: Int
    ) async throws -> (figures: [IngestionFigure: Double], startup: Double) {
        try await stage.prepare()
        let warmUp = subject.commitsAlong ? min(Self.warmUp, count) : 0
        let running = try await stage.start(subject, messages: warmUp + count)
        let startup = await stage.times(of: running).client
        if warmUp > 0 {
            try await stage.publish(warmUp)
            if subject != .limit {
                try await stage.wait(for: running, limit: 60) { try stage.committed(running) >= warmUp }
            }
        }
        let before = await stage.times(of: running)
        let load = try await stage.publish(count)
        let end = try await stage.end(of: running, total: warmUp + count, since: load.first)
        let after = await stage.times(of: running)
        await running.stop()
        return (
            [
                .live: Double(count) / (end.last - load.first),
                .liveClient: Self.perMessage(before.client, after.client, count),
                .liveDatabase: Self.perMessage(before.database, after.database, count),
                .liveBroker: Self.perMessage(before.broker, after.broker, count),
            ], startup
        )
    }

    /// What waits for a subscriber that comes back: from its first message to its last commit. What the process costs
    /// until it is subscribed was measured before, and is taken off. Ours sums up at its start what its last run left
    /// behind; it does that before the messages are published, and what a start costs the database is taken off too.
    private static func backlog(
        _ stage: IngestionStage, _ subject: IngestionSubject, _ count: Int, startup: Double
    ) async throws -> (figures: [IngestionFigure: Double], megabytes: Double) {
        try stage.forgetPeerRows()
        var databaseStartup = 0.0
        if subject == .ours {
            for _ in 1...2 {
                let before = await stage.databaseTime()
                await (try await stage.start(subject, messages: count)).stop()
                databaseStartup = await stage.databaseTime() - before
            }
        }
        let load = try await stage.publish(count)
        let before = await stage.databaseTime() + databaseStartup
        let committed = subject == .ours ? count + min(Self.warmUp, count) : 0
        let running = try await stage.start(subject, messages: count, waits: false)
        let end = try await stage.end(of: running, total: committed + count, since: load.first)
        let after = await stage.times(of: running)
        let megabytes = ProcessTimes.megabytes("VmHWM", of: running.process.pid)
        await running.stop()
        return (
            [
                .backlog: Double(count) / (end.last - end.first),
                .backlogClient: Self.perMessage(startup, after.client, count),
                .backlogDatabase: Self.perMessage(before, after.database, count),
            ], megabytes
        )
    }

    private static func latency(
        _ stage: IngestionStage, _ subject: IngestionSubject, rate: Int, seconds: Int
    ) async throws -> LatencyFigures.Figure {
        try await stage.prepare()
        let count = rate * seconds
        let running = try await stage.start(subject, messages: Self.warmUp + count)
        try await stage.publish(Self.warmUp)
        try await stage.wait(for: running, limit: 60) { try stage.committed(running) >= Self.warmUp }
        let load = try await stage.publish(count, rate: rate, clock: true)
        let end = try await stage.end(of: running, total: Self.warmUp + count, since: load.first)
        await running.stop()
        let latency = try stage.latency(of: subject, since: load.first)
        return LatencyFigures.Figure(
            p50: latency.p50, p99: latency.p99, keptUp: Double(count) / (end.last - load.first) / Double(rate))
    }

    /// The highest share of the live rate that is held with p99 within the goal.
    private static func highestSteadyRate(
        _ stage: IngestionStage, live: Double, seconds: Int
    ) async throws -> [Measurement] {
        for share in [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.3] {
            let rate = Int(live * share / 1000) * 1000
            guard rate > 0 else { break }
            let found = try await Self.latency(stage, .ours, rate: rate, seconds: seconds)
            guard found.keptUp > 0.95, found.p99 <= 250 else { continue }
            let name = "最高稳定速率 highest steady rate"
            return [
                Measurement("ingestion", name, unit: "msg/s", values: [Double(rate)]),
                Measurement("ingestion", "\(name): p50", unit: "ms", values: [found.p50]),
                Measurement("ingestion", "\(name): p99", unit: "ms", values: [found.p99], goal: .atMost(250)),
            ]
        }
        return []
    }

    /// Many messages through one process: its memory after each tenth, and what they take on disk.
    private static func endure(_ stage: IngestionStage, messages: Int) async throws -> [Measurement] {
        try await stage.prepare()
        let running = try await stage.start(.ours, messages: messages)
        var resident: [Double] = []
        let tenth = messages / 10
        for part in 1...10 {
            try await stage.publish(tenth)
            try await stage.wait(for: running, limit: 600) { try stage.committed(running) >= tenth * part }
            resident.append(ProcessTimes.megabytes("VmRSS", of: running.process.pid))
        }
        await running.stop()
        let sizes = try stage.sizes()
        var verifying: [Double] = []
        for _ in 1...5 { verifying.append(try await stage.verifySeals()) }
        let first = Measurement(
            "ingestion", "内存，前十分之一后 memory after \(tenth) messages", unit: "MB", values: Array(resident.prefix(1)))
        return [
            first,
            Measurement(
                "ingestion", "内存，\(messages) 条后 memory after \(messages) messages", unit: "MB",
                values: Array(resident.suffix(1)), peer: first, goal: .ratioAtMost(1.1)),
            Measurement(
                "ingestion", "一行位置，含索引 a position row with its indexes", unit: "bytes", values: [sizes.row],
                goal: .atMost(118)),
            Measurement(
                "ingestion", "封印核验 verify-seals, raw bytes", unit: "MB/s", values: verifying, goal: .atLeast(200)),
            Measurement("ingestion", "其中数据行 of that the heap", unit: "bytes", values: [sizes.heap]),
            Measurement(
                "ingestion", "一条封存消息 a sealed message", unit: "bytes", values: [sizes.sealed], goal: .atMost(40)),
        ]
    }
}
