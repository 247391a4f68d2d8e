import Chronology
import CitySimulator
import Deliveries
import Registers
import Suspicions
import Telemetry

/// What was misread in a city, line by line, for whoever mends the analysis.
struct ScoreDetails {
    var city: JudgedCity

    func show() {
        let (truth, found) = (self.city.truth.map(\.asRecorded), self.city.deliveries)
        let pairs = Score.pairs(truth: truth, found: found)
        print("seed \(self.city.city.plan.seed)")
        for pair in pairs {
            let (drop, judged) = (truth[pair.truth], found[pair.found])
            let hits = Set(judged.suspicions).intersection(TruthDelivery.knownRules)
            let (missing, wrong) = (Set(drop.expectedRules).subtracting(hits), hits.subtracting(drop.expectedRules))
            if !drop.isBlackSupply, judged.verdict == .suspicious {
                print("ACCUSED", self.text(drop), self.text(judged))
            }
            if drop.isBlackSupply, judged.verdict != .suspicious {
                print("SPARED ", self.text(drop), self.text(judged))
            }
            if !missing.isEmpty || !wrong.isEmpty {
                print("RULES  ", missing.sorted(), "wrong", wrong.sorted(), self.text(drop), self.text(judged))
            }
        }
        let (true_, found_) = (Set(pairs.map(\.truth)), Set(pairs.map(\.found)))
        for index in truth.indices where !true_.contains(index) { print("MISSED ", self.text(truth[index])) }
        for index in found.indices where !found_.contains(index) { print("INVENTED", self.text(found[index])) }
        for alert in self.city.alerts {
            print("CHEAT  ", alert.rule, alert.plate, alert.start, alert.end, alert.isCertain)
        }
        for alert in self.city.raised where TruthAlert.knownRules.contains(alert.rule) {
            print("ALERT  ", alert.rule, alert.plate, alert.from, alert.to?.description ?? "…")
        }
        for (ticket, rule) in self.city.accusedNotes { print("NOTE   ", rule, ticket.ticketID, ticket.issuedAt) }
        for suspect in self.city.innocentSuspects { print("INNOCENT", suspect) }
    }

    private func text(_ drop: TruthDelivery) -> String {
        "\(drop.terminal) \(drop.originID) \(drop.loadStart)–\(drop.loadEnd) → \(drop.destinationID) "
            + "\(drop.unloadStart)–\(drop.unloadEnd) \(drop.expectedRules) \(drop.edgeCases.map(\.rawValue))"
    }

    private func text(_ judged: JudgedDelivery) -> String {
        let delivery = judged.delivery
        let origin = delivery.origin.id ?? delivery.origin.kind.rawValue
        return "| \(delivery.terminal.text) \(origin) \(delivery.loadStart?.description ?? "?")–"
            + "\(delivery.loadEnd?.description ?? "?") → \(delivery.destination.id ?? delivery.destination.kind.rawValue) "
            + "\(delivery.unloadStart)–\(delivery.unloadEnd) \(judged.verdict) \(judged.suspicions)"
    }
}
