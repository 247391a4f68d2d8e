import Chronology
import Deliveries
import Registers
import Tracks

/// 超产能: the plant has sent out more since the first of the month than a twelfth of its licensed yearly capacity.
struct OverCapacity: DeliveryRule {
    let code = "over-capacity"
    let severity = 3
    let group = RuleGroup.origin
    let role = RuleRole.besideVerdict
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let share = world.parameters.volumes.capacityShare
        let parameters = ["capacity_share": share]
        guard delivery.origin.kind == .plant, let id = delivery.origin.id, let loadEnd = delivery.loadEnd,
            let plant = world.index.plant(id, at: loadEnd) ?? world.index.plants(id).last
        else {
            return .insufficient(
                parameters, zh: "不是在登记站点装料，没有产能可比。",
                en: "It was not loaded at a registered plant, so there is no capacity to compare with.")
        }
        guard let yearly = plant.capacityPerYear, yearly > 0 else {
            return .insufficient(
                parameters, zh: "\(plant.name)（\(id)）没有登记产能。", en: "No capacity of \(plant.name) (\(id)) is registered."
            )
        }
        guard let month = context.plantMonth, month.plantID == id, month.loads > month.unknownLoads else {
            return .insufficient(
                parameters, zh: "该站本月装料方量未知。", en: "The volume loaded at the plant this month is not known.")
        }
        let limit = yearly / 12 * share
        let (volume, allowed) = (Wording.cubicMetres(month.volume), Wording.cubicMetres(limit))
        let day = Wording.date(loadEnd)
        let fact = Statement(
            zh: "\(plant.name)（\(id)）本月截至 \(day) 共 \(month.loads) 车、\(volume) 立方米；月产能为 \(allowed) 立方米。",
            en:
                "\(plant.name) (\(id)) sent out \(month.loads) loads with \(volume) m³ this month up to \(day); a month's "
                + "capacity is \(allowed) m³.")
        guard month.volume > limit else { return RuleAnswer(.no, facts: [fact], parameters: parameters) }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "其中 \(month.estimatedLoads) 车没有发货单方量，按搅拌筒容量估算，\(month.unknownLoads) 车方量未知；"
                        + "另有 \(month.inferredLoads) 车仅由停留推断，未计入。",
                    en: "\(month.estimatedLoads) of the loads have no volume on a note and count with the drum's, "
                        + "\(month.unknownLoads) are of unknown volume; beside them \(month.inferredLoads) loads that halts "
                        + "alone show are left out."),
                Statement(
                    zh: "可能的合理原因：登记产能未更新（新增生产线），或当月为供应高峰。",
                    en:
                        "The registered capacity may be out of date (a new line), or the month may be a peak of the year."
                ),
            ], in: world)
    }
}
