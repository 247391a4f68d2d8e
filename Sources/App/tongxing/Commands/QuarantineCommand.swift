import ArgumentParser
import Chronology
import FleetStore
import Foundation
import Telemetry

/// `tongxing quarantine`
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "被拒收的报文：查看与重试 / refused messages: look at them, try again",
        subcommands: [List.self, Show.self, Retry.self])

    /// `tongxing quarantine list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出隔离的报文，相同字节合并 / list them, the same bytes folded",
            discussion: "同一报文重发并再次被拒，每次都计为收到一条 / each delivery of the same bytes counts as one received message.")

        @Option(help: "原因 / reason, as `tongxing status` prints it")
        var reason: String?

        @Option(help: "终端号；手机号不计前导零 / terminal; a phone number with or without its leading zeros")
        var terminal: String?

        @OptionGroup var period: PeriodOptions

        @Option(help: "最多行数 / at most so many lines")
        var limit = 100

        @Flag(help: "也列出已解决的 / the resolved ones too")
        var all = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let (from, to) = try self.period.instants()
            guard (1...100_000).contains(self.limit) else {
                throw Failure("--limit: 1–100000, not \(self.limit)", exitCode: 2)
            }
            try QuarantineCommand.check(self.reason)
            var filter = QuarantineStore.Filter()
            filter.reason = self.reason
            filter.from = from
            filter.to = to
            filter.isOpen = self.all ? nil : true
            let wanted = filter
            let folds = try Database.connectCurrent(configuration.databaseURL) { connection in
                var filter = wanted
                filter.terminals = try self.terminal.map { try FleetReader(connection: connection).namesakes(of: $0) }
                return try QuarantineStore(connection: connection).list(filter, limit: self.limit)
            }
            if folds.isEmpty { Terminal.line("没有隔离的报文 / nothing in quarantine") }
            for fold in folds { Terminal.line(Self.line(fold).printable()) }
        }

        private static func line(_ fold: QuarantineStore.Fold) -> String {
            var line = "\(fold.firstID)  \(fold.reason)"
            if !fold.detail.isEmpty { line += " (\(fold.detail))" }
            if let index = fold.reportIndex { line += " [\(index)]" }
            // Not characters: one may be a letter with ten thousand marks on it.
            let topic = String(fold.topic.unicodeScalars.prefix(80))
            line += "  \(fold.terminal ?? "–")  \(topic)  \(fold.byteCount) bytes  \(fold.firstReceivedAt)"
            if fold.times > 1 { line += "  ×\(fold.times) 次 times, 至 until \(fold.lastReceivedAt)" }
            if fold.openTimes == 0 { line += "  已解决 resolved" }
            return line
        }
    }

    /// `tongxing quarantine show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "显示一条：原因、位置、原始字节 / one entry: reason, place, raw bytes")

        @Argument(help: "编号 / its number")
        var id: Int64

        @Option(help: "查询目的，会被记录 / purpose, logged")
        var purpose: String?

        @OptionGroup var options: ConfigurationOptions

        /// A topic may have 65,535 bytes; its beginning is read on one screen.
        private static func shortened(_ topic: String) -> String {
            let shown = topic.unicodeScalars.prefix(Self.topicScalars)
            guard shown.endIndex < topic.unicodeScalars.endIndex else { return topic.printable() }
            return String(shown).printable()
                + " … (已截短，全长 shortened, the whole has \(topic.utf8.count) 字节 bytes)"
        }

        private static let topicScalars = 400

        func run() async throws {
            let configuration = try await self.options.load()
            let entry = try Database.connectCurrent(configuration.databaseURL) { connection in
                let entry = try QuarantineStore(connection: connection).entry(self.id)
                // The bytes may say where a truck was: logged before they are shown, as a trail is.
                if let terminal = entry?.terminal {
                    try AuditStore(connection: connection).addLook(
                        at: terminal, purpose: try Purpose.given(self.purpose, isNeeded: false),
                        interface: "command line quarantine \(self.id)")
                }
                return entry
            }
            guard let entry else { throw Failure("隔离区没有编号 nothing in quarantine has number \(self.id)") }
            var text = """
                编号 number    \(entry.quarantineID)
                原因 reason    \(entry.reason)\(entry.detail.isEmpty ? "" : " (\(entry.detail.printable()))")
                位置 place     \(entry.reportIndex.map { "第 \($0) 条报告 report \($0)" } ?? "整条报文 the whole message")
                终端 terminal  \(entry.terminal ?? "–")
                主题 topic     \(Self.shortened(entry.topic))
                接收 received  \(entry.receivedAt)
                批次 batch     \(entry.batchID) 序位 index \(entry.messageIndex)
                字节 bytes     \(entry.raw.count)

                """
            if let outcome = entry.outcome {
                let who = entry.resolvedBy.map { "\($0), \(entry.resolvedAt?.description ?? "")" } ?? "未解决 still open"
                text += "重试 retried   \(outcome) (\(who)), 批次 batch \(entry.retryBatchID ?? 0)\n"
            }
            Terminal.line(text + HexDump.textAndDump(entry.raw))
        }
    }

    /// `tongxing quarantine retry`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "用现有解码器重新解码 / decode again with the present decoder",
            discussion: """
                按原接收时间解码；现被接受的经通道 retry 入库（去重），隔离记录标为已解决，不删除。冲突（同一时刻另一报告先到）只在指明
                --reason conflict 或编号时重试：位置仍留隔离，除非先到的已按期清除，那时入库；摄像头状态当初两条都已入库，故计为重复并标为
                已解决。每次重试都把报文再次封存于通道 retry。
                At the original receive time; what is accepted now goes in through lane retry (duplicates found), and
                its entry is marked as resolved, not deleted. Conflicts (another report of that time came first) are
                tried only where --reason conflict or a number names them: a position stays, unless what came first was
                dropped by retention, and then it is stored; camera states were both stored when they came, so theirs
                end as duplicate and resolved. Each try seals the message once more, in lane retry.
                """)

        @Option(help: "只重试该原因 / only this reason")
        var reason: String?

        @Argument(help: "编号；不给为全部未解决的 / numbers; without them all that are open")
        var ids: [Int64] = []

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            try QuarantineCommand.check(self.reason)
            let standing = try Database.connectCurrent(configuration.databaseURL) {
                try QuarantineStore(connection: $0).standing(of: self.ids)
            }
            try self.tellOfOthers(standing)
            let retry = QuarantineRetry(
                url: configuration.databaseURL, limits: configuration.validation, user: NSUserName())
            let summary: QuarantineRetry.Summary
            do {
                summary = try retry.run(reason: self.reason, ids: self.ids)
            } catch let error as StoreError {
                throw Failure(error.description)
            }
            Terminal.endProgress()
            func count(_ outcome: QuarantineResolution.Outcome) -> Int { summary.outcomes[outcome] ?? 0 }
            Terminal.line(
                """
                重试 tried      \(summary.tried)
                已存 stored     \(count(.stored))
                重复 duplicate  \(count(.duplicate))
                忽略 ignored    \(count(.ignored))
                冲突 conflict   \(count(.conflict)) (仍在隔离 stays)
                仍拒 refused    \(count(.refused)) (仍在隔离 stays)
                """)
        }

        /// Throws where a number is nobody's, before anything is tried, and says which ones will not be.
        private func tellOfOthers(_ standing: [Int64: (reason: String, isResolved: Bool)]) throws {
            func list(_ ids: [Int64]) -> String { ids.map(String.init).joined(separator: ", ") }
            let unknown = self.ids.filter { standing[$0] == nil }
            guard unknown.isEmpty else {
                throw Failure(
                    "隔离区没有编号 \(list(unknown))，未重试 / nothing in quarantine has number \(list(unknown)), nothing was tried"
                )
            }
            let resolved = self.ids.filter { standing[$0]?.isResolved == true }
            if !resolved.isEmpty { Terminal.note("已解决，不再重试 / resolved already, not tried: \(list(resolved))") }
            guard let reason = self.reason else { return }
            let others = self.ids.filter { standing[$0]?.isResolved == false && standing[$0]?.reason != reason }
            if !others.isEmpty { Terminal.note("原因不同，不重试 / of another reason, not tried: \(list(others))") }
        }
    }

    private static func check(_ reason: String?) throws {
        guard let reason, Refusal.Reason(rawValue: reason) == nil else { return }
        let known = Refusal.Reason.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure("--reason: 没有原因 no reason is called '\(reason)': \(known)", exitCode: 2)
    }
}
