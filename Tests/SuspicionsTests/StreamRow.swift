import Deliveries
import Testing

@testable import Suspicions

/// One row of a table about a rule of the stream: facts, and what the rule then says.
struct StreamRow<Facts: Sendable>: Sendable, CustomStringConvertible {
    var description: String
    var outcome: Judgement.Outcome
    var facts: Facts

    init(_ description: String, _ outcome: Judgement.Outcome, _ facts: Facts) {
        (self.description, self.outcome, self.facts) = (description, outcome, facts)
    }

    /// Asks the rule, and looks at its words as the rules about deliveries are looked at: both languages, and of a hit
    /// what speaks against it, by what it is told, by which registers, and that it is a lead.
    func check<Rule: StreamRule>(_ rule: Rule, in world: World = Case().world) where Rule.Facts == Facts {
        let judgement = rule.judgement(self.facts, in: world)
        #expect(judgement.outcome == self.outcome, "\(judgement.facts)")
        #expect(judgement.rule == rule.rule.rawValue && judgement.severity == rule.rule.severity)
        #expect(judgement.registerRevision == 7)
        #expect(!judgement.facts.isEmpty)
        let statements = judgement.facts + judgement.counterfacts
        for statement in statements {
            #expect(statement.zh.unicodeScalars.contains { $0.value >= 0x4E00 })
            #expect(statement.en.unicodeScalars.contains { $0.value < 0x4E00 })
        }
        guard self.outcome == .hit else {
            #expect(judgement.facts.count == 1 && judgement.counterfacts.isEmpty)
            return
        }
        #expect(judgement.facts.contains { $0.zh.hasPrefix("判据：") && $0.en.hasPrefix("Told by: ") })
        #expect(judgement.facts.contains { $0.zh.contains("登记库第 7 版") && $0.en.contains("register revision 7 ") })
        #expect(judgement.counterfacts.count == 2)
        #expect(statements.last?.en.contains("not a finding of guilt") == true)
    }
}
