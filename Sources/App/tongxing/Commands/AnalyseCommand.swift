import ArgumentParser
import Chronology
import Deliveries
import Exchange
import FleetStore
import Foundation
import Logging
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// `tongxing analyse`
struct AnalyseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyse", abstract: "由已存报文重新推导，列出变化 / derive again from the stored reports, print what changed",
        discussion: """
            --diff 只列出会有何变化；否则由分析部分重新推导并替换，旧行连同何人何故留存。
            With --diff nothing is written. Without, analysis derives the vehicles again; old rows are kept with who
            and why.
            """)

    @Option(help: "只算这辆车（车牌或终端号） / only this vehicle: plate or terminal")
    var plate: String?

    @OptionGroup var period: PeriodOptions

    @Flag(help: "只比较，不写入 / compare only, write nothing")
    var diff = false

    @Option(help: "缘由，随旧行留存 / reason, kept with the old rows")
    var reason = "tongxing analyse"

    @Option(help: "格式 / format: csv, json, ndjson")
    var format = TableFormat.csv

    @OptionGroup var options: ConfigurationOptions

    /// How often vehicles are derived again because of what came of others.
    private static let rounds = 3

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        // Before anything is shown: whoever cannot apply it is told at once.
        let analysis = self.diff ? nil : try self.claim(configuration)
        var found = try self.compare(configuration, from: from, to: to)
        Terminal.output(found.diff.write(as: self.format))
        Terminal.note(
            "新增 \(found.diff.added)，变更 \(found.diff.changed)，撤回 \(found.diff.withdrawn) / "
                + "\(found.diff.added) added, \(found.diff.changed) changed, \(found.diff.withdrawn) withdrawn")
        if found.outside > 0 {
            Terminal.note(
                "其中 \(found.outside) 条在时段之外：车辆总是整车重新推导 / \(found.outside) of them outside the period: "
                    + "a vehicle is derived again as a whole")
        }
        guard !self.diff, !found.terminals.isEmpty else { return }
        var vehicles = Set<Int32>()
        var rows = 0
        for _ in 0..<Self.rounds where !found.terminals.isEmpty {
            vehicles.formUnion(found.terminals)
            rows += try self.apply(found.terminals, configuration, analysis)
            // A running service goes on by itself. Here, what came of one vehicle may decide about another's note.
            found = analysis == nil ? Comparison() : try self.compare(configuration, from: from, to: to)
        }
        Terminal.note("已替换 / replaced: \(rows) 条 rows，\(vehicles.count) 辆 vehicles")
        guard analysis != nil else { return }
        Terminal.note(
            """
            服务未在运行，已按本命令的配置研判。服务启动时若配置不同，将按其配置重新推导 / no service is running: judged by this \
            configuration. A service that starts with another one derives all again by its own
            """)
        guard found.terminals.isEmpty else {
            throw Failure("仍有 \(found.diff.count) 条不同，请再次运行 / \(found.diff.count) rows still differ: run it again")
        }
    }

    /// Takes over the analysis where no service does it; `nil`: one does, by the same parameters as this command.
    private func claim(_ configuration: ServiceConfiguration) throws -> AnalysisStore? {
        let url = configuration.databaseURL
        do throws(StoreError) {
            return try AnalysisStore(url: url)
        } catch {
            guard case .alreadyRunning = error else { throw error }
        }
        let world = try Database.connectCurrent(url) { try DeriveRequests(connection: $0).world() }
        guard WorldKey.isJudged(world, by: configuration.parameters) else {
            let own = WorldKey.judging(by: configuration.parameters)
            throw Failure(
                """
                运行中的服务按其他参数研判，未作任何改动：服务 \(world)；本配置 \(own)。请以本配置重启 tongxing serve，它会自行重新\
                推导；只看变化请用 --diff / the running service judges by other parameters, nothing was changed: the \
                service \(world); this configuration \(own). Restart `tongxing serve` with this configuration and it \
                derives again by itself; --diff shows what would change
                """)
        }
        return nil
    }

    /// What would change.
    private struct Comparison {
        var diff = DerivationDiff()
        /// Rows that differ before or behind the period.
        var outside = 0
        /// Of which something differs within the period.
        var terminals: [Int32] = []
    }

    /// What stands beside what would be derived, both as of one moment: of each vehicle that has a difference in the
    /// period all, because a vehicle is derived again as a whole.
    private func compare(_ configuration: ServiceConfiguration, from: Instant?, to: Instant?) throws -> Comparison {
        try Database.connectCurrent(configuration.databaseURL) { connection in
            try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", name: "begin")
            defer { try? connection.execute("COMMIT", name: "commit") }
            let world = try WorldReader(connection: connection).world(configuration.parameters)
            let log = PositionLog(connection: connection)
            let derivation = VehicleDerivation(
                log: log, world: world,
                judging: JudgingStep(connection: connection, world: world, judge: Judge(world: world)),
                now: try JudgingStore(connection: connection).now())
            let deliveries = DeliveryStore(connection: connection)
            let terminals = try self.terminals(log, TrailReader(connection: connection, registers: world.index))
            func isInPeriod(_ judged: JudgedDelivery) -> Bool {
                let time = judged.delivery.unloadStart
                return time >= from ?? .distantPast && time < to ?? .distantFuture
            }
            var found = Comparison()
            for (index, terminal) in terminals.sorted(by: { $0.key < $1.key }).enumerated() {
                Terminal.progress("\(index + 1)/\(terminals.count)")
                let standing = try deliveries.standing(of: terminal.key)
                let derived = try derivation.deliveries(of: terminal.key, named: terminal.value)
                let inside = DerivationDiff(
                    standing: standing.filter(isInPeriod), derived: derived.filter(isInPeriod))
                guard !inside.isEmpty else { continue }
                let all = DerivationDiff(standing: standing, derived: derived)
                found.outside += all.count - inside.count
                found.diff.add(all)
                found.terminals.append(terminal.key)
            }
            Terminal.endProgress()
            return found
        }
    }

    private func terminals(_ log: PositionLog, _ trails: TrailReader) throws -> [Int32: TerminalID] {
        let all = try log.terminals()
        guard let plate = self.plate else { return all }
        let names = try trails.terminalNames(of: plate)
        let chosen = all.filter { names.contains($0.value.text) }
        guard !chosen.isEmpty else {
            throw Failure("'\(plate)' is no plate of the register of vehicles and no terminal that has reported")
        }
        return chosen
    }

    /// Has the running analysis derive the vehicles again, or does it where none runs.
    /// - Returns: how many rows were superseded.
    private func apply(
        _ terminals: [Int32], _ configuration: ServiceConfiguration, _ analysis: AnalysisStore?
    ) throws -> Int {
        try Database.connectCurrent(configuration.databaseURL) { connection in
            let requests = DeriveRequests(connection: connection)
            let before = try requests.lastSuperseded()
            let last = try requests.ask(for: terminals, by: NSUserName(), reason: self.reason)
            var own = analysis
            while try own == nil && requests.areUnderWay(upTo: last, of: terminals) {
                Clocks.pause(milliseconds: 200)
                // The service may end meanwhile: its work is done here then.
                own = try? AnalysisStore(url: configuration.databaseURL)
            }
            if let own {
                var step = try AnalysisStep(
                    store: own, parameters: configuration.parameters, safetyRules: configuration.safetyRules,
                    checkpointHours: configuration.checkpointHours, afterTrap: false,
                    logger: Logger(label: "tongxing.analyse"))
                try step.deriveAgain(terminals)
            }
            return try requests.superseded(after: before, of: terminals)
        }
    }
}
