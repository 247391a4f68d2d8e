import Chronology
import Deliveries
package import Suspicions

/// What a derivation would change of the deliveries that stand: a row per delivery and column that differs.
package struct DerivationDiff: Sendable {
    package static let columns = ["delivery_id", "change", "field", "before", "after"]

    /// How a delivery differs.
    private enum Change: String {
        case added, changed, withdrawn
    }

    private var changes: [(id: String, change: Change, fields: Fields)] = []

    package var added: Int { self.count(.added) }
    package var changed: Int { self.count(.changed) }
    package var withdrawn: Int { self.count(.withdrawn) }
    package var isEmpty: Bool { self.changes.isEmpty }
    package var count: Int { self.changes.count }

    /// Without any difference.
    package init() {}

    /// Compares by id. A delivery whose row is the same but whose explanations differ has the field `explanation`.
    package init(standing: [JudgedDelivery], derived: [JudgedDelivery]) {
        let old = Dictionary(standing.map { ($0.delivery.deliveryID, $0) }) { $1 }
        let new = Dictionary(derived.map { ($0.delivery.deliveryID, $0) }) { $1 }
        for id in Set(old.keys).union(new.keys).sorted() {
            switch (old[id], new[id]) {
            case (let before?, let after?) where !Self.isSame(before, after):
                self.changes.append((id, .changed, Self.fields(before, after)))
            case (nil, let after?): self.changes.append((id, .added, Self.summary(nil, after)))
            case (let before?, nil): self.changes.append((id, .withdrawn, Self.summary(before, nil)))
            default: continue
            }
        }
    }

    /// Takes in the differences of other deliveries.
    package mutating func add(_ other: DerivationDiff) {
        self.changes += other.changes
    }

    /// Up to which report an open delivery was looked at is no difference.
    private static func isSame(_ before: JudgedDelivery, _ after: JudgedDelivery) -> Bool {
        var after = after
        if !before.delivery.isFinal, !after.delivery.isFinal { after.delivery.settledAt = before.delivery.settledAt }
        return before.withoutRegisterState == after.withoutRegisterState
    }

    package func write(as format: TableFormat) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns, format: format)
        for (id, change, fields) in self.changes.sorted(by: { $0.id < $1.id }) {
            for field in fields {
                writer.append([
                    .text(id), .text(change.rawValue), .text(field.name), Self.asText(field.before),
                    Self.asText(field.after),
                ])
            }
        }
        return writer.finish()
    }

    private func count(_ change: Change) -> Int { self.changes.count { $0.change == change } }

    private typealias Fields = [(name: String, before: TableCell, after: TableCell)]

    private static func fields(_ before: JudgedDelivery, _ after: JudgedDelivery) -> Fields {
        let cells = zip(DeliveriesTable.cells(of: before), DeliveriesTable.cells(of: after))
        let fields: Fields = zip(DeliveriesTable.columns, cells).compactMap { name, pair in
            pair.0 == pair.1 ? nil : (name, pair.0, pair.1)
        }
        return fields.isEmpty ? self.explanations(before, after) : fields
    }

    /// What is said otherwise where every column is the same: a row for each rule that does.
    private static func explanations(_ before: JudgedDelivery, _ after: JudgedDelivery) -> Fields {
        let old = Dictionary(before.judgements.map { ($0.rule, $0) }) { $1 }
        let new = Dictionary(after.judgements.map { ($0.rule, $0) }) { $1 }
        let rules = Set(old.keys).union(new.keys).sorted()
        let differing: Fields = rules.compactMap { rule in
            let pair = (old[rule].map(self.said), new[rule].map(self.said))
            return pair.0 == pair.1 ? nil : ("explanation", .text(pair.0), .text(pair.1))
        }
        return differing.isEmpty ? [("explanation", .text(nil), .text(nil))] : differing
    }

    /// Everything that a rule says, with its parameters, on one line.
    private static func said(_ judgement: Judgement) -> String {
        let statements = (judgement.facts + judgement.counterfacts).flatMap { [$0.zh, $0.en] }
        let parameters = judgement.parameters.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(NumberText.shortest($0.value))" }
        let words = [judgement.rule, judgement.outcome.rawValue, "\(judgement.severity)"]
        return (words + statements + parameters).joined(separator: " | ")
    }

    /// A row that comes or goes is told by its verdict.
    private static func summary(_ before: JudgedDelivery?, _ after: JudgedDelivery?) -> Fields {
        [("verdict", .text(before?.verdict.rawValue), .text(after?.verdict.rawValue))]
    }

    /// Both columns hold values of every kind, so both are text.
    private static func asText(_ cell: TableCell) -> TableCell {
        switch cell {
        case .text: cell
        case .number(let number): .text(number.map(NumberText.shortest))
        case .integer(let number): .text(number.map { String($0) })
        case .boolean(let flag): .text(flag.map { $0 ? "true" : "false" })
        case .time(let instant): .text(instant?.description)
        case .times(let instants): .text(instants.map(\.description).joined(separator: ";"))
        }
    }
}
