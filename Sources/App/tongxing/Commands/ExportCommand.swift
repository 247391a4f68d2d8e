import ArgumentParser
import Exchange
import FleetStore
import Registers

/// `tongxing export KIND`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "导出登记表 / write a register out",
        discussion: "列与导入相同，导出的文件可再导入 / the columns are those of `import`: what is written can be imported again.")

    @Argument(help: "登记表 / register: \(RegisterKind.allCases.map(\.rawValue).joined(separator: ", "))")
    var kind: String

    @Option(help: "格式 / format: csv, json, ndjson, geojson, xlsx")
    var format = TableFormat.csv

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        guard let kind = RegisterKind(rawValue: self.kind) else {
            throw Failure(
                "export: 没有登记表 '\(self.kind)' / '\(self.kind)' is none of "
                    + RegisterKind.allCases.map(\.rawValue).joined(separator: ", "), exitCode: 2)
        }
        let configuration = try await self.options.load()
        let records = try Database.connectCurrent(configuration.databaseURL) { connection in
            try RegisterReader(connection: connection).records(of: kind)
        }
        Terminal.output(RegisterTable.write(records, kind: kind, as: self.format))
    }
}
