import ArgumentParser
import FleetStore
import Foundation
import PostgresClient
import Telemetry
import Tracks

/// `tongxing status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "报文计数与分析进度 / message counts and how far analysis is")

    @Flag(help: "输出 JSON / print JSON")
    var json = false

    @Flag(help: "逐终端列出 / a line for each terminal as well")
    var terminals = false

    @Option(help: "等待接入与分析完成，最多这么多秒 / wait until all is taken in and analysed, at most so many seconds")
    var waitCaughtUp: Double?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (url, parameters) = (configuration.databaseURL, configuration.parameters)
        var isCaughtUp = true
        if let seconds = self.waitCaughtUp {
            isCaughtUp = try CaughtUp(url: url, parameters: parameters).wait(seconds: seconds)
        }
        let report = try Database.connectCurrent(url) { connection in
            var report = try StatusReport(connection: connection, parameters)
            try report.addLedger(connection, terminals: self.terminals)
            return report
        }
        Terminal.line(self.json ? try report.json() : report.text)
        if !isCaughtUp {
            throw Failure("\(self.waitCaughtUp ?? 0) s: \(report.whatIsMissing)")
        }
    }
}

/// What `tongxing status` says.
struct StatusReport {
    let counts: MessageCounts
    let lag: FleetReader.Lag
    let quarantine: [(reason: String, count: Int64)]
    let parts: [PartStore.Part]
    let notices: [NoticeStore.Counts]
    /// Rows of registers whose coordinates are in question; `nil`: none.
    let coordinates: (count: Int, text: String)?
    /// Fields of messages that nobody here knows, since ingestion started; `nil` before its first word.
    let unknownFields: Int64?
    /// Every lane added up three ways; only where it is asked for, because each batch is looked at.
    private(set) var lanes: [LedgerReader.LaneLedger] = []
    private(set) var quarantineTotals: (open: Int64, resolved: Int64) = (0, 0)
    /// Why what stands was not judged by these parameters and the registers as they are now; `nil`: it was.
    private(set) var worldNote: String?
    /// `nil` where it was not asked for.
    private(set) var terminals: [LedgerReader.TerminalTotal]?

    mutating func addLedger(_ connection: PostgresConnection, terminals: Bool) throws {
        if terminals { self.terminals = try LedgerReader(connection: connection).terminals() }
        self.lanes = try LedgerReader(connection: connection).reconciliation()
        self.quarantineTotals = try FleetReader(connection: connection).quarantineTotals()
    }

    init(connection: PostgresConnection, _ parameters: AnalysisParameters) throws {
        let reader = FleetReader(connection: connection)
        self.counts = try reader.counts()
        self.lag = try reader.lag(
            world: WorldKey.current(RegisterStore(connection: connection).revision(), parameters))
        if !self.lag.worldIsCurrent {
            let world = try DeriveRequests(connection: connection).world()
            self.worldNote =
                WorldKey.difference(of: world, from: parameters)
                ?? "登记表已变更，正在重新推导 registers changed: deriving again"
        }
        self.quarantine = try reader.quarantineCounts()
        self.parts = try PartStore(connection: connection).parts()
        self.unknownFields = try PartStore(connection: connection).metrics(part: PartName.ingestion.rawValue)
            .flatMap { MetricsRegistry.value(of: MetricHelp.unknownFields, in: $0) }
            .flatMap { Int64(exactly: $0) }
        self.notices = try NoticeStore(connection: connection).counts()
        self.coordinates = try CoordinateSearch.line(connection)
    }

    /// Why the wait did not end.
    var whatIsMissing: String {
        guard let ingestion = self.parts.first(where: { $0.name == "ingestion" }), ingestion.secondsSinceBeat < 5 else {
            return "接入未在运行 / ingestion gives no sign of life: start `tongxing serve`"
        }
        guard ingestion.isReady else { return "接入未就绪 / ingestion is not ready: \(ingestion.message)" }
        return "尚未完成 / still behind: \(self.text.split(separator: "\n").last ?? "")"
    }

