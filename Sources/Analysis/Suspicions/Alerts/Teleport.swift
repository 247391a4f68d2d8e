import Chronology
import Deliveries
import Telemetry
import Tracks

/// The impossible jumps of a terminal on one day.
struct JumpFacts: Sendable {
    var terminal: TerminalID
    /// Whether there is a position to compare with the one before.
    var hasFix: Bool
    /// What was counted on the day; `nil`: no jump, or one that has been told.
    var fault: TerminalFault?
}

/// 定位跳变: from one valid fix to the next faster than any truck, several times on one day.
struct Teleport: StreamRule {
    let rule = VehicleAlert.Rule.teleport
    let severity = 2

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        [
            "speed_kmh": all.cleaning.maximumSpeed, "noise_m": all.cleaning.noiseAllowance,
            "times": Double(all.faults.teleportsADay),
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (times, speed) = (all.faults.teleportsADay, Wording.number(all.cleaning.maximumSpeed))
        return .criterion(
            zh: "一天内 \(times) 次，两点之间超过 \(speed) 公里/小时",
            en: "\(times) times a day more than \(speed) km/h from fix to fix")
    }

    func judge(_ facts: JumpFacts, in world: World) -> StreamAnswer {
        guard facts.hasFix else {
            return .insufficient(zh: "没有可用定位，无从比较。", en: "There is no fix to compare with the one before.")
        }
        guard let fault = facts.fault, fault.count >= world.parameters.faults.teleportsADay else {
            return .no(zh: "当日没有多次定位跳变。", en: "It did not jump so often that day.")
        }
        return .hit(
            Self.fact(facts.terminal, fault),
            against: Statement(zh: "可能是信号反射或干扰。", en: "It may be reflections or interference."))
    }

    private static func fact(_ truck: TerminalID, _ fault: TerminalFault) -> Statement {
        let metres = Wording.number(fault.amount.rounded())
        return Statement(
            zh: "\(truck) 当日定位跳变 \(fault.count) 次，最远 \(metres) 米，速度不可能。",
            en: "\(truck) jumped \(fault.count) times that day, at the farthest \(metres) m, faster than any truck.")
    }
}

extension VehicleAlerts {
    mutating func teleport(
        _ report: PositionReport, _ fault: TerminalFault?, in world: World
    ) -> [VehicleAlert.Change] {
        let facts = JumpFacts(terminal: self.terminal, hasFix: report.hasFix, fault: fault)
        return self.tellAtOnce(Teleport(), facts, fault, at: report.recordedAt, in: world)
    }
}
