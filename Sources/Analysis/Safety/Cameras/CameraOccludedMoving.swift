/// 行驶中右摄像头遮挡: the truck drives while its right blind-spot camera is covered.
struct CameraOccludedMoving: CameraRule {
    let rule = CameraAlert.Rule.cameraOccludedMoving
    let severity = 2

    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double] {
        ["alertSeconds": all.alertSeconds, "hysteresis": all.hysteresis, "movingSpeed": all.movingSpeed]
    }

    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement { .spell(all) }

    func judge(_ facts: CameraSpellFacts, _ all: SafetyParameters.Cameras) -> CameraAnswer {
        guard facts.condition != .unknown else { return .unknownCamera }
        guard facts.condition == .occluded else { return .no(zh: "摄像头没有被遮挡。", en: "The camera is not occluded.") }
        guard facts.seconds >= all.alertSeconds else { return .tooShort }
        return .hit(
            facts.statement,
            against: SafetyStatement(
                zh: "可能是泥污、雨雾，清洗即可。", en: "It may be mud, rain or fog, and need no more than cleaning."))
    }
}
