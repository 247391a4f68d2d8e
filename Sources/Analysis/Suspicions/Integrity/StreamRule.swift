import Deliveries

/// One rule of the catalogue about a terminal's stream of reports: a pure function of facts that were gathered from the
/// stream, and from others where it needs them.
protocol StreamRule {
    associatedtype Facts
    /// The code that is printed, and how grave a hit is.
    var rule: VehicleAlert.Rule { get }

    func judge(_ facts: Facts, in world: World) -> RuleAnswer
}

extension StreamRule {
    /// The same under the rule's name.
    func judgement(_ facts: Facts, in world: World) -> Judgement {
        Judgement(
            code: self.rule.rawValue, severity: self.rule.severity, self.judge(facts, in: world), in: world)
    }
}
