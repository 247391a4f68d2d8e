import Registers
package import Deliveries
import Tracks

/// Asks every rule what it says of a delivery, and draws the verdict and the score from the answers.
///
/// A pure function of the delivery, of what the context says of it, and of a world: the same three give the same words.
package struct Judge: Sendable {
    private let world: World

    package init(world: World) {
        self.world = world
    }

    /// The rules, in the order of the catalogue.
    static let rules: [any DeliveryRule] = [
        UnlicensedOrigin(), LicenceInvalid(), LicenceScope(), OverCapacity(), NameLending(), CementToUnregistered(),
        UnregisteredDestination(), Diversion(), PartialDiversion(), SupplierNotApproved(), OnSiteMixing(),
        TicketMissing(), TicketTruckMismatch(), TicketTimeMismatch(), TicketVolumeMismatch(), Overload(),
        DuplicateTicket(), OverAge(), MidRouteStop(), NightPour(), GapInHaul(), DarkStay(), OffCorridor(),
    ]

    /// Without a context only the delivery itself is known, as of the time at which it was settled. The delivery that
    /// is given back names its notes.
    package func judge(_ delivery: Delivery, _ context: DeliveryContext? = nil) -> JudgedDelivery {
        let context = context ?? DeliveryContext(asOf: delivery.settledAt)
        let origin = OriginOfNote(delivery, context, in: self.world)
        let answers: [(any DeliveryRule, RuleAnswer)] = Self.rules.map { ($0, origin.answer(of: $0)) }
        let judgements = answers.map { rule, answer in
            Judgement(
                code: rule.code, severity: rule.severity, answer, isProvisional: !delivery.isFinal, in: self.world)
        }
        var noted = delivery
        noted.ticketID = context.ticket.match?.ticket.ticketID
        let others = context.ticket.match?.otherNumbers ?? []
        noted.otherTicketIDs = others.isEmpty ? nil : others
        return JudgedDelivery(
            delivery: noted, judgements: judgements, verdict: self.verdict(of: delivery, answers),
            score: self.score(answers))
    }

    /// Suspicious where a deciding rule hits; else unknown where one of those that have to be judged could not be, or
    /// too little of the haul was seen; else clear.
    private func verdict(of delivery: Delivery, _ answers: [(any DeliveryRule, RuleAnswer)]) -> Verdict {
        let isSuspicious = answers.contains { rule, answer in
            answer.outcome == .hit && (rule.role != .besideVerdict || answer.decides)
        }
        if isSuspicious { return .suspicious }
        let isUnjudged = answers.contains { $0.0.role == .required && $0.1.outcome == .insufficient }
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
                .map { rule, answer in
                    let index = (answer.severity ?? rule.severity) - 1
                    return rules.points.indices.contains(index) ? rules.points[index] : 0
                }
                .sorted(by: >)
            guard let strongest = points.first else { continue }
            total += strongest + rules.furtherShare * points.dropFirst().reduce(0, +)
        }
        return min(100, total)
    }
}

extension Judgement {
    /// The answer of a rule under its name; a hit ends with what it is: a lead, and of what is not final a provisional
    /// one.
    init(code: String, severity: Int, _ answer: RuleAnswer, isProvisional: Bool = false, in world: World) {
        let ending: [Statement] = isProvisional ? [.provisional, .leadOnly] : [.leadOnly]
        self.init(
            rule: code, outcome: answer.outcome, severity: answer.severity ?? severity, facts: answer.facts,
            counterfacts: answer.outcome == .hit ? answer.counterfacts + ending : answer.counterfacts,
            parameters: answer.parameters, registerRevision: world.registers.revision)
    }
}