    var text: String {
        var lines = [
            "收到 received      \(self.counts.received)",
            "已存 stored        \(self.counts.stored)",
            "重复 duplicate     \(self.counts.duplicate)",
            "隔离 quarantined   \(self.counts.quarantined)"
                + (self.quarantine.isEmpty
                    ? ""
                    : "  (拒收的报告 refused reports: "
                        + self.quarantine.map { "\($0.reason) \($0.count)" }.joined(separator: ", ") + ")"),
            "忽略 ignored       \(self.counts.ignored)",
            "定位 positions     \(self.counts.positions)",
            "摄像头 cameras     \(self.counts.cameraReports)",
            "报警 alarms        \(self.counts.alarms)",
        ]
        if let unknownFields {
            lines.append(
                "未知字段 unknown   \(unknownFields) 个字段未识别、未采用（接入启动以来）"
                    + " fields not known and left out, since ingestion started")
        }
        for lane in self.lanes {
            let name = lane.isRetry ? "\(lane.name) (由隔离补录 retried from quarantine)" : lane.name
            lines.append(
                "通道 lane          \(name): \(lane.counts.received) = \(lane.counts.stored) + \(lane.counts.duplicate) + "
                    + "\(lane.counts.quarantined) + \(lane.counts.ignored), 无终端 without terminal "
                    + "\(lane.withoutTerminal.received)")
            if !lane.isReconciled {
                lines.append(
                    "!! 台账不平 THE LEDGER DOES NOT BALANCE: 通道 lane \(lane.name) \(lane.counts.received), "
                        + "各批 batches \(lane.batchCounts.received), 各终端 terminals \(lane.terminalCounts.received): "
                        + "运行 tongxing verify-seals，保全数据库 run tongxing verify-seals, preserve the database")
            }
        }
        for terminal in self.terminals ?? [] {
            lines.append(
                "终端 terminal      \(terminal.terminal ?? "(无 none)") \(terminal.lane): \(terminal.counts.received) = "
                    + "\(terminal.counts.stored) + \(terminal.counts.duplicate) + \(terminal.counts.quarantined) + "
                    + "\(terminal.counts.ignored)")
        }
        for part in self.parts {
            let state =
                part.secondsSinceBeat > 10
                ? "silent for \(Int(part.secondsSinceBeat)) s" : part.isReady ? "ready" : "not ready"
            lines.append("部分 part          \(part.name): \(state)\(part.message.isEmpty ? "" : " (\(part.message))")")
        }
        for notice in self.notices {
            let error = notice.lastError.isEmpty ? "" : "，最近 latest: \(notice.lastError)"
            lines.append(
                "通知 notices       \(notice.receiver): \(notice.waiting) 待发 waiting, \(notice.sent) 已送 sent, "
                    + "\(notice.dead) 放弃 given up\(error)")
        }
        if let coordinates { lines.append("坐标 coordinates    \(coordinates.text)") }
        let world = self.worldNote.map { ", \($0)" } ?? ""
        lines.append(
            "分析滞后 analysis  \(self.lag.batches) batches, \(String(format: "%.1f", self.lag.seconds)) s\(world)")
        if self.lag.dueDeliveries > 0 {
            lines.append("待研判 to judge    \(self.lag.dueDeliveries) deliveries")
        }
        return lines.joined(separator: "\n")
    }

