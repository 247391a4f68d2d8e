import Deliveries
import Registers
import Tracks

/// 方量不符: the note's volume, or that of all notes of the load together, is more than the drum holds.
struct TicketVolumeMismatch: DeliveryRule {
    let code = "ticket-volume-mismatch"
    let severity = 3
    let group = RuleGroup.ticket
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let parameters = ["drum_tolerance": world.parameters.volumes.drumTolerance]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        let numbers = Wording.numbers(match)
        guard let volume = match.cubicMetres else {
            return .insufficient(
                parameters, zh: "发货单 \(numbers.zh) 没有方量。", en: "Delivery note \(numbers.en) has no volume.")
        }
        let vehicle = world.vehicle(delivery.terminal, at: delivery.loadEnd ?? delivery.unloadStart)
        guard let drum = vehicle?.capacityCubicMetres else {
            return .insufficient(
                parameters, zh: "\(Wording.truck(delivery)) 没有登记搅拌筒容量。",
                en: "The drum's volume of \(Wording.truck(delivery)) is not registered.")
        }
        let fact = Statement(
            zh:
                "发货单 \(numbers.zh) 的方量\(match.otherNumbers.isEmpty ? "" : "合计")为 \(Wording.cubicMetres(volume)) 立方米；"
                + "\(Wording.truck(delivery)) 的搅拌筒容量为 \(Wording.cubicMetres(drum)) 立方米。",
            en: "Delivery note \(numbers.en) says \(Wording.cubicMetres(volume)) m³; the drum of "
                + "\(Wording.truck(delivery)) holds \(Wording.cubicMetres(drum)) m³.")
        guard TicketAgreement.exceeds(volume, vehicle, world.parameters.volumes) else {
            return RuleAnswer(.no, facts: [fact], parameters: parameters)
        }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：多车合开一票、剩料并入，或登记容量有误。",
                    en:
                        "One note may stand for several loads, left-over concrete may have been added, or the drum is registered wrongly."
                )
            ], in: world)
    }
}
