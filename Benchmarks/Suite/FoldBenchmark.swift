import Chronology
import CitySimulator
import Deliveries
import Foundation
import Suspicions
import Telemetry
import Tracks

/// A day of a simulated city from reports in memory to judged deliveries, beside decoding the same reports.
enum FoldBenchmark {
    static func run() throws -> [Measurement] {
        let city = SimulatedCity(CityPlan(seed: 5, trucks: 20, days: 1))
        let messages = Array(city.traffic())
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var reports: [TerminalID: [PositionReport]] = [:]
        func decodeAll(_ take: (DecodedMessage) -> Void) {
            for sent in messages {
                message.reset()
                let topic = Array(sent.topic.utf8)
                decoder.decode(topic: topic.span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
                take(message)
            }
        }
        decodeAll { decoded in
            if let terminal = decoded.terminal { reports[terminal, default: []] += decoded.positions }
        }
        var seen = 0
        let decoding = seconds { decodeAll { seen += $0.positions.count } }
        let sorted = reports.mapValues { $0.sorted { $0.recordedAt < $1.recordedAt } }
        let count = sorted.values.reduce(0) { $0 + $1.count }
        let world = World(registers: city.registers, parameters: .standard)
        let judge = Judge(world: world)
        var deliveries = 0
        let folding = seconds {
            for (terminal, stretch) in sorted {
                var fold = VehicleFold(terminal: terminal)
                for report in stretch {
                    for delivery in fold.take(report, receivedAt: report.recordedAt, in: world) {
                        deliveries += judge.judge(delivery).judgements.count
                    }
                }
            }
        }
        precondition(deliveries > 0 && seen > 0)
        let peer = Measurement(
            "fold", "decoding the same", unit: "reports/s", values: decoding.map { Double(count) / $0 })
        return [
            peer,
            Measurement(
                "fold", "VehicleFold and Judge", unit: "reports/s", values: folding.map { Double(count) / $0 },
                peer: peer, goal: .atLeast(500_000)),
        ]
    }
}
