import Chronology
import Telemetry
import Testing

@testable import Safety

/// The rules about cameras and right turns: one table a rule.
@Suite struct CameraRuleTests {
    /// Facts, and what the rule then says.
    struct Row<Facts: Sendable>: Sendable, CustomStringConvertible {
        var description: String
        var outcome: CameraAnswer.Outcome
        var facts: Facts

        init(_ description: String, _ outcome: CameraAnswer.Outcome, _ facts: Facts) {
            (self.description, self.outcome, self.facts) = (description, outcome, facts)
        }

        /// Asks the rule, and looks at its words: both languages, and of a hit what an alert says of it.
        func check<Rule: CameraRule>(_ rule: Rule) where Rule.Facts == Facts {
            let all = SafetyParameters.Cameras()
            let answer = rule.judge(self.facts, all)
            #expect(answer.outcome == self.outcome, "\(answer.facts)")
            for statement in answer.facts + answer.counterfacts {
                #expect(statement.zh.unicodeScalars.contains { $0.value >= 0x4E00 })
                #expect(statement.en.unicodeScalars.contains { $0.value < 0x4E00 })
            }
            #expect(answer.facts.count == 1 && answer.counterfacts.isEmpty == (self.outcome != .hit))
            guard self.outcome == .hit else { return }
            let alert = CameraAlert(
                rule, answer, terminal: CameraRuleTests.truck, since: Scene.start, openedAt: Scene.at(8),
                coordinate: nil, all)
            #expect(alert.facts.count == 5 && !alert.parameters.isEmpty)
            #expect(alert.facts[1] == answer.counterfacts[0])
            #expect(alert.facts[2].zh.hasPrefix("判据：") && alert.facts[2].en.hasPrefix("Told by: "))
            #expect(alert.facts[3].zh.hasPrefix("依据：") && alert.facts[3].en.hasPrefix("Judged by "))
            #expect(alert.facts[4].en.contains("not a finding of guilt"))
        }
    }

    static let truck = TerminalID("T1")!

    // MARK: - camera-lost-moving, camera-occluded-moving

    private static func spell(_ condition: CameraCondition, for seconds: Double = 120) -> CameraSpellFacts {
        CameraSpellFacts(terminal: Self.truck, condition: condition, since: Scene.start, seconds: seconds)
    }

    static let lostRows = [
        Row("lost for two minutes of driving", .hit, Self.spell(.lost)),
        Row("faulty", .hit, Self.spell(.fault)),
        Row("for under two minutes", .no, Self.spell(.lost, for: 119)),
        Row("ok", .no, Self.spell(.ok, for: 9000)),
        Row("occluded is another rule's", .no, Self.spell(.occluded)),
        Row("nobody has heard of it", .insufficient, Self.spell(.unknown, for: 9000)),
    ]

    @Test(arguments: Self.lostRows)
    func cameraLostMoving(row: Row<CameraSpellFacts>) { row.check(CameraLostMoving()) }

    static let occludedRows = [
        Row("occluded for two minutes of driving", .hit, Self.spell(.occluded)),
        Row("for under two minutes", .no, Self.spell(.occluded, for: 119)),
        Row("ok", .no, Self.spell(.ok, for: 9000)),
        Row("lost is another rule's", .no, Self.spell(.lost)),
        Row("nobody has heard of it", .insufficient, Self.spell(.unknown, for: 9000)),
    ]

    @Test(arguments: Self.occludedRows)
    func cameraOccludedMoving(row: Row<CameraSpellFacts>) { row.check(CameraOccludedMoving()) }

    // MARK: - blind-right-turn, fast-right-turn

    private static func turn(_ condition: CameraCondition, speed: Double? = 15) -> TurnFacts {
        TurnFacts(terminal: Self.truck, turn: Scene.turn(0, speed: speed), condition: condition)
    }

    private static func straight(seesTurns: Bool) -> TurnFacts {
        TurnFacts(terminal: Self.truck, turn: nil, seesTurns: seesTurns, condition: .lost)
    }

    static let blindRows = [
        Row("with a camera that is lost", .hit, Self.turn(.lost)),
        Row("faulty", .hit, Self.turn(.fault)),
        Row("occluded", .hit, Self.turn(.occluded)),
        Row("with one that is not known to be ok", .hit, Self.turn(.unknown)),
        Row("with one that is ok", .no, Self.turn(.ok)),
        Row("straight on", .no, Self.straight(seesTurns: true)),
        Row("reports too far apart to see a turn", .insufficient, Self.straight(seesTurns: false)),
    ]

    @Test(arguments: Self.blindRows)
    func blindRightTurn(row: Row<TurnFacts>) { row.check(BlindRightTurn()) }

    static let fastRows = [
        Row("above the limit", .hit, Self.turn(.ok, speed: 30.1)),
        Row("at the limit", .no, Self.turn(.ok, speed: 30)),
        Row("straight on", .no, Self.straight(seesTurns: true)),
        Row("its speed is not known", .insufficient, Self.turn(.ok, speed: nil)),
        Row("a speed that is none", .insufficient, Self.turn(.ok, speed: 6553.5)),
        Row("reports too far apart to see a turn", .insufficient, Self.straight(seesTurns: false)),
    ]

    @Test(arguments: Self.fastRows)
    func fastRightTurn(row: Row<TurnFacts>) { row.check(FastRightTurn()) }

    // MARK: - camera-silent

    private static func silence(_ hours: Double?, _ condition: CameraCondition = .unknown) -> CameraSilenceFacts {
        CameraSilenceFacts(
            terminal: Self.truck, condition: condition, since: Scene.start, seconds: hours.map { $0 * 3600 })
    }

    static let silentRows = [
        Row("a day of driving without a word", .hit, Self.silence(24)),
        Row("less", .no, Self.silence(23.9)),
        Row("its state is known", .no, Self.silence(30, .lost)),
        Row("whether it drove is not known", .insufficient, Self.silence(nil)),
    ]

    @Test(arguments: Self.silentRows)
    func cameraSilent(row: Row<CameraSilenceFacts>) { row.check(CameraSilent()) }

    // MARK: - The catalogue

    @Test func everyRuleIsAsGraveAsTheCatalogueSays() {
        let severities = Dictionary(uniqueKeysWithValues: CameraAlert.Rule.allCases.map { ($0.rawValue, $0.severity) })
        #expect(
            severities == [
                "camera-lost-moving": 3, "camera-occluded-moving": 2, "blind-right-turn": 4, "fast-right-turn": 3,
                "camera-silent": 2,
            ])
        for rule in CameraAlert.Rule.allCases { #expect(rule.definition.rule == rule) }
    }

    /// A city that changes a parameter reads the changed value.
    @Test func theCriterionNamesTheValues() {
        var all = SafetyParameters.Cameras()
        all.turnSpeed = 20
        all.alertSeconds = 90
        all.silentDriving = 1.5 * 3600
        #expect(FastRightTurn().criterion(all).zh == "判据：右转中高于 20 公里/小时。")
        #expect(CameraLostMoving().criterion(all).en.contains("at least 90 s of driving"))
        #expect(CameraSilent().criterion(all).en.contains("1.5 h of driving"))
    }
}
