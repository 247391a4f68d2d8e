import Chronology
import Deliveries
import Registers
import Tracks

/// 超时混凝土: more time between loading and pour than the concrete bears.
///
/// The pour begins when the drum first turns back at the site; without a drum the arrival stands for it, so that the
/// true age is more rather than less. A drum that was not heard all the while may have turned back as much earlier as
/// it was not heard. After an earlier drop of the load and long enough in the dark, near by, to be loaded again the
/// concrete may be another one, whose age nobody knows.
struct OverAge: DeliveryRule {
    let code = "over-age"
    let severity = 3
    let group = RuleGroup.quality
    let role = RuleRole.besideVerdict
    let restsOnDrop = true
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let (limit, reason) = Self.limit(delivery, context, world)
        guard let limit else { return .no(zh: "散装水泥和干混砂浆没有时限。", en: "Bulk cement and dry mortar have no such limit.") }
        var parameters = ["limit_min": limit]
        if let degrees = context.airTemperature { parameters["air_temperature_c"] = degrees }
        guard let loadEnd = delivery.loadEnd else {
            return .insufficient(parameters, zh: "装料结束时间未知。", en: "When loading ended is not known.")
        }
        let hauls = world.parameters.hauls
        let discharge = delivery.haul.flatMap { haul in
            haul.drop.dischargeSeconds >= hauls.dischargeSeconds ? haul.drop.firstDischarge : nil
        }
        let stood = delivery.unloadEnd.seconds(since: delivery.unloadStart)
        let unheard = max(0, stood - (delivery.haul?.drop.drumKnownSeconds ?? 0))
        let pour = max(delivery.unloadStart, discharge?.advanced(bySeconds: -unheard) ?? delivery.unloadStart)
        let minutes = pour.seconds(since: loadEnd) / 60
        let how =
            pour == delivery.unloadStart
            ? (zh: "到达", en: "arrival") : (zh: "搅拌筒开始反转", en: "the drum turning back")
        let fact = Statement(
            zh:
                "\(Wording.truck(delivery)) 装料结束于 \(Wording.time(loadEnd))，浇筑开始于 \(Wording.time(pour))（以\(how.zh)计），"
                + "历时 \(Wording.minutes(minutes * 60)) 分钟；时限 \(Int(limit)) 分钟（\(reason.zh)）。",
            en:
                "Loading of \(Wording.truck(delivery)) ended at \(Wording.time(loadEnd)), the pour began at \(Wording.time(pour)) (by "
                + "\(how.en)): \(Wording.minutes(minutes * 60)) min; the limit is \(Int(limit)) min (\(reason.en)).")
        guard minutes > limit else { return RuleAnswer(.no, facts: [fact], parameters: parameters) }
        if let gap = Self.possibleReload(delivery, context, world) {
            let (start, end) = (Wording.time(gap.start), Wording.time(gap.end))
            return .insufficient(
                parameters, zh: "前一次卸料之后，\(start) 至 \(end) 没有定位，其间可能再次装料，混凝土的龄期未知。",
                en:
                    "After an earlier drop it was not seen from \(start) to \(end) and may have been loaded again, so how old the "
                    + "concrete was is not known.")
        }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：配合比经试验允许更长时间（缓凝剂）；请核对配合比与气温。",
                    en: "The mix design may allow more (a retarder): ask for the design and the temperature.")
            ], in: world)
    }

    /// The longest stretch between an earlier drop of the load and this one in which the truck was not seen, and in
    /// which a load can have been taken, as `dark-stay` reckons it.
    private static func possibleReload(
        _ delivery: Delivery, _ context: DeliveryContext, _ world: World
    ) -> Haul.Gap? {
        let hauls = world.parameters.hauls
        let earlier = context.otherDrops.filter { $0.unloadStart < delivery.unloadStart }
        guard let since = earlier.map(\.unloadEnd).max(), let haul = delivery.haul else { return nil }
        return haul.gaps.filter { gap in
            gap.start >= since && gap.displacement <= hauls.darkDistance
                && gap.seconds - world.driveSeconds(gap.displacement) >= hauls.darkSeconds
        }.max { $0.seconds < $1.seconds }
    }

    /// Minutes and why so many; `nil` for cement.
    private static func limit(
        _ delivery: Delivery, _ context: DeliveryContext, _ world: World
    ) -> (Double?, (zh: String, en: String)) {
        let quality = world.parameters.quality
        let product = context.ticket.match?.ticket.product
        let kind = world.kind(of: delivery)
        switch product.flatMap(ProductKind.init(product:)) {
        case .cement: return (nil, ("", ""))
        case nil where kind == .bulkCement: return (nil, ("", ""))
        case .mortar,
            nil where kind == .mortar:
            // What a silo truck of mortar carries is dry unless its note says otherwise.
            let isDry = product.map(ProductKind.isDryMortar) ?? false
            let isWet = product.map(ProductKind.isWetMortar) ?? false
            guard !isDry, isWet || kind != .mortar else { return (nil, ("", "")) }
            let isExtreme = context.airTemperature.map {
                $0 > quality.mortarHotDegrees || $0 < quality.mortarColdDegrees
            }
            guard isExtreme ?? false else { return (quality.mortarMinutes, ("湿拌砂浆", "wet mortar")) }
            return (quality.mortarHotMinutes, ("湿拌砂浆，高温或低温", "wet mortar in heat or cold"))
        case .concrete, nil:
            guard let product, ProductKind.isRetarded(product: product) else {
                return (quality.concreteMinutes, ("混凝土", "concrete"))
            }
            let isHot = context.airTemperature.map { $0 > quality.hotDegrees } ?? false
            return isHot
                ? (quality.retardedHotMinutes, ("缓凝混凝土，高温", "retarded concrete in heat"))
                : (quality.retardedMinutes, ("缓凝混凝土", "retarded concrete"))
        }
    }
}
