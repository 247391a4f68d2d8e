import Chronology
import Telemetry

/// 右转超速: faster in a right turn than is allowed there.
struct FastRightTurn: CameraRule {
    let rule = CameraAlert.Rule.fastRightTurn
    let severity = 3

    /// km/h from which on a reported speed is none.
    private static let impossible = 1000.0

    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double] { ["turnSpeed": all.turnSpeed] }

    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement {
        let limit = ClockText.number(all.turnSpeed)
        return .criterion(zh: "右转中高于 \(limit) 公里/小时", en: "more than \(limit) km/h in the turn")
    }

    func judge(_ facts: TurnFacts, _ all: SafetyParameters.Cameras) -> CameraAnswer {
        guard let turn = facts.turn else { return facts.withoutTurn }
        guard let speed = turn.maximumSpeed, speed < Self.impossible else {
            return .insufficient(zh: "右转中车速未知。", en: "How fast it turned is not known.")
        }
        guard speed > all.turnSpeed else { return .no(zh: "右转车速未超限值。", en: "It turned no faster than allowed.") }
        return .hit(
            Self.fact(facts.terminal, turn, speed, all.turnSpeed),
            against: SafetyStatement(zh: "也可能是右转专用匝道。", en: "It may be a slip lane."))
    }

    private static func fact(
        _ terminal: TerminalID, _ turn: ObservedTurn, _ speed: Double, _ limit: Double
    ) -> SafetyStatement {
        let (truck, time, angle) = (terminal.text, ClockText.time(turn.start), turn.degrees)
        let (highest, allowed) = (ClockText.number(speed), ClockText.number(limit))
        return SafetyStatement(
            zh: "\(truck) 于 \(time) 右转约 \(angle)°，最高 \(highest) 公里/小时，限值 \(allowed)。",
            en:
                "\(truck) turned right by about \(angle)° at \(time) at up to \(highest) km/h, the limit being \(allowed)."
        )
    }
}
