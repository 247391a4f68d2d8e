import ArgumentParser
import FleetStore
import Foundation
import PostgresClient
import Telemetry

/// `tongxing status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "报文计数与分析进度 / message counts and how far analysis is")

    @Flag(help: "输出 JSON / print JSON")
    var json = false

    @Option(help: "等待接入与分析完成，最多这么多秒 / wait until all is taken in and analysed, at most so many seconds")
    var waitCaughtUp: Double?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let url = try await self.options.load().databaseURL
        var isCaughtUp = true
        if let seconds = self.waitCaughtUp { isCaughtUp = try CaughtUp(url: url).wait(seconds: seconds) }
        let report = try Database.connectCurrent(url) { try StatusReport(connection: $0) }
        Terminal.line(self.json ? try report.json() : report.text)
        if !isCaughtUp {
            throw Failure(
                "still behind after \(self.waitCaughtUp ?? 0) s: \(report.text.split(separator: "\n").last ?? "")")
        }
    }
}

/// What `tongxing status` says.
struct StatusReport {
    let counts: MessageCounts
    let lag: FleetReader.Lag
    let quarantine: [(reason: String, count: Int64)]
    let parts: [PartStore.Part]

    init(connection: PostgresConnection) throws {
        let reader = FleetReader(connection: connection)
        self.counts = try reader.counts()
        self.lag = try reader.lag(world: WorldKey.current(RegisterStore(connection: connection).revision()))
        self.quarantine = try reader.quarantineCounts()
        self.parts = try PartStore(connection: connection).parts()
    }

    var text: String {
        var lines = [
            "收到 received      \(self.counts.received)",
            "已存 stored        \(self.counts.stored)",
            "重复 duplicate     \(self.counts.duplicate)",
            "隔离 quarantined   \(self.counts.quarantined)"
                + (self.quarantine.isEmpty
                    ? "" : "  (" + self.quarantine.map { "\($0.reason) \($0.count)" }.joined(separator: ", ") + ")"),
            "忽略 ignored       \(self.counts.ignored)",
            "定位 positions     \(self.counts.positions)",
            "摄像头 cameras     \(self.counts.cameraReports)",
        ]
        for part in self.parts {
            let state =
                part.secondsSinceBeat > 10
                ? "silent for \(Int(part.secondsSinceBeat)) s" : part.isReady ? "ready" : "not ready"
            lines.append("部分 part          \(part.name): \(state)\(part.message.isEmpty ? "" : " (\(part.message))")")
        }
        let world = self.lag.worldIsCurrent ? "" : ", registers changed: deriving again"
        lines.append(
            "分析滞后 analysis  \(self.lag.batches) batches, \(String(format: "%.1f", self.lag.seconds)) s\(world)")
        return lines.joined(separator: "\n")
    }

    func json() throws -> String {
        let object = StatusJSON(
            received: self.counts.received, stored: self.counts.stored, duplicate: self.counts.duplicate,
            quarantined: self.counts.quarantined, ignored: self.counts.ignored, positions: self.counts.positions,
            cameraReports: self.counts.cameraReports,
            analysis: .init(
                lagBatches: self.lag.batches, lagSeconds: self.lag.seconds, registersCurrent: self.lag.worldIsCurrent),
            quarantineReasons: Dictionary(uniqueKeysWithValues: self.quarantine.map { ($0.reason, $0.count) }),
            parts: Dictionary(
                uniqueKeysWithValues: self.parts.map {
                    (
                        $0.name,
                        .init(
                            ready: $0.isReady && $0.secondsSinceBeat < 10, message: $0.message,
                            uncommitted: $0.uncommitted)
                    )
                }))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(object), as: UTF8.self)
    }

    /// The report as `--json` prints it; keys become snake case.
    private struct StatusJSON: Encodable {
        /// How far analysis is.
        struct Analysis: Encodable {
            var lagBatches: Int64
            var lagSeconds: Double
            var registersCurrent: Bool
        }
        /// One part of the service.
        struct Part: Encodable {
            var ready: Bool
            var message: String
            var uncommitted: Int
        }
        var received: Int64
        var stored: Int64
        var duplicate: Int64
        var quarantined: Int64
        var ignored: Int64
        var positions: Int64
        var cameraReports: Int64
        var analysis: Analysis
        var quarantineReasons: [String: Int64]
        var parts: [String: Part]
    }
}

/// Waits until nothing more comes and everything stored has been analysed.
struct CaughtUp {
    let url: String
    /// Silence for so long means that nothing more comes.
    private static let quietMilliseconds = 2000

    /// - Returns: false when the time was up.
    func wait(seconds: Double) throws -> Bool {
        let deadline = Clocks.monotonicMilliseconds() + Int(max(0, min(seconds, 1e9)) * 1000)
        var lastReceived: Int64 = -1
        var quietSince = Clocks.monotonicMilliseconds()
        while true {
            let now = Clocks.monotonicMilliseconds()
            if let state = try? self.look() {
                if state.received != lastReceived || !state.isSettled {
                    lastReceived = state.received
                    quietSince = now
                }
                Terminal.progress("\(state.received) …")
                if now - quietSince >= Self.quietMilliseconds {
                    Terminal.endProgress()
                    return true
                }
            } else {
                quietSince = now
            }
            if now >= deadline {
                Terminal.endProgress()
                return false
            }
            Clocks.pause(milliseconds: 100)
        }
    }

    private func look() throws -> (received: Int64, isSettled: Bool) {
        try Database.connectCurrent(self.url) { connection in
            let report = try StatusReport(connection: connection)
            // Without a fresh sign of life nobody knows what the broker still holds.
            let ingestion = report.parts.first { $0.name == "ingestion" && $0.secondsSinceBeat < 5 }
            let isIdle = ingestion.map { $0.isReady && $0.uncommitted == 0 } ?? false
            return (report.counts.received, isIdle && report.lag.batches == 0 && report.lag.worldIsCurrent)
        }
    }
}
