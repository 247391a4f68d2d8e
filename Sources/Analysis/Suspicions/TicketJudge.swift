import Chronology
import Registers
package import Deliveries

/// Asks the rules about delivery notes; a note that hits is a lead of its own, as it may belong to no delivery.
package struct TicketJudge: Sendable {
    private let world: World

    package init(world: World) {
        self.world = world
    }

    /// The rules, in the order of the catalogue.
    static let rules: [any TicketRule] = [GhostTicket(), DuplicateTicket()]

    package func judge(_ note: TicketContext) -> [Judgement] {
        let hold = CoordinateHold(world: self.world)
        return Self.rules.map { rule in
            // A number that was used twice rests on no fence.
            let answer = rule.judge(note, in: self.world)
            let held = rule is GhostTicket ? hold.held(answer, of: note.ticket) : answer
            return Judgement(code: rule.code, severity: rule.severity, held, in: self.world)
        }
    }
}
