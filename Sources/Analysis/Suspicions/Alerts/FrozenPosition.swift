import Deliveries
import Telemetry
import Tracks

/// A terminal whose position stands still.
struct FrozenFacts: Sendable {
    var terminal: TerminalID
    /// The stretch that goes on, with a speed or an odometer that moves in it; `nil`: there is none so far.
    var fault: TerminalFault?
    /// Whether the report names a speed or an odometer.
    var isMotionKnown: Bool
}

/// 位置冻结: the same coordinates to the last digit while the recorder's speed or the odometer moves.
struct FrozenPosition: StreamRule {
    let rule = VehicleAlert.Rule.frozenPosition
    let severity = 3

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let faults = all.faults
        return [
            "duration_s": faults.frozenSeconds, "speed_kmh": faults.frozenSpeed,
            "reports": Double(faults.frozenReports),
            "moved_m": faults.frozenMetres, "same_e7": Double(faults.frozenE7), "gap_s": faults.frozenGap,
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let faults = all.faults
        let (time, speed) = (Wording.minutes(faults.frozenSeconds), Wording.number(faults.frozenSpeed))
        let (count, metres) = (faults.frozenReports, Wording.number(faults.frozenMetres))
        return .criterion(
            zh: "位置至少 \(time) 分钟不变，其间至少 \(count) 次速度高于 \(speed) 公里/小时，或里程增加 \(metres) 米",
            en:
                "one position for at least \(time) min, with at least \(count) speeds above \(speed) km/h or \(metres) m by the odometer"
        )
    }

    func judge(_ facts: FrozenFacts, in world: World) -> StreamAnswer {
        if let fault = facts.fault {
            return .hit(
                Self.fact(facts.terminal, fault),
                against: Statement(zh: "可能是终端故障，或天线脱落。", en: "The terminal may be broken, or its antenna loose."))
        }
        guard facts.isMotionKnown else {
            return .insufficient(
                zh: "该终端不上报速度和里程，无法区分停放与位置冻结。",
                en: "It reports neither speed nor odometer, so standing and a frozen position cannot be told apart.")
        }
        return .no(zh: "没有位置不变而仍在行驶的情况。", en: "Its position does not stand still while it drives.")
    }

    private static func fact(_ truck: TerminalID, _ fault: TerminalFault) -> Statement {
        let (begin, spot) = (Wording.time(fault.start), Wording.coordinate(fault.coordinate))
        let metres = Wording.number(fault.amount)
        return Statement(
            zh: "\(truck) 的定位自 \(begin) 起一动不动（\(spot)），同时记录仪有速度 \(fault.count) 次，里程增加 \(metres) 米。",
            en:
                "The position of \(truck) has not changed since \(begin) (\(spot)), while \(fault.count) reports show a speed and the "
                + "odometer grew by \(metres) m.")
    }
}

extension VehicleAlerts {
    mutating func frozenPosition(
        _ report: PositionReport, _ fault: TerminalFault?, in world: World
    ) -> [VehicleAlert.Change] {
        let facts = FrozenFacts(
            terminal: self.terminal, fault: fault, isMotionKnown: report.speed != nil || report.odometer != nil)
        return self.tell(
            FrozenPosition(), facts, since: fault?.start, at: report.recordedAt, fault?.coordinate, in: world)
    }
}
