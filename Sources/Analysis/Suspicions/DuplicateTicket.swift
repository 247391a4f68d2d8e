import Chronology
import Deliveries
import Registers
import Tracks

/// 重复票: a plant used one number twice: for two trucks, two sites, or two times.
///
/// Numbers are counted by plant, as every plant numbers by itself.
struct DuplicateTicket: DeliveryRule, TicketRule {
    let code = "duplicate-ticket"
    let severity = 4
    let group = RuleGroup.ticket
    let role = RuleRole.deciding

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        guard let match = context.ticket.match else {
            return .withoutTicket(context.ticket, ["repeat_s": world.parameters.tickets.repeatSeconds])
        }
        return self.judge(match.ticket, context.repeatedTickets, in: world)
    }

    func judge(_ note: TicketContext, in world: World) -> RuleAnswer {
        self.judge(note.ticket, note.repetitions, in: world)
    }

    private func judge(_ ticket: Ticket, _ others: [Ticket], in world: World) -> RuleAnswer {
        let limit = world.parameters.tickets.repeatSeconds
        let parameters = ["repeat_s": limit]
        let other = others.sorted(by: Ticket.isOrdered).first { other in
            !world.isOneTruck(ticket.plate, other.plate, at: ticket.issuedAt) || other.siteID != ticket.siteID
                || other.issuedAt.seconds(since: ticket.issuedAt).magnitude > limit
        }
        guard let other else {
            return .no(
                parameters, zh: "站点 \(ticket.plantID) 的票号 \(ticket.ticketID) 没有重复使用。",
                en: "The plant \(ticket.plantID) used the number \(ticket.ticketID) once.")
        }
        let (one, two) = (Wording.ticket(ticket), Wording.ticket(other))
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh: "站点 \(ticket.plantID) 的票号 \(ticket.ticketID) 使用了 \(others.count + 1) 次：\(one.zh)；\(two.zh)。",
                    en:
                        "The plant \(ticket.plantID) used the number \(ticket.ticketID) \(others.count + 1) times: \(one.en); \(two.en)."
                )
            ],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：更正后重新上传而旧票未作废，或年度更换后票号从头编起。",
                    en:
                        "The note may have been corrected and the old one not withdrawn, or the numbers begin anew each year."
                )
            ], in: world)
    }
}
