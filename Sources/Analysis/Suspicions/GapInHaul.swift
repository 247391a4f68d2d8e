import Chronology
import Deliveries
import Registers
import Tracks

/// 在途断点: loaded, the truck was dark for long and was far on when it came back. Judged when the terminal has had
/// time to fill the gap from its memory.
///
/// Who is switched off under the loader, or comes back when he stands at the site, was dark on the way in between: what
/// counts is the part of the gap that lies between load and drop.
struct GapInHaul: DeliveryRule {
    let code = "gap-in-haul"
    let severity = 3
    let group = RuleGroup.device
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let hauls = world.parameters.hauls
        let parameters = ["gap_s": hauls.gapSeconds, "distance_m": hauls.gapDistance, "backfill_s": hauls.backfill]
        guard let haul = delivery.haul, haul.isLoadSeen else {
            return .insufficient(
                parameters, zh: "装料过程未被看到，不知从何时起载料。",
                en: "The loading was not seen, so since when it was loaded is not known.")
        }
        let gaps = haul.gaps.map { gap in
            var part = gap
            part.start = max(gap.start, haul.since)
            part.end = min(gap.end, delivery.unloadStart)
            return (whole: gap, part: part)
        }.filter { $0.part.seconds > hauls.gapSeconds && $0.whole.metres > hauls.gapDistance }
        guard !gaps.isEmpty else {
            return .no(parameters, zh: "载料途中没有较长的数据中断。", en: "Loaded, it was never dark for long.")
        }
        let settled = gaps.filter { context.asOf.seconds(since: $0.whole.end) >= hauls.backfill }.map(\.part)
        guard !settled.isEmpty else {
            return .insufficient(
                parameters, zh: "途中有数据中断，终端可能补传，2 小时后再判断。",
                en: "There is a gap on the way; the terminal may still fill it, so it is judged later.")
        }
        let facts = settled.map { gap in
            let (start, end) = (Wording.time(gap.start), Wording.time(gap.end))
            let (minutes, away) = (Wording.minutes(gap.seconds), Wording.metres(gap.metres))
            return Statement(
                zh: "\(Wording.truck(delivery)) 载料途中 \(start) 至 \(end) 没有有效定位（\(minutes) 分钟），其间移动 \(away.zh)。",
                en:
                    "\(Wording.truck(delivery)), loaded, had no usable fix from \(start) to \(end) (\(minutes) min) and went "
                    + "\(away.en) meanwhile.")
        }
        return .hit(
            parameters, facts: facts,
            counterfacts: [
                Statement(
                    zh: "至 \(Wording.time(context.asOf)) 没有补传；可能的合理原因：隧道、信号盲区、流量卡欠费。请对照同一路段其他车辆。",
                    en:
                        "Nothing had come in for it by \(Wording.time(context.asOf)); it may be a tunnel, a dead zone, or an unpaid SIM: "
                        + "compare with other trucks on that road.")
            ], in: world)
    }
}
