package import Deliveries

/// What one rule of `rules.md` says of one delivery. A hit is a lead for a person to check, never a verdict on guilt.
package struct Judgement: Hashable, Sendable, Codable {
    /// What the rule found.
    package enum Outcome: String, Sendable, Codable {
        case hit
        case no
        /// A fact that the rule needs is missing. Never shown as `no`.
        case insufficient
    }

    /// The code of `rules.md`, for example `unlicensed-origin`.
    package var rule: String
    package var outcome: Outcome
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    package var severity: Int
    package var facts: [Statement]
    package var counterfacts: [Statement]
    /// Name and value of every parameter that was used.
    package var parameters: [String: Double]
    package var registerRevision: Int64

    package init(
        rule: String, outcome: Outcome, severity: Int, facts: [Statement], counterfacts: [Statement] = [],
        parameters: [String: Double] = [:], registerRevision: Int64
    ) {
        self.rule = rule
        self.outcome = outcome
        self.severity = severity
        self.facts = facts
        self.counterfacts = counterfacts
        self.parameters = parameters
        self.registerRevision = registerRevision
    }
}

/// One sentence in both languages.
package struct Statement: Hashable, Sendable, Codable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// The verdict on a delivery (`rules.md`, black-supply verdict).
package enum Verdict: String, Sendable, Codable, CaseIterable {
    case clear, suspicious
    case insufficientData = "insufficient_data"
}

/// A delivery with what every rule said of it.
package struct JudgedDelivery: Hashable, Sendable, Codable {
    package var delivery: Delivery
    package var judgements: [Judgement]
    package var verdict: Verdict
    /// Points of the hits, added up by group: the strongest of a group counts whole, further ones 30 %.
    package var score: Double

    package init(delivery: Delivery, judgements: [Judgement], verdict: Verdict, score: Double) {
        self.delivery = delivery
        self.judgements = judgements
        self.verdict = verdict
        self.score = score
    }

    /// Codes of the rules that hit, in the order of `rules.md`.
    package var suspicions: [String] { self.judgements.filter { $0.outcome == .hit }.map(\.rule) }
}
