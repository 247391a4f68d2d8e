package import Chronology

/// What a person does about an alert.
package struct AlertAction: Hashable, Sendable {
    /// The kinds of action.
    package enum Kind: String, Sendable, CaseIterable { case acknowledge, assign, comment, close, reopen }

    /// Why an alert is closed. A false alarm counts against its rule.
    package enum Reason: String, Sendable, CaseIterable {
        case handled, forwarded, known, duplicate
        case deviceFault = "device_fault"
        case falseAlarm = "false_alarm"
        case other
    }

    package var kind: Kind
    /// Of an assignment.
    package var assignee: String?
    /// Of a closing.
    package var reason: Reason?
    package var note: String

    package init(_ kind: Kind, assignee: String? = nil, reason: Reason? = nil, note: String = "") {
        self.kind = kind
        self.assignee = assignee
        self.reason = reason
        self.note = note
    }

    /// What is missing or too much, as `(zh, en)`; `nil` when it is whole.
    package var complaint: (zh: String, en: String)? {
        if (self.kind == .assign) != (self.assignee != nil) {
            return ("指派须写明 assignee，其他操作不写", "assign names an assignee, nothing else does")
        }
        if (self.kind == .close) != (self.reason != nil) {
            return ("关闭须写明 reason，其他操作不写", "close gives a reason, nothing else does")
        }
        let needsNote = self.kind == .comment || self.kind == .reopen || self.reason == .other
        if needsNote, self.note.allSatisfy(\.isWhitespace) {
            return ("须写明 note", "this needs a note")
        }
        return nil
    }

    /// Somebody's action, as it was noted.
    package struct Record: Hashable, Sendable {
        package var at: Instant
        package var by: String
        package var role: String
        package var action: AlertAction

        package init(at: Instant, by: String, role: String, action: AlertAction) {
            self.at = at
            self.by = by
            self.role = role
            self.action = action
        }
    }
}

/// Why something could not be done: others were faster, or it does not follow from how things stand.
package struct CaseworkRefusal: Error, Hashable, Sendable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}
