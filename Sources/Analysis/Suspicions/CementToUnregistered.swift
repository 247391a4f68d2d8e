import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 水泥流向异常: a bulk tanker unloaded at a place that is no registered plant, site or silo.
struct CementToUnregistered: DeliveryRule {
    let code = "cement-to-unregistered"
    let severity = 3
    let group = RuleGroup.origin
    let role = RuleRole.deciding
    let restsOnDrop = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let (margin, shortest) = (world.parameters.rules.margin, world.parameters.cement.unloadSeconds)
        let parameters = ["margin_m": margin, "unload_s": shortest]
        guard let kind = world.kind(of: delivery) else {
            return .insufficient(
                parameters, zh: "车辆未登记，车型未知。", en: "The vehicle is not registered, so its kind is not known.")
        }
        guard kind == .bulkCement else {
            return .no(parameters, zh: "不是散装水泥车。", en: "The vehicle is no bulk cement tanker.")
        }
        guard !world.registers.plants.isEmpty, !world.registers.sites.isEmpty else {
            return .insufficient(
                parameters, zh: "尚未导入站点或工地登记，无法判断水泥去向。", en: "No register of plants, or none of sites, is loaded.")
        }
        guard delivery.destination.kind == .unknown || delivery.destination.kind == .suspectedPlant else {
            return .no(parameters, zh: "在登记的站点、工地或筒仓卸料。", en: "Unloaded at a registered plant, site or silo.")
        }
        guard let place = delivery.destination.coordinate else {
            return .insufficient(parameters, zh: "卸料地点未知。", en: "Where it was unloaded is not known.")
        }
        if let near = world.nearestPlace(to: place, within: margin, at: delivery.unloadStart) {
            let away = Wording.metres(near.metres)
            return .no(
                parameters, zh: "卸料地点距登记场所 \(near.place.id) \(away.zh)。",
                en: "The place is \(away.en) from the registered place \(near.place.id).")
        }
        if let dismissed = world.dismissedPlace(at: place, margin: margin) {
            return .no(
                parameters, zh: "卸料地点为 \(dismissed.id)，经人员核查已排除疑似搅拌点。",
                en: "Unloaded at \(dismissed.id), which was checked by people and dismissed as a suspected plant.")
        }
        let seconds = delivery.unloadEnd.seconds(since: delivery.unloadStart)
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let spot = Wording.coordinate(place)
        guard seconds >= shortest else {
            return .no(
                parameters, zh: "在 \(spot) 停留 \(Wording.minutes(seconds)) 分钟，短于气力卸料所需时间。",
                en: "It stood at \(spot) for \(Wording.minutes(seconds)) min, too short for pneumatic unloading.")
        }
        let fact = Statement(
            zh:
                "散装水泥车 \(Wording.truck(delivery)) 于 \(start) 至 \(end) 在 \(spot) 停留 \(Wording.minutes(seconds)) 分钟，推断为卸水泥；该处距所有登记场所均超过 \(Int(margin)) 米。",
            en: "The cement tanker \(Wording.truck(delivery)) stood at \(spot) from \(start) to \(end) "
                + "(\(Wording.minutes(seconds)) min), taken for unloading; it is more than \(Int(margin)) m outside every registered place."
        )
        return .hit(
            parameters, facts: [fact], counterfacts: self.counterfacts(delivery, context, place, world), in: world)
    }

    private func counterfacts(
        _ delivery: Delivery, _ context: DeliveryContext, _ place: Coordinate, _ world: World
    ) -> [Statement] {
        var statements: [Statement] = []
        if let traffic = context.traffic {
            let days = Int(world.parameters.cement.countDays)
            statements.append(
                Statement(
                    zh: "该处近 \(days) 天内散装水泥车卸料 \(traffic.tankers) 次。",
                    en: "Tankers have unloaded there \(Wording.times(traffic.tankers)) in \(days) days."))
        }
        if let near = NearestRow.plant(to: place, at: delivery.unloadStart, in: world) {
            statements.append(
                Statement(zh: "最近的登记站点：\(near.wording.zh)。", en: "The nearest registered plant: \(near.wording.en)."))
        }
        statements.append(
            Statement(
                zh: "可能的合理原因：砖厂、管桩厂、农用筒仓等合法用户，或只是休息；请向水泥销售方核实。",
                en:
                    "It may be a lawful user (brick works, precast yard, a silo on a farm), or a rest: ask the seller of the cement."
            ))
        return statements
    }
}
