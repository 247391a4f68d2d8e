import ArgumentParser
import Chronology
import CitySimulator
import FleetStore
import Foundation

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
    var shortestSampling = 10

    @Option(help: "行驶中最长上报间隔（秒） / longest time between two reports in seconds")
    var longestSampling = 30

    func run() async throws {
        guard (1...5000).contains(self.trucks), (1...3660).contains(self.days) else {
            throw Failure("--trucks must be 1–5000 and --days 1–3660", exitCode: 2)
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
            throw Failure("\(self.directory): \(error)")
        }
    }
}

/// `tongxing score DIR`
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "把库中趟次与模拟城市的真相比较 / compare the stored deliveries with a simulated city's truth")

    @Argument(help: "目录 / directory written by `tongxing simulate`", completion: .directory)
    var directory: String

    @Flag(help: "输出 JSON / print JSON")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let path = "\(self.directory)/truth-deliveries.csv"
        guard let bytes = FileManager.default.contents(atPath: path) else { throw Failure("cannot read \(path)") }
        let truth: [TruthDelivery]
        do {
            truth = try TruthDelivery.read(csv: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Failure("\(path): \(error)")
        }
        let found = try Database.connectCurrent(configuration.databaseURL) { connection in
            try DeliveryStore(connection: connection).all(DeliveryStore.Filter())
        }
        let table = Score.compare(truth: truth, found: found)
        Terminal.line(self.json ? table.json : table.text)
    }
}
