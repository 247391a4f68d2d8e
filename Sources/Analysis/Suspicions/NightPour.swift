import Chronology
import Deliveries
import Registers
import Tracks

/// 夜间浇筑: unloaded at night by the clock in China.
struct NightPour: DeliveryRule {
    let code = "night-pour"
    let severity = 1
    let group = RuleGroup.quality
    let role = RuleRole.besideVerdict
    let restsOnDrop = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let (from, to) = (world.parameters.quality.nightFromHour, world.parameters.quality.nightToHour)
        let parameters = ["from_hour": Double(from), "to_hour": Double(to)]
        if case .clockInDoubt(let seconds) = context.ticket, seconds.map(Self.movesTheHour) ?? true {
            return .withoutTicket(context.ticket, parameters)
        }
        guard world.kind(of: delivery) != .bulkCement else {
            return .no(parameters, zh: "散装水泥卸料，不是浇筑。", en: "Bulk cement is unloaded, not poured.")
        }
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let fact = Statement(zh: "卸料时间为 \(start) 至 \(end)。", en: "Unloaded from \(start) to \(end).")
        guard Self.isNight(delivery.unloadStart, delivery.unloadEnd, from, to) else {
            return RuleAnswer(.no, facts: [fact], parameters: parameters)
        }
        return .hit(
            parameters, facts: [fact],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：连续浇筑，并已办理夜间施工许可。",
                    en: "It may be a continuous pour with a permit for work at night.")
            ], in: world)
    }

    /// A clock that is whole days off still tells the hour.
    private static func movesTheHour(_ seconds: Double) -> Bool { seconds.remainder(dividingBy: 86_400) != 0 }

    /// Whether the stretch touches the night that it begins in or before.
    static func isNight(_ start: Instant, _ end: Instant, _ from: Int, _ to: Int) -> Bool {
        let day = Instant(startOf: start.date(at: .shanghai), at: .shanghai)
        let (begins, ends) = (start.seconds(since: day) / 3600, end.seconds(since: day) / 3600)
        return begins < Double(to) || ends > Double(from) || begins >= Double(from)
    }
}
