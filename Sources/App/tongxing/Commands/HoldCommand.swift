import ArgumentParser
import FleetStore
import Foundation

/// `tongxing hold`
struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "法律保全：指定数据不得清除 / legal holds: what retention must not drop",
        subcommands: [Add.self, List.self, Release.self])

    /// A reason is there to be read: spaces are none.
    private static func stated(_ reason: String) throws -> String {
        let text = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw Failure("--reason: 须写明理由 say why", exitCode: 2) }
        return text
    }

    /// `tongxing hold add`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "设置保全 / place a hold")

        @Option(
            help: """
                终端号；手机号不计前导零，其每种写法各设一项保全；不给为全部终端 / terminal; a phone number with or without its leading \
                zeros, one hold for each way the log writes it; without it every terminal
                """)
        var terminal: String?

        @OptionGroup var period: PeriodOptions

        @Option(help: "理由（案号） / reason, a case number")
        var reason: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let (from, to) = try self.period.instants()
            let reason = try HoldCommand.stated(self.reason)
            if let from, let to, from >= to {
                throw Failure("--from, --to: 起须早于止 the start must be before the end", exitCode: 2)
            }
            try Database.connectCurrent(configuration.databaseURL) { connection in
                let store = HoldStore(connection: connection)
                let names: [String?] =
                    try self.terminal.map { try FleetReader(connection: connection).namesakes(of: $0) } ?? [nil]
                if let terminal, names.isEmpty {
                    throw Failure("--terminal: '\(terminal)' 从未上报 has never reported: use the terminal's own name")
                }
                for name in names {
                    let hold = try store.add(terminal: name, from: from, to: to, reason: reason, user: NSUserName())
                    Terminal.line("已设置保全 hold \(hold) placed" + (name.map { ": 终端 terminal \($0)" } ?? ""))
                }
            }
        }
    }

    /// `tongxing hold list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出保全 / list the holds")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let holds = try Database.connectCurrent(configuration.databaseURL) {
                try HoldStore(connection: $0).list()
            }
            if holds.isEmpty { Terminal.line("没有保全 / no holds") }
            for hold in holds {
                var line = "\(hold.holdID)  \(hold.terminal ?? "全部 all")  \(hold.from) – \(hold.to)  \(hold.reason)"
                line += "  (\(hold.placedBy), \(hold.placedAt))"
                if let by = hold.releasedBy {
                    line += "  已解除 released: \(by), \(hold.releasedAt ?? ""), \(hold.releaseReason ?? "")"
                }
                Terminal.line(line)
            }
        }
    }

    /// `tongxing hold release`
    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "解除保全 / release a hold")

        @Argument(help: "保全编号 / the hold's number")
        var hold: Int64

        @Option(help: "理由 / reason")
        var reason: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let reason = try HoldCommand.stated(self.reason)
            let released = try Database.connectCurrent(configuration.databaseURL) {
                try HoldStore(connection: $0).release(self.hold, reason: reason, user: NSUserName())
            }
            guard released else {
                throw Failure("没有生效中的保全 no hold \(self.hold) is in force: see `tongxing hold list`")
            }
            Terminal.line("已解除保全 hold \(self.hold) released")
        }
    }
}
