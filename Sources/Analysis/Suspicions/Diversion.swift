import Chronology
import Deliveries
import Registers
import Tracks

/// 改道卸料（盗卖）: the note names one site, and the load was dropped at another place.
///
/// Who was at the note's site first, too shortly for a drop, may have been refused there, or have left a small part:
/// that speaks against the hit and stands beside it, as a halt at the gate would otherwise launder any diversion. Only
/// where the halt may have been a drop, as reports lie far apart or the site is a stretch of road, nothing is said.
/// Nor is it of a halt at another site that is a stretch of road, where trucks break down, unless a sensor shows the
/// discharge, or the next load that the truck was empty.
struct Diversion: DeliveryRule {
    let code = "diversion"
    let severity = 4
    let group = RuleGroup.destination
    let role = RuleRole.deciding
    let restsOnDrop = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let limit = world.parameters.tickets.diversion
        let parameters = ["distance_m": limit]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        let ticket = match.ticket
        guard let metres = TicketAgreement.metresToSite(of: delivery, ticket, world) else {
            return .insufficient(
                parameters, zh: "卸料地点或发货单上的工地（\(ticket.siteID)）位置未知。",
                en: "Where it was unloaded, or where the site of the note (\(ticket.siteID)) lies, is not known.")
        }
        let away = Wording.metres(metres)
        guard metres > limit else {
            return .no(
                parameters, zh: "卸料地点距\(Wording.ticket(match).zh)上的工地 \(away.zh)。",
                en: "It was unloaded \(away.en) from the site of \(Wording.ticket(match).en).")
        }
        let others = context.otherDrops.filter { other in
            TicketAgreement.metresToSite(of: other, ticket, world).map { $0 <= limit } ?? false
        }
        if let other = others.first {
            return .no(
                parameters, zh: "同一车料已于 \(Wording.time(other.unloadStart)) 在发货单上的工地卸料，此处为多点卸料之一（见“部分卸料盗卖”“未登记工地”）。",
                en:
                    "The same load was unloaded at the note's site at \(Wording.time(other.unloadStart)); this is another of its "
                    + "drops (see partial-diversion, unregistered-destination).")
        }
        let site = world.index.sites(ticket.siteID).last?.name ?? ticket.siteID
        if let doubt = self.partLeft(delivery, ticket, site, parameters, world)
            ?? self.heldUp(delivery, context, site, parameters, world)
        {
            return doubt
        }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let place =
            delivery.destination.id.flatMap { world.index.sites($0).last?.name }
            ?? Wording.coordinate(delivery.destination.coordinate)
        let fact = Statement(
            zh:
                "\(Wording.ticket(match).zh)的工地为 \(site)；\(Wording.truck(delivery)) 却于 \(start) 至 \(end) 在 \(place) 卸料，相距 \(away.zh)。",
            en:
                "The \(Wording.ticket(match).en) names the site \(site); but \(Wording.truck(delivery)) unloaded at \(place) from "
                + "\(start) to \(end), \(away.en) from there.")
        return .hit(
            parameters, facts: [fact], counterfacts: Self.counterfacts(delivery, context, ticket, site, world),
            in: world)
    }

    /// A halt at the note's site, before a drop at another registered one or after it, that may have been a drop as
    /// well, so that there was no diversion: reports that lie far apart, not the truck, made it too short for one; or
    /// the site is a stretch of road, where it may have been held up or have poured.
    private func partLeft(
        _ delivery: Delivery, _ ticket: Ticket, _ site: String, _ parameters: [String: Double], _ world: World
    ) -> RuleAnswer? {
        guard delivery.destination.kind == .site, let haul = delivery.haul else { return nil }
        let shortest = world.parameters.cycles.dropSeconds
        let halts = (haul.halts + (haul.comeback?.halts ?? []))
            .filter { $0.place == PlaceReference(.site, ticket.siteID) }
        if let part = halts.first(where: { $0.seconds < shortest && $0.seconds + ($0.edgeSeconds ?? 0) >= shortest }) {
            let start = Wording.time(part.start)
            return .insufficient(
                parameters,
                zh: "车辆 \(start) 起曾在发货单上的工地 \(site) 停留，按上报间隔可能已在该处卸一部分，此处为另一个卸料点。",
                en:
                    "The truck was at the note's site \(site) from \(start) on, by the spacing of its reports perhaps long enough to "
                    + "have left a part there; this may be another drop.")
        }
        guard world.isRoadSite(ticket.siteID, at: delivery.unloadStart),
            let part = halts.first(where: { $0.seconds >= shortest && !self.isHeard($0, world) })
        else { return nil }
        let (start, minutes) = (Wording.time(part.start), Wording.minutes(part.seconds))
        return .insufficient(
            parameters.merging(Self.roadParameters(world)) { own, _ in own },
            zh:
                "车辆 \(start) 起曾在发货单上的工地 \(site)（道路工程）停留 \(minutes) 分钟，没有传感器信号：可能是拥堵等候，也可能已在该处卸一部分，此处为另一个卸料点，不足以判断。",
            en:
                "The truck was at the note's site \(site), a stretch of road, from \(start) on for \(minutes) min, and no sensor was heard: "
                + "it may have been held up there, or have left a part there, and this may be another drop. Too little to judge by."
        )
    }

    /// Whether sensors told all through a halt whether something was discharged.
    private func isHeard(_ halt: Haul.Halt, _ world: World) -> Bool {
        halt.evidence.loadChange != nil
            || halt.evidence.drumKnownSeconds >= world.parameters.evidence.heardShare * halt.seconds
    }

    /// It stood in the site around the plant that loaded it, perhaps on its way elsewhere.
    private func waitedBesidePlant(
        _ delivery: Delivery, _ site: String, _ parameters: [String: Double], _ world: World
    ) -> RuleAnswer? {
        guard delivery.destination.kind == .site, !delivery.isDischargeShown, let id = delivery.destination.id,
            delivery.origin.kind == .plant, let plant = delivery.origin.id,
            world.isSite(id, around: plant, at: delivery.unloadStart)
        else { return nil }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let name = world.index.sites(id).last?.name ?? id
        return .insufficient(
            parameters,
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 在工地 \(name) 内，而发货单上的工地为 \(site)。装料的拌合站就在 \(name) 围栏内；"
                + "没有传感器显示卸料：也可能是在站外等候，不足以判断。",
            en:
                "\(Wording.truck(delivery)) was in the site \(name) from \(start) to \(end), and the note names \(site). The plant that loaded "
                + "it lies in that site, and no sensor shows a discharge: it may have waited outside the plant. Too little to judge by."
        )
    }

    /// It stood at a site that is a stretch of road, perhaps on its way elsewhere.
    private func heldUp(
        _ delivery: Delivery, _ context: DeliveryContext, _ site: String, _ parameters: [String: Double],
        _ world: World
    ) -> RuleAnswer? {
        if let answer = self.waitedBesidePlant(delivery, site, parameters, world) { return answer }
        guard delivery.destination.kind == .site, !delivery.isDischargeShown, let id = delivery.destination.id,
            world.isRoadSite(id, at: delivery.unloadStart),
            !(context.nextLoad?.showsEmpty(world.parameters.rules) ?? false)
        else { return nil }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let name = world.index.sites(id).last?.name ?? id
        let limits = Self.roadParameters(world)
            .merging(["emptied_s": world.parameters.rules.emptiedSeconds]) { own, _ in own }
        return .insufficient(
            parameters.merging(limits) { own, _ in own },
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 停在工地 \(name) 内，而发货单上的工地为 \(site)。\(name) 为道路工程，其他车辆也从中通过；"
                + "没有传感器显示卸料，其后的装料也未表明车已卸空：与故障、拥堵后返回无从区分，不足以判断。",
            en:
                "\(Wording.truck(delivery)) stood at the site \(name) from \(start) to \(end), and the note names \(site). \(name) is a stretch "
                + "of road, through which others drive, too. No sensor shows a discharge, and no load after it that the truck was empty: a "
                + "breakdown or a jam, after which the concrete went back, looks the same. Too little to judge by.")
    }

    private static func roadParameters(_ world: World) -> [String: Double] {
        let visits = world.parameters.visits
        return ["road_site_m": visits.roadSiteLength, "road_site_times": visits.roadSiteRatio]
    }

    private static func counterfacts(
        _ delivery: Delivery, _ context: DeliveryContext, _ ticket: Ticket, _ site: String, _ world: World
    ) -> [Statement] {
        let called = (delivery.haul?.halts ?? []).filter { $0.place == PlaceReference(.site, ticket.siteID) }
        let calls = called.map { halt in
            let (from, to, minutes) = (
                Wording.time(halt.start), Wording.time(halt.end), Wording.minutes(halt.seconds)
            )
            return Statement(
                zh: "车辆此前于 \(from) 至 \(to) 曾在发货单上的工地 \(site) 停留 \(minutes) 分钟：可能被拒收，或已卸一小部分。",
                en:
                    "Before, it was at the note's site \(site) from \(from) to \(to) (\(minutes) min): it may have been refused "
                    + "there, or have left a small part.")
        }
        let isEmptied = context.nextLoad?.showsEmpty(world.parameters.rules) ?? false
        let inferred =
            isEmptied
            ? Statement(
                zh: "卸料由停留推断，没有传感器信号；该车回站后即装下一张自己的发货单，料应已不在车上，但可能是故障后转由他车运走，或原料随下一张发货单改派。",
                en:
                    "The unloading is inferred from a halt, no sensor shows it. The truck took the next load with a note of its own as soon "
                    + "as it came back, so that it was likely empty; but another truck may have taken the concrete over, or it may have "
                    + "been sent on with the next note.")
            : Statement(
                zh: "卸料由停留推断，没有传感器信号：也可能是故障、等候或休息，料可能被拒收后运回站点。",
                en:
                    "The unloading is inferred from a halt, no sensor shows it: it may have been a breakdown, a wait or a rest, and "
                    + "the concrete may have gone back to the plant.")
        let isInferred = !delivery.isDischargeShown
        return calls + (isInferred ? [inferred] : []) + [
            Statement(
                zh: "可能的合理原因：工地大门迁移、分期工程、改派后发货单未更正，或工地退料后转送。",
                en:
                    "The gate may have moved, the site may have two parts, the order may have been redirected, or the "
                    + "concrete was refused and sent on.")
        ]
    }
}
