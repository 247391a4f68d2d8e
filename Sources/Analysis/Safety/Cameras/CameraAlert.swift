package import Chronology
package import Geodesy
package import Telemetry

/// Something about a camera that a person should see: opened by one fact, closed by a later one. A lead, not a verdict.
package struct CameraAlert: Hashable, Sendable, Codable {
    /// The rules of the catalogue that cameras and right turns answer.
    package enum Rule: String, Sendable, Codable, CaseIterable {
        case cameraLostMoving = "camera-lost-moving"
        case cameraOccludedMoving = "camera-occluded-moving"
        case blindRightTurn = "blind-right-turn"
        case fastRightTurn = "fast-right-turn"
        case cameraSilent = "camera-silent"

        /// 1 notice, 2 attention, 3 inspect, 4 urgent.
        package var severity: Int {
            switch self {
            case .blindRightTurn: 4
            case .cameraLostMoving, .fastRightTurn: 3
            case .cameraOccludedMoving, .cameraSilent: 2
            }
        }
    }

    /// `A-<rule>-<terminal>-<begin>`: the same reports give the same id.
    package var alertID: String
    package var rule: Rule
    package var terminal: TerminalID
    /// Since when it has been so, which is before it lasted long enough to be told.
    package var since: Instant
    package var openedAt: Instant
    /// A turn that was too fast is over when it is told: its alert opens and closes at once.
    package var closedAt: Instant?
    package var coordinate: Coordinate?
    package var facts: [SafetyStatement]
    /// Name and value of every parameter that was used.
    package var parameters: [String: Double]

    init(
        rule: Rule, terminal: TerminalID, since: Instant, openedAt: Instant, coordinate: Coordinate?,
        fact: SafetyStatement, parameters: [String: Double]
    ) {
        self.alertID = "A-\(rule.rawValue)-\(terminal.text)-" + since.description.filter { $0 != "-" && $0 != ":" }
        self.rule = rule
        self.terminal = terminal
        self.since = since
        self.openedAt = openedAt
        self.coordinate = coordinate
        self.facts = [fact, rule.counterfact, rule.criterion(parameters), Self.leadOnly]
        self.parameters = parameters
    }

    private static let leadOnly = SafetyStatement(
        zh: "本条仅为核查线索，须由人员现场核实，不作为处罚依据。",
        en: "This is a lead for a person to check, not a finding of guilt.")

    /// What happened to an alert.
    package enum Change: Hashable, Sendable {
        case opened(CameraAlert)
        case closed(CameraAlert)
    }
}

extension CameraAlert.Rule {
    /// What else may explain it.
    fileprivate var counterfact: SafetyStatement {
        switch self {
        case .cameraLostMoving:
            SafetyStatement(
                zh: "可能是线缆松动，或登记的通道号有误。", en: "A cable may be loose, or the channel wrong in the register.")
        case .cameraOccludedMoving:
            SafetyStatement(zh: "可能是泥污、雨雾，清洗即可。", en: "It may be mud, rain or fog, and need no more than cleaning.")
        case .blindRightTurn:
            SafetyStatement(
                zh: "摄像头当时可能正常，只是状态没有及时上报。", en: "The camera may have worked and its word not have come in time.")
        case .fastRightTurn: SafetyStatement(zh: "也可能是右转专用匝道。", en: "It may be a slip lane.")
        case .cameraSilent:
            SafetyStatement(zh: "也可能是设备不上报该项。", en: "The device may not report it at all.")
        }
    }

    /// By what the rule is told, with the values of the parameters that were used: part of every alert.
    fileprivate func criterion(_ parameters: [String: Double]) -> SafetyStatement {
        func value(_ name: String) -> Int { Int((parameters[name] ?? 0).rounded()) }
        let (zh, en): (String, String) =
            switch self {
            case .cameraLostMoving, .cameraOccludedMoving:
                (
                    "行驶中至少 \(value("alertSeconds")) 秒，新状态持续 \(value("hysteresis")) 秒才算",
                    "at least \(value("alertSeconds")) s of driving; a new state counts after \(value("hysteresis")) s"
                )
            case .blindRightTurn:
                (
                    "右转前 \(value("turnBefore")) 秒至后 \(value("turnAfter")) 秒内摄像头不是一直正常",
                    "a camera not known to be ok from \(value("turnBefore")) s before the turn to \(value("turnAfter")) s after it"
                )
            case .fastRightTurn:
                ("右转中高于 \(value("turnSpeed")) 公里/小时", "more than \(value("turnSpeed")) km/h in the turn")
            case .cameraSilent:
                (
                    "行驶 \(value("silentDriving") / 3600) 小时没有任何状态（一次状态有效 \(value("silenceLimit")) 秒）",
                    "\(value("silentDriving") / 3600) h of driving without a word of it (a word holds for \(value("silenceLimit")) s)"
                )
            }
        return SafetyStatement(zh: "判据：\(zh)。", en: "Told by: \(en).")
    }
}
