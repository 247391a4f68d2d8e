import Geodesy
import Deliveries
package import Suspicions
import Telemetry

extension JudgedDelivery {
    /// Writes the row of `contract.md` §5, with what every rule said when `withJudgements`.
    package func write(to writer: inout JSONWriter, withJudgements: Bool) {
        writer.object { self.writeMembers(to: &$0, withJudgements: withJudgements) }
    }

    fileprivate func writeMembers(to row: inout JSONWriter, withJudgements: Bool) {
        let delivery = self.delivery
        row.member("delivery_id", delivery.deliveryID)
        row.member("load_id", delivery.loadID)
        row.member("plate", delivery.plate)
        row.member("terminal", delivery.terminal.text)
        row.end("origin", delivery.origin)
        row.member("load_start", delivery.loadStart)
        row.member("load_end", delivery.loadEnd)
        row.end("destination", delivery.destination)
        row.member("unload_start", delivery.unloadStart)
        row.member("unload_end", delivery.unloadEnd)
        row.member("distance_km", delivery.distanceKilometres)
        row.member("ticket_id", delivery.ticketID)
        row.arrayMember("other_ticket_ids") { list in (delivery.otherTicketIDs ?? []).forEach { list.value($0) } }
        row.member("verdict", self.verdict.rawValue)
        row.arrayMember("suspicions") { list in self.suspicions.forEach { list.value($0) } }
        row.member("score", self.score)
        row.member("coverage", delivery.coverage)
        row.member("is_final", delivery.isFinal)
        guard withJudgements else { return }
        row.numbers("confidence", delivery.confidence)
        row.arrayMember("judgements") { list in
            for judgement in self.judgements { judgement.write(to: &list) }
        }
    }
}

extension DeliveryRecord {
    /// The delivery with what every rule said of it, what it was before, and what is derived now in its place.
    package func write(to writer: inout JSONWriter) {
        writer.object { row in
            self.judged.writeMembers(to: &row, withJudgements: true)
            self.writeChanges(self.earlier, to: &row)
        }
    }

    /// Since when it is derived no more, `forms` that it had before, and what is derived in its place.
    func writeChanges(_ forms: [SupersededForm], to row: inout JSONWriter) {
        row.member("superseded_at", self.supersededAt)
        row.arrayMember("earlier_forms") { list in for form in forms { form.write(to: &list) } }
        row.arrayMember("successors") { list in
            for successor in self.successors { successor.write(to: &list, withJudgements: false) }
        }
    }
}

extension SupersededForm {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { form in
            form.member("until", self.until)
            form.member("cause", self.cause.rawValue)
            form.member("zh", self.statement.zh)
            form.member("en", self.statement.en)
            form.member("judged_by", self.world)
            form.member("verdict", self.judged.verdict.rawValue)
            form.arrayMember("suspicions") { list in self.judged.suspicions.forEach { list.value($0) } }
            form.member("score", self.judged.score)
        }
    }
}

extension Judgement {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { judgement in
            judgement.member("rule", self.rule)
            judgement.member("outcome", self.outcome.rawValue)
            judgement.member("severity", self.severity)
            judgement.statements("facts", self.facts)
            judgement.statements("counterfacts", self.counterfacts)
            judgement.numbers("parameters", self.parameters)
            judgement.member("register_revision", self.registerRevision)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func end(_ name: String, _ end: DeliveryEnd) {
        self.member(name + "_kind", end.kind.rawValue)
        self.member(name + "_id", end.id)
        self.member(name + "_lat", end.coordinate?.latitude)
        self.member(name + "_lon", end.coordinate?.longitude)
    }

    mutating func statements(_ name: String, _ statements: [Statement]) {
        self.arrayMember(name) { list in
            for statement in statements {
                list.object {
                    $0.member("zh", statement.zh)
                    $0.member("en", statement.en)
                }
            }
        }
    }

    /// Sorted by name, so that the same facts give the same bytes.
    fileprivate mutating func numbers(_ name: String, _ numbers: [String: Double]) {
        self.objectMember(name) { object in
            for (key, value) in numbers.sorted(by: { $0.key < $1.key }) { object.member(key, value) }
        }
    }
}
