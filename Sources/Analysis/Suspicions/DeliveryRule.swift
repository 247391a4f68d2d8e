import Deliveries

/// One rule of the catalogue: a pure function of a delivery, the registers and the parameters.
protocol DeliveryRule: Sendable {
    /// The code that is printed.
    var code: String { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }
    var group: RuleGroup { get }
    var role: RuleRole { get }

    func judge(_ delivery: Delivery, in world: World) -> RuleAnswer
}

/// What the hits of one group tell is much the same, so that they do not add up in full.
enum RuleGroup: CaseIterable {
    case origin
    case destination
}

/// What a rule means for the verdict.
enum RuleRole {
    /// Its hit makes the delivery suspicious, and without its answer nothing is called clear.
    case required
    /// Shown beside the verdict.
    case besideVerdict
}

/// What a rule says, before its name is put to it.
struct RuleAnswer: Hashable, Sendable {
    var outcome: Judgement.Outcome
    var facts: [Statement]
    var counterfacts: [Statement] = []
    var parameters: [String: Double] = [:]

    init(
        _ outcome: Judgement.Outcome, facts: [Statement], counterfacts: [Statement] = [],
        parameters: [String: Double] = [:]
    ) {
        self.outcome = outcome
        self.facts = facts
        self.counterfacts = counterfacts
        self.parameters = parameters
    }
}
