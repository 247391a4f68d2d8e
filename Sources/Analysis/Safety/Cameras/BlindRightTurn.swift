import Chronology
import Telemetry

/// A right turn and what was known of the camera around it.
struct TurnFacts: Sendable {
    var terminal: TerminalID
    /// `nil`: none was seen …
    var turn: ObservedTurn?
    /// … though the terminal reports closely enough to see one.
    var seesTurns = true
    /// ok only if the camera was known to be ok all the while.
    var condition: CameraCondition
}

/// 右转无有效画面: a right turn with a camera that is not known to be ok.
struct BlindRightTurn: CameraRule {
    let rule = CameraAlert.Rule.blindRightTurn
    let severity = 4

    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double] {
        ["turnBefore": all.turnBefore, "turnAfter": all.turnAfter]
    }

    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement {
        let (before, after) = (ClockText.number(all.turnBefore), ClockText.number(all.turnAfter))
        return .criterion(
            zh: "右转前 \(before) 秒至后 \(after) 秒内摄像头不是一直正常",
            en: "a camera not known to be ok from \(before) s before the turn to \(after) s after it")
    }

    func judge(_ facts: TurnFacts, _ all: SafetyParameters.Cameras) -> CameraAnswer {
        guard let turn = facts.turn else { return facts.withoutTurn }
        guard facts.condition != .ok else {
            return .no(zh: "右转前后摄像头一直正常。", en: "The camera was ok all through the turn.")
        }
        return .hit(
            Self.fact(facts, turn),
            against: SafetyStatement(
                zh: "摄像头当时可能正常，只是状态没有及时上报。", en: "The camera may have worked and its word not have come in time."))
    }

    private static func fact(_ facts: TurnFacts, _ turn: ObservedTurn) -> SafetyStatement {
        let (truck, time, angle) = (facts.terminal.text, ClockText.time(turn.start), turn.degrees)
        let words = facts.condition.words
        return SafetyStatement(
            zh: "\(truck) 于 \(time) 右转约 \(angle)°，右侧盲区摄像头\(words.zh)；恢复正常前的其余右转不再逐次告警。",
            en:
                "\(truck) turned right by about \(angle)° at \(time), its right blind-spot camera \(words.en); further turns are "
                + "not told one by one until it works.")
    }
}

extension TurnFacts {
    /// What there is to say where no turn is.
    var withoutTurn: CameraAnswer {
        self.seesTurns
            ? .no(zh: "没有右转。", en: "It did not turn right.")
            : .insufficient(
                zh: "上报间隔过长，看不到右转；右转覆盖率另行统计。",
                en: "Its reports are too far apart to see a turn; the share that is seen is counted apart.")
    }
}

extension ObservedTurn {
    /// The angle in whole degrees.
    var degrees: Int { Int(self.angle.isFinite ? self.angle.rounded() : 0) }
}
