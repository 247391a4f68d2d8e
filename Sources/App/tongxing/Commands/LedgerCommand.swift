import ArgumentParser
import Chronology
import Exchange
import FleetStore
import Registers
import Telemetry

/// `tongxing ledger PLATE|TERMINAL`
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "一车的报文台账：收到、去向、缺口 / one vehicle's messages: received, what became of them, gaps",
        discussion: """
            --from --to 为接收时间（计数按日，中国时间）。缺口是两条已到报文之间从未到达的编号：未发送，或途中丢失。
            JT/T 808 流水号至 65535 后从 0 重新开始，故缺口可为 65533–2。
            --from and --to are receive times (counts go by the day in China). A gap is a range of numbers that never
            arrived between two that did: never sent, or lost on the way. Serial numbers of JT/T 808 begin again at 0
            after 65535, so that a gap may be 65533–2.
            """)

    /// The page, or a machine format of the table.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, csv, json, ndjson
    }

    @Argument(help: "车牌或终端号 / plate or terminal")
    var subject: String

    @OptionGroup var period: PeriodOptions

    @Option(help: "格式 / format: text, csv, json, ndjson")
    var format = Format.text

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        let decoder = MessageDecoder(limits: configuration.validation)
        let pages = try Database.connectCurrent(configuration.databaseURL) { connection in
            let registers = RegisterIndex(try RegisterStore(connection: connection).snapshot())
            let trail = TrailReader(connection: connection, registers: registers)
            return try trail.names(of: self.subject).compactMap { carried -> LedgerPage? in
                let start = max(from ?? .distantPast, carried.period.from)
                let end = min(to ?? .distantFuture, carried.period.to ?? .distantFuture)
                guard start < end else { return nil }
                let ledger = try TerminalLedger(
                    of: carried.name, from: start == .distantPast ? nil : start, to: end == .distantFuture ? nil : end,
                    connection: connection, decoder: decoder)
                let plate =
                    carried.isPlate ? self.subject : registers.vehicle(terminal: carried.name, at: Clocks.now())?.plate
                return LedgerPage(ledger: ledger, plate: plate)
            }
        }
        guard !pages.isEmpty else {
            throw Failure(
                "'\(self.subject)' is no plate of the register of vehicles in this time and no terminal that has reported"
            )
        }
        if let tableFormat = TableFormat(rawValue: self.format.rawValue) {
            var table = TableWriter(columns: LedgerPage.columns, format: tableFormat)
            for page in pages { page.append(to: &table) }
            Terminal.output(table.finish())
        } else {
            Terminal.line(pages.map(\.text).joined(separator: "\n\n"))
        }
    }
}
