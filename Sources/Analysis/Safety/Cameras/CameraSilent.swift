import Chronology
import Telemetry

/// For how long a truck has been driven without a word of its camera.
struct CameraSilenceFacts: Sendable {
    var terminal: TerminalID
    var condition: CameraCondition
    var since: Instant
    /// `nil`: positions are too far apart to say whether it drove.
    var seconds: Double?
}

/// 摄像头状态未知: no word of the right blind-spot camera for a day of driving.
struct CameraSilent: CameraRule {
    let rule = CameraAlert.Rule.cameraSilent
    let severity = 2

    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double] {
        ["silentDriving": all.silentDriving, "silenceLimit": all.silenceLimit, "movingSpeed": all.movingSpeed]
    }

    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement {
        let (hours, held) = (ClockText.number(all.silentDriving / 3600), ClockText.number(all.silenceLimit))
        return .criterion(
            zh: "行驶 \(hours) 小时没有任何状态（一次状态有效 \(held) 秒）",
            en: "\(hours) h of driving without a word of it (a word holds for \(held) s)")
    }

    func judge(_ facts: CameraSilenceFacts, _ all: SafetyParameters.Cameras) -> CameraAnswer {
        guard facts.condition == .unknown else { return .no(zh: "摄像头状态已知。", en: "The camera's state is known.") }
        guard let seconds = facts.seconds else {
            return .insufficient(zh: "定位间隔过长，不知是否行驶。", en: "Positions are too far apart to say whether it drove.")
        }
        guard seconds >= all.silentDriving else { return .tooShort }
        return .hit(
            Self.fact(facts, seconds),
            against: SafetyStatement(zh: "也可能是设备不上报该项。", en: "The device may not report it at all."))
    }

    private static func fact(_ facts: CameraSilenceFacts, _ seconds: Double) -> SafetyStatement {
        let (truck, since, hours) = (facts.terminal.text, ClockText.time(facts.since), Int(seconds / 3600))
        return SafetyStatement(
            zh: "\(truck) 自 \(since) 起行驶 \(hours) 小时，没有任何右侧盲区摄像头状态。",
            en: "\(truck) has driven \(hours) h since \(since) without a word of the right blind-spot camera.")
    }
}
