import Chronology
import Deliveries
import Registers
import Tracks

/// 有票无车（幽灵票）: a note for a truck that was seen elsewhere all the time in which it would have been loaded.
struct GhostTicket: TicketRule {
    let code = "ghost-ticket"
    let severity = 4

    func judge(_ note: TicketContext, in world: World) -> RuleAnswer {
        let rules = world.parameters.tickets
        let parameters = [
            "window_s": rules.ghostWindow, "coverage": rules.ghostCoverage, "distance_m": rules.ghostDistance,
            "backfill_s": world.parameters.hauls.backfill,
        ]
        let ticket = note.ticket
        guard !note.isMatched else {
            return .no(
                parameters, zh: "\(Wording.ticket(ticket).zh)有对应的车次。", en: "A load fits \(Wording.ticket(ticket).en).")
        }
        guard !note.isClockInDoubt else { return .withoutTicket(.clockInDoubt(seconds: nil), parameters) }
        let settled = ticket.issuedAt.advanced(bySeconds: rules.ghostWindow + world.parameters.hauls.backfill)
        guard note.asOf >= settled else {
            return .insufficient(
                parameters, zh: "车辆数据可能补传，\(Wording.time(settled)) 后再判断。",
                en: "The truck's data may still come in; it is judged after \(Wording.time(settled)).")
        }
        guard let seen = note.whereabouts else {
            return .insufficient(
                parameters, zh: "\(ticket.plate) 没有登记终端，当时位置未知。",
                en: "No terminal is registered for \(ticket.plate), so where it was is not known.")
        }
        guard seen.coverage >= rules.ghostCoverage, let metres = seen.nearestMetres else {
            return .insufficient(
                parameters, zh: "\(ticket.plate) 当时的数据覆盖率为 \(Wording.percent(seen.coverage))，不足以判断。",
                en:
                    "\(ticket.plate) was seen for \(Wording.percent(seen.coverage)) of the time, too little to say where it was."
            )
        }
        let (away, minutes) = (Wording.metres(metres), Wording.minutes(rules.ghostWindow))
        guard metres > rules.ghostDistance else {
            return .no(
                parameters, zh: "\(ticket.plate) 当时到过该站附近（最近 \(away.zh)）。",
                en: "\(ticket.plate) was at the plant or near it (\(away.en) at the nearest).")
        }
        let name = world.index.plants(ticket.plantID).last?.name ?? ticket.plantID
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh:
                        "\(Wording.ticket(ticket).zh)：开票前后 \(minutes) 分钟内，\(ticket.plate) 距 \(name)（\(ticket.plantID)）最近也有 \(away.zh)"
                        + "（数据覆盖率 \(Wording.percent(seen.coverage))，定位点 \(seen.fixes) 个）。",
                    en:
                        "The \(Wording.ticket(ticket).en): within \(minutes) min of it \(ticket.plate) came no nearer than \(away.en) to "
                        + "\(name) (\(ticket.plantID)); it was seen for \(Wording.percent(seen.coverage)) of the time, with \(seen.fixes) fixes."
                ),
                Statement(zh: "也没有其他车辆的车次与之相符。", en: "No other truck's load fits it either."),
            ],
            counterfacts: [
                Statement(
                    zh: "可能的合理原因：换车而未改票、终端装在另一辆车上、补开前日的票。",
                    en:
                        "Another truck may have gone, the terminal may be in another truck, or the note is of another day."
                )
            ], in: world)
    }
}
