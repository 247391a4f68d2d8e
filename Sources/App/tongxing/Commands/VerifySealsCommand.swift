import ArgumentParser
import FleetStore
import Foundation
import PostgresClient
import Seals

/// `tongxing verify-seals`
struct VerifySealsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-seals", abstract: "核验原文封存链 / check the chain of sealed batches",
        discussion: """
            逐通道解压每批原文、重算哈希与计数，指出第一处断裂；--from --to 为接收时间（前后各多核验一批；其后无批时须止于通道所记的
            链尾），不给则全部核验并与通道合计比对。
            Opens every lane's batches, computes hashes and counts again, and names the first break. --from and --to
            are receive times (one batch more is walked on each side, and where none is later the chain must end where
            its lane says); without them everything is walked, and the sums are compared with the lanes' own.
            """)

    @OptionGroup var period: PeriodOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let (from, to) = try self.period.instants()
        try Database.connectCurrent(configuration.databaseURL) { _ in }
        let worker = PostgresWorker(url: configuration.databaseURL, application: "tongxing verify-seals")
        let outcomes: [SealWalk.Outcome]
        do {
            outcomes = try await SealWalk(worker: worker, from: from, to: to).run { Terminal.line(Self.line($0)) }
        } catch let error as PostgresError {
            throw Failure("database: \(error)" + Database.cure(for: error))
        }
        if let broken = outcomes.first(where: { $0.failure != nil }), let failure = broken.failure {
            throw Failure("封存链断裂 chain broken: 通道 lane '\(broken.name)', \(failure)")
        }
    }

    private static func line(_ outcome: SealWalk.Outcome) -> String {
        let seconds = max(0.001, Double(outcome.milliseconds) / 1000)
        let megabytes = Double(outcome.rawBytes) / 1e6
        let range = outcome.first.flatMap { first in outcome.last.map { " (\(first)–\($0))" } } ?? ""
        var text = outcome.failure == nil ? "✓ " : "✗ "
        text += "通道 lane \(outcome.name): \(outcome.batches) 批 batches\(range), \(outcome.messages) 报文 messages, "
        text += String(format: "%.1f MB 原文 raw, %.0f MB/s", megabytes, megabytes / seconds)
        if let anchor = outcome.anchor {
            text += "; 链始于 chain starts after \(anchor.number), 此前已按期清除 dropped before (\(anchor.note))"
        }
        if let failure = outcome.failure { text += "; 第一处断裂 first break: \(failure)" }
        return text
    }
}
