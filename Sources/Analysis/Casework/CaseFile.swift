package import Chronology

/// A case: its head, and all that happened to it. Everything else follows from the entries.
package struct CaseFile: Hashable, Sendable {
    package var caseID: String
    package var title: String
    package var openedAt: Instant
    package var openedBy: String
    package var district: String?
    /// In the order in which they were made.
    package var entries: [CaseEntry]

    package init(
        caseID: String, title: String, openedAt: Instant, openedBy: String, district: String?, entries: [CaseEntry]
    ) {
        self.caseID = caseID
        self.title = title
        self.openedAt = openedAt
        self.openedBy = openedBy
        self.district = district
        self.entries = entries
    }

    package var status: CaseStatus {
        for entry in self.entries.reversed() { if case .status(let status, _) = entry.content { return status } }
        return .verifying
    }

    /// What the case is about, in the order in which it was added.
    package var items: [CaseItem] {
        var items: [CaseItem] = []
        for entry in self.entries {
            switch entry.content {
            case .item(let item): if !items.contains(item) { items.append(item) }
            case .itemRemoved(let item, _): items.removeAll { $0 == item }
            default: break
            }
        }
        return items
    }

    /// A thing that the case was about, and is no more.
    package struct WithdrawnItem: Hashable, Sendable {
        package var item: CaseItem
        package var at: Instant
        package var by: String
        package var note: String
    }

    /// What was taken out and not put in again, in the order in which it was taken out: the entries keep it for good.
    package var withdrawnItems: [WithdrawnItem] {
        let items = self.items
        var withdrawn: [WithdrawnItem] = []
        for entry in self.entries {
            guard case .itemRemoved(let item, let note) = entry.content, !items.contains(item) else { continue }
            withdrawn.removeAll { $0.item == item }
            withdrawn.append(WithdrawnItem(item: item, at: entry.at, by: entry.by, note: note))
        }
        return withdrawn
    }

    /// A term that runs, or ran.
    package struct Deadline: Hashable, Sendable {
        /// The entry that set it.
        package var entryID: Int64
        package var term: CaseTerm
        /// What it is for, where `term` does not say it.
        package var label: String
        package var dueAt: Instant
        /// By a mark that somebody set, or by what the term was for.
        package var metAt: Instant?
        /// When the case ended with the term still running: there is nothing left to be in time for.
        package var endedAt: Instant?

        package var isRunning: Bool { self.metAt == nil && self.endedAt == nil }
    }

    /// The earliest due first.
    package var deadlines: [Deadline] {
        var found: [Deadline] = []
        for entry in self.entries {
            switch entry.content {
            case .deadline(let term, let dueAt, let label):
                found.append(Deadline(entryID: entry.entryID, term: term, label: label, dueAt: dueAt))
            case .deadlineMet(let entryID, _):
                for index in found.indices where found[index].entryID == entryID && found[index].isRunning {
                    found[index].metAt = entry.at
                }
            default:
                for index in found.indices where found[index].isRunning {
                    if found[index].term.isMet(by: entry.content) {
                        found[index].metAt = entry.at
                    } else if found[index].term.ends(with: entry.content) {
                        found[index].endedAt = entry.at
                    }
                }
            }
        }
        return found.sorted { ($0.dueAt, $0.entryID) < ($1.dueAt, $1.entryID) }
    }

    /// The next term that still runs.
    package var nextDeadline: Deadline? { self.deadlines.first(where: \.isRunning) }

    /// Refuses an entry that does not follow from how the case stands.
    package func requireTakes(_ content: CaseEntry.Content) throws(CaseworkRefusal) {
        if let complaint = content.complaint { throw CaseworkRefusal(zh: complaint.zh, en: complaint.en) }
        switch content {
        case .status(let next, _):
            guard self.status.followers.contains(next) else {
                let names = self.status.followers.map(\.rawValue).joined(separator: ", ")
                throw CaseworkRefusal(
                    zh: "案件现为 \(self.status.rawValue)，可转为：\(names)",
                    en: "the case is at \(self.status.rawValue); it may go on to: \(names)")
            }
        case .item(let item):
            guard !self.items.contains(item) else {
                throw CaseworkRefusal(zh: "此项已在案中", en: "this is in the case already")
            }
        case .itemRemoved(let item, _):
            guard self.items.contains(item) else {
                throw CaseworkRefusal(zh: "此项不在案中", en: "this is not in the case")
            }
        case .deadlineMet(let entryID, _):
            guard self.deadlines.contains(where: { $0.entryID == entryID && $0.isRunning }) else {
                throw CaseworkRefusal(zh: "没有这个未完成的期限", en: "there is no such term that still runs")
            }
        case .note, .deadline, .appeal: break
        }
    }

    /// Terms that begin by themselves with an entry, by the clock of the entry.
    package static func terms(startedBy content: CaseEntry.Content, at now: Instant) -> [CaseEntry.Content] {
        switch content {
        case .status(.filed, _): [.deadline(.decision, CaseTerm.decision.end(from: now), "")]
        case .status(.hearing, _): [.deadline(.hearingRequest, CaseTerm.hearingRequest.end(from: now), "")]
        case .status(.decided, _):
            [
                .deadline(.review, CaseTerm.review.end(from: now), ""),
                .deadline(.lawsuit, CaseTerm.lawsuit.end(from: now), ""),
            ]
        default: []
        }
    }
}
