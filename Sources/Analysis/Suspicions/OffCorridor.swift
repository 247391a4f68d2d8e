import Chronology
import Deliveries
import Registers
import Tracks

/// 偏离常规路线: loaded, the truck was far off every way that trucks have taken between this plant and this site.
struct OffCorridor: DeliveryRule {
    let code = "off-corridor"
    let severity = 2
    let group = RuleGroup.driving
    let role = RuleRole.besideVerdict
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let rule = world.parameters.corridors
        let parameters = ["distance_m": rule.distance, "duration_s": rule.seconds, "trips": Double(rule.trips)]
        let site = delivery.destination.kind == .site ? delivery.destination.id : nil
        guard delivery.origin.kind == .plant, let plant = delivery.origin.id,
            let target = context.ticket.match?.ticket.siteID ?? site
        else {
            return .insufficient(
                parameters, zh: "站点或工地未知，没有常规路线可比。", en: "Plant or site is not known, so there is no usual way.")
        }
        guard let corridors = context.corridors, let way = context.way, way.count > 1 else {
            return .insufficient(parameters, zh: "没有可比的行车轨迹。", en: "No track of this trip is at hand to compare.")
        }
        let pair = Corridors.Pair(plantID: plant, siteID: target)
        // A known place is kept with the halt only where the truck stood: who drives through its yard has no excuse.
        let halts = (delivery.haul?.halts ?? []).filter { $0.place?.kind == .place && $0.start <= $0.end }
        switch corridors.reading(
            of: way, of: delivery.loadID, for: pair, visits: halts.map { $0.start...$0.end })
        {
        case .insufficient(let trips):
            return .insufficient(
                parameters, zh: "\(plant) 至 \(target) 已知 \(trips) 趟，不足 \(rule.trips) 趟。",
                en: "\(trips) trips from \(plant) to \(target) are known, fewer than \(rule.trips).")
        case .within(let trips):
            return .no(
                parameters, zh: "与 \(plant) 至 \(target) 已知的 \(trips) 趟路线相符。",
                en: "It kept to the ways of the \(trips) known trips from \(plant) to \(target).")
        case .visiting(let departure, let trips):
            let (start, end) = (Wording.time(departure.start), Wording.time(departure.end))
            let names = Self.names(halts, during: departure, in: world)
            let (here, there) = (names.joined(separator: "、"), names.joined(separator: ", "))
            return .no(
                parameters,
                zh: "\(start) 至 \(end) 离开 \(plant) 至 \(target) 的常规路线（已知 \(trips) 趟），其间停在已知场所 \(here)。",
                en:
                    "From \(start) to \(end) it was off the ways from \(plant) to \(target) (\(trips) trips known), and stood "
                    + "meanwhile at the known place \(there).")
        case .off(let departure, let trips):
            let (start, end) = (Wording.time(departure.start), Wording.time(departure.end))
            let (spot, away) = (Wording.coordinate(departure.coordinate), Wording.metres(departure.metres))
            return .hit(
                parameters,
                facts: [
                    Statement(
                        zh:
                            "\(Wording.truck(delivery)) 载料途中 \(start) 至 \(end) 离开 \(plant) 至 \(target) 的常规路线（已知 \(trips) 趟），最远 \(away.zh)，位于 \(spot)。",
                        en:
                            "\(Wording.truck(delivery)), loaded, was off the ways from \(plant) to \(target) (\(trips) trips known) from "
                            + "\(start) to \(end), at the farthest \(away.en), at \(spot).")
                ],
                counterfacts: [
                    Statement(
                        zh: "可能的合理原因：封路、绕行、拥堵、限行时段改道。",
                        en: "A road may have been closed or jammed, or restricted at that hour.")
                ], in: world)
        }
    }

    /// The known places at which the truck stood in a stretch off the usual ways.
    private static func names(
        _ halts: [Haul.Halt], during departure: Corridors.Departure, in world: World
    ) -> [String] {
        let ids = halts.filter { $0.start <= departure.end && $0.end >= departure.start }.compactMap(\.place?.id)
        return Set(ids).sorted().map { world.index.place($0)?.name ?? $0 }
    }
}
