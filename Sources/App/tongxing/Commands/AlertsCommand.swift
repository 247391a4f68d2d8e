import ArgumentParser
import Chronology
import Exchange
import FleetStore
import PostgresClient
import Suspicions

/// `tongxing alerts`
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "列出预警 / list alerts",
        discussion: """
            来自车辆报文（超速、疲劳、禁行、久停、失联、摄像头）与可疑趟次；--from --to 为发生时间。
            From the reports of vehicles (speed, fatigue, zones, long stops, silence, cameras) and from suspicious
            deliveries; --from and --to are the times of opening.
            """)

    @OptionGroup var period: PeriodOptions

    @Option(help: "格式 / format: csv, json, ndjson, geojson")
    var format = TableFormat.csv

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        let rows = try Database.connectCurrent(configuration.databaseURL) { connection in
            try Self.all(AlertStore(connection: connection), from, to)
        }
        Terminal.output(AlertsTable.write(rows.map(AlertRow.init), as: self.format))
    }

    static func all(_ store: AlertStore, _ from: Instant?, _ to: Instant?) throws -> [AlertStore.Row] {
        var found: [AlertStore.Row] = []
        while true {
            let last = found.last.map { (openedAt: $0.openedAt, id: $0.alertID) }
            let page = try store.list(from: from, to: to, after: last, limit: 5000)
            found += page
            guard page.count == 5000 else { return found }
        }
    }
}

extension AlertRow {
    /// An alert as it is stored, its first sentence in both languages.
    fileprivate init(_ row: AlertStore.Row) {
        let summary = row.facts.first.map { "\($0.zh) / \($0.en)" } ?? ""
        self.init(
            alertID: row.alertID, rule: row.rule, severity: row.severity, plate: row.plate, terminal: row.terminal,
            openedAt: row.openedAt, closedAt: row.closedAt, coordinate: row.coordinate, deliveryID: row.deliveryID,
            status: row.status, summary: summary)
    }
}
