package import Chronology
package import Suspicions

/// What an officer decides about a suspicious delivery.
package struct DeliveryDecision: Hashable, Sendable {
    /// The kinds of decision.
    package enum Kind: String, Sendable, CaseIterable {
        /// Somebody goes and looks.
        case dispatch
        /// It was looked at, and the suspicion holds.
        case confirm
        /// It is nothing.
        case dismiss
        /// It is part of a case.
        case `case`
        /// An earlier decision is taken back.
        case reopen

        /// What may follow upon `self`; upon nothing (`nil`) see `first`.
        package var followers: [Kind] {
            switch self {
            case .dispatch: [.confirm, .dismiss, .case, .reopen]
            case .confirm: [.case, .reopen]
            case .dismiss: [.reopen]
            case .case: [.reopen]
            case .reopen: Self.first
            }
        }

        package static let first: [Kind] = [.dispatch, .confirm, .dismiss, .case]
    }

    /// Why a suspicion is dismissed.
    package enum Reason: String, Sendable, CaseIterable {
        /// The register was behind: plant or site is in order.
        case registerBehind = "register_behind"
        case positionFault = "position_fault"
        /// A queue, a jam, a breakdown, a meal.
        case innocentStop = "innocent_stop"
        case exempt
        case ticketLate = "ticket_late"
        case checkedOnSite = "checked_on_site"
        case other
    }

    package var kind: Kind
    package var reason: Reason?
    package var note: String
    package var caseID: String?

    package init(_ kind: Kind, reason: Reason? = nil, note: String = "", caseID: String? = nil) {
        self.kind = kind
        self.reason = reason
        self.note = note
        self.caseID = caseID
    }

    /// What is missing or too much; `nil` when it is whole.
    package var complaint: (zh: String, en: String)? {
        if (self.kind == .dismiss) != (self.reason != nil) {
            return ("排除须写明 reason，其他决定不写", "dismiss gives a reason, nothing else does")
        }
        if self.kind != .case, self.caseID != nil { return ("只有并案写 case_id", "only case names a case_id") }
        let needsNote = self.kind == .confirm || self.kind == .reopen || self.reason == .other
        if needsNote, self.note.allSatisfy(\.isWhitespace) { return ("须写明 note", "this needs a note") }
        return nil
    }

    /// Refuses what does not follow upon the decision that stands.
    package func requireFollows(_ standing: Kind?) throws(CaseworkRefusal) {
        let possible = standing?.followers ?? Kind.first
        guard !possible.contains(self.kind) else { return }
        let names = possible.map(\.rawValue).joined(separator: ", ")
        throw CaseworkRefusal(
            zh: "已有决定 \(standing?.rawValue ?? "无")，现在可以：\(names)",
            en: "the decision that stands is \(standing?.rawValue ?? "none"); what may follow: \(names)")
    }

    /// A decision as it was noted, with what the officer saw.
    package struct Record: Hashable, Sendable {
        package var at: Instant
        package var by: String
        package var role: String
        package var decision: DeliveryDecision
        package var rules: [String]
        package var score: Double

        package init(
            at: Instant, by: String, role: String, decision: DeliveryDecision, rules: [String], score: Double
        ) {
            self.at = at
            self.by = by
            self.role = role
            self.decision = decision
            self.rules = rules
            self.score = score
        }
    }
}

/// A delivery in the queue, with the decision that stands: a suspicious one, or one that was decided about and is
/// suspicious no more, or derived no more.
package struct QueuedDelivery: Hashable, Sendable {
    /// Why it is in the queue.
    package enum State: String, Sendable, CaseIterable {
        case suspicious
        /// Judged otherwise since it was decided about.
        case noLongerSuspicious = "no_longer_suspicious"
        /// Derived no more since it was decided about.
        case superseded
    }

    package var judged: JudgedDelivery
    package var decision: DeliveryDecision.Record?
    package var state: State
    /// Of one that is derived no more: since when.
    package var supersededAt: Instant?

    package init(
        judged: JudgedDelivery, decision: DeliveryDecision.Record?, state: State = .suspicious,
        supersededAt: Instant? = nil
    ) {
        self.judged = judged
        self.decision = decision
        self.state = state
        self.supersededAt = supersededAt
    }

    /// Its place in the queue: the score or, of one that was suspicious, the score that was decided upon.
    package var rank: Double {
        self.state == .suspicious ? self.judged.score : self.decision?.score ?? self.judged.score
    }
}
