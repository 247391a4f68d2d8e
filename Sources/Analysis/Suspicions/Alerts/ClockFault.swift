import Chronology
import Deliveries
import Telemetry
import Tracks

/// A terminal's clock against the server's.
struct ClockFacts: Sendable {
    var terminal: TerminalID
    /// Seconds from the report's receipt to its time; positive: ahead of the server.
    var offset: Double
    /// A distance of known cause that has stayed the same for long enough; `nil`: there is none, or it has been told.
    var fault: TerminalFault?
}

/// 时间异常: a clock ahead of the server's, or a steady 8 hours or 1024 weeks off. What comes late is no clock fault.
struct ClockFault: StreamRule {
    let rule = VehicleAlert.Rule.clockFault
    let severity = 1

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let faults = all.faults
        return [
            "ahead_s": faults.clockAhead, "tolerance_s": faults.clockTolerance, "steady_s": faults.clockSteadySeconds,
            "reports": Double(faults.clockReports),
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let faults = all.faults
        let (ahead, off) = (Wording.number(faults.clockAhead), Wording.number(faults.clockTolerance))
        let time = Wording.minutes(faults.clockSteadySeconds)
        return .criterion(
            zh: "快于服务器 \(ahead) 秒以上，或稳定相差 8 小时、1024 周（误差 \(off) 秒），至少 \(time) 分钟、\(faults.clockReports) 次",
            en:
                "more than \(ahead) s ahead of the server, or steadily 8 h or 1024 weeks off (within \(off) s), for at least \(time) min "
                + "and \(faults.clockReports) reports")
    }

    func judge(_ facts: ClockFacts, in world: World) -> StreamAnswer {
        if let fault = facts.fault {
            return .hit(
                Self.fact(facts.terminal, fault),
                against: Statement(
                    zh: "可能是时区设置或终端固件问题，与驾驶员无关。",
                    en: "It may be a setting of the time zone or the terminal's firmware, and no doing of the driver's."
                ))
        }
        let faults = world.parameters.faults
        guard facts.offset <= faults.clockAhead, facts.offset.magnitude <= faults.clockTolerance else {
            return .insufficient(
                zh: "与服务器时间不同，但可能只是迟到，或尚不能确定偏差稳定。",
                en: "It differs from the server's time, but may only have come late, or is not known to be steady yet.")
        }
        return .no(zh: "与服务器时间相符。", en: "It agrees with the server's time.")
    }

    private static func fact(_ truck: TerminalID, _ fault: TerminalFault) -> Statement {
        let seconds = Wording.number(fault.amount.rounded())
        let cause: (zh: String, en: String) =
            switch fault.kind {
            case .clockOffset: ("相差 8 小时，疑似时区设置错误", "8 hours off, as by a wrong time zone")
            case .weekRollover:
                ("相差 1024 周的整数倍，疑似 GPS 周数翻转", "off by eras of 1024 weeks: the GPS week number rolled over")
            case .clockAhead, .frozenPosition, .teleports: ("快于服务器", "ahead of the server")
            }
        return Statement(
            zh: "\(truck) 的时钟与服务器相差 \(seconds) 秒（\(cause.zh)），\(fault.count) 次上报均如此。",
            en:
                "The clock of \(truck) differs from the server's by \(seconds) s (\(cause.en)), in \(fault.count) reports."
        )
    }
}

extension VehicleAlerts {
    mutating func clockFault(
        _ report: PositionReport, _ receivedAt: Instant, _ fault: TerminalFault?, in world: World
    ) -> [VehicleAlert.Change] {
        let facts = ClockFacts(
            terminal: self.terminal, offset: report.recordedAt.seconds(since: receivedAt), fault: fault)
        return self.tellAtOnce(ClockFault(), facts, fault, at: report.recordedAt, in: world)
    }
}
