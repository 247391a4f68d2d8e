import Deliveries
import Tracks

/// One rule of the catalogue about a terminal's stream of reports: a pure function of facts that were gathered from the
/// stream, and from others where it needs them, of the registers and the parameters.
protocol StreamRule: Sendable {
    associatedtype Facts
    /// The code that is printed.
    var rule: VehicleAlert.Rule { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }

    /// Name and value of every parameter that is used.
    func parameters(_ all: AnalysisParameters) -> [String: Double]
    /// By what it is told, with those values in words.
    func criterion(_ all: AnalysisParameters) -> Statement
    func judge(_ facts: Facts, in world: World) -> StreamAnswer
}

extension StreamRule {
    /// What it says under its name, as the rules about deliveries say it.
    func judgement(_ facts: Facts, in world: World) -> Judgement {
        let answer = self.judge(facts, in: world)
        let basis = answer.outcome == .hit ? self.basis(in: world) : []
        return Judgement(
            code: self.rule.rawValue, severity: self.severity,
            RuleAnswer(
                answer.outcome, facts: answer.facts + basis, counterfacts: answer.counterfacts,
                parameters: self.parameters(world.parameters)), in: world)
    }

    /// By what a hit is told, and by which registers.
    func basis(in world: World) -> [Statement] { [self.criterion(world.parameters), .registers(world)] }
}

extension Statement {
    /// By what a rule is told.
    static func criterion(zh: String, en: String) -> Statement {
        Statement(zh: "判据：\(zh)。", en: "Told by: \(en).")
    }
}

/// What a rule says of a stream. Its sentences are made when they are asked for: at most reports nobody asks, and a
/// condition that lasts is told once.
struct StreamAnswer {
    let outcome: Judgement.Outcome
    private let fact: () -> Statement
    private let counterfact: (() -> Statement)?

    /// What speaks for it; of an answer that is no hit, why.
    var facts: [Statement] { [self.fact()] }
    /// What speaks against a hit.
    var counterfacts: [Statement] { self.counterfact.map { [$0()] } ?? [] }

    static func no(zh: @autoclosure @escaping () -> String, en: @autoclosure @escaping () -> String) -> StreamAnswer {
        StreamAnswer(outcome: .no, fact: { Statement(zh: zh(), en: en()) }, counterfact: nil)
    }

    static func insufficient(
        zh: @autoclosure @escaping () -> String, en: @autoclosure @escaping () -> String
    ) -> StreamAnswer {
        StreamAnswer(outcome: .insufficient, fact: { Statement(zh: zh(), en: en()) }, counterfact: nil)
    }

    static func hit(
        _ fact: @autoclosure @escaping () -> Statement, against counterfact: @autoclosure @escaping () -> Statement
    ) -> StreamAnswer {
        StreamAnswer(outcome: .hit, fact: fact, counterfact: counterfact)
    }
}
