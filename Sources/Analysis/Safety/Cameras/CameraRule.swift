/// One rule of the catalogue about a camera or a right turn: a pure function of facts that were gathered from the
/// terminal's reports, and of the parameters.
protocol CameraRule: Sendable {
    associatedtype Facts
    /// The code that is printed.
    var rule: CameraAlert.Rule { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }

    /// Name and value of every parameter that is used.
    func parameters(_ all: SafetyParameters.Cameras) -> [String: Double]
    /// By what it is told, with those values in words.
    func criterion(_ all: SafetyParameters.Cameras) -> SafetyStatement
    func judge(_ facts: Facts, _ all: SafetyParameters.Cameras) -> CameraAnswer
}

extension CameraRule {
    /// By what a hit is told, and on what it rests.
    func basis(_ all: SafetyParameters.Cameras) -> [SafetyStatement] { [self.criterion(all), .ownReports] }
}

extension SafetyStatement {
    /// By what a rule is told.
    static func criterion(zh: String, en: String) -> SafetyStatement {
        SafetyStatement(zh: "判据：\(zh)。", en: "Told by: \(en).")
    }

    /// No register is asked by these rules but for the camera's channel, which decoding has done.
    fileprivate static let ownReports = SafetyStatement(
        zh: "依据：该终端自己的上报；右侧摄像头以上报的名称或登记的通道为准。",
        en:
            "Judged by the terminal's own reports; the right camera is the one that they, or its registered channel, name."
    )
}

/// What a rule says of a camera or a turn. Its sentences are made when they are asked for: a condition that lasts is
/// told once.
struct CameraAnswer {
    /// What the rule found.
    enum Outcome: Hashable, Sendable {
        case hit, no
        /// A fact that the rule needs is missing. Never shown as `no`.
        case insufficient
    }

    let outcome: Outcome
    private let fact: () -> SafetyStatement
    private let counterfact: (() -> SafetyStatement)?

    /// What speaks for it; of an answer that is no hit, why.
    var facts: [SafetyStatement] { [self.fact()] }
    /// What speaks against a hit.
    var counterfacts: [SafetyStatement] { self.counterfact.map { [$0()] } ?? [] }

    static func no(zh: String, en: String) -> CameraAnswer {
        CameraAnswer(outcome: .no, fact: { SafetyStatement(zh: zh, en: en) }, counterfact: nil)
    }

    static func insufficient(zh: String, en: String) -> CameraAnswer {
        CameraAnswer(outcome: .insufficient, fact: { SafetyStatement(zh: zh, en: en) }, counterfact: nil)
    }

    static func hit(
        _ fact: @autoclosure @escaping () -> SafetyStatement,
        against counterfact: @autoclosure @escaping () -> SafetyStatement
    ) -> CameraAnswer {
        CameraAnswer(outcome: .hit, fact: fact, counterfact: counterfact)
    }
}
