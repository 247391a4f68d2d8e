import Chronology
package import Deliveries
import Registers
import Tracks

/// What rests on a halt alone. Without a sensor a load is a stay at a plant, where a plant's own trucks are also washed
/// and parked, and a drop outside every register is a halt, which may be a meal, a repair or a breakdown. Neither
/// accuses anybody by itself: a delivery note, a sensor, a visit to a site or what other loads show of the same place
/// (`PlaceDrops`) have to say the same.
enum InferredSupply {
    /// Why a hit of a rule does not stand; `nil`: it does.
    static func objection(
        to answer: RuleAnswer, restsOnLoad: Bool, restsOnDrop: Bool, _ delivery: Delivery, _ context: DeliveryContext,
        in world: World
    ) -> RuleAnswer? {
        let isNoted = context.ticket.match?.isOwn ?? false
        if restsOnDrop, let washed = self.washedOut(answer, delivery, in: world) { return washed }
        // Who pours out wash water somewhere unloads nothing; a note, or another drop, shows that there was a load.
        let rinsed = isNoted || !context.otherDrops.isEmpty ? nil : delivery.rinseSeconds(in: world)
        if delivery.unregisteredDrop != nil, !delivery.isDischargeShown || rinsed != nil {
            guard !self.isSupplied(context, world) else { return nil }
            if restsOnDrop, let back = self.broughtBack(answer, delivery, context, in: world) { return back }
            if restsOnDrop, rinsed == nil, let road = self.onRoad(answer, delivery, context, in: world) { return road }
            if restsOnDrop || restsOnLoad, delivery.origin.kind == .plant, !isNoted {
                return self.singleHalt(answer, delivery, rinsed: rinsed, in: world)
            }
            return nil
        }
        // Whom its own note says to have been loaded did not call at the site empty, however quick the pour was.
        guard !isNoted, !delivery.isDischargeShown else { return nil }
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

    /// Whether nothing but halts shows this drop: no sensor, and no stay at a site that pours. Outside every register a
    /// drum that turned back for a moment shows no load (`isLoadDischarged`): it may have poured out wash water.
    static func isInferred(_ drop: Delivery, in world: World) -> Bool {
        guard drop.unregisteredDrop == nil else { return !drop.isLoadDischarged(in: world) }
        let stood = drop.unloadEnd.seconds(since: drop.unloadStart)
        return !drop.isDischargeShown && drop.destination.kind == .site
            && stood < world.parameters.rules.convincingDropSeconds
    }

    private static func isSupplied(_ context: DeliveryContext, _ world: World) -> Bool {
        context.placeDrops?.isSupplied(world.parameters.rules) ?? false
    }

    /// The hit of a rule that stands because of others at the place, with what shows that they were there.
    static func supported(
        _ answer: RuleAnswer, restsOnLoad: Bool, restsOnDrop: Bool, _ delivery: Delivery, _ context: DeliveryContext,
        in world: World
    ) -> RuleAnswer {
        let rules = world.parameters.rules
        let isNoted = context.ticket.match?.isOwn ?? false
        guard restsOnDrop || restsOnLoad && delivery.origin.kind == .plant && !isNoted,
            delivery.unregisteredDrop != nil, !delivery.isLoadDischarged(in: world),
            let reasons = context.placeDrops?.reasons(rules), !reasons.isEmpty
        else { return answer }
        var answer = answer
        answer.facts.insert(contentsOf: reasons, at: max(0, answer.facts.count - 1))
        answer.parameters.merge(self.parameters(rules)) { own, _ in own }
        return answer
    }

    private static func parameters(_ rules: AnalysisParameters.Rules) -> [String: Double] {
        [
            "repeated_drops": Double(rules.repeatedDrops), "repeated_days": rules.repeatedDropDays,
            "daily_shuttles": Double(rules.dailyShuttles), "repeated_shuttles": Double(rules.repeatedShuttles),
            "shuttle_days": rules.shuttleDays, "emptied_s": rules.emptiedSeconds,
        ]
    }

    /// It waited for the site of its note, or was turned back there, and came back to the plant that loaded it: what
    /// was on it may have been taken back there.
    private static func broughtBack(
        _ answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext, in world: World
    ) -> RuleAnswer? {
        let rules = world.parameters.rules
        guard let match = context.ticket.match, match.isOwn, let haul = delivery.haul, let comeback = haul.comeback,
            delivery.origin.kind == .plant, comeback.plantID == delivery.origin.id
        else { return nil }
        let site = PlaceReference(.site, match.ticket.siteID)
        let metres = TicketAgreement.metresToSite(of: delivery, match.ticket, world)
        let isNear = metres.map { $0 <= rules.returnDistance } ?? false
        let calledAfter = comeback.halts.contains { $0.place == site }
        let hasCalled = calledAfter || isNear && haul.halts.contains { $0.place == site }
        guard isNear || calledAfter, hasCalled || !(context.nextLoad?.showsEmpty(rules) ?? false) else { return nil }
        let name = world.index.sites(match.ticket.siteID).last?.name ?? match.ticket.siteID
        let plant = world.index.plants(comeback.plantID).last?.name ?? comeback.plantID
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let away = metres.map(Wording.metres) ?? (zh: "未知距离", en: "an unknown distance")
        let called =
            hasCalled ? Statement(zh: "，曾到工地门口", en: ", was at the site's gate") : Statement(zh: "", en: "")
        let stood: Statement
        if let next = context.nextLoad {
            let minutes = Wording.minutes(next.end.seconds(since: next.start))
            stood = Statement(
                zh: "，在站内 \(minutes) 分钟后再次出站", en: ", which it left \(minutes) min later with the next load")
        } else {
            stood = Statement(zh: "，其后没有从该站运出的车次", en: ", from which no load of it followed")
        }
        return .insufficient(
            answer.parameters.merging(
                ["return_m": rules.returnDistance, "emptied_s": rules.emptiedSeconds]
            ) { own, _ in own },
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 停在距发货单工地 \(name) \(away.zh) 处\(called.zh)，\(Wording.time(comeback.start)) "
                + "回到装料站点 \(plant)\(stood.zh)，没有传感器显示途中卸料：料可能被拒收或未获召入，已退回站点处理，不足以判断。",
            en:
                "\(Wording.truck(delivery)) stood \(away.en) from the note's site \(name) from \(start) to \(end)\(called.en), and came back at "
                + "\(Wording.time(comeback.start)) to \(plant), which had loaded it\(stood.en). No sensor shows a discharge on the way: the "
                + "concrete may have been refused, or not been called in, and been taken back to the plant. Too little to judge by."
        )
    }

    /// It stood where trucks drive: a breakdown, a jam or a queue looks the same.
    private static func onRoad(
        _ answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext, in world: World
    ) -> RuleAnswer? {
        let distance = world.parameters.hauls.roadDistance
        let rules = world.parameters.rules
        guard let spot = delivery.unregisteredDrop,
            context.roads?.reading(at: spot, within: distance) == .onRoad
        else { return nil }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let wanting = PlaceDrops.wanting(of: world.kind(of: delivery), rules)
        var next = Statement(zh: "", en: "")
        if let load = context.nextLoad, load.showsEmpty(rules) {
            let minutes = Wording.minutes(load.end.seconds(since: load.start))
            next = Statement(
                zh: "该车回站后 \(minutes) 分钟即装下一张自己的发货单，料应已不在车上，但单独一次也可能是故障转车或原料改派；",
                en:
                    "It took the next load with a note of its own within \(minutes) min of coming back, so that it was likely empty; but once alone, "
                    + "the concrete may have been taken over by another truck, or sent on with the next note. ")
        }
        return .insufficient(
            answer.parameters.merging(["road_m": distance]) { own, _ in own }
                .merging(self.parameters(rules)) { own, _ in own },
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 停在常用道路上（不超过 \(Int(distance)) 米），没有传感器显示卸料，\(wanting.zh)。\(next.zh)与故障、拥堵、排队无从区分，不足以判断。",
            en:
                "\(Wording.truck(delivery)) stood on a usual road (within \(Int(distance)) m) from \(start) to \(end). No sensor shows "
                + "that anything was unloaded, and \(wanting.en). \(next.en)A breakdown, a jam or a queue looks the "
                + "same. Too little to judge by.")
    }

    /// The load had been poured at its site, and the drum turned back again for a part of that time: washed out where
    /// trucks are washed that no register knows.
    private static func washedOut(
        _ answer: RuleAnswer, _ delivery: Delivery, in world: World
    ) -> RuleAnswer? {
        let rules = world.parameters.rules
        guard let washed = delivery.washSeconds(in: world), let poured = delivery.haul?.pouredSeconds else {
            return nil
        }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let (back, before) = (Int(washed), Int(min(poured, 1e6)))
        return .insufficient(
            answer.parameters.merging(["whole_pour_s": rules.wholePourSeconds, "wash_share": rules.washShare]) {
                own, _ in own
            },
            zh:
                "该车料此前在登记工地卸料时搅拌筒已反转 \(before) 秒，足以卸完；\(start) 至 \(end) 在此处又反转 \(back) 秒，没有载重信号：可能只是清洗搅拌筒，不足以判断。",
            en:
                "At registered sites the drum had turned back for \(before) s before, long enough to pour the load; here it turned back for "
                + "another \(back) s from \(start) to \(end), and no load sensor tells: it may have been washed out. Too little to judge by."
        )
    }

    /// A stay at a plant and a halt elsewhere, and nothing else.
    /// - Parameter rinsed: seconds for which the drum turned back, too few for a load.
    private static func singleHalt(
        _ answer: RuleAnswer, _ delivery: Delivery, rinsed: Double?, in world: World
    ) -> RuleAnswer {
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let rules = world.parameters.rules
        let wanting = PlaceDrops.wanting(of: world.kind(of: delivery), rules)
        var parameters = answer.parameters.merging(self.parameters(rules)) { own, _ in own }
        guard let rinsed else {
            return .insufficient(
                parameters,
                zh:
                    "装料和卸料都只由停留推断：没有发货单，没有传感器信号，\(start) 至 \(end) 停留的地点，\(wanting.zh)。可能是在站内洗车、停放后空车去就餐或维修，不足以判断；该处再有卸料被证实时重新判断。",
                en:
                    "That it was loaded, and unloaded, is inferred from halts alone: there is no delivery note and no sensor, and of where it stood "
                    + "from \(start) to \(end), \(wanting.en). It may have been washed or parked at the plant and have gone, empty, for "
                    + "a meal or a repair. Too little to judge by; it is judged again when more is known of the place.")
        }
        let needed = world.parameters.evidence.dischargeSecondsAfterDrop
        parameters["rinse_s"] = needed
        let seconds = Int(rinsed)
        return .insufficient(
            parameters,
            zh:
                "没有发货单，装料只由在站内停留推断；\(start) 至 \(end) 搅拌筒反转 \(seconds) 秒，少于卸料所需的 \(Int(needed)) 秒，可能只是排出洗车水；\(wanting.zh)。不足以判断。",
            en:
                "There is no delivery note, and that it was loaded is inferred from a stay at the plant. From \(start) to \(end) the drum turned "
                + "back for \(seconds) s, less than the \(Int(needed)) s that show a load: it may have poured out wash water; and "
                + "\(wanting.en). Too little to judge by.")
    }
}

extension CarriedLoad {
    /// Whether nothing but halts shows that there was a load; a delivery note of it is for the caller to ask about.
    package func isInferred(in world: World) -> Bool {
        self.drops.allSatisfy { InferredSupply.isInferred($0, in: world) }
    }
}
