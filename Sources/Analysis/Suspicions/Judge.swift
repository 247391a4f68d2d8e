import Registers
package import Deliveries
import Tracks

/// Asks every rule what it says of a delivery, and draws the verdict and the score from the answers.
///
/// A pure function of the delivery and of a world: the same two give the same words.
package struct Judge: Sendable {
    private let world: World

    package init(world: World) {
        self.world = world
    }

    /// The rules, in the order of the catalogue.
    static let rules: [any DeliveryRule] = [
        UnlicensedOrigin(), LicenceInvalid(), UnregisteredDestination(), SupplierNotApproved(),
    ]

    package func judge(_ delivery: Delivery) -> JudgedDelivery {
        let answers = Self.rules.map { rule in (rule, rule.judge(delivery, in: self.world)) }
        let judgements = answers.map { rule, answer in
            Judgement(
                rule: rule.code, outcome: answer.outcome, severity: rule.severity, facts: answer.facts,
                counterfacts: answer.outcome == .hit ? answer.counterfacts + [.leadOnly] : answer.counterfacts,
                parameters: answer.parameters, registerRevision: self.world.registers.revision)
        }
        return JudgedDelivery(
            delivery: delivery, judgements: judgements, verdict: self.verdict(of: delivery, answers),
            score: self.score(answers))
    }

    /// Suspicious where a deciding rule hits; else unknown where one of those that have to be judged could not be, or
    /// too little of the haul was seen; else clear.
    private func verdict(of delivery: Delivery, _ answers: [(any DeliveryRule, RuleAnswer)]) -> Verdict {
        let deciding = answers.filter { $0.0.role != .besideVerdict }
        if deciding.contains(where: { $0.1.outcome == .hit }) { return .suspicious }
        let isUnjudged = deciding.contains { $0.0.role == .required && $0.1.outcome == .insufficient }
        let isUnseen = delivery.coverage < self.world.parameters.rules.minimumCoverage
        return isUnjudged || isUnseen ? .insufficientData : .clear
    }

    /// Points of the hits: the strongest of each group whole, further ones in part.
    private func score(_ answers: [(any DeliveryRule, RuleAnswer)]) -> Double {
        let rules = self.world.parameters.rules
        var total = 0.0
        for group in RuleGroup.allCases {
            let points =
                answers
                .filter { $0.0.group == group && $0.1.outcome == .hit }
                .map { answer in
                    let index = answer.0.severity - 1
                    return rules.points.indices.contains(index) ? rules.points[index] : 0
                }
                .sorted(by: >)
            guard let strongest = points.first else { continue }
            total += strongest + rules.furtherShare * points.dropFirst().reduce(0, +)
        }
        return min(100, total)
    }
}
