import Chronology
package import Deliveries
import Tracks

/// What rests on a halt alone. Without a sensor a load is a stay at a plant, where a plant's own trucks are also washed
/// and parked, and a drop outside every register is a halt, which may be a meal, a repair or a breakdown. Neither
/// accuses anybody by itself: a delivery note, a sensor, a visit to a site or other loads to the same place have to say
/// the same.
enum InferredSupply {
    /// Why a hit of a rule does not stand; `nil`: it does.
    static func objection(
        to answer: RuleAnswer, restsOnLoad: Bool, restsOnDrop: Bool, _ delivery: Delivery, _ context: DeliveryContext,
        in world: World
    ) -> RuleAnswer? {
        guard !delivery.isDischargeShown else { return nil }
        if delivery.unregisteredDrop != nil {
            guard !self.isRepeated(context, world) else { return nil }
            if restsOnDrop, let road = self.onRoad(answer, delivery, context, in: world) { return road }
            if restsOnDrop || restsOnLoad, delivery.origin.kind == .plant, !self.hasOwnNote(context) {
                return self.singleHalt(answer, delivery)
            }
            return nil
        }
        let stood = delivery.unloadEnd.seconds(since: delivery.unloadStart)
        let shortest = world.parameters.rules.convincingDropSeconds
        guard restsOnLoad, delivery.origin.kind == .plant, delivery.destination.kind == .site, stood < shortest else {
            return nil
        }
        return .insufficient(
            answer.parameters.merging(["convincing_s": shortest]) { own, _ in own },
            zh:
                "装料由在站内停留推断，其后在工地只停留 \(Wording.minutes(stood)) 分钟，也没有传感器信号：可能是在站内洗车、停放后空车到工地接人，不足以判断。",
            en:
                "The loading is inferred from a stay at the plant, the halt at the site after it was \(Wording.minutes(stood)) min, and "
                + "no sensor shows a load: it may have been washed or parked there and have gone to the site empty. Too little to judge by."
        )
    }

    /// A halt outside every register, taken for a load because the truck then stood some minutes at a site: the crew
    /// and papers are fetched so, too. `nil` where a sensor, the place or the length of the visit says more.
    static func shortCall(
        _ delivery: Delivery, _ parameters: [String: Double], in world: World
    ) -> RuleAnswer? {
        let stood = delivery.unloadEnd.seconds(since: delivery.unloadStart)
        let shortest = world.parameters.rules.convincingDropSeconds
        guard delivery.origin.kind == .unknown, delivery.destination.kind == .site, stood < shortest,
            !delivery.isDischargeShown, !delivery.isLoadUnseen,
            delivery.confidence["origin"] ?? 1 < world.parameters.cycles.provenLoadConfidence
        else { return nil }
        return .insufficient(
            parameters.merging(["convincing_s": shortest]) { own, _ in own },
            zh:
                "装料只由一次停留推断，其后在工地只停留 \(Wording.minutes(stood)) 分钟，没有传感器信号：也可能是空车到工地接人、取件，不足以判断。",
            en:
                "The loading is inferred from a halt, the halt at the site after it was \(Wording.minutes(stood)) min, and no sensor shows "
                + "a load or a discharge: it may have called there empty, for the crew or for papers. Too little to judge by."
        )
    }

    /// Whether nothing but halts shows this drop: no sensor, and no stay at a site that pours.
    static func isInferred(_ drop: Delivery, in world: World) -> Bool {
        guard !drop.isDischargeShown else { return false }
        let stood = drop.unloadEnd.seconds(since: drop.unloadStart)
        return drop.unregisteredDrop != nil
            || drop.destination.kind == .site && stood < world.parameters.rules.convincingDropSeconds
    }

    /// Another truck's note shows no load of this one.
    static func hasOwnNote(_ context: DeliveryContext) -> Bool {
        context.ticket.match.map { $0.agreement.truck != .different } ?? false
    }

    private static func isRepeated(_ context: DeliveryContext, _ world: World) -> Bool {
        (context.placeDrops?.otherLoads ?? 0) >= world.parameters.rules.repeatedDrops
    }

    /// It stood where trucks drive: a breakdown, a jam or a queue looks the same.
    private static func onRoad(
        _ answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext, in world: World
    ) -> RuleAnswer? {
        let distance = world.parameters.hauls.roadDistance
        guard let spot = delivery.unregisteredDrop,
            context.roads?.reading(at: spot, within: distance) == .onRoad
        else { return nil }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        return .insufficient(
            answer.parameters.merging(["road_m": distance]) { own, _ in own },
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 停在常用道路上（不超过 \(Int(distance)) 米），没有传感器显示卸料，也没有其他车次被证实在此卸料：与故障、拥堵、排队无从区分，不足以判断。",
            en:
                "\(Wording.truck(delivery)) stood on a usual road (within \(Int(distance)) m) from \(start) to \(end). No sensor shows "
                + "that anything was unloaded, and no other load is shown to have gone there: a breakdown, a jam or a queue looks the "
                + "same. Too little to judge by.")
    }

    /// A stay at a plant and a halt elsewhere, and nothing else.
    private static func singleHalt(_ answer: RuleAnswer, _ delivery: Delivery) -> RuleAnswer {
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        return .insufficient(
            answer.parameters,
            zh:
                "装料和卸料都只由停留推断：没有发货单，没有传感器信号，\(start) 至 \(end) 停留的地点也没有其他车次被证实卸料。可能是在站内洗车、停放后空车去就餐或维修，不足以判断；该处再有卸料被证实时重新判断。",
            en:
                "That it was loaded, and unloaded, is inferred from halts alone: there is no delivery note and no sensor, and no other load is shown "
                + "to have gone to where it stood from \(start) to \(end). It may have been washed or parked at the plant and have gone, empty, for "
                + "a meal or a repair. Too little to judge by; it is judged again when another load is shown to have gone "
                + "there.")
    }
}

extension CarriedLoad {
    /// Whether nothing but halts shows that there was a load; a delivery note of it is for the caller to ask about.
    package func isInferred(in world: World) -> Bool {
        self.drops.allSatisfy { InferredSupply.isInferred($0, in: world) }
    }
}

extension Delivery {
    /// Whether a sensor shows that it was unloaded.
    var isDischargeShown: Bool { self.confidence["discharge"] == 1 }
}