    func json() throws -> String {
        let object = StatusJSON(
            received: self.counts.received, stored: self.counts.stored, duplicate: self.counts.duplicate,
            quarantined: self.counts.quarantined, ignored: self.counts.ignored, positions: self.counts.positions,
            cameraReports: self.counts.cameraReports, alarms: self.counts.alarms, unknownFields: self.unknownFields,
            analysis: .init(
                lagBatches: self.lag.batches, lagSeconds: self.lag.seconds, registersCurrent: self.lag.worldIsCurrent,
                dueDeliveries: self.lag.dueDeliveries, suspectsCurrent: self.lag.secondPassIsCurrent),
            quarantine: .init(open: self.quarantineTotals.open, resolved: self.quarantineTotals.resolved),
            ledgerBalanced: self.lanes.allSatisfy(\.isReconciled), coordinateQuestions: self.coordinates?.count ?? 0,
            lanes: self.lanes.map { .init($0) },
            terminals: self.terminals?.map {
                .init(terminal: $0.terminal, lane: $0.lane, counts: .init($0.counts))
            },
            quarantineReasons: Dictionary(uniqueKeysWithValues: self.quarantine.map { ($0.reason, $0.count) }),
            notices: self.notices.map {
                .init(
                    receiver: $0.receiver, waiting: $0.waiting, sent: $0.sent, dead: $0.dead, lastError: $0.lastError)
            },
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
            var dueDeliveries: Int64
            var suspectsCurrent: Bool
        }
        /// Refused reports that still are, and that a later decoder accepted.
        struct Quarantine: Encodable {
            var open: Int64
            var resolved: Int64
        }
        /// Messages by state.
        struct States: Encodable {
            var received: Int64
            var stored: Int64
            var duplicate: Int64
            var quarantined: Int64
            var ignored: Int64

            init(_ counts: MessageCounts) {
                self.received = counts.received
                self.stored = counts.stored
                self.duplicate = counts.duplicate
                self.quarantined = counts.quarantined
                self.ignored = counts.ignored
            }
        }
        /// One lane, added up three ways.
        struct Lane: Encodable {
            var name: String
            var retry: Bool
            var lastBatch: Int64
            var counts: States
            var batches: States
            var terminals: States
            var withoutTerminal: States
            var balanced: Bool

            init(_ lane: LedgerReader.LaneLedger) {
                self.name = lane.name
                self.retry = lane.isRetry
                self.lastBatch = lane.lastNumber
                self.counts = States(lane.counts)
                self.batches = States(lane.batchCounts)
                self.terminals = States(lane.terminalCounts)
                self.withoutTerminal = States(lane.withoutTerminal)
                self.balanced = lane.isReconciled
            }
        }
        /// One terminal's messages in one lane; without a name, those of no terminal.
        struct Terminal: Encodable {
            var terminal: String?
            var lane: String
            var counts: States
        }
        /// What became of the notices to one receiver.
        struct Notices: Encodable {
            var receiver: String
            var waiting: Int64
            var sent: Int64
            var dead: Int64
            var lastError: String
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
        var alarms: Int64
        var unknownFields: Int64?
        var analysis: Analysis
        var quarantine: Quarantine
        var ledgerBalanced: Bool
        /// Rows of registers whose coordinates are in question.
        var coordinateQuestions: Int
        var lanes: [Lane]
        var terminals: [Terminal]?
        var quarantineReasons: [String: Int64]
        var notices: [Notices]
        var parts: [String: Part]
    }
}

/// Waits until nothing more comes and everything stored has been analysed.
struct CaughtUp {
    let url: String
    let parameters: AnalysisParameters
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
            let report = try StatusReport(connection: connection, self.parameters)
            // Without a fresh sign of life nobody knows what the broker still holds.
            let ingestion = report.parts.first { $0.name == "ingestion" && $0.secondsSinceBeat < 5 }
            let isIdle = ingestion.map { $0.isReady && $0.uncommitted == 0 } ?? false
            let isSettled = report.lag.batches == 0 && report.lag.worldIsCurrent && report.lag.dueDeliveries == 0
            if isIdle, isSettled, !report.lag.secondPassIsCurrent {
                try SecondPass(connection: connection).request()
            }
            return (report.counts.received, isIdle && isSettled && report.lag.secondPassIsCurrent)
        }
    }
}
