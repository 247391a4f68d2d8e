import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 无资质来源: the truck was loaded outside every plant of every register that is loaded.
///
/// A plant whose licence does not hold is a plant all the same; that is `licence-invalid`'s question.
struct UnlicensedOrigin: DeliveryRule {
    let code = "unlicensed-origin"
    let severity = 4
    let group = RuleGroup.origin
    let role = RuleRole.required

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let margin = world.parameters.rules.margin
        let parameters = ["margin_m": margin, "urgent_confidence": world.parameters.rules.urgentOrigin]
        guard !world.registers.plants.isEmpty else {
            return RuleAnswer(
                .insufficient,
                facts: [Statement(zh: "尚未导入任何站点登记，无法判断来源。", en: "No register of plants is loaded.")],
                parameters: parameters)
        }
        if delivery.origin.kind == .plant {
            return ShortPass.doubt(delivery, context, parameters, in: world)
                ?? TopUp.doubt(delivery, context, parameters, in: world)
                ?? self.registered(delivery, world, parameters)
        }
        guard let place = delivery.origin.coordinate, let loadStart = delivery.loadStart,
            let loadEnd = delivery.loadEnd
        else {
            return RuleAnswer(
                .insufficient,
                facts: [
                    Statement(
                        zh: "装料过程未被看到，装料地点未知。", en: "The loading was not seen; where it took place is not known.")
                ], parameters: parameters)
        }
        if let near = NearestRow.plant(to: place, at: loadEnd, in: world), near.metres <= margin {
            return RuleAnswer(
                .no,
                facts: [
                    Statement(
                        zh: "装料地点在登记站点\(near.wording.zh)，不超过 \(Int(margin)) 米。",
                        en: "The loading place is at a registered plant: \(near.wording.en), within \(Int(margin)) m.")
                ], parameters: parameters)
        }
        if let dismissed = world.dismissedPlace(at: place, margin: margin) {
            return .no(
                parameters, zh: "装料地点为 \(dismissed.id)，经人员核查已排除疑似搅拌点。",
                en: "Loaded at \(dismissed.id), which was checked by people and dismissed as a suspected plant.")
        }
        if let rest = InferredLoad.engineOff(delivery, parameters, in: world) { return rest }
        if let call = InferredSupply.shortCall(delivery, parameters, in: world) { return call }
        if let rest = InferredLoad.restOfLoad(delivery, context, parameters, in: world) { return rest }
        let sure = delivery.confidence["origin"] ?? 1
        let isSingle = sure < world.parameters.rules.urgentOrigin
        return RuleAnswer(
            .hit,
            facts: [
                Self.stood(delivery, place, from: loadStart, to: loadEnd, in: world)
            ] + Self.yard(delivery.origin, in: world) + [
                Statement(
                    zh: "该处距所有登记站点均超过 \(Int(margin)) 米。",
                    en: "The place is more than \(Int(margin)) m outside every registered plant."),
                .registers(world),
            ],
            counterfacts: (isSingle ? [Self.single] : []) + self.counterfacts(delivery, place, loadEnd, world),
            parameters: parameters, severity: isSingle ? 3 : nil)
    }

    /// Where and how long it stood, or went dark.
    private static func stood(
        _ delivery: Delivery, _ place: Coordinate, from loadStart: Instant, to loadEnd: Instant, in world: World
    ) -> Statement {
        let (start, end) = (Wording.time(loadStart), Wording.time(loadEnd))
        let minutes = Wording.minutes(loadEnd.seconds(since: loadStart))
        let (truck, spot) = (Wording.truck(delivery), Wording.coordinate(place))
        guard !delivery.isLoadUnseen else {
            return Statement(
                zh: "\(truck) 在 \(spot) 附近失联，恢复后前往卸料；失联期间（推断约 \(start) 至 \(end)）足以在该处装料，到不了任何登记站点。",
                en:
                    "\(truck) went dark around \(spot), came back there and went to unload; there was time to be loaded "
                    + "there (from about \(start) to \(end)), and none to reach a registered plant.")
        }
        // What the sensors show holds for a truck that called at a plant as well.
        guard (delivery.confidence["origin"] ?? 0) < world.parameters.cycles.provenLoadConfidence else {
            return Statement(
                zh: "\(truck) 于 \(start) 至 \(end) 在 \(spot) 停留 \(minutes) 分钟，载重或搅拌筒信号显示在该处装料，随后到达卸料地点。",
                en:
                    "\(truck) stood at \(spot) from \(start) to \(end) (\(minutes) min), where its load cell or its drum "
                    + "shows a load, and then went to unload.")
        }
        return Statement(
            zh: "\(truck) 于 \(start) 至 \(end) 在 \(spot) 停留 \(minutes) 分钟，随后到达卸料地点；自前一次卸料、长时间停放或首次上报以来，未见其进入任何登记站点。",
            en: "\(truck) stood at \(spot) from \(start) to \(end) (\(minutes) min) and then went to unload; since "
                + "its drop before, a long rest or its first report it was seen at no registered plant.")
    }

    /// The depot or the site that it is, which is registered and no plant: only a sensor shows a load there.
    private static func yard(_ origin: DeliveryEnd, in world: World) -> [Statement] {
        guard let id = origin.id else { return [] }
        let name: String? =
            switch origin.kind {
            case .site: world.index.sites(id).last?.name
            case .place: world.index.place(id)?.name
            case .plant, .suspectedPlant, .unknown: nil
            }
        guard let name else { return [] }
        return [
            Statement(
                zh: "该处登记为 \(name)（\(id)），不是搅拌站；装料由载重或搅拌筒信号显示。",
                en:
                    "The place is registered as \(name) (\(id)), and is no plant; a load cell or the drum shows the load."
            )
        ]
    }

    /// Beside a hit that rests on one halt.
    private static let single = Statement(
        zh: "依据仅为一次停留：没有搅拌筒或载重信号，该车近期也未在此处多次装料，该处不是疑似搅拌点，因此只列为“需核查”，重复出现后再提高级别。",
        en:
            "It rests on a single halt: no drum or load sensor shows a load, the truck was not loaded there again and again lately, "
            + "and the place is no suspected plant. So it is a matter to inspect, and urgent only once it repeats.")

    private func registered(_ delivery: Delivery, _ world: World, _ parameters: [String: Double]) -> RuleAnswer {
        let id = delivery.origin.id ?? "?"
        let name = world.index.plants(id).last?.name ?? id
        return RuleAnswer(
            .no,
            facts: [
                Statement(zh: "装料地点为登记站点 \(name)（\(id)）。", en: "Loaded at the registered plant \(name) (\(id)).")
            ], parameters: parameters)
    }

    private func counterfacts(
        _ delivery: Delivery, _ place: Coordinate, _ loadEnd: Instant, _ world: World
    ) -> [Statement] {
        var statements: [Statement] = []
        if let near = NearestRow.licensedPlant(to: place, at: loadEnd, in: world) {
            statements.append(
                Statement(
                    zh: "当时最近的有效站点：\(near.wording.zh)。", en: "The nearest plant licensed then: \(near.wording.en)."))
        } else {
            statements.append(
                Statement(zh: "登记库中当时没有有效站点。", en: "No plant of the register was licensed then."))
        }
        if let yard = NearestRow.otherYard(to: place, at: loadEnd, in: world),
            yard.metres <= world.parameters.rules.margin
        {
            statements.append(
                Statement(
                    zh: "该处是\(yard.name)（\(yard.id)）在其他时期登记的地址，当时该站登记在别处；可能是搬迁日期登记有误。",
                    en: "\(yard.name) (\(yard.id)) is registered at this place for another time, and elsewhere for "
                        + "that day: the date of the move may be registered wrongly."))
        }
        let confidence = Wording.percent(
            (delivery.confidence["origin"] ?? 1) * (delivery.confidence[Delivery.unseenLoad] ?? 1))
        statements.append(
            Statement(
                zh: "装料由停留推断（把握 \(confidence)）：也可能是休息、加油、维修，或未导入登记的邻市站点。",
                en:
                    "The loading is inferred from a halt (sure to \(confidence)): it may have been a rest, refuelling, a "
                    + "repair, or a plant of a neighbouring city whose register is not loaded."))
        if delivery.isLoadUnseen {
            statements.append(
                Statement(
                    zh: "装料过程未被看到：终端在该处失联，也可能只是信号盲区，料可能来自前一车的剩余。",
                    en:
                        "Nobody saw the loading: the terminal was dark there, which may be a dead zone, and what was unloaded may be what "
                        + "an earlier drop left."))
        }
        return statements
    }
}
