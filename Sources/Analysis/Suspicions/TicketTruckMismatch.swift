import Chronology
import Deliveries
import Registers
import Tracks

/// 车票不符: the note names one truck, and another one made the trip. Judged a day later, like a note that is missing.
struct TicketTruckMismatch: DeliveryRule {
    let code = "ticket-truck-mismatch"
    let severity = 3
    let group = RuleGroup.ticket
    let role = RuleRole.deciding
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let wait = world.parameters.tickets.wait
        let parameters = ["wait_s": wait]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        let ticket = match.ticket
        switch match.agreement.truck {
        case .unknown:
            return .insufficient(
                parameters,
                zh: "该终端未登记车牌，无法与发货单上的车牌（\(ticket.plate)）比对。",
                en: "No plate is registered for the terminal, to compare with the note's (\(ticket.plate)).")
        case .same where delivery.plate != ticket.plate:
            return .no(
                parameters, zh: "\(Wording.ticket(match).zh)的车牌是该车装料至卸料期间登记的车牌之一。",
                en: "The plate of \(Wording.ticket(match).en) is one that the truck bore between load and drop.")
        case .same:
            return .no(
                parameters, zh: "车牌与\(Wording.ticket(match).zh)一致。",
                en: "The plate is that of \(Wording.ticket(match).en).")
        case .different: break
        }
        let time = delivery.loadEnd.map(Wording.time) ?? "?"
        // Its own note may be late, and the note's truck may still be on its way with the load.
        guard context.asOf.seconds(since: delivery.loadEnd ?? delivery.unloadStart) >= wait else {
            return .insufficient(
                parameters,
                zh: "暂无本车的发货单，\(Wording.ticket(match).zh)的车牌为 \(ticket.plate)；装料于 \(time) 结束，24 小时后再判断。",
                en:
                    "No note of its own fits yet, and \(Wording.ticket(match).en) names \(ticket.plate); loading ended at \(time), "
                    + "and notes have a day to come in.")
        }
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh:
                        "\(Wording.ticket(match).zh)的车牌为 \(ticket.plate)；时间、站点、工地相符的车次却由 \(Wording.truck(delivery)) 完成（\(time) 离站）。",
                    en:
                        "The \(Wording.ticket(match).en) names \(ticket.plate); the trip that fits its time, plant and site was made by "
                        + "\(Wording.truck(delivery)) (left at \(time)).")
            ],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：录票笔误，或同站车辆临时调换。",
                    en: "The clerk may have erred, or trucks of the plant may have been swapped.")
            ], in: world)
    }
}
