import Deliveries

/// One rule of the catalogue: a pure function of a delivery, what other stored facts say of it, the registers and the
/// parameters.
protocol DeliveryRule: Sendable {
    /// The code that is printed.
    var code: String { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }
    var group: RuleGroup { get }
    var role: RuleRole { get }

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer
}

/// One rule of the catalogue about a delivery note rather than a delivery: the note may belong to no trip at all.
protocol TicketRule: Sendable {
    /// The code that is printed.
    var code: String { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }

    func judge(_ note: TicketContext, in world: World) -> RuleAnswer
}

/// What the hits of one group tell is much the same, so that they do not add up in full.
enum RuleGroup: CaseIterable {
    case origin, destination, ticket, quality, device, driving
}

/// What a rule means for the verdict.
enum RuleRole {
    /// Its hit makes the delivery suspicious, and without its answer nothing is called clear.
    case required
    /// Its hit makes the delivery suspicious; where it cannot be judged, that alone leaves nothing open.
    case deciding
    /// Shown beside the verdict.
    case besideVerdict
}

/// What a rule says, before its name is put to it.
struct RuleAnswer: Hashable, Sendable {
    var outcome: Judgement.Outcome
    var facts: [Statement]
    var counterfacts: [Statement] = []
    var parameters: [String: Double] = [:]
    /// Where a fact makes a hit graver than the rule is by itself.
    var severity: Int?
    /// Where a fact makes the hit of a rule that stands beside the verdict decide it.
    var decides = false

    init(
        _ outcome: Judgement.Outcome, facts: [Statement], counterfacts: [Statement] = [],
        parameters: [String: Double] = [:], severity: Int? = nil, decides: Bool = false
    ) {
        self.outcome = outcome
        self.facts = facts
        self.counterfacts = counterfacts
        self.parameters = parameters
        self.severity = severity
        self.decides = decides
    }

    static func no(_ parameters: [String: Double] = [:], zh: String, en: String) -> RuleAnswer {
        RuleAnswer(.no, facts: [Statement(zh: zh, en: en)], parameters: parameters)
    }

    static func insufficient(_ parameters: [String: Double] = [:], zh: String, en: String) -> RuleAnswer {
        RuleAnswer(.insufficient, facts: [Statement(zh: zh, en: en)], parameters: parameters)
    }

    static func hit(
        _ parameters: [String: Double] = [:], facts: [Statement], counterfacts: [Statement], in world: World
    ) -> RuleAnswer {
        RuleAnswer(.hit, facts: facts + [.registers(world)], counterfacts: counterfacts, parameters: parameters)
    }
}
