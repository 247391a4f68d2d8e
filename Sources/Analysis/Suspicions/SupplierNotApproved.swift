import Chronology
import Deliveries
import Registers
import Tracks

/// 供应商不在名单: the plant is not on the site's own list of suppliers.
struct SupplierNotApproved: DeliveryRule {
    let code = "supplier-not-approved"
    let severity = 2
    let group = RuleGroup.destination
    let role = RuleRole.besideVerdict
    let restsOnDrop = true
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        guard delivery.destination.kind == .site, let id = Self.siteID(of: delivery, context, in: world),
            let site = world.index.site(id, at: delivery.unloadStart)
        else {
            return RuleAnswer(
                .insufficient,
                facts: [
                    Statement(
                        zh: "卸料地点不是当时登记的工地，没有供应商名单可查。",
                        en: "It was not unloaded at a site registered then, so there is no list of suppliers.")
                ])
        }
        let size = Double(site.approvedPlants.count)
        guard !site.approvedPlants.isEmpty else {
            return RuleAnswer(
                .insufficient,
                facts: [
                    Statement(
                        zh: "工地 \(site.name)（\(id)）没有供应商名单。",
                        en: "The site \(site.name) (\(id)) has no list of suppliers.")
                ])
        }
        guard delivery.origin.kind == .plant, let plantID = delivery.origin.id else {
            return RuleAnswer(
                .insufficient,
                facts: [
                    Statement(
                        zh: "供料站点未知，无法与名单核对。", en: "The plant is not known, so it cannot be looked up in the list.")
                ], parameters: ["list_size": size])
        }
        let plant = world.index.plants(plantID).last?.name ?? plantID
        let time = Wording.time(delivery.unloadStart)
        guard !site.approvedPlants.contains(plantID) else {
            return RuleAnswer(
                .no,
                facts: [
                    Statement(
                        zh: "\(plant)（\(plantID)）在工地 \(site.name)（\(id)）的供应商名单中。",
                        en: "\(plant) (\(plantID)) is on the list of the site \(site.name) (\(id)).")
                ], parameters: ["list_size": size])
        }
        let list = site.approvedPlants.joined(separator: ", ")
        return RuleAnswer(
            .hit,
            facts: [
                Statement(
                    zh: "\(Wording.truck(delivery)) 于 \(time) 向工地 \(site.name)（\(id)）供料，来自 \(plant)（\(plantID)）；"
                        + "该工地名单为：\(list)。",
                    en: "\(Wording.truck(delivery)) supplied the site \(site.name) (\(id)) at \(time) from \(plant) "
                        + "(\(plantID)); the site's list is: \(list)."),
                .registers(world),
            ],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：事后批准，或紧急替代供应；请核对批准手续。",
                    en:
                        "It may have been approved afterwards, or stood in for another in an emergency: ask for the note."
                )
            ], parameters: ["list_size": size])
    }

    /// The site that was supplied: where fences lie in each other, as those of a site's phases do, the one of the note.
    private static func siteID(of delivery: Delivery, _ context: DeliveryContext, in world: World) -> String? {
        guard let ticket = context.ticket.match?.ticket,
            TicketAgreement.metresToSite(of: delivery, ticket, world) == 0,
            world.index.site(ticket.siteID, at: delivery.unloadStart) != nil
        else { return delivery.destination.id }
        return ticket.siteID
    }
}
