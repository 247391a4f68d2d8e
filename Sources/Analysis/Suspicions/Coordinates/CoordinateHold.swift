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

    /// The same where the load's own note says it: it was unloaded where the note's site lies when its numbers, taken
    /// for WGS-84, are read in another system. One such load is too little to ask about the register by itself, and
    /// enough not to accuse by it; a person who confirmed the coordinates has answered.
    func heldByNote(_ answer: RuleAnswer, _ delivery: Delivery, _ context: DeliveryContext) -> RuleAnswer {
        let end = delivery.destination
        guard answer.outcome == .hit, end.kind == .unknown || end.kind == .suspectedPlant, let point = end.coordinate,
            let site = context.ticket.match?.ticket.siteID,
            !self.world.confirmedPlaces.contains(PlaceReference(.site, site))
        else { return answer }
        let margin = self.world.parameters.rules.margin
        let fences = self.world.index.sites(site).map(\.fence)
        let likely = CoordinateSystem.allCases.first { system in
            system != .wgs84
                && fences.contains { $0.reread(declared: .wgs84, as: system).distanceMetres(to: point) <= margin }
        }
        guard let likely else { return answer }
        let (metres, system) = (Wording.metres(margin), likely.rawValue)
        return .insufficient(
            answer.parameters,
            zh:
                "发货单上的工地 \(site) 的登记坐标若按 \(system)（而非 wgs84）解读，卸料地点即在其围栏内或其外 \(metres.zh) 以内："
                + "可能是登记坐标系填写有误，不足以判断。请核对该工地坐标：更正后重新导入，确认无误则加 --keep-coordinates 重新导入。",
            en:
                "Read as \(system) instead of wgs84, the registered coordinates of \(site), the site of the note, put it where the load "
                + "was dropped (in its fence or within \(metres.en)): they may have been declared in the wrong system. Too little to "
                + "judge by. Check them, and import the site again with the right ones, or as it is with --keep-coordinates."
        )
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
