import Chronology
import CitySimulator
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Tracks

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
        if let terminal = ScoreSeeds.shownTerminal { self.showHalts(of: terminal) }
    }

    /// What one truck truly did and what was seen of it, side by side: its drops, its halts, its gaps, its deliveries.
    private func showHalts(of terminal: String) {
        let world = World(registers: self.city.city.registers, parameters: ScoreSeeds.parameters)
        var lines: [(Instant, String)] = self.city.truth.map(\.asRecorded).filter { $0.terminal == terminal }
            .map { ($0.loadStart, "TRUE    " + self.text($0)) }
        for judged in self.city.deliveries where judged.delivery.terminal.text == terminal {
            lines.append((judged.delivery.unloadStart, "FOUND   " + self.text(judged)))
            for gap in judged.delivery.haul?.gaps ?? [] {
                lines.append(
                    (
                        gap.start,
                        "  dark \(gap.start)–\(gap.end) \(Int(gap.metres)) m from \(gap.from.latitude) \(gap.from.longitude) "
                            + "to \(gap.to.latitude) \(gap.to.longitude)"
                    ))
            }
        }
        for stay in self.halts(of: terminal, in: world) {
            let place = world.nearestPlace(to: stay.coordinate, within: 300, at: stay.start)
                .map { "\($0.place.id) + \(Int($0.metres)) m" }
            let minutes = Int(stay.end.seconds(since: stay.start) / 6)
            lines.append(
                (
                    stay.start,
                    "  halt \(stay.start)–\(stay.end) \(minutes / 10).\(minutes % 10) min \(place ?? "open") "
                        + "\(stay.coordinate.latitude) \(stay.coordinate.longitude) drum \(stay.drumSeconds) s"
                ))
        }
        for line in lines.sorted(by: { $0.0 < $1.0 }) { print(line.1) }
    }

    private func halts(of terminal: String, in world: World) -> [StayRecord] {
        var reports: [PositionReport] = []
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        for sent in self.city.city.traffic() where sent.topic.contains(terminal) {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            reports += message.positions
        }
        guard let id = TerminalID(terminal) else { return [] }
        var fold = VehicleFold(terminal: id)
        var stays: [StayRecord] = []
        for report in reports.sorted(by: { $0.recordedAt < $1.recordedAt }) {
            _ = fold.take(report, receivedAt: report.recordedAt, in: world, stays: &stays)
        }
        return stays + [fold.openStay].compactMap(\.self)
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
