package import Chronology

/// One thing that happened to a case: who, when, what.
package struct CaseEntry: Hashable, Sendable {
    package var entryID: Int64
    package var at: Instant
    package var by: String
    package var role: String
    package var content: Content

    package init(entryID: Int64, at: Instant, by: String, role: String, content: Content) {
        self.entryID = entryID
        self.at = at
        self.by = by
        self.role = role
        self.content = content
    }

    /// What it says.
    package enum Content: Hashable, Sendable, Codable {
        case item(CaseItem)
        case itemRemoved(CaseItem, note: String)
        case note(String)
        /// A term, when it ends, and what it is for where the term does not say.
        case deadline(CaseTerm, Instant, String)
        /// The entry that set the term.
        case deadlineMet(Int64, note: String)
        case status(CaseStatus, note: String)
        case appeal(CaseAppeal, note: String)

        /// What is missing; `nil` when it is whole.
        package var complaint: (zh: String, en: String)? {
            let text: String
            switch self {
            case .note(let note), .itemRemoved(_, let note), .appeal(_, let note): text = note
            case .status(.closed, let note), .status(.withdrawn, let note): text = note
            case .deadline(.other, _, let label): text = label
            case .item, .deadline, .deadlineMet, .status: return nil
            }
            return text.allSatisfy(\.isWhitespace) ? ("须写明 note", "this needs a note") : nil
        }
    }
}

/// What a case is about.
package struct CaseItem: Hashable, Sendable, Codable {
    /// The kinds of thing.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case delivery
        case suspectedPlant = "suspected_plant"
        case alert
    }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

/// Where a case is, from the first look to the end (行政处罚法).
package enum CaseStatus: String, Sendable, Codable, CaseIterable {
    case verifying, filed, evidence, hearing, decided, appealed, executing, closed, withdrawn

    package var followers: [CaseStatus] {
        switch self {
        case .verifying: [.filed, .withdrawn]
        case .filed: [.evidence, .hearing, .withdrawn]
        case .evidence: [.hearing, .withdrawn]
        case .hearing: [.decided, .evidence, .withdrawn]
        case .decided: [.appealed, .executing, .closed]
        case .appealed: [.decided, .executing, .closed, .withdrawn]
        case .executing: [.closed, .appealed]
        case .closed, .withdrawn: [.verifying]
        }
    }
}

/// What the party did against a decision.
package enum CaseAppeal: String, Sendable, Codable, CaseIterable {
    /// 陈述申辩, 申请听证, 行政复议, 行政诉讼.
    case defence, hearing, review, lawsuit
}
