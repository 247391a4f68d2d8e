import ArgumentParser
import Chronology
import CitySimulator
import Deliveries
import FleetStore
import Foundation
import Telemetry
import Tracks

/// `tongxing simulate DIR`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "写出一座模拟城市：登记表、报文与真相 / write a simulated city: registers, traffic, truth")

    @Argument(help: "目录 / directory", completion: .directory)
    var directory: String

    @Option(help: "随机种子 / seed")
    var seed: UInt64 = 1

    @Option(help: "车辆数 / trucks")
    var trucks = 30

    @Option(help: "天数 / days")
    var days = 2

    @Option(help: "首日 / first day, for example 2026-03-02")
    var start: String?

    @Option(help: "行驶中最短上报间隔（秒） / shortest time between two reports in seconds")
    var shortestSampling = 5

    @Option(help: "行驶中最长上报间隔（秒） / longest time between two reports in seconds")
    var longestSampling = 60

    @Flag(help: "覆盖目录中已有的城市 / overwrite the city that is there")
    var force = false

    func run() async throws {
        guard (1...CityPlan.mostTrucks).contains(self.trucks), (1...3660).contains(self.days) else {
            throw Failure(
                "--trucks 应为 1–10000，--days 应为 1–3660 / --trucks must be 1–10000 and --days 1–3660",
                exitCode: 2)
        }
        guard self.shortestSampling >= 1, self.longestSampling >= self.shortestSampling, self.longestSampling <= 3600
        else {
            throw Failure(
                "--shortest-sampling 至少 1，--longest-sampling 不短于它且不超过 3600 / "
                    + "--shortest-sampling must be at least 1, --longest-sampling no shorter and at most 3600",
                exitCode: 2)
        }
        if !self.force, FileManager.default.fileExists(atPath: self.directory + "/traffic.ndjson") {
            throw Failure(
                "\(self.directory): 已有一座城市，加 --force 覆盖 / there is a city already: --force overwrites it", exitCode: 2)
        }
        let startDate = try self.start.map { try PeriodOptions.instant($0, "--start").date(at: .shanghai) }
        let plan = CityPlan(
            seed: self.seed, trucks: self.trucks, days: self.days, startDate: startDate ?? CityPlan.usualStart,
            shortestSampling: self.shortestSampling, longestSampling: self.longestSampling)
        do {
            let summary = try SimulatedCity(plan).write(to: self.directory)
            Terminal.line(
                "\(self.directory): 报文 \(summary.messages)，趟次 \(summary.deliveries)，黑供应 \(summary.blackSupply) / "
                    + "\(summary.messages) messages, \(summary.deliveries) deliveries, \(summary.blackSupply) of black supply"
            )
        } catch {
            throw Failure("\(self.directory): 写不进去 / cannot write there: \(error.localizedDescription)")
        }
    }
}

