import ArgumentParser
import Chronology
import Console
import Exchange
import Safety

/// `tongxing camera-rates`
struct CameraRatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera-rates",
        abstract: "盲区摄像头装机率、在线率、有效率 / how many trucks have a blind-spot camera and how much of the driving it worked",
        discussion: """
            有效率 = 摄像头确知正常的行驶时间（右转次数）÷ 全部；未知不算正常，另列。按中国的整日统计，一次最多三年；
            未给期间时为有数据的最后三年。
            The effective rate is moving time (right turns) with the camera known ok ÷ all; unknown is not ok and is
            shown apart. Whole days in China are counted, of three years of telemetry at most; without a period, the
            last three.
            """)

    @OptionGroup var period: PeriodOptions

    @Option(help: "范围 / whose: city, district, company, truck, day")
    var by = CameraBreakdown.city

    @Option(help: "格式 / format: csv, json, ndjson, geojson")
    var format = TableFormat.csv

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        let today = Clocks.now().date(at: .shanghai)
        let by = self.by
        let rows = try Database.connectCurrent(configuration.databaseURL) { connection in
            let figures = try SafetyFigures(
                connection: connection, rules: configuration.safetyRules, catchesUp: true)
            return try figures.cameras(
                by, from: from?.date(at: .shanghai), to: to?.advanced(bySeconds: -0.000_001).date(at: .shanghai),
                today: today)
        }
        var writer = TableWriter(columns: CameraRate.columns, format: self.format)
        for row in rows { writer.append(row.cells.map(TableCell.init)) }
        Terminal.output(writer.finish())
    }
}

extension CameraBreakdown: ExpressibleByArgument {}
