import Chronology
import Telemetry

/// For how long a truck has moved with its camera in one condition.
struct CameraSpellFacts: Sendable {
    var terminal: TerminalID
    var condition: CameraCondition
    /// Since when, and seconds of moving since then; a halt neither counts nor ends it.
    var since: Instant
    var seconds: Double

    /// What a spell that has lasted says.
    var statement: SafetyStatement {
        let (words, begin, driven) = (self.condition.words, ClockText.time(self.since), Int(self.seconds))
        return SafetyStatement(
            zh: "\(self.terminal.text) 行驶中右侧盲区摄像头\(words.zh)，自 \(begin) 起已行驶 \(driven) 秒。",
            en:
                "The right blind-spot camera of \(self.terminal.text) has been \(words.en) since \(begin), for \(driven) s of driving."
        )
    }
}

/// 行驶中右摄像头失效: the truck drives while its right blind-spot camera is lost or faulty.
struct CameraLostMoving: CameraRule {
    let rule = CameraAlert.Rule.cameraLostMoving
    let severity = 3

    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double] {
        ["alertSeconds": all.alertSeconds, "hysteresis": all.hysteresis, "movingSpeed": all.movingSpeed]
    }

    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement { .spell(all) }

    func judge(_ facts: CameraSpellFacts, _ all: SafetyParameters.Cameras) -> CameraAnswer {
        guard facts.condition != .unknown else { return .unknownCamera }
        guard facts.condition == .lost || facts.condition == .fault else {
            return .no(zh: "摄像头没有失效。", en: "The camera is neither lost nor faulty.")
        }
        guard facts.seconds >= all.alertSeconds else { return .tooShort }
        return .hit(
            facts.statement,
            against: SafetyStatement(
                zh: "可能是线缆松动，或登记的通道号有误。", en: "A cable may be loose, or the channel wrong in the register."))
    }
}

extension CameraAnswer {
    static var unknownCamera: CameraAnswer {
        .insufficient(zh: "摄像头状态未知。", en: "What state the camera is in is not known.")
    }

    static var tooShort: CameraAnswer { .no(zh: "持续时间不足。", en: "It has not lasted for long enough.") }
}

extension SafetyStatement {
    /// By what a spell of moving with a camera that is not ok is told.
    static func spell(_ all: SafetyParameters.Cameras) -> SafetyStatement {
        let (seconds, hysteresis) = (ClockText.number(all.alertSeconds), ClockText.number(all.hysteresis))
        return .criterion(
            zh: "行驶中至少 \(seconds) 秒，新状态持续 \(hysteresis) 秒才算",
            en: "at least \(seconds) s of driving; a new state counts after \(hysteresis) s")
    }
}
