import Casework
import Chronology
import Deliveries
import Suspicions

extension CaseFile {
    /// What lists show, and the head of the whole.
    func writeHead(to row: inout JSONWriter) {
        row.member("case_id", self.caseID)
        row.member("title", self.title)
        row.member("opened_at", self.openedAt)
        row.member("opened_by", self.openedBy)
        row.member("district", self.district)
        row.member("status", self.status.rawValue)
        row.arrayMember("items") { list in for item in self.items { item.write(to: &list) } }
        row.name("next_deadline")
        if let next = self.nextDeadline { row.object { next.write(to: &$0) } } else { row.null() }
        row.member("last_entry_at", self.entries.last?.at)
    }

    /// What became of a delivery since it was put into the case; nothing for one that is as it was.
    func writeChange(of record: DeliveryRecord, to list: inout JSONWriter) {
        let item = CaseItem(.delivery, record.judged.delivery.deliveryID)
        let added = self.entries.last { $0.content == .item(item) }?.at ?? self.openedAt
        let changes = record.changes(since: added)
        guard record.supersededAt != nil || !changes.isEmpty else { return }
        list.object { row in
            row.member("kind", item.kind.rawValue)
            row.member("id", item.id)
            row.member("verdict", record.judged.verdict.rawValue)
            // One that had been superseded before it was put in tells why all the same.
            record.writeChanges(changes.isEmpty ? Array(record.earlier.suffix(1)) : changes, to: &row)
        }
    }
}

extension CaseFile.Deadline {
    func write(to row: inout JSONWriter) {
        row.member("entry_id", self.entryID)
        row.member("term", self.term.rawValue)
        row.member("label", self.label)
        row.member("due_at", self.dueAt)
        row.member("met_at", self.metAt)
        row.member("ended_at", self.endedAt)
    }
}

extension CaseItem {
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kind", self.kind.rawValue)
            $0.member("id", self.id)
        }
    }
}

extension CaseFile.WithdrawnItem {
    func write(to row: inout JSONWriter) {
        row.member("kind", self.item.kind.rawValue)
        row.member("id", self.item.id)
        row.member("at", self.at)
        row.member("by", self.by)
        row.member("note", self.note)
    }
}

extension CaseEntry {
    func write(to row: inout JSONWriter) {
        row.member("entry_id", self.entryID)
        row.member("at", self.at)
        row.member("by", self.by)
        row.member("role", self.role)
        row.member("kind", self.content.kind)
        switch self.content {
        case .item(let item): row.item(item, note: "")
        case .itemRemoved(let item, let note): row.item(item, note: note)
        case .note(let note): row.member("note", note)
        case .deadline(let term, let dueAt, let label):
            row.member("term", term.rawValue)
            row.member("due_at", dueAt)
            row.member("note", label)
        case .deadlineMet(let entryID, let note):
            row.member("of_entry", entryID)
            row.member("note", note)
        case .status(let status, let note):
            row.member("status", status.rawValue)
            row.member("note", note)
        case .appeal(let appeal, let note):
            row.member("appeal", appeal.rawValue)
            row.member("note", note)
        }
    }
}

extension CaseEntry.Content {
    /// What the audit log says of it beside the case's number.
    package var auditText: String {
        switch self {
        case .item(let item): "\(item.kind.rawValue) \(item.id)"
        case .itemRemoved(let item, let note): "\(item.kind.rawValue) \(item.id) \(note)"
        case .note, .deadline, .deadlineMet, .status, .appeal: ""
        }
    }

    /// The name in the API and in the audit log.
    package var kind: String {
        switch self {
        case .item: "item"
        case .itemRemoved: "item_removed"
        case .note: "note"
        case .deadline: "deadline"
        case .deadlineMet: "deadline_met"
        case .status: "status"
        case .appeal: "appeal"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func item(_ item: CaseItem, note: String) {
        self.name("item")
        item.write(to: &self)
        self.member("note", note)
    }
}
