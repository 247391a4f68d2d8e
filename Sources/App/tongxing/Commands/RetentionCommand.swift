import ArgumentParser
import Chronology
import FleetStore
import Foundation
import PostgresClient

/// `tongxing retention`
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "按保存期限清除旧数据 / drop what is older than the retention term",
        discussion: """
            不加 --apply 只列出将清除的内容。期限 ingestion.retentionMonths 从接收时间起算，未配置则不清除；少于 6 个月须加 --force。
            整分区全部早于期限才清除；法律保全（tongxing hold）范围内的一律保留；每次清除记入 retention_act 表。接收时间在未来的批
            （当时服务器时钟超前）按链上前后批计：其后有已过期的批才算过期，否则保留。
            Without --apply it only lists what would go. The term ingestion.retentionMonths counts from receipt;
            unset, nothing is dropped; below 6 months it takes --force. A partition goes when all of it is older; what
            is under a legal hold (`tongxing hold`) stays; every act is written to the table retention_act. A batch
            whose receipt lies in the future (the server's clock was ahead) is as old as its neighbours in the chain;
            where none behind it is old, it stays.
            """)

    @Flag(help: "执行清除 / drop it")
    var apply = false

    @Flag(help: "允许少于 6 个月 / allow a term below 6 months")
    var force = false

    @OptionGroup var options: ConfigurationOptions

    /// Records of vehicles have to be kept for half a year at least.
    private static let shortestMonths = 6

    func run() async throws {
        let configuration = try await self.options.load()
        guard let months = configuration.retentionMonths else {
            Terminal.line("未配置保存期限，不清除 / no retention term: nothing is dropped; set ingestion.retentionMonths")
            return
        }
        guard months >= Self.shortestMonths || self.force else {
            throw Failure(
                "ingestion.retentionMonths: \(months) 少于 \(Self.shortestMonths) 个月 is below \(Self.shortestMonths) months: "
                    + "改大，或确有依据时加 --force raise it, or add --force where the law allows less")
        }
        let order = RetentionStore.Order(
            user: NSUserName(), months: months, receivedBefore: Clocks.now().earlier(byMonths: months),
            isForced: self.force && months < Self.shortestMonths)
        try Database.connectCurrent(configuration.databaseURL) { connection in
            try self.run(RetentionStore(connection: connection), order)
        }
    }

    private func run(_ store: RetentionStore, _ order: RetentionStore.Order) throws {
        Terminal.line("期限 term: 接收早于 received before \(order.receivedBefore) (\(order.months) 个月 months)")
        try store.rollUpIdleLanes()
        let partitions = try store.oldPartitions(receivedBefore: order.receivedBefore)
        let batches = try store.oldBatches(receivedBefore: order.receivedBefore)
        var dropped = 0
        var busy = 0
        for partition in partitions {
            let what = "分区 partition \(partition.name): \(partition.rowCount) 行 rows"
            guard partition.holds.isEmpty else {
                Terminal.line("保留 kept     \(what) (法律保全 legal hold \(partition.holds))")
                continue
            }
            do {
                if try !self.apply || store.drop(partition, order) {
                    dropped += 1
                    Terminal.line((self.apply ? "已清除 dropped " : "将清除 would go ") + what)
                } else {
                    Terminal.line("保留 kept     \(what) (刚有变动 it changed meanwhile)")
                }
            } catch let error as PostgresError where error.sqlState == .lockNotAvailable {
                // A backup reads the log, or another retention runs: nobody waits for us, so we go on without it.
                busy += 1
                Terminal.line("保留 kept     \(what) (正被占用 in use)")
            }
        }
        for old in batches { dropped += try self.drop(old, store, order) }
        if dropped == 0 { Terminal.line("没有可清除的内容 / nothing to drop") }
        if !self.apply, dropped > 0 { Terminal.line("加 --apply 执行 / add --apply to drop it") }
        guard busy == 0 else {
            throw Failure(
                "\(busy) 个分区正被读取（备份？），未清除 partitions are being read, by a backup perhaps, and were kept: "
                    + "再次运行 run it again when that has ended")
        }
    }

    private func drop(
        _ old: RetentionStore.OldBatches, _ store: RetentionStore, _ order: RetentionStore.Order
    ) throws -> Int {
        let lane = "通道 lane \(old.name): 批 batches"
        if !old.holds.isEmpty {
            Terminal.line(
                "保留 kept     \(lane) \(max(old.first, old.dropThrough + 1))–\(old.through) (法律保全 legal hold \(old.holds))"
            )
        }
        guard old.first <= old.dropThrough else { return 0 }
        if self.apply { while try store.drop(old, order) {} }
        Terminal.line((self.apply ? "已清除 dropped " : "将清除 would go ") + "\(lane) \(old.first)–\(old.dropThrough)")
        return 1
    }
}

extension Instant {
    /// The same day and time of an earlier month; the month's last day where it is shorter.
    func earlier(byMonths months: Int) -> Instant {
        let date = self.date(at: .utc)
        let total = date.year * 12 + (date.month - 1) - months
        let (year, month) = (max(1, total / 12), total % 12 + 1)
        let day = min(date.day, CivilDate.days(inMonth: month, of: year))
        guard total >= 12, let earlier = CivilDate(year: year, month: month, day: day) else { return .distantPast }
        let timeOfDay = self.microseconds - Instant(startOf: date, at: .utc).microseconds
        return Instant(microseconds: Instant(startOf: earlier, at: .utc).microseconds + timeOfDay)
    }
}
