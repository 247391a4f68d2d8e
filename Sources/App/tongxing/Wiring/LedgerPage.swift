import Chronology
import Exchange
import FleetStore
import Telemetry

/// A terminal's ledger as a page that an officer can read out, and as a table.
struct LedgerPage {
    let ledger: TerminalLedger
    let plate: String?

    /// Lines of a list on the page; the table has all.
    private static let lines = 100

    var text: String {
        let received = self.ledger.received
        var lines = [
            "报文台账 Message ledger",
            "终端 terminal    \(self.ledger.terminal)" + (self.plate.map { "  车牌 plate \($0)" } ?? ""),
            "收到 received    \(Self.states(received))",
            "首次 first       \(self.ledger.days.map(\.firstReceivedAt).min()?.description ?? "–")",
            "末次 last        \(self.ledger.days.map(\.lastReceivedAt).max()?.description ?? "–")",
        ]
        let retried = self.ledger.retried
        if retried.received > 0 { lines.append("补录 retried     \(Self.states(retried)) (由隔离 from quarantine)") }
        lines += self.clock(received.received)
        lines.append("按日 by day (中国时间接收 received, UTC+8)")
        for day in self.ledger.days where !day.isRetry { lines.append("  \(day.day)  \(Self.states(day.counts))") }
        lines += self.gaps(self.ledger.sequence, "编号 seq")
        lines += self.gaps(self.ledger.serials, "流水号 JT/T 808 serial")
        if !self.ledger.reasons.isEmpty { lines.append("隔离原因 reasons for quarantine") }
        for row in self.ledger.reasons.prefix(Self.lines) {
            lines.append("  \(row.count)  \(row.reason)\(row.detail.isEmpty ? "" : " (\(row.detail))")")
        }
        lines.append(
            "平台收到的每条报文都已入库或隔离，原文封存，可用 tongxing verify-seals 核验。"
                + "Every message that reached the platform is stored or in quarantine; the originals are sealed.")
        return lines.joined(separator: "\n")
    }

    private static func states(_ counts: MessageCounts) -> String {
        "\(counts.received) = 已存 stored \(counts.stored) + 重复 duplicate \(counts.duplicate)"
            + " + 隔离 quarantined \(counts.quarantined) + 忽略 ignored \(counts.ignored)"
    }

    /// Only suspicions: nothing was corrected.
    private func clock(_ received: Int64) -> [String] {
        let found: [(String, Int64)] = [
            ("疑似快 8 小时 8 h ahead (时区 time zone)", self.ledger.clock(\.ahead)),
            ("疑似慢 8 小时 8 h behind (时区，或延迟 time zone, or late)", self.ledger.clock(\.behind)),
            ("疑似 GPS 周翻转 week rollover", self.ledger.clock(\.rollover)),
        ]
        return found.filter { $0.1 > 0 }.map { "时钟 clock       \($0.0): \($0.1) / \(received)" }
    }

    private func gaps(_ numbers: NumberGaps, _ name: String) -> [String] {
        guard numbers.reports > 0 else { return [] }
        var lines = [
            "\(name): \(numbers.reports) 条有编号 numbered, 重新计数 restarts \(numbers.restarts), "
                + "缺口 gaps \(numbers.gaps.count), 缺 missing \(numbers.missing) (未发送或途中丢失 never sent or lost on the way)"
        ]
        for gap in numbers.gaps.prefix(Self.lines) {
            let (first, last) = (numbers.asSent(gap.first), numbers.asSent(gap.last))
            lines.append(
                "  \(first)–\(last) (\(gap.count))  \(gap.before.recordedAt) – \(gap.after.recordedAt)"
                    + (gap.followsRestart ? "  重新计数之后 after a restart" : ""))
        }
        if numbers.gaps.count > Self.lines {
            lines.append("  … 其余见 --format csv / \(numbers.gaps.count - Self.lines) more: --format csv")
        }
        return lines
    }

    /// Columns of the table: days, gaps and reasons, told apart by `kind`. `first` and `last` of a gap are numbers as
    /// the terminal sends them; serial numbers of JT/T 808 begin again at 0 after 65,535, `count` goes across that.
    static let columns = [
        "terminal", "kind", "day", "received", "stored", "duplicate", "quarantined", "ignored", "clock_ahead",
        "clock_behind", "clock_rollover", "from", "to", "first", "last", "count", "detail",
    ]

    func append(to table: inout TableWriter) {
        let terminal = TableCell.text(self.ledger.terminal)
        for day in self.ledger.days {
            let counts = [
                day.counts.received, day.counts.stored, day.counts.duplicate, day.counts.quarantined,
                day.counts.ignored, day.ahead, day.behind, day.rollover,
            ].map { TableCell.integer(Int($0)) }
            table.append(
                [terminal, .text(day.isRetry ? "retried" : "day"), .text(day.day)] + counts
                    + [.time(day.firstReceivedAt), .time(day.lastReceivedAt)])
        }
        let unused = [TableCell](repeating: .text(nil), count: 9)
        for (kind, numbers) in [("seq_gap", self.ledger.sequence), ("serial_gap", self.ledger.serials)] {
            for gap in numbers.gaps {
                table.append(
                    [terminal, .text(kind)] + unused + [
                        .time(gap.before.recordedAt), .time(gap.after.recordedAt),
                        .integer(Int(numbers.asSent(gap.first))), .integer(Int(numbers.asSent(gap.last))),
                        .integer(Int(gap.count)),
                        .text(gap.followsRestart ? "after a restart" : nil),
                    ])
            }
        }
        for row in self.ledger.reasons {
            let empty = [TableCell](repeating: .text(nil), count: 4)
            table.append(
                [terminal, .text("quarantine")] + unused + empty + [
                    .integer(Int(row.count)), .text(row.detail.isEmpty ? row.reason : "\(row.reason): \(row.detail)"),
                ])
        }
    }
}
