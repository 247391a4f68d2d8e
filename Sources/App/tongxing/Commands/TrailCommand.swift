import ArgumentParser
import Exchange
import FleetStore
import Foundation
import Geodesy
import Registers
import Telemetry

/// `tongxing trail PLATE`
struct TrailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail", abstract: "导出一辆车的轨迹 / one vehicle's trail",
        discussion: "行踪轨迹是敏感个人信息：查询者与目的会被记录 / trails are sensitive personal information: who asks and why is logged.")

    @Argument(help: "车牌或终端号 / plate or terminal")
    var plate: String

    @OptionGroup var period: PeriodOptions

    @Option(help: "格式 / format: csv, json, ndjson, geojson, gpx, kml")
    var format = TrailFormat.csv

    @Option(help: "查询目的（案号或理由），会被记录；终端上未给则询问 / case number or reason, logged; asked for on a terminal")
    var purpose: String?

    @OptionGroup var options: ConfigurationOptions

    /// More points than any one truck reports in a year.
    private static let limit = 20_000_000

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        let purpose = try Purpose.given(self.purpose, isNeeded: false)
        let trail = try Database.connectCurrent(configuration.databaseURL) { connection in
            let registers = RegisterIndex(try RegisterStore(connection: connection).snapshot())
            let trail = try TrailReader(connection: connection, registers: registers)
                .trail(of: self.plate, from: from, to: to, limit: Self.limit)
            // Logged before it is shown: a look that cannot be logged is not had.
            try AuditStore(connection: connection).addLook(
                at: self.plate, purpose: purpose, period: AuditStore.Note.period(from: from, to: to),
                isFound: trail != nil)
            return trail
        }
        guard let trail else {
            throw Failure("'\(self.plate)' is no plate of the register of vehicles and no terminal that has reported")
        }
        let points = trail.reports.filter { $0.hasFix && !$0.coordinate.isNullIsland }.map { TrailPoint($0) }
        Terminal.output(TrailWriter(name: trail.plate ?? trail.terminal.text, points: points).write(as: self.format))
    }
}

extension TrailFormat: ExpressibleByArgument {}

extension TrailPoint {
    /// A stored report in the units of the table: metres, km/h, degrees.
    init(_ report: PositionReport) {
        self.init(
            time: report.recordedAt, coordinate: report.coordinate, altitude: report.altitude.map { Double($0) / 10 },
            speed: report.speed.map { Double($0) / 10 }, course: report.course.map { Double($0) / 10 })
    }
}
