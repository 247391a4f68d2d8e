package import Chronology
package import Deliveries
package import Tracks

/// What may be said of a delivery that has ended and is not final: the load may yet turn out to be still on the truck,
/// or to have another drop.
extension DeliveryRule {
    /// Whether a hit would not stand if the truck went on to another drop of the same load.
    var endsWithTrip: Bool { self is Diversion }

    /// What the rule says as long as the rest of the trip is not known: nothing that this could still explain.
    func answerSoFar(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let answer = self.answer(delivery, context, in: world)
        guard !delivery.isFinal, answer.outcome == .hit else { return answer }
        if delivery.isDropLikely, self.restsOnDrop || self.group == .destination {
            return .insufficient(
                answer.parameters, zh: "尚不能确定已在此处卸料：车上可能仍载有该车料；车辆的后续行程确认后再判断。",
                en:
                    "That it was unloaded there is not certain yet: the load may still be on the truck. It is judged once the trip "
                    + "after it is known.")
        }
        if self.endsWithTrip, context.mayDropAgain(delivery, world.parameters) {
            return .tripNotKnown(answer.parameters)
        }
        return answer
    }
}

extension RuleAnswer {
    /// Of a rule that needs the rest of the trip.
    static func tripNotKnown(_ parameters: [String: Double]) -> RuleAnswer {
        .insufficient(
            parameters, zh: "同一车料可能还有后续卸料点；车辆的后续行程确认后再判断。",
            en: "Another drop of the same load may follow; it is judged once the trip after it is known.")
    }
}

extension DeliveryContext {
    /// As of when the last word on a delivery is said: neither late notes nor late reports are an excuse from then on.
    package static func lastAsOf(of delivery: Delivery, _ parameters: AnalysisParameters) -> Instant {
        Self.asOfTimes(of: delivery, parameters).max() ?? delivery.settledAt
    }

    /// As of when it is to be judged again for what was waited for, after `time`.
    package static func nextAsOf(
        of delivery: Delivery, after time: Instant, _ parameters: AnalysisParameters
    ) -> Instant? {
        Self.asOfTimes(of: delivery, parameters).filter { $0 > time }.min()
    }

    /// When something that is waited for must have come: what fills gaps, the rest of the trip, the notes.
    private static func asOfTimes(of delivery: Delivery, _ parameters: AnalysisParameters) -> [Instant] {
        let carried = delivery.loadEnd ?? delivery.unloadStart
        return [
            delivery.unloadEnd.advanced(bySeconds: parameters.hauls.backfill),
            delivery.isFinal
                ? delivery.settledAt.advanced(bySeconds: parameters.hauls.backfill)
                : delivery.unloadEnd.advanced(
                    bySeconds: parameters.cycles.secondDropSeconds + parameters.hauls.backfill),
            carried.advanced(bySeconds: parameters.tickets.wait),
        ]
    }

    /// Whether another drop of the load may still come to light: reports have not shown that none did, and there was
    /// time for them to come.
    func mayDropAgain(_ delivery: Delivery, _ parameters: AnalysisParameters) -> Bool {
        let waited = self.asOf.seconds(since: delivery.unloadEnd)
        return delivery.mayDropAgain(parameters.cycles)
            && waited < parameters.cycles.secondDropSeconds + parameters.hauls.backfill
    }
}

extension Statement {
    /// Ends, before `leadOnly`, every hit of a delivery that is not final.
    static let provisional = Statement(
        zh: "暂定：该运单尚未最终确定，车辆的后续上报仍可能改变这一结论。",
        en: "Provisional: the delivery is not final, and the truck's later reports may still change this.")
}

extension JudgedDelivery {
    /// Whether what is said of it says that it is provisional.
    package var saysProvisional: Bool { self.judgements.contains { $0.counterfacts.contains(.provisional) } }
}
