import ArgumentParser
import FleetStore
import Foundation

/// `tongxing notices`
struct NoticesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "放弃的通知：查看与重发 / notices that were given up: look at them, try again",
        subcommands: [List.self, Retry.self])

    /// `tongxing notices list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出放弃的通知，最早的在前 / list those that were given up, the oldest first")

        @Option(help: "接收方 / receiver, as `tongxing status` names it")
        var receiver: String?

        @Option(help: "最多行数 / at most so many lines")
        var limit = 100

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            guard (1...100_000).contains(self.limit) else {
                throw Failure("--limit: 应为 1–100000 / must be 1–100000, not \(self.limit)", exitCode: 2)
            }
            let configuration = try await self.options.load()
            let dead = try Database.connectCurrent(configuration.databaseURL) {
                try NoticeStore(connection: $0).dead(receiver: self.receiver, limit: self.limit)
            }
            if dead.isEmpty { Terminal.line("没有放弃的通知 / none was given up") }
            for notice in dead {
                Terminal.line(
                    "\(notice.id)  \(notice.receiver)  \(notice.alertID)  \(notice.notedAt) – \(notice.givenUpAt)  "
                        + "\(notice.attempts) 次 tries  \(notice.lastError)")
            }
        }
    }

    /// `tongxing notices retry`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "重新发送放弃的通知 / send again what was given up",
            discussion: """
                接收方恢复后使用；通知保留原编号，排在该接收方待发通知之前，记入审计日志。
                For when the receiver works again. A notice keeps its number and goes out before what waits for the same
                receiver; the audit log says who sent it again.
                """)

        @Argument(help: "通知编号；不给为全部 / numbers of notices; without any all of them")
        var notices: [Int64] = []

        @Option(help: "接收方 / receiver")
        var receiver: String?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let count = try Database.connectCurrent(configuration.databaseURL) {
                try NoticeStore(connection: $0).retry(
                    receiver: self.receiver, ids: self.notices, by: NSUserName())
            }
            guard count > 0 || self.notices.isEmpty else {
                throw Failure(
                    "这些编号不是放弃的通知：见 tongxing notices list / none of these was given up: see "
                        + "`tongxing notices list`")
            }
            Terminal.line("\(count) 条将重发 / \(count) will be sent again")
        }
    }
}
