import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 失联停留: the truck went dark and came back near by, after long enough to load or unload.
///
/// It decides the verdict where the load must have happened in the dark: no load was seen, the truck had been heard of
/// long enough to see one, and no plant that may supply could be reached meanwhile.
struct DarkStay: DeliveryRule {
    let code = "dark-stay"
    let severity = 3
    let group = RuleGroup.device
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let hauls = world.parameters.hauls
        let parameters = [
            "distance_m": hauls.darkDistance, "stay_s": hauls.darkSeconds, "backfill_s": hauls.backfill,
            "wake_m": hauls.wakeDistance,
        ]
        guard let haul = delivery.haul else {
            return .insufficient(parameters, zh: "途中数据中断没有记录。", en: "Gaps on the way were not recorded.")
        }
        let gaps = haul.gaps.filter { gap in
            !Self.isSleep(gap, hauls) && gap.displacement <= hauls.darkDistance
                && gap.seconds - world.driveSeconds(gap.displacement) >= hauls.darkSeconds
                && !self.isExplained(gap, delivery, world)
        }
        guard !gaps.isEmpty else {
            return .no(parameters, zh: "没有失联后又在附近出现的情况。", en: "It never went dark and came back near by.")
        }
        let settled = gaps.filter { context.asOf.seconds(since: $0.end) >= hauls.backfill }
        guard let longest = settled.max(by: { $0.seconds < $1.seconds }) else {
            return .insufficient(
                parameters, zh: "有数据中断，终端可能补传，2 小时后再判断。",
                en: "There is a gap; the terminal may still fill it, so it is judged later.")
        }
        let plant = self.reachablePlant(longest, world)
        let mustHaveLoaded = !haul.isLoadSeen && !haul.mayHaveComeLoaded && plant == nil
        var facts = settled.map { self.fact($0, delivery) }
        if mustHaveLoaded {
            facts.append(
                Statement(
                    zh: "此前没有看到装料，失联期间也到不了任何有效站点：装料应发生在失联期间的别处。",
                    en:
                        "No load was seen before, and no licensed plant could be reached meanwhile: it must have been loaded in the dark, "
                        + "elsewhere."))
        }
        var answer = RuleAnswer.hit(
            parameters, facts: facts, counterfacts: Self.counterfacts(plant, context), in: world)
        answer.decides = mustHaveLoaded
        return answer
    }

    /// Whether a truck that stood when it went dark may have had its terminal asleep: those sleep when the ignition is
    /// off, or nothing moves, and wake before the truck is far away.
    private static func isSleep(_ gap: Haul.Gap, _ hauls: AnalysisParameters.Hauls) -> Bool {
        gap.isPartOfHalt && !(gap.isIgnitionOn == true && gap.displacement > hauls.wakeDistance)
    }

    /// Whether it went dark or came back at a place of the registers, or where it waited for plant or site.
    private func isExplained(_ gap: Haul.Gap, _ delivery: Delivery, _ world: World) -> Bool {
        let distance = world.parameters.hauls.queueDistance
        return [(gap.from, gap.start), (gap.to, gap.end)].contains { point, time in
            world.nearestPlace(to: point, within: distance, at: time) != nil
                || world.isQueue(point, of: delivery, knownOriginOnly: true)
        }
    }

    /// The plant that may supply to which the truck could have driven, been loaded, and come back.
    private func reachablePlant(_ gap: Haul.Gap, _ world: World) -> Plant? {
        world.registers.plants.first { plant in
            guard plant.status.maySupply, plant.period.contains(gap.start) else { return false }
            let way = plant.fence.distanceMetres(to: gap.from) + plant.fence.distanceMetres(to: gap.to)
            return world.driveSeconds(way) + world.parameters.cycles.loadSeconds <= gap.seconds
        }
    }

    private func fact(_ gap: Haul.Gap, _ delivery: Delivery) -> Statement {
        let (start, end) = (Wording.time(gap.start), Wording.time(gap.end))
        let (minutes, away) = (Wording.minutes(gap.seconds), Wording.metres(gap.displacement))
        let spot = Wording.coordinate(gap.from)
        let stood = gap.isPartOfHalt ? (zh: "（停车且未熄火）", en: ", standing with the ignition on,") : (zh: "", en: "")
        return Statement(
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 在 \(spot)\(stood.zh)失联，\(end) 在相距 \(away.zh) 处恢复（\(minutes) 分钟），足以装料或卸料。",
            en:
                "\(Wording.truck(delivery)) went dark at \(spot) at \(start)\(stood.en) and came back \(away.en) from there at "
                + "\(end) (\(minutes) min), long enough to load or unload.")
    }

    private static func counterfacts(_ plant: Plant?, _ context: DeliveryContext) -> [Statement] {
        var statements: [Statement] = []
        if let plant {
            statements.append(
                Statement(
                    zh: "失联期间可往返有效站点 \(plant.name)（\(plant.plantID)）装料。",
                    en: "It could have been loaded at the licensed plant \(plant.name) (\(plant.plantID)) meanwhile."))
        }
        statements.append(
            Statement(
                zh: "至 \(Wording.time(context.asOf)) 没有补传；可能的合理原因：地下车库、信号盲区、断电检修、司机休息。",
                en:
                    "Nothing had come in for it by \(Wording.time(context.asOf)); it may be a garage, a dead zone, a repair with the power "
                    + "off, or a rest."))
        return statements
    }
}

extension World {
    /// Seconds that a drive of this straight length takes.
    func driveSeconds(_ metres: Double) -> Double {
        let standing = self.parameters.standing
        return metres * standing.detour / (standing.gapSpeed / 3.6) + standing.startSeconds
    }
}
