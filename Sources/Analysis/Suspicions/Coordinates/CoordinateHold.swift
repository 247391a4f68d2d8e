import Deliveries
import Geodesy
import Registers
import Tracks

/// Holds back what would accuse by a fence whose coordinates are in question: until a person has said which system is
/// right, nobody knows whether a truck was there.
struct CoordinateHold {
    let world: World

    /// The answer; that the rule cannot say, where a hit rests on such a fence.
    func held(
        _ answer: RuleAnswer, of group: RuleGroup, _ delivery: Delivery, _ context: DeliveryContext
    ) -> RuleAnswer {
        guard answer.outcome == .hit, !self.world.questionedPlaces.isEmpty else { return answer }
        let ticket = context.ticket.match?.ticket
        let ends = [delivery.origin, delivery.destination]
        let questioned = self.world.questionedPlaces.first { questioned in
            let (kind, id) = (questioned.place.kind, questioned.place.id)
            switch group {
            case .origin, .destination, .ticket:
                return ends.contains { $0.id == id && $0.kind.rawValue == kind.rawValue }
                    || kind == .plant && ticket?.plantID == id || kind == .site && ticket?.siteID == id
                    || ends.contains { self.isAt($0, questioned) }
            case .device:
                // Whether a plant could be reached is said of all plants.
                return answer.decides && kind == .plant
            case .quality, .driving: return false
            }
        }
        return questioned.map { Self.insufficient($0, answer.parameters) } ?? answer
    }

    /// The same of a note without a load.
    func held(_ answer: RuleAnswer, of ticket: Ticket) -> RuleAnswer {
        guard answer.outcome == .hit,
            let questioned = self.world.questionedPlaces.first(where: {
                $0.place == PlaceReference(.plant, ticket.plantID)
            })
        else { return answer }
        return Self.insufficient(questioned, answer.parameters)
    }

    private func isAt(_ end: DeliveryEnd, _ questioned: QuestionedPlace) -> Bool {
        guard end.kind == .unknown || end.kind == .suspectedPlant, let point = end.coordinate else { return false }
        return questioned.fence.distanceMetres(to: point) <= self.world.parameters.rules.margin
    }

    private static func insufficient(
        _ questioned: QuestionedPlace, _ parameters: [String: Double]
    ) -> RuleAnswer {
        let (id, likely, declared) = (questioned.place.id, questioned.likely.rawValue, questioned.declared.rawValue)
        let (before, after) = (questioned.haltsDeclared, questioned.haltsLikely)
        return .insufficient(
            parameters,
            zh: "\(id) 的登记坐标存疑：若按 \(likely)（而非 \(declared)）解读，其围栏内有 \(after) 次车辆停留，现为 \(before) 次；坐标核实前不据此判断。",
            en:
                "The registered coordinates of \(id) are in question: read as \(likely) instead of \(declared), its fence "
                + "has \(after) halts of trucks, and \(before) as it stands. Nothing is said by it until they are confirmed."
        )
    }
}
