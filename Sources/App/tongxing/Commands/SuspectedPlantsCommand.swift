import ArgumentParser
import Chronology
import Deliveries
import Exchange
import FleetStore
import Foundation
import Registers
import Suspicions

/// `tongxing suspected-plants`
struct SuspectedPlantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspected-plants", abstract: "疑似搅拌点：列出、处置 / suspected plants: list them, decide about them",
        discussion: """
            由登记之外的停留推断，是待核查的线索，不是结论；得分高者在前。
            Inferred from halts outside every register: leads to check, no verdicts; the likeliest first.
            """,
        subcommands: [List.self, Decide.self, History.self], defaultSubcommand: List.self)

    /// `tongxing suspected-plants list`, or without `list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出 / list them",
            discussion: """
                --from --to：期间内有车到过的 / those where trucks were in that time.
                """)

        @OptionGroup var period: PeriodOptions

        @Option(help: "格式 / format: csv, json, ndjson, geojson, xlsx")
        var format = TableFormat.csv

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let (from, to) = try self.period.instants()
            let found = try Database.connectCurrent(configuration.databaseURL) { connection in
                let world = try WorldReader(connection: connection).world(configuration.parameters)
                return try SuspectSearch(connection: connection, world: world).found()
            }
            let rows = found.filter {
                $0.evidence.lastSeen >= from ?? .distantPast && $0.evidence.firstSeen < to ?? .distantFuture
            }
            Terminal.output(SuspectedPlantsTable.write(rows.map { SuspectedPlantRow($0) }, as: self.format))
        }
    }

    /// `tongxing suspected-plants decide`
    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "改变状态 / change the status",
            discussion: """
                lead → checking → confirmed 或 dismissed；已结案的可重新改为 checking。查实或排除后，到过该处的车辆重新推导，旧行连同何人何故
                留存。排除时以 --place-kind 写明该处实为何处，即成为已知场所；不写则仍可见该处装料，但不作无资质来源判断。
                lead → checking → confirmed or dismissed; what is closed can be opened again (checking). After that the
                vehicles that halted there are derived again; old rows are kept with who and why. With a dismissal
                --place-kind says what the place is instead: then it is a known place. Without it loads are seen there
                still, and are none of an unlicensed origin.
                """)

        @Argument(help: "编号 / id, as listed")
        var id: String

        @Argument(help: "状态 / status: lead, checking, confirmed, dismissed")
        var status: SuspectStatus

        @Option(help: "理由（案号） / reason, a case number")
        var reason: String

        @Option(help: "排除时：该处实为 / with dismissed: depot, fuel, weighbridge, wash, parking, silo")
        var placeKind: Place.Kind?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            guard self.placeKind == nil || self.status == .dismissed else {
                throw Failure("--place-kind: 仅用于 dismissed / only with dismissed", exitCode: 2)
            }
            let decided = try Database.connectCurrent(configuration.databaseURL) { connection in
                let decision = SuspectDecision(
                    status: self.status, at: try JudgingStore(connection: connection).now(), by: NSUserName(),
                    reason: self.reason, placeKind: self.placeKind)
                do {
                    return try SuspectStore(connection: connection).decide(
                        self.id, decision, interface: "command line")
                } catch let error as SuspectDecisionError {
                    throw Failure("\(error.statement.zh) / \(error.statement.en)")
                }
            }
            guard let decided else {
                throw Failure(
                    "没有编号为 \(self.id) 的疑似搅拌点：见 tongxing suspected-plants / no suspected plant \(self.id) is "
                        + "stored: see `tongxing suspected-plants`")
            }
            let words = decided.status.wording
            Terminal.line("\(decided.suspectedPlantID): \(words.zh) / \(words.en)")
        }
    }

    /// `tongxing suspected-plants history`
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "处置记录 / what was decided, by whom and why")

        @Argument(help: "编号 / id")
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let rows = try Database.connectCurrent(configuration.databaseURL) {
                try SuspectStore(connection: $0).history(of: self.id)
            }
            if rows.isEmpty { Terminal.line("没有处置记录 / nothing was decided") }
            for row in rows {
                let (decision, before) = (row.decision, row.statusBefore)
                let place = decision.placeKind.map { " (\($0.rawValue))" } ?? ""
                Terminal.line(
                    "\(decision.at)  \(before) → \(decision.status.rawValue)\(place)  \(decision.by), \(row.interface)  "
                        + decision.reason)
            }
        }
    }
}

extension SuspectStatus: ExpressibleByArgument {}
extension Place.Kind: ExpressibleByArgument {}
