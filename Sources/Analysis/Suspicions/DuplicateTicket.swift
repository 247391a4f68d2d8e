import Chronology
import Deliveries
import Registers
import Tracks

/// 重复票: a plant used one number twice: for two trucks, two sites, or two times.
///
/// Numbers are counted by plant, as every plant numbers by itself, and by the calendar year, as they may begin anew
/// with it (`AnalysisParameters.Tickets.numberMonths`). The delivery that took a note and the note alone ask the same.
struct DuplicateTicket: DeliveryRule, TicketRule {
    let code = "duplicate-ticket"
    let severity = 4
    let group = RuleGroup.ticket
    let role = RuleRole.deciding

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        guard let match = context.ticket.match else {
            return .withoutTicket(context.ticket, Self.parameters(world.parameters.tickets))
        }
        // Each number of the load by its first note; the one by which the load is judged comes first.
        let others = match.otherNumbers.compactMap { number in match.notes.first { $0.ticketID == number } }
        let answers = ([match.ticket] + others).lazy.map { note in
            let uses = Dictionary(
                context.repeatedTickets.filter { $0.ticketID == note.ticketID && $0.identity != note.identity }
                    .map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
            return self.judge(note, Array(uses.values), in: world)
        }
        return answers.first { $0.outcome == .hit } ?? answers[answers.startIndex]
    }

    func judge(_ note: TicketContext, in world: World) -> RuleAnswer {
        self.judge(note.ticket, note.repetitions, in: world)
    }

    private func judge(_ ticket: Ticket, _ others: [Ticket], in world: World) -> RuleAnswer {
        let tickets = world.parameters.tickets
        let parameters = Self.parameters(tickets)
        let known = others.filter { tickets.areNumberedTogether($0.issuedAt, ticket.issuedAt) }
            .sorted(by: Ticket.isOrdered)
        let uses = Self.uses(ticket, known, in: world)
        let (plant, number) = (ticket.plantID, ticket.ticketID)
        let span = Self.span(ticket, tickets)
        guard let other = uses.first else {
            let again: (zh: String, en: String) =
                known.isEmpty
                ? ("", "")
                : (
                    "，\(Wording.minutes(tickets.repeatSeconds)) 分钟内重复上传的不算",
                    "; what was sent again within \(Wording.minutes(tickets.repeatSeconds)) min is the same note"
                )
            return .no(
                parameters, zh: "站点 \(plant) 的票号 \(number) \(span.zh)没有重复使用\(again.zh)。",
                en: "The plant \(plant) used the number \(number) once \(span.en)\(again.en).")
        }
        let (one, two) = (Wording.ticket(ticket), Wording.ticket(other))
        let count = uses.count + 1
        let times = count == 2 ? "twice" : "\(count) times"
        let among: (zh: String, en: String) = count == 2 ? ("", "") : ("其中：", "among them ")
        var counterfacts = [
            Statement(
                zh: "可能的合理原因：更正后重新上传而旧票未作废，或该站\(Self.oftener(tickets).zh)重新编号。",
                en:
                    "The note may have been corrected and the old one not withdrawn, or the plant begins its numbers anew \(Self.oftener(tickets).en)."
            )
        ]
        if uses.allSatisfy({ Ticket.isOrdered(ticket, $0) }) {
            counterfacts.append(
                Statement(
                    zh: "本票是其中最早的一张：更可能是后来的票套用了它的号码。",
                    en: "This note is the first of them: a later one more likely took its number."))
        }
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh: "站点 \(plant) 的票号 \(number) \(span.zh)使用了 \(count) 次：\(among.zh)\(one.zh)；\(two.zh)。",
                    en: "The plant \(plant) used the number \(number) \(times) \(span.en): "
                        + "\(among.en)\(one.en); \(two.en)."
                )
            ], counterfacts: counterfacts, in: world)
    }

    /// The notes that are uses of the number beside this one: each once, however often it was sent.
    private static func uses(_ ticket: Ticket, _ others: [Ticket], in world: World) -> [Ticket] {
        let limit = world.parameters.tickets.repeatSeconds
        var found: [Ticket] = []
        for other in others {
            let isKnown = ([ticket] + found).contains {
                $0.siteID == other.siteID && $0.issuedAt.seconds(since: other.issuedAt).magnitude <= limit
                    && world.isOneTruck($0.plate, other.plate, at: $0.issuedAt)
            }
            if !isKnown { found.append(other) }
        }
        return found
    }

    private static func parameters(_ tickets: AnalysisParameters.Tickets) -> [String: Double] {
        ["repeat_s": tickets.repeatSeconds, "number_months": Double(tickets.numberMonths)]
    }

    /// In which time a number is used once.
    private static func span(_ ticket: Ticket, _ tickets: AnalysisParameters.Tickets) -> (zh: String, en: String) {
        let date = ticket.issuedAt.date(at: .shanghai)
        switch tickets.numberMonths {
        case 12: return ("在 \(date.year) 年内", "in \(date.year)")
        case ...1:
            let month = String(date.description.prefix(7))
            return ("在 \(month) 月内", "in \(month)")
        default:
            let months = tickets.numberMonths
            return ("在同一编号周期（\(months) 个月）内", "within the same \(months) months of its numbering")
        }
    }

    private static func oftener(_ tickets: AnalysisParameters.Tickets) -> (zh: String, en: String) {
        tickets.numberMonths <= 1 ? ("按日", "each day") : ("按月或按日", "each month or day")
    }
}
