import Chronology
import Deliveries
import Registers
import Tracks

/// 现场搅拌: cement comes to a site again and again, and no mixer does.
struct OnSiteMixing: DeliveryRule {
    let code = "on-site-mixing"
    let severity = 2
    let group = RuleGroup.destination
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let cement = world.parameters.cement
        let parameters = ["days": cement.mixingDays, "unloads": Double(cement.mixingUnloads)]
        guard let kind = world.kind(of: delivery) else {
            return .insufficient(
                parameters, zh: "车辆未登记，车型未知。", en: "The vehicle is not registered, so its kind is not known.")
        }
        guard kind == .bulkCement, delivery.destination.kind == .site, let id = delivery.destination.id else {
            return .no(parameters, zh: "不是散装水泥车在工地卸料。", en: "It is no cement tanker unloading at a site.")
        }
        guard let traffic = context.traffic else {
            return .insufficient(parameters, zh: "该工地近期的来料情况未知。", en: "What else came to the site is not known.")
        }
        let (days, site) = (Int(cement.mixingDays), world.index.sites(id).last?.name ?? id)
        let fact = Statement(
            zh:
                "工地 \(site)（\(id)）在 \(Wording.date(delivery.unloadEnd)) 前 \(days) 天内：散装水泥车卸料 \(traffic.tankersOfWeek) 次，搅拌车 \(traffic.mixersOfWeek) 车次。",
            en:
                "In the \(days) days up to \(Wording.date(delivery.unloadEnd)) tankers unloaded \(Wording.times(traffic.tankersOfWeek)) and "
                + "mixers \(Wording.times(traffic.mixersOfWeek)) at the site \(site) (\(id)).")
        guard traffic.tankersOfWeek >= cement.mixingUnloads, traffic.mixersOfWeek == 0 else {
            return RuleAnswer(.no, facts: [fact], parameters: parameters)
        }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：砂浆筒仓、注浆、管桩施工，或已依法报告的现场搅拌。",
                    en: "It may be a mortar silo, grouting, piles, or mixing on site that was duly reported.")
            ], in: world)
    }
}
