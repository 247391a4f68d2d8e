import Chronology
import Deliveries
import Registers
import Tracks

/// 有车无票: a load left a plant that issues delivery notes, and none fits it. Judged a day later, as notes come late.
struct TicketMissing: DeliveryRule {
    let code = "ticket-missing"
    let severity = 3
    let group = RuleGroup.ticket
    let role = RuleRole.deciding
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let rules = world.parameters.tickets
        let parameters = ["window_s": rules.window, "wait_s": rules.wait]
        switch context.ticket {
        case .matched(let match):
            return .no(
                parameters, zh: "有\(Wording.ticket(match).zh)。",
                en: "There is \(Wording.ticket(match).en).")
        case .notCovered, .clockInDoubt: return .withoutTicket(context.ticket, parameters)
        case .missing: break
        }
        guard let loadEnd = delivery.loadEnd, let plant = delivery.origin.id else {
            return .withoutTicket(.notCovered, parameters)
        }
        guard context.isFirstDrop(delivery) else {
            return .no(
                parameters, zh: "同一车料的后续卸料点，不需另行开票。",
                en: "It is a further drop of a load, which needs no note of its own.")
        }
        guard delivery.plate != nil else {
            return .insufficient(
                parameters, zh: "该终端当时不在车辆登记表中，车牌未知，无法与发货单比对。",
                en: "The terminal was in no register of vehicles then: no delivery note can be compared by a plate.")
        }
        let time = Wording.time(loadEnd)
        let waited = context.asOf.seconds(since: loadEnd)
        guard waited >= rules.wait else {
            return .insufficient(
                parameters, zh: "暂无对应的发货单；装料于 \(time) 结束，24 小时后再判断。",
                en: "No delivery note fits yet; loading ended at \(time), and notes have a day to come in.")
        }
        let name = world.index.plants(plant).last?.name ?? plant
        let (minutes, start) = (Wording.minutes(rules.window), Wording.time(delivery.loadStart ?? loadEnd))
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh:
                        "\(Wording.truck(delivery)) 于 \(time) 在 \(name)（\(plant)）装料完毕；该站当日有发货单，但从该车进站（\(start)）前 \(minutes) 分钟"
                        + "到离站后 \(minutes) 分钟，没有与该车次对应的一张。",
                    en:
                        "\(Wording.truck(delivery)) was loaded at \(name) (\(plant)) until \(time); the plant issued notes that day, "
                        + "but from \(minutes) min before it came (\(start)) to \(minutes) min after it left none for this load."
                )
            ],
            counterfacts: [
                Statement(
                    zh: "装料由在站内停留推断：也可能是洗车、停放或维修，其后空车出站。",
                    en:
                        "The loading is inferred from a stay at the plant: it may have been washed, parked or repaired there and have left "
                        + "empty."),
                Statement(
                    zh: "截至 \(Wording.time(context.asOf)) 的发货单已计入；可能的合理原因：发货单上传迟延或为纸质票，请索取扫描件。",
                    en:
                        "Notes known at \(Wording.time(context.asOf)) count; it may be late or on paper: ask for a scan."
                ),
            ], in: world)
    }
}
