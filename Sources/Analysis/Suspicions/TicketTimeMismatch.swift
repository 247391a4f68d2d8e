import Deliveries
import Registers
import Tracks

/// 时间不符: the note was issued long before or after the truck's stay at the loading place, or after it had arrived. In
/// the middle of a stay no note is beside the time: who is loaded early and waits in the yard has it early.
struct TicketTimeMismatch: DeliveryRule {
    let code = "ticket-time-mismatch"
    let severity = 2
    let group = RuleGroup.ticket
    let role = RuleRole.besideVerdict
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let limit = world.parameters.tickets.timeDifference
        let parameters = ["difference_s": limit]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        guard let seconds = match.agreement.seconds, let loadEnd = delivery.loadEnd else {
            return .insufficient(parameters, zh: "装料时间未知。", en: "When it was loaded is not known.")
        }
        // Of several notes of the load the one that fits best.
        let ticket = match.nearest
        let first = match.load.first.unloadStart
        let hasArrived = ticket.issuedAt > first
        let (issued, end) = (Wording.time(ticket.issuedAt), Wording.time(loadEnd))
        let start = Wording.time(delivery.loadStart ?? loadEnd)
        let fact = Statement(
            zh:
                "发货单 \(ticket.ticketID) 开具于 \(issued)；装料为 \(start) 至 \(end)，相差 \(Wording.minutes(seconds.magnitude)) 分钟；车辆于 \(Wording.time(first)) 到达卸料地点。",
            en:
                "Delivery note \(ticket.ticketID) was issued at \(issued), \(Wording.minutes(seconds.magnitude)) min from the loading "
                + "(\(start) to \(end)); the truck arrived at \(Wording.time(first)).")
        guard seconds.magnitude > limit || hasArrived else {
            return RuleAnswer(.no, facts: [fact], parameters: parameters)
        }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：站点或终端时钟偏差，或先装后补票。",
                    en:
                        "The clock of the plant or of the terminal may be off, or the note was written after the loading."
                )
            ], in: world)
    }
}
