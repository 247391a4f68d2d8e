import Chronology
import Deliveries
import Registers
import Tracks

/// What a hit that rests on where the truck was loaded is worth where nothing but a stay at the plant shows that.
enum InferredLoad {
    /// It had stood at another plant before, and dropped nothing since: the short stay at this one may have been a jam
    /// or a repair of a truck that came loaded. A sensor that shows the loading leaves no such load behind.
    static func objection(
        to answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext, in world: World
    ) -> RuleAnswer? {
        guard delivery.origin.kind == .plant, let earlier = delivery.haul?.earlier,
            !(context.ticket.match?.isOwn ?? false),
            !delivery.isStayLong(world.parameters.cycles), let start = delivery.loadStart, let end = delivery.loadEnd
        else { return nil }
        let name = world.index.plant(earlier.plantID, at: earlier.end)?.name ?? earlier.plantID
        let (from, to) = (Wording.time(earlier.start), Wording.time(earlier.end))
        let (came, left) = (Wording.time(start), Wording.time(end))
        return .insufficient(
            answer.parameters.merging(["certain_reload_s": world.parameters.cycles.certainReloadSeconds]) {
                own, _ in own
            },
            zh:
                "\(Wording.truck(delivery)) 于 \(from) 至 \(to) 停在\(name)（\(earlier.plantID)），其后没有卸料，再于 \(came) 至 \(left) 停在读作装料地点的站内："
                + "没有发货单或传感器表明在哪一处装料，也可能是重车在此遇堵、维修，不足以判断。",
            en:
                "\(Wording.truck(delivery)) stood at \(name) (\(earlier.plantID)) from \(from) to \(to) and dropped nothing before it stood "
                + "at the plant at which it is read to have been loaded, from \(came) to \(left). No note and no sensor tells at "
                + "which of them it was loaded: it may have come loaded and met a jam, or been repaired. Too little to judge by."
        )
    }

    /// A halt outside every register, taken for a load because the truck then unloaded at a second site, while concrete
    /// of a plant's load may still have been on it: it may have had fuel there. `nil` where a sensor or the place shows
    /// a load, where it is too old to be the rest, or where a note of this drop tells. One of the load before for its
    /// first site does not: it belongs to the load, and a second drop needs none of its own.
    static func restOfLoad(
        _ delivery: Delivery, _ context: DeliveryContext, _ parameters: [String: Double], in world: World
    ) -> RuleAnswer? {
        let urgent = world.parameters.rules.urgentOrigin
        guard delivery.origin.kind == .unknown, delivery.destination.kind == .site, !delivery.isLoadUnseen,
            delivery.confidence["origin"] ?? 1 < urgent, !(context.ticket.match?.isOwn ?? false),
            let earlier = delivery.haul?.earlier, let start = delivery.loadStart, let end = delivery.loadEnd
        else { return nil }
        let name = world.index.plant(earlier.plantID, at: earlier.end)?.name ?? earlier.plantID
        let (truck, spot) = (Wording.truck(delivery), Wording.coordinate(delivery.origin.coordinate))
        let (left, came, went) = (Wording.time(earlier.end), Wording.time(start), Wording.time(end))
        let minutes = Wording.minutes(end.seconds(since: start))
        return .insufficient(
            parameters,
            zh:
                "\(truck) 于 \(left) 离开\(name)（\(earlier.plantID)），在前一处卸料后，\(came) 至 \(went) 在 \(spot) 停留 \(minutes) 分钟，再到本处卸料："
                + "本处没有发货单（同一车料的后续卸料点不需另行开票），没有传感器信号，该处不是疑似搅拌点，该车近期也未在该处多次装料；可能是加油、就餐，所卸为该站上一车料的剩余，"
                + "也可能在该处装料，不足以判断。该处再有装料时重新判断。",
            en:
                "\(truck) left \(name) (\(earlier.plantID)) at \(left) and, after a drop, stood at \(spot) from \(came) to \(went) "
                + "(\(minutes) min) before it unloaded here. No note is for this site (a further drop of a load needs none of its own), "
                + "no sensor was heard, the place is no suspected plant, and the truck was not loaded there again and again lately: it "
                + "may have had fuel or a meal and have unloaded the rest of the load of that plant, or have been loaded there. Too "
                + "little to judge by; it is judged again when more loads are seen there.")
    }

    /// A halt outside every register, taken for a load, of a truck with its engine off: that drives the drum, which has
    /// to turn to be loaded. `nil` where it ran for as long as the fastest load takes, and where a sensor or what other
    /// trucks did there shows loads; that the same truck rests there again and again does not.
    static func engineOff(_ delivery: Delivery, _ parameters: [String: Double], in world: World) -> RuleAnswer? {
        let (share, fastest) = (world.parameters.evidence.heardShare, world.parameters.cycles.fastestLoadSeconds)
        guard delivery.origin.kind == .unknown, !delivery.isLoadUnseen, !delivery.isDischargeShown,
            delivery.confidence["origin"] ?? 1 < world.parameters.cycles.provenLoadConfidence,
            let off = delivery.haul?.engineOffSeconds, let start = delivery.loadStart, let end = delivery.loadEnd
        else { return nil }
        let stood = end.seconds(since: start)
        guard off >= share * stood, stood - off < fastest else { return nil }
        let (truck, spot) = (Wording.truck(delivery), Wording.coordinate(delivery.origin.coordinate))
        let (came, left) = (Wording.time(start), Wording.time(end))
        let (minutes, silent) = (Wording.minutes(stood), Wording.minutes(min(off, stood)))
        return .insufficient(
            parameters.merging(["fastest_load_s": fastest]) { own, _ in own },
            zh:
                "\(truck) 于 \(came) 至 \(left) 在 \(spot) 停留 \(minutes) 分钟，其中 \(silent) 分钟上报为熄火：搅拌筒由发动机带动，熄火时无法装料，"
                + "也没有传感器信号，该处不是疑似搅拌点；很可能是休息、就餐，不足以判断。",
            en:
                "\(truck) stood at \(spot) from \(came) to \(left) (\(minutes) min), by its reports with the ignition off for "
                + "\(silent) min: the engine drives the drum, which takes no load while it stands still. No sensor shows a load, and the "
                + "place is no suspected plant; it was likely a rest or a meal. Too little to judge by.")
    }

    /// The hit, with the counter-fact that the load was inferred where nothing else shows it.
    static func qualified(_ answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext) -> RuleAnswer {
        guard delivery.origin.kind == .plant, !delivery.isDischargeShown, !(context.ticket.match?.isOwn ?? false),
            let start = delivery.loadStart, let end = delivery.loadEnd
        else { return answer }
        let stood = Wording.minutes(end.seconds(since: start))
        var answer = answer
        answer.counterfacts.append(
            Statement(
                zh: "在该站装料由车辆停留 \(stood) 分钟推断，没有发货单和传感器信号为证。",
                en:
                    "That it was loaded at the plant is inferred from a stay of \(stood) min: no delivery note and no sensor "
                    + "shows it."))
        return answer
    }
}
