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
        package var severity: Int { self.definition.severity }
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

    /// Of a rule that hits.
    init(
        _ rule: some CameraRule, _ answer: CameraAnswer, terminal: TerminalID, since: Instant, openedAt: Instant,
        coordinate: Coordinate?, _ all: SafetyParameters.Cameras
    ) {
        let code = rule.rule
        self.alertID = "A-\(code.rawValue)-\(terminal.text)-" + since.description.filter { $0 != "-" && $0 != ":" }
        self.rule = code
        self.terminal = terminal
        self.since = since
        self.openedAt = openedAt
        self.coordinate = coordinate
        self.facts = answer.facts + answer.counterfacts + rule.basis(all) + [Self.leadOnly]
        self.parameters = rule.parameters(all)
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
    /// What stands behind the code: one file each.
    var definition: any CameraRule {
        switch self {
        case .cameraLostMoving: CameraLostMoving()
        case .cameraOccludedMoving: CameraOccludedMoving()
        case .blindRightTurn: BlindRightTurn()
        case .fastRightTurn: FastRightTurn()
        case .cameraSilent: CameraSilent()
        }
    }
}