/// `tongxing score DIR`
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "把库中趟次与模拟城市的真相比较 / compare the stored deliveries with a simulated city's truth",
        discussion: """
            逐条规则列出真值、结果与相符。--floors：另列每项的例数、比例、下限与结论；有一项低于下限即失败（退出码 1），并写明
            哪一项。卸料、黑供应、正当卸料与隐藏搅拌点按比例本身判断（只差一例不计）；一座城市中各规则例数很少，仅当比例的单侧
            95 % 置信上界（Clopper–Pearson）也低于下限时才算低于，否则写明例数太少。
            预警按最后仍成立的计算；系统自行撤回的另列条数，不计入结果。
            录制重放时时钟偏差与车辆失联无从判断（服务器时钟不是当时的），不作比较。
            Prints for each rule what was true, what was found, and what of it is right. With --floors it also prints
            the cases, the rate, the floor and the outcome of each share, and fails (exit code 1) where one is below
            its floor, and says which. Drops, black supply, honest drops and hidden plants are judged by the share
            itself (a single case is forgiven); a rule has few cases in one city, and is below only where the upper end
            of the one-sided 95 % confidence interval of its share (Clopper–Pearson) is, else too few to judge.
            Alerts count as they stand at the end: those that the product took back are told by number, and are none of
            the found. In a recording that was replayed no clock can be held against the server's, so that clock faults
            and silent vehicles are left out.
            """)

    @Argument(help: "目录 / directory written by `tongxing simulate`", completion: .directory)
    var directory: String

    @Flag(help: "输出 JSON / print JSON")
    var json = false

    @Flag(help: "列出下限，任一项低于下限即失败 / print the floors, and fail when a share is below its own")
    var floors = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let truth = try self.read("truth-deliveries.csv") { text throws(TruthFileError) in
            try TruthDelivery.read(csv: text)
        }
        let hidden = try self.read("truth-hidden-plants.csv") { text throws(TruthFileError) in
            try TruthHiddenPlant.read(csv: text)
        }
        let incidents = try self.read("truth-incidents.csv") { text throws(TruthFileError) in
            try TruthIncident.read(csv: text)
        }
        let alerts = try self.read("truth-alerts.csv") { text throws(TruthFileError) in
            try TruthAlert.read(csv: text)
        }
        let (found, suspects, raised, withdrawn, isLive) = try Database.connectCurrent(configuration.databaseURL) {
            connection in
            let world = try WorldReader(connection: connection).world(configuration.parameters)
            return (
                try DeliveryStore(connection: connection).all(DeliveryStore.Filter()),
                try SuspectSearch(connection: connection, world: world).found(),
                try AlertsCommand.all(AlertStore(connection: connection), nil, nil),
                try AlertStore(connection: connection).withdrawnIDs(),
                try FleetReader(connection: connection).latest(since: 0).contains {
                    $0.receivedAt.seconds(since: $0.report.recordedAt).magnitude
                        <= configuration.parameters.driving.liveSeconds
                }
            )
        }
        var table = Score.compare(truth: truth, found: found, incidents: incidents)
        table.hiddenPlants = Score.compare(hiddenPlants: hidden, found: suspects)
        table.take(
            Score.compare(
                alerts: alerts,
                found: raised.map {
                    FoundAlert(
                        rule: $0.rule, plate: $0.plate ?? $0.terminal, from: $0.openedAt, to: $0.closedAt,
                        isWithdrawn: withdrawn.contains($0.alertID))
                }))
        // Whose clock was wrong, and who fell silent, shows only beside a clock that was right at that time.
        if !isLive { table.forget(TruthAlert.liveRules) }
        let checks = self.floors ? ScoreFloors.usual.checks(of: table, as: .oneCity) : []
        if self.json {
            Terminal.line(self.floors ? table.json(checks) : table.json)
        } else {
            Terminal.line(table.text)
            if self.floors { Terminal.line(ScoreFloors.text(checks)) }
        }
        if !self.json, let seed = self.seed, let use = SeedGroups.use(of: seed) {
            Terminal.line("种子 / seed \(seed): \(use.text)")
        }
        let shortfalls = checks.filter { $0.outcome == .below }
        guard shortfalls.isEmpty else { throw Failure(shortfalls.map(\.description).joined(separator: "; ")) }
    }

    /// Of `city.json`; `nil` where that is missing.
    private var seed: UInt64? {
        /// What of it is needed.
        struct City: Decodable {
            /// The part of the plan that names the city.
            struct Plan: Decodable {
                var seed: UInt64
            }

            var plan: Plan
        }
        let bytes = FileManager.default.contents(atPath: "\(self.directory)/city.json")
        return bytes.flatMap { try? JSONDecoder().decode(City.self, from: $0) }?.plan.seed
    }

    private func read<Rows>(_ name: String, _ read: (String) throws(TruthFileError) -> Rows) throws -> Rows {
        let path = "\(self.directory)/\(name)"
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure("读不了 \(path) / cannot read \(path)")
        }
        do {
            return try read(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Failure("\(path): \(error)")
        }
    }
}
