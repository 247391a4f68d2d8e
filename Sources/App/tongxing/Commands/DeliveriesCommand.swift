import ArgumentParser
import Chronology
import Deliveries
import Exchange
import FleetStore
import Suspicions

/// `tongxing deliveries`
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "列出运输趟次与结论 / list deliveries with their verdicts")

    @OptionGroup var period: PeriodOptions

    @Option(help: "格式 / format: csv, json, ndjson, geojson, xlsx")
    var format = TableFormat.csv

    @Option(help: "只列该结论 / only this verdict: clear, suspicious, insufficient_data")
    var verdict: Verdict?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        var filter = DeliveryStore.Filter()
        filter.from = from
        filter.to = to
        filter.verdict = self.verdict
        let rows = try Database.connectCurrent(configuration.databaseURL) { connection in
            try DeliveryStore(connection: connection).all(filter)
        }
        Terminal.output(DeliveriesTable.write(rows, as: self.format))
    }
}

extension TableFormat: ExpressibleByArgument {}
extension Verdict: ExpressibleByArgument {}

extension DeliveryStore {
    /// Every delivery of the filter, page after page.
    func all(_ filter: Filter) throws -> [JudgedDelivery] {
        var filter = filter
        var found: [JudgedDelivery] = []
        while true {
            let page = try self.list(filter, limit: 5000).map(\.judged)
            found += page
            guard page.count == 5000, let last = page.last?.delivery else { return found }
            filter.after = (last.unloadStart, last.deliveryID)
        }
    }
}
