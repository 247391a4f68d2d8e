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

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        let url = configuration.databaseURL
        let (found, changed) = try Database.connectCurrent(url) { connection in
            try self.compare(connection, configuration.parameters, from: from, to: to)
        }
        Terminal.output(found.write(as: self.format))
        Terminal.note(
            "新增 \(found.added)，变更 \(found.changed)，撤回 \(found.withdrawn) / "
                + "\(found.added) added, \(found.changed) changed, \(found.withdrawn) withdrawn")
        guard !self.diff, !changed.isEmpty else { return }
        try self.apply(changed, configuration)
    }

    /// What stands beside what would be derived, both as of one moment.
    private func compare(
        _ connection: PostgresConnection, _ parameters: AnalysisParameters, from: Instant?, to: Instant?
    ) throws -> (diff: DerivationDiff, terminals: [Int32]) {
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", name: "begin")
        defer { try? connection.execute("COMMIT", name: "commit") }
        let world = try WorldReader(connection: connection).world(parameters)
        let log = PositionLog(connection: connection)
        let derivation = VehicleDerivation(
            log: log, world: world,
            judging: JudgingStep(connection: connection, world: world, judge: Judge(world: world)),
            now: try JudgingStore(connection: connection).now())
        var filter = DeliveryStore.Filter()
        filter.from = from
        filter.to = to
        let standing = try DeliveryStore(connection: connection).all(filter)
        let terminals = try self.terminals(log, TrailReader(connection: connection, registers: world.index))
        let names = Set(terminals.values)
        var derived: [JudgedDelivery] = []
        for (index, terminal) in terminals.sorted(by: { $0.key < $1.key }).enumerated() {
            Terminal.progress("\(index + 1)/\(terminals.count)")
            derived += try derivation.deliveries(of: terminal.key, named: terminal.value).filter {
                $0.delivery.unloadStart >= from ?? .distantPast && $0.delivery.unloadStart < to ?? .distantFuture
            }
        }
        Terminal.endProgress()
        let diff = DerivationDiff(
            standing: standing.filter { names.contains($0.delivery.terminal) }, derived: derived)
        let changed = diff.terminals
        return (diff, terminals.filter { changed.contains($0.value) }.keys.sorted())
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
    private func apply(_ terminals: [Int32], _ configuration: ServiceConfiguration) throws {
        try Database.connectCurrent(configuration.databaseURL) { connection in
            let requests = DeriveRequests(connection: connection)
            let last = try requests.ask(for: terminals, by: NSUserName(), reason: self.reason)
            var own: AnalysisStep?
            while try requests.open(upTo: last) > 0 {
                if own == nil, let store = try? AnalysisStore(url: configuration.databaseURL) {
                    own = try AnalysisStep(
                        store: store, parameters: configuration.parameters,
                        safetyRules: configuration.safetyRules, checkpointHours: configuration.checkpointHours,
                        afterTrap: false,
                        logger: Logger(label: "tongxing.analyse"))
                }
                if own == nil { Clocks.pause(milliseconds: 100) } else { _ = try own?.run() }
            }
        }
        Terminal.note("已替换 / replaced: \(terminals.count) 辆 vehicles")
    }
}
